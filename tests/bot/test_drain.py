"""SIGTERM: what is under way is answered, what is not is left for the next process, at once and once."""

import os
import signal
import threading
import time

import pytest

from bot.bench.bots import HIMITSU, Bot, employees
from bot.bench.bots import office as stand_in
from bot.outbox import REPLY
from bot.serve import stopper
from bot.store import inbox
from bot.work import Work

from .conftest import EMPLOYEE, Office

ASKED = "原価表を客に見せていい？"


@pytest.mark.skipif(os.name == "nt", reason="no SIGTERM on Windows")
def test_messages_of_the_moment_of_sigterm_are_answered_once(tmp_path):
    people = employees(5)
    with stand_in(people) as slack:
        slack.fail("chat.postMessage", delay_s=0.05, times=None)
        bot = Bot(slack, tmp_path, HIMITSU)
        bot.start()
        try:
            dms = {p.id: slack.dm(p.id) for p in people}
            said = [f"im:{dms[p.id]}:{slack.post(p.id, dms[p.id], ASKED)}" for _ in range(6) for p in people]
            slack.wait(lambda: len(slack.calls("chat.postMessage")) >= 3, timeout_s=10)
            assert bot.stop(signal.SIGTERM) == 0
            bot.start()
            found = lambda: [  # noqa: E731
                m["metadata"]["event_payload"]["delivery_id"]
                for dm in dms.values()
                for m in slack.messages(dm)
                if (m.get("metadata") or {}).get("event_type") == REPLY
            ]
            slack.wait(lambda: len(found()) >= len(said), timeout_s=15)  # far less than a lease of 60 s
            time.sleep(0.5)
            assert sorted(found()) == sorted(said)
        finally:
            bot.stop(signal.SIGKILL)


def test_a_signal_that_comes_while_the_main_thread_looks_at_the_event_does_not_hang():
    stop = threading.Event()
    handle = stopper(stop)
    with stop._cond:
        handle(signal.SIGTERM, None)
    assert stop.wait(2)


def test_what_is_left_open_is_let_go_but_not_what_is_perhaps_posted(office: Office, monkeypatch):
    place = office.running.workplace
    now = place.clock.now()
    for id in ("im:D1:1.0", "im:D1:2.0"):
        inbox.receive(place.store, id, "message", b"{}", owner=place.owner, now=now, lease_s=place.lease_s)
    inbox.receive(place.store, "im:D1:3.0", "message", b"{}", owner="another", now=now, lease_s=place.lease_s)
    place.unclear.add("im:D1:2.0")
    assert inbox.release(place.store, owner=place.owner, but=place.unclear) == 1
    found = inbox.claim_stale(place.store, owner="next", now=now, kinds=("message",))
    assert [d.id for d in found] == ["im:D1:1.0"]


def test_the_end_does_not_wait_for_ever(monkeypatch):
    work, done, going = Work(at_once=1), [], threading.Event()
    for n in range(50):
        work.soon("U1", lambda n=n: (going.set(), time.sleep(0.1), done.append(n)))
    going.wait(2)
    began = time.monotonic()
    work.close(0.3)
    assert time.monotonic() - began < 1
    assert done == list(range(len(done))) and 1 <= len(done) < 50
    with pytest.raises(RuntimeError):
        work.soon("U2", lambda: None)


def test_a_job_that_fails_does_not_hold_up_the_next(caplog):
    work, done = Work(), threading.Event()
    work.soon("U1", lambda: 1 / 0)
    work.soon("U1", done.set)
    assert done.wait(2)
    work.close(1)
    assert "ZeroDivisionError" in caplog.text and work.waiting() == 0


def test_a_message_under_way_is_answered_when_the_bot_stops(office: Office):
    office.slack.fail("chat.postMessage", delay_s=0.4)
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
    office.slack.wait(lambda: office.slack.calls("chat.postMessage"))
    office.close()
    assert len(office.answers()) == 1
    office.open()
    time.sleep(0.3)
    assert len(office.answers()) == 1
    assert inbox.open_deliveries(office.running.workplace.store).open == 0
