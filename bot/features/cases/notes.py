"""What people write into a case: the modals for it, the same by typed words, and the closing with its lessons."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.leak.case import REPORTER, Case
from knowledge.private import find_private

from ... import blocks
from ...conversation import Conversation, NotThere, Reply, Turn
from .change import Change
from .desk import Desk
from .words import says

if TYPE_CHECKING:
    from .mine import Mine
    from .work import Work

Fields = Mapping[str, str]
_MOST_LESSONS = 3
_LESSON_DAYS = 30
_MOST_PEOPLE = 100  # in a list to choose from
_LINE, _LINES = 300, 1500  # characters
_EVENTS = ("fact", "task", "told", "evidence")


class Invalid(ValueError):
    """What was written cannot be taken; field: whose it is. The reason is a sentence for the person."""

    def __init__(self, field: str, reason: str):
        super().__init__(reason)
        self.field = field


class Notes:
    def __init__(self, conversation: Conversation, desk: Desk, mine: Mine, work: Work):
        self._conversation, self._desk, self._mine, self._work = conversation, desk, mine, work

    def _case(self, turn: Turn, id: str, what: str) -> Case:
        return self._mine.case(turn, id) if what == "add" else self._work.case(turn, id)

    def modal(self, turn: Turn, id: str, what: str) -> dict[str, Any]:
        """The modal for one kind of note. NotThere where the person may not, or the case is closed."""
        words = says()["write"]
        if what not in words["fields"]:
            raise NotThere("old")
        case = self._case(turn, id, what)
        if not case.open:
            raise NotThere("case_closed")
        return blocks.modal(
            "case_write",
            words["titles"][what],
            callback="case.write",
            submit=words["submits"].get(what, words["submit"]),
            metadata=blocks.packed({"c": id, "w": what}),
            lead=words["leads"].get(what, ""),
            receipt=says()["receipt"].format(case.receipt),
            fields=words["fields"][what],
            people=self._people(case, turn) if what == "hand" else [],
            outcomes=[(o, says()["outcomes"][o]) for o in ("done", "no_leak", "mistake")],
            most={"line": _LINE, "lines": _LINES},
        )

    def _people(self, case: Case, turn: Turn) -> list[tuple[str, str]]:
        """(id, name) of those it can be handed to. Names as Slack has them."""
        found = self._desk.active(self._desk.members(case.alternative), turn.now, but=case.owner)
        return [(id, self._desk.name_of(id)) for id in found[:_MOST_PEOPLE]]

    def write(self, turn: Turn, id: str, what: str, fields: Fields) -> Reply:
        """What was written is added. Raises Invalid where it cannot be taken; nothing is kept then."""
        for name, text in fields.items():
            if private := find_private(text).kinds:
                raise Invalid(name, blocks.private_note(private))
        if what == "add":
            return self._mine.add(turn, id, _needed(fields, "text"))
        if what == "hand":
            return self._work.hand(turn, id, _needed(fields, "owner"))
        case = self._work.case(turn, id)
        if not case.open:
            raise NotThere("case_closed")
        change = Change(self._desk, turn, case)
        if what in _EVENTS:
            data = {f["id"]: fields.get(f["id"], "") for f in says()["write"]["fields"][what]}
            first = says()["write"]["fields"][what][0]["id"]
            _needed(data, first)
            change.add(what, turn.person.id, **({"id": uuid.uuid4().hex[:8]} if what == "task" else {}), **data)
        elif what == "say":
            self._say(change, _needed(fields, "text"))
        elif what == "known":
            self._known(change, _needed(fields, "known_on"))
        elif what == "close":
            self._close(change, fields)
        else:
            raise NotThere("old")
        return self._work.shown(turn, change)

    def _say(self, change: Change, text: str) -> None:
        """To the person who reported, even where they hear nothing by itself: it was meant for them."""
        words = says()["mine"]
        change.add("said", change.turn.person.id, to=REPORTER, text=text)
        value = {"c": change.case.id}
        buttons = [
            {"id": "case.add", "label": says()["button"]["add"], "value": value | {"w": "add"}},
            {"id": "case.state", "label": says()["button"]["state"], "value": value},
        ]
        change.tell_reporter(
            self._desk.workplace.store,
            "case_note",
            text=words["said"].format(change.case.receipt),
            quoted=text,
            buttons=buttons,
        )

    def _known(self, change: Change, day: str) -> None:
        known = _day("known_on", day)
        if known > self._desk.workplace.today(change.turn.now):
            raise Invalid("known_on", says()["write"]["day_ahead"])
        change.add("known", change.turn.person.id, known_on=known.isoformat())

    def _close(self, change: Change, fields: Fields) -> None:
        """Closed, with lessons that come back on their day."""
        by = change.turn.person.id
        lessons = [line.strip("・- 　") for line in fields.get("lessons", "").splitlines() if line.strip("・- 　")]
        if len(lessons) > _MOST_LESSONS:
            raise Invalid("lessons", says()["write"]["too_many"])
        today = self._desk.workplace.today(change.turn.now)
        due = fields.get("due") or (today + timedelta(_LESSON_DAYS)).isoformat()
        for lesson in lessons:
            change.add("lesson", by, id=uuid.uuid4().hex[:8], text=lesson, due=due, owner=by)
        outcome = fields.get("outcome") or "done"
        change.add("closed", by, outcome=outcome)
        text = says()["mine"]["closed"].format(change.case.receipt, says()["outcomes"][outcome])
        change.tell_reporter(self._desk.workplace.store, "note", text=text, buttons=[])

    def typed(self, turn: Turn, id: str, what: str, text: str) -> Reply:
        """「事実: …」: the first field of a note, by words alone."""
        fields: Sequence[Mapping[str, Any]] = says()["write"]["fields"][what]
        name = fields[0]["id"] if what != "close" else "lessons"
        try:
            return self.write(turn, id, what, {name: text})
        except Invalid as reason:
            return self._conversation.note(str(reason))


def _needed(fields: Fields, name: str) -> str:
    text = fields.get(name, "").strip()
    if not text:
        raise Invalid(name, says()["write"]["needed"])
    return text


def _day(field: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(field, says()["write"]["no_day"]) from None
