"""Drafts and the case file of a leak, as the desk sees them in a browser; what did not arrive, as the manager does."""

from __future__ import annotations

from typing import Any

from .test_walk import MANAGER, RESPONDER, fits, go, message, send


def test_a_list_mailed_to_the_wrong_firm_to_its_drafts_and_its_file(page: Any, shots: Any) -> None:
    send(page, "顧客名簿をまちがえて別の会社にメールで送りました。1,200人分です")
    message(page, "まず、この3つ")
    send(page, "担当に知らせる")
    message(page, "知らせる先")
    send(page, "知らせる")
    message(page, "担当に知らせました")
    go(page, RESPONDER)
    message(page, "知らせです").get_by_role("button", name="引き受ける").click()
    card = message(page, "聞き取り")
    card.get_by_role("button", name="下書き", exact=True).click()
    offered = message(page, "himitsuからは送りません")
    shots(page, "drafts")
    offered.get_by_role("button", name="社内第一報").click()
    draft = message(page, "か所あります")
    shots(page, "company")
    assert "まちがった相手に送った" in draft.inner_text() and "内線1234" in draft.inner_text()
    draft.get_by_role("button", name="Wordで受け取る").click()
    page.locator(".file[download$='-company.docx']").wait_for()
    send(page, "PDFで書き出す")
    page.locator(".file[download$='.pdf']").wait_for(
        timeout=30_000
    )  # drawing it takes a busy machine longer than a press
    shots(page, "files")
    assert fits(page)
    go(page, MANAGER)
    send(page, "/himitsu 不達")
    message(page, "届かなかった知らせはありません")
    shots(page, "troubles")
