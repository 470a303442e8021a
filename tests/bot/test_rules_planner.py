"""The planner over a database of its own, with time as the test says: replicas, zones, late starts, who is next."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.conversation import Conversation
from bot.features import DueItem
from bot.features.feature import Button
from bot.features.rules.delivery import Delivery
from bot.features.rules.house import House
from bot.features.rules.planner import Planner
from bot.people import People
from bot.services import Services
from bot.store import Row, StoreError, nudges, open_store, outbox, people, rules
from bot.store.people import Person
from bot.web import web_client
from bot.workplace import Workplace
from dialogs.rules.models import Content
from dialogs.rules.nudges import DAY_S
from knowledge.company import Company

QUIET = Content("私物のUSB", "つなぎません。", "持ち出しを防ぎます。", "C-2", "", "", ("U3",), 1000)
USB = Content("私物のUSB", "つなぎません。", "持ち出しを防ぎます。", "C-2", "U1", "U2", ("U1", "U2", "U3"), 30)


class Hands:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at


class Desk:
    """A planner with all it needs, and short ways to ask it. tick(when): Tokyo time."""

    def __init__(self, store, services: Services) -> None:
        knowledge = replace(services.knowledge, company=Company(managers=("U9AAAAA",)), handling_rules={})
        nobody = web_client("xoxb-none", "http://127.0.0.1:9/", timeout_s=1)
        self.store, self.clock = store, Hands()
        own = replace(services, knowledge=knowledge)
        asked = People(store, knowledge.company, nobody, nobody, "")
        self.house = House(Conversation(Workplace(own, lambda: own, store, self.clock, asked, "test")))
        self.planner, self.delivery = Planner(self.house), Delivery(self.house)

    def hire(self, *ids: str, tz: str = "Asia/Tokyo", **more: bool) -> None:
        fields = {"guest": False, "stranger": False, "bot": False, "deleted": False, **more}
        for id in ids:
            people.put(self.store, Person(id, "", id, tz, fetched_at=2**40, **fields))
            self.house.place.people.forget(id)

    def publish(self, content: Content = QUIET, id: str = "c2.usb", when: str = "2026-10-01 09:00") -> None:
        rules.save_draft(self.store, id, content, by="U9AAAAA", now=at(when))
        rules.publish(self.store, id, by="U9AAAAA", now=at(when), tell=False)

    def want(self, *ids: str, **more) -> None:
        for id in ids:
            nudges.save_member(self.store, nudges.Member(id, choice="on", **more))

    def tick(self, when: str) -> list[str]:
        """Who was planned at that time."""
        self.clock.at = at(when)
        before = self.rows()
        self.planner.tick(self.clock.at)
        return sorted(self.rows() - before)

    def rows(self) -> set[str]:
        with self.store.begin(reads=True) as tx:
            return set(tx.connection.exec_driver_sql("SELECT id FROM outbox").scalars())

    def post(self) -> list[tuple[str, str]]:
        """Post all that is due, as the outbox does; (whom, text)."""
        posted = []
        while row := outbox.claim(self.store, owner="test", now=self.clock.at):
            wanted = self.delivery.nudge(row) if row.kind == "nudge" else True
            if row.expires_at is not None and self.clock.at > row.expires_at:
                outbox.skip(self.store, row, reason="late")
            elif not wanted:
                outbox.skip(self.store, row, reason="not_wanted")
            else:
                self._sent(row)
                posted.append((row.target, row.message["text"]))
        return posted

    def _sent(self, row: Row) -> None:
        with self.store.begin() as tx:
            outbox.mark_sent(tx, row, channel="D", ts="1")
            if row.kind == "nudge":
                self.delivery.nudge_sent(tx, row)


def at(when: str) -> float:
    return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo("Asia/Tokyo")).timestamp()


@pytest.fixture
def desk(tmp_path, sealer, services: Services) -> Iterator[Desk]:
    store = open_store(f"sqlite:///{tmp_path}/himitsu.db", sealer)
    made = Desk(store, services)
    made.hire("U1", "U2", "U3", "U9AAAAA")
    yield made
    store.close()


def test_two_replicas_plan_each_once(store, services: Services) -> None:
    desk = Desk(store, services)
    everyone = [f"U{n}" for n in range(100, 400)]
    desk.hire(*everyone)
    desk.publish(replace(QUIET, audience=("all",)))
    desk.want(*everyone)
    desk.tick("2026-11-29 12:00")
    other = Desk(desk.store, services)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda p: p.plan(at("2026-11-30 10:00")), (desk.planner, other.planner)))
    assert len([id for id in desk.rows() if id.startswith("nudge:")]) == 300
    assert desk.planner.plan(at("2026-11-30 10:00:05")) == 0


def test_nothing_due_nothing_sent(desk: Desk) -> None:
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    assert desk.tick("2026-11-30 10:00") == []
    assert nudges.member(desk.store, "U3").week == "2026-W50"


def test_a_zone_that_changes_moves_the_turn_and_doubles_nothing(desk: Desk) -> None:
    desk.publish()
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    desk.hire("U3", tz="America/New_York")
    assert desk.tick("2026-11-30 10:00") == []  # Sunday evening in New York
    assert desk.tick("2026-12-01 00:00") == ["nudge:U3:2026-W49:1"]
    desk.hire("U3", tz="Asia/Tokyo")
    assert desk.tick("2026-12-01 10:00") == []
    assert desk.tick("2026-12-07 10:00") in ([], ["nudge:U3:2026-W50:1"])


@pytest.mark.parametrize(
    ("back", "planned"),
    [
        ("2026-11-30 17:59", ["nudge:U3:2026-W49:1"]),  # later the same day
        ("2026-11-30 20:00", ["nudge:U3:2026-W49:1"]),  # tomorrow morning
        ("2026-12-01 17:00", ["nudge:U3:2026-W49:1"]),  # the next working day
        ("2026-12-01 18:01", []),  # too late: politely left out
        ("2026-12-18 10:00", []),  # two weeks later: nothing, and not two at once
    ],
)
def test_a_late_start(desk: Desk, back: str, planned: list[str]) -> None:
    desk.publish()
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    assert desk.tick(back) == planned
    if planned:
        assert (
            9 <= datetime.fromtimestamp(nudges.get(desk.store, "U3:2026-W49").due_at, ZoneInfo("Asia/Tokyo")).hour < 18
        )


def test_a_long_sleep_ends_with_one(desk: Desk) -> None:
    desk.publish()
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    assert desk.tick("2027-03-01 10:00") == []
    assert desk.tick("2027-03-08 10:00") == ["nudge:U3:2027-W10:1"]


def test_the_owner_then_the_deputy_then_the_managers_list(desk: Desk) -> None:
    desk.publish(replace(USB, audience=("U8ZZZZ",)))
    asked = []
    for week in range(1, 12):
        day = str(datetime.fromtimestamp(at("2026-11-09 10:00") + week * 7 * DAY_S, ZoneInfo("Asia/Tokyo")).date())
        desk.tick(f"{day} 09:59")
        desk.tick(f"{day} 10:00:01" if day != "2026-11-23" else "2026-11-24 10:00:01")
        asked += [(who, "3回目" in text) for who, text in desk.post()]
    owner = [a for a in asked if a[0] == "U1"]
    deputy = [a for a in asked if a[0] == "U2"]
    assert [last for _, last in owner] == [False, False, True] and [last for _, last in deputy] == [False, False, True]
    assert desk.house.in_charge(rules.every(desk.store)) == {}  # from here on it stands in the managers' list
    assert nudges.let_go(desk.store, since=0) == [("review", "c2.usb", "U1"), ("review", "c2.usb", "U2")]


def test_an_owner_who_left_is_passed_over(desk: Desk) -> None:
    desk.publish(replace(USB, audience=("U8ZZZZ",)))
    desk.hire("U1", deleted=True)
    desk.tick("2026-11-29 12:00")
    assert desk.tick("2026-11-30 10:00") == ["nudge:U2:2026-W49:1"]


@pytest.mark.parametrize("what", ["deleted", "guest"])
def test_who_left_or_became_a_guest_gets_nothing_also_when_it_was_planned(desk: Desk, what: str) -> None:
    desk.publish()
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    assert "nudge:U3:2026-W49:1" in desk.tick("2026-11-30 10:00")
    desk.hire("U3", **{what: True})
    assert "U3" not in [who for who, _ in desk.post()]
    desk.tick("2026-12-01 20:00")
    assert nudges.get(desk.store, "U3:2026-W49").state == "skipped"


def test_a_rule_that_is_gone_or_changed_meanwhile_is_not_posted(desk: Desk) -> None:
    desk.publish()
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    desk.tick("2026-11-30 10:00")
    rules.retire(desk.store, "c2.usb", by="U9AAAAA", now=desk.clock.at)
    assert desk.post() == []


def test_other_features_offer_what_is_due(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    item = DueItem(
        "task", "gap-1", int(at("2026-11-01 09:00")), "期日を過ぎた「表示」の件", (Button("x.done", "済み", {"g": 1}),)
    )
    offered = {"U3": [item]}
    features = type(desk.house.talk.features)
    monkeypatch.setattr(features, "due", lambda self, ids, now: {id: offered[id] for id in ids if id in offered})
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    desk.tick("2026-11-30 10:00")
    [(who, text)] = desk.post()
    assert who == "U3" and "期日を過ぎた" in text and "来週" in text
    desk.tick("2026-12-06 10:00")
    desk.tick("2026-12-07 10:00")
    offered.clear()  # done in the meantime, before it was posted
    assert desk.post() == []
    desk.tick("2026-12-13 10:00")
    assert desk.tick("2026-12-14 10:00") == []
    assert nudges.get(desk.store, "U3:2026-W49").answer == "done"  # there, by its own button


def test_a_commit_that_fails_leaves_nothing_half_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.publish()
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    with monkeypatch.context() as broken:
        broken.setattr(nudges, "set_turns", lambda tx, turns: (_ for _ in ()).throw(StoreError("the disk is full")))
        with pytest.raises(StoreError):
            desk.planner.plan(at("2026-11-30 10:00"))
    assert nudges.get(desk.store, "U3:2026-W49") is None and not desk.rows()
    assert desk.tick("2026-11-30 10:00:05") == ["nudge:U3:2026-W49:1"]


def test_what_could_not_go_out_in_its_hours_goes_the_next_morning_and_then_not_at_all(desk: Desk) -> None:
    desk.publish()
    desk.want("U3")
    desk.tick("2026-11-29 12:00")
    desk.tick("2026-11-30 10:00")
    outbox.skip_late(desk.store, now=at("2026-11-30 18:01"))
    assert desk.tick("2026-11-30 18:02") == ["nudge:U3:2026-W49:2"]
    assert desk.post() == []  # not at night
    desk.clock.at = at("2026-12-01 10:00")
    assert [who for who, _ in desk.post()] == ["U3"]
    desk.tick("2026-12-07 10:00")
    outbox.skip_late(desk.store, now=at("2026-12-08 18:01"))
    assert desk.tick("2026-12-08 18:02") == [] and nudges.get(desk.store, "U3:2026-W50").state == "skipped"
