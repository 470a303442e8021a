"""The desk's side: the list by next date, one case, and what is done to it. Every action checks who does it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from dialogs.leak.case import Case

from ... import blocks
from ...conversation import Conversation, NotThere, Reply, Turn
from ...store import Dialogue, cases
from ...store.cases import Head
from ..feature import Button, Part
from . import outlook
from .change import Change, about
from .desk import Desk
from .opening import opened, the_case
from .tell import alike
from .words import answered, handed_in, label, moment, on, says, show, title

if TYPE_CHECKING:
    from .show import Showing

_HOME, _LIST, _LAST = 5, 15, 6  # cases in App Home and in the list; lines of each kind in a case


class Work:
    def __init__(self, conversation: Conversation, desk: Desk, showing: Showing):
        self._conversation, self.desk, self._showing = conversation, desk, showing

    @property
    def _store(self) -> Any:
        return self.desk.workplace.store

    # --- looking

    def case(self, turn: Turn, id: str) -> Case:
        """A case that this person may open. NotThere where it is gone, or theirs it is not to open."""
        head = cases.head(self._store, id)
        if head is None:
            raise NotThere("old")
        if not self.desk.may_open(turn.person, head.alternative):
            raise NotThere("no_rights")
        return the_case(self._store, id)

    def may(self, turn: Turn) -> bool:
        """Whether there is anything for this person to work on at all."""
        return any(self.desk.may_open(turn.person, other) for other in (False, True))

    def heads(self, turn: Turn) -> list[Head]:
        """The open cases this person may open, by next date."""
        found = [h for other in (False, True) if self.desk.may_open(turn.person, other) for h in self._open(other)]
        return sorted(found, key=lambda h: (h.next_on == "", h.next_on, h.opened_at))

    def _open(self, other: bool) -> list[Head]:
        return cases.open_heads(self._store, alternative=other)

    def overview(self, turn: Turn) -> Reply:
        """Open cases, and what is left to learn of closed ones."""
        heads = self.heads(turn)
        rows = [self._row(turn, head) for head in heads[:_LIST]]
        return show("case_list", rows=rows, rest=len(heads) - _LIST if len(heads) > _LIST else 0)

    def _row(self, turn: Turn, head: Head) -> dict[str, Any]:
        text, buttons = self._shown(turn, head)
        return {"text": text, "buttons": [b.to_view() for b in buttons]}

    def _shown(self, turn: Turn, head: Head) -> tuple[str, tuple[Button, ...]]:
        """An open case in a list; of one that does not open, what its row says, and what to do."""
        if case := opened(self._store, head.id):
            return self._line(turn, case), self._near(case)
        where = f"{self._next_of(turn, head.next_on)}　{self._owner(head.owner)}"
        return f"{says()['shut'].format(head.receipt)}\n{where}\n{says()['work']['shut']}", ()

    def _near(self, case: Case) -> tuple[Button, ...]:
        value = {"c": case.id}
        take = () if case.owner else (Button("case.take", label("take"), value, "primary"),)
        return (*take, Button("case.open", label("open"), value))

    def _line(self, turn: Turn, case: Case) -> str:
        words = says()["work"]
        first = words["line"].format(
            receipt=case.receipt, title=blocks.esc(title(case)), status=says()["statuses"][case.status]
        )
        return f"{first}\n{self._next(turn, case)}　{self._owner(case.owner)}"

    @staticmethod
    def _owner(owner: str) -> str:
        words = says()["work"]
        return str(words["owner"].format(blocks.mention(owner)) if owner else words["no_owner"])

    def _next(self, turn: Turn, case: Case) -> str:
        return self._next_of(turn, outlook.next_on(case, self.desk.company))

    def _next_of(self, turn: Turn, day: str) -> str:
        words = says()["work"]
        if not day:
            return str(words["no_date"])
        past = date.fromisoformat(day) < self.desk.workplace.today(turn.now)
        return str(words["past" if past else "next"].format(on(day)))

    def home(self, turn: Turn) -> list[Part]:
        """App Home: open cases by next date, and lessons that are still to be learned."""
        if not self.may(turn):
            return []
        words = says()["work"]
        heads = self.heads(turn)
        parts: list[Part] = []
        for head in heads[:_HOME]:
            parts.append(Part(*self._shown(turn, head), "" if parts else words["list_title"]))
        if not heads:
            parts.append(Part(words["none"], title=words["list_title"]))
        if len(heads) > _HOME:
            parts.append(Part(words["more"].format(len(heads) - _HOME), (Button("case.list", label("list"), {}),)))
        return parts

    def open(self, turn: Turn, id: str, lead: str = "") -> Reply:
        """One case, all of it that fits a screen."""
        case = self.case(turn, id)
        return replace(self._card(turn, case, lead), dialogues=(self._dialogue(turn, case),))

    def _dialogue(self, turn: Turn, case: Case) -> Dialogue:
        """So that words below it are about this case."""
        id = self.desk.workplace.new_id(turn.now, turn.delivery)
        return about(self._store, turn.person.id, "work", case.id, id=id, now=turn.now)

    def _card(self, turn: Turn, case: Case, lead: str = "") -> Reply:
        words, zone = says()["work"], turn.person.zone
        reporter = cases.reporter(self._store, case.id) if case.consent else None
        return show(
            "case_card",
            lead=lead,
            case=case,
            head=f"{says()['receipt'].format(case.receipt)}　{title(case)}",
            status=says()["outcomes"][case.outcome] if case.outcome else says()["statuses"][case.status],
            owner=self._owner(case.owner),
            opened=words["opened"].format(moment(case.opened_at, zone)),
            known=words["known_on"].format(on(case.known_on)) if case.known_on else words["known_missing"],
            next=self._next(turn, case),
            reporter=blocks.mention(reporter) if reporter else says()["desk"]["unnamed"],
            answers=answered(case.answers),
            facts=[(moment(f.at, zone), f.text, f.happened) for f in case.facts[-_LAST:]],
            tasks=[(t.text, words["due"].format(on(t.due)) if t.due else "", t.owner) for t in case.open_tasks[:_LAST]],
            told=[(moment(t.at, zone), t.who, t.how) for t in case.told[-_LAST:]],
            evidence=[(e.what, e.holder, e.place) for e in case.evidence[-_LAST:]],
            said=[
                (says()["mine"]["from_desk"] if s.to == "reporter" else words_from(), moment(s.at, zone), s.text)
                for s in case.said[-_LAST:]
            ],
            reported=[words["reported"].format(_date_name(k), moment(at, zone)) for k, at in case.reported.items()],
            linked=[receipt for _, receipt in case.linked],
            lessons=[(t.text, words["due"].format(on(t.due)) if t.due else "") for t in case.open_lessons],
            rows=[[b.to_view() for b in row] for row in self._buttons(turn, case) if row],
        )

    def _buttons(self, turn: Turn, case: Case) -> list[list[Button]]:
        value = {"c": case.id}
        files = [Button("case.pdf", label("pdf"), value), Button("case.json", label("json"), value)]
        ticks = [
            Button(f"case.tick.{n}", f"{label('tick')} {blocks.clip(t.text, 18)}", value | {"t": t.id})
            for n, t in enumerate((*case.open_tasks, *case.open_lessons)[:5], 1)
        ]
        if not case.open:
            return [ticks, [*files, Button("case.reopen", label("reopen"), value)]]
        take = [] if case.owner == turn.person.id else [Button("case.take", label("take"), value, "primary")]
        states = {
            "acting": Button("case.acting", label("acting"), value),
            "watching": Button("case.watching", label("watching"), value),
        }
        reported = [handed_in(d.kind, case.id) for d in outlook.running_dates(case, self.desk.company)]
        about = [
            Button("case.who", label("who"), value),
            Button("case.quiet", label("quiet_off" if case.quiet else "quiet_on"), value),
            *([Button("case.link", label("link"), value)] if alike(self._store, case) else []),
        ]
        return [
            [*take, *(b for s, b in states.items() if s != case.status), self._write("hand", case)],
            [self._write(n, case) for n in ("fact", "task", "told", "evidence", "say")],
            ticks,
            [
                Button("case.outlook", label("outlook"), value),
                *reported,
                self._write("known", case),
                Button("case.drafts", label("drafts"), value),
            ],
            about,
            [*files, self._write("close", case)],
        ]

    @staticmethod
    def _write(what: str, case: Case) -> Button:
        return Button(f"case.write.{what}", label(what), {"c": case.id, "w": what})

    # --- doing

    def take(self, turn: Turn, id: str) -> Reply:
        """One tap: it is theirs, and the person who reported hears that somebody looks at it."""
        case = self.case(turn, id)
        change = Change(self.desk, turn, case)
        if not case.open:
            return self.open(turn, id, says()["work"]["closed_before"])
        if case.owner and case.owner != turn.person.id:
            active = self.desk.active((case.owner,), turn.now)
            if active:
                return self.open(turn, id, says()["work"]["taken_by"].format(blocks.mention(case.owner)))
        if case.owner != turn.person.id:
            change.add("taken", turn.person.id, owner=turn.person.id)
            if case.status == "new":
                change.tell_reporter(self._store, "note", text=says()["mine"]["taken"].format(case.receipt), buttons=[])
        return self.shown(turn, change)

    def hand(self, turn: Turn, id: str, to: str) -> Reply:
        """Handed over to somebody of the same desk, who is told."""
        case = self._open_case(turn, id)
        if to not in self.desk.members(case.alternative):
            raise NotThere("no_rights")
        change = Change(self.desk, turn, case)
        if case.owner != to:
            change.add("handed_over", turn.person.id, owner=to)
            text = says()["desk"]["handed"].format(case.receipt, blocks.mention(turn.person.id))
            dates = self._next(turn, case)
            buttons = [Button("case.open", label("open"), {"c": id}, "primary").to_view()]
            change.tell((to,), "case_note", text=f"{text}\n{dates}", quoted="", buttons=buttons)
        return self.shown(turn, change)

    def status(self, turn: Turn, id: str, status: str) -> Reply:
        case = self._open_case(turn, id)
        change = Change(self.desk, turn, case)
        if case.status != status:
            change.add("status", turn.person.id, status=status)
            text = says()["mine"]["status_told"].format(case.receipt, says()["statuses"][status])
            change.tell_reporter(self._store, "note", text=text, buttons=[])
        return self.shown(turn, change)

    def tick(self, turn: Turn, id: str, task: str) -> Reply:
        """A task or a lesson that is done."""
        case = self.case(turn, id)
        change = Change(self.desk, turn, case)
        if any(t.id == task for t in case.open_tasks):
            change.add("task_done", turn.person.id, id=task)
        elif any(t.id == task for t in case.open_lessons):
            change.add("lesson_done", turn.person.id, id=task)
        return self.shown(turn, change)

    def reported(self, turn: Turn, id: str, kind: str) -> Reply:
        """速報 or 確報 was handed in: nobody is told of that date any more."""
        case = self._open_case(turn, id)
        change = Change(self.desk, turn, case)
        if kind in case.reported:
            return self.open(turn, id, says()["work"]["reported_before"])
        change.add("reported", turn.person.id, date=kind)
        return self.shown(turn, change)

    def quiet(self, turn: Turn, id: str) -> Reply:
        """Whether the person who reported still hears how it goes by itself."""
        case = self._open_case(turn, id)
        return self.shown(turn, Change(self.desk, turn, case).add("quiet", turn.person.id, on=not case.quiet))

    def who(self, turn: Turn, id: str) -> Reply:
        """Who reported: for the one named contact alone; each look is noted, and told to that person."""
        case = self.case(turn, id)
        words = says()["work"]
        contact = self.desk.contact(case.alternative)
        if turn.person.id != contact:
            return self._conversation.note(words["who_not_you"].format(blocks.mention(contact)))
        reporter = cases.reporter(self._store, id)
        if reporter is None:
            return self._conversation.note(words["who_gone"])
        change = Change(self.desk, turn, case)
        text = says()["mine"]["look_told"].format(case.receipt, blocks.mention(turn.person.id))
        change.tell_reporter(self._store, "note", text=text, buttons=[]).add("looked", turn.person.id)
        return change.on(self._conversation.note(words["who_is"].format(blocks.mention(reporter))))

    def link(self, turn: Turn, id: str, other: str = "") -> Reply:
        """Another report of the same event: this one is closed, and its number stands in the other."""
        case = self._open_case(turn, id)
        near = alike(self._store, case)
        words = says()["work"]
        if not near:
            return self._conversation.note(words["no_alike"])
        if not other:
            buttons = [
                Button(f"case.link.{n}", f"{c.receipt} {blocks.clip(title(c), 20)}", {"c": id, "o": c.id}).to_view()
                for n, c in enumerate(near, 1)
            ]
            return self._conversation.note(words["link_which"], buttons=buttons)
        into = self._open_case(turn, other)
        change = Change(self.desk, turn, case)
        change.add("linked", turn.person.id, case=into.id, receipt=into.receipt)
        change.add("closed", turn.person.id, outcome="linked")
        second = Change(self.desk, turn, into).add("linked", turn.person.id, case=case.id, receipt=case.receipt)
        change.also.append(second.keep)
        reply = self._card(turn, second.case)
        return change.on(replace(reply, dialogues=(self._dialogue(turn, second.case),)))

    def reopen(self, turn: Turn, id: str) -> Reply:
        case = self.case(turn, id)
        change = Change(self.desk, turn, case)
        if not case.open:
            change.add("reopened", turn.person.id)
        return self.shown(turn, change)

    def outlook(self, turn: Turn, id: str) -> Reply:
        return self._showing.outlook(turn, self.case(turn, id), mine=False)

    def _open_case(self, turn: Turn, id: str) -> Case:
        case = self.case(turn, id)
        if not case.open:
            raise NotThere("case_closed")
        return case

    def shown(self, turn: Turn, change: Change) -> Reply:
        """The case as it is after a change."""
        reply = replace(self._card(turn, change.case), dialogues=(self._dialogue(turn, change.case),))
        return change.on(reply)


def words_from() -> str:
    """What a message of the person who reported is headed with."""
    return str(says()["desk"]["who"])


def _date_name(kind: str) -> str:
    return str(says()["date_names"].get(kind, kind))


__all__: Sequence[str] = ["Work"]
