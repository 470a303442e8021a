"""A check of the whole company: started for its departments, filled in side by side, looked at as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.checks import engine, merge
from dialogs.checks.model import Checklist, Filled, Run
from knowledge.company import Department
from knowledge.text import normalise

from ... import blocks
from ...conversation import Reply, Turn
from ...store import Planned, Row, Store, Transaction, checks
from ..feature import Button, Part
from .flow import Flow
from .presses import listed
from .results import Results
from .whole import ROWS, there
from .words import Told, ask_at, checked_due, day, due_in, reply, today, words

if TYPE_CHECKING:
    from ...conversation import Conversation

LETTER = "check.campaign"  # a kind of outbox rows
DUE_DAYS = 14
_SOON_DAYS = 2  # before the end, who has not answered is asked once more
_PEOPLE_S = 90 * 24 * 3600
_BUTTONS = 8  # departments; more are named by typing


class Campaigns:
    def __init__(self, conversation: Conversation, flow: Flow, results: Results) -> None:
        self._conversation, self._flow, self._results = conversation, flow, results

    @property
    def _store(self) -> Store:
        return self._conversation.workplace.store

    @property
    def _departments(self) -> Sequence[Department]:
        return self._conversation.workplace.services.knowledge.company.departments

    def name(self, department: str) -> str:
        return self._results.department(department) if department else ""

    # --- starting ----------------------------------------------------------------------------------------------------

    def full(self, turn: Turn) -> Checklist:
        """The check that goes to departments."""
        found = next((c for c in self._flow.checklists(turn).values() if c.kind == "full"), None)
        if found is None:
            raise Told(words()["card"]["gone"])
        return found

    def offer(self, turn: Turn) -> Reply:
        """To a manager: how to begin, or where what was begun stands."""
        self._manager(turn)
        checklist = self.full(turn)
        running = [c for c in checks.open_campaigns(self._store) if c.checklist == checklist.id]
        if running:
            return self.progress(turn, running[0].id)
        w = words()["campaign"]
        if not self._departments:
            raise Told(w["none"])
        due = self._due(turn)
        text = w["offer"].format(title=checklist.title, due=day(due))
        buttons = (
            Button("checks.begin", w["all"].format(len(self._departments)), {"t": due}, "primary"),
            Button("checks.choose", w["choose"]),
        )
        return self._list(turn, [Part(text, buttons), *self._people(turn)])

    def begin(self, turn: Turn, due: str, departments: Sequence[str] = ()) -> Reply:
        """Start it, for these departments or all; their managers are told. One at a time: a second press shows it."""
        self._manager(turn)
        w, checklist = words()["campaign"], self.full(turn)
        running = [c for c in checks.open_campaigns(self._store) if c.checklist == checklist.id]
        if running:
            return self.progress(turn, running[0].id)
        chosen = [d for d in self._departments if not departments or d.id in departments]
        if not chosen:
            raise Told(w["none"])
        campaign = checks.Campaign(
            self._conversation.workplace.new_id(turn.now, turn.delivery),
            checklist.id,
            tuple(d.id for d in chosen),
            turn.person.id,
            int(turn.now),
            checked_due(due, turn.now),
        )
        lines = [w["started"].format(count=len(chosen), due=day(campaign.due))]
        told = dict.fromkeys(blocks.mention(d.manager) for d in chosen if d.manager)
        lines += [w["told"].format(" ".join(told))] if told else []
        untold = [blocks.esc(d.name) for d in chosen if not d.manager]
        lines += [w["untold"].format("、".join(untold))] if untold else []
        look = Button("checks.progress", words()["home"]["manager"], {"k": campaign.id})
        planned = [row for d in chosen if d.manager for row in self._letters(turn, campaign, checklist, d)]
        return replace(
            self._list(turn, [Part("\n".join(lines), (look,))]),
            keep=lambda tx: _keep(tx, campaign),
            planned=tuple(planned),
            log={"campaign": "started"},
        )

    def _letters(self, turn: Turn, campaign: checks.Campaign, checklist: Checklist, to: Department) -> list[Planned]:
        """Word to a department's manager now, and once more shortly before the end."""
        first = self._letter(campaign, checklist, to, "letter")
        rows = [Planned(f"{LETTER}:{campaign.id}:{to.id}", LETTER, str(to.manager), first, int(turn.now), lookup=True)]
        soon = ask_at((date.fromisoformat(campaign.due) - timedelta(_SOON_DAYS)).isoformat())
        if soon > turn.now:
            again = self._letter(campaign, checklist, to, "letter_again")
            id = f"{LETTER}:{campaign.id}:{to.id}:soon"
            rows.append(Planned(id, LETTER, str(to.manager), again, soon, lookup=True))
        return rows

    def _letter(self, campaign: checks.Campaign, checklist: Checklist, to: Department, kind: str) -> dict[str, Any]:
        w = words()["campaign"]
        text = w[kind].format(
            title=checklist.title, department=blocks.esc(to.name), minutes=checklist.minutes, due=day(campaign.due)
        )
        part = Part(text, (self._join_button(campaign, to, 1),))
        return blocks.message("checks_list", w=words(), parts=[part.to_view()], small=[])

    def wanted(self, row: Row) -> bool:
        """Whether a department is still to be asked: the campaign goes on, and nobody there has finished."""
        _, id, department = row.id.split(":")[:3]
        campaign = checks.campaign(self._store, id)
        if campaign is None or campaign.closed_at is not None:
            return False
        runs = checks.of_campaign(self._store, id)
        return not any(r.finished_at for r in runs if r.department == department)

    # --- taking part -------------------------------------------------------------------------------------------------

    def parts(self, turn: Turn) -> list[Part]:
        """What is under way, with a button for each department to answer for."""
        w, made = words()["campaign"], []
        for campaign in checks.open_campaigns(self._store):
            checklist = self._flow.checklists(turn).get(campaign.checklist)
            if checklist is None:
                continue
            text = w["join"].format(title=checklist.title, due=day(campaign.due))
            taking = [d for d in self._departments if d.id in campaign.departments]
            if len(taking) > _BUTTONS:
                made.append(Part(f"{text}\n{w['join_typed']}"))
            else:
                buttons = [self._join_button(campaign, d, n) for n, d in enumerate(taking, 1)]
                made.append(Part(text, tuple(buttons)))
        return made

    def join(self, turn: Turn, id: str, department: str) -> Reply:
        """Answer for a department; who did before goes on."""
        campaign = self._open(id)
        if department not in campaign.departments:
            raise Told(words()["campaign"]["no_department"])
        return self._flow.start(turn, campaign.checklist, department=department, campaign=id)

    def join_by_name(self, turn: Turn, text: str) -> Reply | None:
        """「営業部」 behind the command; None where no department of a campaign under way is named."""
        said = normalise(text).text
        for campaign in checks.open_campaigns(self._store):
            for each in self._departments:
                names = [normalise(name).text for name in (each.name, *each.also_called)]
                if each.id in campaign.departments and said in names:
                    return self.join(turn, campaign.id, each.id)
        return None

    def _join_button(self, campaign: checks.Campaign, to: Department, number: int) -> Button:
        label = words()["campaign"]["answer_as"].format(to.name)
        return Button(f"checks.join.{number}", label, {"k": campaign.id, "d": to.id})

    # --- looking at it -----------------------------------------------------------------------------------------------

    def progress(self, turn: Turn, id: str) -> Reply:
        """Where each department stands."""
        self._manager(turn)
        w, campaign = words()["campaign"], there(self._store, id)
        checklist = self._flow.checklist(turn, campaign.checklist)
        states = self._states(campaign, checklist)
        head = w["running"].format(title=checklist.title, due=day(campaign.due))
        about = {"k": id}
        lines = [w["row"].format(name=blocks.esc(self.name(d)), state=s) for d, s in list(states.items())[:ROWS]]
        if len(states) > ROWS:
            lines.append(w["others"].format(len(states) - ROWS))
        buttons = [Button("checks.merged", w["results"], about, "primary")]
        if len(states) <= _BUTTONS:
            buttons += [
                Button(f"checks.part.{n}", w["part_result"].format(self.name(d)), {"k": id, "d": d})
                for n, (d, state) in enumerate(states.items(), 1)
                if state != w["state"]["none"]
            ]
        if campaign.closed_at is None:
            buttons += [Button("checks.remind", w["remind"], about), Button("checks.close", w["close"], about)]
        return self._list(turn, [Part("\n".join([head, *lines]), tuple(buttons)), *self._people(turn)])

    def _states(self, campaign: checks.Campaign, checklist: Checklist) -> dict[str, str]:
        """By department, in words: not begun, how far, or done."""
        w, runs = words()["campaign"]["state"], checks.of_campaign(self._store, campaign.id)
        made = {}
        for department in campaign.departments:
            its = [r for r in runs if r.department == department]
            if any(r.finished_at for r in its):
                made[department] = w["all"]
            elif begun := [engine.place(checklist, r.state) for r in its if r.state.answers]:
                farthest = max(begun, key=lambda p: len(p.answers))
                made[department] = w["some"].format(number=len(farthest.answers), total=farthest.total)
            else:
                made[department] = w["none"]
        return made

    def remind(self, turn: Turn, id: str) -> Reply:
        """Ask the managers of departments that have not finished; once a day."""
        self._manager(turn)
        w, campaign = words()["campaign"], self._open(id)
        checklist = self._flow.checklist(turn, campaign.checklist)
        states = self._states(campaign, checklist)
        late = [d for d in self._departments if states.get(d.id, w["state"]["all"]) != w["state"]["all"] and d.manager]
        if not late:
            return self._conversation.note(w["all_told"])
        on = today(turn.now).isoformat()
        planned = tuple(
            Planned(
                f"{LETTER}:{id}:{d.id}:{on}",
                LETTER,
                str(d.manager),
                self._letter(campaign, checklist, d, "letter_again"),
                int(turn.now),
                lookup=True,
            )
            for d in late
        )
        told = w["reminded"].format("、".join(blocks.esc(d.name) for d in late))
        return replace(self._conversation.note(told), planned=planned)

    def close(self, turn: Turn, id: str) -> Reply:
        """End it; what it came to is kept for the next one to be compared with."""
        self._manager(turn)
        w, campaign = words()["campaign"], there(self._store, id)
        if campaign.closed_at is not None:
            return self._conversation.note(w["closed_before"])
        checklist = self._flow.checklist(turn, campaign.checklist)
        score = self._results.of_campaign(turn, campaign, checklist).result.figures.score
        show = Button("checks.merged", w["results"], {"k": id}).to_view()
        text = w["closed_none"] if score is None else w["closed"].format(score)

        def keep(tx: Transaction) -> None:
            checks.close_campaign(tx, id, score=score, version=checklist.version, now=turn.now)

        return replace(self._conversation.note(text, buttons=[show]), keep=keep, log={"campaign": "closed"})

    # --- App Home ----------------------------------------------------------------------------------------------------

    def home(self, turn: Turn) -> list[Part]:
        """To managers: what is under way, or how to begin."""
        if not turn.person.manages:
            return []
        w, made = words(), []
        for campaign in checks.open_campaigns(self._store)[:1]:
            checklist = self._flow.checklists(turn).get(campaign.checklist)
            if checklist is None:
                continue
            states = list(self._states(campaign, checklist).values())
            done = sum(s == w["campaign"]["state"]["all"] for s in states)
            head = w["campaign"]["running"].format(title=checklist.title, due=day(campaign.due))
            text = f"{head}\n{w['campaign']['done_of'].format(done=done, total=len(states))}"
            made.append(Part(text, (Button("checks.progress", w["home"]["manager"], {"k": campaign.id}),)))
        return made

    def _people(self, turn: Turn) -> list[Part]:
        """What the short checks of the last months come to; hidden below five people."""
        w = words()["campaign"]
        short = next((c for c in self._flow.checklists(turn).values() if c.kind == "short"), None)
        if short is None:
            return []
        latest: dict[str, Run] = {
            r.person: r for r in checks.finished_of(self._store, short.id, since=turn.now - _PEOPLE_S)
        }
        filled = [Filled("", "", engine.valid(short, r.state)) for r in latest.values()]
        result = merge.merge(short, filled, self._results.book(turn), at=int(turn.now)).result
        if result.hidden or result.figures.score is None:
            return [Part(w["people_hidden"])]
        return [Part(w["people"].format(score=result.figures.score, people=result.people))]

    # --- small things ------------------------------------------------------------------------------------------------

    @staticmethod
    def _manager(turn: Turn) -> None:
        if not turn.person.manages:
            raise Told(words()["campaign"]["manager_only"])

    def _open(self, id: str) -> checks.Campaign:
        campaign = there(self._store, id)
        if campaign.closed_at is not None:
            raise Told(words()["campaign"]["over"])
        return campaign

    def _due(self, turn: Turn) -> str:
        return due_in(DUE_DAYS, turn.now, self._conversation.workplace.services.knowledge.company)

    def modal(self, turn: Turn) -> dict[str, Any]:
        """The modal in which departments and the last day are chosen."""
        self._manager(turn)
        if not self._departments:
            raise Told(words()["campaign"]["none"])
        return blocks.modal(
            "checks_departments",
            words()["campaign"]["title"],
            callback="checks.departments",
            submit=blocks.words()["modal"]["send_now"],
            w=words(),
            text=words()["campaign"]["offer"].format(title=self.full(turn).title, due=day(self._due(turn))),
            due=self._due(turn),
            departments=[(d.id, d.name) for d in self._departments[:100]],
        )

    @staticmethod
    def _list(turn: Turn, parts: Sequence[Part]) -> Reply:
        return reply("checks_list", parts=[p.to_view() for p in parts], small=[], dialogues=(listed(turn, parts),))


def _keep(tx: Transaction, campaign: checks.Campaign) -> None:
    checks.start_campaign(tx, campaign)
