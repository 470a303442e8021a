"""A gap gets an owner and a date, and on that day its owner is asked; a question gets a person to answer it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from dialogs.checks import engine
from dialogs.checks.model import Checklist, Run

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Dialogue, Planned, Row, Store, Transaction, checks, gaps
from ...store import dialogue as dialogues
from ..feature import Button, DueItem, Part
from .flow import Flow, choice_of, outcome
from .gap_letters import Letters, message
from .outcome import TAKE_DAYS, Outcome
from .results import as_gap
from .words import Told, ask_at, checked_due, day, due_in, note_in, plain, refuse_private, today, verb_of, words

if TYPE_CHECKING:
    from ...conversation import Conversation
    from .whole import Whole

KIND = "check_gap"  # of the dialogue that words below a reminder answer
ASK_DAYS = 7
POSTPONE_DAYS = 7
# Kinds of outbox rows.
DUE, GIVEN, ASKED, TOLD = "check.due", "check.given", "check.asked", "check.told"
_TAKEN = re.compile(r"(\d{1,2})(?:\s+<@([UW][A-Z0-9]+)(?:\|[^>]*)?>)?(?:\s+(\d{1,2})[/月](\d{1,2})日?)?")


@dataclass(frozen=True)
class Scope:
    """Whose result a gap stands in. run: of a person's own check, or None."""

    id: str
    checklist: Checklist
    run: Run | None = None
    campaign: str = ""
    department: str = ""


class Gaps:
    def __init__(self, conversation: Conversation, flow: Flow, shown: Outcome, whole: Whole) -> None:
        self._conversation, self._flow, self._shown, self._whole = conversation, flow, shown, whole
        self._letters = Letters(conversation.workplace)

    @property
    def _store(self) -> Store:
        return self._conversation.workplace.store

    # --- giving it to somebody ---------------------------------------------------------------------------------------

    def scope(self, turn: Turn, id: str) -> Scope:
        """A scope the person may deal with. NotThere where it is gone or not theirs."""
        if turn.person.guest:
            raise NotThere("not_yours")
        campaign_id, _, department = id.partition("/")
        if campaign := checks.campaign(self._store, campaign_id):
            took_part = any(
                r.person == turn.person.id and r.department == department
                for r in checks.of_campaign(self._store, campaign_id)
            )
            if not (turn.person.manages or (department and took_part)):
                raise NotThere("no_rights")
            return Scope(id, self._flow.checklist(turn, campaign.checklist), None, campaign_id, department)
        run, checklist = self._flow.mine(turn, id)
        return Scope(id, checklist, run)

    def take(self, turn: Turn, scope: str, question: str, choice: str, due: str) -> Reply:
        """「わたしが」: one tap, and it is the person's own until that day."""
        return self.give(turn, scope, question, choice, turn.person.id, due)

    def give(self, turn: Turn, scope: str, question: str, choice: str, owner: str, due: str) -> Reply:
        """A gap to an owner until a day; the result as it is then. What the owner is to be told goes with it."""
        there = self.scope(turn, scope)
        kept = self._kept(turn, there, question, choice, owner, due)
        keep, planned = self._assigned(turn, kept, there)
        now_kept = {question: as_gap(kept)}
        if there.campaign:
            shown = self._whole.result(turn, there.campaign, there.department, now_kept=now_kept)
        else:
            assert there.run
            shown = self._shown.finished(turn, there.run, there.checklist, now_kept)
        return replace(shown, keep=keep, planned=planned, log={"gap": "given"})

    def give_from_modal(self, turn: Turn, scope: str, question: str, choice: str, owner: str, due: str) -> Reply:
        """The same, said in a sentence; a question that somebody is asked is said so."""
        there = self.scope(turn, scope)
        kept = self._kept(turn, there, question, choice, owner, due)
        keep, planned = self._assigned(turn, kept, there)
        if kept.run:
            text = words()["asking"]["sent"].format(blocks.mention(owner))
        else:
            text = words()["gap"]["taken"].format(owner=blocks.mention(owner), due=day(kept.due))
        return replace(self._conversation.note(text), keep=keep, planned=planned, log={"gap": "given"})

    def _kept(self, turn: Turn, scope: Scope, question: str, choice: str, owner: str, due: str) -> gaps.Kept:
        if scope.checklist.question(question) is None:
            raise NotThere("old")
        if self._conversation.workplace.people.find(owner, turn.now, soon=True).guest:
            raise self._told("guest")
        asked = choice == "unknown" and scope.run is not None and owner != turn.person.id
        return gaps.Kept(
            gaps.id_of(scope.id, question),
            scope.id,
            scope.checklist.id,
            question,
            choice,
            owner,
            checked_due(due, turn.now),
            turn.person.id,
            int(turn.now),
            run=scope.run.id if asked and scope.run else "",
        )

    def _assigned(
        self, turn: Turn, kept: gaps.Kept, scope: Scope
    ) -> tuple[Callable[[Transaction], None], tuple[Planned, ...]]:
        """What keeps it, and what its owner is to get: word of it now, and a question on the day."""
        rows = [self._due_row(turn, kept)]
        if kept.owner != turn.person.id:
            kind = ASKED if kept.run else GIVEN
            message = self._letters.asking(kept) if kept.run else self._letters.given(kept)
            id = f"{kind}:{kept.id}:{kept.owner}:{kept.due}"
            rows.append(Planned(id, kind, kept.owner, message, int(turn.now), lookup=True))
        return (lambda tx: gaps.assign(tx, kept)), tuple(rows)

    def _due_row(self, turn: Turn, kept: gaps.Kept) -> Planned:
        message = self._letters.asking(kept) if kept.run else self._letters.due(kept)
        id = f"{DUE}:{kept.id}:{kept.owner}:{kept.due}"
        return Planned(id, DUE, kept.owner, message, ask_at(kept.due), lookup=True)

    # --- what its owner gets and does

    def wanted(self, row: Row) -> bool:
        """Whether a row about a gap still holds: it is open, and still this person's until this day."""
        _, id, owner, due = row.id.split(":")[:4]
        kept = gaps.get(self._store, id)
        there = kept is not None and kept.state == "planned" and (kept.owner, kept.due) == (owner, due)
        return there and kept is not None and not self._settled(kept)

    def _settled(self, kept: gaps.Kept) -> bool:
        """Whether the person has changed the answer it came from: by now it is done."""
        run = checks.get(self._store, kept.scope)
        given = run.state.answers.get(kept.question) if run else None
        return given is not None and given.choice == "done"

    def sent(self, tx: Transaction, row: Row) -> None:
        """Words typed below it are about it."""
        at = row.due_at
        state = {"kind": KIND, "gap": row.id.split(":")[1]}
        there = Dialogue(f"check_gap:{row.id}", row.target, row.target, state, at, self._now(at))
        dialogues.save(tx, there)

    def _now(self, least: int) -> int:
        return max(least, int(self._conversation.workplace.clock.now()))

    # --- what its owner does -----------------------------------------------------------------------------------------

    def own(self, turn: Turn, id: str) -> gaps.Kept:
        """A gap that is the person's, or that they gave. NotThere, Told where it is not."""
        kept = gaps.get(self._store, id)
        if kept is None:
            raise self._told("gone")
        if turn.person.guest or turn.person.id not in (kept.owner, kept.assigned_by):
            raise self._told("whose")
        return kept

    def done(self, turn: Turn, id: str, evidence: str = "") -> Reply:
        """Ended; who gave it is told. Without evidence that is said."""
        w, kept = words()["gap"], self.own(turn, id)
        refuse_private(evidence)
        if kept.state == "done" and not evidence:
            return self._conversation.note(w["finished_before"])
        proof = words()["result"]["with_evidence" if evidence or kept.evidence else "without_evidence"]
        texts = self._letters.texts(kept)
        told = w["by_done"].format(owner=blocks.mention(turn.person.id), evidence=proof, **texts)
        more = [] if evidence else [Button("checks.evidence", words()["button"]["done_with"], {"g": id}).to_view()]
        text = w["finished"].format(proof) + ("" if evidence else f"\n{w['finished_how']}")
        shown = self._conversation.note(text, buttons=more, dialogues=(self._dialogue(turn, id),))
        return replace(
            shown,
            keep=lambda tx: _nothing(gaps.finish(tx, id, evidence=evidence, now=turn.now)),
            planned=self._tell(turn, kept, told),
            log={"gap": "done"},
        )

    def postpone(self, turn: Turn, id: str) -> Reply:
        """A week on, on a working day; it is asked about once more then."""
        kept = self.own(turn, id)
        if kept.state == "done":
            return self._conversation.note(words()["gap"]["finished_before"])
        company = self._conversation.workplace.services.knowledge.company
        ahead = max(0, (date.fromisoformat(kept.due) - today(turn.now)).days)
        moved = replace(kept, due=due_in(ahead + POSTPONE_DAYS, turn.now, company))
        shown = self._conversation.note(words()["gap"]["moved"].format(day(moved.due)))
        return replace(
            shown,
            keep=lambda tx: _nothing(gaps.postpone(tx, id, due=moved.due)),
            planned=(self._due_row(turn, moved),),
            log={"gap": "postponed"},
        )

    def answered(self, turn: Turn, id: str, choice: str) -> Reply:
        """The answer of somebody who was asked; it goes into the check of who asked, and they are told."""
        w, kept = words()["asking"], gaps.get(self._store, id)
        if kept is None:
            raise self._told("gone")
        if kept.owner != turn.person.id or turn.person.guest:
            raise self._told("other_owner")
        if kept.state == "done":
            return self._conversation.note(w["before"])
        run = checks.get(self._store, kept.run)
        checklist = self._flow.checklists(turn).get(kept.checklist)
        question = checklist.question(kept.question) if checklist else None
        if run is None or checklist is None or question is None or choice not in checklist.choices_of(question):
            raise NotThere("old")
        label = checklist.choices_of(question)[choice]  # type: ignore[index]
        event = engine.answer(
            checklist, run.state, question.id, choice, question.meaning, at=turn.now, by=turn.person.id
        )

        def keep(tx: Transaction) -> None:
            if event:
                checks.add(tx, run.id, [event], version=checklist.version, outcome=outcome(checklist))
            gaps.finish(tx, id, now=turn.now)

        told = w["answered"].format(
            owner=blocks.mention(turn.person.id), label=blocks.esc(label), **self._letters.texts(kept)
        )
        show = Button("checks.resume", words()["button"]["result"], {"r": run.id})
        return replace(
            self._conversation.note(w["thanks"].format(blocks.esc(label))),
            keep=keep,
            planned=self._tell(turn, kept, told, (show,)),
            log={"gap": "answered"},
        )

    def _tell(self, turn: Turn, kept: gaps.Kept, text: str, buttons: Sequence[Button] = ()) -> tuple[Planned, ...]:
        """Word to who gave it, where that is somebody else; once for each date it was given until."""
        to = kept.assigned_by
        if not to or to == turn.person.id or kept.state == "done":
            return ()
        id = f"{TOLD}:{kept.id}:{to}:{kept.due}"
        return (Planned(id, TOLD, to, message([Part(text, tuple(buttons))], []), int(turn.now), lookup=True),)

    def typed(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        """「できた」, 「のばす」, 「根拠 写真は共有フォルダ」, or a number, below what the person was sent."""
        id = str(dialogue.state["gap"])
        kept = gaps.get(self._store, id)
        if kept is None:
            return None
        kind, written = note_in(text)
        if kind == "evidence":
            return self.done(turn, id, written)
        question = self._letters.question(kept)
        if kept.run and question:
            choice = choice_of(text, self._flow.checklist(turn, kept.checklist), question)
            return self.answered(turn, id, choice) if choice else None
        verb = verb_of(text)
        if verb == "done" or plain(text) == "1":
            return self.done(turn, id)
        return self.postpone(turn, id) if verb == "postpone" or plain(text) == "3" else None

    def typed_below_result(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        """「1」 takes the first gap; 「1 12/15」 until a day; 「1 @佐藤 12/15」 gives it to somebody."""
        said = _TAKEN.fullmatch(text.strip())
        listed = dialogue.state.get("gaps", ())
        if not said or not 1 <= int(said[1]) <= len(listed):
            return None
        company = self._conversation.workplace.services.knowledge.company
        due = due_in(TAKE_DAYS, turn.now, company)
        if said[3]:
            due = _coming(int(said[3]), int(said[4]), today(turn.now)) or ""
        question = str(listed[int(said[1]) - 1])
        choice = str(dialogue.state.get("choices", {}).get(question, "not_done"))
        scope = str(dialogue.state["scope"])
        return self.give(turn, scope, question, choice, said[2] or turn.person.id, due)

    # --- App Home, and the nudge of the week -------------------------------------------------------------------------

    def home(self, turn: Turn, most: int = 3) -> list[Part]:
        """What the person has taken on, the earliest first."""
        w = words()["home"]
        made: list[Part] = []
        for kept in gaps.of_owner(self._store, turn.person.id):
            if self._settled(kept) or len(made) == most:
                continue
            late = date.fromisoformat(kept.due) < today(turn.now)
            text = w["overdue" if late else "due"].format(**self._letters.texts(kept))
            made.append(
                Part(text, () if kept.run else tuple(self._letters.buttons(kept)), "" if made else w["due_title"])
            )
        return made

    def due(self, persons: Sequence[str], now: float) -> dict[str, list[DueItem]]:
        """What was due and is not done yet, for the nudge of the week."""
        found: dict[str, list[DueItem]] = {}
        for kept in gaps.overdue(self._store, persons, before=today(now).isoformat()):
            if kept.run or self._settled(kept):
                continue
            text = words()["home"]["overdue"].format(**self._letters.texts(kept))
            item = DueItem("task", f"check:{kept.id}", ask_at(kept.due), text, tuple(self._letters.buttons(kept)))
            found.setdefault(kept.owner, []).append(item)
        return found

    def _dialogue(self, turn: Turn, gap: str) -> Dialogue:
        """So that 「根拠 …」 typed next is about this one."""
        now = int(turn.now)
        state = {"kind": KIND, "gap": gap}
        return Dialogue(f"check_gap:{gap}:{turn.channel}", turn.person.id, turn.channel, state, now, now)

    @staticmethod
    def _told(key: str) -> NotThere:
        return Told(words()["gap"][key])


def _coming(month: int, day_: int, now: date) -> str | None:
    """The next such day, or None where there is none."""
    for year in (now.year, now.year + 1):
        try:
            found = date(year, month, day_)
        except ValueError:
            continue
        if found >= now - timedelta(1):
            return found.isoformat()
    return None


def _nothing(_: object) -> None:
    """For a keep that has nothing to give back."""
