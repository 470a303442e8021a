"""The way to the app: links, acks, retries, signed HTTP."""

import json
import time
from urllib.error import HTTPError
from urllib.parse import parse_qs
from urllib.request import urlopen

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from bot.tryout.slack import Limits
from tests.tryout.slack.wire import AOI, HASTY, Link, actions, answer_challenge, button, section


def test_a_link_says_hello_with_the_number_of_links(links):
    assert links().hello.get(timeout=2)["num_connections"] == 1
    assert links().hello.get(timeout=2)["num_connections"] == 2


def test_an_envelope_goes_to_one_of_the_links(slack, links):
    first, second = links(), links()
    for n in range(6):
        slack.post(AOI, slack.dm(AOI), f"{n}")
    slack.wait(lambda: len([d for d in slack.deliveries() if d.acked]) == 6)
    assert (first.got.qsize(), second.got.qsize()) == (3, 3)


@HASTY
def test_an_event_without_an_ack_is_sent_again_three_times_with_number_and_reason(slack, link):
    link.answers = lambda envelope: None
    slack.post(AOI, slack.dm(AOI), "聞こえますか")
    got = [link.take() for _ in range(4)]
    assert [(e["retry_attempt"], e["retry_reason"]) for e in got] == [
        (0, ""),
        (1, "timeout"),
        (2, "timeout"),
        (3, "timeout"),
    ]
    assert len({e["envelope_id"] for e in got}) == 4 and len({e["payload"]["event_id"] for e in got}) == 1
    assert link.nothing_more(0.6)
    assert not slack.deliveries()[0].acked


@HASTY
def test_an_event_that_is_acked_late_in_a_retry_is_not_sent_again(slack, link):
    link.answers = lambda envelope: {} if envelope["retry_attempt"] else None
    slack.post(AOI, slack.dm(AOI), "聞こえますか")
    assert [link.take()["retry_attempt"] for _ in range(2)] == [0, 1]
    assert link.nothing_more(0.5)


def test_the_waits_of_slack_itself_are_the_default():
    assert (Limits().ack_s, Limits().trigger_s, Limits().retry_after_s) == (3.0, 3.0, (0, 60, 300))
    assert (Limits().response_url_uses, Limits().response_url_s, Limits().sockets) == (5, 1800, 10)


@HASTY
def test_what_happens_while_nobody_listens_is_lost_for_the_app_but_stands_in_the_history(slack, client, links):
    slack.post(AOI, slack.dm(AOI), "だれもいない")
    slack.wait(lambda: slack.deliveries()[0].dropped)
    assert links().nothing_more(0.4)
    assert client.conversations_history(channel=slack.dm(AOI))["messages"][0]["text"] == "だれもいない"


@HASTY
def test_an_event_on_its_way_when_the_link_breaks_comes_again_by_the_next(slack, links):
    first = links()
    first.answers = lambda envelope: None
    slack.post(AOI, slack.dm(AOI), "途中")
    first.take()
    first.client.auto_reconnect_enabled = False
    slack.disconnect_sockets(abort=True)
    assert links().take()["payload"]["event"]["text"] == "途中"


def test_a_link_that_is_told_to_go_comes_back(slack, link):
    slack.disconnect_sockets(warn=True)
    slack.wait(lambda: slack.sockets() == 1)
    slack.post(AOI, slack.dm(AOI), "もどった")
    assert link.event()["text"] == "もどった"


def test_a_ticket_opens_one_link(slack, client):
    url = client.apps_connections_open(app_token=slack.app_token)["url"]
    http = url.replace("ws://", "http://")
    assert [requests_status(http) for _ in range(2)] == [400, 403]  # no WebSocket handshake; and the ticket is used up


def requests_status(url: str) -> int:
    with pytest.raises(HTTPError) as error:
        urlopen(url)
    return error.value.code


def test_links_are_ten_at_most(stand_in):
    slack = stand_in(limits=Limits(sockets=1))
    link = Link(slack)
    with pytest.raises(SlackApiError, match="too_many_websockets"):
        link.client.web_client.apps_connections_open(app_token=slack.app_token)
    link.close()


def test_events_can_be_held_and_released_in_another_order(slack, link):
    slack.hold_events()
    for text in ("一", "二", "三"):
        slack.post(AOI, slack.dm(AOI), text)
    assert link.nothing_more()
    slack.release_events(lambda held: held[::-1])
    assert [link.event()["text"] for _ in range(3)] == ["三", "二", "一"]


def test_the_longest_message_comes_through_the_socket_whole(slack, link):
    slack.post(AOI, slack.dm(AOI), "秘" * 40_000)
    assert link.event()["text"] == "秘" * 40_000


def test_an_event_can_come_twice_with_one_id(slack, link):
    slack.post(AOI, slack.dm(AOI), "二度")
    first = link.take()["payload"]
    slack.redeliver(first["event_id"])
    assert link.take()["payload"] == first


@HASTY
def test_a_dead_link_looks_open_and_brings_nothing(slack, link):
    slack.silence()
    slack.post(AOI, slack.dm(AOI), "届かない")
    assert slack.command(AOI, "C01ALL", "/himitsu", "x").error == "operation_timeout"
    assert link.nothing_more(0.1) and slack.sockets() == 1
    slack.silence(False)
    assert link.take()["retry_attempt"] >= 1


def test_without_a_network_the_app_reaches_nothing_and_people_go_on(slack, client, link):
    link.client.auto_reconnect_enabled = False
    slack.unplug()
    slack.wait(lambda: slack.sockets() == 0)
    with pytest.raises(OSError):
        client.auth_test()
    slack.post(AOI, "C01ALL", "人は話せる")
    assert [m["text"] for m in slack.messages("C01ALL")] == ["人は話せる"] and slack.calls("auth.test") == []
    slack.plug_in()
    assert client.auth_test()["ok"]


# --- signed HTTP


def test_events_come_signed_by_http(slack, receiver):
    slack.deliver_events_to(receiver.url)
    slack.post(AOI, slack.dm(AOI), "署名つき")
    slack.wait(lambda: slack.deliveries()[0].acked)
    headers, body = receiver.requests[-1]
    assert json.loads(body)["event"]["text"] == "署名つき"
    verifier = SignatureVerifier(slack.signing_secret)
    assert verifier.is_valid_request(body, headers)
    assert not verifier.is_valid_request(body + " ", headers)


def test_commands_and_interactions_come_as_forms(slack, client, receiver):
    slack.deliver_events_to(receiver.url)
    assert slack.command(AOI, "C01ALL", "/himitsu", "図面 & 見積").acked
    form = parse_qs(receiver.requests[-1][1])
    assert form["text"] == ["図面 &amp; 見積"] and form["channel_name"] == ["全社"]
    client.chat_postMessage(channel=AOI, text="x", blocks=[actions(button())])
    message = slack.messages(slack.dm(AOI))[-1]
    assert slack.press(AOI, message, "go").acked
    payload = json.loads(parse_qs(receiver.requests[-1][1])["payload"][0])
    assert payload["type"] == "block_actions" and payload["actions"][0]["value"] == "1"


@HASTY
def test_an_http_answer_that_is_no_2xx_is_retried_with_headers(slack, receiver):
    slack.deliver_events_to(receiver.url)
    receiver.reply = lambda headers, body: (500, {}, "")
    slack.post(AOI, slack.dm(AOI), "もう一度")
    slack.wait(lambda: len(receiver.requests) == 5)
    told = [(h.get("x-slack-retry-num"), h.get("x-slack-retry-reason")) for h, _ in receiver.requests[1:]]
    assert told == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]


@HASTY
def test_an_app_may_say_no_retry(slack, receiver):
    slack.deliver_events_to(receiver.url)
    receiver.reply = lambda headers, body: (500, {"X-Slack-No-Retry": "1"}, "")
    slack.post(AOI, slack.dm(AOI), "一度だけ")
    time.sleep(0.5)
    assert len(receiver.requests) == 2  # the challenge and one event


@HASTY
def test_a_slow_http_answer_times_out_as_a_socket_does(slack, receiver):
    slack.deliver_events_to(receiver.url)

    def late(headers, body):
        time.sleep(0.5)
        return answer_challenge(headers, body)

    receiver.reply = late
    ack = slack.command(AOI, "C01ALL", "/himitsu", "")
    assert (ack.acked, ack.error) == (False, "operation_timeout")


def test_a_url_that_does_not_answer_the_challenge_is_refused(slack, receiver):
    receiver.reply = lambda headers, body: (200, {}, "")
    with pytest.raises(ValueError, match="challenge"):
        slack.deliver_events_to(receiver.url)
    with pytest.raises(ValueError, match="machine"):
        slack.deliver_events_to("http://192.0.2.1/slack/events")


def test_bot_messages_reach_http_apps_too(slack, client, receiver):
    slack.deliver_events_to(receiver.url)
    client.chat_postMessage(channel=AOI, text="x", blocks=[section()])
    slack.wait(lambda: len(receiver.requests) == 2)
    assert json.loads(receiver.requests[-1][1])["event"]["bot_id"] == "B00HIMITSU"
