"""Asking in a DM: cards, the question and its options, typed words, going back, one question inside another."""

import time

import pytest

from .conftest import EMPLOYEE, MANAGER, Office

VAGUE = "この資料、取引先に見せてもいいですか？"


def buttons(message):
    return [e["action_id"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"]]


def test_a_verdict_says_why_what_to_do_what_would_change_it_and_whom_to_ask(office: Office):
    answer = office.say("A社さんから預かってる図面、外注先に渡していい？A社にはまだ何も言ってない")
    for part in (
        "秘密として扱ってください",
        "「A社さんから預かってる」",
        "1. ",
        "結論が変わるとき",
        "もと: リーフレット",
        "情報管理担当",
    ):
        assert part in answer["text"]
    assert buttons(answer) == ["card.more", "card.ask", "card.disagree"]


def test_a_question_is_answered_by_buttons_and_back_loses_nothing(office: Office):
    asked = office.say(VAGUE)
    second = office.pressed(asked, "check.choose.3")
    assert "お答え: カタログやホームページ" in second["text"]
    back = office.pressed(second, "check.back")
    assert buttons(back) == buttons(asked)
    again = office.pressed(back, "check.choose.3")
    assert again["text"] == second["text"]
    third = office.pressed(again, "check.choose.1")
    public = office.pressed(third, "check.choose.1")
    assert "公開されている情報と考えられます" in public["text"]
    assert len([line for line in public["text"].split("\n") if line.startswith("お答え: ")]) == 3


@pytest.mark.parametrize("typed", ["2", "２", "2番", "2です", "図面・製法・原価・計画など、社外に出していないもの"])
def test_options_can_be_typed(office: Office, typed):
    office.say(VAGUE)
    assert "秘密として扱ってください" in office.say(typed)["text"]


def test_words_that_are_no_option_are_a_new_message(office: Office):
    office.say(VAGUE)
    assert "それは私の担当ではありません" in office.say("明日の天気は？")["text"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("1", "番号で答えられる質問はありません"),
        ("2番で", "番号で答えられる質問はありません"),
        ("はい", "いま続けられる質問はありません"),
        ("やめる", "いま続けられる質問はありません"),
    ],
)
def test_an_answer_to_nothing_is_told_that_nothing_was_asked(office: Office, said, told):
    for _ in range(2):  # to somebody new, and to one who was answered before
        assert told in office.say(said)["text"]
        office.say("原価表を客に見せていい？")


def test_who_takes_it_back_gets_a_short_line(office: Office):
    assert "いつでもどうぞ" in office.say("なんでもないです")["text"]


@pytest.mark.parametrize(
    ("said", "choice", "told"),
    [
        ("見積書の件", "intent.secret_check", "秘密として扱ってください"),
        ("助けて！", "intent.leak", "まず、この3つだけ"),
    ],
)
def test_of_a_name_or_a_cry_it_is_asked_what_is_meant(office: Office, said, choice, told):
    asked = office.say(said)
    assert "もしかして" in asked["text"]
    assert told in office.pressed(asked, choice)["text"]


def test_a_question_in_the_middle_is_answered_and_the_first_is_taken_up_again(office: Office):
    office.say(VAGUE)
    between = office.say("INPITの電話番号は？")
    assert "INPIT" in between["text"]
    assert "さきほどの質問の続きです" in between["text"]
    assert "秘密として扱ってください" in office.say("2")["text"]


def test_a_question_put_aside_no_longer_takes_numbers_but_waits_in_app_home(office: Office):
    asked = office.say(VAGUE)
    office.pressed(asked, "check.later")
    assert "秘密として扱ってください" not in office.say("2")["text"]
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    assert "check.choose.2" in buttons(home)


def test_more_shows_the_sources_in_full_and_keeps_the_answer(office: Office):
    answer = office.say("A社から預かった図面を外注先に渡していい？")
    office.slack.press(EMPLOYEE, answer, "card.more")
    more = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, answer["channel"]))
    assert "確かさ: リーフレットの記載" in more[-1]["text"]
    assert office.answers()[-1]["text"] == answer["text"]


def test_a_late_press_changes_nothing(office: Office):
    asked = office.say(VAGUE)
    old = next(e for b in asked["blocks"] if b["type"] == "actions" for e in b["elements"])
    second = office.pressed(asked, "check.choose.3")
    before = len(office.slack.calls())
    assert office.slack.press(EMPLOYEE, second, "check.choose.1", element=old).acked
    time.sleep(0.3)
    assert office.answers()[-1]["text"] == second["text"]
    assert len(office.slack.calls()) == before


def test_the_dialogue_goes_on_after_a_restart(office: Office):
    asked = office.say(VAGUE)
    office.restart()
    assert "秘密として扱ってください" in office.pressed(asked, "check.choose.2")["text"]


def test_two_close_readings_are_offered(office: Office, monkeypatch):
    monkeypatch.setattr("knowledge.read.CLOSE", 100.0)
    asked = office.say("社外秘の印は何のため？")
    assert "もしかして" in asked["text"]
    assert len(buttons(asked)) in (2, 3)
    assert "もしかして" not in office.pressed(asked, "intent.handbook")["text"]


def test_asking_without_words_reads_by_the_same_rules(office: Office):
    hello = office.say("こんにちは")
    office.slack.press(EMPLOYEE, hello, "chips.open")
    kinds = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, hello["channel"]))[-1]
    acts = office.pressed(kinds, "chips.kind.entrusted")
    verdict = office.pressed(acts, "chips.act.send")
    assert "秘密として扱ってください" in verdict["text"]
    assert "他社から預かったもの → 社外に送る・見せる" in verdict["text"]


@pytest.mark.parametrize(
    "text, kind",
    [
        ("カードは4111 1111 1111 1111です。取引先に送っていい？", "クレジットカードの番号"),
        ("マイナンバー1234 5678 9018を税理士に送っていい？", "マイナンバー"),
        ("【社外秘】" + "配合は次のとおりです。" * 30 + "見せていい？", "秘密の表示がある長い文章"),
    ],
)
def test_private_matter_is_neither_kept_nor_repeated(office: Office, text, kind):
    answer = office.say(text)
    assert kind in answer["text"] and "メッセージを削除" in answer["text"]
    for secret in ("4111", "9018", "配合は次"):
        assert secret not in answer["text"]


def test_what_people_type_cannot_call_a_channel(office: Office):
    answer = office.say("<!channel> <@U02MANAGER> の図面を客先に送っていい？ <https://example.com|ここ>")
    assert "<!" not in answer["text"] and "<@U02" not in answer["text"]


def test_a_very_long_message_is_read_to_a_point_and_says_so(office: Office):
    assert "1万文字" in office.say("図面を送っていい？" + "あ" * 30_000)["text"]


def test_a_manager_sees_what_waits(office: Office):
    answer = office.say("原価表を客に見せていい？")
    office.say("ちがうと思う")
    office.say("はい")
    office.slack.open_home(MANAGER)
    home = office.slack.wait(lambda: office.slack.home(MANAGER))
    texts = [b["text"]["text"] for b in home["blocks"] if b["type"] == "section"]
    assert any("届いた相談と声: 1件" in t for t in texts)
    assert answer["text"] not in str(home)


@pytest.mark.parametrize(
    "text, says",
    [("漏れたかも", "どれに近いですか"), ("文字にせずに聞く", "何についてですか"), ("わたしのデータ", "記録: ")],
)
def test_buttons_that_stand_below_no_answer_can_be_typed(office: Office, text, says):
    assert says in office.say(text)["text"]


def test_no_other_question_stands_below_a_leak_or_a_second_answer(office: Office):
    office.say(VAGUE)
    assert "さきほどの質問" not in office.say("見積書をまちがえて別の会社に送った")["text"]
    assert "さきほどの質問" not in office.say("INPITの電話番号は？")["text"]
    assert "秘密として扱ってください" in office.say("2")["text"]


def test_signs_that_slack_escapes_are_quoted_as_they_were_typed(office: Office):
    answer = office.say("A社から預かった「R&D図面」を外注先に渡していい？")
    assert "&amp;amp;" not in str(answer["blocks"])


@pytest.mark.parametrize(
    "text",
    [
        "ありがとう",
        "ありがとうございました！",
        "了解です。ありがとうございます",
        "わかりました",
        "ＯＫ",
        "助かりました😊",
    ],
)
def test_thanks_get_a_short_kind_line(office: Office, text):
    answer = office.say(text)
    assert answer["text"].startswith("いつでもどうぞ") and len(answer["text"]) < 60


def test_thanks_in_the_middle_leave_the_question_open(office: Office):
    office.say(VAGUE)
    answer = office.say("了解です")["text"]
    assert answer.startswith("いつでもどうぞ") and "さきほどの質問の続きです" in answer
    assert "秘密として扱ってください" in office.say("2")["text"]


def test_thanks_with_a_question_are_a_question(office: Office):
    assert "秘密として扱ってください" in office.say("ありがとう。では原価表を客に見せていい？")["text"]


def test_a_file_beside_words_is_said_not_to_be_opened(office: Office):
    file = {"id": "F1", "name": "x.pdf", "mimetype": "application/pdf"}
    dm = office.slack.dm(EMPLOYEE)
    office.slack.post(EMPLOYEE, dm, "原価表を客に見せていい？", files=[file])
    answer = office.slack.wait(office.answers)[-1]
    assert "秘密として扱ってください" in answer["text"]
    assert answer["text"].endswith("この答えは、書かれた文だけを読んだものです。")
    office.slack.post(EMPLOYEE, dm, "", files=[file])
    alone = office.slack.wait(lambda: office.answers()[1:])[-1]
    assert alone["text"].startswith("ファイルは開いていません")
