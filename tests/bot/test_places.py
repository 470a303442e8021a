"""The other places: commands and mentions in channels, shortcuts, App Home, and what guests get."""

import json
from typing import Any

import pytest
from slack_bolt import BoltRequest

from .conftest import ALL, CHAT, COLLEAGUE, EMPLOYEE, GUEST, MANAGER, PARTNER, RESPONDER, STRANGER, Office
from .test_dm import buttons

COMPANY_DESK = "内線1234"


def said(office: Office, text: str, who: str = EMPLOYEE, channel: str = ALL) -> str:
    ack = office.slack.command(who, channel, "/himitsu", text)
    assert ack.acked, ack
    assert ack.response["response_type"] == "ephemeral"
    return ack.response["text"]


@pytest.mark.parametrize(
    "text, part",
    [
        ("", "いつでも聞いてください"),
        ("ヘルプ", "いつでも聞いてください"),
        ("help", "いつでも聞いてください"),
        ("チェック", "自己チェック"),
        ("check", "自己チェック"),
        ("漏えい", "どれに近いですか"),
        ("leak", "どれに近いですか"),
        ("漏洩 ノートPCをなくした", "まず、この3つ"),
        ("窓口", COMPANY_DESK),
        ("desk INPIT", "INPIT"),
        ("検索 防犯カメラ", "で見つかったこと"),
        ("検索\u3000防犯カメラ", "で見つかったこと"),  # the space of a Japanese keyboard
        ("search", "続けて書いてください"),
        ("お知らせ 毎週金曜の16時にして", "金曜"),
        ("わたしのデータ", "わたしのデータ"),
        ("ＭＹＤＡＴＡ", "わたしのデータ"),
        ("原価表を客に見せていい？", "秘密として扱ってください"),
    ],
)
def test_sub_commands_in_both_languages_and_questions(office: Office, text, part):
    assert part in said(office, text)


def test_a_mention_is_answered_to_the_asker_only(office: Office):
    office.slack.post(EMPLOYEE, ALL, "<@U00HIMITSU> 原価表を客に見せていい？")
    answer = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, ALL))[-1]
    assert "秘密として扱ってください" in answer["text"]
    assert not office.slack.ephemerals(COLLEAGUE, ALL)
    assert not [m for m in office.slack.messages(ALL) if m.get("bot_id")]


def test_an_ephemeral_question_goes_on_with_buttons(office: Office):
    office.slack.post(EMPLOYEE, ALL, "<@U00HIMITSU> この資料、取引先に見せてもいいですか？")
    asked = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, ALL))[-1]
    office.slack.press(EMPLOYEE, asked, "check.choose.2")
    verdict = office.slack.wait(
        lambda: e if "お答え: 図面" in (e := office.slack.ephemerals(EMPLOYEE, ALL)[-1])["text"] else None
    )
    assert "お答え: 図面・製法・原価・計画など" in verdict["text"]
    assert not office.slack.ephemerals(COLLEAGUE, ALL) and len(office.slack.ephemerals(EMPLOYEE, ALL)) == 1


def test_a_leak_told_in_a_channel_goes_on_in_a_dm(office: Office):
    office.slack.post(EMPLOYEE, ALL, "<@U00HIMITSU> 図面の入ったノートPCを電車に忘れた")
    answer = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, ALL))[-1]
    assert "まず、この3つ" in answer["text"] and "DMに送ります" in answer["text"]
    direct = office.slack.wait(lambda: office.answers())[-1]
    assert "社外の相談先" in direct["text"] and "leak.tell" in buttons(direct)
    assert not office.slack.ephemerals(COLLEAGUE, ALL)
    assert "受付番号が出ます" in office.say("担当に知らせる")["text"]  # the DM goes on with it in words too


def test_the_message_shortcut_works_where_the_bot_is_no_member(office: Office):
    ts = office.slack.post(COLLEAGUE, CHAT, "新製品の原価表です。来月発表します")
    assert office.slack.shortcut(EMPLOYEE, "check.message", CHAT, ts).acked
    modal = office.slack.wait(lambda: office.slack.modal(EMPLOYEE))
    assert "秘密として扱ってください" in str(modal)


def test_a_question_in_a_modal_goes_on_there(office: Office):
    ts = office.slack.post(COLLEAGUE, ALL, "この資料")
    office.slack.shortcut(EMPLOYEE, "check.message", ALL, ts)
    modal = office.slack.wait(lambda: office.slack.modal(EMPLOYEE))
    assert "check.choose.2" in buttons(modal)
    office.slack.press(EMPLOYEE, {"view_id": modal["id"], "type": "view"}, "check.choose.2")
    verdict = office.slack.wait(lambda: m if "お答え: 図面" in str(m := office.slack.modal(EMPLOYEE)) else None)
    assert verdict["id"] == modal["id"] and "check.choose.2" not in buttons(verdict)


def test_the_leak_shortcut_helps_before_it_asks(office: Office):
    office.slack.shortcut(EMPLOYEE, "leak.start")
    modal = office.slack.wait(lambda: office.slack.modal(EMPLOYEE))
    assert COMPANY_DESK in str(modal["blocks"][:2])
    office.slack.press(EMPLOYEE, {"view_id": modal["id"], "type": "view"}, "leak.kind.lost")
    office.slack.wait(lambda: "遠隔ロック" in str(office.slack.modal(EMPLOYEE)))
    assert not office.slack.messages(office.slack.dm(RESPONDER))


def test_home_asks_in_a_modal_and_shows_open_questions(office: Office):
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    assert "途中の質問" not in str(home)
    office.slack.press(EMPLOYEE, {"view_id": home["id"], "type": "view"}, "chips.open")
    kinds = office.slack.wait(lambda: office.slack.modal(EMPLOYEE))
    assert "chips.kind.entrusted" in buttons(kinds)


@pytest.mark.parametrize("who", [GUEST, STRANGER])
def test_guests_and_strangers_get_nothing_of_the_company(office: Office, who):
    for text in ("窓口", "原価表を客に見せていい？", "ノートPCをなくした", "漏えい"):
        answer = said(office, text, who, PARTNER)
        assert COMPANY_DESK not in answer and "情報管理担当 内線" not in answer and "担当に聞く］" not in answer
    office.slack.open_home(who)
    home = office.slack.wait(lambda: office.slack.home(who))
    assert COMPANY_DESK not in str(home)


def test_a_guest_cannot_send_by_a_forged_button_either(office: Office):
    card = office.say("原価表を客に見せていい？", GUEST)
    forged = next(e for b in card["blocks"] if b["type"] == "actions" for e in b["elements"])
    office.slack.press(
        GUEST,
        card,
        "letter.send",
        element={**forged, "action_id": "letter.send", "value": forged["value"][:-1] + ',"k":"ask"}'},
    )
    told = office.slack.wait(lambda: office.slack.ephemerals(GUEST, card["channel"]))[-1]
    assert "社員の人だけ" in told["text"]
    assert not office.answers(MANAGER)


def test_nobody_else_can_go_on_with_a_question(office: Office):
    asked = office.say("この資料、取引先に見せてもいいですか？")
    button = next(e for b in asked["blocks"] if b["type"] == "actions" for e in b["elements"])
    other = office.say("こんにちは", COLLEAGUE)
    office.slack.press(COLLEAGUE, other, button["action_id"], element=button)
    told = office.slack.wait(lambda: office.slack.ephemerals(COLLEAGUE, other["channel"]))[-1]
    assert "聞いた本人だけ" in told["text"]
    assert office.answers()[-1]["text"] == asked["text"]


def slash_in(office: Office, channel: str, text: str) -> dict[str, Any]:
    body = {
        "command": "/himitsu",
        "text": text,
        "user_id": EMPLOYEE,
        "channel_id": channel,
        "channel_name": "directmessage",
        "trigger_id": f"1.1.{channel}{text}",
    }
    answer = office.running.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    found: dict[str, Any] = json.loads(answer.body)
    return found


def test_a_dm_between_two_people_counts_as_a_channel(office: Office):
    answer = slash_in(office, "D9BETWEEN", "図面の入ったノートPCを電車に忘れた")
    assert answer["response_type"] == "ephemeral" and "DMに送ります" in answer["text"]
    assert "社外の相談先(上から順に" not in answer["text"]
    assert "社外の相談先(上から順に" in office.slack.wait(office.answers)[-1]["text"]


def test_the_own_dm_is_known_once_something_was_said_there(office: Office):
    office.say("こんにちは")
    answer = slash_in(office, office.slack.dm(EMPLOYEE), "図面の入ったノートPCを電車に忘れた")
    assert "社外の相談先(上から順に" in answer["text"] and "DMに送ります" not in answer["text"]


def test_more_in_a_modal_stands_on_top_of_the_answer(office: Office):
    ts = office.slack.post(COLLEAGUE, CHAT, "新製品の原価表です。来月発表します")
    office.slack.shortcut(EMPLOYEE, "check.message", CHAT, ts)
    card = office.slack.wait(lambda: office.slack.modal(EMPLOYEE))
    office.slack.press(EMPLOYEE, {"view_id": card["id"], "type": "view"}, "card.more")
    more = office.slack.wait(lambda: m if "確かさ" in str(m := office.slack.modal(EMPLOYEE)) else None)
    assert more["id"] != card["id"]
    office.slack.close_view(EMPLOYEE, more["id"])
    assert "秘密として扱ってください" in str(office.slack.wait(lambda: office.slack.modal(EMPLOYEE)))


def test_what_cannot_stand_on_top_takes_the_modals_place(office: Office):
    ts = office.slack.post(COLLEAGUE, CHAT, "新製品の原価表です。来月発表します")
    office.slack.shortcut(EMPLOYEE, "check.message", CHAT, ts)
    card = office.slack.wait(lambda: office.slack.modal(EMPLOYEE))
    office.slack.fail("views.push", times=1, error="push_limit_reached")
    office.slack.press(EMPLOYEE, {"view_id": card["id"], "type": "view"}, "card.more")
    more = office.slack.wait(lambda: m if "確かさ" in str(m := office.slack.modal(EMPLOYEE)) else None)
    assert more["id"] == card["id"]
