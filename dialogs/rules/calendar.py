"""When somebody may be reminded: their weekday and hour in their zone, in working hours, on no day off.

Days off are Saturday and Sunday, Japan's public holidays (jpholiday) and what the company adds. Dates are local to the
person; instants are UTC epoch seconds.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import jpholiday

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ZONE = "Asia/Tokyo"
_FARTHEST = 400  # days to look ahead; a company closed for longer is closed
_APART_S = 48 * 3600  # of a nudge that was moved, from the next week's own


@dataclass(frozen=True)
class Calendar:
    """days: working weekdays, Monday is 0. open, close: minutes of the day. closed: the company's days off.

    A zone's wall clock counts: nine o'clock is each person's own.
    """

    days: frozenset[int] = frozenset(range(5))
    open: int = 9 * 60
    close: int = 18 * 60
    closed: frozenset[date] = frozenset()

    @classmethod
    def make(cls, days: Iterable[str], open: str, close: str, closed: Iterable[str] = ()) -> Calendar:
        """Of company.yaml's words: mon…sun, HH:MM, YYYY-MM-DD. Hours that make no day are the usual ones.

        Weekends stay days off: a nudge is nobody's shift.
        """
        working = frozenset(WEEKDAYS.index(d) for d in days) & frozenset(range(5))
        start, end = _minutes(open), _minutes(close)
        if end <= start:
            start, end = cls.open, cls.close
        return cls(working or cls.days, start, end, frozenset(date.fromisoformat(d) for d in closed))

    def works(self, day: date) -> bool:
        """Whether it is a working day."""
        return day.weekday() in self.days and day not in self.closed and not is_holiday(day)

    def next_day(self, day: date) -> date | None:
        """The first working day from this one on; None where there is none within a year."""
        return next((d for d in (day + timedelta(n) for n in range(_FARTHEST)) if self.works(d)), None)

    def first_time(self, at: float, zone: str, hour: int) -> int | None:
        """The first instant from `at` on within working hours, on no day before `hour` where that is a working hour."""
        return _first_time(self, at, zone, hour)

    def closes(self, at: float, zone: str) -> int:
        """The end of working hours on the day of an instant."""
        return epoch(datetime.fromtimestamp(at, tz(zone)).date(), self.close, zone)

    def last_time(self, at: float, zone: str) -> int:
        """Until when something of an instant is still sent: the end of the next working day after it."""
        return _last_time(self, at, zone)


# Thousands of people who set the same are reckoned once.
@functools.lru_cache(maxsize=1024)
def _first_time(calendar: Calendar, at: float, zone: str, hour: int) -> int | None:
    local = datetime.fromtimestamp(at, tz(zone))
    begin = hour * 60 if calendar.open <= hour * 60 < calendar.close else calendar.open
    day = calendar.next_day(local.date())
    if day == local.date():
        start, end = epoch(day, begin, zone), epoch(day, calendar.close, zone)
        if at < end:
            return int(max(at, start))
        day = calendar.next_day(day + timedelta(1))
    return None if day is None else epoch(day, begin, zone)


@functools.lru_cache(maxsize=1024)
def _last_time(calendar: Calendar, at: float, zone: str) -> int:
    day = calendar.next_day(datetime.fromtimestamp(at, tz(zone)).date() + timedelta(1))
    return calendar.closes(at, zone) if day is None else epoch(day, calendar.close, zone)


@dataclass(frozen=True)
class Slot:
    """A week's turn. week: `2026-W48`, of the day the person chose. at: when it is due."""

    week: str
    at: int


def slot(calendar: Calendar, zone: str, weekday: str, hour: int, monday: date) -> Slot | None:
    """The turn of the week that begins on a Monday, moved to working time. None where that runs into the next week's.

    hour: the earliest, 0-23. An hour that a zone's clock leaves out is taken as the one after.
    """
    day = monday + timedelta(WEEKDAYS.index(weekday))
    year, week, _ = day.isocalendar()
    at = calendar.first_time(epoch(day, hour * 60, zone), zone, hour)
    after = epoch(day + timedelta(7), hour * 60, zone)
    if at is None or at >= after - _APART_S:
        return None
    return Slot(f"{year}-W{week:02}", at)


@functools.lru_cache(maxsize=1024)
def next_slot(calendar: Calendar, zone: str, weekday: str, hour: int, after: float) -> Slot | None:
    """The first turn that is due later than an instant; None where the company is closed for over a year."""
    local = datetime.fromtimestamp(after, tz(zone)).date()
    monday = local - timedelta(local.weekday() + 7)
    for n in range(_FARTHEST // 7):
        found = slot(calendar, zone, weekday, hour, monday + timedelta(7 * n))
        if found and found.at > after:
            return found
    return None


def epoch(day: date, minute: int, zone: str) -> int:
    """A wall clock time as an instant. In a gap of summer time it is moved on; of two alike, the first is taken."""
    naive = datetime.combine(day, time()) + timedelta(minutes=minute)
    return int(naive.replace(tzinfo=tz(zone)).astimezone(UTC).timestamp())


@functools.cache
def tz(zone: str) -> ZoneInfo:
    """A zone by its name; Tokyo's where the name is blank or unknown."""
    try:
        return ZoneInfo(zone or ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo(ZONE)


@functools.lru_cache(maxsize=4096)
def is_holiday(day: date) -> bool:
    """A public holiday of Japan, with 振替休日 and 国民の休日."""
    return bool(jpholiday.is_holiday(day))


def _minutes(written: str) -> int:
    hours, _, minutes = written.partition(":")
    return int(hours) * 60 + int(minutes or 0)
