"""担当に聞く, 担当に知らせる, ちがうと思う: shown first, sent only after a yes, once."""

import time

from bot.store import dialogue, outbox, requests

from .conftest import EMPLOYEE, MANAGER, RESPONDER, Office
from .test_dm import buttons

SECRET = "溶接条件表を外注に渡していい？"


def modal(office: Office, who: str = EMPLOYEE) -> dict:
    return office.slack.wait(lambda: office.slack.modal(who))


def test_what_will_be_sent_is_shown_and_goes_out_after_a_yes(office: Office):
    card = office.say(SECRET)
    office.slack.press(EMPLOYEE, card, "card.ask")
    assert (
        office.slack.submit(EMPLOYEE, modal(office)["id"], {"note": {"note": {"value": "今日中に返事がほしいです"}}})
        is None
    )
    shown = office.slack.wait(lambda: m if "この内容で送る" in str(m := modal(office)) else None)
    assert "今日中に返事がほしいです" in str(shown)
    assert not office.answers(MANAGER)
    office.slack.submit(EMPLOYEE, modal(office)["id"])
    letter = office.slack.wait(lambda: office.answers(MANAGER))[-1]
    assert "今日中に返事がほしいです" in letter["text"] and f"<@{EMPLOYEE}>" in letter["text"]
    assert "溶接条件" not in letter["text"]
    assert "送りました" in str(modal(office))


def test_a_no_sends_nothing(office: Office):
    office.say(SECRET)
    assert "次の内容を送ります" in office.say("担当に聞く")["text"]
    assert "送らずにやめました" in office.say("やめる")["text"]
    assert "いま続けられる質問はありません" in office.say("はい")["text"] or not office.answers(MANAGER)
    time.sleep(0.6)
    assert not office.answers(MANAGER)


def test_a_second_yes_sends_nothing_more(office: Office):
    office.say(SECRET)
    preview = office.say("担当に聞く")
    send = next(e for b in preview["blocks"] if b["type"] == "actions" for e in b["elements"])
    office.slack.press(EMPLOYEE, preview, "letter.send")
    office.slack.wait(lambda: office.answers(MANAGER))
    office.slack.press(EMPLOYEE, preview, "letter.send", element=send)
    time.sleep(0.8)
    assert len(office.answers(MANAGER)) == 1


def test_a_mistake_leaves_nothing_behind(office: Office):
    card = office.say("退職した人が図面を持ち出したみたい")
    office.pressed(card, "leak.mistake")
    store = office.running.workplace.store
    office.slack.wait(lambda: dialogue.of_person(store, EMPLOYEE)[0].closed)
    assert [d.state for d in dialogue.of_person(store, EMPLOYEE)] == [{"kind": "gone"}]
    assert requests.of_person(store, EMPLOYEE) == [] and not office.answers(RESPONDER)


def test_a_disagreement_waits_for_the_manager_without_the_message(office: Office):
    card = office.say(SECRET)
    office.slack.press(EMPLOYEE, card, "card.disagree")
    office.slack.submit(EMPLOYEE, modal(office)["id"], {})
    office.slack.wait(lambda: "担当が見直すものの一覧に入れました" in str(modal(office)))
    waiting = office.slack.wait(lambda: requests.open_requests(office.running.workplace.store))
    assert [(r.kind, r.verdict, r.note, r.person) for r in waiting] == [("disagree", "secret", "", EMPLOYEE)]
    office.slack.open_home(MANAGER)
    home = office.slack.wait(lambda: office.slack.home(MANAGER))
    assert "溶接" not in str(home) and "request.done" in buttons(home)
    office.slack.press(MANAGER, {"view_id": home["id"], "type": "view"}, "request.done")
    office.slack.wait(lambda: not requests.open_requests(office.running.workplace.store))
    office.slack.wait(lambda: "request.done" not in buttons(office.slack.home(MANAGER)))
    assert "済みにしました" in str(modal(office, MANAGER)) and EMPLOYEE not in str(modal(office, MANAGER))


def test_only_those_named_for_it_can_close_a_letter(office: Office):
    office.say(SECRET)
    office.say("ちがうと思う")
    office.say("はい")
    request = office.slack.wait(lambda: requests.open_requests(office.running.workplace.store))[0]
    card = office.answers()[-1]
    forged = {
        "type": "button",
        "action_id": "request.done",
        "value": f'{{"r":"{request.id}"}}',
        "text": {"type": "plain_text", "text": "済"},
    }
    office.slack.press(EMPLOYEE, card, "request.done", element=forged)
    told = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, card["channel"]))[-1]
    assert "情報管理の担当だけ" in told["text"]
    assert requests.open_requests(office.running.workplace.store)


def write(office: Office, card: dict, action: str, note: str) -> str:
    """Send a note through the two modals; what is said at the end."""
    office.slack.press(EMPLOYEE, card, action)
    first = office.slack.wait(lambda: m if "次へ" in str(m := modal(office)) else None)
    office.slack.submit(EMPLOYEE, first["id"], {"note": {"note": {"value": note}}})
    office.slack.wait(lambda: "この内容で送る" in str(modal(office)))
    office.slack.submit(EMPLOYEE, first["id"])
    done = office.slack.wait(lambda: m if "次の内容を送ります" not in (m := str(modal(office))) else None)
    office.slack.close_view(EMPLOYEE, first["id"])
    return done


def test_a_second_note_about_the_same_goes_out_too(office: Office):
    card = office.say(SECRET)
    assert "送りました" in write(office, card, "card.ask", "")
    assert "送りました" in write(office, card, "card.ask", "今日中に返事がほしいです")
    assert "もう送ってあります" in write(office, card, "card.ask", "")
    letters = office.slack.wait(lambda: a if len(a := office.answers(MANAGER)) == 2 else None)
    assert len([m for m in letters if "今日中に返事がほしいです" in m["text"]]) == 1


def test_a_note_with_a_card_number_is_not_taken(office: Office):
    card = office.say(SECRET)
    office.slack.press(EMPLOYEE, card, "card.ask")
    errors = office.slack.submit(EMPLOYEE, modal(office)["id"], {"note": {"note": {"value": "4111 1111 1111 1111"}}})
    assert "クレジットカードの番号" in str(errors) and "4111" not in str(errors)


def test_words_below_a_preview_are_about_the_card_above_it(office: Office):
    office.say(SECRET)
    office.say("担当に聞く")
    assert "確かさ" in office.say("くわしく")["text"]
    assert "秘密として扱う" in office.say("ちがうと思う")["text"]


def test_a_yes_to_nothing_shows_the_question_that_stands_open(office: Office):
    office.say("この資料、取引先に見せてもいいですか？")
    assert "1つだけ教えてください" in office.say("はい")["text"]
    assert not office.answers(MANAGER)


def test_a_letter_that_is_done_leaves_app_home(office: Office):
    office.say(SECRET)
    office.say("ちがうと思う")
    office.say("はい")
    office.slack.open_home(MANAGER)
    home = office.slack.wait(lambda: office.slack.home(MANAGER))
    office.slack.press(MANAGER, {"view_id": home["id"], "type": "view"}, "request.done")
    left = office.slack.wait(lambda: h if "届いた相談と声: 0件" in str(h := office.slack.home(MANAGER)) else None)
    assert "request.done" in buttons(home) and "request.done" not in buttons(left)
    assert requests.open_requests(office.running.workplace.store) == []


def test_my_data_is_shown_and_deleted(office: Office):
    office.say(SECRET)
    shown = office.slack.command(EMPLOYEE, "C01ALL", "/himitsu", "わたしのデータ")
    assert "記録: 1件" in shown.response["text"]
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    office.slack.press(EMPLOYEE, {"view_id": home["id"], "type": "view"}, "home.mydata")
    view = modal(office)
    office.slack.press(EMPLOYEE, {"view_id": view["id"], "type": "view"}, "mydata.delete")
    office.slack.wait(lambda: "消しました" in str(office.slack.modal(EMPLOYEE)))


def test_where_nobody_is_named_the_person_is_told_before_they_write(office: Office, monkeypatch):
    card = office.say(SECRET)
    monkeypatch.setattr("bot.letters.Letters.recipients", lambda self, kind: ())
    office.slack.press(EMPLOYEE, card, "card.ask")
    told = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, card["channel"]))[-1]
    assert "まだ登録されていない" in told["text"]
    assert office.slack.modal(EMPLOYEE) is None


def test_a_letter_names_what_led_to_the_answer_not_ids(office: Office):
    office.say("A社から預かった図面を外注先に渡していい？")
    office.say("担当に聞く")
    office.say("はい")
    letter = office.slack.wait(lambda: office.answers(MANAGER))[-1]["text"]
    assert "そう読み取ったわけ: 預かり物\n" in letter
    assert "entrusted." not in letter


def test_a_letter_that_is_done_still_says_which_leak_it_was(office: Office):
    office.say("退職した人が図面を持ち出したみたい")
    office.say("担当に聞く")
    office.say("はい")
    letter = office.slack.wait(lambda: office.answers(MANAGER))[-1]
    assert "人が持ち出した疑い" in letter["text"]
    done = office.pressed(letter, "request.done", MANAGER)
    assert "済みにしました" in done["text"] and "人が持ち出した疑い" in done["text"]
    assert "request.done" not in buttons(done)


def test_what_nobody_has_dealt_with_stays_without_its_senders_name(office: Office):
    store = office.running.workplace.store
    card = office.say(SECRET)
    write(office, card, "card.ask", "今日中に返事がほしいです")
    office.slack.wait(lambda: office.answers(MANAGER))
    view = office.say("わたしのデータ")
    told = office.pressed(view, "mydata.delete")["text"]
    assert "消しました" in told and "(1件)は、あなたの名前を外して" in told
    left = requests.open_requests(store)
    assert [(r.person, r.note) for r in left] == [("", "今日中に返事がほしいです")]
    assert requests.of_person(store, EMPLOYEE) == []
    done = office.pressed(office.answers(MANAGER)[-1], "request.done", MANAGER)
    assert "済みにしました" in done["text"] and EMPLOYEE not in done["text"]
    assert requests.get(store, left[0].id).note == ""


def test_a_manager_who_deletes_their_data_still_gets_what_was_sent_to_them(office: Office):
    place = office.running.workplace
    message = {"text": "letter"}
    for kind in ("letter", "direct"):
        outbox.plan(
            place.store, kind, kind=kind, target=MANAGER, message=message, due_at=place.clock.now() + 900, lookup=True
        )
    office.pressed(office.say("わたしのデータ", MANAGER), "mydata.delete", MANAGER)
    assert outbox.counts(place.store) == {"due": 1}
    assert not outbox.plan(place.store, "letter", kind="letter", target=MANAGER, message=message, due_at=0, lookup=True)
