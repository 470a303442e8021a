"""Block Kit's keys and limits, as docs.slack.dev names them (read 2026-11-23). Lengths in characters, counts in items.

A part is {key: rule}; a rule says what stands there. Keys that are not named are refused, as Slack refuses them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Rule:
    """What may stand at a key."""

    kind: str  # "text", "plain", "string", "bool", "number", "list", "options", "groups", "confirm", "object", "any"
    most: int = 0  # characters or items; 0: no limit of its own
    least: int = 1
    needed: bool = False
    one_of: tuple[Any, ...] = ()


def text(most: int, *, needed: bool = False) -> Rule:
    return Rule("text", most, needed=needed)


def plain(most: int, *, needed: bool = False) -> Rule:
    return Rule("plain", most, needed=needed)


def string(most: int = 0, *, needed: bool = False, least: int = 1, one_of: tuple[str, ...] = ()) -> Rule:
    return Rule("string", most, least, needed, one_of)


BOOL, NUMBER, ANY, OBJECT, CONFIRM = Rule("bool"), Rule("number"), Rule("any"), Rule("object"), Rule("confirm")
ACTION_ID = string(255)
PLACEHOLDER = plain(150)
OPTIONS_100 = Rule("options", 100)
DISPATCH = Rule("object")

_SELECT = {"action_id": ACTION_ID, "placeholder": PLACEHOLDER, "confirm": CONFIRM, "focus_on_load": BOOL}
_MULTI = _SELECT | {"max_selected_items": NUMBER}
_STATIC = {"options": OPTIONS_100, "option_groups": Rule("groups", 100)}
_TYPED = {
    "action_id": ACTION_ID,
    "placeholder": PLACEHOLDER,
    "focus_on_load": BOOL,
    "dispatch_action_config": DISPATCH,
}
_CONVERSATION = {"default_to_current_conversation": BOOL, "filter": OBJECT}

ELEMENTS: Mapping[str, Mapping[str, Rule]] = {
    "button": {
        "text": plain(75, needed=True),
        "action_id": ACTION_ID,
        "url": string(3000),
        "value": string(2000, least=0),
        "style": string(one_of=("primary", "danger")),
        "confirm": CONFIRM,
        "accessibility_label": string(75),
    },
    "overflow": {"action_id": ACTION_ID, "options": Rule("options", 5, needed=True), "confirm": CONFIRM},
    "static_select": _SELECT | _STATIC | {"initial_option": OBJECT},
    "external_select": _SELECT | {"initial_option": OBJECT, "min_query_length": NUMBER},
    "users_select": _SELECT | {"initial_user": string()},
    "conversations_select": _SELECT | _CONVERSATION | {"initial_conversation": string(), "response_url_enabled": BOOL},
    "channels_select": _SELECT | {"initial_channel": string(), "response_url_enabled": BOOL},
    "multi_static_select": _MULTI | _STATIC | {"initial_options": Rule("list")},
    "multi_external_select": _MULTI | {"initial_options": Rule("list"), "min_query_length": NUMBER},
    "multi_users_select": _MULTI | {"initial_users": Rule("list")},
    "multi_conversations_select": _MULTI | _CONVERSATION | {"initial_conversations": Rule("list")},
    "multi_channels_select": _MULTI | {"initial_channels": Rule("list")},
    "radio_buttons": {
        "action_id": ACTION_ID,
        "options": Rule("options", 10, needed=True),
        "initial_option": OBJECT,
        "confirm": CONFIRM,
        "focus_on_load": BOOL,
    },
    "checkboxes": {
        "action_id": ACTION_ID,
        "options": Rule("options", 10, needed=True),
        "initial_options": Rule("list"),
        "confirm": CONFIRM,
        "focus_on_load": BOOL,
    },
    "datepicker": _SELECT | {"initial_date": string()},
    "timepicker": _SELECT | {"initial_time": string(), "timezone": string()},
    "datetimepicker": {
        "action_id": ACTION_ID,
        "initial_date_time": NUMBER,
        "confirm": CONFIRM,
        "focus_on_load": BOOL,
    },
    "plain_text_input": _TYPED
    | {"initial_value": string(3000, least=0), "multiline": BOOL, "min_length": NUMBER, "max_length": NUMBER},
    "email_text_input": _TYPED | {"initial_value": string()},
    "url_text_input": _TYPED | {"initial_value": string()},
    "number_input": _TYPED
    | {
        "is_decimal_allowed": Rule("bool", needed=True),
        "initial_value": string(),
        "min_value": string(),
        "max_value": string(),
    },
    "rich_text_input": _TYPED | {"initial_value": OBJECT},
    "file_input": {"action_id": ACTION_ID, "filetypes": Rule("list"), "max_files": NUMBER},
    "image": {
        "image_url": string(3000),
        "slack_file": OBJECT,
        "alt_text": string(2000, needed=True, least=0),
    },
    "workflow_button": {
        "text": plain(75, needed=True),
        "action_id": ACTION_ID,
        "workflow": Rule("object", needed=True),
        "style": string(one_of=("primary", "danger")),
        "accessibility_label": string(75),
    },
}

_SELECTS = {name for name in ELEMENTS if name.endswith("_select")}
_PICKED = {"overflow", "radio_buttons", "checkboxes", "datepicker", "timepicker"}
ALLOWED: Mapping[str, frozenset[str]] = {
    "section": frozenset(_SELECTS | _PICKED | {"button", "image", "workflow_button"}),
    "actions": frozenset(_SELECTS | _PICKED | {"button", "datetimepicker", "workflow_button", "rich_text_input"}),
    "input": frozenset(
        _SELECTS
        | (_PICKED - {"overflow"})
        | {"datetimepicker", "plain_text_input", "email_text_input", "url_text_input", "number_input"}
        | {"rich_text_input", "file_input"}
    ),
}

BLOCKS: Mapping[str, Mapping[str, Rule]] = {
    "section": {
        "text": text(3000),
        "fields": Rule("list", 10),
        "accessory": OBJECT,
        "expand": BOOL,
    },
    "header": {"text": plain(150, needed=True), "level": NUMBER},
    "divider": {},
    "context": {"elements": Rule("list", 10, needed=True)},
    "actions": {"elements": Rule("list", 25, needed=True)},
    "input": {
        "label": plain(2000, needed=True),
        "element": Rule("object", needed=True),
        "hint": plain(2000),
        "optional": BOOL,
        "dispatch_action": BOOL,
    },
    "image": {
        "image_url": string(3000),
        "slack_file": OBJECT,
        "alt_text": string(2000, needed=True, least=0),
        "title": plain(2000),
    },
    "rich_text": {"elements": Rule("list", needed=True)},
    "markdown": {"text": string(12_000, needed=True)},
    "table": {"rows": Rule("list", 100, needed=True), "column_settings": Rule("list", 20)},
    "video": {
        "alt_text": string(2000, needed=True),
        "title": plain(200, needed=True),
        "thumbnail_url": string(3000, needed=True),
        "video_url": string(3000, needed=True),
        "title_url": string(3000),
        "author_name": string(50),
        "description": plain(200),
        "provider_name": string(50),
        "provider_icon_url": string(3000),
    },
    "file": {"external_id": string(needed=True), "source": string(needed=True, one_of=("remote",))},
    "context_actions": {"elements": Rule("list", 5, needed=True)},
}

SURFACES: Mapping[str, frozenset[str]] = {
    "message": frozenset(BLOCKS),
    "modal": frozenset({"section", "header", "divider", "context", "actions", "input", "image", "rich_text", "video"}),
    "home": frozenset(
        {"section", "header", "divider", "context", "actions", "input", "image", "rich_text", "table", "video"}
    ),
}
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
RICH_TEXT_PARTS = {"rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote"}
MODAL_ONLY = {"file_input"}

VIEW_KEYS: Mapping[str, Mapping[str, Rule]] = {
    "modal": {
        "title": plain(24, needed=True),
        "submit": plain(24),
        "close": plain(24),
        "private_metadata": string(3000, least=0),
        "callback_id": string(255, least=0),
        "external_id": string(255, least=0),
        "clear_on_close": BOOL,
        "notify_on_close": BOOL,
        "submit_disabled": BOOL,
    },
    "home": {
        "private_metadata": string(3000, least=0),
        "callback_id": string(255, least=0),
        "external_id": string(255, least=0),
    },
}
VIEW_BYTES = 250_000
