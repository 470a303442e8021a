"""Until when somebody wants to be left alone: 来月まで, 2週間だけ, 12月10日まで."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

_KANJI = {c: n for n, c in enumerate("〇一二三四五六七八九")}
_THEN = (  # 7日に復帰: wanted on that day
    r"に(?:は|も)?(?=[^。、]{0,6}?(?:復帰|復職|復活|再開|戻|もど|帰|出社|出勤|現場|また))|付(?:け)?で"
)
_N = r"([0-9]{1,3}|[一二三四五六七八九十]{1,3}|半)"
_DATE = re.compile(
    r"(?:([0-9]{4})年)?([0-9]{1,2})(?:月|/)([0-9]{1,2})日?(?:[(][月火水木金土日][)])?"
    r"(?:(まで)|(から|より|" + _THEN + "))?"
)
_MONTH = re.compile(r"(?<![0-9/])([0-9]{1,2})月(?!曜|[0-9])(末|いっぱい|中|下旬)?(?:の)?(?:まで|から|より|頃|ごろ|に)?")
_NEXT_MONTH = re.compile(r"(来月|翌月|今月)の?([0-9]{1,2})日(から|より|" + _THEN + ")?")
_DAY = re.compile(r"(?<![0-9月/])([0-9]{1,2})日(まで|から|より|" + _THEN + ")")
_WEEKDAY = re.compile(
    r"(再来週|来週|今週)?の?(?<![0-9来今翌明祝休平か])([月火水木金土日])(?:曜日?)?"
    r"(まで|(?<=曜)から|(?<=曜日)から|(?:(?<=曜)|(?<=曜日))(?:" + _THEN + "))"
)
_SPAN = re.compile(_N + r"(日|週|か月|ヶ月|ヵ月|カ月|ケ月|箇月|年)(?:間)?(?!目|曜|[0-9])")
_END = ("末", "いっぱい", "中", "下旬")


def until_day(plain: str, today: date) -> date | None:
    """The first day on which nudges are wanted again; None where nothing says so, or it is past.

    plain: normalised. まで with a day counts that day in, with a week or a month ends where that begins.
    """
    for reckon in (_of_date, _of_next_month, _of_weekday, _of_span, _of_words, _of_month, _of_day):
        if (found := reckon(plain, today)) is not None:
            return found if found > today else None
    return None


def _of_date(plain: str, today: date) -> date | None:
    m = _DATE.search(plain)
    if not m:
        return None
    year = int(m[1]) if m[1] else today.year
    found = _date(year, int(m[2]), int(m[3]))
    if found and not m[1] and found < today - timedelta(30):
        found = _date(year + 1, int(m[2]), int(m[3]))
    return found and (found if m[5] else found + timedelta(1))


def _of_next_month(plain: str, today: date) -> date | None:
    m = _NEXT_MONTH.search(plain)
    if not m:
        return None
    first = _months_on(today.replace(day=1), 0 if m[1] == "今月" else 1)
    found = _date(first.year, first.month, int(m[2]))
    return found and (found if m[3] else found + timedelta(1))


def _of_weekday(plain: str, today: date) -> date | None:
    m = _WEEKDAY.search(plain)
    if not m or (not m[1] and re.search(r"毎週", plain)):
        return None
    weeks = {"来週": 1, "再来週": 2, "今週": 0, None: 0}[m[1]]
    monday = today - timedelta(today.weekday())
    found = monday + timedelta(7 * weeks + "月火水木金土日".index(m[2]))
    if found <= today and not m[1]:
        found += timedelta(7)
    return found + timedelta(1) if m[3] == "まで" else found


def _of_span(plain: str, today: date) -> date | None:
    if re.search(r"半年", plain):
        return _months_on(today, 6)
    m = _SPAN.search(plain)
    if not m or m[1] == "半" or (m[2] == "日" and re.match(r"まで|から|より|に|付", plain[m.end() :])):
        return None
    count = _count(m[1])
    if m[2] == "日":
        return today + timedelta(count)
    if m[2] == "週":
        return today + timedelta(7 * count)
    return _months_on(today, count * (12 if m[2] == "年" else 1))


def _of_words(plain: str, today: date) -> date | None:
    monday = today - timedelta(today.weekday())
    first = _months_on(today.replace(day=1), 1)
    april = date(today.year + (today.month >= 4), 4, 1)
    table = (
        (r"年内|年末まで|年明け|正月|来年", date(today.year + 1, 1, 1)),
        (r"年度(?:末|内|いっぱい)|来年度|新年度", april),
        (r"(?:来月|翌月)(?:末|いっぱい|中|は|だけ|分)", _months_on(today.replace(day=1), 2)),
        (r"再来月", _months_on(today.replace(day=1), 2)),
        (r"来月|翌月", first),
        (r"今月|(?<![0-9])月末|月内", first),
        (r"再来週(?:いっぱい|中)", monday + timedelta(21)),
        (r"再来週", monday + timedelta(14)),
        (r"来週(?:だけ|いっぱい|中|は|分|の(?:お知らせ|通知|分))", monday + timedelta(14)),
        (r"来週|週明け", monday + timedelta(7)),
        (r"今週|今回|次回", monday + timedelta(7)),
        (r"明後日|あさって", today + timedelta(2)),
        (r"明日|あした|あす", today + timedelta(1)),
    )
    return next((day for pattern, day in table if re.search(pattern, plain)), None)


def _of_month(plain: str, today: date) -> date | None:
    m = _MONTH.search(plain)
    if not m or not 1 <= int(m[1]) <= 12:
        return None
    year = today.year + (int(m[1]) < today.month)
    found = date(year, int(m[1]), 1)
    return _months_on(found, 1) if m[2] in _END else found


def _of_day(plain: str, today: date) -> date | None:
    m = _DAY.search(plain)
    if not m:
        return None
    found = _date(today.year, today.month, int(m[1]))
    if found is None or found < today:
        after = _months_on(today.replace(day=1), 1)
        found = _date(after.year, after.month, int(m[1]))
    return found and (found + timedelta(1) if m[2] == "まで" else found)


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _months_on(day: date, count: int) -> date:
    """So many months later; the last day of a month that is shorter."""
    months = day.year * 12 + day.month - 1 + count
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _count(written: str) -> int:
    if written.isdigit():
        return int(written)
    tens, ten, ones = written.rpartition("十")
    if not ten:
        return _KANJI.get(written[0], 1)
    return (_KANJI.get(tens, 1) if tens else 1) * 10 + (_KANJI.get(ones, 0) if ones else 0)
