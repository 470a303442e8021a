"""One manager and three departments in a browser: hand out, fill in, see as one, assign."""

from __future__ import annotations

from typing import Any

from .test_walk import COLLEAGUE, MANAGER, ME, RESPONDER, fits, go, message, send

RESULT = "あなたの答えの結果です"


def walk(page: Any, choice: str, questions: int = 28) -> None:
    """Press the same answer on every card until the result is there."""
    for n in range(1, questions + 1):
        card = page.locator(".main .message", has_text=f"{n}/{questions}").last
        card.get_by_role("button", name=choice).first.click()
    message(page, RESULT)


def fill_in(slack: Any, who: str, department: str, number: str) -> None:
    """The same without the page, by typed numbers."""
    slack.command(who, "C01ALL", "/himitsu", f"チェック {department}")
    dm = slack.dm(who)
    said = "チェックの続き"
    while True:
        before = len(slack.messages(dm))
        slack.post(who, dm, said)
        shown = slack.wait(lambda n=before: m if len(m := slack.messages(dm)) > n + 1 else None)[-1]
        if RESULT in shown["text"]:
            return
        said = number


def test_three_departments_fill_in_and_the_manager_sees_them_as_one(page, there, shots):
    slack, _ = there
    go(page, MANAGER, "D02MANAGER")
    send(page, "/himitsu チェック 全社")
    offer = message(page, "部署に配る")
    shots(page, "checks-offer")
    offer.get_by_role("button", name="全部の部署に配る(3)").click()
    message(page, "3つの部署に配りました")
    message(page, "自己チェックのお願い")
    shots(page, "checks-letters")
    go(page, ME, "D01EMPLOYEE")
    send(page, "/himitsu チェック 営業部")
    message(page, "会社にある大事な情報を、一覧にしていますか")
    shots(page, "checks-first")
    walk(page, "2 一部")
    shots(page, "checks-result")
    assert fits(page)
    fill_in(slack, COLLEAGUE, "開発部", "3")
    fill_in(slack, RESPONDER, "製造部", "1")
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
    message(page, "@鈴木まもる")
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
