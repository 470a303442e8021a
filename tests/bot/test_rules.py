"""Handling rules and the weekly nudge over the real wire."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.store import audit, nudges, outbox, rules

from .conftest import CHAT, COLLEAGUE, EMPLOYEE, GUEST, MANAGER, RESPONDER, Office
from .test_dm import buttons

TOKYO = ZoneInfo("Asia/Tokyo")
DEPUTY = "U04DEPUTY"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock's work several times a second, so that a test need not wait for it."""
    monkeypatch.setattr("bot.minute._EVERY_S", 0.1)
    monkeypatch.setattr("bot.clock._EVERY_S", 0.05)
    monkeypatch.setattr("bot.outbox._TICK_S", 0.05)


def at(office: Office, when: str) -> None:
    office.slack.clock.set(datetime.fromisoformat(when).replace(tzinfo=TOKYO).timestamp())


def store(office: Office):
    return office.running.workplace.store


def said(office: Office, who: str, part: str) -> dict[str, Any]:
    """The latest message with these words in somebody's DM, as soon as it is there."""
    found = lambda: next((m for m in reversed(office.answers(who)) if part in m["text"]), None)  # noqa: E731
    return office.slack.wait(found, timeout_s=10)


def monday(office: Office) -> None:
    """The week's turn of everybody who set nothing: owners and deputies of the sample company's rules."""
    at(office, "2026-11-29 12:00")
    office.slack.wait(lambda: nudges.member(store(office), EMPLOYEE).next_at)
    at(office, "2026-11-30 10:00")


def quiet(office: Office) -> None:
    """Wait until the outbox holds nothing that is due."""
    office.slack.wait(lambda: not outbox.counts(store(office)).keys() & {"due", "sending"}, timeout_s=10)


def modal(office: Office, who: str) -> dict[str, Any]:
    return office.slack.wait(lambda: office.slack.modal(who))


def test_one_nudge_on_monday_at_ten_and_a_press_finishes_it_with_proof(office: Office):
    monday(office)
    card = said(office, EMPLOYEE, "今週の1件")
    assert buttons(card) == ["nudge.ok", "nudge.rethink", "nudge.hand", "nudge.later", "nudge.settings"]
    done = office.pressed(card, "nudge.ok")
    assert "守れている、と記録しました" in done["text"]
    ok = next(e for b in card["blocks"] if b["type"] == "actions" for e in b["elements"])
    office.slack.press(EMPLOYEE, done, "nudge.ok", element=ok)  # once more, from an old copy
    quiet(office)
    time.sleep(0.4)
    mine = [e for e in audit.entries(store(office)) if e.data.get("person") == EMPLOYEE]
    assert [(e.kind, e.data["how"]) for e in mine] == [("rule.shown", "nudge"), ("rule.confirmed", "ok")]
    assert audit.verify(store(office)) is None
    assert len([m for m in office.answers(EMPLOYEE) if "今週の1件" in m["text"]]) == 0  # it was replaced
    assert not office.answers(GUEST)


def test_buttons_as_words(office: Office):
    monday(office)
    said(office, EMPLOYEE, "今週の1件")
    assert "来週、また出します" in office.say("来週")["text"]
    assert "もう終わっています" in office.say("来週")["text"]
    said(office, RESPONDER, "今週の1件")
    assert "続けて書いてください" in office.say("見直したい", RESPONDER)["text"]
    assert "クレジットカード" in office.say("4111 1111 1111 1111 のことです", RESPONDER)["text"]
    assert "届けます" in office.say("USBを使う仕事があります", RESPONDER)["text"]
    quiet(office)
    every = rules.every(store(office))
    comments = office.slack.wait(lambda: [c for r in every for c in rules.comments(store(office), r.id)])
    [comment] = comments  # kept a moment after it is told
    assert (comment.person, comment.text) == (RESPONDER, "USBを使う仕事があります")
    assert "担当だけが使えます" in office.say("担当を替える", COLLEAGUE)["text"]  # theirs is somebody else's rule
    assert "だれに替えますか" in office.say("担当を替える")["text"]
    assert "ゲスト" in office.say(f"<@{GUEST}>")["text"]
    office.say("担当を替える")
    assert f"<@{DEPUTY}>に替えました" in office.say(f"<@{DEPUTY}> お願いします")["text"]
    said(office, DEPUTY, "担当を引きつぎました")
    assert rules.get(store(office), "c1.say_no").content.owner == DEPUTY


WISHES = {
    "お知らせを毎週金曜の16時にして": "毎週金曜 16時ごろ",
    "月曜はやめて": "何曜がいいですか",
    "火曜": "毎週火曜 16時ごろ",
    "夕方がいい": "毎週火曜 17時ごろ",
    "お知らせをほげ曜の99時にして": "何曜がいいですか",
    "お知らせを夜8時にして": "仕事の時間(9:00〜18:00)の外",
    "お知らせを12月10日まで休みます": "12月10日(木)まで、お知らせを休みます",
    "お知らせを来月から再開して": "12月1日(火)から、お知らせを再開します",
    "しばらく休む": "お知らせを休みます",
    "お知らせを再開して": "毎週火曜 20時ごろ",
    "次のお知らせは何？": "お知らせする予定です",
    "毎週のお知らせ止めて": "お知らせを止めました",
    "お知らせの設定を見せて": "止めています",
}


def test_wishes_in_words(office: Office):
    at(office, "2026-11-27 12:00")
    office.slack.wait(lambda: nudges.member(store(office), EMPLOYEE).charged)
    for text, part in WISHES.items():
        assert part in office.say(text)["text"], text


def test_a_later_day_of_a_week_that_had_its_nudge_is_the_next_weeks(office: Office):
    monday(office)
    office.pressed(said(office, EMPLOYEE, "今週の1件"), "nudge.ok")
    assert "12月11日(金)" in office.say("お知らせを金曜に変えて")["text"]
    assert "12月4日" not in office.say("次に見直すルールはどれ？")["text"]


def test_a_stop_is_final_until_undone(office: Office):
    at(office, "2026-11-27 12:00")
    office.slack.wait(lambda: nudges.member(store(office), EMPLOYEE).charged)
    office.say("毎週のお知らせ止めて")
    assert "まだ止めたまま" in office.say("火曜の11時にして")["text"]
    at(office, "2026-12-01 11:00")
    said(office, MANAGER, "今週の1件")
    quiet(office)
    assert not [m for m in office.answers(EMPLOYEE) if "今週の1件" in m["text"]]
    assert "毎週火曜 11時ごろ" in office.say("再開して")["text"]
    office.slack.wait(lambda: nudges.member(store(office), EMPLOYEE).next_at)
    at(office, "2026-12-08 11:00")
    said(office, EMPLOYEE, "今週の1件")


def write(office: Office, who: str, rule: str, text: str) -> None:
    """書きかえる, 次へ, 公開する."""
    card = office.slack.wait(lambda: office.slack.messages(office.slack.dm(who), seen_by=who))[-1]
    office.slack.press(who, card, "nudge.revise")
    form = modal(office, who)
    office.slack.submit(who, form["id"], {"text": {"text": {"value": text}}})
    shown = office.slack.wait(lambda: m if "公開前の確認" in str(m := modal(office, who)) else None)
    office.slack.submit(who, shown["id"])


def test_a_changed_rule_is_told_to_its_audience_with_what_changed(office: Office):
    at(office, "2026-11-27 12:00")
    office.slack.wait(lambda: rules.get(store(office), "d2.separate"))
    office.say("取り扱いルール", MANAGER)
    office.slack.command(MANAGER, office.slack.dm(MANAGER), "/himitsu", "ルール 他社から預かった情報")
    new = "他社から受け取った図面やデータは、自社のものと別の場所に置きます。"
    write(office, MANAGER, "d2.separate", new)
    told = said(office, COLLEAGUE, "取り扱いルールが変わりました")
    assert "変わったところ" in told["text"] and new in told["text"]
    assert not [m for m in office.answers(EMPLOYEE) if "変わりました" in m["text"]]  # not in its audience
    quiet(office)
    office.pressed(told, "nudge.ok", COLLEAGUE)
    office.slack.wait(lambda: nudges.seen_of(store(office), COLLEAGUE, "d2.separate").confirmed == 2)
    assert [e.number for e in rules.editions(store(office), "d2.separate")] == [2, 1]


def test_a_nudge_whose_rule_is_gone_or_changed_is_answered_kindly(office: Office):
    monday(office)
    card = said(office, EMPLOYEE, "今週の1件")
    older = said(office, COLLEAGUE, "今週の1件")
    rule = nudges.latest(store(office), EMPLOYEE).subject
    theirs = office.slack.wait(lambda: nudges.latest(store(office), COLLEAGUE)).subject  # noted once it is posted
    content = rules.get(store(office), theirs).content
    rules.save_draft(
        store(office),
        theirs,
        content.__class__(**{**content.to_json(), "audience": content.audience, "text": "新しい文です。"}),
        by=MANAGER,
        now=1.8e9,
    )
    rules.publish(store(office), theirs, by=MANAGER, now=1.8e9)
    now = office.pressed(older, "nudge.ok", COLLEAGUE)
    assert "そのあとに変わりました" in now["text"] and "新しい文です。" in now["text"]
    rules.retire(store(office), rule, by=MANAGER, now=1.8e9)
    assert "いまは使われていません" in office.pressed(card, "nudge.ok")["text"]


def test_only_who_may_can_see_and_change(office: Office):
    at(office, "2026-11-27 12:00")
    office.slack.wait(lambda: rules.get(store(office), "c1.say_no"))
    assert "情報管理の担当だけ" in office.say("お知らせのようす")["text"]
    assert "社員の人だけ" in office.say("取り扱いルール", GUEST)["text"]
    assert "社員の人だけ" in office.say("毎週のお知らせ止めて", GUEST)["text"]
    listed = office.say("取り扱いルール", COLLEAGUE)["text"]
    assert "他社から預かった情報" in listed and "取引先に頼まれても" not in listed and "下書き" not in listed
    assert "下書き" in office.say("取り扱いルール", MANAGER)["text"]
    card = office.say("お知らせのようす", MANAGER)
    assert "全員に送っています" in office.pressed(card, "manage.everyone", MANAGER)["text"]


def test_a_rule_is_talked_over_in_a_channel_and_an_answer_there_changes_no_message(office: Office):
    at(office, "2026-11-30 10:30")
    office.slack.wait(lambda: rules.get(store(office), "c2.usb"))
    office.slack.command(MANAGER, office.slack.dm(MANAGER), "/himitsu", "ルール c2.usb")
    card = office.slack.messages(office.slack.dm(MANAGER), seen_by=MANAGER)[-1]
    office.slack.press(MANAGER, card, "rules.team")
    values = {"channel": {"channel": {"selected_channel": "C01ALL"}}}
    office.slack.submit(MANAGER, modal(office, MANAGER)["id"], values)
    post = office.slack.wait(
        lambda: next((m for m in office.slack.messages("C01ALL") if "話し合い" in m["text"]), None)
    )
    office.slack.press(COLLEAGUE, post, "nudge.ok")
    office.slack.wait(lambda: office.slack.ephemerals(COLLEAGUE, "C01ALL"))
    assert any("話し合い" in m["text"] for m in office.slack.messages("C01ALL"))
    office.slack.wait(lambda: nudges.seen_of(store(office), COLLEAGUE, "c2.usb").confirmed == 1)


def test_a_post_that_slack_refuses_is_shown_to_the_manager(office: Office):
    office.slack.fail("chat.postMessage", error="not_in_channel", where=lambda args: args.get("channel") == CHAT)
    at(office, "2026-11-30 10:30")
    office.slack.wait(lambda: rules.get(store(office), "c2.usb"))
    nudges.set_setting(store(office), "team_channel", CHAT, by=MANAGER, now=1)
    office.slack.clock.advance(120)
    office.slack.wait(lambda: outbox.counts(store(office)).get("failed"), timeout_s=10)
    card = office.say("お知らせのようす", MANAGER)
    assert "/invite @himitsu" in card["text"]
    assert "/invite" not in office.pressed(card, "manage.settled", MANAGER)["text"]


def test_slack_down_for_six_hours_loses_and_doubles_nothing(office: Office):
    at(office, "2026-11-29 12:00")
    office.slack.wait(lambda: nudges.member(store(office), EMPLOYEE).next_at)
    office.slack.fail("chat.postMessage", status=503, times=None)
    at(office, "2026-11-30 10:00")
    office.slack.wait(lambda: nudges.get(store(office), f"{EMPLOYEE}:2026-W49"))
    at(office, "2026-11-30 18:30")  # past working hours: not tonight
    time.sleep(0.5)
    office.slack.no_more_faults()
    time.sleep(1.0)
    assert not [m for m in office.answers(EMPLOYEE) if "今週の1件" in m["text"]]
    at(office, "2026-12-01 10:00:01")
    said(office, EMPLOYEE, "今週の1件")
    quiet(office)
    at(office, "2026-12-01 12:00")
    time.sleep(0.5)
    assert len([m for m in office.answers(EMPLOYEE) if "今週の1件" in m["text"]]) == 1


def test_a_clock_put_back_and_weeks_asleep_send_one(office: Office):
    monday(office)
    said(office, EMPLOYEE, "今週の1件")
    at(office, "2026-11-30 09:00")
    time.sleep(0.5)
    at(office, "2026-11-30 10:30")
    time.sleep(0.5)
    assert len([m for m in office.answers(EMPLOYEE) if "今週の1件" in m["text"]]) == 1
    at(office, "2026-12-23 15:00")  # three weeks later, on a Wednesday: what was missed stays missed
    time.sleep(1.0)
    quiet(office)
    assert len([m for m in office.answers(EMPLOYEE) if "1件" in m["text"]]) == 1
    assert nudges.member(store(office), EMPLOYEE).week == "2026-W53"


def test_わたしのデータ_shows_and_deletes_but_keeps_a_stop(office: Office):
    monday(office)
    said(office, EMPLOYEE, "今週の1件")
    office.say("お知らせ止めて")
    shown = office.say("わたしのデータ")
    assert "週に一度のお知らせの記録: 1件" in shown["text"]
    office.pressed(shown, "mydata.delete")
    assert nudges.member(store(office), EMPLOYEE).choice == "off"
    assert nudges.latest(store(office), EMPLOYEE) is None


def test_the_managers_buttons_as_words(office: Office):
    at(office, "2026-11-28 12:00")  # a Saturday: nothing comes between
    office.slack.wait(lambda: rules.get(store(office), "c4.talk"))
    office.say("お知らせのようす", MANAGER)
    assert "社員全員に送ることにしました" in office.say("全員に送る", MANAGER)["text"]
    assert "全員に送るのをやめました" in office.say("全員に送るのをやめる", MANAGER)["text"]
    office.slack.post(MANAGER, office.slack.dm(MANAGER), "csv")
    said(office, MANAGER, "DMに送りました")
    office.slack.command(MANAGER, office.slack.dm(MANAGER), "/himitsu", "ルール c4.talk")
    assert "第1版を公開しました" in office.say("公開する", MANAGER)["text"]
    office.slack.command(MANAGER, office.slack.dm(MANAGER), "/himitsu", "ルール c4.talk")
    assert "チャンネルの名前" in office.say("みんなで話し合う", MANAGER)["text"]
    assert "投稿します" in office.say("みんなで話し合う <#C01ALL>", MANAGER)["text"]
    assert "いまの版" in office.say("前の版", MANAGER)["text"]
    assert "使うのをやめました" in office.say("使うのをやめる", MANAGER)["text"]
    office.slack.command(COLLEAGUE, office.slack.dm(COLLEAGUE), "/himitsu", "ルール c2.usb")
    assert "担当だけ" in office.say("使うのをやめる", COLLEAGUE)["text"]
    assert "守れている、と記録しました" in office.say("守れている", COLLEAGUE)["text"]
