"""Which days are days off: Japan's public holidays, and the company's own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import jpholiday

if TYPE_CHECKING:
    from knowledge.company import Company

WEEKDAYS = "月火水木金土日"
_NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FAR = 400  # days: no office stays shut for longer


def public_holiday(day: date) -> str:
    """The name of the public holiday, blank on other days. Equinoxes of later than next year are a forecast."""
    return str(jpholiday.is_holiday_name(day) or "")


def company_holiday(day: date, company: Company) -> str:
    """Why the company does not work that day (祝日, its own day off, none of its working days), or blank."""
    own = next((h.name or "会社の休み" for h in company.holidays if h.date == day.isoformat()), "")
    if own or public_holiday(day):
        return own or public_holiday(day)
    return "" if _NAMES[day.weekday()] in company.working_hours.days else f"{WEEKDAYS[day.weekday()]}曜日"


def working_day_before(day: date, company: Company) -> date:
    """The day itself where the company works on it, else its last working day before it; the day where it has none."""
    for back in range(_FAR):
        if not company_holiday(day - timedelta(back), company):
            return day - timedelta(back)
    return day


def said(day: date, *, year: bool = False) -> str:
    """11月25日(水); with the year where it is wanted."""
    front = f"{day.year}年" if year else ""
    return f"{front}{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"
