"""Leak stories walked in a browser, with the clock moved forward, to the case file."""

from __future__ import annotations

from typing import Any

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
    message(page, "見た、使った様子").get_by_role("button", name="わからない").click()
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
