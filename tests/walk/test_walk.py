"""The scripted walk of the whole bot in a browser, at phone and desktop width."""

from __future__ import annotations

from typing import Any

VAGUE = "この資料、取引先に見せてもいいですか？"
ME, COLLEAGUE, MANAGER, RESPONDER = "U01EMPLOYEE", "U05EMPLOYE2", "U02MANAGER", "U03RESPOND"


def send(page: Any, text: str) -> None:
    page.locator("#composer").fill(text)
    page.locator("#composer").press("Enter")


def message(page: Any, text: str) -> Any:
    found = page.locator(".main .message", has_text=text).last
    found.wait_for()
    return found


def go(page: Any, person: str, place: str = "") -> None:
    page.evaluate("where => { location.hash = where }", f"#/{person}/{place}")
    page.reload()  # else what the last person saw is still there for a moment
    page.locator("#composer, .home").first.wait_for()


def fits(page: Any) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def begins_in_sight(page: Any, found: Any) -> bool:
    """Whether the first line of a message can be read as it came, without scrolling."""
    list_, own = page.locator(".timeline").first.bounding_box(), found.bounding_box()
    return bool(list_["y"] - 1 <= own["y"] <= list_["y"] + list_["height"] - 40)


def test_a_long_answer_begins_in_sight(page, shots):
    send(page, "見積書をまちがえて別の会社に送った")
    leak = message(page, "まず、この3つ")
    shots(page, "leak")
    assert begins_in_sight(page, leak)
    send(page, "A社から預かった図面を外注先に渡していい？")
    card = message(page, "秘密として扱ってください")
    assert begins_in_sight(page, card)
    card.get_by_role("button", name="くわしく").click()
    more = message(page, "確かさ: ")
    shots(page, "more")
    assert begins_in_sight(page, more)
    send(page, VAGUE)
    message(page, "1つだけ教えてください").get_by_role("button", name="図面").click()
    assert begins_in_sight(page, message(page, "お答え: 図面・製法・原価・計画など"))
    assert fits(page)


def test_ask_in_a_dm_and_answer_the_follow_up(page, shots):
    send(page, "A社から預かった図面を外注先に渡していい？")
    card = message(page, "秘密として扱ってください")
    assert "「A社から預かった」" in card.inner_text()
    shots(page, "verdict")
    send(page, VAGUE)
    asked = message(page, "1つだけ教えてください")
    shots(page, "question")
    asked.get_by_role("button", name="カタログ").click()
    second = message(page, "もう1つだけ教えてください")
    second.get_by_role("button", name="もどる").click()
    first = message(page, "❓ 1つだけ教えてください")
    first.get_by_role("button", name="図面").click()
    message(page, "お答え: 図面・製法・原価・計画など")
    shots(page, "decided")
    assert fits(page)


def test_ask_in_a_channel_and_nobody_else_sees_it(page, there, shots):
    go(page, ME, "C01ALL")
    send(page, "/himitsu 原価表を客に見せていい？")
    assert "あなただけに見えています" in message(page, "秘密として扱ってください").inner_text()
    send(page, "@himitsu 見積書をまちがえて別の会社に送った")
    message(page, "DMに送ります")
    shots(page, "channel")
    go(page, COLLEAGUE, "C01ALL")
    message(page, "見積書をまちがえて")
    assert page.locator(".message", has_text="まず、この3つ").count() == 0
    assert page.locator(".message", has_text="秘密として扱ってください").count() == 0
    go(page, ME)
    assert begins_in_sight(page, message(page, "社外の相談先"))
    shots(page, "direct")


def test_both_shortcuts(page, there, shots):
    slack, _ = there
    slack.post(COLLEAGUE, "C04CHAT", "新製品の原価表です")
    go(page, ME, "C04CHAT")
    own = message(page, "新製品の原価表です")
    own.hover()
    own.get_by_role("button", name="このメッセージのメニュー").click()
    page.get_by_role("menuitem", name="これは秘密？").click()
    dialog = page.get_by_role("dialog", name="これは秘密？")
    dialog.get_by_text("秘密として扱ってください").wait_for()
    shots(page, "message shortcut")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    page.get_by_role("button", name="ショートカット").click()
    page.get_by_role("menuitem", name="漏えいかも").click()
    help_first = page.get_by_role("dialog", name="漏えいかも")
    help_first.get_by_text("内線1234").wait_for()
    shots(page, "leak shortcut")
    help_first.get_by_role("button", name="なくした・盗まれた").click()
    help_first.get_by_text("遠隔ロックと回線の停止").wait_for()
    shots(page, "leak steps")
    assert fits(page)


def test_app_home_goes_on_with_what_was_interrupted_after_a_restart(page, there, shots):
    slack, bot = there
    send(page, VAGUE)
    message(page, "1つだけ教えてください")
    send(page, "INPITの電話番号は？")
    between = message(page, "さきほどの質問の続きです")
    assert "INPIT" in between.inner_text()
    bot.restart()
    slack.wait(lambda: slack.sockets() == 1, timeout_s=30)
    page.get_by_role("tab", name="ホーム").click()
    home = page.locator(".home")
    home.get_by_text("途中の質問").wait_for()
    shots(page, "home")
    home.get_by_role("button", name="図面").first.click()
    dialog = page.get_by_role("dialog", name="これは秘密？")
    dialog.get_by_text("秘密として扱ってください").wait_for()
    page.keyboard.press("Escape")
    home.get_by_text("途中の質問").wait_for(state="detached")
    page.get_by_role("tab", name="メッセージ").click()
    send(page, VAGUE)
    message(page, "1つだけ教えてください")
    bot.restart()
    slack.wait(lambda: slack.sockets() == 1, timeout_s=30)
    send(page, "2")
    message(page, "お答え: 図面・製法・原価・計画など")


def test_ask_the_manager_with_a_note(page, there, shots):
    send(page, "溶接条件表を外注に渡していい？")
    message(page, "秘密として扱ってください").get_by_role("button", name="担当に聞く").click()
    dialog = page.get_by_role("dialog", name="担当に聞く")
    dialog.get_by_label("伝えたいこと").fill("今日中に返事がほしいです")
    shots(page, "note")
    dialog.get_by_role("button", name="次へ").click()
    dialog.get_by_text("次の内容を送ります").wait_for()
    shots(page, "preview")
    dialog.get_by_role("button", name="この内容で送る").click()
    page.get_by_role("dialog").get_by_text("送りました").wait_for()
    page.keyboard.press("Escape")
    go(page, MANAGER)
    letter = message(page, "秘密情報の相談が届きました")
    assert "今日中に返事がほしいです" in letter.inner_text() and "溶接" not in letter.inner_text()
    shots(page, "letter")
    letter.get_by_role("button", name="済みにする").click()
    message(page, "済みにしました")


def test_private_numbers_are_not_repeated(page, shots):
    send(page, "カードは4111 1111 1111 1111です。取引先に送っていい？")
    answer = message(page, "その番号や文章を、himitsuは残していません")
    assert "4111" not in answer.inner_text()
    shots(page, "private")
