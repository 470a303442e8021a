"""response_url."""

import pytest
from slack_sdk.webhook import WebhookClient

from bot.tryout.slack import Limits
from tests.tryout.slack.wire import AOI, MINAMI, Link, actions, button, section


@pytest.fixture
def url(slack, link):
    slack.command(AOI, "C01ALL", "/himitsu", "x")
    return WebhookClient(link.take()["payload"]["response_url"], retry_handlers=[])


def pressed(slack, client, link, *, ephemeral: bool) -> WebhookClient:
    if ephemeral:
        client.chat_postEphemeral(channel="C01ALL", user=AOI, text="まえ", blocks=[actions(button())])
    else:
        client.chat_postMessage(channel="C01ALL", text="まえ", blocks=[actions(button())])
    slack.press(AOI, slack.messages("C01ALL", seen_by=AOI)[-1], "go")
    while (payload := link.take()["payload"]).get("type") != "block_actions":
        pass
    return WebhookClient(payload["response_url"], retry_handlers=[])


def test_an_answer_is_for_the_asker_unless_it_says_otherwise(slack, url):
    assert url.send(text="あなたへ").status_code == 200
    assert url.send(text="みんなへ", response_type="in_channel").status_code == 200
    assert [m["text"] for m in slack.messages("C01ALL", seen_by=MINAMI)] == ["みんなへ"]
    assert [m["text"] for m in slack.ephemerals(AOI, "C01ALL")] == ["あなたへ"]


def test_it_answers_where_the_bot_is_no_member(slack, link):
    slack.command(AOI, "C04CHAT", "/himitsu", "x")
    WebhookClient(link.take()["payload"]["response_url"]).send(text="あなたへ")
    assert [m["text"] for m in slack.ephemerals(AOI, "C04CHAT")] == ["あなたへ"]


def test_it_can_be_used_five_times(url):
    assert [url.send(text=f"{n}").status_code for n in range(5)] == [200] * 5
    found = url.send(text="六度目")
    assert found.status_code == 404 and "used_url" in found.body


def test_it_ends_after_half_an_hour(stand_in):
    slack = stand_in(limits=Limits(response_url_s=0))
    link = Link(slack)
    slack.command(AOI, "C01ALL", "/himitsu", "x")
    found = WebhookClient(link.take()["payload"]["response_url"]).send(text="x")
    assert found.status_code == 404 and "expired_url" in found.body
    link.close()


@pytest.mark.parametrize(
    ("given", "told"), [({"text": ""}, "no_text"), ({"text": "x", "blocks": [section("")]}, "invalid_blocks")]
)
def test_what_slack_would_refuse_is_refused_and_costs_no_use(slack, url, given, told):
    for _ in range(6):
        assert told in url.send(**given).body
    assert url.send(text="x").status_code == 200


@pytest.mark.parametrize("ephemeral", [True, False])
def test_an_answer_to_a_press_is_new_unless_it_replaces(slack, client, link, ephemeral):
    url = pressed(slack, client, link, ephemeral=ephemeral)
    url.send(text="新しい")
    assert [m["text"] for m in slack.messages("C01ALL", seen_by=AOI)] == ["まえ", "新しい"]
    assert slack.messages("C01ALL", seen_by=AOI)[1]["ephemeral"]
    url.send(text="あと", replace_original=True)
    found = slack.messages("C01ALL", seen_by=AOI)
    assert [m["text"] for m in found] == ["あと", "新しい"] and "blocks" not in found[0]
    url.send(text="", delete_original=True)
    assert [m["text"] for m in slack.messages("C01ALL", seen_by=AOI)] == ["新しい"]


def test_an_ephemeral_stays_one_when_it_is_replaced(slack, client, link):
    url = pressed(slack, client, link, ephemeral=True)
    url.send(text="あと", replace_original=True, response_type="in_channel")
    assert slack.messages("C01ALL", seen_by=MINAMI) == []
    assert [m["text"] for m in slack.ephemerals(AOI, "C01ALL")] == ["あと"]
    slack.reload(AOI)
    url.send(text="もうない", replace_original=True)
    assert slack.ephemerals(AOI, "C01ALL") == []


def test_an_unknown_address_is_told(slack):
    assert WebhookClient(f"{slack.page_url}response/none").send(text="x").status_code == 404


def test_what_is_said_to_all_in_a_dm_comes_back_as_an_event(slack, link):
    slack.command(AOI, slack.dm(AOI), "/himitsu", "x")
    WebhookClient(link.take()["payload"]["response_url"]).send(text="みんなへ", response_type="in_channel")
    assert link.event()["bot_id"] == "B00HIMITSU"


def test_what_is_replaced_or_deleted_in_a_dm_is_told_as_an_event(slack, client, link):
    client.chat_postMessage(channel=AOI, text="まえ", blocks=[actions(button())])
    link.event()
    slack.press(AOI, slack.messages(slack.dm(AOI))[0], "go")
    url = WebhookClient(link.take()["payload"]["response_url"])
    url.send(text="あと", replace_original=True)
    event = link.event()
    assert (event["subtype"], event["message"]["text"], event["previous_message"]["text"]) == (
        "message_changed",
        "あと",
        "まえ",
    )
    url.send(delete_original=True)
    assert link.event()["subtype"] == "message_deleted"


def test_a_response_is_on_record_and_can_go_wrong(slack, url):
    slack.fail("response_url", status=500)
    assert url.send(text="一").status_code == 500
    slack.fail("response_url", drop_after_accept=True)
    with pytest.raises(OSError):
        url.send(text="二")
    assert [m["text"] for m in slack.ephemerals(AOI, "C01ALL")] == ["二"]
    assert "response_url" not in {c.method for c in slack.calls()}
    assert [(c.arguments["text"], c.status) for c in slack.calls("response_url")] == [("一", 500), ("二", 200)]
