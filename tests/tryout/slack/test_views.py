"""Modals: trigger ids, the stack, submissions, hashes."""

import time

import pytest
from slack_sdk.errors import SlackApiError

from tests.tryout.slack.wire import AOI, HASTY, MINAMI, actions, button, field, modal, plain, section


def error(call, *args, **more) -> str:
    with pytest.raises(SlackApiError) as found:
        call(*args, **more)
    return found.value.response["error"]


@pytest.fixture
def trigger(slack, link):
    """A new trigger id of a person's act (in the modal on top where there is one)."""

    def make(user: str = AOI) -> str:
        if slack.modal(user) and any(b["type"] == "actions" for b in slack.modal(user)["blocks"]):
            slack.press(user, slack.modal(user), "go")
        else:
            slack.command(user, "C01ALL", "/himitsu", "x")
        return link.take()["payload"]["trigger_id"]

    return make


MORE = actions(button())


def test_a_trigger_opens_one_view(slack, client, trigger):
    id = trigger()
    view = client.views_open(trigger_id=id, view=modal(section(), callback_id="c", private_metadata="m"))["view"]
    assert slack.modal(AOI)["id"] == view["id"] and (view["callback_id"], view["private_metadata"]) == ("c", "m")
    assert view["root_view_id"] == view["id"] and view["previous_view_id"] is None and view["hash"]
    assert error(client.views_open, trigger_id=id, view=modal()) == "exchanged_trigger_id"
    assert error(client.views_open, trigger_id="1.2.x", view=modal()) == "invalid_trigger_id"
    assert slack.modal(MINAMI) is None


@HASTY
def test_a_trigger_lives_three_seconds(client, trigger):
    id = trigger()
    time.sleep(0.35)  # the fixture's three seconds
    assert error(client.views_open, trigger_id=id, view=modal()) == "expired_trigger_id"


def test_a_refused_view_leaves_the_trigger_unused(client, trigger):
    id = trigger()
    assert error(client.views_open, trigger_id=id, view=modal(section(""))) == "invalid_arguments"
    assert client.views_open(trigger_id=id, view=modal())["ok"]


@pytest.mark.parametrize(
    "view",
    [
        modal(title=plain("あ" * 25)),
        modal(private_metadata="あ" * 3001),
        modal(callback_id="c" * 256),
        modal(field("a"), submit=None) | {"submit": plain("送" * 25)},
        {k: v for k, v in modal(field("a")).items() if k != "submit"},
        {k: v for k, v in modal().items() if k != "title"},
        modal(*[section()] * 101),
        modal(field("a"), field("a")),
        modal({"type": "markdown", "text": "x"}),
        {"type": "home", "blocks": [section()]},
        modal(colour="red"),
    ],
)
def test_a_view_slack_would_refuse_is_refused(client, trigger, view):
    assert error(client.views_open, trigger_id=trigger(), view=view) == "invalid_arguments"


def test_a_view_over_250_kb_is_too_large(client, trigger):
    assert error(client.views_open, trigger_id=trigger(), view=modal(*[section("あ" * 1000)] * 90)) == "view_too_large"


def test_three_views_stand_on_one_another_and_no_more(slack, client, trigger):
    first = client.views_open(trigger_id=trigger(), view=modal(MORE))["view"]
    second = client.views_push(trigger_id=trigger(), view=modal(MORE))["view"]
    client.views_push(trigger_id=trigger(), view=modal(MORE))
    assert (second["previous_view_id"], second["root_view_id"]) == (first["id"], first["id"])
    assert error(client.views_push, trigger_id=trigger(), view=modal()) == "push_limit_reached"
    assert len(slack.modals(AOI)) == 3


def test_pushing_needs_a_trigger_from_a_modal(slack, client, link, trigger):
    assert error(client.views_push, trigger_id=trigger(), view=modal()) == "invalid_trigger_id"


def test_opening_another_modal_takes_the_place_of_the_first(slack, client, trigger):
    client.views_open(trigger_id=trigger(), view=modal())
    second = client.views_open(trigger_id=trigger(), view=modal())["view"]
    assert [v["id"] for v in slack.modals(AOI)] == [second["id"]]


def test_an_update_checks_id_and_hash(slack, client, trigger):
    view = client.views_open(trigger_id=trigger(), view=modal(external_id="e1"))["view"]
    assert error(client.views_update, view_id="V99", view=modal()) == "not_found"
    assert error(client.views_update, external_id="e99", view=modal()) == "not_found"
    assert error(client.views_update, view_id=view["id"], hash="old", view=modal()) == "hash_conflict"
    new = client.views_update(
        view_id=view["id"], hash=view["hash"], view=modal(title=plain("新しい"), external_id="e1")
    )["view"]
    assert new["hash"] != view["hash"] and slack.modal(AOI)["title"]["text"] == "新しい"
    assert client.views_update(external_id="e1", view=modal())["ok"]


def test_an_external_id_stands_for_one_view(client, trigger):
    client.views_open(trigger_id=trigger(), view=modal(external_id="e1"))
    assert error(client.views_open, trigger_id=trigger(MINAMI), view=modal(external_id="e1")) == "duplicate_external_id"


def test_home_keeps_its_id_and_checks_its_hash(slack, client):
    home = {"type": "home", "blocks": [section()]}
    first = client.views_publish(user_id=AOI, view=home)["view"]
    second = client.views_publish(user_id=AOI, view=home, hash=first["hash"])["view"]
    assert second["id"] == first["id"] and slack.home(MINAMI) is None
    assert error(client.views_publish, user_id=AOI, view=home, hash=first["hash"]) == "hash_conflict"
    assert error(client.views_publish, user_id="U99", view=home) == "invalid_arguments"


# --- submissions

YES = {"text": plain("はい"), "value": "yes"}
FORM = (
    field("text", {"type": "plain_text_input", "action_id": "a", "initial_value": "はじめ", "max_length": 5}),
    field(
        "choice",
        {
            "type": "static_select",
            "action_id": "a",
            "options": [YES, {"text": plain("いいえ"), "value": "no"}],
            "initial_option": YES,
        },
    ),
    field("ticks", {"type": "checkboxes", "action_id": "a", "options": [YES]}, optional=True),
    field("day", {"type": "datepicker", "action_id": "a", "initial_date": "2026-11-27"}),
    field("who", {"type": "users_select", "action_id": "a"}, optional=True),
)


@pytest.fixture
def form(slack, client, trigger):
    return client.views_open(trigger_id=trigger(), view=modal(*FORM, callback_id="form"))["view"]["id"]


def test_a_submission_carries_what_was_not_touched(slack, link, form):
    assert slack.submit(AOI, form, {"text": {"a": "書いた"}}) is None
    body = link.take()["payload"]
    assert (body["type"], body["view"]["callback_id"], body["response_urls"]) == ("view_submission", "form", [])
    assert body["view"]["state"]["values"] == {
        "text": {"a": {"type": "plain_text_input", "value": "書いた"}},
        "choice": {"a": {"type": "static_select", "selected_option": YES}},
        "ticks": {"a": {"type": "checkboxes", "selected_options": []}},
        "day": {"a": {"type": "datepicker", "selected_date": "2026-11-27"}},
        "who": {"a": {"type": "users_select", "selected_user": None}},
    }
    assert slack.modal(AOI) is None


def test_the_client_itself_asks_for_what_is_missing(slack, link, form):
    assert slack.submit(AOI, form, {"text": {"a": ""}}) == {"text": "この項目は必須です。"}
    assert slack.submit(AOI, form, {"text": {"a": "六文字です。"}}) == {"text": "5文字以内で入力してください。"}
    assert link.nothing_more()


@pytest.mark.parametrize(
    ("element", "bad", "good"),
    [
        ({"type": "email_text_input"}, "佐藤", "a@example.jp"),
        ({"type": "url_text_input"}, "example.jp", "https://example.jp"),
        ({"type": "number_input", "is_decimal_allowed": False, "min_value": "1", "max_value": "9"}, "1.5", "3"),
        ({"type": "number_input", "is_decimal_allowed": True, "max_value": "9"}, "10", "8.5"),
        ({"type": "number_input", "is_decimal_allowed": True, "min_value": "1"}, "千", "1"),
        ({"type": "plain_text_input", "min_length": 3}, "あ", "ああああ"),
    ],
)
def test_typed_fields_are_checked_before_they_are_sent(slack, client, trigger, element, bad, good):
    view = client.views_open(trigger_id=trigger(), view=modal(field("x", {"action_id": "a", **element})))["view"]
    assert slack.submit(AOI, view["id"], {"x": {"a": bad}}).keys() == {"x"}
    assert slack.submit(AOI, view["id"], {"x": {"a": good}}) is None


def test_errors_of_the_app_stay_in_the_modal(slack, link, form):
    link.answers = lambda envelope: {"response_action": "errors", "errors": {"text": "短く"}}
    assert slack.submit(AOI, form) == {"text": "短く"}
    assert slack.modal(AOI)["id"] == form


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"other": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": modal(section(""))},
        {"response_action": "shout"},
        {"text": "ありがとう"},
    ],
)
def test_an_answer_slack_would_not_understand_is_an_error(slack, link, form, answer):
    link.answers = lambda envelope: answer
    with pytest.raises(ValueError, match="invalid_response"):
        slack.submit(AOI, form)
    assert slack.modal(AOI)["id"] == form


@HASTY
def test_a_submission_without_an_ack_leaves_the_modal_open(slack, link, form):
    link.answers = lambda envelope: None
    with pytest.raises(TimeoutError, match="operation_timeout"):
        slack.submit(AOI, form)
    assert slack.modal(AOI)["id"] == form


def test_an_answer_can_update_push_and_clear(slack, link, form):
    link.answers = lambda envelope: {"response_action": "update", "view": modal(title=plain("二"))}
    slack.submit(AOI, form)
    assert (slack.modal(AOI)["id"], slack.modal(AOI)["title"]["text"]) == (form, "二")
    link.answers = lambda envelope: {"response_action": "push", "view": modal(title=plain("三"))}
    slack.submit(AOI, form)
    assert [v["title"]["text"] for v in slack.modals(AOI)] == ["二", "三"]
    link.answers = lambda envelope: {"response_action": "clear"}
    slack.submit(AOI, slack.modal(AOI)["id"])
    assert slack.modals(AOI) == []


def test_a_plain_ack_goes_back_to_the_view_below(slack, client, link, trigger):
    first = client.views_open(trigger_id=trigger(), view=modal(MORE))["view"]
    second = client.views_push(trigger_id=trigger(), view=modal())["view"]
    slack.submit(AOI, second["id"])
    assert [v["id"] for v in slack.modals(AOI)] == [first["id"]]


def test_closing_is_told_only_where_it_was_asked_for(slack, client, link, trigger):
    silent = client.views_open(trigger_id=trigger(), view=modal())["view"]
    slack.close_view(AOI, silent["id"])
    told = client.views_open(trigger_id=trigger(), view=modal(notify_on_close=True))["view"]
    slack.close_view(AOI, told["id"])
    body = link.take()["payload"]
    assert (body["type"], body["view"]["id"], body["is_cleared"]) == ("view_closed", told["id"], False)
    assert link.nothing_more() and slack.modals(AOI) == []


def test_closing_all_says_so(slack, client, link, trigger):
    client.views_open(trigger_id=trigger(), view=modal(MORE, notify_on_close=True))
    top = client.views_push(trigger_id=trigger(), view=modal(notify_on_close=True))["view"]
    slack.close_view(AOI, top["id"], all_of_them=True)
    assert [link.take()["payload"]["is_cleared"] for _ in range(2)] == [True, True]


def test_a_chosen_channel_can_come_with_a_response_url(slack, client, link, trigger):
    select = {"type": "conversations_select", "action_id": "a", "response_url_enabled": True}
    view = client.views_open(trigger_id=trigger(), view=modal(field("where", select)))["view"]
    slack.submit(AOI, view["id"], {"where": {"a": "C01ALL"}})
    assert link.take()["payload"]["response_urls"][0]["channel_id"] == "C01ALL"
