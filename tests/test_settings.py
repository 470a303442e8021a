"""knowledge/settings.py: what a reminder message asks for."""

import json
from datetime import date
from pathlib import Path

import pytest

from knowledge.models import Settings
from knowledge.settings import settings

KEYS = ("weekday", "hour", "action")

CASES = Path(__file__).parent / "cases"
SAID = {
    file.stem: [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for file in sorted((CASES / "wishes").glob("*.jsonl"))
}


@pytest.mark.parametrize("row", SAID["table"], ids=lambda row: row["text"])
def test_a_reminder_message_says(row):
    assert settings(row["text"]).to_json() | {"text": row["text"]} == row


def test_what_people_said_is_read():
    rows = [row for rows in SAID.values() for row in rows]
    wrong = [row["text"] for row in rows if settings(row["text"]).to_json() != {k: row[k] for k in KEYS}]
    assert len(rows) > 2200
    assert len(wrong) <= 0.03 * len(rows), wrong


@pytest.mark.parametrize("text", ["", "お知らせ", "！？", "\ud800", "。" * 3000], ids=range(5))
def test_nothing_is_said(text):
    assert settings(text) == Settings()


def test_there_is_no_hour_25():
    assert settings("25時に変えて").hour is None


WAYS = [
    line.split("|")
    for line in (CASES / "nudge_ways.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


@pytest.mark.parametrize(("text", "weekday", "hour", "action", "until"), WAYS, ids=[w[0] for w in WAYS])
def test_a_way_of_saying_it(text, weekday, hour, action, until):
    found = settings(text, date(2026, 11, 27))
    assert found.to_json() == {
        "weekday": weekday or None,
        "hour": int(hour) if hour else None,
        "action": action or None,
    }
    assert (found.until or "") == until


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("来月の10日まで休む", "2026-12-11"),
        ("11月30日まで休む", "2026-12-01"),
        ("11月3日まで休む", None),  # past
        ("2月30日まで休む", None),  # no such day
        ("31日まで止めて", "2027-01-01"),
        ("半年休む", "2027-05-27"),
        ("十日間休む", "2026-12-07"),
        ("1年間休む", "2027-11-27"),
        ("3月末まで休む", "2027-04-01"),
        ("12月中は止めて", "2027-01-01"),
        ("来月末まで休む", "2027-01-01"),
        ("再来週まで止めて", "2026-12-07"),
        ("しばらく休む", None),
        ("12月7日に復帰します。それまで止めて", "2026-12-07"),
        ("来月の5日に戻るので再開して", "2026-12-05"),
        ("10日には読めます。10日に戻るまで止めて", "2026-12-10"),
        ("再来週の月曜に復帰しますので、それまではリマインドなしで", "2026-12-07"),
        ("金曜に戻ります。それまで止めて", "2026-12-04"),
        ("10月1日付で復職するので、その日から再開してもらえると助かります", "2027-10-01"),
    ],
)
def test_until_when(text, until):
    assert settings(text, date(2026, 11, 27)).until == until


def test_a_day_that_is_not_wanted_is_asked_about():
    found = settings("月曜と金曜以外にして")
    assert (found.weekday, found.action, found.avoid, found.wants) == (None, "change", ("mon", "fri"), "day")
    assert settings("もう少し遅い時間にして").wants == "hour"
