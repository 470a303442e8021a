"""Who reports, who takes, who is concerned: the odd ways in which a case may come and go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from bot.features.cases.desk import Desk
from bot.store import cases
from bot.store.schema_cases import case_events
from knowledge.company import Company, CompanyDesk

from .conftest import COLLEAGUE, DEPUTY, EMPLOYEE, MANAGER, RESPONDER, Office
from .test_case_dates import Place
from .test_cases import TAKEN, act, case_of, head, last, store, tell, write

DESK = CompanyDesk(id="desk", name="窓口", phones=({"number": "内線1234"},), slack=RESPONDER)


@pytest.fixture
def company(office: Office) -> Any:
    """Puts another company in the place of the sample one."""
    place = office.running.workplace

    def change(**keys: Any) -> None:
        knowledge = replace(place.services.knowledge, company=Company(**keys))
        place.services = replace(place.services, knowledge=knowledge)

    return change


def test_without_a_desk_nothing_is_kept_and_that_is_said(office: Office, company):
    company()
    office.say(TAKEN)
    assert "受け取れる担当がいません" in office.say("担当に知らせる")["text"]
    assert "電話か対面で" in office.say("知らせる")["text"]
    assert cases.counts(store(office)) == {}


def test_a_desk_without_slack_is_named_with_its_phone(office: Office, company):
    company(desks=(DESK.model_copy(update={"slack": None}),))
    office.say(TAKEN)
    office.say("担当に知らせる")
    assert "窓口: 内線1234" in office.say("知らせる")["text"]


@pytest.mark.parametrize(
    ("desks", "said"),
    [
        ((DESK,), "別の窓口がまだ登録されていません"),
        (
            (DESK, CompanyDesk(id="other", name="監査役", phones=({"number": "内線5678"},), alternative=True)),
            "内線5678",
        ),
    ],
)
def test_a_concerned_desk_is_not_told_where_there_is_no_other(office: Office, company, desks, said):
    company(desks=desks, responders=(RESPONDER,))
    office.say("情報管理の担当者が顧客名簿を持ち出しています")
    office.say("担当に知らせる")
    told = office.say("窓口の人が関わっている")
    assert said in told["text"] and "まだだれにも知らせていません" in told["text"]
    assert not office.answers(RESPONDER) and cases.counts(store(office)) == {}


def test_a_channel_is_told_only_where_the_company_names_one(office: Office, company):
    company(desks=(DESK.model_copy(update={"slack": "C01ALL"}),), responders=(RESPONDER,))
    tell(office)
    posted = office.slack.wait(lambda: [m for m in office.slack.messages("C01ALL") if m.get("bot_id")])[-1]
    assert "知らせが届きました" in posted["text"] and "人が持ち出した" not in posted["text"]
    assert EMPLOYEE not in str(posted)


def test_a_desk_that_reports_itself_is_not_left_alone_with_it(office: Office):
    tell(office, who=RESPONDER)
    assert RESPONDER not in last(office, DEPUTY, "漏えいかもしれない、という知らせです")["text"]


def test_who_is_the_whole_desk_is_told_so(office: Office, company):
    company(desks=(DESK,), responders=(RESPONDER,))
    told = tell(office, who=RESPONDER)
    assert "あなたのほかにいません" in told["text"] and cases.counts(store(office)) == {"open": 1}


def test_two_reports_of_one_event_become_one(office: Office):
    tell(office)
    last(office, RESPONDER, "11-")
    tell(office, who=COLLEAGUE)
    second = office.slack.wait(
        lambda: [m for m in office.answers(RESPONDER) if "似た知らせが、最近ほかにもあります" in m["text"]]
    )[-1]
    first = head(office)
    assert first.receipt in second["text"]
    card = act(office, second, "case.open", RESPONDER, "聞き取り")
    which = act(office, card, "case.link", RESPONDER, "どの受付と同じ")
    card = act(office, which, "case.link.1", RESPONDER, "同じ出来事の受付")
    left = office.slack.wait(lambda: h if len(h := cases.open_heads(store(office))) == 1 else None)
    assert left[0].id == first.id
    assert "同じ出来事の受付にまとめました" in office.say("状況を見る", COLLEAGUE)["text"]


def test_a_case_that_does_not_open_stops_nobody(office: Office):
    tell(office)
    last(office, RESPONDER, "知らせです")
    broken = head(office)
    with store(office).begin() as tx:
        there = sa.update(case_events).where(case_events.c.case == broken.id)
        tx.connection.execute(there.values(body=b"x" * 40))
    tell(office, who=COLLEAGUE)  # of the same kind: looked at for whether it is the same event
    whole = next(h for h in cases.open_heads(store(office)) if h.id != broken.id)
    shut = f"受付 {broken.receipt} の記録を開けません"
    shown = office.say("受付", RESPONDER)["text"]
    assert shut in shown and f"受付 {whole.receipt}" in shown and "人が持ち出した" in shown
    asked = office.slack.command(RESPONDER, "C01ALL", "/himitsu", f"受付 {broken.receipt}").response["text"]
    assert shut in asked and "電話か対面で" in asked
    for who, more in ((RESPONDER, f"受付 {whole.receipt}"), (EMPLOYEE, shut)):
        office.slack.open_home(who)
        home = str(office.slack.wait(lambda who=who: office.slack.home(who)))
        assert shut in home and more in home
    assert shut in office.say("受付", EMPLOYEE)["text"]


def test_who_may_be_concerned_hears_nothing_by_itself(office: Office):
    tell(office)
    card = act(office, last(office, RESPONDER, "知らせです"), "case.take", RESPONDER, "担当が確認しています")
    last(office, EMPLOYEE, "担当が確認を始めました")
    card = act(office, card, "case.quiet", RESPONDER, "連絡は止めています")
    act(office, card, "case.acting", RESPONDER, "対応しています")
    assert "担当が確認しています" in office.say("状況を見る")["text"]
    assert not [m for m in office.answers() if "対応しています" in m["text"]]


def test_handing_over_and_taking_from_who_is_there(office: Office):
    tell(office)
    notice = last(office, RESPONDER, "知らせです")
    card = act(office, notice, "case.take", RESPONDER, "担当が確認しています")
    write(office, card, "case.write.hand", RESPONDER, owner=DEPUTY)
    handed = last(office, DEPUTY, "引き継ぎました")
    assert case_of(office).owner == DEPUTY
    again = act(office, handed, "case.open", DEPUTY, "聞き取り")
    act(office, again, "case.watching", DEPUTY, "様子を見ています")
    taken = office.say("引き受ける", RESPONDER)
    assert f"<@{DEPUTY}> が引き受けています" in taken["text"] and case_of(office).owner == DEPUTY


def test_the_same_by_words_and_by_the_command(office: Office):
    tell(office)
    last(office, RESPONDER, "知らせです")
    receipt = head(office).receipt
    assert receipt in office.say("受付", RESPONDER)["text"]
    shown = office.slack.command(RESPONDER, "C01ALL", "/himitsu", f"受付 {receipt} 引き受ける").response["text"]
    assert "担当が確認しています" in shown
    office.slack.command(RESPONDER, "C01ALL", "/himitsu", f"受付 {receipt} 事実: USBの記録がある")
    assert office.slack.wait(lambda: case_of(office).facts)[0].text == "USBの記録がある"
    office.say("すること: 記録を取り寄せる", RESPONDER)
    assert office.slack.wait(lambda: case_of(office).tasks)[0].text == "記録を取り寄せる"
    assert "担当だけ" in office.slack.command(MANAGER, "C01ALL", "/himitsu", f"受付 {receipt}").response["text"]
    assert "一覧" in office.slack.command(RESPONDER, "C01ALL", "/himitsu", "受付 9-9-9").response["text"]


def test_a_clock_that_was_set_back_loses_and_doubles_nothing(office: Office):
    tell(office)
    notice = last(office, RESPONDER, "知らせです")
    card = act(office, notice, "case.take", RESPONDER, "担当が確認しています")
    office.slack.clock.advance(-3 * 86_400)
    office.slack.wait(lambda: office.running.workplace.clock.now() < office.slack.clock.now() + 60)
    write(office, card, "case.write.fact", RESPONDER, text="前の日付になった")
    case = case_of(office)
    assert [e.kind for e in case.events][-1] == "fact" and case.owner == RESPONDER
    tell(office, "電車にノートPCを忘れました", COLLEAGUE)
    assert len({h.receipt for h in cases.open_heads(store(office))}) == 2


def test_after_the_clock_was_set_back_words_are_about_what_was_said_last(office: Office):
    told = tell(office)
    office.say("状況を見る")
    office.slack.clock.advance(-3 * 86_400)
    office.slack.wait(lambda: office.running.workplace.clock.now() < office.slack.clock.now() + 60)
    second = tell(office, "電車にノートPCを忘れました")
    assert told and "どんな情報ですか" in second["text"]
    assert cases.counts(store(office)) == {"open": 2}


def test_telling_again_and_taking_back_below_ones_own_report(office: Office):
    tell(office)
    office.say("状況を見る")
    assert "もう知らせてあります" in office.say("担当に知らせる")["text"]
    assert "担当にもそう知らせます" in office.say("まちがいでした")["text"]
    office.slack.wait(lambda: cases.counts(store(office)) == {"closed": 1})


def test_a_second_event_is_a_second_case_though_the_first_stands_open(office: Office):
    tell(office)
    office.say("相談先")
    office.say("電車にノートPCを忘れました")
    assert "だれにも知らせていません" in office.say("まちがいでした")["text"]  # the second one, not the first
    assert cases.counts(store(office)) == {"open": 1}
    assert "どんな情報ですか" in tell(office, "電車にノートPCを忘れました")["text"]
    assert cases.counts(store(office)) == {"open": 2}


def test_words_go_on_where_a_case_is_gone(office: Office):
    tell(office)
    last(office, RESPONDER, "知らせです")
    id = head(office).id
    with store(office).begin() as tx:
        cases.add(tx, id, "closed", by=RESPONDER, data={"outcome": "done"}, now=1)
        cases.remove(tx, id)
    assert "秘密情報のことなら" in office.say("こんにちは")["text"]
    assert "あなたの知らせはありません" in office.say("受付")["text"]


def test_what_is_closed_is_opened_again(office: Office):
    told = tell(office)
    last(office, RESPONDER, "知らせです")
    office.pressed(told, "leak.mistake")
    closed = last(office, RESPONDER, "まちがいだったという連絡")
    act(office, closed, "case.reopen", RESPONDER, "担当を待っています")
    assert cases.counts(store(office)) == {"open": 1}


def test_my_data_shows_a_report_and_lets_a_closed_one_go(office: Office):
    told = tell(office)
    last(office, RESPONDER, "知らせです")
    shown = office.slack.command(EMPLOYEE, "C01ALL", "/himitsu", "わたしのデータ").response["text"]
    assert "漏えいの知らせ: 1件" in shown
    id = head(office).id
    with store(office).begin() as tx:
        cases.add(tx, id, "closed", by=RESPONDER, data={"outcome": "done"}, now=1)
    assert told and cases.reporter(store(office), id) == EMPLOYEE
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    office.slack.press(EMPLOYEE, {"view_id": home["id"], "type": "view"}, "home.mydata")
    view = office.slack.wait(lambda: office.slack.modal(EMPLOYEE))
    office.slack.press(EMPLOYEE, {"view_id": view["id"], "type": "view"}, "mydata.delete")
    office.slack.wait(lambda: cases.reporter(store(office), id) is None)


# --- who is told, without Slack


def desk(gone: set[str] | None = None, **keys: Any) -> Desk:
    return Desk(Place(None, gone or set(), Company(**keys)))  # type: ignore[arg-type]


def test_who_has_left_is_not_told():
    named: dict[str, Any] = {"responders": ("U00000A", "U00000B"), "deputies": ("U00000C",), "managers": ("U00000D",)}
    assert desk(**named).told(False, 0) == ("U00000A", "U00000B")
    assert desk({"U00000A"}, **named).told(False, 0) == ("U00000B",)
    assert desk({"U00000A", "U00000B"}, **named).told(False, 0) == ("U00000C",)
    assert desk({"U00000A", "U00000B", "U00000C"}, **named).told(False, 0) == ("U00000D",)
    assert desk(**named).told(True, 0) == ()


def test_managers_open_cases_only_where_nobody_else_is_named():
    assert desk(responders=("U00000A",), managers=("U00000D",)).members(False) == ("U00000A",)
    assert desk(managers=("U00000D",)).members(False) == ("U00000D",)
    assert desk(managers=("U00000D",)).contact(False) == "U00000D"
    assert desk().contact(False) == "" and desk().members(True) == ()
