"""Review dates that have come: their owner is told once, through the outbox, in working hours.

The owner is the person who is named by a Slack id, else the department's manager, else the company's managers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import jpholiday

from dialogs.inventory import model
from dialogs.inventory.model import Item

from ... import blocks
from ...people import DEFAULT_ZONE
from ...store import Dialogue, Planned, Row, Transaction, dialogue, inventory, outbox
from ..feature import Button, DueItem
from .rights import owner_id
from .shown import words
from .talk import ITEM, LIST

if TYPE_CHECKING:
    from knowledge.company import Company

    from ...workplace import Workplace
    from .shelf import Shelf

KIND = "inventory.review"
_EVERY_S = 60.0
_SENT = 10  # o'clock
_UNTIL = 17
_MOST = 10  # entries in one message
_DAYS_AHEAD = 15
_LATE_DAYS, _MOST_LATE = 7, 5


class Reviews:
    def __init__(self, shelf: Shelf, workplace: Workplace) -> None:
        self._shelf, self._workplace = shelf, workplace
        self._looked = 0.0

    def tick(self, now: float) -> None:
        """Plan what has become due. Harmless when called again, and on another replica."""
        if 0 <= now - self._looked < _EVERY_S:
            return
        self._looked = now
        today = self._workplace.today(now)
        due = model.due(self._shelf.items(), today)
        if not due:
            return
        asked = inventory.asked(self._shelf.store)
        company = self._workplace.services.knowledge.company
        new = [i for i in due if asked.get(i.id) != i.review and owners(i, company, self._shelf)]
        if not new:
            return
        at = moment(now, company)
        with self._shelf.store.begin() as tx:
            mine = [i for i in new if inventory.ask_for(tx, i.id, i.review)]
            for target, items in self._by_owner(mine).items():
                outbox.plan_row(tx, planned(target, items, at))

    def wanted(self, row: Row) -> bool:
        """Whether the entry still waits for this review; a message about several is posted as it is."""
        review, id = _single(row)
        item = self._shelf.get(id) if id else None
        return not id or (item is not None and item.review == review)

    def sent(self, tx: Transaction, row: Row) -> None:
        """What is typed below the message is about its entry, or its list."""
        _, id = _single(row)
        state = {"kind": ITEM, "id": id} if id else {"kind": LIST, "page": 0, "due": True}
        now = self._workplace.clock.now()
        dialogue.save(tx, Dialogue(row.id, row.target, row.target, state, int(now), int(now)))

    def late(self, persons: Sequence[str], now: float) -> dict[str, list[DueItem]]:
        """For the nudge of the week: entries that nobody looked at for a week after their review date."""
        before = self._workplace.today(now) - timedelta(days=_LATE_DAYS)
        found: dict[str, list[DueItem]] = {}
        for target, items in self._by_owner(model.due(self._shelf.items(), before)).items():
            if target in persons:
                found[target] = [_due_item(i) for i in items[:_MOST_LATE]]
        return found

    def _by_owner(self, items: Sequence[Item]) -> dict[str, list[Item]]:
        found: dict[str, list[Item]] = {}
        company = self._workplace.services.knowledge.company
        for item in items:
            for target in owners(item, company, self._shelf):
                found.setdefault(target, []).append(item)
        return found


def _single(row: Row) -> tuple[str, str]:
    """(review date, id) of a message about one entry; blank where it is about several."""
    review, one, id = row.id.split(":", 2)[2].partition("=")
    return (review, id) if one else ("", "")


def owners(item: Item, company: Company, shelf: Shelf) -> tuple[str, ...]:
    """Slack ids of those who are asked to look at an entry."""
    if named := owner_id(item):
        return (named,)
    name = shelf.house.department(item.department)
    of_department = next((d.manager for d in company.departments if d.name == name and d.manager), None)
    return (of_department,) if of_department else company.managers


def planned(target: str, items: Sequence[Item], at: float) -> Planned:
    """One message to a person about one or several entries."""
    say = words()["review"]
    if len(items) == 1:
        item = items[0]
        text = say["one"].format(**_about(item))
        buttons = one_buttons(item)
        told = f"{item.review}={item.id}"
    else:
        rows = [say["row"].format(**_about(i)) for i in items[:_MOST]]
        more = [say["more"].format(len(items) - _MOST)] if len(items) > _MOST else []
        text = "\n".join([say["many"].format(count=len(items)), *rows, *more])
        buttons = [Button("inventory.due", words()["button"]["list"])]
        told = hashlib.sha256("".join(f"{i.id}{i.review}" for i in items).encode()).hexdigest()[:16]
    message = blocks.message("note", text=text, buttons=[b.to_view() for b in buttons])
    return Planned(f"{KIND}:{target}:{told}", KIND, target, message, int(at), lookup=True)


def one_buttons(item: Item) -> list[Button]:
    label, value = words()["button"], {"i": item.id, "v": item.version}
    return [
        Button("inventory.renew", label["renew"], value, "primary"),
        Button("inventory.later", label["later"], value),
        Button("inventory.open", label["open"], value),
    ]


def _due_item(item: Item) -> DueItem:
    since = int(datetime.fromisoformat(f"{item.review}T00:00").replace(tzinfo=ZoneInfo(DEFAULT_ZONE)).timestamp())
    text = words()["review"]["one"].format(**_about(item))
    return DueItem("task", f"inventory:{item.id}", since, text, tuple(one_buttons(item)))


def _about(item: Item) -> dict[str, Any]:
    shown = {"name": item.name, "secrecy": item.secrecy, "department": item.department, "review": item.review}
    return {key: blocks.esc(value) for key, value in shown.items()}


def moment(now: float, company: Company) -> float:
    """Now in working hours, else ten o'clock of the next working day, in Japan."""
    here = datetime.fromtimestamp(now, ZoneInfo(DEFAULT_ZONE))
    closed = {h.date for h in company.holidays}
    days = company.working_hours.days
    for ahead in range(_DAYS_AHEAD):
        day: date = here.date() + timedelta(days=ahead)
        weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
        if weekday not in days or jpholiday.is_holiday(day) or day.isoformat() in closed:
            continue
        if ahead == 0 and _SENT <= here.hour < _UNTIL:
            return now
        if ahead or here.hour < _SENT:
            return datetime(day.year, day.month, day.day, _SENT, tzinfo=here.tzinfo).timestamp()
    return now
