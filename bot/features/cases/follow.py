"""Dates that come near: planned once for who has the case and the deputies, and asked about again before each post."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import date
from typing import Any

from dialogs.leak.case import Case, Task

from ... import blocks
from ...store import Planned, Row, SealBroken, cases, outbox
from ...store.cases import Due
from ...workplace import Workplace
from ..feature import Button, DueItem
from . import outlook
from .change import FOLLOW
from .desk import Desk
from .opening import opened
from .words import handed_in, label, left, on, says, title

logger = logging.getLogger(__name__)

_AT_ONCE = 100  # dates looked at in one tick


class Following:
    def __init__(self, workplace: Workplace, desk: Desk):
        self._workplace, self._desk = workplace, desk

    def tick(self, now: float) -> None:
        """Plan what has become due. Dates and their messages in one commit: never half, and never twice."""
        while due := cases.due_dates(self._workplace.store, now=now, limit=_AT_ONCE):
            made = [(each, self._made(each, now)) for each in due]  # outside: who is still there may be asked of Slack
            with self._workplace.store.begin() as tx:
                for each, rows in made:
                    if cases.mark_planned(tx, each.id, told=rows is not None):
                        for row in rows or ():
                            outbox.plan_row(tx, row)

    def _made(self, due: Due, now: float) -> list[Planned] | None:
        """What is to be sent; [] where it does not hold any more, None where the case does not open."""
        if self._outrun(due, now):
            return []
        try:
            case = cases.load(self._workplace.store, due.case)
        except SealBroken as error:
            logger.error("case=%s: %s", due.case, error)
            return None
        return self._rows(case, due, now) if case and self._still(case, due) else []

    def _rows(self, case: Case, due: Due, now: float) -> list[Planned]:
        message = self.message(case, due, now)
        return [
            Planned(f"follow:{due.id}:{person}", FOLLOW, person, message, due.at, lookup=True)
            for person in self._people(case, due, now)
        ]

    def _people(self, case: Case, due: Due, now: float) -> tuple[str, ...]:
        kind, _, task = due.kind.partition(".")
        if kind == "untaken":
            return self._desk.follows("", case.alternative, now)
        if kind in ("task", "lesson"):
            owner = next((t.owner for t in (*case.tasks, *case.lessons) if t.id == task), "") or case.owner
            return self._desk.active((owner,), now) or self._desk.follows(case.owner, case.alternative, now)
        return self._desk.follows(case.owner, case.alternative, now)

    def message(self, case: Case, due: Due, now: float) -> dict[str, Any]:
        """What people are told of a date, with how far off it is when it is planned."""
        words = says()["follow"]
        kind, _, task = due.kind.partition(".")
        day = date.fromisoformat(due.day)
        text = next((t.text for t in (*case.tasks, *case.lessons) if t.id == task), "")
        said = words[kind].format(
            receipt=case.receipt,
            day=on(day),
            left=left(day, self._workplace.today(now)),
            text=blocks.esc(text),
        )
        value = {"c": case.id}
        buttons = [Button("case.open", label("open"), value, "primary")]
        if kind in ("preliminary", "final"):
            buttons.append(handed_in(kind, case.id))
            said = f"{said}\n{blocks.esc(title(case))}\n{words['next']}"
        if kind == "untaken":
            buttons = [Button("case.take", label("take"), value, "primary"), Button("case.open", label("open"), value)]
        if case.owner and not self._desk.active((case.owner,), now):
            said = f"{said}\n{says()['desk']['left'].format(case.receipt, blocks.mention(case.owner))}"
        shown = [b.to_view() for b in buttons]
        return blocks.message("case_note", says=says(), text=said, quoted="", buttons=shown)

    def items(self, persons: Sequence[str], now: float) -> dict[str, list[DueItem]]:
        """Tasks and lessons whose day has come, for those of them who have to do them."""
        found: dict[str, list[DueItem]] = {}
        known: dict[str, Case | None] = {}
        for due in cases.told_dates(self._workplace.store, now=now, kinds=("task", "lesson")):
            if due.case not in known:
                known[due.case] = opened(self._workplace.store, due.case)
            case, task = known[due.case], due.kind.partition(".")[2]
            if case is None or not self._still(case, due):
                continue
            one = next(t for t in (*case.tasks, *case.lessons) if t.id == task)
            who = one.owner or case.owner
            if who in persons:
                found.setdefault(who, []).append(self._item(case, due, one, now))
        return found

    def _item(self, case: Case, due: Due, task: Task, now: float) -> DueItem:
        kind = due.kind.partition(".")[0]
        day = date.fromisoformat(due.day)
        text = says()["follow"][kind].format(
            receipt=case.receipt,
            day=on(day),
            left=left(day, self._workplace.today(now)),
            text=blocks.esc(task.text),
        )
        value = {"c": case.id}
        buttons = (
            Button("case.tick.1", label("tick"), value | {"t": task.id}, "primary"),
            Button("case.open", label("open"), value),
        )
        return DueItem("task", f"case:{case.id}:{task.id}", due.at, text, buttons)

    def _outrun(self, due: Due, now: float) -> bool:
        """Whether a later reminder of the same date has come too (the bot was down for days): that one is enough."""
        of_case = cases.dates_of(self._workplace.store, due.case)
        return any((d.kind, d.day) == (due.kind, due.day) and due.at < d.at <= now for d in of_case)

    def wanted(self, row: Row) -> bool:
        """Whether what a row says still holds: the case is open, the date runs, nobody has done it, none came later."""
        id = row.id.removeprefix("follow:").rpartition(":")[0]
        due = cases.date(self._workplace.store, id)
        try:
            case = cases.load(self._workplace.store, due.case) if due else None
        except SealBroken:
            return True  # a date told for nothing is better than one missed
        if not (due and case and due.state == "planned" and self._still(case, due) and self._runs(case, due)):
            return False
        return not self._outrun(due, self._workplace.clock.now())

    def _runs(self, case: Case, due: Due) -> bool:
        """A legal date that has moved since is told of by its new row alone."""
        if due.kind not in ("preliminary", "final"):
            return True
        return due.day in {d.last.isoformat() for d in outlook.running_dates(case, self._desk.company)}

    @staticmethod
    def _still(case: Case, due: Due) -> bool:
        kind, _, task = due.kind.partition(".")
        if kind == "lesson":
            return any(t.id == task for t in case.open_lessons)
        if not case.open:
            return False
        if kind == "task":
            return any(t.id == task for t in case.open_tasks)
        if kind == "untaken":
            return case.status == "new" and not case.owner
        if kind == "known":
            return case.known_on is None
        return kind not in case.reported
