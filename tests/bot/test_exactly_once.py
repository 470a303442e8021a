"""Each message in a DM is answered once: killed processes, lost leases, failed commits. `himitsu bench slack --crash`
runs the same with 10,000 messages."""

import dataclasses
import os
import time

import pytest

from bot import deliveries
from bot.bench import crash
from bot.deliveries import Incoming, Recovery, identify, may_post
from bot.settings import Settings
from bot.store import StoreError, inbox
from bot.tryout.browser import environment
from bot.tryout.slack import StandIn
from bot.tryout.slack.config import Limits

from .conftest import COLLEAGUE, EMPLOYEE, Office

ASKED = "原価表を客に見せていい？"
VAGUE = "この資料、取引先に見せてもいいですか？"
TEXTS = [ASKED, VAGUE, "INPITの電話番号は？", "2", "ありがとう", "USBをなくした", "明日の天気は？"]


@pytest.mark.skipif(os.name == "nt", reason="no kill -9 on Windows")
def test_killed_processes_answer_every_message_once(url):
    """One process on SQLite, two on PostgreSQL; duplicates, changed places, answers cut off on their way back."""
    processes = 1 if url.startswith("sqlite") else 2
    limits = Limits(ack_s=1.0, retry_after_s=(0, 2, 4))
    found = crash.run(TEXTS, 200, kills=2, database=url, processes=processes, lease_s=4, limits=limits)
    assert (found["once"], found["twice"], found["never"]) == (found["messages"], 0, 0), found
    assert found["messages"] >= 200 and found["repeated"] >= 5 and found["reordered"] >= 5


@pytest.fixture(scope="module")
def shared(tmp_path_factory, services):
    with StandIn() as slack:
        settings = Settings.from_environment(environment(slack, tmp_path_factory.mktemp("once"), {}))
        there = Office(slack, settings, services)
        there.open()
        yield there
        there.close()


@pytest.fixture
def office(shared: Office):
    """One bot for all: ending each takes seconds."""
    yield shared
    shared.slack.reset()
    shared.slack.forget_calls()


def posts(office: Office):
    return office.slack.calls("chat.postMessage")


def lose_the_lease(office: Office) -> None:
    office.slack.clock.advance(70)
    time.sleep(0.6)  # the bot's clock looks twice a second


def kept(office: Office) -> int:
    with office.running.workplace.store.begin(reads=True) as tx:
        return tx.connection.exec_driver_sql("SELECT count(*) FROM inbox").scalar()


def settled(office: Office) -> None:
    office.slack.wait(lambda: inbox.open_deliveries(office.running.workplace.store).open == 0)


def test_a_message_takes_two_commits_that_write(office: Office):
    office.say(ASKED)  # who that is, is written once an hour
    settled(office)
    done: list[str] = []
    with office.running.workplace.store.begin(reads=True) as tx:
        tx.driver.set_trace_callback(done.append)
    office.say(VAGUE)
    settled(office)
    assert done.count("BEGIN IMMEDIATE") == 2


def test_a_bots_own_messages_and_edits_are_not_kept(office: Office):
    before = kept(office)
    office.say(ASKED)
    settled(office)
    office.slack.edit(
        EMPLOYEE, office.slack.dm(EMPLOYEE), office.slack.messages(office.slack.dm(EMPLOYEE))[0]["ts"], "別"
    )
    office.slack.wait(lambda: office.slack.last_deliveries(1)[0].acked)
    assert kept(office) == before + 1


def test_an_answer_whose_commit_fails_is_found_and_its_buttons_work(office: Office, monkeypatch, caplog):
    broken = lambda *_, **__: (_ for _ in ()).throw(StoreError("no disk"))  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "finish", broken)
        office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), VAGUE)
        asked = office.slack.wait(office.answers)[0]
        office.slack.wait(lambda: "posted and not closed" in caplog.text)
    assert inbox.open_deliveries(office.running.workplace.store).open == 1
    lose_the_lease(office)
    settled(office)
    assert len(office.answers()) == 1
    assert "お答え: カタログ" in office.pressed(asked, "check.choose.3")["text"]


def test_an_error_behind_the_post_tells_nothing_more(office: Office, monkeypatch, caplog):
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "finish", lambda *_, **__: 1 / 0)
        office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
        office.slack.wait(lambda: "ZeroDivisionError" in caplog.text)
        time.sleep(0.2)
    assert len(posts(office)) == 1
    lose_the_lease(office)
    settled(office)


def test_what_another_process_took_over_is_not_posted(office: Office, monkeypatch):
    """This one stood still after it had read the message, until its lease was over."""
    place = office.running.workplace
    real = deliveries.may_post

    def stolen(workplace, incoming):
        if not incoming.recovered:
            now = place.clock.now() + place.lease_s
            assert len(inbox.claim_stale(place.store, owner="another", now=now, kinds=("message",))) == 1
            incoming = dataclasses.replace(incoming, taken=incoming.taken - place.lease_s)  # and so late it is
        return real(workplace, incoming)

    monkeypatch.setattr("bot.shell.may_post", stolen)
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
    time.sleep(0.6)
    assert posts(office) == []
    assert inbox.open_deliveries(place.store).open == 1
    inbox.expire(place.store, now=place.clock.now() + 1, after_s=0)


def test_half_a_lease_is_needed_and_can_be_had_anew(office: Office):
    place = office.running.workplace
    now = place.clock.now()
    inbox.receive(place.store, "im:D1:1.0", "message", b"{}", owner=place.owner, now=now, lease_s=place.lease_s)
    fresh = Incoming("im:D1:1.0", "message", lease_until=now + place.lease_s, taken=time.monotonic())
    assert may_post(place, fresh)
    late = Incoming("im:D1:1.0", "message", lease_until=now + place.lease_s, taken=time.monotonic() - 40)
    assert may_post(place, late)  # nobody else has it
    assert inbox.claim_stale(place.store, owner="another", now=now + 2 * place.lease_s + 1, kinds=("message",))
    assert not may_post(place, late)
    inbox.finish(place.store, "im:D1:1.0", now=now)


def test_a_429_is_made_up_for_when_slack_says_so(office: Office):
    office.slack.fail("chat.postMessage", status=429, retry_after=1)
    began = time.monotonic()
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
    office.slack.wait(office.answers, timeout_s=8)
    assert time.monotonic() - began >= 1
    assert len(office.answers()) == 1


def test_a_message_is_not_answered_blindly_where_the_dm_cannot_be_read(office: Office):
    office.slack.fail("chat.postMessage", drop_after_accept=True)
    office.slack.fail("conversations.history", error="missing_scope", times=2)
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
    office.slack.wait(office.answers)
    for _ in range(3):
        lose_the_lease(office)
        time.sleep(1.2)
    settled(office)
    assert len(office.answers()) == len(posts(office)) == 1


def test_a_mark_of_recovery_cannot_come_from_outside(office: Office):
    from slack_bolt import BoltRequest

    body = {"type": "event_callback", "event_id": "E1", "event": {"type": "message", "channel_type": "im", "ts": "1.0"}}
    body["event"] |= {"channel": office.slack.dm(EMPLOYEE), "user": EMPLOYEE, "text": ASKED}
    for _ in range(2):
        headers = {"x-himitsu-recovered": "1", "recovered": "1"}
        office.running.app.dispatch(BoltRequest(body=dict(body), mode="socket_mode", headers=headers))
    office.slack.wait(office.answers)
    time.sleep(0.3)
    assert len(office.answers()) == 1


def test_one_person_is_answered_in_order_and_holds_up_nobody(office: Office):
    dm = office.slack.dm(COLLEAGUE)
    office.slack.fail("chat.postMessage", delay_s=1.5, times=1, where=lambda a: a.get("channel") == dm)
    texts = ["INPITの電話番号は？", "明日の天気は？", ASKED]
    sent = []
    for text in texts:
        sent.append(f"im:{dm}:{office.slack.post(COLLEAGUE, dm, text)}")
        time.sleep(0.3)  # ten threads take events in: what comes at the same moment has no order
    assert office.say("明日の天気は？", who=EMPLOYEE)
    assert office.answers(COLLEAGUE) == []
    office.slack.wait(lambda: len(office.answers(COLLEAGUE)) == 3)
    found = [m["metadata"]["event_payload"]["delivery_id"] for m in office.answers(COLLEAGUE)]
    assert found == sent


def test_a_full_queue_takes_nothing_over(office: Office, monkeypatch):
    place = office.running.workplace
    monkeypatch.setattr(place.work, "waiting", lambda: 20)
    inbox.receive(place.store, "im:D1:9.0", "message", b"{}", owner="gone", now=0)
    assert Recovery(office.running.app, place).step() == 0
    inbox.finish(place.store, "im:D1:9.0", now=0)


@pytest.mark.parametrize(
    "event",
    [
        {"type": "message", "channel_type": "im", "bot_id": "B1", "user": "U1", "ts": "1.0"},
        {"type": "message", "channel_type": "im", "subtype": "message_changed", "ts": "1.0"},
        {"type": "message", "channel_type": "channel", "user": "U1", "ts": "1.0"},
        {"type": "app_home_opened", "user": "U1", "tab": "home"},
    ],
    ids=["a bot's", "an edit", "in a channel", "home"],
)
def test_what_changes_nothing_is_not_kept(event):
    assert identify({"event_id": "E1", "event": event}).id == ""
