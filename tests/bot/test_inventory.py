"""The inventory over the real wire: asked first, listed for few, changed by those who may, in and out as files."""

import io
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import openpyxl
import pytest

from bot.features.inventory.due import Reviews, moment
from bot.features.inventory.rights import Rights
from bot.features.inventory.shelf import Shelf
from bot.people import Person
from bot.settings import Settings
from bot.store import audit, inventory
from bot.tryout.browser import environment
from bot.tryout.slack import StandIn
from bot.tryout.slack.config import AppConfig
from dialogs.inventory.model import House, Item, default_classes
from knowledge.company import Department

from .conftest import COLLEAGUE, EMPLOYEE, GUEST, MANAGER, RESPONDER, Office


def shelf(office: Office) -> dict[str, Item]:
    store = office.running.workplace.store
    return {e.id: Item.of(e.id, e.version, e.content) for e in inventory.entries(store)}


def command(office: Office, text: str, who: str = MANAGER) -> str:
    return str(office.slack.command(who, office.slack.dm(who), "/himitsu", text).response["text"])


def button(message: dict, action: str) -> dict:
    found = [
        e
        for b in message["blocks"]
        for e in [*b.get("elements", ()), b.get("accessory") or {}]
        if e.get("action_id") == action
    ]
    return found[0]


def upload(office: Office, name: str, data: bytes, text: str = "台帳", who: str = MANAGER) -> dict:
    """What a person's upload leaves: the file, and a message that carries it."""
    before = len(office.answers(who))
    office.slack.upload(who, office.slack.dm(who), name, data, text)
    return office.slack.wait(lambda: office.answers(who)[before:])[-1]


def seen_below(office: Office, text: str, who: str = MANAGER) -> dict:
    """What a button's answer says in the DM, to the person alone or in the message's place."""
    dm = office.slack.dm(who)
    return office.slack.wait(
        lambda: next((m for m in office.slack.messages(dm, seen_by=who) if text in m["text"]), None)
    )


def test_what_is_typed_in_an_open_list_may_stand_behind_the_command_too(office: Office):
    assert "「金型」で見つかったもの" in command(office, "台帳 検索 金型")
    assert "「金型」で見つかったもの" in command(office, "台帳 金型")
    assert "全部で" in command(office, "台帳 一覧")
    assert "責任者と部署の担当だけ" in command(office, "台帳 一覧", EMPLOYEE)


# --- asked first


def test_a_question_is_answered_from_the_inventory_first(office: Office):
    said = office.say("原価表を外注先に送っていい？")["text"]
    assert said.startswith("🔒 秘密として扱ってください\n台帳に登録あり: *原価表* = 秘、担当は経理課 伊藤みなみ")
    assert "もと: 会社の情報の台帳(次の見直し 2027-03-31)" in said
    assert "台帳の *原価表* のことなら(「原価票」と書かれたもの)" in office.say("原価票を見せていい？")["text"]


def test_the_more_careful_reading_wins_and_both_are_told(office: Office):
    said = office.say("仕入先一覧は昨日ホームページで公開済みです。渡していい？")["text"]
    assert "🔒" in said and "台帳に登録あり: *仕入先一覧* = 秘" in said and "慎重なほうを取りました" in said
    said = office.say("総合カタログに載せる前の、未公開の新製品の図面を客先に見せていい？")["text"]
    assert "🔒" in said and "総合カタログ* = 公開" in said and "慎重なほうを取りました" in said


def test_guests_hear_nothing_of_it(office: Office):
    assert "台帳" not in office.say("原価表を外注先に送っていい？", GUEST)["text"]
    assert "社員の人だけ" in office.say("台帳", GUEST)["text"]


def test_who_may_not_see_the_list_is_answered_by_name_alone(office: Office):
    assert "一覧は" in office.say("台帳")["text"]
    assert "接着剤の配合表* = 極秘、担当は開発部" in command(office, "台帳 配合表", EMPLOYEE)
    assert "見つかりませんでした" in command(office, "台帳 開発部", EMPLOYEE)
    assert "鍵のかかる棚" not in command(office, "台帳 配合表", EMPLOYEE)


# --- the list and an entry


def test_the_list_is_opened_and_changed_by_typed_words(office: Office):
    listed = office.say("台帳", MANAGER)["text"]
    assert "全部で 6 件(極秘 1、秘 2、社外秘 2、公開 1)" in listed and "1. 接着剤の配合表" in listed
    assert "鍵のかかる棚" in office.say("1", MANAGER)["text"]
    changed = office.say("区分 秘", MANAGER)["text"]
    assert "台帳に書きました" in changed and "区分: 秘" in changed
    assert shelf(office)["mixing_table"].version == 2
    assert "「ひみつ」という区分はありません" in office.say("区分 ひみつ", MANAGER)["text"]
    assert "次の見直し日を" in office.say("見直した", MANAGER)["text"]
    history = office.say("履歴", MANAGER)["text"]
    assert "3版 20" in history
    assert f"<@{MANAGER}>: 変更(区分)" in history and "会社のファイルから: 登録" in history
    assert audit.verify(office.running.workplace.store) is None


def test_the_list_is_searched_by_words_and_in_a_modal(office: Office):
    listed = office.say("台帳", MANAGER)
    assert "見つかったもの: 2 件" in office.say("検索 開発部", MANAGER)["text"]
    office.slack.press(MANAGER, listed, "inventory.search")
    view = office.slack.wait(lambda: office.slack.modal(MANAGER))
    office.slack.submit(MANAGER, view["id"], {"words": {"words": {"value": "金型 製造"}}})
    shown = office.slack.wait(lambda: m if "カバーの金型" in str(m := office.slack.modal(MANAGER)) else None)
    assert "原価表" not in str(shown)
    assert "見つかりませんでした" in office.say("検索 <!channel>", MANAGER)["text"]
    assert "<!channel>" not in office.answers(MANAGER)[-1]["text"]


def test_pressing_twice_says_what_is_so(office: Office):
    office.say("台帳", MANAGER)
    card = office.say("1", MANAGER)
    renew = button(card, "inventory.renew")
    for _ in range(2):
        office.slack.press(MANAGER, card, "inventory.renew", element=renew)
    seen_below(office, "次の見直し日を")
    office.slack.wait(lambda: shelf(office)["mixing_table"].version == 2)
    assert "ほかの人" not in str(office.slack.messages(office.slack.dm(MANAGER), seen_by=MANAGER))


def test_an_entry_is_added_in_one_line_and_taken_out_after_a_yes(office: Office):
    office.say("台帳", MANAGER)
    assert "「追加 名前、区分、担当部署」" in office.say("追加", MANAGER)["text"]
    assert "台帳に加えました" in office.say("追加 加工手順書、社外秘、製造課、紙、2027-05-01", MANAGER)["text"]
    again = office.say("追加 加工手順書、秘、製造課、データ", MANAGER)["text"]
    assert "もう台帳にあります" in again and "区分: 社外秘" in again
    [item] = [i for i in shelf(office).values() if i.name == "加工手順書"]
    assert (item.secrecy, item.media, item.review) == ("社外秘", ("紙",), "2027-05-01")
    assert "登録あり" in office.say("加工手順書を渡していい？")["text"]
    office.say("台帳 ", MANAGER)
    assert "外しますか" in [office.say("5", MANAGER), office.say("外す", MANAGER)][1]["text"]
    gone = office.say("はい", MANAGER)["text"]
    assert "台帳から外しました" in gone and len(shelf(office)) == 6


def test_a_form_tells_what_is_wrong_and_never_overwrites_unseen(office: Office):
    listed = office.say("台帳", MANAGER)
    office.slack.press(MANAGER, listed, "inventory.open", element=button(listed, "inventory.open"))
    card = office.slack.wait(
        lambda: next(
            (m for m in office.slack.messages(office.slack.dm(MANAGER), seen_by=MANAGER) if "鍵のかかる棚" in str(m)),
            None,
        )
    )
    office.slack.press(MANAGER, card, "inventory.edit")
    view = office.slack.wait(lambda: office.slack.modal(MANAGER))
    errors = office.slack.submit(MANAGER, view["id"], {"name": {"name": {"value": "図"}}})
    assert "2文字以上" in errors["name"]
    store = office.running.workplace.store
    before = inventory.get(store, "mixing_table")
    inventory.save(
        store,
        [inventory.Write("mixing_table", 1, before.content | {"note": "先に"})],
        by=RESPONDER,
        now=1,
        origin="slack",
    )
    errors = office.slack.submit(MANAGER, view["id"], {"name": {"name": {"value": "配合の表"}}})
    assert "ほかの人が先に変えた" in errors["name"] and shelf(office)["mixing_table"].name == "接着剤の配合表"


def test_a_person_of_slack_is_chosen_and_mentioned(office: Office):
    listed = office.say("台帳", MANAGER)
    office.slack.press(MANAGER, listed, "inventory.add")
    view = office.slack.wait(lambda: office.slack.modal(MANAGER))
    chosen = {"text": {"type": "plain_text", "text": "秘"}, "value": "秘"}
    values = {
        "name": {"name": {"value": "検査基準書"}},
        "secrecy": {"secrecy": {"selected_option": chosen}},
        "department": {"department": {"value": "品質保証課"}},
        "member": {"member": {"selected_user": COLLEAGUE}},
    }
    assert office.slack.submit(MANAGER, view["id"], values) is None
    [item] = office.slack.wait(lambda: [i for i in shelf(office).values() if i.name == "検査基準書"])
    assert item.person == f"<@{COLLEAGUE}>"
    assert f"担当は品質保証課 <@{COLLEAGUE}>" in office.say("検査基準書を渡していい？")["text"]
    assert f"登録あり: *検査基準書* = 秘、担当は品質保証課 <@{COLLEAGUE}>" in office.say("台帳 検査基準書")["text"]
    office.say("台帳 検査基準書", MANAGER)
    office.slack.press(MANAGER, office.say("1", MANAGER), "inventory.more")
    view = office.slack.wait(lambda: m if "保管場所" in str(m := office.slack.modal(MANAGER)) else None)
    assert office.slack.submit(MANAGER, view["id"], {"where": {"where": {"value": "品証の棚"}}}) is None
    item = office.slack.wait(lambda: i if (i := shelf(office)[item.id]).where else None)
    assert item.person == f"<@{COLLEAGUE}>"


def test_old_and_foreign_buttons_change_nothing(office: Office):
    listed = office.say("台帳", MANAGER)
    stolen = button(listed, "inventory.open") | {"action_id": "inventory.remove", "value": '{"i":"cost_sheet","v":1}'}
    mine = office.say("原価表は秘密？")
    office.slack.press(EMPLOYEE, mine, "inventory.remove", element=stolen)
    office.slack.wait(lambda: "だけです" in str(office.slack.messages(office.slack.dm(EMPLOYEE), seen_by=EMPLOYEE)))
    office.slack.press(
        MANAGER,
        listed,
        "inventory.renew",
        element=stolen | {"action_id": "inventory.renew", "value": '{"i":"cost_sheet","v":9}'},
    )
    office.slack.wait(
        lambda: "ほかの人が先に変えた" in str(office.slack.messages(office.slack.dm(MANAGER), seen_by=MANAGER))
    )
    assert shelf(office)["cost_sheet"].version == 1


# --- files


def test_a_file_is_shown_first_and_taken_over_after_a_yes(office: Office):
    data = "資産名,機密区分,部門,媒体\n原価表,極秘,経理課,\n金型台帳,社外秘,製造課,紙\n".encode("cp932")
    shown = upload(office, "list.csv", data)
    assert "新しく加える: 1 件(金型台帳)" in shown["text"] and "変える: 1 件(原価表)" in shown["text"]
    assert len(shelf(office)) == 6
    assert "新しく 1 件、変えたもの 1 件" in office.say("はい", MANAGER)["text"]
    assert shelf(office)["cost_sheet"].secrecy == "極秘" and len(shelf(office)) == 7
    assert "いま続けられる質問はありません" in office.say("はい", MANAGER)["text"]
    office.slack.press(MANAGER, shown, "inventory.take")
    seen_below(office, "もう取り込んであります")
    assert "変えるところはありません" in upload(office, "list.csv", data)["text"]


def test_a_bad_file_changes_nothing_and_names_its_lines(office: Office):
    said = upload(office, "list.csv", "名前,区分,担当部署\n原価表,最高,経理課\n=1+1,秘,経理課\n".encode())["text"]
    assert (
        "1件も書いていません" in said
        and "2行目 区分: 「最高」という区分はありません" in said
        and "3行目 名前: 数式" in said
    )
    assert shelf(office)["cost_sheet"].version == 1


def test_files_are_left_alone_unless_they_are_meant_for_it(office: Office):
    asked = upload(office, "list.csv", b"x", text="この台帳を客先に送ってもいいですか？")["text"]
    assert "取り込め" not in asked and not office.slack.calls("files.info")
    assert "ファイルは開いていません" in upload(office, "list.csv", b"x", text="")["text"]
    assert "ファイルは開いていません" in upload(office, "list.csv", b"x", text="", who=EMPLOYEE)["text"]


def test_the_list_is_handed_over_and_reads_back_the_same(office: Office):
    office.say("台帳", MANAGER)
    office.say("ファイル", MANAGER)  # the file may come right behind the answer
    assert any("DMに送ります" in m["text"] for m in office.answers(MANAGER))
    message = office.slack.wait(lambda: next((m for m in office.answers(MANAGER) if m.get("files")), None))
    office.say("CSV", MANAGER)
    names = office.slack.wait(
        lambda: n if len(n := [f["name"] for m in office.answers(MANAGER) for f in m.get("files") or ()]) == 2 else None
    )
    assert [n.rpartition(".")[2] for n in names] == ["xlsx", "csv"]
    data = office.slack.file(message["files"][0]["id"])
    assert openpyxl.load_workbook(io.BytesIO(data)).active.max_row == 7
    assert "変えるところはありません" in upload(office, "台帳.xlsx", data)["text"]
    store = office.running.workplace.store
    assert office.slack.wait(lambda: audit.entries(store, kinds=("inventory.exported",)))[0].actor == MANAGER


def test_without_the_scopes_for_files_it_is_said_what_is_missing(tmp_path, services):
    app = AppConfig.default()
    with StandIn(app=replace(app, scopes=tuple(s for s in app.scopes if not s.startswith("files:")))) as slack:
        office = Office(slack, Settings.from_environment(environment(slack, tmp_path, {})), services)
        office.open()
        try:
            assert "files:read" in upload(office, "list.csv", b"x")["text"]
            office.say("台帳", MANAGER)
            office.say("ファイル", MANAGER)
            office.slack.wait(lambda: "files:write" in office.answers(MANAGER)[-1]["text"])
        finally:
            office.close()


# --- review dates


def test_an_owner_hears_once_that_a_review_is_due(office: Office):
    monday = datetime(2026, 11, 30, 11, 0, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
    office.slack.clock.set(monday)
    place = office.running.workplace
    entries = Shelf(place)
    before = entries.get("p40_drawing")
    due = {**before.content(), "review": "2026-11-30", "person": f"<@{COLLEAGUE}>"}
    inventory.save(place.store, [inventory.Write("p40_drawing", 1, due)], by=MANAGER, now=1, origin="slack")
    for _ in range(2):
        Reviews(Shelf(place), place).tick(monday)
    told = office.slack.wait(lambda: office.answers(COLLEAGUE))
    assert len(told) == 1 and "*P-40の組立図*(社外秘、開発部)の見直し日(2026-11-30)が来ました" in told[0]["text"]
    assert "保管場所: 図面管理サーバー" in office.say("備考 棚卸し済み", COLLEAGUE)["text"]
    assert "次の見直し日を 2027-11-30 に" in office.say("見直した", COLLEAGUE)["text"]
    assert shelf(office)["p40_drawing"].review == "2027-11-30"


def test_what_nobody_looked_at_is_offered_to_the_nudge_of_the_week(office: Office):
    place = office.running.workplace
    content = Shelf(place).get("p40_drawing").content() | {"review": "2026-11-01"}
    inventory.save(place.store, [inventory.Write("p40_drawing", 1, content)], by=MANAGER, now=1, origin="slack")
    reviews = Reviews(Shelf(place), place)

    def offered(day: int) -> dict:
        return reviews.late(
            [MANAGER, COLLEAGUE], datetime(2026, 11, day, 11, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
        )

    assert offered(7) == {} and [d.subject for d in offered(8)[MANAGER]] == ["inventory:p40_drawing"]


def test_several_that_are_due_come_in_one_message(office: Office):
    monday = datetime(2026, 11, 30, 11, 0, tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()
    office.slack.clock.set(monday)
    place = office.running.workplace
    for id in ("p40_drawing", "mixing_table"):
        content = Shelf(place).get(id).content() | {"review": "2026-11-01"}
        inventory.save(place.store, [inventory.Write(id, 1, content)], by=MANAGER, now=1, origin="slack")
    Reviews(Shelf(place), place).tick(monday)
    told = office.slack.wait(lambda: [m for m in office.answers(MANAGER) if "2 件で、見直し日が来ました" in m["text"]])
    assert len(told) == 1 and "・P-40の組立図(社外秘、開発部、2026-11-01)" in told[0]["text"]
    assert "見直し日が来たもの: 2 件" in office.say("一覧", MANAGER)["text"]


def test_a_department_s_manager_changes_that_department_alone(services):
    company = services.knowledge.company.model_copy(
        update={"departments": (Department(id="dev", name="開発部", also_called=("開発",), manager=COLLEAGUE),)}
    )
    rights = Rights(company, House(default_classes(), (("開発部", "開発"),)))
    dev, sales = Item("a", "図面", "秘", "開発"), Item("b", "名簿", "秘", "営業部")
    head, staff = Person(COLLEAGUE), Person(EMPLOYEE)
    assert rights.seen(head, [dev, sales]) == [dev] and rights.may_edit(head, dev) and not rights.may_edit(head, sales)
    assert not rights.may_change(head, dev, replace(dev, department="営業部")) and rights.may_change(head, None, dev)
    assert not rights.lists(staff) and rights.seen(staff, [dev, sales]) == []
    own = replace(sales, person=f"<@{EMPLOYEE}>")
    assert rights.seen(staff, [dev, own]) == [own] and rights.may_change(staff, own, replace(own, person="別の人"))
    assert rights.seen(Person(RESPONDER, roles=frozenset({"responder"})), [dev, sales]) == [dev, sales]
    assert rights.seen(Person(COLLEAGUE, guest=True), [dev]) == [] and not rights.may_edit(Person(COLLEAGUE, True), dev)


@pytest.mark.parametrize(
    ("now", "then"),
    [
        ("2026-11-30 11:00", "2026-11-30 11:00"),
        ("2026-11-30 05:00", "2026-11-30 10:00"),
        ("2026-11-27 18:59", "2026-11-30 10:00"),  # Friday evening
        ("2026-11-22 12:00", "2026-11-24 10:00"),  # Sunday, and Monday is a holiday
        ("2026-12-28 20:00", "2027-01-05 10:00"),  # the company is closed
    ],
)
def test_nobody_is_asked_outside_working_hours(services, now, then):
    def at(text):
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()

    assert moment(at(now), services.knowledge.company) == at(then)
