"""Self-checks over the wire: from the menu to a result that acts."""

import json
import time
from dataclasses import replace
from typing import Any

from bot.conversation import Conversation
from bot.features.checks.words import ask_at
from bot.store import checks, gaps, outbox

from .conftest import ALL, COLLEAGUE, EMPLOYEE, GUEST, MANAGER, PARTNER, RESPONDER, Office
from .test_dm import buttons

DAY = 24 * 3600


def pressed(office: Office, card: dict[str, Any], action: str, who: str = EMPLOYEE) -> dict[str, Any]:
    return office.pressed(card, action, who)


def store(office: Office):
    return office.running.workplace.store


def walk(office: Office, card: dict[str, Any], choice: str = "done", who: str = EMPLOYEE) -> tuple[dict[str, Any], int]:
    """Answer everything alike; the result and how many taps that were."""
    taps = 0
    while "checks.answer.done" in buttons(card):
        card, taps = office.pressed(card, f"checks.answer.{choice}", who), taps + 1
    return card, taps


def modal(office: Office, text: str, who: str = EMPLOYEE) -> dict[str, Any]:
    """The modal that is open, once it says so."""
    return office.slack.wait(lambda: m if text in str(m := office.slack.modal(who)) else None)


def test_words_for_a_moment_start_its_check_and_it_is_walked_by_buttons(office: Office):
    card = office.say("退職者が出る")
    assert "外す権限と、外す日を決めましたか" in card["text"] and "1/6" in card["text"]
    result, taps = walk(office, card, "not_done")
    assert taps == 6 and "0/6がすみました" in result["text"]
    assert result["text"].count("［担当と期日］") == 3


def test_numbers_and_words_do_what_the_buttons_do(office: Office):
    menu = office.say("チェック")
    assert "5問チェック" in menu["text"]
    assert "1/5" in office.say("2")["text"]
    assert "2/5" in office.say("できている")["text"]
    assert "なぜ: " in office.say("なぜ")["text"]
    assert "1/5" in office.say("もどる")["text"]
    assert "いまの答え: できている" in office.answers()[-1]["text"]
    assert "2/5" in office.say("２")["text"]
    assert "1〜5の番号" in office.say("9")["text"]
    assert "残しました" in office.say("メモ 営業は確認中")["text"]
    assert "つぎは、5問の2問目から" in office.say("あとで")["text"]
    office.restart()
    assert "2/5" in office.say("チェックの続き")["text"]
    for _ in range(3):
        office.say("1")
    assert "90点" in office.say("1")["text"]


def test_beginning_anew_is_asked_once_more_as_it_takes_the_answers_away(office: Office):
    office.pressed(office.say("5問チェック"), "checks.answer.done")
    card = office.say("チェックの続き")
    fresh = next(e for b in card["blocks"] for e in b.get("elements", []) if e.get("action_id") == "checks.fresh")
    assert "戻せません" in fresh["confirm"]["text"]["text"]
    office.say("1")
    typed = office.say("はじめから")
    assert "3/5" in typed["text"] and "消えます" in typed["text"]  # a word alone takes nothing away
    assert "1/5" in office.pressed(typed, "checks.fresh")["text"]


def test_what_is_no_answer_is_read_as_a_message(office: Office):
    office.say("5問チェックをしたい")
    card = office.say("溶接条件表を外注に渡していい？")
    assert "秘密として扱ってください" in card["text"]
    assert "checks.resume" in buttons(card)  # and the check is offered again below it
    assert "まず、この" in office.say("お客様の名簿をメールで誤送信した")["text"]


def test_a_note_is_kept_and_what_must_not_be_kept_is_refused(office: Office):
    card = office.say("会社のチェック")
    office.slack.press(EMPLOYEE, card, "checks.note")
    values = {"note": {"note": {"value": "4111 1111 1111 1111"}}}
    office.slack.submit(EMPLOYEE, modal(office, "根拠")["id"], values)
    assert "4111" not in str(modal(office, "クレジットカードの番号"))
    office.slack.close_view(EMPLOYEE, office.slack.modal(EMPLOYEE)["id"])
    office.slack.press(EMPLOYEE, card, "checks.note")
    values = {"note": {"note": {"value": "台帳は作成中"}}, "evidence": {"evidence": {"value": "台帳.xlsx"}}}
    office.slack.submit(EMPLOYEE, modal(office, "根拠")["id"], values)
    modal(office, "残しました")
    run = checks.open_of(store(office), EMPLOYEE)[0]
    assert checks.notes_of(store(office), run.id)["list"].evidence == "台帳.xlsx"


def test_old_cards_and_double_presses_do_no_harm(office: Office):
    first = office.say("退職者が出る")
    row = next(e for b in first["blocks"] if b["type"] == "actions" for e in b["elements"])
    second = office.pressed(first, "checks.answer.done")
    office.slack.press(EMPLOYEE, second, "checks.answer.done", element=row)  # the first card, pressed twice
    time.sleep(0.5)
    run = checks.open_of(store(office), EMPLOYEE)[0]
    assert len(checks.events_of(store(office), run.id)) == 1
    third = office.pressed(second, "checks.answer.partly")
    other = dict(row, action_id="checks.answer.not_done", value=row["value"].replace('"done"', '"not_done"'))
    office.slack.press(EMPLOYEE, third, "checks.answer.not_done", element=other)  # a card of another device
    office.slack.wait(lambda: checks.get(store(office), run.id).state.answers["rights"].choice == "not_done")
    assert checks.get(store(office), run.id).state.answers["outside"].choice == "partly"


def test_another_ones_card_is_not_theirs_to_answer(office: Office):
    card = office.say("退職者が出る")
    row = next(e for b in card["blocks"] if b["type"] == "actions" for e in b["elements"])
    own = office.say("退職者が出る", COLLEAGUE)
    office.slack.press(COLLEAGUE, own, "checks.answer.done", element=row)
    told = office.slack.wait(lambda: office.slack.ephemerals(COLLEAGUE, own["channel"]))[-1]
    assert "本人だけ" in told["text"]


def test_a_gap_is_taken_by_one_tap_asked_about_on_its_day_and_ended(office: Office):
    result, _ = walk(office, office.say("展示会に出る"), "not_done")
    taken = office.pressed(result, "checks.take")
    assert f"<@{EMPLOYEE}>" in taken["text"]
    kept = office.slack.wait(lambda: gaps.of_owner(store(office), EMPLOYEE))[0]
    before = len(office.answers())
    office.slack.clock.set(ask_at(kept.due) + 60)  # a working day: not always in as many days
    asked = office.slack.wait(lambda: office.answers()[before:])[-1]
    assert "今日が期日です" in asked["text"]
    time.sleep(1)
    assert len(office.answers()) == before + 1
    assert "のばしました" in office.say("のばす")["text"] or "期日を" in office.answers()[-1]["text"]
    office.slack.wait(lambda: gaps.get(store(office), kept.id).due > kept.due)  # kept a moment after it is told
    assert "根拠の記録なし" in office.say("できた")["text"]
    assert "根拠の記録あり" in office.say("根拠 説明する人に紙を渡した")["text"]
    office.slack.wait(lambda: gaps.get(store(office), kept.id).state == "done")


def test_what_is_done_by_now_is_not_asked_about(office: Office):
    result, _ = walk(office, office.say("展示会に出る"), "not_done")
    office.pressed(result, "checks.take")
    kept = office.slack.wait(lambda: gaps.of_owner(store(office), EMPLOYEE))[0]
    office.say("答えを見直す")
    office.say("1")
    assert "1/4がすみました" in office.say("1")["text"]
    before = len(office.answers())
    office.slack.clock.set(ask_at(kept.due) + 60)
    time.sleep(2)
    assert not [m for m in office.answers()[before:] if "期日です" in m["text"]]


def test_a_gap_typed_with_owner_and_day_goes_to_that_person(office: Office):
    walk(office, office.say("展示会に出る"), "not_done")
    shown = office.say(f"2 <@{COLLEAGUE}> 12/18")
    assert f"<@{COLLEAGUE}> 12月18日" in shown["text"]
    told = office.slack.wait(lambda: office.answers(COLLEAGUE))[-1]
    assert "担当になりました" in told["text"] and f"<@{EMPLOYEE}>" in told["text"]
    done = office.pressed(told, "checks.done", COLLEAGUE)
    assert "おつかれさま" in done["text"]
    office.slack.wait(lambda: any("終わりにしました" in m["text"] for m in office.answers()))


def test_a_guest_is_no_owner_and_a_past_day_is_no_date(office: Office):
    walk(office, office.say("展示会に出る"), "not_done")
    assert "社員ではない" in office.say(f"1 <@{GUEST}>")["text"]
    assert not gaps.of_owner(store(office), GUEST)


def test_what_one_does_not_know_becomes_a_question_to_a_person(office: Office):
    result, _ = walk(office, office.say("展示会に出る"), "unknown")
    office.slack.press(EMPLOYEE, result, "checks.ask")
    view = modal(office, "人に聞く")
    values = {
        "question": {"question": {"selected_option": {"value": "range"}}},
        "owner": {"owner": {"selected_user": COLLEAGUE}},
        "due": {"due": {"selected_date": time.strftime("%Y-%m-%d", time.localtime(time.time() + 5 * DAY))}},
    }
    office.slack.submit(EMPLOYEE, view["id"], values)
    modal(office, "聞きました")
    asked = office.slack.wait(lambda: office.answers(COLLEAGUE))[-1]
    assert "教えてください" in asked["text"] and "説明してよい範囲" in asked["text"]
    assert "伝えました" in office.pressed(asked, "checks.reply.done", COLLEAGUE)["text"]
    answer = office.slack.wait(lambda: next((m for m in office.answers() if "の答え: すんだ" in m["text"]), None))
    assert "1/4がすみました" in office.pressed(answer, "checks.resume")["text"]


def test_an_item_is_never_called_public(office: Office):
    card = office.say("営業秘密の3つの要件をチェックしたい")
    result, _ = walk(office, card, "not_done")
    assert "預かった情報として扱ってください" in result["text"]
    assert "公開" not in result["text"] and "秘密ではありません" not in result["text"]
    office.say("もう一度")
    card = office.answers()[-1]
    result, _ = walk(office, card, "done")
    assert "秘密として扱ってください" in result["text"] and "管理されている" in result["text"]


def test_the_whole_company_is_asked_answers_side_by_side_and_is_seen_as_one(office: Office):
    """Two departments, three people; one manager."""
    shown = office.slack.command(MANAGER, ALL, "/himitsu", "チェック 全社").response
    assert "部署に配る" in shown["text"]
    office.say("チェックしたい", MANAGER)
    offer = office.say("全社", MANAGER)
    started = office.pressed(offer, "checks.begin", MANAGER)
    assert "3つの部署に配りました" in started["text"]
    letters = office.slack.wait(lambda: m if len(m := letters_to(office, MANAGER)) == 2 else None)
    assert "営業部" in letters[0]["text"] + letters[1]["text"]
    joined = {EMPLOYEE: ("営業部", "done"), COLLEAGUE: ("開発", "not_done"), RESPONDER: ("開発部", "partly")}
    for who, (department, choice) in joined.items():
        office.slack.command(who, ALL, "/himitsu", f"チェック {department}")
        card = office.say("チェックの続き", who)
        result, _ = walk(office, card, choice, who)
        assert "あなたの答えの結果です" in result["text"]
    together = office.say("部署の結果", RESPONDER)
    assert "開発部 会社のチェック: 0点" in together["text"] and "人によって答えがちがう設問" in together["text"]
    progress = office.pressed(started, "checks.progress", MANAGER)
    assert progress["text"].count(": 終わり") == 2 and "製造部: まだ" in progress["text"]
    assert "知らせました: 製造部" in office.say("まだの部署に知らせる", MANAGER)["text"]
    merged = office.pressed(progress, "checks.merged", MANAGER)
    assert "会社全体 会社のチェック: " in merged["text"] and "人によって答えがちがう" in merged["text"]
    merged = office.pressed(merged, "checks.whole", MANAGER)
    assert "実施している: 営業部" in merged["text"] and "していない: 開発部" in merged["text"]
    taken = office.pressed(merged, "checks.take", MANAGER)
    assert f"<@{MANAGER}>" in taken["text"]
    closed = office.pressed(office.pressed(taken, "checks.progress", MANAGER), "checks.close", MANAGER)
    assert "締め切りました" in closed["text"]
    office.slack.wait(lambda: not checks.open_campaigns(store(office)))
    assert "営業部" not in office.slack.command(EMPLOYEE, ALL, "/himitsu", "チェック 営業部").response["text"]


def letters_to(office: Office, who: str) -> list[dict[str, Any]]:
    return [m for m in office.answers(who) if "自己チェックのお願い" in m["text"]]


def test_only_managers_hand_it_out_and_guests_get_nothing(office: Office):
    shown = office.slack.command(GUEST, PARTNER, "/himitsu", "チェック").response
    assert "社員の人だけ" in shown["text"]
    assert "社員の人だけ" in office.say("自己チェックを始めたい", GUEST)["text"]
    card = office.say("自己チェックを始めたい")
    forged = {
        "type": "button",
        "action_id": "checks.begin",
        "value": '{"t":"2030-01-01"}',
        "text": {"type": "plain_text", "text": "x"},
    }
    office.slack.press(EMPLOYEE, card, "checks.begin", element=forged)
    told = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, card["channel"]))[-1]
    assert "情報管理責任者だけ" in told["text"] and not checks.open_campaigns(store(office))


def test_app_home_goes_on_shows_what_is_due_and_the_progress(office: Office):
    card = office.say("会社のチェック")
    office.pressed(card, "checks.later")
    result, _ = walk(office, office.say("展示会に出る"), "not_done")
    office.pressed(result, "checks.take")
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: h if "引き受けたこと" in str(h := office.slack.home(EMPLOYEE)) else None)
    assert {"checks.menu", "checks.resume", "checks.done"} <= set(buttons(home))
    office.slack.press(EMPLOYEE, {"view_id": home["id"], "type": "view"}, "checks.resume")
    view = modal(office, "1/28")
    office.slack.press(EMPLOYEE, {"view_id": view["id"], "type": "view"}, "checks.answer.done")
    modal(office, "2/28")


def test_what_is_kept_of_a_person_is_shown_and_goes(office: Office):
    result, _ = walk(office, office.say("展示会に出る"), "not_done")
    office.pressed(result, "checks.take")
    office.slack.wait(lambda: gaps.of_owner(store(office), EMPLOYEE))
    shown = office.say("わたしのデータ")
    assert "自己チェックの答え: 1件" in shown["text"] and "引き受けたこと: 1件" in shown["text"]
    office.pressed(shown, "mydata.delete")
    office.slack.wait(lambda: not checks.of_person(store(office), EMPLOYEE))
    assert not gaps.of_owner(store(office), EMPLOYEE) and not outbox.next_due(store(office))


def replaced(office: Office, **checklists: Any) -> None:
    """The company's content as it is after a restart with other files."""
    place = office.running.workplace
    known = place.services.knowledge
    there = {id: c for id, c in ({**known.checklists, **checklists}).items() if c is not None}
    place.services = replace(place.services, knowledge=replace(known, checklists=there))


def test_a_new_version_keeps_what_still_means_the_same(office: Office):
    first = office.say("退職者が出る")
    row = next(e for b in first["blocks"] if b["type"] == "actions" for e in b["elements"])
    office.pressed(office.pressed(first, "checks.answer.done"), "checks.answer.partly")
    leaving = office.services.knowledge.checklists["leaving"]
    other = leaving.questions[0].model_copy(update={"meaning": 2, "text": "外す権限を、上司と決めましたか。"})
    replaced(office, leaving=leaving.model_copy(update={"version": 2, "questions": (other, *leaving.questions[1:])}))
    card = office.say("チェックの続き")
    assert "上司と決めましたか" in card["text"] and "設問が新しくなった" in card["text"]
    office.slack.press(EMPLOYEE, card, "checks.answer.done", element=row)  # a card of the old version
    time.sleep(0.5)
    assert "3/6" in office.say("1")["text"]


def test_a_check_that_was_removed_while_under_way_says_so(office: Office):
    card = office.say("退職者が出る")
    replaced(office, leaving=None)
    office.slack.press(EMPLOYEE, card, "checks.answer.done")
    told = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, card["channel"]))[-1]
    assert "会社の設定から外されました" in told["text"]
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    assert "自己チェック" in str(home) and "checks.resume" not in buttons(home)


def test_only_who_took_part_sees_and_deals_with_a_departments_result(office: Office):
    office.say("全社", MANAGER)
    office.say("1", MANAGER)
    office.slack.command(EMPLOYEE, ALL, "/himitsu", "チェック 営業部")
    walk(office, office.say("チェックの続き"), "not_done")
    campaign = office.slack.wait(lambda: checks.open_campaigns(store(office)))[0]
    card = office.say("自己チェックを始めたい", COLLEAGUE)
    for action, value in (
        ("checks.part.1", {"k": campaign.id, "d": "sales"}),
        ("checks.merged", {"k": campaign.id}),
        ("checks.take", {"s": f"{campaign.id}/sales", "q": "list", "c": "not_done", "t": "2027-01-15"}),
        ("checks.close", {"k": campaign.id}),
    ):
        before = len(office.slack.ephemerals(COLLEAGUE, card["channel"]))
        forged = {"type": "button", "value": json.dumps(value), "text": {"type": "plain_text", "text": "x"}}
        office.slack.press(COLLEAGUE, card, action, element=forged | {"action_id": action})
        told = office.slack.wait(lambda n=before: office.slack.ephemerals(COLLEAGUE, card["channel"])[n:])[-1]
        assert "だけ" in told["text"], action
    assert not gaps.of_owner(store(office), COLLEAGUE) and checks.open_campaigns(store(office))


def test_what_is_late_is_offered_to_the_nudge_of_the_week(office: Office):
    result, _ = walk(office, office.say("展示会に出る"), "not_done")
    office.pressed(result, "checks.take")
    office.say("退職者が出る")
    features = Conversation(office.running.workplace).features
    later = office.slack.clock.now() + 20 * DAY
    office.slack.wait(lambda: gaps.of_owner(store(office), EMPLOYEE) and checks.open_of(store(office), EMPLOYEE))
    due = features.due([EMPLOYEE, COLLEAGUE], later)
    assert {d.kind for d in due[EMPLOYEE]} >= {"task", "check"} and COLLEAGUE not in due
