"""The inventory in a browser: asked first, opened, changed in a form, taken as a file."""

from __future__ import annotations

from .test_walk import MANAGER, ME, fits, go, message, send


def test_a_manager_changes_an_entry_and_everybody_is_answered_by_it(page, there, shots):
    slack, _ = there
    go(page, MANAGER, "D02MANAGER")
    send(page, "台帳")
    listed = message(page, "全部で")
    shots(page, "inventory-list")
    listed.get_by_role("button", name="追加する").click()
    form = page.get_by_role("dialog")
    form.get_by_label("名前(中身は書きません)").fill("検査基準書")
    form.get_by_label("区分").select_option(label="社外秘")
    form.get_by_label("担当部署").fill("品質保証課")
    shots(page, "inventory-form")
    assert fits(page)
    form.get_by_role("button", name="台帳に書く").click()
    form.get_by_text("台帳に加えました").wait_for()
    shots(page, "inventory-added")
    form.get_by_role("button", name="閉じる").last.click()
    form.wait_for(state="hidden")  # it closes once the bot's side knows; until then nothing behind it takes a key
    send(page, "台帳")
    message(page, "全部で 7 件")
    send(page, "ファイル")
    message(page, "情報の台帳_")
    slack.wait(lambda: [m for m in slack.messages(slack.dm(MANAGER)) if m.get("files")], timeout_s=10)
    shots(page, "inventory-file")
    go(page, ME)
    send(page, "検査基準書を外注先に送っていい？")
    card = message(page, "台帳に登録あり")
    assert "社外秘、担当は品質保証課" in card.inner_text()
    shots(page, "inventory-card")
    assert fits(page)
    go(page, MANAGER, "D02MANAGER")  # as it was: the next test begins with the same database
    send(page, "/himitsu 台帳 検査基準書")
    message(page, "見つかったもの").get_by_role("button", name="開く").click()
    message(page, "担当部署: 品質保証課").get_by_role("button", name="台帳から外す").click()
    page.get_by_role("button", name="外す", exact=True).click()
    message(page, "台帳から外しました")
