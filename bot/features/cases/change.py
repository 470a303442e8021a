"""A change of a case: what is shown at once, and what is kept in the commit that closes the delivery."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from dialogs.leak import case as leak
from dialogs.leak.case import BOT, REPORTER, Case, Event

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Dialogue, Planned, SealBroken, Store, Transaction, cases, outbox, people_key
from . import outlook
from .words import says

if TYPE_CHECKING:
    from .desk import Desk

FOLLOW = "case.follow"
_DATED = frozenset(
    {"answered", "known", "taken", "handed_over", "task", "task_done", "lesson", "lesson_done", "reported", "closed"}
    | {"reopened", "desk", "opened"}
)  # events after which dates may run otherwise


@dataclass
class Change:
    """Events to add to a case, and messages to send because of them. `case` is the case with them.

    A change rides in one reply. The messages' ids come from the delivery, so that doing it again sends nothing more.
    """

    desk: Desk
    turn: Turn
    case: Case
    added: list[tuple[str, str, Mapping[str, Any]]] = field(default_factory=list)
    planned: list[Planned] = field(default_factory=list)
    also: list[Callable[[Transaction], None]] = field(default_factory=list)

    def add(self, kind: str, by: str = BOT, **data: Any) -> Change:
        self.added.append((kind, by, data))
        event = Event(self.case.events[-1].seq + 1 if self.case.events else 1, int(self.turn.now), kind, by, data)
        self.case = leak.after(self.case, event)
        return self

    def tell(self, people: Sequence[str], view: str, **values: Any) -> Change:
        """A message to people of the desk."""
        for person in people:
            self._plan("case.desk", person, view, values)
        return self

    def tell_reporter(self, store: Store, view: str, **values: Any) -> Change:
        """A message to who reported, as far as that is kept and nothing speaks against it. Its row names no case."""
        if self.case.quiet or self.case.withdrawn:
            return self
        if person := cases.reporter(store, self.case.id):
            self._plan("direct", person, view, values)
        return self

    def _plan(self, kind: str, person: str, view: str, values: Mapping[str, Any]) -> None:
        message = blocks.message(view, says=says(), **values)
        id = f"{self.turn.delivery or uuid.uuid4().hex}:{len(self.planned)}"
        self.planned.append(Planned(id, kind, person, message, int(self.turn.now), lookup=person[0] in "UW"))

    def keep(self, tx: Transaction) -> None:
        """Write it."""
        for kind, by, data in self.added:
            cases.add(tx, self.case.id, kind, by=by, data=data, now=self.turn.now)
        if any(kind in _DATED for kind, _, _ in self.added):
            date_again(tx, self.desk, self.case.id, self.turn.now)
        for row in self.planned:  # a delivery's id names the DM it came from: it must not stand beside a case
            outbox.plan_row(tx, replace(row, id=f"direct:{people_key.veiled(tx, row.id)}"))
        for more in self.also:
            more(tx)

    def on(self, reply: Reply) -> Reply:
        """The reply that carries it."""
        return replace(reply, keep=self.keep) if self.added or self.also or self.planned else reply


def date_again(tx: Transaction, desk: Desk, id: str, now: float) -> None:
    """Set the dates anew, by the case as it is kept now."""
    if case := cases.load(tx, id):
        found = outlook.slots(case, desk.company, now)
        cases.set_dates(tx, id, found, next_on=outlook.next_on(case, desk.company))


# --- a dialogue about a case: it names its person, so that the case, and whose side they are on, are sealed in it

KIND = "case"


def about(store: Store, person: str, role: str, case: str, *, id: str, now: float) -> Dialogue:
    """A dialogue in the person's DM about a case. role: told (asked after their report), mine, or work."""
    return _sealed(store, Dialogue(id, person, person, {}, int(now), int(now)), {"role": role, "case": case})


def moved(store: Store, there: Dialogue, **more: Any) -> Dialogue:
    """The same dialogue, further on: at (a question's id), p (options chosen of many). It is open again."""
    return replace(_sealed(store, there, {**inside(store, there), **more}), closed=False)


def inside(store: Store, there: Dialogue) -> dict[str, Any]:
    """What such a dialogue holds: role, case, and what `moved` gave it. NotThere where it is none, or does not open."""
    try:
        sealed = base64.b64decode(there.state["x"])
        with store.begin(reads=True) as tx:
            found: dict[str, Any] = json.loads(tx.sealer.unseal(sealed, place=_place(there)))
    except (KeyError, ValueError, SealBroken):  # of an old version, or of a key that is gone: App Home shows the case
        raise NotThere("old") from None
    return found


def case_of(store: Store, there: Dialogue) -> str:
    """The case's id of such a dialogue."""
    return str(inside(store, there)["case"])


def _sealed(store: Store, there: Dialogue, inner: Mapping[str, Any]) -> Dialogue:
    with store.begin(reads=True) as tx:
        sealed = tx.sealer.seal(json.dumps(dict(inner)).encode(), place=_place(there))
    return replace(there, state={"kind": KIND, "x": base64.b64encode(sealed).decode()})


def _place(there: Dialogue) -> str:
    return f"dialogues/{there.id}/state"


__all__ = ["BOT", "FOLLOW", "KIND", "REPORTER", "Change", "about", "case_of", "date_again", "inside", "moved"]
