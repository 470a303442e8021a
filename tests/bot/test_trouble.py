"""When Slack, the network or an old button gets in the way: the right person is told, and nothing is lost."""

import dataclasses
import json
import os
import threading
import time
from types import SimpleNamespace

import pytest
from slack_bolt import BoltRequest

from bot import catch_up, serve
from bot.catch_up import CatchUp
from bot.connection import Watch, on_frame
from bot.deliveries import Recovery, identify
from bot.settings import Settings
from bot.store import channels, inbox, people

from .conftest import ALL, EMPLOYEE, MANAGER, Office

ASKED = "原価表を客に見せていい？"


def later(office: Office, seconds: float) -> None:
    """The lease of what was left open is over."""
    office.slack.clock.advance(seconds)
    time.sleep(0.6)  # the bot's clock looks twice a second
    Recovery(office.running.app, office.running.workplace).step()


@pytest.mark.parametrize(
    "fault",
    [{"status": 429, "retry_after": 1}, {"error": "internal_error"}, {"status": 503}, {"drop_after_accept": True}],
    ids=lambda f: next(iter(f.values())) if "error" in f else str(f),
)
def test_a_reply_that_fails_is_made_up_for_once(office: Office, fault):
    office.slack.fail("chat.postMessage", times=1, **fault)
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
    office.slack.wait(lambda: office.slack.calls("chat.postMessage"))
    time.sleep(0.3)
    later(office, 70)
    office.slack.wait(lambda: office.answers())
    later(office, 70)
    time.sleep(0.3)
    assert len(office.answers()) == 1
    assert inbox.open_deliveries(office.running.workplace.store).open == 0


def test_a_refused_reply_is_not_tried_for_ever(office: Office):
    office.slack.fail("chat.postMessage", times=10, error="channel_not_found")
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED)
    office.slack.wait(
        lambda: (
            inbox.open_deliveries(office.running.workplace.store).open == 0 and office.slack.calls("chat.postMessage")
        )
    )
    later(office, 70)
    assert len(office.slack.calls("chat.postMessage")) == 1


def test_an_answer_whose_blocks_are_refused_comes_in_words(office: Office):
    office.slack.fail("chat.postMessage", times=1, error="invalid_blocks")
    answer = office.say(ASKED)
    assert "秘密として扱ってください" in answer["text"] and "［くわしく］" in answer["text"]
    office.slack.wait(lambda: inbox.open_deliveries(office.running.workplace.store).open == 0)


def test_a_connection_that_died_silently_is_noticed(office: Office):
    client = office.handler.client
    watch = Watch(0.0)
    assert watch.silent_s(client, 10.0) == 0
    session = client.current_session
    client.current_session = SimpleNamespace(session_id="s", last_ping_pong_time=1.0, is_active=lambda: True)
    try:
        assert watch.silent_s(client, 20.0) == 0
        assert watch.silent_s(client, 320.5) > serve.SILENT_S  # still "connected", and no answer to a ping
        client.current_session.last_ping_pong_time = 2.0
        assert watch.silent_s(client, 321.0) == 0
        client.current_session = None
        assert watch.silent_s(client, 330.0) == 9
    finally:
        client.current_session = session


def test_a_modal_of_an_old_version_is_told_so(office: Office):
    app = office.running.app
    body = {
        "type": "view_submission",
        "user": {"id": EMPLOYEE},
        "trigger_id": "1.1.gone",
        "view": {"id": "V1", "hash": "1", "type": "modal", "callback_id": "gone", "state": {"values": {}}},
    }
    answer = app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    assert answer.status == 200 and "古くなりました" in json.loads(answer.body)["view"]["blocks"][0]["text"]["text"]


def test_nobodys_turn_is_kept(office: Office):
    place = office.running.workplace
    with place.in_turn(EMPLOYEE), place.in_turn(MANAGER):
        assert len(place._turns) == 2
    assert not place._turns


def test_a_repeated_event_is_answered_once(office: Office):
    office.say(ASKED)
    delivery = office.slack.deliveries()[-1]
    for _ in range(3):
        office.slack.redeliver(delivery.event_id)
    time.sleep(0.5)
    assert len(office.answers()) == 1


def test_what_came_while_nobody_was_connected_is_caught_up(office: Office):
    office.say(ASKED)
    office.close()
    office.slack.hold_events()
    ts = office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), "INPITの電話番号は？")
    assert ts
    office.open()
    there = office.running
    caught = CatchUp(there.workplace, there.client, Recovery(there.app, there.workplace).hand_over)
    caught.step(threading.Event())
    office.slack.wait(lambda: len(office.answers()) == 2)
    caught.step(threading.Event())
    time.sleep(0.4)
    assert len(office.answers()) == 2


def test_an_answer_that_cannot_be_shown_asks_to_press_again_and_keeps_the_place(office: Office):
    asked = office.say("この資料、取引先に見せてもいいですか？")
    office.slack.fail("response_url", times=1, status=500)
    office.slack.press(EMPLOYEE, asked, "check.choose.3")
    told = office.slack.wait(lambda: office.answers()[1:])[-1]
    assert "もう一度お願いします" in told["text"]
    assert "お答え: カタログ" in office.pressed(asked, "check.choose.3")["text"]


def test_a_button_of_an_old_version_is_told_so(office: Office):
    card = office.say(ASKED)
    for action, value in [
        ("gone.button", "{}"),
        ("check.choose.1", '{"d":"gone","q":"x","n":1}'),
        ("card.more", "no json"),
        ("check.back", "[]"),
    ]:
        old = {"type": "button", "action_id": action, "value": value, "text": {"type": "plain_text", "text": "古い"}}
        before = len(office.slack.ephemerals(EMPLOYEE, card["channel"]))
        assert office.slack.press(EMPLOYEE, card, action, element=old).acked
        told = office.slack.wait(lambda before=before: office.slack.ephemerals(EMPLOYEE, card["channel"])[before:])
        assert "古くなりました" in told[-1]["text"]


def test_a_letter_that_cannot_be_delivered_is_shown_to_the_manager(office: Office):
    office.say(ASKED)
    office.say("担当に聞く")
    office.slack.fail(
        "chat.postMessage", times=1, error="user_disabled", where=lambda sent: sent.get("channel") == MANAGER
    )
    office.say("はい")
    office.slack.wait(
        lambda: any(c.arguments.get("channel") == MANAGER for c in office.slack.calls("chat.postMessage"))
    )
    time.sleep(0.3)
    office.slack.open_home(MANAGER)
    assert "届けられなかったもの: 1件" in str(office.slack.wait(lambda: office.slack.home(MANAGER)))


def test_a_person_who_cannot_be_looked_up_is_a_guest(office: Office):
    place = office.running.workplace
    office.slack.wait(lambda: people.get(place.store, EMPLOYEE))  # all are listed at the start, once a day
    place.people.forget(EMPLOYEE)
    people.delete_person(place.store, EMPLOYEE)
    office.slack.fail("users.info", times=5, error="missing_scope")
    assert "内線1234" not in office.slack.command(EMPLOYEE, ALL, "/himitsu", "窓口").response["text"]


@pytest.mark.parametrize(
    "body, kind",
    [
        ({}, None),
        ({"type": "event_callback"}, None),
        ({"event": None}, None),
        ({"event": {"type": "message"}}, "event"),
        ({"type": "block_actions"}, "action"),
        ({"command": "/himitsu"}, "command"),
        ({"type": "view_submission", "view": None}, "view"),
        ({"user": 3}, None),
    ],
)
def test_malformed_payloads_are_identified_or_let_go(body, kind):
    found = identify(body)
    assert (found.kind if found else None) == kind
    assert not found or (found.person == "" and found == identify({**body}))


@pytest.mark.parametrize("token", ["bot_token", "app_token"])
def test_a_wrong_token_is_said_clearly(office: Office, token, tmp_path):
    wrong = {"bot_token": "xoxb-wrong-token", "app_token": "xapp-1-wrong"}[token]
    settings = dataclasses.replace(
        office.settings,
        **{token: wrong},
        data_dir=tmp_path / "d",
        database_url=f"sqlite:///{tmp_path}/d/x.db",
        key_file=tmp_path / "k" / "key",
    )
    with pytest.raises(serve.CannotStart, match=f"SLACK_{token.upper()}"):
        if token == "bot_token":
            serve.start(settings, office.services)
        else:
            running = serve.start(settings, office.services)
            try:
                serve.connect(running, settings)
            finally:
                running.close()


def test_an_unreachable_slack_is_said_clearly(office: Office):
    settings = dataclasses.replace(office.settings, api_url="http://127.0.0.1:9/api/")
    with pytest.raises(serve.CannotStart, match="cannot be reached"):
        serve.start(settings, office.services)


def test_forged_and_replayed_requests_are_refused(office: Office):

    from slack_sdk.signature import Clock, SignatureVerifier

    from bot.app import build_app
    from bot.conversation import Conversation
    from bot.web import web_client

    app = build_app(
        web_client(office.settings.bot_token, office.settings.api_url),
        Conversation(office.running.workplace),
        signing_secret="right",
    )
    event = {
        "type": "event_callback",
        "event_id": "E1",
        "event": {
            "type": "message",
            "channel_type": "im",
            "channel": office.slack.dm(EMPLOYEE),
            "user": EMPLOYEE,
            "text": ASKED,
            "ts": "1.1",
        },
    }
    body = json.dumps(event)

    def status(secret: str, age: float) -> int:
        class Then(Clock):
            def now(self) -> float:
                return time.time() - age

        stamp = str(int(time.time() - age))
        signature = SignatureVerifier(secret, Then()).generate_signature(timestamp=stamp, body=body)
        headers = {
            "content-type": ["application/json"],
            "x-slack-signature": [signature],
            "x-slack-request-timestamp": [stamp],
        }
        return app.dispatch(BoltRequest(body=body, headers=headers)).status

    assert status("wrong", 0) == 401
    assert status("right", 400) == 401
    assert not office.answers()
    assert status("right", 0) == 200
    office.slack.wait(lambda: office.answers())


def test_settings_that_are_missing_are_all_named():
    with pytest.raises(Exception, match=r"(?s)SLACK_BOT_TOKEN.*SLACK_APP_TOKEN"):
        Settings.from_environment({})


def caught_up(office: Office) -> int:
    running = office.running
    hand_over = Recovery(running.app, running.workplace).hand_over
    return CatchUp(running.workplace, running.client, hand_over).step(threading.Event())


def test_replies_in_threads_that_nobody_heard_are_answered_there(office: Office):
    dm = office.slack.dm(EMPLOYEE)
    office.say(ASKED)
    first = office.slack.messages(dm)[0]["ts"]
    office.slack.post(EMPLOYEE, dm, "INPITの電話番号は？", first, event=False)
    office.slack.post(EMPLOYEE, dm, "この資料、取引先に見せてもいいですか？", event=False)
    assert caught_up(office) == 2
    office.slack.wait(lambda: len(office.answers()) == 3)
    threads = {m.get("thread_ts") == first: m["text"] for m in office.answers()[1:]}
    assert "INPIT" in threads[True] and "1つだけ教えてください" in threads[False]
    assert caught_up(office) == 0


def test_a_first_message_that_nobody_heard_is_answered_once_the_dm_is_known(office: Office):
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED, event=False)
    assert caught_up(office) == 0  # Slack tells of DMs only by im:read, which is not asked for
    office.slack.open_home(EMPLOYEE)
    assert "秘密として" in office.slack.wait(office.answers)[-1]["text"]


def test_a_first_message_that_nobody_heard_is_answered_with_the_next_one(office: Office, monkeypatch):
    monkeypatch.setattr(catch_up, "_REST_S", 0.05)
    office.slack.fail("conversations.history", times=1, status=429, retry_after=1)
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), ASKED, event=False)
    office.slack.post(EMPLOYEE, office.slack.dm(EMPLOYEE), "INPITの電話番号は？")
    texts = "".join(m["text"] for m in office.slack.wait(lambda: len(office.answers()) == 2 and office.answers()))
    assert "秘密として" in texts and "INPIT" in texts
    asked = office.slack.calls("conversations.history")
    office.say(ASKED)
    assert office.slack.calls("conversations.history") == asked  # the DM is known now


def test_what_was_answered_before_a_new_database_is_not_answered_again(office: Office):
    office.say(ASKED)
    office.slack.wait(lambda: inbox.open_deliveries(office.running.workplace.store).open == 0)
    other = office.settings.data_dir / "other.db"
    office.settings = dataclasses.replace(office.settings, database_url=f"sqlite:///{other}")
    office.restart()
    office.slack.forget_calls()
    office.say("INPITの電話番号は？")
    office.slack.wait(lambda: office.slack.calls("conversations.history"))
    time.sleep(0.3)
    assert len(office.answers()) == 2


def test_opening_home_does_not_hide_what_was_missed(office: Office):
    office.say("こんにちは")
    store = office.running.workplace.store
    before = channels.dm_channels(store, 0)
    office.slack.open_home(EMPLOYEE)
    office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    assert channels.dm_channels(store, 0) == before


@pytest.mark.parametrize(
    "frame, says, connected",
    [
        ({"type": "hello", "num_connections": 2}, "", True),
        ({"type": "hello", "num_connections": 9}, "counts 9 connections", True),
        ({"type": "hello"}, "", True),
        ({"type": "disconnect", "reason": "refresh_requested"}, "", False),
        ({"type": "disconnect", "reason": "too_many_websockets"}, "stop a process", False),
        ({"type": "disconnect", "reason": "link_disabled"}, "Socket Mode was turned off", False),
        ({"type": "events_api", "payload": {"event": {"text": '"hello"'}}}, "", False),
    ],
)
def test_connections_that_run_out_are_told_in_the_log(caplog, frame, says, connected):
    calls = []
    on_frame(lambda: calls.append(1))(json.dumps(frame))
    assert bool(calls) == connected
    assert (says in caplog.text) if says else not caplog.text


def test_a_start_finds_no_token_that_it_does_not_use(office: Office, monkeypatch, caplog):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setattr(serve, "_over_socket", lambda running, settings: 0)
    monkeypatch.setattr(serve.signal, "signal", lambda *_: None)
    settings = dataclasses.replace(office.settings, database_url=f"sqlite:///{office.settings.data_dir / 'other.db'}")
    monkeypatch.setattr(serve, "open_services", lambda *_, **__: office.services)
    assert serve.serve(settings) == 0
    assert "unused" not in caplog.text and "SLACK_BOT_TOKEN" not in os.environ
