"""What a message about the weekly reminder asks for: day, hour, and what to do with it."""

from __future__ import annotations

import re
from datetime import date

from .dates import until_day
from .models import Settings
from .text import normalise
from .wishes.named import Named, days, refused
from .wishes.signs import Said, look
from .wishes.spelt import in_figures
from .wishes.weigh import read

_WITH = re.compile(r"(?:日)?(?:と|や|、|・|も|か|及び|および)")
_BEGINS_AWAY = re.compile(  # 来月から産休なので: when the pause begins, not when it ends
    r"(?<!再開は)(?<!復帰は)(?:再?来[週月年]|今[週月]|明日|あした|[0-9]{1,2}月(?:[0-9]{1,2}日)?|[0-9]{1,2}日|[月火水木金土日]曜日?)(?:から|より)"
    r"(?![^。]{0,10}(?:再開|また|始|戻|復帰|オン|お願|に(?:して|でき)))"
)
_OF_HOURS = re.compile(r"時間|時刻|早|遅|朝|昼|夕|夜|午前|午後|時台|じかん|前倒|繰り")


def settings(text: str, today: date | None = None) -> Settings:
    """What a reminder message asks for; minutes are left out (half past ten is 10).

    text: as typed. An hour from 1 to 6 that says nothing of morning or night is meant in the afternoon.
    Where two days or hours are named, the one it shall become (月曜から金曜に -> fri). today: without it, no date of a
    pause is reckoned.
    """
    plain = spelt(text)
    said = look(plain)
    what, day, hour = read(said)
    until = None
    if today and what in ("pause", "resume"):
        until = until_day(plain if what == "resume" else _BEGINS_AWAY.sub("", plain), today)
    avoid = _avoided(said, day)
    return Settings(
        weekday=str(day.value) if day else None,
        hour=int(hour.value) if hour else None,
        action=what,
        until=until.isoformat() if until else None,
        avoid=avoid,
        wants=("hour" if _OF_HOURS.search(plain) and not avoid else "day") if what == "change" else "",
    )


def spelt(text: str) -> str:
    """A message as the signs are looked for: normalised, with hours in figures."""
    return in_figures(normalise(text).text)


def _avoided(said: Said, wanted: Named | None) -> tuple[str, ...]:
    """The days that are not wanted: 月曜と金曜以外 refuses both."""
    named = days(said.text)
    found = [str(one.value) for n, one in enumerate(named) if _refused(n, named, said.text)]
    return tuple(day for day in dict.fromkeys(found) if not wanted or day != wanted.value)


def _refused(n: int, named: list[Named], text: str) -> bool:
    if refused(text, named[n].end):
        return True
    return n + 1 < len(named) and bool(_WITH.match(text, named[n].end)) and _refused(n + 1, named, text)
