"""What people do, and what the app gets for it."""

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.tryout.slack import AppConfig, NotAllowed
from tests.tryout.slack.wire import AOI, APP, GUEST, HASTY, MINAMI, Link, actions, button, field, plain, section

# --- messages


def test_a_dm_is_a_message_event(slack, link):
    ts = slack.post(AOI, slack.dm(AOI), "これは <秘密> & ？")
    envelope = link.take()
    event = envelope["payload"]["event"]
    assert (envelope["type"], event["type"], event["channel_type"]) == ("events_api", "message", "im")
    assert (event["user"], event["channel"], event["ts"], event["text"]) == (
        AOI,
        slack.dm(AOI),
        ts,
        "これは &lt;秘密&gt; &amp; ？",
    )
    assert event["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "これは <秘密> & ？"}]
    assert envelope["payload"]["authorizations"][0]["user_id"] == "U00HIMITSU"


def test_a_mention_reaches_the_app_only_where_it_is_a_member(slack, link):
    slack.post(AOI, "C04CHAT", "@himitsu 聞こえる？")
    slack.post(AOI, "C01ALL", "だれか")
    slack.post(AOI, "C01ALL", "@himitsu これは秘密？")
    event = link.event()
    assert (event["type"], event["channel"], event["text"]) == ("app_mention", "C01ALL", "<@U00HIMITSU> これは秘密？")
    assert link.nothing_more()


def test_a_mention_in_a_dm_is_a_message_and_no_mention(slack, link):
    slack.post(AOI, slack.dm(AOI), "@himitsu これは？")
    assert link.event()["type"] == "message" and link.nothing_more()


def test_a_shared_channel_is_marked_in_the_event(slack, link):
    slack.post("U07STRANGER", "C03PARTNER", "@himitsu これは？")
    body = link.take()["payload"]
    assert body["is_ext_shared_channel"] and body["event"]["team"] != "T00HIMITSU"


def test_only_what_is_subscribed_to_with_its_scope_arrives(stand_in):
    slack = stand_in(app=AppConfig(scopes=("chat:write",), events=("message.im", "app_home_opened")))
    link = Link(slack)
    slack.post(AOI, slack.dm(AOI), "届かない")
    slack.open_home(AOI)
    assert link.event()["type"] == "app_home_opened"
    link.close()


def test_the_bots_own_message_comes_back_with_its_bot_id(slack, client, link):
    client.chat_postMessage(channel=AOI, text="x")
    event = link.event()
    assert (event["bot_id"], event["user"], event["channel_type"]) == ("B00HIMITSU", "U00HIMITSU", "im")


def test_an_edit_and_a_deletion_are_told_with_what_was_there(slack, link):
    ts = slack.post(AOI, slack.dm(AOI), "まえ")
    slack.edit(AOI, slack.dm(AOI), ts, "あと")
    slack.delete(AOI, slack.dm(AOI), ts)
    _, edited, deleted = (link.event() for _ in range(3))
    assert (edited["subtype"], edited["message"]["text"], edited["previous_message"]["text"]) == (
        "message_changed",
        "あと",
        "まえ",
    )
    assert edited["message"]["edited"]["user"] == AOI
    assert (deleted["subtype"], deleted["deleted_ts"], deleted["previous_message"]["text"]) == (
        "message_deleted",
        ts,
        "あと",
    )


def test_a_reply_names_its_thread(slack, link):
    first = slack.post(AOI, slack.dm(AOI), "問い")
    slack.post(AOI, slack.dm(AOI), "つづき", thread_ts=first)
    link.event()
    event = link.event()
    assert (event["thread_ts"], event["parent_user_id"]) == (first, AOI)


@pytest.mark.parametrize(
    "act",
    [
        lambda s: s.post(GUEST, "C01ALL", "ゲスト"),
        lambda s: s.post(AOI, "C99", "x"),
        lambda s: s.post("U99", "C01ALL", "x"),
        lambda s: s.post(AOI, "C01ALL", "  "),
        lambda s: s.post(AOI, s.dm(MINAMI), "人のDM"),
        lambda s: s.edit(MINAMI, "C01ALL", s.post(AOI, "C01ALL", "x"), "y"),
        lambda s: s.delete(MINAMI, "C01ALL", s.post(AOI, "C01ALL", "x")),
        lambda s: s.press(AOI, {"type": "message", "channel": "C01ALL", "ts": "1.0"}, "go"),
        lambda s: s.submit(AOI, "V99"),
    ],
)
def test_what_a_client_would_not_let_a_person_do_is_refused(slack, act):
    with pytest.raises(NotAllowed):
        act(slack)


def test_stamps_rise_and_follow_the_clock(slack):
    first = slack.post(AOI, "C01ALL", "一")
    slack.clock.advance(7 * 86400)
    second = slack.post(AOI, "C01ALL", "二")
    assert float(second) - float(first) >= 7 * 86400
    slack.clock.reset()
    assert slack.post(AOI, "C01ALL", "三") > second


# --- commands


def test_a_command_is_a_form_with_who_where_and_what(slack, link):
    slack.command(AOI, slack.dm(AOI), "/himitsu", "漏えい <急>")
    envelope = link.take()
    form = envelope["payload"]
    assert (envelope["type"], envelope["accepts_response_payload"]) == ("slash_commands", True)
    assert (form["command"], form["text"], form["user_id"]) == ("/himitsu", "漏えい &lt;急&gt;", AOI)
    assert (form["channel_id"], form["channel_name"]) == (slack.dm(AOI), "directmessage")
    assert form["trigger_id"] and form["response_url"].startswith(slack.page_url)


@pytest.mark.parametrize(
    ("should_escape", "arrives"),
    [(False, "@佐藤あおい &amp; https://a.jp"), (True, "<@U01EMPLOYEE|aoi.sato> &amp; <https://a.jp>")],
)
def test_names_in_a_command_become_ids_where_the_manifest_asks_for_it(stand_in, should_escape, arrives):
    manifest = {
        "features": {"slash_commands": [{"command": "/himitsu", "should_escape": should_escape}]},
        "oauth_config": {"scopes": {"bot": ["commands"]}},
    }
    slack = stand_in(app=AppConfig.from_manifest(manifest))
    link = Link(slack)
    slack.command(AOI, "C01ALL", "/himitsu", "@佐藤あおい & https://a.jp")
    assert link.take()["payload"]["text"] == arrives
    link.close()


def test_a_manifest_says_what_the_app_is_registered_with():
    manifest = {
        "display_information": {"name": "ひみつ"},
        "features": {
            "app_home": {"home_tab_enabled": True},
            "slash_commands": [{"command": "/himitsu", "description": "聞く", "usage_hint": "言葉"}],
            "shortcuts": [{"type": "message", "name": "これは秘密？", "callback_id": "c", "description": "d"}],
        },
        "oauth_config": {"scopes": {"bot": ["commands", "chat:write"]}},
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    app = AppConfig.from_manifest(manifest)
    assert (app.name, app.home_tab, app.scopes, app.events) == (
        "ひみつ",
        True,
        ("commands", "chat:write"),
        ("message.im",),
    )
    assert app.commands[0].usage_hint == "言葉" and app.commands[0].subcommands and app.shortcuts[0].callback_id == "c"
    manifest["features"]["bot_user"] = {"display_name": "himitsu"}
    assert AppConfig.from_manifest(manifest).name == "himitsu"
    assert AppConfig.from_manifest({}).commands == () and not AppConfig.from_manifest({}).home_tab


@pytest.mark.parametrize("answer", [{"text": "答え"}, {"text": "答え", "response_type": "ephemeral"}])
def test_what_rides_on_a_commands_ack_is_for_the_person_alone(slack, link, answer):
    link.answers = lambda envelope: answer
    assert slack.command(AOI, "C01ALL", "/himitsu", "x").acked
    assert [m["text"] for m in slack.ephemerals(AOI, "C01ALL")] == ["答え"]
    assert slack.messages("C01ALL", seen_by=MINAMI) == []


def test_in_channel_is_for_everybody(slack, link):
    link.answers = lambda envelope: {"text": "みなさん", "response_type": "in_channel"}
    slack.command(AOI, "C01ALL", "/himitsu", "x")
    assert [m["text"] for m in slack.messages("C01ALL", seen_by=MINAMI)] == ["みなさん"]


def test_an_answer_with_invalid_blocks_is_not_shown(slack, link):
    link.answers = lambda envelope: {"text": "x", "blocks": [section("")]}
    ack = slack.command(AOI, "C01ALL", "/himitsu", "x")
    assert ack.error == "invalid_command_response" and slack.ephemerals(AOI, "C01ALL") == []


@HASTY
def test_a_command_without_an_ack_times_out(slack, link):
    link.answers = lambda envelope: None
    ack = slack.command(AOI, "C01ALL", "/himitsu", "x")
    assert (ack.acked, ack.error) == (False, "operation_timeout") and ack.ms >= 290
    assert link.take() and link.nothing_more()  # never retried


def test_a_command_that_nobody_takes_fails_at_once(slack):
    assert slack.command(AOI, "C01ALL", "/himitsu", "x").error == "dispatch_failed"
    assert slack.command(AOI, "C01ALL", "/other", "x").error == "unknown_command"


# --- shortcuts


def test_a_message_shortcut_brings_the_message_also_where_the_bot_is_no_member(slack, link):
    ts = slack.post(MINAMI, "C04CHAT", "図面です")
    assert slack.shortcut(AOI, "check_message", "C04CHAT", ts).acked
    body = link.take()["payload"]
    assert (body["type"], body["message_ts"], body["message"]["text"]) == ("message_action", ts, "図面です")
    assert body["channel"]["id"] == "C04CHAT" and body["response_url"] and body["trigger_id"]


def test_a_global_shortcut_has_a_trigger_and_no_response_url(slack, link):
    slack.shortcut(AOI, "report_leak")
    body = link.take()["payload"]
    assert (body["type"], body["callback_id"]) == ("shortcut", "report_leak")
    assert body["trigger_id"] and "response_url" not in body and "channel" not in body
    assert slack.shortcut(AOI, "other").error == "unknown_shortcut"


# --- elements


def test_a_press_carries_message_state_and_response_url(slack, client, link):
    ticked = {"text": plain("はい"), "value": "yes"}
    picks = {
        "type": "radio_buttons",
        "action_id": "pick",
        "options": [ticked, {"text": plain("いいえ"), "value": "no"}],
        "initial_option": ticked,
    }
    client.chat_postMessage(
        channel=AOI, text="x", blocks=[actions(button(value="a"), block_id="b1"), actions(picks, block_id="b2")]
    )
    link.event()
    message = slack.messages(slack.dm(AOI))[0]
    assert slack.press(AOI, message, "go").acked
    body = link.take()["payload"]
    assert body["container"] == {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": slack.dm(AOI),
        "is_ephemeral": False,
    }
    assert body["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "go",
        "block_id": "b1",
        "action_ts": "",
        "text": plain("押す"),
        "value": "a",
    }
    assert body["state"]["values"] == {"b2": {"pick": {"type": "radio_buttons", "selected_option": ticked}}}
    assert body["message"]["ts"] == message["ts"] and body["response_url"] and body["trigger_id"]
    slack.press(AOI, message, "pick", "no")
    assert link.take()["payload"]["actions"][0]["selected_option"]["value"] == "no"


def test_several_buttons_of_one_action_are_told_apart_by_their_value(slack, client, link):
    blocks = [actions(button(value="a"), block_id="b1"), actions(button(value="b"), block_id="b2")]
    client.chat_postMessage(channel=AOI, text="x", blocks=blocks)
    link.event()
    slack.press(AOI, slack.messages(slack.dm(AOI))[0], "go", "b")
    assert link.take()["payload"]["actions"][0]["block_id"] == "b2"


def test_a_press_in_an_ephemeral_has_no_message(slack, client, link):
    client.chat_postEphemeral(channel="C01ALL", user=AOI, text="x", blocks=[actions(button())])
    message = slack.ephemerals(AOI, "C01ALL")[0]
    slack.press(AOI, message, "go")
    body = link.take()["payload"]
    assert body["container"]["is_ephemeral"] and "message" not in body
    with pytest.raises(NotAllowed):
        slack.press(MINAMI, message, "go")


@HASTY
def test_a_press_without_an_ack_is_told_to_the_person(slack, client, link):
    client.chat_postMessage(channel=AOI, text="x", blocks=[actions(button())])
    link.event()
    link.answers = lambda envelope: None
    assert slack.press(AOI, slack.messages(slack.dm(AOI))[0], "go").error == "operation_timeout"


def test_an_element_that_is_gone_can_still_be_pressed_by_an_old_client(slack, client, link):
    client.chat_postMessage(channel=AOI, text="x", blocks=[section()])
    link.event()
    message = slack.messages(slack.dm(AOI))[0]
    with pytest.raises(NotAllowed):
        slack.press(AOI, message, "old.action")
    slack.press(AOI, message, "old.action", element=button("old.action", "v0"))
    assert link.take()["payload"]["actions"][0]["action_id"] == "old.action"


def test_metadata_is_not_shown_to_people_or_in_payloads(slack, client, link):
    metadata = {"event_type": "delivery", "event_payload": {"id": "1"}}
    client.chat_postMessage(channel=AOI, text="x", blocks=[actions(button())], metadata=metadata)
    link.event()
    slack.press(AOI, slack.messages(slack.dm(AOI))[0], "go")
    assert "metadata" not in link.take()["payload"]["message"]


def test_an_external_select_is_offered_what_the_app_says(slack, client, link):
    select = {"type": "external_select", "action_id": "who", "min_query_length": 1}
    client.chat_postMessage(channel=AOI, text="x", blocks=[section(accessory=select)])
    link.event()
    message = slack.messages(slack.dm(AOI))[0]
    link.answers = lambda envelope: {"options": [{"text": plain("営業部"), "value": "sales"}]}
    assert slack.suggest(AOI, message, "who", "営").response["options"][0]["value"] == "sales"
    body = link.take()["payload"]
    assert (body["type"], body["action_id"], body["value"]) == ("block_suggestion", "who", "営")
    link.answers = lambda envelope: {"options": [{"text": plain("あ" * 76), "value": "x"}]}
    assert slack.suggest(AOI, message, "who", "営").error == "invalid_options"


# --- App Home


def test_opening_home_is_told_with_its_tab_and_what_is_published(slack, client, link):
    slack.open_home(AOI)
    event = link.event()
    assert (event["type"], event["tab"], event["user"]) == ("app_home_opened", "home", AOI) and "view" not in event
    client.views_publish(user_id=AOI, view={"type": "home", "blocks": [actions(button())]})
    slack.open_home(AOI)
    assert link.event()["view"]["type"] == "home"
    slack.open_home(AOI, "messages")
    assert link.event()["tab"] == "messages"
    slack.press(AOI, slack.home(AOI), "go")
    body = link.take()["payload"]
    assert body["container"] == {"type": "view", "view_id": slack.home(AOI)["id"]}
    assert body["view"]["id"] and "response_url" not in body and "channel" not in body


def test_an_app_without_a_home_tab_cannot_publish(stand_in):
    slack = stand_in(app=AppConfig(scopes=APP.scopes, home_tab=False))
    with pytest.raises(SlackApiError, match="not_enabled"):
        WebClient(slack.bot_token, base_url=slack.api_url).views_publish(
            user_id=AOI, view={"type": "home", "blocks": [section()]}
        )


def test_a_field_in_home_is_part_of_the_state(slack, client, link):
    client.views_publish(
        user_id=AOI, view={"type": "home", "blocks": [field("q", dispatch_action=True), actions(button())]}
    )
    slack.press(AOI, slack.home(AOI), "go", values={"q": {"a": "書いた"}})
    assert link.take()["payload"]["view"]["state"]["values"]["q"]["a"]["value"] == "書いた"
