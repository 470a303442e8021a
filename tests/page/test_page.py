"""The page as people use it, in Chromium, with a small app on the stand-in behind it."""

from __future__ import annotations

from typing import Any

import pytest

ME, OTHER, GUEST = "U01EMPLOYEE", "U05EMPLOYE2", "U06GUEST"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DARK = {"color_scheme": "dark"}
LONG_ENOUGH = "共有リンクを間違えて外に送ってしまいました"


def send(page: Any, text: str, field: str = "#composer") -> None:
    page.locator(field).fill(text)
    page.locator(field).press("Enter")


def message(page: Any, text: str) -> Any:
    """The last message that says so, once it is there."""
    found = page.locator(".main .message", has_text=text).last
    found.wait_for()
    return found


def is_there(page: Any, text: str) -> bool:
    return page.locator(".message", has_text=text).count() > 0


def become(page: Any, person: str) -> None:
    page.locator(f"[data-person={person}]").click()
    page.locator(f"[data-person={person}][aria-current]").wait_for()


@pytest.mark.parametrize("look", [{}, DARK, PHONE, PHONE | DARK], ids=["wide", "wide-dark", "phone", "phone-dark"])
def test_a_question_is_answered_a_button_opens_a_modal_and_its_error_stands_at_the_field(open_page, sent, shots, look):
    page = open_page(**look)
    send(page, "図面を送っていい?")
    card = message(page, "受けとりました")
    card.get_by_role("button", name="担当に伝える").click()
    dialog = page.get_by_role("dialog", name="担当に伝える")
    field = dialog.get_by_label("何がありましたか")
    field.fill("短い")
    dialog.get_by_role("button", name="送る").click()
    dialog.get_by_text("もう少しくわしく書いてください。").wait_for()
    assert field.get_attribute("aria-invalid") == "true"
    assert field.input_value() == "短い"
    shots(page, "modal")
    field.fill(LONG_ENOUGH)
    dialog.get_by_role("button", name="送る").click()
    dialog.wait_for(state="hidden")
    assert sent[0]["what"]["text"]["value"] == LONG_ENOUGH
    assert sent[0]["where"]["place"]["selected_option"]["value"] == "mail"
    shots(page, "answered")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_choices_are_made_by_keys_and_stay_while_another_modal_stands_on_top(open_page, sent):
    page = open_page()
    send(page, "図面")
    message(page, "受けとりました").get_by_role("button", name="担当に伝える").click()
    dialog = page.get_by_role("dialog", name="担当に伝える")
    dialog.get_by_label("何がありましたか").fill(LONG_ENOUGH)
    kinds = dialog.get_by_label("種類")
    kinds.focus()
    page.get_by_role("option", name="価格").wait_for()
    for key in ("ArrowDown", "Enter", "ArrowDown", "ArrowDown", "Enter", "Escape"):
        kinds.press(key)
    dialog.get_by_label("製品").fill("ねじ")
    page.get_by_role("option", name="ねじ-2").click()
    dialog.get_by_role("button", name="書き方を見る").click()
    page.get_by_role("dialog", name="書き方").wait_for()
    page.keyboard.press("Escape")
    dialog.wait_for()
    assert dialog.get_by_label("製品").input_value() == "ねじ-2"
    dialog.get_by_role("button", name="送る").click()
    dialog.wait_for(state="hidden")
    assert [one["value"] for one in sent[0]["kinds"]["kind"]["selected_options"]] == ["図面", "価格"]
    assert sent[0]["product"]["found"]["selected_option"]["value"] == "2"


def test_starting_anew_asks_and_empties_the_conversation(open_page):
    page = open_page()
    send(page, "図面")
    message(page, "受けとりました")
    page.get_by_role("button", name="himitsu の状態").click()
    page.get_by_role("button", name="はじめからやり直す").click()
    page.get_by_role("alertdialog").get_by_role("button", name="消してやり直す").click()
    page.get_by_role("button", name="お客様の名簿を違う人にメールで送ってしまった").click()
    assert page.locator(".message").count() == 0
    assert page.locator("#composer").input_value() == "お客様の名簿を違う人にメールで送ってしまった"


def test_a_restart_that_cannot_be_done_here_says_why(open_page):
    page = open_page()
    page.get_by_role("button", name="himitsu の状態").click()
    page.get_by_role("button", name="再起動").click()
    page.get_by_text("この画面から始めた himitsu ではありません。").wait_for()
    assert page.get_by_role("button", name="再起動").is_visible()


def test_what_only_one_person_may_see_is_not_shown_to_another_and_goes_with_a_reload(open_page):
    page = open_page(ME, "C01ALL")
    send(page, "@himitsu この資料は秘密?")
    assert "あなただけに見えています" in message(page, "あなただけへの答え").inner_text()
    become(page, OTHER)
    message(page, "この資料は秘密?")
    assert not is_there(page, "あなただけへの答え")
    become(page, ME)
    message(page, "あなただけへの答え")
    page.reload()
    message(page, "この資料は秘密?")
    assert not is_there(page, "あなただけへの答え")


def test_a_guest_sees_only_the_channel_they_are_in(open_page):
    page = open_page(GUEST)
    assert page.locator("[data-place^=C]").all_inner_texts() == ["取引先共有\n社外あり"]


def test_what_others_have_not_read_stands_at_their_name(open_page, slack):
    page = open_page(ME)
    slack.post(OTHER, "C01ALL", "お知らせです")
    page.get_by_role("button", name="鈴木まもる(情報管理責任者)に切りかえる。未読1件").wait_for(timeout=9000)
    page.locator("[data-place=C01ALL]", has_text="1").wait_for()
    become(page, "U02MANAGER")
    page.locator("[data-place=C01ALL]").click()
    message(page, "お知らせです")
    page.wait_for_function("document.querySelector('[data-place=C01ALL] .count') === null")
    assert "未読" not in page.locator("[data-person=U02MANAGER]").get_attribute("aria-label")


def test_enter_sends_shift_enter_makes_a_line_and_a_conversion_is_left_alone(open_page, slack):
    page = open_page()
    field = page.locator("#composer")
    field.fill("にほん")
    field.evaluate(
        "f => f.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert slack.messages(slack.dm(ME)) == []
    field.press("Shift+Enter")
    field.press_sequentially("二行目")
    field.press("Enter")
    message(page, "受けとりました")
    assert slack.messages(slack.dm(ME))[0]["text"] == "にほん\n二行目"
    assert field.input_value() == ""


def test_commands_are_completed_by_keys_and_answered(open_page):
    page = open_page()
    field = page.locator("#composer")
    field.press_sequentially("/hi")
    page.get_by_role("option", name="/himitsu").wait_for()
    field.press("Enter")
    page.get_by_role("option", name="チェック").wait_for()
    field.press("ArrowDown")
    field.press("ArrowDown")
    field.press("Enter")
    assert field.input_value() == "/himitsu 漏えい "
    field.press("Enter")
    assert "あなただけに見えています" in message(page, "コマンド: 漏えい").inner_text()
    send(page, "/nothing")
    page.get_by_role("alert").get_by_text("/nothing というコマンドはありません。").wait_for()


def test_the_menu_of_a_message_uses_the_shortcut_edits_and_deletes(open_page, slack):
    page = open_page()
    send(page, "まちがい")
    message(page, "受けとりました")
    own = page.locator(".message", has_text="まちがい").first

    def choose(name: str) -> None:
        own.hover()
        own.get_by_role("button", name="このメッセージのメニュー").click()
        page.get_by_role("menuitem", name=name).click()

    choose("これは秘密？")
    page.get_by_role("dialog", name="担当に伝える").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("dialog", name="担当に伝える").wait_for(state="hidden")
    choose("編集する")
    page.get_by_label("メッセージを編集").fill("正しい")
    page.get_by_label("メッセージを編集").press("Enter")
    own = message(page, "正しい")
    assert "(編集済み)" in own.inner_text()
    choose("削除する")
    page.get_by_role("alertdialog").get_by_role("button", name="削除する").click()
    own.wait_for(state="detached")
    assert [m["text"] for m in slack.messages(slack.dm(ME)) if m["user"] == ME] == []


def test_a_thread_is_answered_in_its_pane_and_esc_closes_it(open_page):
    page = open_page()
    send(page, "一つ目")
    card = message(page, "受けとりました")
    card.hover()
    card.get_by_role("button", name="スレッドで返信").click()
    send(page, "スレッドの中です", "#thread-composer")
    page.locator(".thread .message").nth(2).get_by_text("スレッドの中です").wait_for()
    page.get_by_role("button", name="2件の返信").wait_for()
    page.keyboard.press("Escape")
    page.locator(".thread").wait_for(state="hidden")
    assert page.locator(".main .message", has_text="スレッドの中です").count() == 0


def test_a_dangerous_button_asks_first(open_page, slack):
    page = open_page()
    send(page, "消すもの")
    message(page, "受けとりました").get_by_role("button", name="消す").click()
    page.get_by_role("alertdialog", name="消しますか").get_by_role("button", name="やめる").click()
    page.get_by_role("alertdialog").wait_for(state="detached")
    assert page.evaluate("document.activeElement.textContent") == "消す"
    page.keyboard.press("Enter")
    page.get_by_role("alertdialog", name="消しますか").get_by_role("button", name="消す").click()
    message(page, "消しました")
    assert not is_there(page, "受けとりました")
    assert "消しました" in page.evaluate("document.activeElement.textContent")  # the place is kept in the message


def test_app_home_is_drawn_and_drawn_anew_under_the_fingers(open_page):
    page = open_page()
    page.get_by_role("tab", name="ホーム").click()
    keep = page.locator(".home").get_by_role("button", name="守れている")
    keep.focus()
    page.keyboard.press("Enter")
    page.locator(".home").get_by_text("来週また確かめます").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "守れている"


def test_the_clock_moves_to_the_next_working_day(open_page, slack):
    slack.clock.set(1795140000)  # 2026-11-20 (Friday) 11:00 in Japan; Monday is a holiday
    page = open_page()
    page.get_by_role("button", name="himitsu の時計").click()
    panel = page.get_by_role("dialog", name="himitsu の時計")
    panel.get_by_role("button", name="翌営業日").click()
    panel.get_by_text("2026年11月24日(火) · 日本時間").wait_for()
    panel.get_by_role("button", name="+1時間").click()
    panel.get_by_text("10:00").wait_for()
    panel.get_by_role("button", name="いまに戻す").click()
    panel.get_by_text("実際の時刻と同じです").wait_for()
    assert abs(slack.clock.offset) < 1


def test_what_was_said_today_is_no_longer_of_today_a_week_later(open_page):
    page = open_page()
    send(page, "図面")
    message(page, "受けとりました")
    said = page.get_by_role("separator")
    day = said.inner_text().removeprefix("今日 ")
    assert said.inner_text() == f"今日 {day}"
    page.get_by_role("button", name="himitsu の時計").click()
    page.get_by_role("button", name="+1週間").click()
    page.get_by_text("実際の時刻より 7日 進んでいます").wait_for()
    assert said.inner_text().endswith(day) and not said.inner_text().startswith("今日")


def test_on_a_phone_the_list_is_a_drawer_that_esc_closes(open_page, shots):
    page = open_page(**PHONE)
    send(page, "電話から")
    message(page, "受けとりました")
    assert not page.locator("#nav").is_visible()
    page.get_by_role("button", name="人と会話の一覧を開く").click()
    page.locator("[data-place=C02DEV]").wait_for()
    shots(page, "drawer")
    page.keyboard.press("Escape")
    page.locator("#nav").wait_for(state="hidden")
    page.get_by_role("button", name="人と会話の一覧を開く").click()
    page.locator("[data-place=C04CHAT]").click()
    page.get_by_text("himitsu はこのチャンネルにいません。").wait_for()
    page.locator("#nav").wait_for(state="hidden")


def test_markup_in_what_people_write_stays_text(open_page, slack):
    page = open_page()
    text = "<img src=x onerror=\"document.title='gone'\"> <b>太字</b> & <script>1</script>"
    send(page, text)
    card = message(page, "受けとりました")
    assert text in card.inner_text()
    assert page.locator(".message img, .message b, .message script").count() == 0


def test_bold_needs_room_around_it_as_in_slack(open_page, slack):
    page = open_page()
    post = page.evaluate(
        """async () => {
            const { mrkdwn } = await import('/page/mrkdwn.js');
            const html = text => { const d = document.createElement('div'); d.append(...mrkdwn(text)); return d.innerHTML };
            return ['https://example.jp/a です', '*太い*', 'これは*太くない*です', '前 *太い* 後', '_斜め_ ~消す~', '*a _b_*', '2*3*4', '`*x*`'].map(html);
        }"""
    )
    assert post == [
        '<div class="line"><a href="https://example.jp/a" target="_blank" rel="noopener noreferrer">https://example.jp/a</a> です</div>',
        '<div class="line"><strong>太い</strong></div>',
        '<div class="line">これは*太くない*です</div>',
        '<div class="line">前 <strong>太い</strong> 後</div>',
        '<div class="line"><em>斜め</em> <del>消す</del></div>',
        '<div class="line"><strong>a <em>b</em></strong></div>',
        '<div class="line">2*3*4</div>',
        '<div class="line"><code>*x*</code></div>',
    ]


def test_holidays_are_those_of_the_law(open_page):
    """Against the Cabinet Office's list of 2026 and the moved days of 2027."""
    page = open_page()
    found = page.evaluate(
        """async () => {
            const { holiday } = await import('/page/holidays.js');
            const days = [];
            for (let t = Date.UTC(2026, 0, 1); t < Date.UTC(2028, 0, 1); t += 864e5) {
                const d = new Date(t);
                if (holiday(d.getUTCFullYear(), d.getUTCMonth() + 1, d.getUTCDate())) days.push(d.toISOString().slice(2, 10));
            }
            return days;
        }"""
    )
    assert (
        found
        == (
            "26-01-01 26-01-12 26-02-11 26-02-23 26-03-20 26-04-29 26-05-03 26-05-04 26-05-05 26-05-06 26-07-20 26-08-11 "
            "26-09-21 26-09-22 26-09-23 26-10-12 26-11-03 26-11-23 "
            "27-01-01 27-01-11 27-02-11 27-02-23 27-03-21 27-03-22 27-04-29 27-05-03 27-05-04 27-05-05 27-07-19 27-08-11 "
            "27-09-20 27-09-23 27-10-11 27-11-03 27-11-23"
        ).split()
    )


def test_a_button_that_nobody_answers_says_so(open_page, slack):
    page = open_page()
    send(page, "図面")
    card = message(page, "受けとりました")
    slack.disconnect_sockets()
    card.get_by_role("button", name="くわしく").click()
    card.get_by_text("himitsu につながっていません。").wait_for()
    assert card.get_by_role("button", name="くわしく").get_attribute("aria-busy") is None
