"""One manager and three departments in a browser: hand out, fill in, see as one, assign."""

from __future__ import annotations

from typing import Any

from .test_walk import COLLEAGUE, MANAGER, ME, RESPONDER, fits, go, message, send


def walk(page: Any, choice: str, until: str) -> None:
    """Press the same answer on every card until the result is there."""
    while True:
        page.wait_for_timeout(150)
        last = page.locator(".main .message").last
        if until in last.inner_text():
            return
        button = last.get_by_role("button", name=choice)
        if button.count():
            before = last.inner_text()
            button.first.click()
            page.wait_for_function(
                "before => [...document.querySelectorAll('.main .message')].at(-1).innerText !== before", arg=before
            )


def test_three_departments_fill_in_and_the_manager_sees_them_as_one(page, shots):
    go(page, MANAGER, "D02MANAGER")
    send(page, "/himitsu チェック 全社")
    offer = message(page, "部署に配る")
    shots(page, "checks-offer")
    offer.get_by_role("button", name="全部の部署に配る(3)").click()
    message(page, "3つの部署に配りました")
    message(page, "自己チェックのお願い")
    shots(page, "checks-letters")
    for who, dm, department, choice in (
        (ME, "D01EMPLOYEE", "営業部", "1 実施している"),
        (COLLEAGUE, "D05EMPLOYE2", "開発部", "3 していない"),
        (RESPONDER, "D03RESPOND", "製造部", "2 一部"),
    ):
        go(page, who, dm)
        send(page, f"/himitsu チェック {department}")
        message(page, "会社にある大事な情報を、一覧にしていますか")
        shots(page, f"checks-first-{who}")
        walk(page, choice, "あなたの答えの結果です")
        shots(page, f"checks-result-{who}")
        assert fits(page)
    go(page, MANAGER, "D02MANAGER")
    send(page, "進み具合")
    progress = message(page, "製造部: 終わり")
    shots(page, "checks-progress")
    progress.get_by_role("button", name="合わせた結果").click()
    merged = message(page, "会社全体 会社のチェック")
    shots(page, "checks-merged")
    merged.get_by_role("button", name="くわしく").click()
    merged = message(page, "部署で答えがちがう設問")
    shots(page, "checks-details")
    assert fits(page)
    merged.get_by_role("button", name="わたしが").first.click()
    message(page, "　@鈴木")
    shots(page, "checks-assigned")
    send(page, "進み具合")
    message(page, "製造部: 終わり").get_by_role("button", name="締め切る").click()
    message(page, "締め切りました")
    merged = message(page, "会社全体 会社のチェック")
    merged.get_by_role("button", name="ファイルで受け取る").click()
    message(page, "どの形で受け取りますか").get_by_role("button", name="Excel").click()
    message(page, "会社のチェックの結果_")
    page.locator(".main .message", has_text="会社のチェックの結果_").filter(has_text="KB").wait_for(timeout=20_000)
    shots(page, "checks-file")
