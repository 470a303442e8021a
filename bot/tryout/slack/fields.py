"""What stands in blocks and can be pressed or filled in: elements, initial values, the values a person gave."""

from __future__ import annotations

import copy
import secrets
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Block = dict[str, Any]
Element = dict[str, Any]
Values = dict[str, dict[str, dict[str, Any]]]  # block_id -> action_id -> {"type", value key}

# element type -> the key of its value in state, and the key of what it starts with
VALUE_KEYS: Mapping[str, tuple[str, str]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", "files"),
}
LISTS = ("selected_options", "selected_users", "selected_conversations", "selected_channels", "files")


def with_block_ids(blocks: Sequence[Mapping[str, Any]]) -> list[Block]:
    """A copy in which every block has a block_id and every element an action_id, as Slack fills them in."""
    found = copy.deepcopy([dict(b) for b in blocks])
    for block in found:
        if not block.get("block_id"):
            block["block_id"] = _random_id()
        for element in elements(block):
            if element.get("type") != "image" and not element.get("action_id"):
                element["action_id"] = _random_id()
    return found


def _random_id() -> str:
    return secrets.token_urlsafe(4)[:5]


def elements(block: Mapping[str, Any]) -> Iterator[Element]:
    """The interactive elements of a block."""
    kind = block.get("type")
    if kind == "actions":
        yield from block.get("elements", ())
    elif kind == "input" and block.get("element"):
        yield block["element"]
    elif kind == "section" and block.get("accessory", {}).get("type", "image") != "image":
        yield block["accessory"]
    elif kind == "context_actions":
        for element in block.get("elements", ()):
            if element.get("type") != "feedback_buttons":
                yield element


def find(
    blocks: Sequence[Block], action_id: str, block_id: str | None = None, value: Any = None
) -> tuple[Block, Element] | None:
    """The first element with this action_id, in this block where one is named. None: not there.

    value: which of several buttons; other elements are found without it.
    """
    for block in blocks:
        if block_id is None or block.get("block_id") == block_id:
            for element in elements(block):
                other = element["type"] == "button" and value is not None and element.get("value") != value
                if element.get("action_id") == action_id and not other:
                    return block, element
    return None


def initial_values(blocks: Sequence[Block]) -> Values:
    """state.values of a surface that nobody touched: initial values, empty fields as Slack sends them."""
    values: Values = {}
    for block in blocks:
        for element in elements(block):
            if element["type"] in VALUE_KEYS:
                key, initial = VALUE_KEYS[element["type"]]
                empty: Any = [] if key in LISTS else None
                start = element.get(initial, empty)
                if element["type"] == "number_input" and start is not None:
                    start = str(start)
                given = {"type": element["type"], key: start}
                values.setdefault(block["block_id"], {})[element["action_id"]] = given
    return values


def merged(blocks: Sequence[Block], given: Mapping[str, Any] | None) -> Values:
    """Initial values with what a person filled in laid over them.

    given: {block_id: {action_id: value}}; a value is Slack's mapping ({"type", "value"}…) or the bare value: a text, an
    option's value, a list of those. What names no field of the blocks is left out.
    """
    values = initial_values(blocks)
    for block in blocks:
        for element in elements(block):
            fields = (given or {}).get(block["block_id"]) or {}
            if element["type"] in VALUE_KEYS and element["action_id"] in fields:
                key, _ = VALUE_KEYS[element["type"]]
                value = fields[element["action_id"]]
                if isinstance(value, Mapping) and (key in value or "type" in value):
                    value = value.get(key, [] if key in LISTS else None)
                values[block["block_id"]][element["action_id"]][key] = picked(element, key, value)
    return values


def picked(element: Element, key: str, value: Any) -> Any:
    """A bare value as the state holds it: an option's value becomes the option, "" becomes None."""
    if key == "selected_option" and isinstance(value, str):
        return option(element, value)
    if key == "selected_options":
        return [option(element, v) if isinstance(v, str) else v for v in value or ()]
    if value == "":
        return None
    return value


def option(element: Element, value: str) -> dict[str, Any]:
    """The option of a select with this value. Raises KeyError; external selects take any."""
    groups = [g["options"] for g in element.get("option_groups", ())]
    for found in [*element.get("options", ()), *(o for g in groups for o in g)]:
        if found["value"] == value:
            return dict(found)
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": value}, "value": value}
    raise KeyError(f"no option with the value {value!r}")


REQUIRED = "この項目は必須です。"


def mistakes(blocks: Sequence[Block], values: Values) -> dict[str, str]:
    """What the client itself refuses before it sends a modal: block_id -> text for the person. {} where all is well."""
    found = {}
    for block in blocks:
        if block["type"] == "input":
            element = block["element"]
            key = VALUE_KEYS[element["type"]][0]
            value = values[block["block_id"]][element["action_id"]][key]
            if not value and not block.get("optional"):
                found[block["block_id"]] = REQUIRED
            elif value and (told := _mistake(element, value)):
                found[block["block_id"]] = told
    return found


def _mistake(element: Element, value: Any) -> str | None:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"{element['min_length']}文字以上で入力してください。"
        if len(value) > element.get("max_length", 3000):
            return f"{element.get('max_length', 3000)}文字以内で入力してください。"
    if kind == "email_text_input" and ("@" not in value or value.startswith("@") or value.endswith("@")):
        return "メールアドレスを入力してください。"
    if kind == "url_text_input" and not value.startswith(("http://", "https://")):
        return "http:// か https:// で始まるURLを入力してください。"
    if kind == "number_input":
        return _number_mistake(element, value)
    if limit := element.get("max_selected_items"):
        return f"{limit}個まで選べます。" if len(value) > limit else None
    return None


def _number_mistake(element: Element, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return "数字を入力してください。"
    if not element["is_decimal_allowed"] and not number.is_integer():
        return "整数を入力してください。"
    if "min_value" in element and number < float(element["min_value"]):
        return f"{element['min_value']}以上の数字を入力してください。"
    if "max_value" in element and number > float(element["max_value"]):
        return f"{element['max_value']}以下の数字を入力してください。"
    return None
