"""The Web API: tokens, scopes, arguments, and each method's own errors."""

import json
import random
import time
from dataclasses import replace
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.tryout.slack import AppConfig, Channel, Limits, default_channels, default_people
from bot.tryout.slack.api.base import METHODS
from tests.tryout.slack.wire import AOI, APP, GUEST, MINAMI, actions, button, section


def error(call, *args, **more) -> str:
    with pytest.raises(SlackApiError) as found:
        call(*args, **more)
    return found.value.response["error"]


def answer(call, *args, **more) -> dict:
    with pytest.raises(SlackApiError) as found:
        call(*args, **more)
    return found.value.response.data


# --- tokens and scopes


@pytest.mark.parametrize(
    ("token", "told"), [("xoxb-other", "invalid_auth"), ("", "not_authed"), (APP.app_token, "not_allowed_token_type")]
)
def test_a_wrong_token_is_refused(slack, token, told):
    assert error(WebClient(token, base_url=slack.api_url).auth_test) == told


def test_a_token_can_be_revoked(slack, client):
    client.auth_test()
    slack.revoke()
    assert error(client.auth_test) == "token_revoked"


def test_links_need_the_app_token(slack, client):
    assert error(client.apps_connections_open, app_token=slack.bot_token) == "not_allowed_token_type"
    assert error(client.apps_connections_open, app_token="xapp-other") == "invalid_auth"


def test_a_missing_scope_is_named_with_those_that_are_there(stand_in):
    slack = stand_in(app=AppConfig(scopes=("commands", "users:read")))
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    found = answer(client.chat_postMessage, channel=AOI, text="x")
    assert (found["error"], found["needed"], found["provided"]) == (
        "missing_scope",
        "chat:write",
        "commands,users:read",
    )
    assert answer(client.conversations_history, channel=slack.dm(AOI))["needed"] == "im:history"
    assert answer(client.conversations_info, channel="C01ALL")["needed"] == "channels:read"


def test_an_unknown_method_is_told(client):
    assert error(client.api_call, "chat.shout") == "unknown_method"


def test_auth_test_names_team_bot_and_scopes(client):
    found = client.auth_test()
    assert (found["user_id"], found["bot_id"], found["team_id"]) == ("U00HIMITSU", "B00HIMITSU", "T00HIMITSU")
    assert found.headers["x-oauth-scopes"] == ",".join(APP.scopes)


def test_arguments_come_as_form_query_and_json_alike(slack):
    def call(path: str, data: bytes | None, kind: str) -> dict:
        headers = {"Authorization": f"Bearer {slack.bot_token}", "Content-Type": kind}
        return json.loads(urlopen(Request(slack.api_url + path, data, headers)).read())

    form, asked = "application/x-www-form-urlencoded", f"user={AOI}"
    assert call("users.info", asked.encode(), form)["user"]["id"] == AOI
    assert call(f"users.info?{asked}", None, form)["user"]["id"] == AOI
    assert call("users.info", json.dumps({"user": AOI}).encode(), "application/json")["user"]["id"] == AOI


# --- chat


def test_a_message_is_kept_with_its_metadata_which_only_history_gives_back(slack, client):
    metadata = {"event_type": "delivery", "event_payload": {"delivery_id": "d1"}}
    ts = client.chat_postMessage(channel=AOI, text="お知らせ", metadata=metadata)["ts"]
    where = slack.dm(AOI)
    with_all = client.conversations_history(channel=where, include_all_metadata=True)["messages"][0]
    assert (with_all["ts"], with_all["metadata"]) == (ts, metadata)
    assert "metadata" not in client.conversations_history(channel=where)["messages"][0]


@pytest.mark.filterwarnings("ignore:The top-level `text`")
@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"channel": "C99NONE"}, "channel_not_found"),
        ({"channel": "C04CHAT"}, "not_in_channel"),
        ({"channel": "C05OLD"}, "is_archived"),
        ({"text": ""}, "no_text"),
        ({"text": " \n"}, "no_text"),
        ({"blocks": "[{"}, "invalid_blocks_format"),
        ({"blocks": '{"type": "section"}'}, "invalid_blocks_format"),
        ({"blocks": [{"type": "section"}]}, "invalid_blocks"),
        ({"blocks": [section()] * 51}, "invalid_blocks"),
        ({"metadata": "{"}, "invalid_metadata_format"),
        ({"metadata": {"event_type": "x"}}, "invalid_metadata_schema"),
    ],
)
def test_a_message_slack_would_refuse_is_refused(stand_in, given, told):
    slack = stand_in(channels=[*default_channels(), Channel("C05OLD", "昔", archived=True)])
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    assert error(client.chat_postMessage, **({"channel": "C01ALL", "text": "本文"} | given)) == told
    assert slack.messages("C01ALL") == []


def test_invalid_blocks_say_what_is_wrong_where(client):
    found = answer(client.chat_postMessage, channel=AOI, text="x", blocks=[section("あ" * 3001)])
    assert found["response_metadata"]["messages"] == [
        "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
    ]


def test_a_long_text_is_cut_at_40000(slack, client):
    client.chat_postMessage(channel=AOI, text="あ" * 40_001)
    assert len(slack.messages(slack.dm(AOI))[0]["text"]) == 40_000


def test_a_persons_id_is_their_dm(slack, client):
    assert client.chat_postMessage(channel=AOI, text="x")["channel"] == slack.dm(AOI)


def test_a_reply_hangs_on_its_thread_also_when_it_answers_a_reply(slack, client):
    first = slack.post(AOI, slack.dm(AOI), "問い")
    reply = client.chat_postMessage(channel=slack.dm(AOI), text="答え", thread_ts=first)["ts"]
    client.chat_postMessage(channel=slack.dm(AOI), text="続き", thread_ts=reply)
    found = client.conversations_replies(channel=slack.dm(AOI), ts=first)["messages"]
    assert [m["text"] for m in found] == ["問い", "答え", "続き"]
    assert (found[0]["reply_count"], found[0]["latest_reply"]) == (2, found[2]["ts"])
    assert [m["text"] for m in client.conversations_history(channel=slack.dm(AOI))["messages"]] == ["問い"]


def test_only_ones_own_message_can_be_changed_or_deleted(slack, client):
    theirs = slack.post(AOI, slack.dm(AOI), "わたしの")
    assert error(client.chat_update, channel=slack.dm(AOI), ts=theirs, text="x") == "cant_update_message"
    assert error(client.chat_delete, channel=slack.dm(AOI), ts=theirs) == "cant_delete_message"
    assert error(client.chat_update, channel=slack.dm(AOI), ts="1.000001", text="x") == "message_not_found"


def test_an_update_with_text_alone_takes_the_blocks_away(slack, client):
    sent = client.chat_postMessage(channel=AOI, text="x", blocks=[actions(button())])
    client.chat_update(channel=sent["channel"], ts=sent["ts"], text="済み")
    found = slack.messages(slack.dm(AOI))[0]
    assert found["text"] == "済み" and "blocks" not in found and found["edited"]


def test_an_update_over_4000_characters_is_refused(client):
    sent = client.chat_postMessage(channel=AOI, text="x")
    assert error(client.chat_update, channel=sent["channel"], ts=sent["ts"], text="あ" * 4001) == "msg_too_long"


def test_an_ephemeral_is_seen_by_its_person_alone_and_never_in_history(slack, client):
    ts = client.chat_postEphemeral(channel="C01ALL", user=AOI, text="あなただけ")["message_ts"]
    assert [m["text"] for m in slack.ephemerals(AOI, "C01ALL")] == ["あなただけ"]
    assert slack.ephemerals(MINAMI, "C01ALL") == [] and slack.messages("C01ALL", seen_by=MINAMI) == []
    assert client.conversations_history(channel="C01ALL")["messages"] == []
    assert error(client.chat_update, channel="C01ALL", ts=ts, text="x") == "message_not_found"
    slack.reload(AOI)
    assert slack.ephemerals(AOI, "C01ALL") == []


@pytest.mark.parametrize(
    ("channel", "user", "told"),
    [
        ("C01ALL", GUEST, "user_not_in_channel"),
        ("C04CHAT", AOI, "not_in_channel"),
        ("C01ALL", "U99", "user_not_in_channel"),
    ],
)
def test_an_ephemeral_needs_both_in_the_channel(client, channel, user, told):
    assert error(client.chat_postEphemeral, channel=channel, user=user, text="x") == told


def test_scheduling_keeps_to_its_window(slack, client):
    now = int(slack.clock.now())
    assert client.chat_scheduleMessage(channel=AOI, text="x", post_at=now + 100)["scheduled_message_id"]
    assert error(client.chat_scheduleMessage, channel=AOI, text="x", post_at=now - 1) == "time_in_past"
    assert error(client.chat_scheduleMessage, channel=AOI, text="x", post_at=now + 121 * 86400) == "time_too_far"


def test_a_permalink_needs_a_message(slack, client):
    ts = slack.post(AOI, "C01ALL", "x")
    assert client.chat_getPermalink(channel="C01ALL", message_ts=ts)["permalink"].endswith(
        f"/C01ALL/p{ts.replace('.', '')}"
    )
    assert error(client.chat_getPermalink, channel="C01ALL", message_ts="1.000001") == "message_not_found"


# --- conversations and people


def test_history_pages_from_the_newest_and_keeps_to_its_bounds(slack, client):
    stamps = [slack.post(AOI, slack.dm(AOI), f"{n}") for n in range(5)]
    where, seen, cursor = slack.dm(AOI), [], None
    for _ in range(3):
        found = client.conversations_history(channel=where, limit=2, cursor=cursor)
        seen += [m["text"] for m in found["messages"]]
        cursor = (found.get("response_metadata") or {}).get("next_cursor")
    assert (seen, cursor, found["has_more"]) == (["4", "3", "2", "1", "0"], None, False)
    within = client.conversations_history(channel=where, oldest=stamps[1], latest=stamps[3])["messages"]
    assert [m["text"] for m in within] == ["2"]
    within = client.conversations_history(channel=where, oldest=stamps[1], latest=stamps[3], inclusive=True)["messages"]
    assert [m["text"] for m in within] == ["3", "2", "1"]
    assert error(client.conversations_history, channel=where, cursor="zzz") == "invalid_cursor"
    assert error(client.conversations_history, channel=where, limit=1000) == "invalid_limit"
    assert error(client.conversations_history, channel="C04CHAT") == "not_in_channel"


def test_open_makes_a_dm_with_one_person(slack, client):
    assert client.conversations_open(users=AOI)["channel"]["id"] == slack.dm(AOI)
    assert error(client.conversations_open, users="U99") == "user_not_found"
    assert error(client.conversations_open, users="") == "users_list_not_supplied"


def test_a_shared_channel_says_so(client):
    assert client.conversations_info(channel="C03PARTNER")["channel"]["is_ext_shared"]
    assert not client.conversations_info(channel="C01ALL")["channel"]["is_ext_shared"]
    assert {GUEST, "U07STRANGER"} <= set(client.conversations_members(channel="C03PARTNER")["members"])
    assert GUEST not in client.conversations_members(channel="C01ALL")["members"]
    assert [c["id"] for c in client.conversations_list()["channels"]] == ["C01ALL", "C02DEV", "C03PARTNER", "C04CHAT"]


def test_people_carry_what_the_roles_need(stand_in):
    people = [
        *default_people(),
        replace(default_people()[0], id="U08GONE", deleted=True),
        replace(default_people()[0], id="U09HIDDEN", visible=False),
    ]
    slack = stand_in(people=people)
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    aoi = client.users_info(user=AOI)["user"]
    assert (aoi["tz"], aoi["tz_offset"], aoi["team_id"], aoi["is_bot"], aoi["deleted"]) == (
        "Asia/Tokyo",
        32400,
        "T00HIMITSU",
        False,
        False,
    )
    assert "email" not in aoi["profile"] and "is_stranger" not in aoi
    assert client.users_info(user=GUEST)["user"]["is_restricted"]
    stranger = client.users_info(user="U07STRANGER")["user"]
    assert stranger["is_stranger"] and stranger["team_id"] != "T00HIMITSU"
    assert client.users_info(user="U08GONE")["user"]["deleted"]
    assert client.users_info(user="U00HIMITSU")["user"]["is_bot"]
    assert error(client.users_info, user="U09HIDDEN") == "user_not_visible"
    assert error(client.users_info, user="U99") == "user_not_found"
    assert error(client.chat_postMessage, channel="U08GONE", text="x") == "channel_not_found"
    assert "U07STRANGER" not in {m["id"] for m in client.users_list()["members"]}


def test_the_little_rest_answers(stand_in):
    slack = stand_in(app=replace(APP, usergroups={"S01": (AOI,)}))
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    assert client.team_info()["team"]["name"] == "ひみつ工業"
    assert client.bots_info(bot="B00HIMITSU")["bot"]["user_id"] == "U00HIMITSU"
    assert client.usergroups_users_list(usergroup="S01")["users"] == [AOI]
    assert error(client.usergroups_users_list, usergroup="S99") == "no_such_subteam"
    ts = slack.post(AOI, "C01ALL", "x")
    client.reactions_add(channel="C01ALL", timestamp=ts, name="eyes")
    assert slack.messages("C01ALL")[0]["reactions"] == [{"name": "eyes", "users": ["U00HIMITSU"], "count": 1}]
    assert error(client.reactions_add, channel="C01ALL", timestamp=ts, name="eyes") == "already_reacted"


def test_a_file_goes_up_in_three_steps(slack, client):
    sent = client.files_upload_v2(
        channel=slack.dm(AOI), filename="点検.txt", content="中身", initial_comment="結果です"
    )
    id = sent["files"][0]["id"]
    found = slack.messages(slack.dm(AOI))[-1]
    assert (found["text"], found["files"][0]["id"], found["subtype"]) == ("結果です", id, "file_share")
    assert client.files_info(file=id)["file"]["size"] == len("中身".encode())
    assert urlopen(found["files"][0]["url_private"].replace("点検", "x")).read().decode() == "中身"
    assert error(client.files_completeUploadExternal, files=[{"id": "F99"}]) == "file_not_found"


NONSENSE = [
    None,
    "",
    0,
    -1,
    True,
    [],
    {},
    [1],
    [{}],
    "x",
    "{",
    "C01ALL",
    AOI,
    {"a": [1]},
    [{"type": ["x"]}],
    {"type": "modal", "blocks": [{}]},
    10**30,
]
NAMES = "channel text blocks metadata thread_ts user users ts limit cursor oldest view trigger_id view_id hash user_id filename length files file name post_at types".split()


@pytest.mark.parametrize("name", sorted(METHODS))
def test_nonsense_is_answered_and_breaks_nothing(slack, name):
    token = slack.app_token if name.startswith("apps.") else slack.bot_token
    pick = random.Random(name)
    for _ in range(20):
        arguments = {n: pick.choice(NONSENSE) for n in pick.sample(NAMES, 8)} | {
            "channel": pick.choice(["C01ALL", [1]])
        }
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        answered = urlopen(Request(slack.api_url + name, json.dumps(arguments).encode(), headers))
        assert isinstance(json.loads(answered.read())["ok"], bool)


# --- faults, limits, the record


def test_a_fault_meets_the_next_call_only(slack, client):
    slack.fail("chat.postMessage", error="fatal_error")
    assert error(client.chat_postMessage, channel=AOI, text="一") == "fatal_error"
    client.chat_postMessage(channel=AOI, text="二")
    assert [m["text"] for m in slack.messages(slack.dm(AOI))] == ["二"]


def test_a_fault_can_look_at_the_arguments(slack, client):
    slack.fail("chat.postMessage", error="fatal_error", where=lambda a: a["text"] == "二", times=None)
    client.chat_postMessage(channel=AOI, text="一")
    for _ in range(2):
        assert error(client.chat_postMessage, channel=AOI, text="二") == "fatal_error"
    slack.no_more_faults()
    client.chat_postMessage(channel=AOI, text="二")


def test_429_says_how_long_to_wait_and_posts_nothing(slack, client):
    slack.fail("chat.postMessage", status=429, retry_after=7)
    with pytest.raises(SlackApiError) as found:
        client.chat_postMessage(channel=AOI, text="x")
    assert (found.value.response.status_code, found.value.response.headers["Retry-After"]) == (429, "7")
    assert slack.messages(slack.dm(AOI)) == []


def test_a_call_can_be_taken_and_its_answer_lost(slack, client):
    slack.fail("chat.postMessage", drop_after_accept=True)
    with pytest.raises((URLError, ConnectionError, OSError)):
        client.chat_postMessage(channel=AOI, text="届いた")
    assert [m["text"] for m in slack.messages(slack.dm(AOI))] == ["届いた"]
    assert slack.calls("chat.postMessage")[0].answer is None


def test_a_call_can_be_cut_before_it_is_taken(slack, client):
    slack.fail("chat.postMessage", drop=True)
    with pytest.raises((URLError, ConnectionError, OSError)):
        client.chat_postMessage(channel=AOI, text="届かない")
    assert slack.messages(slack.dm(AOI)) == []


def test_an_answer_can_be_late_or_a_server_error(slack, client):
    slack.fail("auth.test", delay_s=0.3)
    started = time.monotonic()
    client.auth_test()
    assert time.monotonic() - started >= 0.3
    slack.fail("auth.test", status=503)
    with pytest.raises(SlackApiError):
        client.auth_test()


def test_with_limits_a_channel_takes_one_post_a_second(stand_in):
    slack = stand_in(limits=True)
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    with pytest.raises(SlackApiError, match="ratelimited") as found:
        for _ in range(20):
            client.chat_postMessage(channel=AOI, text="x")
    assert slack.messages(slack.dm(AOI)) and found.value.response.headers["Retry-After"] == "1"
    client.chat_postMessage(channel=MINAMI, text="x")


def test_with_limits_a_method_has_its_calls_a_minute(stand_in):
    slack = stand_in(limits=Limits(rates=True, tiers={"users.info": 2}))
    client = WebClient(slack.bot_token, base_url=slack.api_url)
    for _ in range(2):
        client.users_info(user=AOI)
    assert error(client.users_info, user=AOI) == "ratelimited"
    client.auth_test()


def test_every_call_is_on_record_with_its_arguments_and_answer(slack, client):
    client.auth_test()
    client.chat_postMessage(channel=AOI, text="x")
    error(client.users_info, user="U99")
    assert [(c.method, c.ok) for c in slack.calls()] == [
        ("auth.test", True),
        ("chat.postMessage", True),
        ("users.info", False),
    ]
    call = slack.calls("chat.postMessage")[0]
    assert call.arguments["text"] == "x" and call.answer["ts"] and "token" not in call.arguments
