"""The questions after a report: short on every way through, skippable, and filled in by what was said."""

import itertools
from datetime import date

import pytest
import yaml

from dialogs.leak import intake
from dialogs.leak.intake import book, filled, next_question, open_questions, pick
from dialogs.leak.signs import signs
from knowledge import content

DAY = date(2026, 11, 27)


def ways(answers=None):
    """Every way through by single answers, and by skipping; as lists of questions asked."""
    answers = answers or {}
    question = next_question(answers)
    if question is None:
        yield []
        return
    steering = {"kind", "data"}
    choices = [(o.id,) for o in question.options] + [()] if question.id in steering else [(question.options[0].id,)]
    if question.id == "data":
        choices += [("personal", "own", "entrusted", "credential")]
    for chosen in choices:
        for rest in ways({**answers, question.id: chosen}):
            yield [question.id, *rest]


def test_no_way_through_asks_more_than_eight():
    found = list(ways())
    assert len(found) > 50
    assert max(map(len, found)) <= 8
    assert all(len(set(way)) == len(way) for way in found)


def test_the_first_three_decide_desks_and_dates():
    for way in ways({"kind": ("missent",)}):
        assert way[: book().first] in (["data", "duty", "known"], ["data", "known", "going"])


def test_every_name_in_the_data_is_there():
    questions = {q.id: q for q in book().questions}
    for place, q in enumerate(book().questions):
        for other, options in (*q.when, *q.unless):
            assert other in [b.id for b in book().questions[:place]], f"{q.id} looks ahead to {other}"
            assert options <= {o.id for o in questions[other].options}
        assert len({o.id for o in q.options}) == len(q.options) <= 8
    families = {entry.id for entry in content.load().leak_steps.steps}
    filled_by = book().fills["kind"]["families"]
    named = list(itertools.chain(*filled_by.values()))
    assert set(named) <= families and len(named) == len(set(named))
    for question, kinds in book().fills.items():
        for rows in kinds.values():
            assert set(rows) <= {o.id for o in questions[question].options}
    known = set(yaml.safe_load((intake.Path(intake.__file__).parent / "signs.yaml").read_text("utf-8"))) | {"over_1000"}
    assert set(itertools.chain(*book().fills["duty"]["signs"].values())) <= known


def test_what_the_words_said_is_not_asked_again():
    said = filled("mis_sent", ("personal", "business", "misdelivery"), ("over_1000",))
    assert said == {"kind": ("missent",), "data": ("personal", "own"), "duty": ("over_1000",)}
    firm = {id: chosen for id, chosen in said.items() if not book().question(id).confirm}
    assert next_question(firm).id == "duty"  # the law is not decided by one word: shown again, with that chosen
    assert filled("any", (), ()) == {}


def test_a_skipped_question_is_not_asked_again():
    assert next(q.id for q in open_questions({"kind": ()})) == "data"


def test_going_back_leads_through_what_was_filled_in():
    said = {"kind": ("lost",), "data": ("own",)}
    assert intake.before("known", said).id == "data"
    assert intake.before("kind", said) is None


@pytest.mark.parametrize(
    ("so_far", "pressed", "after"),
    [
        ((), "property", ("property",)),
        (("property",), "sensitive", ("sensitive", "property")),
        (("property",), "property", ()),
        (("property", "sensitive"), "none", ("none",)),
        (("none",), "unknown", ("unknown",)),
        (("none",), "property", ("property",)),
    ],
)
def test_choosing_many(so_far, pressed, after):
    assert pick(book().question("duty"), so_far, pressed) == after


@pytest.mark.parametrize(
    ("answers", "day"),
    [
        ({}, DAY),
        ({"known": ()}, DAY),
        ({"known": ("unknown",)}, DAY),
        ({"known": ("today",)}, DAY),
        ({"known": ("three_days",)}, date(2026, 11, 24)),
        ({"known": ("earlier",)}, None),
    ],
)
def test_the_day_of_knowing(answers, day):
    assert intake.known_on(answers, DAY) == day


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ()),
        ("顧客名簿をまちがえて送った。1,200人分", ("over_1000",)),
        ("名簿は１０００人ちょうどです", ()),  # exactly 1,000 is not over (law.L-210)
        ("1001名の名簿", ("over_1000",)),
        ("2千人分のデータ", ("over_1000",)),
        ("約1.5万件", ("over_1000",)),
        ("2026年11月に3人で", ()),
        ("情報管理の担当者が図面を持ち出しているようです", ("desk_concerned",)),
        ("窓口の人に電話した。退職者が図面を持ち出した", ("desk_concerned",)),  # harmless: it only offers another desk
        ("窓口に電話しました", ()),
        ("上司のパワハラを通報したい", ("misconduct",)),
        ("刃物で脅されて渡した", ("emergency",)),
        ("いま盗んでいる人がいる", ("emergency",)),
        ("電車に忘れたPCが見つかりました", ("found",)),
        ("ノートPCが車上荒らしで盗まれた", ("stolen",)),
        ("マイナンバーの一覧を送ってしまった", ("my_number",)),
        ("患者さんの検査結果", ("sensitive",)),
        ("もうだめだ、死にたい", ("distress",)),
        ("死にたくない、助けて", ()),
        ("自殺した社員の名前を送ってしまった", ()),
        ("ﾏｲﾅﾝﾊﾞｰ", ("my_number",)),
    ],
)
def test_signs(text, found):
    assert signs(text) == found
