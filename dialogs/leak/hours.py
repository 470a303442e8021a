"""Open now, or opens when: outside desks in Japan's time with its holidays, the company's own desk in its own.

Hours that are not known, or only from an old source, are said to be unknown: never guessed.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import yaml

from . import days

if TYPE_CHECKING:
    from knowledge.company import Company, CompanyDesk
    from knowledge.schema import Desk, Source

TOKYO = ZoneInfo("Asia/Tokyo")
_SHOWN = ("new", "seed")  # marks of desks.yaml that may be shown
_FAR = 60  # days looked ahead for the next opening

State = Literal[
    "always", "open", "before", "after", "last_call", "break", "holiday", "weekend", "year_end", "unknown", "never"
]
Span = tuple[datetime, datetime]


@functools.cache
def book() -> Mapping[str, Any]:
    """hours.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "hours.yaml").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Week:
    """When a desk answers. times: (open, close) of a day in minutes from its midnight, without its breaks; past 24:00
    is the day after. last_call: minute after which nobody new is taken. off: why a day is none, blank where it is.
    unsure: days of which nobody knows.
    """

    times: tuple[tuple[int, int], ...]
    off: Callable[[date], str]
    zone: ZoneInfo = TOKYO
    last_call: int | None = None
    unsure: Callable[[date], bool] = lambda day: False

    @property
    def always(self) -> bool:
        """Around the clock on every day of the week; public holidays count only where `off` knows them."""
        some = date(2026, 5, 3)  # a Sunday and a public holiday
        return self.times == ((0, 24 * 60),) and not any(self.off(some + timedelta(n)) for n in range(7))


@dataclass(frozen=True)
class Opening:
    """The state at a moment. until: when it closes, or the break begins; again: when the break ends; next: when it
    opens (aware, in the desk's zone); name: why that day is off."""

    state: State
    until: datetime | None = None
    again: datetime | None = None
    next: datetime | None = None
    name: str = ""

    @property
    def is_open(self) -> bool:
        return self.state in ("open", "always")


def of_desk(desk: Desk) -> Week | None:
    """The week of an outside desk; None where its hours are not known well enough to be shown."""
    hours = desk.hours
    if hours is None or not hours.show or hours.mark not in _SHOWN:
        return None

    def off(day: date) -> str:
        if hours.days == "weekdays" and day.weekday() >= 5:
            return f"{days.WEEKDAYS[day.weekday()]}曜日"
        return days.public_holiday(day) if hours.holidays_closed else ""

    return Week(
        _cut(_minute(hours.open), _minute(hours.close), [(_minute(b.start), _minute(b.end)) for b in hours.breaks]),
        off,
        last_call=_minute(hours.last_call) if hours.last_call else None,
        unsure=_year_end if hours.holidays_closed else lambda day: False,
    )


def of_company(company: Company, desk: CompanyDesk | None = None) -> Week:
    """The week of the company's own desk: its own hours, else the company's."""
    hours = (desk.hours if desk else None) or company.working_hours
    worked = company.model_copy(update={"working_hours": hours})
    try:
        zone = ZoneInfo(hours.timezone)
    except (KeyError, ValueError):
        zone = TOKYO
    return Week(
        _cut(_minute(hours.open), _minute(hours.close), []),
        lambda day: days.company_holiday(day, worked),
        zone,
    )


def at(week: Week | None, now: datetime) -> Opening:
    """The state at a moment (aware)."""
    if week is None:
        return Opening("unknown")
    here = now.astimezone(week.zone)
    if week.always:
        return Opening("always")
    today = here.date()
    spans = [*_spans(week, today - timedelta(1)), *_spans(week, today)]
    for n, (start, end) in enumerate(spans):
        last = _last(week, start, end)
        if start <= here < last:
            return _open(spans[n + 1 :], start, end, last)
    after = next(_coming(week, here), None)
    if after is None:
        return Opening("never")
    return replace(_shut(week, here, spans), next=after)


def _open(later: Iterable[Span], start: datetime, end: datetime, last: datetime) -> Opening:
    """Open until a break, where it opens again in the same day's hours; else until the end, or the last call."""
    again = next((begins for begins, _ in later if begins.date() == start.date() and last == end), None)
    return Opening("open", until=last, again=again)


def _shut(week: Week, here: datetime, spans: Iterable[Span]) -> Opening:
    """Why nobody answers at a moment."""
    today = here.date()
    if name := week.off(today):
        return Opening("weekend" if name.endswith("曜日") else "holiday", name=name)
    if week.unsure(today):
        return Opening("year_end")
    mine = [(start, end) for start, end in spans if start.date() == today]
    if not mine or here < mine[0][0]:
        return Opening("before")
    start, end = mine[-1]
    if here < start:
        return Opening("break")
    return Opening("last_call", until=_last(week, start, end)) if here < end else Opening("after")


def _coming(week: Week, here: datetime) -> Iterator[datetime]:
    for n in range(_FAR):
        for start, _ in _spans(week, here.date() + timedelta(n)):
            if start > here:
                yield start


def _spans(week: Week, day: date) -> list[Span]:
    if week.off(day) or week.unsure(day):
        return []
    midnight = datetime.combine(day, time(), week.zone)
    return [(midnight + timedelta(minutes=a), midnight + timedelta(minutes=b)) for a, b in week.times]


def _last(week: Week, start: datetime, end: datetime) -> datetime:
    if week.last_call is None:
        return end
    return min(end, datetime.combine(start.date(), time(), week.zone) + timedelta(minutes=week.last_call))


def _cut(start: int, end: int, breaks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The hours without their breaks. A close that is not after the open is on the day after."""
    if end <= start:
        end += 24 * 60
    parts = []
    for begins, ends in sorted(breaks):
        if start < begins < end:
            parts.append((start, begins))
            start = max(start, ends)
    if start < end:
        parts.append((start, end))
    return tuple(parts)


def _minute(text: str) -> int:
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def _year_end(day: date) -> bool:
    about = book()["year_end"]
    first, last = str(about["from"]), str(about["to"])
    return f"{day:%m-%d}" >= first or f"{day:%m-%d}" <= last


# --- in words


def say(opening: Opening, now: datetime) -> str:
    """One sentence for people. Times are in the desk's own zone."""
    words = book()["says"]
    key = "open_break" if opening.state == "open" and opening.again else opening.state
    said: str = words[key].format(
        until=_clock(opening.until),
        again=_clock(opening.again),
        next=_moment(opening.next, now) if opening.next else "",
        name=opening.name,
        today=book()["today"],
    )
    return said


def _clock(moment: datetime | None) -> str:
    """9:00; blank for none."""
    return f"{moment.hour}:{moment:%M}" if moment else ""


def _moment(moment: datetime, now: datetime) -> str:
    """13:30, あした9:00, 11月24日(火)9:00."""
    today = now.astimezone(moment.tzinfo).date()
    day = {0: "", 1: book()["tomorrow"]}.get((moment.date() - today).days)
    return f"{days.said(moment.date()) if day is None else day}{_clock(moment)}"


def grounds(desk: Desk, sources: Mapping[str, Source], today: date) -> tuple[str, ...]:
    """Where a desk's hours, or else its contacts, come from and when they were checked; a warning where that is old."""
    words = book()
    hours = desk.hours if of_desk(desk) else None
    if hours and hours.mark == "seed":
        lines = [words["seed"]]
    elif hours:
        lines = _source(hours.source, None, sources)
    else:
        shown = sorted((c for c in desk.channels if c.show and c.mark in _SHOWN), key=lambda c: c.kind != "web")
        lines = _source(shown[0].source, shown[0].as_of, sources) if shown else []
    lines.append(words["verified"].format(day=desk.verified_on))
    if today > date.fromisoformat(desk.valid_until):
        lines.append(words["expired"].format(day=desk.valid_until))
    return tuple(lines)


def _source(id: str | None, as_of: str | None, sources: Mapping[str, Source]) -> list[str]:
    if id is None or id not in sources:
        return []
    source = sources[id]
    return [book()["source"].format(source=source.title, date=as_of or source.date or book()["undated"])]
