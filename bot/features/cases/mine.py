"""The side of the person who reported: how it stands, what the desk says, their name, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dialogs.leak.case import REPORTER, Case

from ... import blocks
from ...conversation import Conversation, NotThere, Reply, Turn
from ...store import Dialogue, Transaction, cases
from ..feature import Button, Part
from .change import KIND, Change, about, case_of
from .desk import Desk
from .opening import opened, the_case
from .words import label, moment, says, show, title

_MOST = 6  # messages shown


class Mine:
    def __init__(self, conversation: Conversation, desk: Desk):
        self._conversation, self._desk = conversation, desk

    @property
    def _store(self) -> Any:
        return self._desk.workplace.store

    def case(self, turn: Turn, id: str) -> Case:
        """A case that this person has reported. NotThere where it is gone, or somebody else's."""
        case = the_case(self._store, id)
        if cases.reporter(self._store, id) != turn.person.id:
            raise NotThere("not_yours")
        return case

    def status(self, turn: Turn, id: str, lead: str = "") -> Reply:
        """How a report stands, what was said, and who looked at who reported."""
        case = self.case(turn, id)
        dialogue = self._dialogue(turn, case)
        return replace(self._status(turn, case, lead), dialogues=(dialogue,))

    def _status(self, turn: Turn, case: Case, lead: str = "") -> Reply:
        words = says()["mine"]
        value = {"c": case.id}
        buttons = [
            Button("case.add", label("add"), value | {"w": "add"}),
            Button("case.outlook", label("outlook"), value),
        ]
        sure = {"title": words["sure"], "text": words["sure_text"], "yes": label("withdraw"), "no": label("cancel")}
        more = [
            Button("case.name", label("name_off" if case.consent else "name_on"), value | {"on": not case.consent}),
            Button("case.withdraw", label("withdraw"), value),
        ]
        withdraw = more[1].to_view() | {"confirm": sure}
        shown = "taken" if case.quiet and case.status in ("acting", "watching") else case.status
        looks = [
            words["looked"].format(who=blocks.mention(who), when=moment(at, turn.person.zone)) for at, who in case.looks
        ]
        return show(
            "case_mine",
            lead=blocks.esc(lead),
            receipt=words["title"].format(case.receipt),
            kind=title(case),
            status=says()["outcomes"][case.outcome] if case.outcome else says()["statuses"][shown],
            said=[
                (words["from_you"] if s.to == "desk" else words["from_desk"], moment(s.at, turn.person.zone), s.text)
                for s in case.said[-_MOST:]
            ],
            looks=looks or [words["never_looked"]],
            named=words["named" if case.consent else "unnamed"],
            rows=[[b.to_view() for b in buttons], [more[0].to_view(), withdraw]] if case.open else [],
        )

    def _dialogue(self, turn: Turn, case: Case) -> Dialogue:
        """So that words below it are about this case."""
        id = self._desk.workplace.new_id(turn.now, turn.delivery)
        there = about(self._store, turn.person.id, "mine", case.id, id=id, now=turn.now)
        return replace(there, closed=not case.open)

    def home(self, turn: Turn) -> list[Part]:
        """Their open reports, for App Home."""
        words = says()["mine"]
        parts: list[Part] = []
        for head in cases.of_reporter(self._store, turn.person.id):
            if head.state != "open":
                continue
            text, buttons = says()["shut"].format(head.receipt), tuple[Button, ...]()
            if case := opened(self._store, head.id):
                text = f"{words['title'].format(case.receipt)}　{blocks.esc(title(case))}\n" + words["status"].format(
                    says()["statuses"][case.status if not case.quiet else "taken"]
                )
                value = {"c": case.id}
                buttons = (
                    Button("case.state", label("state"), value),
                    Button("case.add", label("add"), value | {"w": "add"}),
                    Button("case.outlook", label("outlook"), value),
                )
            parts.append(Part(text, buttons, "" if parts else words["home_title"]))
        return parts[:3]

    # --- what they do

    def add(self, turn: Turn, id: str, text: str) -> Reply:
        """Something written for the desk."""
        case = self.case(turn, id)
        if not case.open:
            return self._conversation.note(says()["work"]["closed_before"])
        change = Change(self._desk, turn, case).add("said", REPORTER, to="desk", text=text)
        value = {"c": id}
        change.tell(
            self._told(case, turn),
            "case_note",
            text=says()["desk"]["added"].format(case.receipt),
            quoted=text,
            buttons=[Button("case.open", label("open"), value).to_view()],
        )
        return change.on(self._conversation.note(says()["mine"]["sent"]))

    def name(self, turn: Turn, id: str, on: bool) -> Reply:
        """Whether the responders may see who reported."""
        case = self.case(turn, id)
        words = says()["mine"]
        change = Change(self._desk, turn, case)
        if case.consent != on and case.open:
            change.add("consent", REPORTER, given=on)
            if on:
                self._tell_desk(change, turn, "consented")
        return change.on(self._conversation.note(words["named_on" if on else "named_off"]))

    def ask_withdraw(self, turn: Turn, id: str) -> Reply:
        """Typed words are asked about first, as the button asks."""
        self.case(turn, id)
        words = says()["mine"]
        buttons = [Button("case.withdraw", label("withdraw"), {"c": id}).to_view()]
        text = f"*{words['sure']}*\n{words['sure_text']}\n{words['sure_how']}"
        return self._conversation.note(text, buttons=buttons)

    def withdraw(self, turn: Turn, id: str) -> Reply:
        """Taken back: who reported is removed for good, the desk goes on with what is left."""
        case = self.case(turn, id)
        change = Change(self._desk, turn, case)
        if case.open and not case.withdrawn:
            change.add("withdrawn", REPORTER)
            self._tell_desk(change, turn, "withdrawn")
        change.also.append(_forgetting(id))
        return change.on(self._conversation.note(says()["mine"]["withdrawn"]))

    def mistake(self, turn: Turn, dialogue: str) -> Reply:
        """「まちがいでした」: nothing stays of what was read; a case that was made is closed, and the desk told."""
        words = says()["mistake"]
        head = cases.of_origin(self._store, dialogue)
        there = None
        if head is None:
            there = self._conversation.mine(turn, dialogue)
            if there.state.get("kind") == KIND:
                head = cases.head(self._store, case_of(self._store, there))
        gone = (replace(there, state={"kind": "gone"}, closed=True, updated_at=int(turn.now)),) if there else ()
        if head is None:
            return self._conversation.note(words["nothing"], dialogues=gone)
        case = self.case(turn, head.id)
        change = Change(self._desk, turn, case)
        if case.open:
            change.add("closed", REPORTER, outcome="mistake")
            value = {"c": case.id}
            buttons = [
                Button("case.open", label("open"), value).to_view(),
                Button("case.reopen", label("reopen"), value).to_view(),
            ]
            text = words["for_desk"].format(case.receipt)
            change.tell(self._told(case, turn), "case_note", text=text, quoted="", buttons=buttons)
            change.also.append(_forgetting(case.id))
        return change.on(self._conversation.note(words["told"].format(case.receipt), dialogues=gone))

    def _tell_desk(self, change: Change, turn: Turn, word: str) -> None:
        case = change.case
        text = says()["desk"][word].format(case.receipt)
        buttons = [Button("case.open", label("open"), {"c": case.id}).to_view()]
        change.tell(self._told(case, turn), "case_note", text=text, quoted="", buttons=buttons)

    def _told(self, case: Case, turn: Turn) -> tuple[str, ...]:
        """Who hears of it: who has taken it, else everybody of the desk."""
        owner = self._desk.active((case.owner,), turn.now) if case.owner else ()
        return owner or self._desk.told(case.alternative, turn.now, but=turn.person.id)


def _forgetting(id: str) -> Callable[[Transaction], None]:
    def forget(tx: Transaction) -> None:
        cases.forget_reporter(tx, id)

    return forget
