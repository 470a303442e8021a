"""Dates of cases: told in time, once, to those who are there, and not any more when they no longer hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.features.cases import outlook
from bot.features.cases.change import date_again
from bot.features.cases.desk import Desk
from bot.features.cases.follow import Following
from bot.people import Person
from bot.store import cases, outbox
from bot.store.schema_cases import case_events
from dialogs.leak.case import Event, of_events
from knowledge.company import Company, CompanyDesk

TOKYO = ZoneInfo("Asia/Tokyo")
COMPANY = Company(
    responders=("U00RESPOND", "U00SECOND1"),
    deputies=("U00DEPUTY1",),
    managers=("U00MANAGER",),
    desks=(
        CompanyDesk(id="desk", name="窓口", slack="U00RESPOND"),
        CompanyDesk(id="other", name="監査役", alternative=True),
    ),
)


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=TOKYO).timestamp())


def moment(epoch: float) -> str:
    return f"{datetime.fromtimestamp(epoch, TOKYO):%Y-%m-%d %H:%M}"


OPENED = at("2026-11-27 18:30")
PERSONAL = {"question": "data", "options": ["personal"]}
OVER = {"question": "duty", "options": ["over_1000"]}


def case_of(*rest: tuple[str, dict[str, Any]], **opened: Any) -> Any:
    first = {"receipt": "11-27-1", "family": "mis_sent", "known_on": "2026-11-27", **opened}
    events = [Event(1, OPENED, "opened", "reporter", first)]
    return of_events("c1", [*events, *(Event(n, OPENED, k, "U", d) for n, (k, d) in enumerate(rest, 2))])


def told_at(case: Any, kind: str, now: float = OPENED) -> list[str]:
    return [moment(t) for k, _, t in outlook.slots(case, COMPANY, now) if k == kind]


def test_people_are_told_before_each_legal_date_and_on_it():
    case = case_of(("answered", PERSONAL), ("answered", OVER))
    # known on Friday the 27th: 速報 by the 29th to 1st (Tuesday), 確報 by the 26th (Saturday)
    assert told_at(case, "preliminary") == ["2026-11-29 09:00", "2026-11-30 09:00", "2026-12-01 09:00"]
    assert told_at(case, "final") == ["2026-12-19 09:00", "2026-12-25 09:00", "2026-12-26 09:00"]
    assert told_at(case, "untaken") == ["2026-11-27 19:30"]
    assert outlook.next_on(case, COMPANY) == "2026-12-01"


def test_what_was_handed_in_is_told_no_more():
    case = case_of(("answered", PERSONAL), ("answered", OVER), ("reported", {"date": "preliminary"}))
    assert told_at(case, "preliminary") == [] and told_at(case, "final")
    assert outlook.next_on(case, COMPANY) == "2026-12-26"


def test_a_pure_trade_secret_has_no_legal_date():
    case = case_of(("answered", {"question": "data", "options": ["own"]}), family="taken")
    assert told_at(case, "preliminary") == told_at(case, "final") == [] and outlook.next_on(case, COMPANY) == ""


def test_a_claim_of_another_company_has_no_clock_of_ours():
    case = case_of(("answered", {"question": "kind", "options": ["accused"]}), family="claim")
    assert outlook.clock(case, COMPANY) is None and told_at(case, "known") == []


def test_a_date_that_is_over_is_told_of_once_at_once():
    case = case_of(("answered", PERSONAL), ("answered", OVER), known_on="2026-11-10")
    assert told_at(case, "preliminary") == [moment(OPENED)]
    assert told_at(case, "preliminary", OPENED + 86_400) == [moment(OPENED)]  # the same row: not again


def test_a_day_that_nobody_knows_is_asked_for():
    case = case_of(("answered", PERSONAL), ("known", {"known_on": ""}))
    assert outlook.running_dates(case, COMPANY) == ()
    assert told_at(case, "known") == ["2026-11-28 09:00"] and told_at(case, "preliminary") == []


def test_tasks_and_lessons_come_on_their_day_also_after_the_end():
    case = case_of(
        ("task", {"id": "t1", "text": "x", "due": "2026-12-01"}),
        ("lesson", {"id": "l1", "text": "y", "due": "2027-01-29"}),
        ("closed", {"outcome": "done"}),
    )
    assert [(k, moment(t)) for k, _, t in outlook.slots(case, COMPANY, OPENED)] == [("lesson.l1", "2027-01-29 09:00")]


# --- planned and posted


@dataclass
class SetClock:
    time: float = OPENED

    def now(self) -> float:
        return self.time


@dataclass
class Place:
    """A workplace without Slack. gone: who has left."""

    store: Any
    gone: set[str] = field(default_factory=set)
    company: Company = COMPANY
    clock: SetClock = field(default_factory=SetClock)

    @property
    def services(self) -> Any:
        return SimpleNamespace(knowledge=SimpleNamespace(company=self.company))

    @property
    def people(self) -> Any:
        return SimpleNamespace(find=lambda id, now, soon=False: Person(id, deleted=id in self.gone))

    def today(self, now: float) -> date:
        return datetime.fromtimestamp(now, TOKYO).date()


@pytest.fixture
def place(store) -> Place:
    return Place(store)


def opened(place: Place, n: int = 1, *events: tuple[str, dict[str, Any]], now: int = OPENED) -> str:
    """An open case with a legal clock; its id."""
    id = f"c{n}"
    data = {"family": "mis_sent", "known_on": "2026-11-27"}
    with place.store.begin() as tx:
        cases.open_case(tx, id, day="2026-11-27", reporter="U00REPORTER", origin=f"d{n}", data=data, now=now)
        for kind, more in (("answered", PERSONAL), ("answered", OVER), *events):
            cases.add(tx, id, kind, by="U00RESPOND", data=more, now=now)
        date_again(tx, Desk(place), id, now)
    return id


def posted(place: Place, now: float, following: Following) -> list[tuple[str, str]]:
    """(who, what) of all that is posted by then, as the outbox does it."""
    found = []
    place.clock.time = now
    following.tick(now)
    while row := outbox.claim(place.store, owner="o", now=now):
        if following.wanted(row):
            found.append((row.target, row.message["text"]))
            outbox.mark_sent(place.store, row, channel="D", ts=f"{len(found)}")
        else:
            outbox.skip(place.store, row, reason="not_wanted")
    return found


def test_owner_and_deputy_are_told_once(place):
    following = Following(place, Desk(place))
    opened(place, 1, ("taken", {"owner": "U00SECOND1"}))
    assert posted(place, at("2026-11-29 08:59"), following) == []
    found = posted(place, at("2026-11-29 09:01"), following)
    assert [who for who, _ in found] == ["U00DEPUTY1", "U00SECOND1"]
    assert all("速報の目安は 12月1日(火) です(あと2日)" in text for _, text in found)
    assert posted(place, at("2026-11-29 12:00"), following) == []
    assert posted(place, at("2026-11-29 08:00"), following) == []  # the clock was set back
    assert len(posted(place, at("2026-11-30 09:01"), following)) == 2


def test_nobody_took_it_so_everybody_of_the_desk_is_told(place):
    opened(place)
    found = posted(place, at("2026-11-27 19:31"), Following(place, Desk(place)))
    assert {who for who, _ in found} == {"U00RESPOND", "U00SECOND1", "U00DEPUTY1"}
    assert all("まだだれも引き受けていません" in text for _, text in found)


def test_a_case_that_ended_in_between_is_not_told_of(place):
    following = Following(place, Desk(place))
    id = opened(place, 1, ("taken", {"owner": "U00RESPOND"}))
    now = at("2026-11-29 09:01")
    following.tick(now)
    with place.store.begin() as tx:
        cases.add(tx, id, "closed", by="U00RESPOND", data={"outcome": "no_leak"}, now=now)
    assert posted(place, now, following) == []
    assert outbox.counts(place.store) == {"skipped": 2}


def test_a_date_that_moved_is_told_of_by_its_new_day_alone(place):
    following = Following(place, Desk(place))
    id = opened(place, 1, ("taken", {"owner": "U00RESPOND"}))
    now = at("2026-11-29 09:01")
    following.tick(now)
    with place.store.begin() as tx:  # it was known two days earlier
        cases.add(tx, id, "known", by="U00RESPOND", data={"known_on": "2026-11-25"}, now=now)
        date_again(tx, Desk(place), id, now)
    found = posted(place, now, following)
    assert {text.split("です")[0] for _, text in found} == {
        "受付 11-27-1: 個人情報保護委員会への速報の目安は 11月29日(日) "
    }


def test_an_owner_who_left_the_company_is_replaced_and_it_is_said(place):
    place.gone = {"U00RESPOND"}
    opened(place, 1, ("taken", {"owner": "U00RESPOND"}))
    ((who, text),) = posted(place, at("2026-11-29 09:01"), Following(place, Desk(place)))
    assert who == "U00DEPUTY1" and "いまSlackを使えません。引き継いでください" in text


def test_where_everybody_named_has_left_the_managers_are_told(place):
    place.gone = {"U00RESPOND", "U00SECOND1", "U00DEPUTY1"}
    opened(place, 1, ("taken", {"owner": "U00RESPOND"}))
    assert {who for who, _ in posted(place, at("2026-11-29 09:01"), Following(place, Desk(place)))} == {"U00MANAGER"}


def test_after_days_without_the_bot_nothing_is_lost_or_doubled(place):
    following = Following(place, Desk(place))
    for n in range(3):
        opened(place, n, ("taken", {"owner": "U00RESPOND"}))
    found = posted(place, at("2026-12-27 12:00"), following)
    assert (
        len(found) == 3 * 2 * 2
    )  # 速報 and 確報 once each, not each of their three mornings; the owner and the deputy
    assert posted(place, at("2026-12-28 12:00"), following) == []
    assert set(Counter(who for who, _ in found).values()) == {6}


def test_what_was_planned_before_the_bot_went_down_gives_way_to_what_has_come_since(place):
    following = Following(place, Desk(place))
    opened(place, 1, ("taken", {"owner": "U00RESPOND"}))
    following.tick(at("2026-11-29 09:01"))  # planned, and down before it was posted
    found = posted(place, at("2026-12-01 09:01"), following)
    assert [who for who, _ in found] == ["U00DEPUTY1", "U00RESPOND"]
    assert all("速報の目安は 12月1日(火) です(今日)" in text for _, text in found)
    assert outbox.counts(place.store) == {"skipped": 2, "sent": 2}


def test_two_processes_plan_a_date_once(place, monkeypatch):
    opened(place, 1, ("taken", {"owner": "U00RESPOND"}))
    now = at("2026-11-29 09:01")
    read = cases.due_dates(place.store, now=now)
    Following(place, Desk(place)).tick(now)
    answers = [read, []]  # the other process had read the same rows before
    monkeypatch.setattr(cases, "due_dates", lambda store, **_: answers.pop(0))
    Following(place, Desk(place)).tick(now)
    assert outbox.counts(place.store) == {"due": 2}


def test_a_case_that_does_not_open_holds_up_no_other(place):
    for n in (1, 2):
        opened(place, n, ("taken", {"owner": "U00RESPOND"}))
    with place.store.begin() as tx:
        broken = sa.update(case_events).where(case_events.c.case == "c1").values(body=b"x" * 40)
        tx.connection.execute(broken)
    following = Following(place, Desk(place))
    found = posted(place, at("2026-11-29 09:01"), following)
    assert len(found) == 2 and all("11-27-2" in text for _, text in found)
    assert following.items(("U00RESPOND",), at("2027-11-29 09:01")) == {}


def test_a_date_that_was_planned_is_told_though_its_case_does_not_open_any_more(place):
    following = Following(place, Desk(place))
    opened(place, 1, ("taken", {"owner": "U00RESPOND"}))
    now = at("2026-11-29 09:01")
    following.tick(now)
    with place.store.begin() as tx:
        tx.connection.execute(sa.update(case_events).values(body=b"x" * 40))
    assert len(posted(place, now, following)) == 2


def test_tasks_and_lessons_are_due_items_of_who_has_to_do_them(place):
    following = Following(place, Desk(place))
    lesson = {"id": "l1", "text": "共有リンクの期限を7日にする", "due": "2027-01-29", "owner": "U00RESPOND"}
    task = {"id": "t1", "text": "記録を取り寄せる", "due": "2026-11-30", "owner": ""}
    opened(place, 1, ("taken", {"owner": "U00SECOND1"}), ("task", task), ("lesson", lesson))
    everybody = ("U00RESPOND", "U00SECOND1", "U00DEPUTY1")
    assert following.items(everybody, at("2026-11-29 12:00")) == {}
    found = following.items(everybody, at("2026-11-30 12:00"))
    assert list(found) == ["U00SECOND1"] and "記録を取り寄せる" in found["U00SECOND1"][0].text
    with place.store.begin() as tx:
        cases.add(tx, "c1", "closed", by="U00SECOND1", data={"outcome": "done"}, now=OPENED)
        date_again(tx, Desk(place), "c1", OPENED)
    found = following.items(everybody, at("2027-01-30 12:00"))
    assert [i.subject for i in found["U00RESPOND"]] == ["case:c1:l1"] and list(found) == ["U00RESPOND"]
    with place.store.begin() as tx:
        cases.add(tx, "c1", "lesson_done", by="U00RESPOND", data={"id": "l1"}, now=OPENED)
    assert following.items(everybody, at("2027-01-30 12:00")) == {}
