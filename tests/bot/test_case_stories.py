"""Leak stories from the first words to the case file, with the clock moved forward (the first one is walked in a browser)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.features.cases.desk import Desk
from bot.features.cases.follow import Following
from bot.store import cases

from .conftest import COLLEAGUE, DEPUTY, EMPLOYEE, RESPONDER, Office
from .test_cases import act, last, store, write

TOKYO = ZoneInfo("Asia/Tokyo")


def move(office: Office, when: str) -> None:
    """The clock to a time in Japan; what has become due by then is planned."""
    office.slack.clock.set(datetime.fromisoformat(when).replace(tzinfo=TOKYO).timestamp())
    place = office.running.workplace
    office.slack.wait(lambda: abs(place.clock.now() - office.slack.clock.now()) < 60)
    Following(place, Desk(place)).tick(place.clock.now())


def told(office: Office, text: str, answers: Sequence[str], who: str = EMPLOYEE) -> str:
    """Tell it and answer the first questions by words; desks and dates, with the line breaks taken out."""
    office.say(text, who)
    office.say("担当に知らせる", who)
    said = office.say("知らせる", who)
    for answer in answers:
        said = office.say(answer, who)
    assert "相談先と期限" in said["text"], said["text"]
    return said["text"]


def places(outlook: str, *names: str) -> list[int]:
    """Where the desks stand among what was shown; each has to be there."""
    return [outlook.index(name) for name in names]


def taken(office: Office) -> dict[str, Any]:
    return act(office, last(office, RESPONDER, "知らせです"), "case.take", RESPONDER, "担当が確認しています")


def case_file_of(office: Office, receipt: str) -> dict[str, Any]:
    """The case file of a receipt, as JSON, from the DM of who asked for it."""
    head_of = cases.by_receipt(store(office), receipt)
    assert head_of is not None
    before = len(office.answers(RESPONDER))
    office.slack.command(RESPONDER, "C01ALL", "/himitsu", f"受付 {receipt} JSONで書き出す")

    def found() -> Any:
        files = [f for m in office.answers(RESPONDER)[before:] for f in m.get("files") or ()]
        return json.loads(office.slack.file(files[0]["id"])) if files else None

    whole: dict[str, Any] = office.slack.wait(found)
    assert whole["audit"]["verified"] and EMPLOYEE not in str(whole)
    return whole


def kinds(whole: dict[str, Any]) -> list[str]:
    return [e["kind"] for e in whole["events"]]


def test_ransomware_on_friday_evening_before_a_holiday(office: Office):
    move(office, "2026-11-20T18:30")  # Monday is 勤労感謝の日
    outlook = told(office, "パソコンの画面に身代金を払えと出て、ファイルが開けません", ("1 5", "3", "1"))
    order = places(outlook, "情報管理担当", "IPA", "JPCERT")
    assert order == sorted(order)
    assert "11月24日(火)9:00" in outlook  # the company's desk: not on Monday
    assert "速報: 11月22日(日)から11月24日(火)まで" in outlook
    card = taken(office)
    assert "11月24日" in card["text"]
    move(office, "2026-11-22T09:05")  # a Sunday
    assert "速報の目安は 11月24日(火) です(あと2日)" in last(office, DEPUTY, "速報の目安")["text"]
    first = last(office, RESPONDER, "速報の目安")
    write(office, card, "case.write.told", RESPONDER, who="IPA 企業組織向けサイバーセキュリティ相談窓口", how="メール")
    act(office, first, "case.preliminary", RESPONDER, "速報: 11月22日")
    move(office, "2026-11-24T09:05")
    assert len([m for m in office.answers(DEPUTY) if "速報の目安" in m["text"]]) == 1  # it was handed in
    move(office, "2027-01-11T09:05")  # day 53 of 60: it was done on purpose
    assert "確報の期限は 1月18日(月) です(あと7日)" in last(office, RESPONDER, "確報の期限")["text"]
    act(office, last(office, RESPONDER, "確報の期限"), "case.final", RESPONDER, "確報: 1月11日")
    write(office, card, "case.write.close", RESPONDER, outcome="done", lessons="添付ファイルの扱いを全員で見直す")
    whole = case_file_of(office, "11-20-1")
    assert whole["case"]["answers"]["kind"] == ["cyber"] and set(whole["case"]["reported"]) == {"preliminary", "final"}
    assert whole["case"]["lessons"][0]["due"] == "2027-02-10"
    assert kinds(whole)[0] == "opened" and "closed" in kinds(whole)


def test_a_customer_list_mailed_to_the_wrong_firm(office: Office):
    move(office, "2026-12-03T10:00")
    outlook = told(office, "顧客名簿をまちがえて別の会社に送ってしまいました。1,200人分です", ("次へ", "1", "2"))
    assert "個人情報保護委員会への報告が要ります" in outlook
    assert "速報: 12月5日(土)から12月7日(月)まで" in outlook and "確報: 1月1日(金)まで(30日目)" in outlook
    places(outlook, "情報管理担当", "個人情報保護委員会")
    card = taken(office)
    assert "次の日付: 12月7日(月)" in card["text"]
    drafts = act(office, card, "case.drafts", RESPONDER, "個人情報保護委員会")
    letter = act(office, drafts, "case.draft.ppc", RESPONDER, "【未記入】")
    assert "1,000人を超える" in letter["text"]
    write(office, card, "case.write.task", RESPONDER, text="送り先に削除の確認書をもらう", due="2026-12-04")
    move(office, "2026-12-04T09:05")
    assert (
        "「送り先に削除の確認書をもらう」の期日は 12月4日(金) です(今日)"
        in last(office, RESPONDER, "削除の確認書")["text"]
    )
    move(office, "2026-12-07T09:05")
    today = last(office, RESPONDER, "速報の目安は 12月7日(月) です(今日)")
    act(office, today, "case.preliminary", RESPONDER, "速報: 12月7日")
    move(office, "2026-12-25T09:05")
    final = last(office, RESPONDER, "確報の期限")
    assert "1月1日(金) です(あと7日)" in final["text"]
    act(office, final, "case.final", RESPONDER, "確報: 12月25日")
    write(office, card, "case.write.close", RESPONDER, outcome="done", lessons="宛先を2人で確かめる\n名簿は添付しない")
    assert "対応が終わりました" in last(office, EMPLOYEE, "ありがとうございました")["text"]
    whole = case_file_of(office, "12-3-1")
    assert [t["text"] for t in whole["case"]["lessons"]] == ["宛先を2人で確かめる", "名簿は添付しない"]
    assert whole["case"]["answers"]["duty"] == ["over_1000"]
    move(office, "2027-01-25T09:05")
    assert "宿題" in last(office, RESPONDER, "宛先を2人で確かめる")["text"]


def test_a_laptop_lost_on_a_train_and_found_again(office: Office):
    move(office, "2026-12-10T21:40")
    outlook = told(office, "帰りの電車に会社のノートPCを忘れました", ("2", "1", "1"))
    assert "国への報告の期限はありません" in outlook and "情報管理担当" in outlook
    assert "遺失" in outlook or "落とし物" in outlook or "交通機関" in outlook
    taken(office)
    move(office, "2026-12-11T08:30")
    office.say("書きそえる: 駅の忘れ物センターで見つかりました。封は開いていません")
    added = last(office, RESPONDER, "書きそえました")
    assert "見つかりました" in added["text"]
    card = act(office, added, "case.open", RESPONDER, "聞き取り")
    write(office, card, "case.write.fact", RESPONDER, text="起動の記録がなく、開かれていない", happened="2026-12-11")
    write(office, card, "case.write.close", RESPONDER, outcome="no_leak")
    assert "漏えいはありませんでした" in last(office, EMPLOYEE, "ありがとうございました")["text"]
    whole = case_file_of(office, "12-10-1")
    assert whole["case"]["outcome"] == "no_leak" and whole["case"]["answers"]["protected"] == ["encrypted"]
    assert (
        whole["case"]["facts"][0]["happened"] == "2026-12-11" and "見つかりました" in whole["case"]["said"][0]["text"]
    )


def test_our_drawing_shown_by_a_supplier_to_a_competitor(office: Office):
    move(office, "2026-12-14T11:00")
    outlook = told(office, "仕入先がうちの図面を競合に見せたようです", ("1", "1", "1"), COLLEAGUE)
    order = places(outlook, "情報管理担当", "INPIT")
    assert order == sorted(order) and "国への報告の期限はありません" in outlook
    assert "受付中" in outlook or "まで" in outlook  # on a Monday morning somebody is there
    card = taken(office)
    drafts = act(office, card, "case.drafts", RESPONDER, "取引先への第一報")
    act(office, drafts, "case.draft.partner", RESPONDER, "【未記入】")
    write(office, card, "case.write.evidence", RESPONDER, what="渡した図面の控えと受領書", holder="購買の佐々木")
    write(office, card, "case.write.say", RESPONDER, text="相手にはまだ連絡しないでください")
    last(office, COLLEAGUE, "まだ連絡しないで")
    act(office, card, "case.watching", RESPONDER, "様子を見ています")
    write(
        office,
        card,
        "case.write.close",
        RESPONDER,
        outcome="done",
        lessons="図面の渡し方を契約で決める",
        due="2027-03-31",
    )
    whole = case_file_of(office, "12-14-1")
    assert whole["case"]["answers"]["contract"] == ["there"]
    assert whole["case"]["evidence"][0]["holder"] == "購買の佐々木" and COLLEAGUE not in str(whole)
    assert not [e for e in whole["events"] if e["kind"] == "reported"]
