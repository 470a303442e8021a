"""What did not arrive is told to the manager, who settles it; what was kept too long goes by itself."""

from typing import Any

import sqlalchemy as sa

from bot.features.upkeep.tidy import Tidy
from bot.store import Person, audit, outbox, people
from bot.store import schema as tables

EMPLOYEE, MANAGER, RESPONDER = "U01EMPLOYEE", "U02MANAGER", "U03RESPOND"
DAY = 86_400


def lost(office, id: str, *, kind: str = "letter", reason: str = "user_disabled", state: str = "failed") -> Any:
    place = office.running.workplace
    message, due = {"text": "the words"}, place.clock.now() + DAY  # not taken by the bot before it is changed here
    outbox.plan(place.store, id, kind=kind, target=RESPONDER, message=message, due_at=due, lookup=True)
    with place.store.begin() as tx:
        mine = sa.update(tables.outbox).where(tables.outbox.c.id == id)
        tx.connection.execute(mine.values(state=state, reason=reason, attempts=9))
    return place.store


def listed(office, who: str = MANAGER) -> dict[str, Any]:
    dm = office.slack.dm(who)
    ack = office.slack.command(who, dm, "/himitsu", "届かなかった知らせ")
    assert ack.acked
    return ack.response


def buttons(view: Any) -> list[str]:
    rows = [b for b in view["blocks"] if b["type"] == "actions"]
    return [e["action_id"] for row in rows for e in row["elements"]]


def settled(store) -> list[tuple[str, str]]:
    return [(e.subject, e.actor) for e in audit.entries(store, kinds=("outbox.settled",))]


def test_the_list_says_why_without_the_words_and_a_number_settles_it(office):
    store = lost(office, "letter:1")
    lost(office, "letter:2", reason="channel_not_found")
    said = str(listed(office)["blocks"])
    assert (
        "Slackのアカウントが止まっています" in said and "あて先が見つかりません" in said and f"<@{RESPONDER}>" in said
    )
    assert "the words" not in said
    assert office.say("2", MANAGER)["text"].startswith("済みにしました")
    office.slack.wait(lambda: settled(store) == [("letter:2", MANAGER)])
    assert [t.id for t in outbox.troubles(store)] == ["letter:1"]
    assert office.say("2", MANAGER)["text"].startswith("もう済みになっています")
    assert len(settled(store)) == 1


def test_a_button_in_app_home_settles_it(office):
    store = lost(office, "letter:1")
    office.slack.open_home(MANAGER)
    home = office.slack.wait(lambda: office.slack.home(MANAGER))
    assert "upkeep.settle" in buttons(home) and "届かなかった知らせ" in str(home)
    assert office.slack.press(MANAGER, {"view_id": home["id"], "type": "view"}, "upkeep.settle").acked
    office.slack.wait(lambda: settled(store) == [("letter:1", MANAGER)])
    office.slack.wait(lambda: "upkeep.settle" not in buttons(office.slack.home(MANAGER)))


def test_who_is_written_to_about_a_case_is_not_told(office):
    lost(office, "case:1", kind="case.followup")
    said = str(listed(office)["blocks"])
    assert RESPONDER not in said and "漏えいの受付の知らせ" in said


def test_what_is_still_being_tried_has_no_button(office):
    lost(office, "letter:1", state="due", reason="later")
    shown = listed(office)
    assert "9回" in str(shown["blocks"]) and buttons(shown) == []


def test_others_see_nothing_of_it(office):
    store = lost(office, "letter:1")
    assert "情報管理の担当だけが使えます" in listed(office, EMPLOYEE)["text"]
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    assert "upkeep.settle" not in buttons(home) and "届かなかった" not in str(home)
    assert settled(store) == []


def test_with_nothing_to_tell_that_is_said(office):
    assert listed(office)["text"].startswith("届かなかった知らせはありません")


def test_once_a_day_what_was_kept_long_enough_goes(office):
    place = office.running.workplace
    now = place.clock.now()
    tidy = Tidy(place)
    tidy.tick(now)

    def old(at: float) -> None:
        people.put(place.store, Person("U0OLD", "T", "n", "", False, False, False, False, int(at) - 91 * DAY))

    old(now)
    tidy.tick(now)
    assert people.get(place.store, "U0OLD")  # this day is done
    tidy.tick(now + DAY)
    assert people.get(place.store, "U0OLD") is None
    assert audit.entries(place.store, kinds=("store.purged",))[-1].subject == "people"


def test_the_bot_does_it_by_itself(office):
    place = office.running.workplace
    people.put(place.store, Person("U0OLD", "T", "n", "", False, False, False, False, 0))
    office.restart()  # a new process has not done this day yet
    place = office.running.workplace
    office.slack.wait(lambda: people.get(place.store, "U0OLD") is None)
