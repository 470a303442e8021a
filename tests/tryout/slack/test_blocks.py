"""The validator of blocks and views: each limit one below, at, and over; against slack_sdk's and slackblocks' own lists."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block
from slackblocks import _limits, _surfaces

from bot.tryout.slack import block_rules
from bot.tryout.slack.blocks import option_problems, problems, view_problems
from tests.tryout.slack.wire import actions, button, field, modal, plain, section

WORD = "あ"


def option(text: str = "はい", value: str = "v", **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **more}


def options(count: int) -> list[dict[str, Any]]:
    return [option(value=f"{n}") for n in range(count)]


def element(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "a", **more}


def confirm(**more: Any) -> dict[str, Any]:
    words = {"title": plain("題"), "text": plain("文"), "confirm": plain("はい"), "deny": plain("いいえ")}
    return actions(button(confirm=words | more))


# name in slackblocks' list -> the smallest blocks in which something is of that size
SIZES = {
    "SECTION_TEXT_MAX_LENGTH": lambda n: [section(WORD * n)],
    "SECTION_FIELDS_MAX_ITEMS": lambda n: [{"type": "section", "fields": [plain("x")] * n}],
    "SECTION_FIELDS_ITEM_MAX_LENGTH": lambda n: [{"type": "section", "fields": [plain(WORD * n)]}],
    "HEADER_TEXT_MAX_LENGTH": lambda n: [{"type": "header", "text": plain(WORD * n)}],
    "BLOCK_ID_MAX_LENGTH": lambda n: [section(block_id="b" * n)],
    "ACTION_ID_MAX_LENGTH": lambda n: [actions(button("a" * n))],
    "ACTIONS_ELEMENTS_MAX_ITEMS": lambda n: [actions(*[button(f"a{i}") for i in range(n)])],
    "CONTEXT_ELEMENTS_MAX_ITEMS": lambda n: [{"type": "context", "elements": [plain("x")] * n}],
    "BUTTON_TEXT_MAX_LENGTH": lambda n: [actions(button(text=plain(WORD * n)))],
    "BUTTON_VALUE_MAX_LENGTH": lambda n: [actions(button(value="v" * n))],
    "BUTTON_URL_MAX_LENGTH": lambda n: [actions(button(url="https://".ljust(n, "u")))],
    "BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH": lambda n: [actions(button(accessibility_label=WORD * n))],
    "CONFIRMATION_TITLE_MAX_LENGTH": lambda n: [confirm(title=plain(WORD * n))],
    "CONFIRMATION_TEXT_MAX_LENGTH": lambda n: [confirm(text=plain(WORD * n))],
    "CONFIRMATION_CONFIRM_MAX_LENGTH": lambda n: [confirm(confirm=plain(WORD * n))],
    "CONFIRMATION_DENY_MAX_LENGTH": lambda n: [confirm(deny=plain(WORD * n))],
    "OPTION_TEXT_MAX_LENGTH": lambda n: [actions(element("static_select", options=[option(WORD * n)]))],
    "OPTION_VALUE_MAX_LENGTH": lambda n: [actions(element("static_select", options=[option(value="v" * n)]))],
    "OPTION_DESCRIPTION_MAX_LENGTH": lambda n: [
        actions(element("static_select", options=[option(description=plain(WORD * n))]))
    ],
    "OPTION_URL_MAX_LENGTH": lambda n: [actions(element("overflow", options=[option(url="u" * n)]))],
    "OPTION_GROUP_LABEL_MAX_LENGTH": lambda n: [
        actions(element("static_select", option_groups=[{"label": plain(WORD * n), "options": options(1)}]))
    ],
    "OPTION_GROUP_OPTIONS_MAX_ITEMS": lambda n: [
        actions(element("static_select", option_groups=[{"label": plain("x"), "options": options(n)}]))
    ],
    "SELECT_OPTIONS_MAX_ITEMS": lambda n: [actions(element("static_select", options=options(n)))],
    "SELECT_OPTION_GROUPS_MAX_ITEMS": lambda n: [
        actions(element("static_select", option_groups=[{"label": plain("x"), "options": options(1)}] * n))
    ],
    "SELECT_PLACEHOLDER_MAX_LENGTH": lambda n: [actions(element("users_select", placeholder=plain(WORD * n)))],
    "OVERFLOW_OPTIONS_MAX_ITEMS": lambda n: [actions(element("overflow", options=options(n)))],
    "CHECKBOXES_OPTIONS_MAX_ITEMS": lambda n: [actions(element("checkboxes", options=options(n)))],
    "RADIO_BUTTONS_OPTIONS_MAX_ITEMS": lambda n: [actions(element("radio_buttons", options=options(n)))],
    "INPUT_LABEL_MAX_LENGTH": lambda n: [field("b", label=plain(WORD * n))],
    "INPUT_HINT_MAX_LENGTH": lambda n: [field("b", hint=plain(WORD * n))],
    "PLAIN_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH": lambda n: [
        field("b", element("plain_text_input", placeholder=plain(WORD * n)))
    ],
    "PLAIN_TEXT_INPUT_MAX_LENGTH_MAX": lambda n: [field("b", element("plain_text_input", max_length=n))],
    "IMAGE_ALT_TEXT_MAX_LENGTH": lambda n: [{"type": "image", "image_url": "u", "alt_text": WORD * n}],
    "IMAGE_TITLE_MAX_LENGTH": lambda n: [
        {"type": "image", "image_url": "u", "alt_text": "x", "title": plain(WORD * n)}
    ],
    "IMAGE_IMAGE_URL_MAX_LENGTH": lambda n: [{"type": "image", "image_url": "u" * n, "alt_text": "x"}],
    "IMAGE_ELEMENT_ALT_TEXT_MAX_LENGTH": lambda n: [
        section(accessory={"type": "image", "image_url": "u", "alt_text": WORD * n})
    ],
    "MARKDOWN_TEXT_MAX_LENGTH": lambda n: [{"type": "markdown", "text": WORD * n}],
    "MARKDOWN_TOTAL_TEXT_MAX_LENGTH": lambda n: [
        {"type": "markdown", "text": WORD * (n - 1)},
        {"type": "markdown", "text": WORD},
    ],
    "TABLE_ROWS_MAX_ITEMS": lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * n}],
    "TABLE_COLUMNS_MAX_ITEMS": lambda n: [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * n]}],
    "MESSAGE_BLOCKS_MAX_ITEMS": lambda n: [section()] * n,
}


@pytest.mark.parametrize("name", SIZES)
def test_each_limit_is_where_slackblocks_has_it(name):
    most = getattr(_limits, name)
    assert problems(SIZES[name](most), "message") == []
    assert len(problems(SIZES[name](most + 1), "message")) >= 1


VIEW_SIZES = {
    "VIEW_BLOCKS_MAX_ITEMS": lambda n: modal(*[section()] * n),
    "VIEW_TITLE_MAX_LENGTH": lambda n: modal(title=plain(WORD * n)),
    "VIEW_SUBMIT_MAX_LENGTH": lambda n: modal(submit=plain(WORD * n)),
    "VIEW_CLOSE_MAX_LENGTH": lambda n: modal(close=plain(WORD * n)),
    "VIEW_PRIVATE_METADATA_MAX_LENGTH": lambda n: modal(private_metadata=WORD * n),
    "VIEW_CALLBACK_ID_MAX_LENGTH": lambda n: modal(callback_id="c" * n),
    "VIEW_EXTERNAL_ID_MAX_LENGTH": lambda n: modal(external_id="e" * n),
}


@pytest.mark.parametrize("name", VIEW_SIZES)
def test_each_limit_of_a_view_is_where_slackblocks_has_it(name):
    most = getattr(_limits, name)
    assert view_problems(VIEW_SIZES[name](most), "modal") == []
    assert len(view_problems(VIEW_SIZES[name](most + 1), "modal")) == 1


def test_a_home_takes_100_blocks_and_a_message_50():
    assert problems([section()] * 100, "home") == [] and problems([section()] * 101, "home")
    assert problems([section()] * 51, "message") == ["no more than 50 items allowed [json-pointer:/blocks]"]


@pytest.mark.parametrize("surface", ["message", "modal", "home"])
def test_the_surfaces_take_the_block_types_slackblocks_allows_there(surface):
    theirs = _surfaces._BLOCK_TYPES_BY_SURFACE[surface]
    assert block_rules.SURFACES[surface] <= theirs


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("x", "must provide an array [json-pointer:/blocks]"),
        (["x"], "must provide an object [json-pointer:/blocks/0]"),
        ([{"type": "sektion"}], "unsupported type: sektion [json-pointer:/blocks/0/type]"),
        ([{"type": "section"}], "missing required field: text or fields [json-pointer:/blocks/0]"),
        ([section("")], "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ([section(colour="red")], "invalid additional property: colour [json-pointer:/blocks/0]"),
        ([{"type": "section", "text": "文"}], "must provide an object [json-pointer:/blocks/0/text]"),
        (
            [{"type": "section", "text": {"type": "html", "text": "x"}}],
            "unsupported type: html [json-pointer:/blocks/0/text/type]",
        ),
        (
            [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}],
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        (
            [{"type": "section", "text": {"type": "mrkdwn"}}],
            "missing required field: text [json-pointer:/blocks/0/text/text]",
        ),
        (
            [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            [section(block_id="b"), section(block_id="b")],
            "`block_id` b already exists [json-pointer:/blocks/1/block_id]",
        ),
        (
            [actions(button("a"), button("a"))],
            "`action_id` a already exists in this block [json-pointer:/blocks/0/elements/1/action_id]",
        ),
        ([actions()], "must be more than 0 items [json-pointer:/blocks/0/elements]"),
        (
            [actions({"type": "plain_text_input", "action_id": "a"})],
            "unsupported type: plain_text_input in actions [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            [section(accessory={"type": "plain_text_input"})],
            "unsupported type: plain_text_input in section [json-pointer:/blocks/0/accessory/type]",
        ),
        ([field("b", button())], "unsupported type: button in input [json-pointer:/blocks/0/element/type]"),
        (
            [actions(element("multi_users_select", max_selected_items=0))],
            "must be 1 or more [json-pointer:/blocks/0/elements/0/max_selected_items]",
        ),
        ([actions(button(style="green"))], "must be one of primary, danger [json-pointer:/blocks/0/elements/0/style]"),
        ([actions(button(value=1))], "must provide a string [json-pointer:/blocks/0/elements/0/value]"),
        ([actions(button(url="ひみつ"))], "must be a URL [json-pointer:/blocks/0/elements/0/url]"),
        (
            [actions({"type": "button", "action_id": "a"})],
            "missing required field: text [json-pointer:/blocks/0/elements/0]",
        ),
        (
            [actions(element("static_select"))],
            "needs one of options and option_groups [json-pointer:/blocks/0/elements/0]",
        ),
        (
            [actions(element("static_select", options=[]))],
            "must be more than 0 items [json-pointer:/blocks/0/elements/0/options]",
        ),
        (
            [actions(element("static_select", options=options(1), initial_option=option("いいえ")))],
            "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_option]",
        ),
        (
            [actions(element("checkboxes", options=options(1), initial_options=[option("いいえ")]))],
            "must be one of the provided options [json-pointer:/blocks/0/elements/0/initial_options/0]",
        ),
        (
            [actions(element("checkboxes", options=options(1), initial_options=[]))],
            "must be more than 0 items [json-pointer:/blocks/0/elements/0/initial_options]",
        ),
        (
            [actions(element("static_select", options=[option(url="u")]))],
            "invalid additional property: url [json-pointer:/blocks/0/elements/0/options/0]",
        ),
        (
            [actions(element("datepicker", initial_date="2026/1/1"))],
            "must be a date: YYYY-MM-DD [json-pointer:/blocks/0/elements/0/initial_date]",
        ),
        (
            [actions(element("timepicker", initial_time="25:00"))],
            "must be a time: HH:mm [json-pointer:/blocks/0/elements/0/initial_time]",
        ),
        (
            [field("b", element("number_input"))],
            "missing required field: is_decimal_allowed [json-pointer:/blocks/0/element]",
        ),
        (
            [field("b", element("plain_text_input", min_length=5, max_length=4))],
            "must be between 1 and 3000, and min_length at least [json-pointer:/blocks/0/element/max_length]",
        ),
        (
            [field("b", element("plain_text_input", min_length=3001))],
            "must be between 0 and 3000 [json-pointer:/blocks/0/element/min_length]",
        ),
        ([field("b", element("file_input"))], "file_input is for modals only [json-pointer:/blocks/0/element/type]"),
        (
            [
                field("a", element("plain_text_input", focus_on_load=True)),
                field("b", element("plain_text_input", focus_on_load=True)),
            ],
            "only one element may have focus_on_load [json-pointer:/blocks]",
        ),
        ([{"type": "image", "alt_text": "x"}], "needs one of image_url and slack_file [json-pointer:/blocks/0]"),
        (
            [{"type": "context", "elements": [{"type": "button"}]}],
            "unsupported type: button [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            [{"type": "rich_text", "elements": [{"type": "text", "text": "x"}]}],
            "unsupported type: text [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}] * 2,
            "only_one_table_allowed [json-pointer:/blocks]",
        ),
    ],
)
def test_what_slack_refuses_is_told_with_its_place(given, told):
    assert problems(given, "message") == [told]


def test_what_slack_sdk_lets_through_is_found():
    """The gaps named in slack.md §3, each with a witness that slack_sdk's own check passes."""
    gaps = [
        [{"type": "section", "fields": [plain(WORD * 2001)]}],
        [actions(element("static_select", placeholder=plain("x"), options=[option(WORD * 76)]))],
        [actions(element("radio_buttons", options=options(11)))],
        [section(block_id="b"), section(block_id="b")],
        [section()] * 51,
    ]
    for blocks in gaps:
        for block in blocks:
            Block.parse(block).to_dict()
        assert problems(blocks, "message")


def test_types_a_surface_forbids_are_told():
    for kind, block in {
        "markdown": {"type": "markdown", "text": "x"},
        "table": {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]},
    }.items():
        assert problems([block], "modal") == [
            f"unsupported type on this surface (modal): {kind} [json-pointer:/blocks/0/type]"
        ]


def test_a_modal_with_an_input_needs_submit():
    view = {k: v for k, v in modal(field("b")).items() if k != "submit"}
    assert view_problems(view, "modal") == [
        "missing required field: submit, as there is an input block [json-pointer:/view/submit]"
    ]
    assert view_problems(modal(field("b")), "modal") == []


@pytest.mark.parametrize(
    "view",
    [
        None,
        [],
        {},
        {"type": "modal"},
        {"type": "modal", "title": plain("x"), "blocks": "x"},
        {"type": "modal", "title": plain("x"), "blocks": [1]},
    ],
)
def test_what_is_no_view_at_all_is_told_and_raises_nothing(view):
    assert view_problems(view, "modal")


def test_a_home_has_no_title():
    assert view_problems({"type": "home", "title": plain("x"), "blocks": [section()]}, "home") == [
        "invalid additional property: title [json-pointer:/view]"
    ]


def test_options_for_an_external_select_may_be_none_but_no_more_than_100():
    assert option_problems({"options": []}) == [] and option_problems({"options": options(100)}) == []
    assert option_problems({"options": options(101)}) == ["no more than 100 items allowed [json-pointer:/options]"]
    assert option_problems({"option_groups": [{"label": plain("x"), "options": []}]})


def test_well_made_blocks_of_every_kind_pass():
    choices = options(2)
    blocks = [
        section("*文* です", accessory=button()),
        {"type": "divider"},
        {
            "type": "context",
            "elements": [plain("x"), {"type": "image", "image_url": "https://example.jp/x.png", "alt_text": ""}],
        },
        actions(
            button(style="danger"),
            element("overflow", options=choices),
            {"type": "datepicker", "action_id": "d", "initial_date": "2026-11-27"},
        ),
        actions(element("radio_buttons", options=choices, initial_option=choices[0])),
        actions(element("external_select", initial_option=option("ほか"), min_query_length=0)),
        field("t", element("timepicker", initial_time="09:05", timezone="Asia/Tokyo")),
        field("m", element("multi_users_select", initial_users=["U01"], max_selected_items=3)),
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "x"}]}]},
    ]
    for surface in ("message", "modal", "home"):
        assert problems(blocks, surface) == []


KEYS = [
    "type",
    "text",
    "block_id",
    "elements",
    "element",
    "accessory",
    "fields",
    "options",
    "option_groups",
    "initial_option",
    "initial_options",
    "action_id",
    "rows",
    "label",
    "confirm",
    "min_length",
    "max_files",
    "blocks",
]
KINDS = [*block_rules.BLOCKS, *block_rules.ELEMENTS, "plain_text", "mrkdwn", "modal"]
LEAVES = st.none() | st.booleans() | st.integers() | st.sampled_from(KINDS) | st.text(max_size=3)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=20,
)


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), ANYTHING, max_size=5), max_size=3), ANYTHING)
@settings(max_examples=200, deadline=None)
def test_nonsense_is_told_and_raises_nothing(blocks, view):
    """JSON of the right words in the wrong places."""
    assert isinstance(problems(blocks, "message"), list)
    assert isinstance(view_problems(view, "modal"), list)
    assert isinstance(view_problems({"type": "home", "blocks": blocks}, "home"), list)
