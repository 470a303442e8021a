"""bot/render.py: what people see in the terminal."""

import dataclasses
import re
from datetime import date
from pathlib import Path

import pytest
import yaml
from jinja2 import Environment, meta

from bot import render
from knowledge import answer, content, evidence
from knowledge.company import Company
from knowledge.models import Measure

KNOWLEDGE = content.load(Path(__file__).parent / "no company here")
COMPANY = dataclasses.replace(
    KNOWLEDGE,
    company=Company.model_validate(
        {"desks": [{"id": "info", "name": "情報管理担当", "phones": [{"number": "内線1234", "note": "平日9〜18時"}]}]}
    ),
)
LONGEST = 13  # lines

# text, choices, first line, parts that must stand in the answer
CASES = [
    (
        "A社さんから預かってる図面、別の外注さんに送っていい？A社にはまだ何も言ってないです", (),
        "🔒 秘密として扱ってください",
        ["「A社さんから預かってる」", "承諾がまだない", "1. ", "結論が変わるとき: 持ち主の承諾があれば", "もと: リーフレット B-1"],
    ),
    (
        "サーバーの管理者パスワード、業者さんにチャットで送って大丈夫ですか", (),
        "🔒 秘密として扱ってください",
        ["「管理者パスワード」", "その人専用のID"],
    ),
    (
        "特許公報に載ってる図面をお客さんに見せるのはOK？登録されて公報も出てます", (),
        "🌐 公開されている情報と考えられます",
        ["載っている範囲", "まだ載っていない部分は、秘密として扱います"],
    ),
    (
        "この資料送っていい？", (),
        "❓ 1つだけ教えてください",
        ["「この資料」", " 1) ", " 4) ", "番号で答えてください", "決まるまでは、秘密として扱うと安全です"],
    ),
    (
        "この資料送っていい？", (4,),
        "❓ 担当と一緒に決めてください",
        ["お答え: わからない", "聞く相手: 上司か情報管理の担当", "himitsu init"],
    ),
    (
        "やばい、A社あての見積を間違えてB社に送った！！どうしよう", (),
        "🚨 まず、この3つだけお願いします",
        ["2. すぐ知らせる: ", "開かずに消し", "社外の相談先", "INPIT", "※リーフレット記載(2015〜16年頃)", "助かりました"],
    ),
    (
        "お客さま200人分のメアド、BCCのはずがCCで一斉送信しちゃいました…", (),
        "🚨 まず、この3つだけお願いします",
        ["速報", "確報は30日以内", "個人情報保護委員会"],
    ),
    ("防犯カメラって情報漏えい対策になるんですか？", (), None, ["防犯カメラ", "関係する節: C-3", "もと: リーフレット C-3"]),
    ("営業秘密って何ですか？", (), None, ["営業秘密とは、", "関係する節"]),
    (
        "INPITの電話番号おしえて", (),
        "INPIT 営業秘密・知財戦略相談窓口",
        ["ページ http", "電話 03-3581-1101(内線3844) ※リーフレット記載", "2026-11-23 確認"],
    ),
    ("こういうのって社内だとまず誰に言えばいいの？担当者の名前しりたい", (), "会社の窓口はまだ登録されていません。", ["himitsu init"]),
    ("セルフチェックの続きからお願いします", (), "自己チェックは、Slackのhimitsuに「チェック」と書くと始まります。", ["A-1"]),
    ("リマインド月曜の朝9時にして", (), None, ["(月曜9時)", "himitsuとのDM"]),
    ("毎週のお知らせ止めて", (), None, ["「お知らせを止める」"]),
    ("こんにちは〜", (), None, ["いつでも聞いてください"]),
    ("", (), None, ["いつでも聞いてください"]),
    ("今日の天気は？", (), "それは私の担当ではありません。秘密情報のことなら、いつでも聞いてください。", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "choices", "first", "parts"), CASES, ids=[f"{c[0][:20]}{c[1] or ''}" for c in CASES])
def test_an_answer_fits_a_phone_and_says(text, choices, first, parts):
    reading = answer.read(text, KNOWLEDGE, choices=choices)
    shown = render.answer(reading, KNOWLEDGE)
    lines = shown.splitlines()
    assert first is None or lines[0] == first
    for part in parts:
        assert part in shown
    assert len(lines) <= LONGEST
    assert "秘密ではありません" not in shown
    assert not re.search(r"[!！]|と思われます|None|Undefined|\{\{", shown)
    assert shown == render.answer(answer.read(text, KNOWLEDGE, choices=choices), KNOWLEDGE)


@pytest.mark.parametrize(("text", "choices", "first", "parts"), CASES, ids=[f"{c[0][:20]}{c[1] or ''}" for c in CASES])
def test_sources_are_shown_in_full(text, choices, first, parts):
    reading = answer.read(text, KNOWLEDGE, choices=choices)
    shown = render.sources(reading, KNOWLEDGE)
    for source in reading.sources:
        assert source.text in shown
        assert not source.url or source.url in shown
    if not reading.sources:
        assert shown == "この答えには、挙げる資料がありません。"


def test_only_short_quotes_of_a_message_are_repeated():
    text = "前置きの長い話です。" * 30 + "新型ポンプの試作図面、取引先に見せてもいいですか？まだ発表前です。"
    shown = render.answer(answer.read(text, KNOWLEDGE), KNOWLEDGE)
    assert "前置き" not in shown
    assert all(len(quote) <= evidence.LONGEST for quote in re.findall("「([^」]*)」", shown))


def test_a_long_text_is_said_to_be_read_in_part():
    shown = render.answer(answer.read("この図面、社外に送っていい？" + "いろは。" * 2_500, KNOWLEDGE), KNOWLEDGE)
    assert "はじめの1万文字だけを読みました" in shown


def test_the_companys_desk_comes_before_outside_desks():
    reading = answer.read("電車にノートPC忘れました。図面データ入ってます", COMPANY)
    shown = render.answer(reading, COMPANY)
    assert "すぐ知らせる: 情報管理担当 内線1234(平日9〜18時)" in shown
    assert shown.index("情報管理担当") < shown.index("INPIT")
    asked = answer.read("こういうのって社内だとまず誰に言えばいいの？担当者の名前しりたい", COMPANY)
    assert "会社の窓口は 情報管理担当 内線1234" in render.answer(asked, COMPANY)


def test_a_desk_past_its_date_is_said_to_be_old():
    reading = answer.read("INPITの電話番号おしえて", KNOWLEDGE, today=date(2030, 1, 1))
    assert "期限を過ぎている" in render.answer(reading, KNOWLEDGE)


def test_advice_that_is_not_verified_is_never_the_handbooks_word():
    for text in [c[0] for c in CASES]:
        reading = answer.read(text, KNOWLEDGE)
        shown = render.answer(reading, KNOWLEDGE)
        for fact in reading.facts:
            if fact.certainty == "unverified":
                assert f"一般的な助言: {fact.text}" in shown or f"一般的な助言です。{fact.text}" in shown
        origins = next((line for line in shown.splitlines() if line.startswith("もと: ")), "")
        if all(s.certainty == "unverified" for s in reading.sources):
            assert "ハンドブック" not in origins


# --- the words themselves ---------------------------------------------------------------------------------------------


def views():
    return sorted(p.name for p in render.VIEWS.glob("*.j2"))


@pytest.mark.parametrize("name", views())
def test_a_view_compiles_and_uses_only_what_it_is_given(name):
    source = (render.VIEWS / name).read_text(encoding="utf-8")
    environment = Environment()
    environment.filters["origins"] = list
    assert meta.find_undeclared_variables(environment.parse(source)) <= {"reading", "labels", "means"}


def test_every_intent_has_a_view():
    intents = "leak secret_check desk handbook checklist reminder help out_of_scope".split()
    assert {f"{i}.txt.j2" for i in intents} <= set(views())


def test_labels_cover_what_the_core_can_say():
    words = render.labels()
    assert set(words["means"]) >= evidence.MEANINGS
    assert set(words["means"]) <= {*KNOWLEDGE.means, *evidence.MEANINGS}
    assert set(words["action"]) == {"on", "off", "pause", "resume", "change", "next", "done", "status"}
    assert set(words["certainty"]) == {"seed", "official", "secondary", "unverified"}


def test_no_wording_stands_in_python():
    source = Path(render.__file__).read_text(encoding="utf-8")
    assert not re.search("[ぁ-んァ-ヶ一-鿿]", source)


@pytest.mark.parametrize("measure", KNOWLEDGE.measures.values(), ids=list(KNOWLEDGE.measures))
def test_measures_are_spelt_as_we_spell(measure: Measure):
    text = "".join([measure.why, measure.would_change, *measure.steps])
    assert not re.search(r"漏洩|持出|取扱(?!い)|(?<!取り)扱い(?!ます)|[!！]|思われます", text.replace("取り扱い", ""))
    assert measure.why.endswith("。")
    assert not any(step.endswith("。") for step in measure.steps)


@pytest.mark.parametrize("file", ["measures.yaml", "questions.yaml", "leak_steps.yaml"])
def test_no_spelling_that_we_do_not_use(file):
    text = (Path(answer.__file__).parent / file).read_text(encoding="utf-8")
    yaml.safe_load(text)
    assert not re.search("漏洩|持出し|取扱い", text)


def test_someone_who_may_have_carried_it_off_is_not_told_first():
    text = "まだ誰にも言わないでください。上司がデータを持ち出しているかもしれません"
    shown = render.answer(answer.read(text, KNOWLEDGE), KNOWLEDGE)
    assert "上司か情報管理の担当" not in shown and "関わっていそうな人を通さずに" in shown


@pytest.mark.parametrize("example", re.findall("「(.+?)」", render.answer(answer.read("ヘルプ", KNOWLEDGE), KNOWLEDGE)))
def test_what_the_help_shows_as_an_example_is_answered(example):
    assert answer.read(example, KNOWLEDGE).intent in ("secret_check", "leak", "handbook", "desk")
