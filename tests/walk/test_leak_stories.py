"""Leak stories walked in a browser, with the clock moved forward, to the case file."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from .test_walk import ME, RESPONDER, fits, go, message, send


def press(page: Any, where: str, name: str) -> None:
    message(page, where).get_by_role("button", name=name, exact=True).click()


def test_a_leaving_engineer_copies_drawings(page, shots):
    send(page, "来月辞める設計の人が、図面を私物のUSBにコピーしています")
    message(page, "まず、この3つ").get_by_role("button", name="担当に知らせる").click()
    dialog = page.get_by_role("dialog", name="担当に知らせる")
    dialog.get_by_label("書きそえること").fill("3階の設計室です。本人はまだ出社しています")
    shots(page, "1 tell")
    dialog.get_by_role("button", name="知らせる").click()
    page.get_by_role("dialog").get_by_text("DMに送りました").wait_for()
    shots(page, "2 told modal")
    page.keyboard.press("Escape")
    first = message(page, "担当に知らせました")
    shots(page, "3 first question")
    assert fits(page)
    first.get_by_role("button", name="1 今日").click()
    message(page, "いまも広がっていますか").get_by_role("button", name="続いている").click()
    message(page, "見たり使ったりした様子").get_by_role("button", name="わからない").click()
    outlook = message(page, "相談先と期限(")
    assert "INPIT" in outlook.inner_text() and "国への報告の期限はありません" in outlook.inner_text()
    shots(page, "4 outlook")
    outlook.get_by_role("button", name="数え方と根拠").click()
    message(page, "数え方と根拠")
    shots(page, "5 grounds")
    go(page, RESPONDER)
    notice = message(page, "漏えいかもしれない、という知らせです")
    shots(page, "6 notice")
    notice.get_by_role("button", name="引き受ける").click()
    card = message(page, "聞き取り")
    shots(page, "7 card")
    card.get_by_role("button", name="残すもの").click()
    dialog = page.get_by_role("dialog", name="残すものを決める")
    dialog.get_by_label("残すもの").fill("設計室のPCのUSB接続の記録")
    shots(page, "8 evidence")
    dialog.get_by_role("button", name="残す").click()
    page.get_by_role("dialog").get_by_text("設計室のPCのUSB接続の記録").wait_for()
    shots(page, "9 card modal")
    page.keyboard.press("Escape")
    page.get_by_role("tab", name="ホーム").click()
    page.locator(".home").get_by_text("漏えいの受付").wait_for()
    shots(page, "10 home desk")
    go(page, ME)
    message(page, "担当が確認を始めました")
    send(page, "受付")
    message(page, "いまの状態")
    shots(page, "11 mine")
    assert fits(page)


def test_ransomware_on_a_friday_evening_before_a_holiday(page, there, shots):
    slack, _ = there
    minute = 30 if page.viewport_size["width"] > 500 else 50  # the bot is the same in both: no minute comes twice
    move(slack, f"2026-11-20T18:{minute}")  # Monday is 勤労感謝の日
    send(page, "パソコンの画面に身代金を払えと出て、ファイルが開けません")
    first = message(page, "まず、この3つ")
    assert "ネットワークから切り離す" in first.inner_text()
    shots(page, "1 first steps")
    send(page, "担当に知らせる")
    message(page, "受付番号が出ます").get_by_role("button", name="名前も見せて知らせる").click()
    asked = message(page, "担当に知らせました")
    asked.get_by_role("button", name="1 人の情報").click()
    message(page, "1 ✓ 人の情報").get_by_role("button", name="次へ").click()
    duty = message(page, "当てはまるものはありますか")
    assert "だれかがわざと" in duty.inner_text() and "✓" in duty.inner_text()
    shots(page, "2 duty")
    duty.get_by_role("button", name="次へ").click()
    message(page, "はじめて気づいた").get_by_role("button", name="1 今日").click()
    outlook = message(page, "相談先と期限(")
    said = outlook.inner_text()
    assert "11月22日(日)から11月24日(火)まで" in said and "次は11月24日(火)9:00から" in said
    assert said.index("情報管理担当") < said.index("IPA") < said.index("JPCERT")
    shots(page, "3 outlook")
    assert fits(page)
    go(page, RESPONDER)
    notice = message(page, "漏えいかもしれない、という知らせです")
    assert "佐藤あおい" in notice.inner_text()
    notice.get_by_role("button", name="引き受ける").click()
    message(page, "聞き取り")
    move(slack, "2026-11-22T09:05")
    reminder = page.locator(".main .message", has_text="速報の目安は 11月24日(火) です(あと2日)").last
    reminder.wait_for(timeout=20_000)
    shots(page, "4 follow-up")
    reminder.get_by_role("button", name="速報を出した").click()
    card = message(page, "速報: 11月22日")
    assert "次の日付: 1月18日(月)" in card.inner_text()
    shots(page, "5 card")
    card.get_by_role("button", name="終える").click()
    dialog = page.get_by_role("dialog", name="受付を終える")
    shots(page, "6 close")
    dialog.get_by_label("宿題(1行に1つ").fill("添付ファイルの扱いを全員で見直す")
    dialog.get_by_label("どう終わりましたか").select_option(label="対応が終わりました")
    dialog.get_by_role("button", name="終える").click()
    page.get_by_role("dialog").get_by_text("終わったあとの宿題").wait_for()
    shots(page, "7 closed")
    page.keyboard.press("Escape")
    go(page, ME)
    message(page, "対応が終わりました")
    shots(page, "8 told")
    assert fits(page)


def move(slack: Any, when: str) -> None:
    slack.clock.set(datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Tokyo")).timestamp())
    time.sleep(1.5)  # the bot looks at the try-out's clock once a second
