"""Which words start which check, and which are left to be read as a message."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.features.checks import find
from bot.features.checks.words import Told, ask_at, bar, checked_due, due_in, note_in, verb_of
from knowledge.company import Company
from knowledge.content import load

CHECKLISTS = load(Path("no-company")).checklists


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("退職者が出る", "leaving"),
        ("来週、退職する人がいます。", "leaving"),
        ("新しい人が入社します", "joining"),
        ("展示会に出る前に確認したい", "exhibition"),
        ("共同研究を始めるにあたって確認したいです", "joint_research"),
        ("生成AIを使う前のチェック", "generative_ai"),
        ("ＡＩを使いたい", "generative_ai"),
        ("5問チェック", "short"),
        ("会社のチェック", "full"),
    ],
)
def test_words_that_are_nothing_but_a_call_for_a_check(text: str, id: str):
    assert find.called(text, CHECKLISTS) == id


@pytest.mark.parametrize(
    "text",
    [
        "テレワーク",  # a bare word is looked up
        "退職者が図面を持ち出した",
        "退職した人が名簿を持って行ったみたい",
        "展示会で図面を見せていいか確認したい",
        "退職する人がいるけど原価表を渡していい？",
        "mailのチェックをしたい",  # no "ai"
        "入社のときの誓約書はどこ？",
        "",
        "退職者が出る" * 10,
    ],
)
def test_what_says_more_is_read_as_a_message(text: str):
    assert find.called(text, CHECKLISTS) == ""


def test_the_longest_word_decides():
    assert find.fitting("営業秘密の3つの要件をチェックしたい", CHECKLISTS) == "item"
    assert find.fitting("在宅勤務を始める前に点検したい", CHECKLISTS) == "outside"
    assert find.fitting("チェックしたい", CHECKLISTS) == ""


def test_going_on_is_no_procedure():
    assert find.goes_on("チェックの続きをお願いします") and not find.goes_on("退職の手続きのチェック")


def test_a_day_is_a_working_day_and_is_asked_about_at_ten_in_tokyo():
    now = datetime(2026, 12, 27, 15, 30, tzinfo=UTC).timestamp()  # the 28th in Tokyo
    shut = Company.model_validate({"holidays": [{"date": f"2026-12-{d}"} for d in (29, 30, 31)] + ["2027-01-04"]})
    assert due_in(7, now, shut) == "2027-01-05"  # 1 to 3 January are days off anyway
    assert due_in(1, now, Company()) == "2026-12-29"
    assert ask_at("2026-12-11") == datetime(2026, 12, 11, 1, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("due", "told"), [("2026-12-28", "明日から"), ("2028-01-01", "1年以内"), ("2026-02-30", "明日から")]
)
def test_a_day_that_is_past_or_far_is_refused(due: str, told: str):
    now = datetime(2026, 12, 28, 2, tzinfo=UTC).timestamp()  # eleven in the morning
    with pytest.raises(Told, match=told):
        checked_due(due, now)


def test_small_words():
    assert [bar(n) for n in (0, 9, 10, 50, 90, 100)] == ["▯▯▯▯▯", "▯▯▯▯▯", "▮▯▯▯▯", "▮▮▮▯▯", "▮▮▮▮▮", "▮▮▮▮▮"]
    assert verb_of("もどる。") == "back" and verb_of("なぜ？") == "why" and verb_of("図面") == ""
    assert note_in("メモ：台帳は作成中") == ("note", "台帳は作成中") and note_in("根拠 写真") == ("evidence", "写真")
    assert note_in("メモ") == ("", "") and note_in("メモ帳を見せていい？") == ("", "")
