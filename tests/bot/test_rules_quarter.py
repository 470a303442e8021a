"""Three months of nudges for a company of eight, played with the moving clock and read from each person's side."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.conversation import Conversation
from bot.features.rules.house import House
from bot.features.rules.proof import Proofs, Wanted, to_file
from bot.outbox import DELIVERY, Outbox
from bot.services import Services
from bot.settings import Settings
from bot.store import audit, nudges, rules
from bot.tryout.browser import environment
from bot.tryout.slack import StandIn
from bot.tryout.slack.config import Person, default_people

from .conftest import COLLEAGUE, EMPLOYEE, GUEST, MANAGER, RESPONDER, STRANGER, Office

TOKYO, NEW_YORK = ZoneInfo("Asia/Tokyo"), ZoneInfo("America/New_York")
DEPUTY, AUDITOR, ABROAD, AWAY = "U04DEPUTY", "U08AUDITOR", "U09ABROAD", "U10AWAY"
STAFF = (EMPLOYEE, MANAGER, RESPONDER, DEPUTY, COLLEAGUE, AUDITOR, ABROAD, AWAY)
PEOPLE = (
    *default_people(),
    Person(ABROAD, "jo", "ジョー", tz="America/New_York", tz_label="", tz_offset=-5 * 3600),
    Person(AWAY, "haru", "春"),
)
START, WEEKS = datetime(2026, 11, 29, 12, tzinfo=TOKYO), 13
BREAK = ("2026-12-29", "2026-12-30", "2026-12-31", "2027-01-04")


@pytest.fixture
def quarter(tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch) -> Iterator[Quarter]:
    """The clock and the outbox go step by step, by this test alone."""
    monkeypatch.setattr("bot.clock._EVERY_S", 0.0)
    monkeypatch.setattr("bot.minute.Minute.run", lambda self, stop: stop.wait())
    monkeypatch.setattr("bot.outbox.Outbox.run", lambda self, stop: stop.wait())
    with StandIn(people=PEOPLE) as slack:
        there = Quarter(Office(slack, Settings.from_environment(environment(slack, tmp_path, {})), services))
        there.office.open()
        there.begin()
        try:
            yield there
        finally:
            there.office.close()


class Quarter:
    """seen: what reached whom, as (person, heading, when), read in the DMs. pressed: what was answered."""

    def __init__(self, office: Office) -> None:
        self.office, self.slack = office, office.slack
        self.seen: list[tuple[str, str, datetime]] = []
        self.pressed: Counter[str] = Counter()
        self._read: set[tuple[str, str]] = set()

    def begin(self) -> None:
        place = self.office.running.workplace
        self.talk = Conversation(place)
        features = self.talk.features
        self.rules = next(f for f in features.all if f.name == "rules")
        self.house = House(self.talk)
        next_to = Conversation(place)  # the bot's own listens; this one has the client too
        client = self.office.running.client
        self.outbox = Outbox(place.store, client, place.clock, 1000.0, next_to.features.wanted, next_to.features.sent)
        self.store = place.store
        place.people.list_all(self.slack.clock.now())

    def at(self, when: datetime) -> None:
        self.slack.clock.set(when.timestamp())
        self.rules.tick(when.timestamp())
        posted = 0
        while self.outbox.step():
            posted += 1
        if posted:
            self.read(when)

    def read(self, when: datetime) -> None:
        """What is new in each DM; who answers presses what their card offers."""
        for who in (*STAFF, GUEST, STRANGER):
            for message in self.office.answers(who):
                unasked = (message.get("metadata") or {}).get("event_type") == DELIVERY
                if (who, message["ts"]) in self._read or not unasked:
                    continue
                self._read.add((who, message["ts"]))
                if not any(f"nudge.{word}" in str(message["blocks"]) for word in ("ok", "unchanged")):
                    continue  # what another feature offered, or told
                self.seen.append((who, message["text"].split("「")[1].split("」")[0], when))
                if who in (EMPLOYEE, MANAGER, ABROAD) and "nudge.ok" in str(message["blocks"]):
                    self.office.pressed(message, "nudge.ok", who)
                    self.pressed[who] += 1

    def say(self, who: str, text: str) -> str:
        return str(self.office.say(text, who)["text"])


def moments() -> list[datetime]:
    """When something may become due: ten and four in Tokyo, ten in New York, on the days from Monday to Friday."""
    days = [START.date() + timedelta(n) for n in range(1, 7 * WEEKS)]
    clock = [(10, TOKYO), (16, TOKYO), (10, NEW_YORK)]
    return sorted(
        datetime(day.year, day.month, day.day, hour, 0, 1, tzinfo=zone)
        for day in days
        for hour, zone in clock
        if day.weekday() < 5 and (hour == 10 or day.weekday() in (1, 4))
    )


def test_three_months(quarter: Quarter) -> None:
    quarter.at(START)
    nudges.set_setting(quarter.store, "everyone", True, by=MANAGER, now=START.timestamp())
    nudges.enrol(quarter.store, nudges.staff(quarter.store), now=START.timestamp())
    quarter.at(START + timedelta(minutes=5))
    assert "毎週金曜 16時ごろ" in quarter.say(DEPUTY, "お知らせを毎週金曜の16時にして")
    assert "12月20日(日)まで" in quarter.say(AWAY, "お知らせを12月20日まで休みます")
    changed = False
    for when in moments():
        quarter.at(when)
        day = f"{when.astimezone(TOKYO):%Y-%m-%d %H}"
        if day == "2026-12-16 10":
            assert "止めました" in quarter.say(COLLEAGUE, "毎週のお知らせ止めて")
        if day == "2027-01-20 10":
            assert "再開" in quarter.say(COLLEAGUE, "お知らせを再開して")
        if day == "2027-01-13 10" and not changed:
            changed = True
            old = rules.get(quarter.store, "c2.usb").content
            new = old.__class__(**{**vars(old), "text": old.text + "拾ったUSBメモリも同じです。"})
            rules.save_draft(quarter.store, "c2.usb", new, by=MANAGER, now=when.timestamp())
            assert rules.publish(quarter.store, "c2.usb", by=MANAGER, now=when.timestamp())
    read_from_each_side(quarter)
    proof_matches(quarter)


def read_from_each_side(quarter: Quarter) -> None:
    by = {who: [(title, when) for w, title, when in quarter.seen if w == who] for who in STAFF}
    assert not [s for s in quarter.seen if s[0] in (GUEST, STRANGER)]
    # At most one nudge a week each, in their own working hours, on no day off.
    sent = nudges.sent_between(quarter.store, 0, 4e9)
    assert len({(n.person, n.id) for n in sent}) == len(sent)
    for nudge in sent:
        zone = NEW_YORK if nudge.person == ABROAD else TOKYO
        local = datetime.fromtimestamp(nudge.sent_at, zone)
        assert 9 <= local.hour < 18 and local.weekday() < 5, nudge
        assert f"{local:%Y-%m-%d}" not in (*BREAK, "2027-01-01", "2027-01-11", "2027-02-11", "2027-02-23"), nudge
    # Who answers is asked each thing once, and after the last rule nothing is sent.
    mine = Counter(title for title, _ in by[EMPLOYEE])
    assert mine["私物のUSBメモリを会社のPCにつながない"] == 2  # once, and when it was changed
    assert set(mine.values()) <= {1, 2} and len(by[EMPLOYEE]) < WEEKS
    # Who never answers hears of a thing three times at the most.
    again = Counter((n.subject, n.edition) for n in sent if n.person == RESPONDER)
    assert max(again.values()) == 3
    # Settings: Friday at four; nothing while stopped; nothing while away.
    theirs = {f"{datetime.fromtimestamp(n.sent_at, TOKYO):%Y-%m-%d %a %H}" for n in sent if n.person == DEPUTY}
    assert "2027-01-05 Tue 16" in theirs  # Friday was New Year, Monday the company's day off
    assert {t[11:] for t in theirs - {"2027-01-05 Tue 16"}} == {"Fri 16"}
    stopped = [w for _, w in by[COLLEAGUE] if "2026-12-16" < f"{w:%Y-%m-%d}" < "2027-01-20"]
    assert stopped == [] and [w for _, w in by[COLLEAGUE] if f"{w:%Y-%m-%d}" > "2027-01-20"]
    assert min(w for _, w in by[AWAY]) == datetime(2026, 12, 21, 10, 0, 1, tzinfo=TOKYO)


def proof_matches(quarter: Quarter) -> None:
    """The exported file says what was read in the DMs: the same people, headings and minutes."""
    now = quarter.slack.clock.now()
    proof = Proofs(quarter.house).collect(Wanted(), now)
    rows = list(csv.DictReader(io.StringIO(to_file(proof, "csv", now).decode("utf-8-sig"))))
    shown = [r for r in rows if r["すること"] == "知らせた"]
    told = Counter((r["人"].split("(")[-1].rstrip(")"), r["見出し"], r["日時"][:16]) for r in shown)
    read = Counter((w, title, f"{when.astimezone(TOKYO):%Y-%m-%d %H:%M}") for w, title, when in quarter.seen)
    assert told == read and sum(told.values()) > 40
    confirmed = Counter(r["人"].split("(")[-1].rstrip(")") for r in rows if r["すること"] == "確かめた")
    assert confirmed == quarter.pressed
    assert proof.whole and audit.verify(quarter.store) is None
    one = Proofs(quarter.house).collect(Wanted(rule="c2.usb", person=EMPLOYEE, since=datetime(2027, 1, 1).date()), now)
    assert {row[1] for row in one.rows} == {"c2.usb"} and {row[2] for row in one.rows} == {2}
    for form in ("xlsx", "pdf"):
        assert len(to_file(proof, form, now)) > 5000
