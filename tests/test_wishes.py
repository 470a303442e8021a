"""knowledge/wishes: signs with their endings, days and hours that are named, and how signs and weights agree."""

import re

import pytest

from knowledge import content
from knowledge import validate as validate_module
from knowledge.text import normalise
<<<<<<< HEAD
from knowledge.wishes import signs, weigh
=======
from knowledge.validate import validate
from knowledge.wishes import signs, weigh, when
>>>>>>> wishes2
from knowledge.wishes.endings import endings
from knowledge.wishes.named import days, hours
from knowledge.wishes.signs import SignEntry, SignExamples, look, misses
from knowledge.wishes.spelt import in_figures


def told(text: str) -> list[str]:
    return [found.told for found in look(normalise(text).text).found]


@pytest.mark.parametrize(
    ("stem", "rest", "ending"),
    [
        ("止め", "てください", "wish"),
        ("止め", "ないで", "neg"),
        ("送", "らんといて", "neg"),
        ("送", "らんでください", "neg"),
        ("送", "るな", "neg"),
        ("止め", "てた", "past"),
        ("消", "せ", "wish"),
        ("変え", "たい", "want"),
        ("止め", "たら", "if"),
        ("停止", "をお願いします", "noun"),
        ("止め", "", "bare"),
    ],
)
def test_how_an_act_ends(stem, rest, ending):
    assert ending in endings(stem, rest)


def test_n_de_joins_where_it_does_not_deny():
    assert "neg" not in endings("休", "んでください")
    assert "neg" in endings("来", "んでください")


def test_a_sign_is_found_as_typed_and_by_its_reading():
    assert "stop/wish" in told("通知を止めてください")
    assert "stop/wish" in told("ﾂｳﾁ ﾄﾒﾃ ｸﾀﾞｻｲ")
    assert "awhile" in told("一児停止にして")  # a slip of kanji that sounds alike


def test_what_undoes_a_stop_hides_the_stop():
    assert told("停止の設定を解除して") == ["undo"]
    assert "undo" not in told("登録を解除して")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("水曜休みになったけん、別の日にして", "d:open"),
        ("土曜に来ても誰もいない。平日のどこかにして", "d:open"),
        ("水曜は定休になったので変えて", "d:reason"),
        ("水曜がいいので変えて", "d:only"),  # the wish itself
        ("水曜に変えて", "d:only"),
        ("水曜しか出ないので、その日に変えて", "d:only"),
        ("水曜は在宅で空くので、そこに変えて", "d:only"),  # pointed back at
    ],
)
def test_a_day_told_as_a_reason(text, place):
    said = look(normalise(text).text)
    assert place in set(when.around(days(said.text), 0, said))


def test_a_day_that_is_recalled_is_asked_about():
    said = look("水曜やったっけ")
    assert "recalls" in set(when.around(days(said.text), 0, said))
    assert "recalls" in told("水曜やったっけ")


def test_a_conclusion_outweighs_what_was_said_before():
    found = signs.told(look("休むと言ったけど、結局解除で"))
    assert found["=rest"] == signs.OVERRULED
    assert found["=leave"] == found["!leave"] == 1
    assert "!rest" not in found


def test_a_longer_word_is_another():
    assert "stop" not in "".join(told("まとめて送って"))
    assert "start" not in "".join(told("Pythonで書いて"))


def test_signs_keep_their_examples():
    assert list(validate_module._wishes()) == []


def test_an_example_that_a_sign_misses_is_told():
    examples = SignExamples(match=("やめて", "続けて"), no_match=("まとめて", "とめて"))
    entry = SignEntry(id="stop", kind="act", words=("やめ", "とめ"), without=("まとめ",), examples=examples)
    assert list(misses(entry)) == [("match", "続けて"), ("no_match", "とめて")]


def test_weights_name_signs_that_are_there():
    known = {sign.id for sign in signs.book()}
    named = {m[1] for sign in weigh.weights().actions if (m := re.match(r"(?:[=.!]|@set )(\w+)", sign))}
    assert named <= known
    assert len(named) > 30


def test_the_files_of_wishes_are_read_and_those_of_a_company_are_not(tmp_path):
    assert not any("wishes" in problem.file for problem in content.unread(content.HERE))
    (tmp_path / "wishes").mkdir()
    (tmp_path / "wishes" / "signs.yaml").write_text("signs: []", encoding="utf-8")
    assert ["is not read" in problem.reason for problem in content.unread(tmp_path)] == [True]


def test_a_broken_file_is_told(monkeypatch, tmp_path):
    (tmp_path / "wishes").mkdir()
    (tmp_path / signs.FILE).write_text(
        "signs: [{id: a, kind: act, words: [やめ], examples: {match: [続けて], no_match: [やめて]}}]", encoding="utf-8"
    )
    (tmp_path / weigh.FILE).write_text("actions: {}\nnamed: {}\ntimed: {a: viel}", encoding="utf-8")
    monkeypatch.setattr(content, "HERE", tmp_path)
    told = [f"{problem.file}: {problem.place}" for problem in validate_module._wishes()]
    assert told == [
        f"knowledge/{weigh.FILE}: timed.a",
        f"knowledge/{signs.FILE}: signs (a).examples.match",
        f"knowledge/{signs.FILE}: signs (a).examples.no_match",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("月曜はやめて水曜に", ["mon", "wed"]),
        ("かようびに", ["tue"]),
        ("木→月", ["thu", "mon"]),
        ("週明けか花金", ["mon", "fri"]),
        ("tuesdayにして", ["tue"]),
        ("sunnyな日", []),
        ("必要です", []),
    ],
)
def test_days_that_are_named(text, found):
    assert [day.value for day in days(text)] == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("18:30→19:00へ", [18, 19]),
        ("夕方5時", [17]),
        ("夜の7時半", [19]),
        ("3時に", [15]),
        ("二時間早めて", []),
        ("一時停止", []),
        ("pm2:00", [14]),
        ("9 amに", [9]),
        ("早朝か始業か昼休み明け", [7, 9, 13]),
        ("25時", []),
    ],
)
def test_hours_that_are_named(text, found):
    assert [hour.value for hour in hours(text)] == found


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("げつようびのじゅうじに", "げつようびの10時に"),
        ("ゴゴ4ジに", "午後4時に"),
        ("くじに変えて", "9時に変えて"),
        ("くじに当たったので", "くじに当たったので"),  # a lottery
        ("くじに外れた", "くじに外れた"),
    ],
)
def test_hours_in_kana(text, figures):
    assert in_figures(text) == figures
