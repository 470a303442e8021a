"""Where Slack's payloads differ from each other, and from what another stand-in for Slack sends."""

import time
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt import BoltRequest

from bot.deliveries import identify
from bot.listeners.messages import words_of
from bot.people import People
from bot.store import people

from .conftest import EMPLOYEE, Office
from .test_places import COMPANY_DESK, said


def press(**more: Any) -> dict[str, Any]:
    actions = [{"type": "button", "action_id": "leak.open", "block_id": "b", "value": "{}", "action_ts": "1.1"}]
    return {"type": "block_actions", "user": {"id": EMPLOYEE}, "actions": actions, **more}


@pytest.mark.parametrize(
    "once, again",
    [
        (press(trigger_id="1.1.a"), press(trigger_id="1.1.b")),
        (press(), press(actions=[{"action_id": "leak.open", "action_ts": "1.2"}])),
        (
            {"command": "/himitsu", "response_url": "https://a/1"},
            {"command": "/himitsu", "response_url": "https://a/2"},
        ),
        ({"command": "/himitsu", "trigger_id": "1.1.a"}, {"command": "/himitsu", "trigger_id": "1.1.b"}),
        (
            {"type": "view_submission", "view": {"id": "V1", "hash": "1"}, "trigger_id": "1.1.a"},
            {"type": "view_submission", "view": {"id": "V1", "hash": "2"}, "trigger_id": "1.1.a"},
        ),
        (
            {"type": "view_submission", "view": {"id": "V1", "hash": "1"}, "trigger_id": "1.1.a"},
            {"type": "view_submission", "view": {"id": "V1", "hash": "1"}, "trigger_id": "1.1.b"},
        ),
        ({"event_id": "Ev1", "event": {"type": "app_mention"}}, {"event_id": "Ev2", "event": {"type": "app_mention"}}),
    ],
)
def test_two_acts_are_two_and_a_repetition_is_one(once, again):
    first, repeated, second = identify(once), identify({**once}), identify(again)
    assert first and repeated and second
    assert first.id == repeated.id != second.id


def test_a_full_width_space_ends_the_sub_command(office: Office):
    assert "で見つかったこと" in said(office, "検索　防犯カメラ")


def test_a_press_with_no_place_to_answer_in_opens_a_modal(office: Office):
    office.slack.open_home(EMPLOYEE)
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    seen: list[dict[str, Any]] = []

    @office.running.app.middleware
    def as_another_stand_in_writes_it(body: dict[str, Any], next: Any) -> Any:
        if body.get("type") == "block_actions":
            body.pop("view", None)
            body |= {"container": {"type": "message", "channel_id": ""}, "channel": {"id": "", "name": ""}}
            seen.append(body)
        return next()

    assert office.slack.press(EMPLOYEE, {"view_id": home["id"], "type": "view"}, "leak.open").acked
    assert "どれに近いですか" in str(office.slack.wait(lambda: office.slack.modal(EMPLOYEE)))
    assert seen


def test_app_home_without_the_name_of_its_tab(office: Office):
    body = {
        "type": "event_callback",
        "event_id": "Ev-home",
        "event": {"type": "app_home_opened", "user": EMPLOYEE, "channel": office.slack.dm(EMPLOYEE), "event_ts": "1.1"},
    }
    office.running.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    home = office.slack.wait(lambda: office.slack.home(EMPLOYEE))
    assert home["type"] == "home" and "ここから聞けます" in str(home["blocks"][0])


def test_a_slow_look_up_does_not_cost_the_ack(office: Office):
    place = office.running.workplace
    office.slack.fail("users.list", error="internal_error", times=99)  # else everybody becomes known by the way
    people.delete_person(place.store, EMPLOYEE)
    place.people.forget(EMPLOYEE)
    office.slack.fail("users.info", times=1, delay_s=4)
    began = time.monotonic()
    assert COMPANY_DESK not in said(office, "窓口")  # nobody known yet: a guest, for this time
    assert time.monotonic() - began < 2.5
    assert COMPANY_DESK in said(office, "窓口")


def test_who_was_known_stays_known_while_slack_is_slow(office: Office):
    assert COMPANY_DESK in said(office, "窓口")
    office.slack.clock.advance(2 * 3600)
    time.sleep(0.6)
    office.slack.fail("users.info", times=2, delay_s=4)
    assert COMPANY_DESK in said(office, "窓口")


def test_a_response_url_that_says_no_with_a_200(office: Office):
    asked = office.say("この資料、取引先に見せてもいいですか？")
    office.slack.fail("response_url", times=1, error="invalid_blocks")
    office.slack.press(EMPLOYEE, asked, "check.choose.3")
    assert "もう一度お願いします" in office.slack.wait(lambda: office.answers()[1:])[-1]["text"]


def test_what_is_shown_below_a_card_stays_in_its_thread(office: Office):
    dm = office.slack.dm(EMPLOYEE)
    root = office.slack.post(EMPLOYEE, dm, "おつかれさまです")
    office.slack.wait(lambda: office.answers())
    office.slack.post(EMPLOYEE, dm, "原価表を客に見せていい？", thread_ts=root)
    card = office.slack.wait(lambda: [m for m in office.answers() if m.get("thread_ts") == root])[-1]
    office.slack.press(EMPLOYEE, card, "card.more")
    more = office.slack.wait(lambda: office.slack.ephemerals(EMPLOYEE, dm))[-1]
    assert more["thread_ts"] == root


@pytest.mark.parametrize(
    "message, words",
    [
        ({"text": "これは秘密？"}, "これは秘密？"),
        ({"text": "", "attachments": [{"text": "原価表です"}]}, "原価表です"),
        ({"text": None, "attachments": [{"fallback": "原価表です"}, None]}, "原価表です"),
        ({"text": "これは？", "attachments": [{"is_share": True, "text": "原価表です"}]}, "これは？\n原価表です"),
        ({"text": "<https://example.jp>", "attachments": [{"text": "ページの紹介"}]}, "<https://example.jp>"),
        ({}, ""),
    ],
)
def test_a_forwarded_message_is_read_and_a_link_preview_is_not(message, words):
    assert words_of(message) == words


@pytest.mark.parametrize(
    "team, teams, guest", [("T2", ["T1", "T2"], False), ("T2", ["T2"], True), ("T1", [], False), (None, [], True)]
)
def test_membership_in_an_enterprise_grid(office: Office, team, teams, guest):
    answer = {"user": {"team_id": team, "enterprise_user": {"teams": teams}}}
    client: Any = SimpleNamespace(users_info=lambda user: answer)
    there = office.running.workplace
    found = People(there.store, there.services.knowledge.company, client, client, "T1").find("U0NEW", 0)
    assert found.guest is guest
