"""A leak case over the real wire: told, asked, taken, carried to and fro, closed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bot.store import audit, cases, dialogue, schema

from .conftest import AUDITOR, DEPUTY, EMPLOYEE, MANAGER, RESPONDER, Office
from .test_dm import buttons

TAKEN = "退職する社員が図面をコピーして持ち出しているようです"
SENT = "顧客名簿をまちがえて別の会社に送ってしまいました。1,200人分です"


def store(office: Office) -> Any:
    return office.running.workplace.store


def tell(office: Office, text: str = TAKEN, who: str = EMPLOYEE, word: str = "知らせる") -> dict[str, Any]:
    """Tell the desk by words; the message with the receipt."""
    office.say(text, who)
    office.say("担当に知らせる", who)
    return office.say(word, who)


def last(office: Office, who: str, part: str) -> dict[str, Any]:
    """The last message to somebody that holds these words, once it is there."""
    return office.slack.wait(lambda: [m for m in office.answers(who) if part in m["text"]])[-1]


def modal(office: Office, who: str, part: str = "") -> dict[str, Any]:
    return office.slack.wait(lambda: m if (m := office.slack.modal(who)) and part in str(m) else None)


def test_a_report_by_words_makes_a_case_and_tells_the_desk(office: Office):
    office.say(TAKEN)
    preview = office.say("担当に知らせる")
    assert "だれが知らせたかを見られるのは" in preview["text"] and "Slackの管理者は" in preview["text"]
    assert cases.counts(store(office)) == {}
    told = office.say("知らせる")
    assert "担当に知らせました" in told["text"] and "内線1234" in told["text"]
    notice = last(office, RESPONDER, "漏えいかもしれない、という知らせです")
    assert "人が持ち出した" in notice["text"] and "名前は出していません" in notice["text"]
    assert EMPLOYEE not in str(notice) and "コピーして" not in str(notice)
    office.slack.wait(lambda: [d.state["kind"] for d in dialogue.of_person(store(office), EMPLOYEE)].count("gone") == 2)


def test_desks_and_dates_come_after_three_answers(office: Office):
    told = tell(office, SENT)
    assert "人の情報" in told["text"] and "お客様" in told["text"]
    asked = office.say("次へ")  # over 1,000 was chosen by the words
    assert "はじめて気づいた" in asked["text"]
    office.say("1")
    shown = office.say("2")
    assert "相談先と期限" in shown["text"] and "速報" in shown["text"] and "個人情報保護委員会" in shown["text"]
    case = office.slack.wait(lambda: c if (c := case_of(office)).answer("going") else None)
    assert case.answer("duty") == ("over_1000",) and case.answer("going") == ("going",)
    assert "中身を見られない備え" in office.say("続ける")["text"]


def head(office: Office, n: int = 0) -> Any:
    return cases.open_heads(store(office))[n]


def case_of(office: Office) -> Any:
    return cases.load(store(office), head(office).id)


def act(office: Office, message: dict[str, Any], action: str, who: str, part: str) -> dict[str, Any]:
    """Press a button of a message; what is new there, or has changed, once it shows these words."""
    where = message["channel"]
    before = {m["ts"]: m["text"] for m in office.slack.messages(where, seen_by=who)}
    office.slack.press(who, message, action)

    def found() -> Any:
        there = [m for m in office.slack.messages(where, seen_by=who) if m["text"] != before.get(m["ts"])]
        return next((m for m in there if part in m["text"]), None)

    return office.slack.wait(found)


def write(office: Office, message: dict[str, Any], action: str, who: str, /, **fields: str) -> dict[str, Any]:
    """Fill in the modal that a button opens; the modal after it was sent."""
    office.slack.press(who, message, action)
    view = office.slack.wait(lambda: office.slack.modal(who))
    elements = {b["block_id"]: b["element"] for b in view["blocks"] if b["type"] == "input"}
    keys = {"plain_text_input": "value", "datepicker": "selected_date"}

    def given(name: str, text: str) -> dict[str, Any]:
        element = elements[name]
        if element["type"] == "static_select":
            return {"selected_option": next(o for o in element["options"] if o["value"] == text)}
        return {keys[element["type"]]: text}

    values = {name: {elements[name]["action_id"]: given(name, text)} for name, text in fields.items()}
    errors = office.slack.submit(who, view["id"], values)
    assert errors is None, errors
    done = office.slack.wait(lambda: m if (m := office.slack.modal(who)) and not m.get("submit") else None)
    office.slack.close_view(who, view["id"], all_of_them=True)
    return done


def test_the_modal_takes_a_note_consent_and_the_choice_of_another_desk(office: Office):
    card = office.say(TAKEN)
    office.slack.press(EMPLOYEE, card, "leak.tell")
    view = modal(office, EMPLOYEE, "だれが知らせたかを見られるのは")
    ticked = {"selected_options": [o for o in options_of(view) if o["value"] == "named"]}
    values = {"how": {"case.how": ticked}, "note": {"note": {"value": "営業部の倉庫です"}}}
    assert office.slack.submit(EMPLOYEE, view["id"], values) is None
    modal(office, EMPLOYEE, "himitsuとのDMに送りました")
    notice = last(office, RESPONDER, "漏えいかもしれない、という知らせです")
    assert f"<@{EMPLOYEE}>" in notice["text"] and "営業部の倉庫です" in notice["text"]
    assert "はじめて気づいた" in last(office, EMPLOYEE, "担当に知らせました")["text"]
    assert case_of(office).consent


def options_of(view: dict[str, Any]) -> list[dict[str, Any]]:
    return next(b["element"]["options"] for b in view["blocks"] if b.get("block_id") == "how")


def test_a_note_with_a_card_number_is_not_kept(office: Office):
    card = office.say(TAKEN)
    office.slack.press(EMPLOYEE, card, "leak.tell")
    view = modal(office, EMPLOYEE)
    errors = office.slack.submit(EMPLOYEE, view["id"], {"note": {"note": {"value": "4111 1111 1111 1111"}}})
    assert "クレジットカード" in str(errors) and cases.counts(store(office)) == {}


def test_a_second_yes_makes_no_second_case(office: Office):
    card = office.say(TAKEN)
    preview = office.say("担当に知らせる")
    office.say("知らせる")
    last(office, RESPONDER, "知らせです")
    again = act(office, preview, "case.send.plain", EMPLOYEE, "もう知らせてあります")
    assert head(office).receipt in again["text"]
    office.slack.press(EMPLOYEE, card, "leak.tell")
    modal(office, EMPLOYEE, "もう知らせてあります")
    assert cases.counts(store(office)) == {"open": 1}
    assert len([m for m in office.answers(RESPONDER) if "知らせです" in m["text"]]) == 1


def test_taking_noting_answering_and_closing(office: Office):
    tell(office)
    notice = last(office, RESPONDER, "知らせです")
    card = act(office, notice, "case.take", RESPONDER, "担当が確認しています")
    assert "担当が確認を始めました" in last(office, EMPLOYEE, "担当が確認を")["text"]
    write(office, card, "case.write.fact", RESPONDER, text="USBの記録が3件ある", happened="2026-11-20")
    write(office, card, "case.write.evidence", RESPONDER, what="退職者のPC", holder="情シスの田中")
    write(office, card, "case.write.say", RESPONDER, text="PCの電源は切らないでください")
    told = last(office, EMPLOYEE, "PCの電源は切らないで")
    assert RESPONDER not in told["text"]
    write(office, told, "case.add", EMPLOYEE, text="電源は入ったままです")
    assert "電源は入ったまま" in last(office, RESPONDER, "書きそえました")["text"]
    case = case_of(office)
    assert [f.text for f in case.facts] == ["USBの記録が3件ある"] and case.evidence[0].holder == "情シスの田中"
    write(office, card, "case.write.close", RESPONDER, outcome="done", lessons="退職時の点検を早める", due="2027-01-29")
    assert "対応が終わりました" in last(office, EMPLOYEE, "ありがとうございました")["text"]
    closed = cases.load(store(office), case.id)
    assert (closed.outcome, [t.text for t in closed.open_lessons]) == ("done", ["退職時の点検を早める"])
    kinds = [e.kind for e in audit.entries(store(office), subject=case.id)]
    assert kinds[0] == "case.opened" and kinds[-1] == "case.closed" and audit.verify(store(office)) is None


def test_only_the_named_contact_sees_who_reported_and_each_look_is_told(office: Office):
    tell(office)
    notice = last(office, RESPONDER, "知らせです")
    office.slack.press(DEPUTY, office.say("/himitsu", DEPUTY), "case.who", element=forged(office, "case.who"))
    assert "開けるのは" in refused(office, DEPUTY)
    card = act(office, notice, "case.open", RESPONDER, "聞き取り")
    shown = act(office, card, "case.who", RESPONDER, "知らせた人: ")
    assert f"<@{EMPLOYEE}>" in shown["text"]
    assert f"<@{RESPONDER}>" in last(office, EMPLOYEE, "だれが知らせたかを開きました")["text"]
    assert "開いて見ました" in office.say("状況")["text"]
    looks = audit.entries(store(office), kinds=("case.looked",))
    assert [e.actor for e in looks] == [RESPONDER]


def forged(office: Office, action: str) -> dict[str, Any]:
    value = f'{{"c":"{head(office).id}"}}'
    return {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "x"}}


def refused(office: Office, who: str) -> str:
    return office.slack.wait(lambda: office.slack.ephemerals(who, office.slack.dm(who)))[-1]["text"]


def test_a_case_is_nobody_elses_to_open(office: Office):
    tell(office)
    last(office, RESPONDER, "知らせです")
    for action in ("case.open", "case.take", "case.state", "case.pdf", "case.who", "case.withdraw", "case.outlook"):
        before = len(office.slack.ephemerals(MANAGER, office.slack.dm(MANAGER)))
        message = office.answers(MANAGER)[-1] if office.answers(MANAGER) else office.say("こんにちは", MANAGER)
        office.slack.press(MANAGER, message, action, element=forged(office, action))
        said = office.slack.wait(lambda n=before: office.slack.ephemerals(MANAGER, office.slack.dm(MANAGER))[n:])[-1]
        assert "担当だけ" in said["text"] or "本人だけ" in said["text"], action
    assert not case_of(office).owner


def test_a_report_about_the_desk_goes_to_the_other_one_alone(office: Office):
    office.say("情報管理の担当者が顧客名簿を持ち出しているようです")
    office.say("担当に知らせる")
    told = office.say("窓口の人が関わっている")
    assert "監査役" in told["text"]
    notice = last(office, AUDITOR, "窓口の人が関わっているかもしれない")
    assert "あなただけ" in notice["text"]
    assert not office.answers(RESPONDER) and not office.answers(DEPUTY)
    office.slack.open_home(RESPONDER)
    home = office.slack.wait(lambda: office.slack.home(RESPONDER))
    assert "開いている受付はありません" in str(home)
    assert head(office).alternative


def test_a_mistake_after_telling_closes_the_case_and_tells_the_desk(office: Office):
    told = tell(office)
    last(office, RESPONDER, "知らせです")
    id = head(office).id
    assert "まちがいでした" in office.pressed(told, "leak.mistake")["text"]
    last(office, RESPONDER, "まちがいだったという連絡")
    case = cases.load(store(office), id)
    assert case.outcome == "mistake" and cases.reporter(store(office), id) is None


def test_a_mistake_before_telling_leaves_nothing(office: Office):
    office.say(TAKEN)
    assert "だれにも知らせていません" in office.say("まちがいでした")["text"]
    office.slack.wait(lambda: [d.state for d in dialogue.of_person(store(office), EMPLOYEE)] == [{"kind": "gone"}])
    assert cases.counts(store(office)) == {}


def test_taking_a_report_back_removes_who_made_it(office: Office):
    tell(office)
    last(office, RESPONDER, "知らせです")
    id = head(office).id
    status = office.say("状況を見る")
    assert "元には戻せません" in office.say("取り下げる")["text"]
    assert not case_of(office).withdrawn and cases.reporter(store(office), id) == EMPLOYEE
    act(office, status, "case.withdraw", EMPLOYEE, "取り下げました")
    last(office, RESPONDER, "知らせた人が取り下げました")
    office.slack.wait(lambda: cases.reporter(store(office), id) is None)
    assert cases.load(store(office), id).withdrawn
    assert "あなたの知らせはありません" in office.say("受付")["text"]


def test_a_report_is_taken_back_by_words_too(office: Office):
    tell(office)
    id = head(office).id
    asked = office.say("取り下げる")
    assert "本当に取り下げる" in asked["text"] and buttons(asked) == ["case.withdraw"]
    assert "取り下げました" in office.say("本当に取り下げる")["text"]
    office.slack.wait(lambda: cases.reporter(store(office), id) is None)


def test_no_words_of_the_report_are_kept_anywhere(office: Office):
    tell(office, "営業の山田が退職前に顧客台帳をUSBに写していました")
    last(office, RESPONDER, "知らせです")
    office.say("メモ: 倉庫で見ました")
    last(office, RESPONDER, "倉庫で見ました")
    kept = Path(office.settings.database_url.removeprefix("sqlite:///")).read_bytes()
    for words in ("山田", "顧客台帳", "倉庫で見ました"):
        assert words.encode() not in kept
    assert all(d.state.get("kind") in ("gone", "case") for d in dialogue.of_person(store(office), EMPLOYEE))


def test_questions_go_back_and_are_taken_up_from_app_home(office: Office):
    office.say("電車にノートPCを忘れました")
    office.say("担当に知らせる")
    first = office.say("知らせる")
    assert "どんな情報ですか" in first["text"]
    asked = office.say("2")
    assert "はじめて気づいた" in asked["text"]
    back = act(office, asked, "case.back", EMPLOYEE, "どんな情報ですか")
    assert "✓" in str(back)
    assert "あとで続けられます" in office.say("あとで")["text"]
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: h if "どんな情報ですか" in str(h := office.slack.home(EMPLOYEE)) else None)
    assert "case.toggle.1" in buttons(home)


def test_guests_cannot_report_to_the_desk(office: Office):
    from .conftest import GUEST

    card = office.say(TAKEN, GUEST)
    assert "leak.tell" not in buttons(card)
    assert "社員の人だけ" in office.say("担当に知らせる", GUEST)["text"]
    assert "社員の人だけ" in office.say("受付", GUEST)["text"]


def test_misconduct_is_sent_where_it_belongs(office: Office):
    said = office.say("上司のパワハラを通報したい")
    assert "専用の窓口" in said["text"] and "03-3507-9262" in said["text"]
    leak = office.say("会社が検査データを改ざんしている。退職者が図面を持ち出した")
    assert "公益通報者保護制度" in leak["text"]


def test_who_cannot_go_on_is_told_whom_to_talk_to_and_nothing_of_it_is_kept(office: Office):
    said = office.say("もう死にたいです")
    assert "一人で抱えないで" in said["text"] and "0570-064-556" in said["text"] and "119" in said["text"]
    bullied = office.say("パワハラがつらくて死にたい")
    assert "0570-064-556" in bullied["text"] and "公益通報者保護制度" in bullied["text"]
    leak = office.say("顧客名簿を全員にメールで送ってしまった。もう死にたい")
    assert "報告" in leak["text"] and "0570-064-556" in leak["text"]  # the first steps, and this too
    assert "0570" not in office.say("顧客名簿を取引先に送ってしまった")["text"]
    kept = dialogue.of_person(store(office), EMPLOYEE)
    assert kept and all("distress" not in str(d.state) for d in kept)


def test_danger_says_110_first(office: Office):
    said = office.say("刃物を持った人に図面を盗まれた、いま襲われている")
    assert said["text"].startswith("*人の命") and "110番" in said["text"]


def handed(office: Office, who: str) -> dict[str, bytes]:
    """The files in somebody's DM, by name."""
    found = [f for m in office.answers(who) for f in m.get("files") or ()]
    return {f["name"]: office.slack.file(f["id"]) for f in found}


def test_the_case_file_holds_the_proof_and_not_who_reported(office: Office):
    tell(office, SENT)
    card = act(office, last(office, RESPONDER, "知らせです"), "case.take", RESPONDER, "担当が確認しています")
    for action in ("case.pdf", "case.json"):
        act(office, card, action, RESPONDER, "を送ります")
    drafts = act(office, card, "case.drafts", RESPONDER, "himitsuからは送りません")
    names = [e["text"]["text"] for b in drafts["blocks"] if b["type"] == "actions" for e in b["elements"]]
    assert len(names) == 4
    draft = act(office, drafts, "case.draft.company", RESPONDER, "【未記入】")
    act(office, draft, "case.draft_docx", RESPONDER, "を送ります")
    receipt, files = (
        head(office).receipt,
        office.slack.wait(lambda: f if len(f := handed(office, RESPONDER)) == 3 else None),
    )
    whole = json.loads(files[f"himitsu-{receipt}.json"])
    assert whole["audit"]["verified"] and whole["case"]["owner"] == RESPONDER
    assert EMPLOYEE not in str(whole) and files[f"himitsu-{receipt}.pdf"].startswith(b"%PDF")
    assert files[f"himitsu-{receipt}-company.docx"].startswith(b"PK")
    noted = office.slack.wait(
        lambda: e if len(e := audit.entries(store(office), kinds=("case.exported",))) == 3 else None
    )
    assert all(len(e.data["sha256"]) == 64 for e in noted)


def test_no_row_of_the_outbox_ties_a_case_to_the_dm_of_who_reported(office: Office):
    tell(office)
    last(office, RESPONDER, "知らせです")
    office.say("書きそえる: 倉庫で見ました")
    last(office, RESPONDER, "書きそえました")
    dm = office.slack.dm(EMPLOYEE)
    with store(office).begin(reads=True) as tx:
        rows = tx.connection.execute(sa.select(schema.outbox.c.id, schema.outbox.c.kind)).all()
    assert any(kind == "case.desk" for _, kind in rows)
    assert not [id for id, _ in rows if dm in id or EMPLOYEE in id]


def test_from_the_shortcut_and_from_app_home_it_goes_on_in_the_dm(office: Office):
    office.slack.shortcut(EMPLOYEE, "leak.start")
    kinds = modal(office, EMPLOYEE, "どれに近いですか")
    assert "110番" in str(kinds)
    office.slack.press(EMPLOYEE, {"view_id": kinds["id"], "type": "view"}, "leak.kind.lost")
    steps = modal(office, EMPLOYEE, "遠隔ロック")
    office.slack.press(EMPLOYEE, {"view_id": steps["id"], "type": "view"}, "leak.tell")
    tell_view = modal(office, EMPLOYEE, "だれが知らせたかを見られるのは")
    assert office.slack.submit(EMPLOYEE, tell_view["id"], {}) is None
    modal(office, EMPLOYEE, "himitsuとのDMに送りました")
    assert "どんな情報ですか" in last(office, EMPLOYEE, "担当に知らせました")["text"]
    assert "はじめて気づいた" in office.say("2")["text"]
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: h if "あなたの知らせ" in str(h := office.slack.home(EMPLOYEE)) else None)
    office.slack.press(EMPLOYEE, {"view_id": home["id"], "type": "view"}, "case.pick.1")
    modal(office, EMPLOYEE, "中身を見られない備え")
