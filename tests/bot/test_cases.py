"""A leak case over the real wire: told, asked, taken, carried to and fro, closed."""

from __future__ import annotations

from typing import Any

from bot.store import cases, dialogue

from .conftest import EMPLOYEE, RESPONDER, Office

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
    assert "だれが知らせたかを開けるのは" in preview["text"] and "Slackの管理者は" in preview["text"]
    assert cases.counts(store(office)) == {}
    told = office.say("知らせる")
    assert "担当に知らせました" in told["text"] and "内線1234" in told["text"]
    notice = last(office, RESPONDER, "漏えいかもしれない、という知らせです")
    assert "人が持ち出した" in notice["text"] and "名前は出していません" in notice["text"]
    assert EMPLOYEE not in str(notice) and "コピーして" not in str(notice)
    assert [d.state.get("kind") for d in dialogue.of_person(store(office), EMPLOYEE)].count("gone") == 2


def test_desks_and_dates_come_after_three_answers(office: Office):
    told = tell(office, SENT)
    assert "人の情報" in told["text"] and "お客様" in told["text"]
    asked = office.say("次へ")  # over 1,000 was chosen by the words
    assert "はじめて気づいた" in asked["text"]
    office.say("1")
    shown = office.say("2")
    assert "相談先と期限" in shown["text"] and "速報" in shown["text"] and "個人情報保護委員会" in shown["text"]
    case = cases.load(store(office), cases.open_heads(store(office))[0].id)
    assert case.answer("duty") == ("over_1000",) and case.answer("going") == ("going",)
    assert office.say("続ける")["text"]
