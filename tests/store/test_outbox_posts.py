"""bot/outbox.py against the Slack stand-in: posted once, whatever goes wrong on the way."""

import logging
import socket
import ssl
import threading
import time
from http.client import IncompleteRead
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.client import WebClient

from bot.clock import SystemClock
from bot.outbox import DELIVERY, LEASE_S, Outbox, posted_already
from bot.slack_errors import Failure, understand
from bot.store import inbox, outbox
from bot.tryout.slack import StandIn

EMPLOYEE, RESPONDER, ALL, CHAT = "U01EMPLOYEE", "U03RESPOND", "C01ALL", "C04CHAT"  # the bot is not in the last


class MovedClock(SystemClock):
    """The stand-in's time, moved on by a test."""

    def __init__(self):
        self.ahead = 0.0

    def now(self):
        return time.time() + self.ahead


@pytest.fixture
def slack():
    with StandIn() as slack:
        yield slack


@pytest.fixture
def clock():
    return MovedClock()


@pytest.fixture
def client(slack):
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=5)


@pytest.fixture
def box(store, client, clock):
    return Outbox(store, client, clock, per_s=1000)


def plan(store, id, target=EMPLOYEE, **more):
    given = {
        "kind": "nudge",
        "target": target,
        "message": {"text": f"text of {id}"},
        "due_at": time.time() - 1,
        "lookup": target[0] in "UD",
    }
    assert outbox.plan(store, id, **(given | more))


def shown(slack, channel, id):
    """How often the post of a row is in a channel."""
    return sum(message.get("text") == f"text of {id}" for message in slack.messages(channel))


def state(store):
    return outbox.counts(store)


def test_a_row_is_posted_to_the_person_with_its_id_as_metadata(slack, store, box):
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "今週の1件"}}]
    plan(store, "posted", message={"text": "text of posted", "blocks": blocks})
    assert box.step() and not box.step()
    assert state(store) == {"sent": 1}
    [call] = slack.calls("chat.postMessage")
    [message] = [m for m in slack.messages(slack.dm(EMPLOYEE)) if m["text"] == "text of posted"]
    assert message["blocks"][0]["text"]["text"] == "今週の1件"
    assert call.arguments["channel"] == EMPLOYEE and call.arguments["client_msg_id"]
    assert posted_already(box._client, slack.dm(EMPLOYEE), "posted", 0, event_type=DELIVERY) == message["ts"]
    assert outbox.known_channel(store, EMPLOYEE) == slack.dm(EMPLOYEE)


def test_nothing_is_posted_before_it_is_due(slack, store, box, clock):
    plan(store, "early", due_at=time.time() + 100)
    assert not box.step() and not slack.calls()
    clock.ahead = 101
    assert box.step() and state(store) == {"sent": 1}


def test_an_answer_that_is_lost_is_looked_up_and_not_posted_again(slack, store, box, clock):
    plan(store, "lost")
    slack.fail("chat.postMessage", drop_after_accept=True)
    assert box.step()
    assert state(store) == {"sending": 1} and not box.step()
    clock.ahead = LEASE_S + 1
    assert box.step()
    assert state(store) == {"sent": 1}
    assert shown(slack, slack.dm(EMPLOYEE), "lost") == 1
    assert [call.method for call in slack.calls()] == [
        "chat.postMessage",
        "conversations.open",
        "conversations.history",
    ]


def test_a_request_that_was_lost_is_looked_up_and_posted(slack, store, box, clock):
    plan(store, "never arrived")
    slack.fail("chat.postMessage", drop=True)
    box.step()
    clock.ahead = LEASE_S + 1
    box.step()
    assert state(store) == {"sent": 1} and shown(slack, slack.dm(EMPLOYEE), "never arrived") == 1


def test_a_post_further_back_than_one_page_is_found(slack, store, box, clock):
    plan(store, "far back")
    slack.fail("chat.postMessage", drop_after_accept=True)
    box.step()
    for i in range(210):
        slack.post(EMPLOYEE, slack.dm(EMPLOYEE), f"message {i}", event=False)
    clock.ahead = LEASE_S + 1
    box.step()
    assert state(store) == {"sent": 1} and shown(slack, slack.dm(EMPLOYEE), "far back") == 1
    assert len(slack.calls("conversations.history")) == 2


def test_a_dm_that_is_known_needs_no_further_scope(slack, store, box, clock):
    dm = slack.dm(RESPONDER)
    inbox.receive(
        store, "im:1", "message", b"{}", owner="a", now=1, channel=dm, ts="1800000000.000100", person=RESPONDER
    )
    plan(store, "known", RESPONDER)
    slack.fail("chat.postMessage", drop_after_accept=True)
    box.step()
    clock.ahead = LEASE_S + 1
    box.step()
    assert state(store) == {"sent": 1} and not slack.calls("conversations.open")


@pytest.mark.parametrize("method", ["conversations.open", "conversations.history"])
def test_what_cannot_be_looked_up_for_good_is_parked_and_shown(slack, store, box, clock, method):
    plan(store, f"parked {method}")
    slack.fail("chat.postMessage", drop_after_accept=True)
    slack.fail(method, error="missing_scope")
    box.step()
    clock.ahead = LEASE_S + 1
    assert box.step()
    assert [(each.state, each.reason) for each in outbox.troubles(store)] == [("unknown", "missing_scope")]
    clock.ahead += 9999
    assert not box.step() and len(slack.calls("chat.postMessage")) == 1


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 9}, {"error": "internal_error"}, {"drop": True}, {"error": "invalid_auth"}],
    ids=str,
)
def test_what_cannot_be_looked_up_now_is_looked_up_later(slack, store, box, clock, fault):
    id = f"later {fault}"
    plan(store, id)
    slack.fail("chat.postMessage", drop_after_accept=True)
    slack.fail("conversations.history", **fault)
    box.step()
    for lease in (1, 2):
        clock.ahead = lease * (LEASE_S + 1)
        assert box.step()
    assert state(store) == {"sent": 1} and shown(slack, slack.dm(EMPLOYEE), id) == 1


def test_a_channel_is_never_posted_to_in_doubt(slack, store, box, clock):
    plan(store, "in doubt", ALL)
    slack.fail("chat.postMessage", drop_after_accept=True)
    box.step()
    assert [(each.id, each.state) for each in outbox.troubles(store)] == [("in doubt", "unknown")]
    clock.ahead = 9999
    assert not box.step() and shown(slack, ALL, "in doubt") == 1


def test_a_channel_row_whose_process_was_lost_is_parked(slack, store, box, clock):
    plan(store, "process lost", ALL)
    outbox.claim(store, owner="gone", now=clock.now(), lease_s=LEASE_S)
    clock.ahead = LEASE_S + 1
    assert box.step() and [each.reason for each in outbox.troubles(store)] == ["unknown"]
    assert not slack.calls()


def test_429_means_not_posted_and_holds_every_row(slack, store, box, clock):
    plan(store, "first")
    plan(store, "second", due_at=time.time())
    slack.fail("chat.postMessage", status=429, retry_after=30)
    assert box.step() and state(store) == {"due": 2}
    clock.ahead = 29
    assert not box.step()
    clock.ahead = 31
    while box.step():
        pass
    clock.ahead = 33
    while box.step():
        pass
    assert state(store) == {"sent": 2} and len(slack.calls("chat.postMessage")) == 3


@pytest.mark.parametrize("error", ["user_not_found", "invalid_blocks", "msg_too_long", "some_error_of_tomorrow"])
def test_what_slack_refuses_is_shown_and_not_tried_again(slack, store, box, clock, error):
    plan(store, f"refused {error}")
    slack.fail("chat.postMessage", error=error)
    box.step()
    assert [(each.state, each.reason) for each in outbox.troubles(store)] == [("failed", error)]
    clock.ahead = 9999
    assert not box.step() and len(slack.calls("chat.postMessage")) == 1


def test_a_channel_the_bot_is_not_in_is_shown(slack, store, box):
    plan(store, "not in", CHAT)
    box.step()
    assert [each.reason for each in outbox.troubles(store)] == ["not_in_channel"]


def test_a_revoked_token_loses_nothing(slack, store, box, clock):
    plan(store, "kept")
    slack.fail("chat.postMessage", error="token_revoked")
    box.step()
    assert state(store) == {"due": 1} and not box.step()
    clock.ahead = 61
    box.step()
    assert state(store) == {"sent": 1} and shown(slack, slack.dm(EMPLOYEE), "kept") == 1


def test_without_a_network_rows_wait_also_for_channels(store, clock):
    away = WebClient("xoxb-1", base_url="http://127.0.0.1:1/api/", retry_handlers=[])
    box = Outbox(store, away, clock, per_s=1000)
    plan(store, "a", ALL)
    plan(store, "b")
    assert box.step() and not box.step()
    assert state(store) == {"due": 2} and outbox.troubles(store) == []


def test_what_is_late_or_not_wanted_is_skipped_without_a_word(slack, store, client, clock):
    box = Outbox(store, client, clock, per_s=1000, wanted=lambda row: row.id != "unwanted")
    plan(store, "late", expires_at=time.time() - 1)
    plan(store, "unwanted")
    while box.step():
        time.sleep(0.002)
    assert state(store) == {"skipped": 2} and not slack.calls("chat.postMessage")


def test_what_became_late_in_doubt_is_looked_up_and_not_posted(slack, store, box, clock):
    plan(store, "was posted", expires_at=time.time() + 60)
    plan(store, "was not", expires_at=time.time() + 60, due_at=time.time())
    slack.fail("chat.postMessage", drop_after_accept=True)
    slack.fail("chat.postMessage", drop=True)
    for _ in range(2):
        assert box.step()
        time.sleep(0.002)
    clock.ahead = LEASE_S + 1
    for _ in range(2):
        assert box.step()
        time.sleep(0.002)
    assert state(store) == {"sent": 1, "skipped": 1} and shown(slack, slack.dm(EMPLOYEE), "was not") == 0


def test_a_post_does_not_begin_when_its_lease_is_nearly_over(slack, store, client, clock):
    def slow(row):
        clock.ahead += LEASE_S - 59
        return True

    box = Outbox(store, client, clock, per_s=1000, wanted=slow)
    plan(store, "slow")
    assert box.step() and not slack.calls("chat.postMessage") and state(store) == {"sending": 1}


def test_a_person_alone_in_a_dm_row_is_posted_to_the_dm_itself(slack, store, box, clock):
    plan(store, "to the dm", slack.dm(EMPLOYEE))
    slack.fail("chat.postMessage", drop_after_accept=True)
    box.step()
    clock.ahead = LEASE_S + 1
    box.step()
    assert state(store) == {"sent": 1} and not slack.calls("conversations.open")


def test_the_loop_posts_at_its_pace_and_stops_when_told(slack, store, client, clock):
    box, stop = Outbox(store, client, clock, per_s=20), threading.Event()
    for i in range(5):
        plan(store, f"paced {i}")
    thread = threading.Thread(target=box.run, args=(stop,))
    started = time.monotonic()
    thread.start()
    while state(store) != {"sent": 5}:
        assert time.monotonic() < started + 20
        time.sleep(0.01)
    assert time.monotonic() - started >= 0.19
    stop.set()
    thread.join(5)
    assert not thread.is_alive()


def test_the_loop_goes_on_after_an_error_and_does_not_log_what_was_written(
    slack, store, client, clock, caplog, monkeypatch
):
    monkeypatch.setattr("bot.outbox._REST_S", 0.01)
    failing = iter([True])

    def wanted(row):
        if next(failing, False):
            raise ValueError("text of secret")
        return True

    box, stop = Outbox(store, client, clock, per_s=1000, wanted=wanted), threading.Event()
    plan(store, "secret")
    caplog.set_level(logging.DEBUG)
    logging.getLogger("slack_sdk").setLevel(logging.INFO)
    thread = threading.Thread(target=box.run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 20
    while state(store) != {"sent": 1} and time.monotonic() < deadline:
        if "reference=" in caplog.text:
            clock.ahead = LEASE_S + 1
        time.sleep(0.01)
    stop.set()
    thread.join(5)
    assert state(store) == {"sent": 1} and "reference=" in caplog.text and "text of" not in caplog.text


def test_a_client_that_posts_twice_by_itself_is_refused(store, slack, clock):
    with pytest.raises(ValueError, match="retry_handlers"):
        Outbox(store, WebClient(slack.bot_token), clock)


def test_a_request_that_could_outlast_its_lease_is_refused(store, slack, clock):
    with pytest.raises(ValueError, match="timeout"):
        Outbox(store, WebClient(slack.bot_token, retry_handlers=[], timeout=60), clock)


def test_a_reply_is_found_by_its_delivery_in_the_dm_and_in_a_thread(slack, client):
    dm = slack.dm(RESPONDER)
    about = {"event_type": "himitsu_reply", "event_payload": {"delivery_id": "im:x"}}
    first = slack.post(RESPONDER, dm, "question", event=False)
    assert posted_already(client, dm, "im:x", first) is None
    reply = client.chat_postMessage(channel=dm, text="answer", metadata=about)["ts"]
    assert posted_already(client, dm, "im:x", first) == reply
    assert posted_already(client, dm, "im:x", first, event_type=DELIVERY) is None
    about["event_payload"] = {"delivery_id": "im:y"}
    below = client.chat_postMessage(channel=dm, thread_ts=first, text="answer", metadata=about)["ts"]
    assert posted_already(client, dm, "im:y", first) is None
    assert posted_already(client, dm, "im:y", first, thread_ts=first) == below


def test_not_knowing_whether_it_was_posted_is_an_error(slack, client):
    slack.fail("conversations.history", error="internal_error")
    with pytest.raises(SlackApiError):
        posted_already(client, slack.dm(EMPLOYEE), "im:x", 0)


# --- what an error means


class Answer(dict):
    def __init__(self, code, status=200, headers=None):
        super().__init__(ok=False, error=code)
        self.status_code, self.headers = status, headers or {}


@pytest.mark.parametrize(
    "error, kind, reason, after_s",
    [
        (SlackApiError("x", Answer("ratelimited", 429, {"Retry-After": "7"})), "later", "ratelimited", 7),
        (SlackApiError("x", Answer("ratelimited", 429, {"retry-after": ["7"]})), "later", "ratelimited", 7),
        (SlackApiError("x", Answer("ratelimited", 429, {"Retry-After": "soon"})), "later", "ratelimited", 30),
        (SlackApiError("x", Answer("ratelimited", 429, {"Retry-After": "86400"})), "later", "ratelimited", 3600),
        (SlackApiError("x", Answer("ratelimited", 429)), "later", "ratelimited", 30),
        (SlackApiError("x", Answer("Received a response in a non-JSON format: <html>", 503)), "unclear", "http_503", 0),
        (SlackApiError("x", Answer("Received a response in a non-JSON format: <html>", 407)), "later", "http_407", 60),
        (SlackApiError("x", Answer("Received a response in a non-JSON format: <html>", 200)), "unclear", "no_json", 0),
        (SlackApiError("x", Answer("", 200)), "unclear", "no_json", 0),
        (SlackApiError("x", Answer("fatal_error")), "unclear", "fatal_error", 0),
        (SlackApiError("x", Answer("duplicate_message_not_found")), "unclear", "duplicate_message_not_found", 0),
        (SlackApiError("x", Answer("missing_scope")), "later", "missing_scope", 60),
        (SlackApiError("x", Answer("is_archived")), "refused", "is_archived", 0),
        (URLError(socket.gaierror(-2, "x")), "later", "gaierror", 60),
        (URLError(ConnectionRefusedError(111, "x")), "later", "ConnectionRefusedError", 60),
        (URLError(ssl.SSLCertVerificationError(1, "x")), "later", "SSLCertVerificationError", 60),
        (URLError(OSError("Tunnel connection failed: 407 x")), "later", "OSError", 60),
        (URLError(OSError(101, "x")), "later", "OSError", 60),
        (URLError(BrokenPipeError(32, "x")), "unclear", "URLError", 0),
        (URLError(TimeoutError("timed out")), "unclear", "URLError", 0),
        (TimeoutError("timed out"), "unclear", "TimeoutError", 0),
        (ConnectionResetError(104, "x"), "unclear", "ConnectionResetError", 0),
        (IncompleteRead(b"x"), "unclear", "IncompleteRead", 0),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_an_error_is_understood(error, kind, reason, after_s):
    assert understand(error) == Failure(kind, reason, after_s)
