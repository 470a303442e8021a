"""Desks and dates of a case as they stand now, and the moments at which somebody is to be told of a date."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from dialogs.leak import legal_clock, routes
from dialogs.leak.case import Case
from dialogs.leak.legal_clock import Clock, Date, Told

from .words import TOKYO

if TYPE_CHECKING:
    from knowledge.company import Company
    from knowledge.content import Knowledge

Slot = tuple[str, str, int]  # kind, ISO day, when to tell (UTC epoch seconds)
_UNTAKEN_S = 3600
_MORNING = time(9)
_BEFORE = {"preliminary": (1,), "final": (7, 1)}  # days before the last day on which somebody is told, beside that day


def clock(case: Case, company: Company) -> Clock | None:
    """The legal clock of a case; None where we are accused: nothing of ours is counted then."""
    if case.answer("kind") == ("accused",):
        return None
    return legal_clock.run(case.known_on, legal_clock.answers_of(case.answers, case.flags), company)


def told(case: Case, company: Company) -> Told | None:
    """The clock in words."""
    running = clock(case, company)
    return legal_clock.tell(running) if running else None


def stops(case: Case, knowledge: Knowledge, now: float, *, emergency: bool = False) -> tuple[routes.Stop, ...]:
    """Whom to go to, in order, with what is open now."""
    event = routes.of_case(case, emergency=emergency)
    return routes.route(event, knowledge, datetime.fromtimestamp(now, TOKYO))


def running_dates(case: Case, company: Company) -> tuple[Date, ...]:
    """The legal dates that still run: what was handed in is over."""
    running = clock(case, company)
    return tuple(d for d in running.dates if d.kind not in case.reported) if running and case.open else ()


def next_on(case: Case, company: Company) -> str:
    """ISO day of the next date of an open case: a legal one, or a task's; blank where none runs."""
    found = [d.last for d in running_dates(case, company)]
    found += [t.due for t in case.open_tasks if t.due and case.open]
    return min(found).isoformat() if found else ""


def slots(case: Case, company: Company, now: float) -> list[Slot]:
    """When somebody is to be told of what, from now on. A date that is over already is told of once, at once."""
    found = [slot for each in running_dates(case, company) for slot in _of_date(case, each, now)]
    found += [_at(f"lesson.{t.id}", t.due, t.due) for t in case.open_lessons if t.due]
    if not case.open:
        return found
    found += [_at(f"task.{t.id}", t.due, t.due) for t in case.open_tasks if t.due]
    opened = datetime.fromtimestamp(case.opened_at, TOKYO).date()
    if case.status == "new":
        found.append(("untaken", opened.isoformat(), case.opened_at + _UNTAKEN_S))
    if case.known_on is None and case.answer("kind") != ("accused",):
        found.append(_at("known", opened, opened + timedelta(1)))
    return found


def _of_date(case: Case, each: Date, now: float) -> Iterable[Slot]:
    mornings = {each.last - timedelta(n) for n in (*_BEFORE[each.kind], 0)}
    mornings |= {day for day in (each.first, each.safe) if day}
    ahead = [slot for day in sorted(mornings) if (slot := _at(each.kind, each.last, day))[2] > case.opened_at]
    if any(at >= now for _, _, at in ahead):
        return ahead
    return [*ahead, (each.kind, each.last.isoformat(), case.opened_at)]


def _at(kind: str, day: date, told_on: date) -> Slot:
    return kind, day.isoformat(), int(datetime.combine(told_on, _MORNING, TOKYO).timestamp())
