"""What Slack would refuse in blocks and views, also what slack_sdk's own models let through.

`problems(blocks, surface)`, `view_problems(view, surface)`: [] where all is well, else one line a problem, worded like
Slack's response_metadata, with the place: "must be less than 151 characters [json-pointer:/blocks/0/text/text]".
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from .block_rules import (
    ALLOWED,
    BLOCKS,
    ELEMENTS,
    MODAL_ONLY,
    MOST_BLOCKS,
    RICH_TEXT_PARTS,
    SURFACES,
    VIEW_BYTES,
    VIEW_KEYS,
    Rule,
    string,
    text,
)
from .block_values import Told, check_keys, check_text

_DATE, _TIME = re.compile(r"\d{4}-\d\d-\d\d"), re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def problems(blocks: Any, surface: str) -> list[str]:
    """Everything Slack would refuse in the blocks of a "message", a "modal" or a "home". [] for no blocks at all.

    Raises KeyError for another surface.
    """
    return [f"{told} [json-pointer:{place}]" for place, told in _blocks(blocks, surface, "/blocks")]


def view_problems(view: Any, surface: str) -> list[str]:
    """The same for a whole view of type "modal" or "home", as views.open and views.publish take it."""
    return [f"{told} [json-pointer:{place}]" for place, told in _view(view, surface)]


def option_problems(body: Mapping[str, Any]) -> list[str]:
    """The same for what an external select is answered: `options` or `option_groups`."""
    keys = {"options": Rule("options", 100, least=0), "option_groups": Rule("groups", 100, least=0)}
    owner = {"type": "external_select"}
    return [f"{told} [json-pointer:{place}]" for place, told in check_keys(dict(body), keys, "", owner)]


def too_large(view: Any) -> bool:
    """Whether a view is over 250 kB as it travels."""
    return len(json.dumps(view, ensure_ascii=False).encode()) > VIEW_BYTES


def _view(view: Any, surface: str) -> Told:
    if not isinstance(view, dict):
        yield "/view", "must provide an object"
        return
    if view.get("type") != surface:
        yield "/view/type", f"must be {surface}"
    rest = {k: v for k, v in view.items() if k not in ("type", "blocks")}
    yield from check_keys(rest, VIEW_KEYS[surface], "/view", view)
    blocks = view.get("blocks")
    if not blocks:
        yield "/view/blocks", "missing required field: blocks"
        return
    yield from _blocks(blocks, surface, "/view/blocks")
    if surface == "modal" and isinstance(blocks, list):
        kinds = [b.get("type") for b in blocks if isinstance(b, dict)]
        if "input" in kinds and not view.get("submit"):
            yield "/view/submit", "missing required field: submit, as there is an input block"


def _blocks(blocks: Any, surface: str, place: str) -> Told:
    allowed = SURFACES[surface]
    if not isinstance(blocks, list):
        yield place, "must provide an array"
        return
    if len(blocks) > MOST_BLOCKS[surface]:
        yield place, f"no more than {MOST_BLOCKS[surface]} items allowed"
    seen: set[str] = set()
    for at, block in enumerate(blocks):
        here = f"{place}/{at}"
        if not isinstance(block, dict):
            yield here, "must provide an object"
            continue
        kind = block.get("type")
        if not isinstance(kind, str) or kind not in BLOCKS:
            yield f"{here}/type", f"unsupported type: {kind}"
            continue
        if kind not in allowed:
            yield f"{here}/type", f"unsupported type on this surface ({surface}): {kind}"
        block_id = str(block.get("block_id") or "")
        if block_id and block_id in seen:
            yield f"{here}/block_id", f"`block_id` {block_id} already exists"
        seen.add(block_id)
        yield from _block(block, surface, here)
    yield from _whole(blocks, place)


def _whole(blocks: list[Any], place: str) -> Told:
    """What blocks may hold only together so much of."""
    written = [b.get("text") for b in blocks if isinstance(b, dict) and b.get("type") == "markdown"]
    if sum(len(t) for t in written if isinstance(t, str)) > 12_000:
        yield place, "must be less than 12001 characters in all markdown blocks"
    if sum(1 for b in blocks if isinstance(b, dict) and b.get("type") == "table") > 1:
        yield place, "only_one_table_allowed"
    focused = [e for b in blocks if isinstance(b, dict) for e in _within(b) if e.get("focus_on_load")]
    if len(focused) > 1:
        yield place, "only one element may have focus_on_load"


def _within(block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for found in [block.get("accessory"), block.get("element"), *_listed(block.get("elements"))]:
        if isinstance(found, dict):
            yield found


def _block(block: dict[str, Any], surface: str, here: str) -> Told:
    kind = block["type"]
    rest = {k: v for k, v in block.items() if k != "type"}
    yield from check_keys(rest, {**BLOCKS[kind], "block_id": string(255)}, here, block)
    if kind == "section":
        yield from _section(block, surface, here)
    elif kind == "input" and isinstance(block.get("element"), dict):
        yield from _element(block["element"], "input", surface, f"{here}/element")
        if block["element"].get("type") == "file_input" and block.get("dispatch_action"):
            yield f"{here}/dispatch_action", "not allowed with a file_input"
    elif kind in ("actions", "context", "rich_text", "table"):
        key = "rows" if kind == "table" else "elements"
        if isinstance(block.get(key), list):
            yield from _several(kind, block[key], surface, f"{here}/{key}")
    elif kind == "image":
        yield from _picture(block, here)


def _listed(value: Any) -> list[Any]:
    """A list as it is; nothing for what is none, which is told elsewhere."""
    return value if isinstance(value, list) else []


def _section(block: dict[str, Any], surface: str, here: str) -> Told:
    if "text" not in block and "fields" not in block:
        yield here, "missing required field: text or fields"
    for at, field in enumerate(_listed(block.get("fields"))):
        yield from check_text(field, text(2000), f"{here}/fields/{at}")
    if isinstance(block.get("accessory"), dict):
        yield from _element(block["accessory"], "section", surface, f"{here}/accessory")


def _several(kind: str, items: list[Any], surface: str, here: str) -> Told:
    ids: set[str] = set()
    for at, item in enumerate(items):
        place = f"{here}/{at}"
        if kind == "table":
            if not isinstance(item, list) or not item or len(item) > 20:
                yield place, "must provide an array of 1 to 20 cells"
        elif not isinstance(item, dict):
            yield place, "must provide an object"
        elif kind == "actions":
            yield from _element(item, "actions", surface, place)
            action_id = str(item.get("action_id") or f"#{at}")
            if action_id in ids:
                yield f"{place}/action_id", f"`action_id` {action_id} already exists in this block"
            ids.add(action_id)
        elif kind == "rich_text":
            if str(item.get("type")) not in RICH_TEXT_PARTS:
                yield f"{place}/type", f"unsupported type: {item.get('type')}"
            elif not isinstance(item.get("elements"), list):
                yield f"{place}/elements", "must provide an array"
        elif item.get("type") == "image":
            yield from check_keys({k: v for k, v in item.items() if k != "type"}, ELEMENTS["image"], place, item)
            yield from _picture(item, place)
        else:
            yield from check_text(item, text(3000), place)


def _picture(item: Mapping[str, Any], here: str) -> Told:
    if ("image_url" in item) == ("slack_file" in item):
        yield here, "needs one of image_url and slack_file"


def _element(element: dict[str, Any], inside: str, surface: str, here: str) -> Told:
    kind = element.get("type")
    if not isinstance(kind, str) or kind not in ALLOWED[inside]:
        yield f"{here}/type", f"unsupported type: {kind} in {inside}"
        return
    if kind in MODAL_ONLY and surface != "modal":
        yield f"{here}/type", f"{kind} is for modals only"
    yield from check_keys({k: v for k, v in element.items() if k != "type"}, ELEMENTS[kind], here, element)
    if kind == "image":
        yield from _picture(element, here)
    if "option_groups" in ELEMENTS[kind] and ("options" in element) == ("option_groups" in element):
        yield here, "needs one of options and option_groups"
    if kind == "button" and "url" in element and not str(element["url"]).startswith(("http://", "https://", "mailto:")):
        yield f"{here}/url", "must be a URL"
    yield from _starts(element, here)
    yield from _bounds(element, here)


def _starts(element: Mapping[str, Any], here: str) -> Told:
    """What an element starts with has to be something it offers."""
    if element["type"].endswith("external_select"):
        return
    groups = [_listed(g.get("options")) for g in _listed(element.get("option_groups")) if isinstance(g, dict)]
    offered = [*_listed(element.get("options")), *(o for g in groups for o in g)]
    if "initial_option" in element and element["initial_option"] not in offered:
        yield f"{here}/initial_option", "must be one of the provided options"
    for at, option in enumerate(_listed(element.get("initial_options"))):
        if option not in offered:
            yield f"{here}/initial_options/{at}", "must be one of the provided options"
    if (date := element.get("initial_date")) is not None and not _DATE.fullmatch(str(date)):
        yield f"{here}/initial_date", "must be a date: YYYY-MM-DD"
    if (time := element.get("initial_time")) is not None and not _TIME.fullmatch(str(time)):
        yield f"{here}/initial_time", "must be a time: HH:mm"


def _bounds(element: Mapping[str, Any], here: str) -> Told:
    if element["type"] == "plain_text_input":
        least, most = element.get("min_length", 0), element.get("max_length", 3000)
        if not (isinstance(least, int) and 0 <= least <= 3000):
            yield f"{here}/min_length", "must be between 0 and 3000"
        elif not (isinstance(most, int) and 1 <= most <= 3000 and least <= most):
            yield f"{here}/max_length", "must be between 1 and 3000, and min_length at least"
    most = element.get("max_selected_items", 1)
    if isinstance(most, int) and most < 1:
        yield f"{here}/max_selected_items", "must be 1 or more"
    files = element.get("max_files", 1)
    if isinstance(files, int) and not 1 <= files <= 10:
        yield f"{here}/max_files", "must be between 1 and 10"
