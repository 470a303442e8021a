"""One value against its rule: texts, numbers, options, and the keys of a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .block_rules import Rule, plain, string, text

Told = Iterator[tuple[str, str]]  # where, and what is wrong there
_CONFIRM = {
    "title": plain(100, needed=True),
    "text": text(300, needed=True),
    "confirm": plain(30, needed=True),
    "deny": plain(30, needed=True),
    "style": string(one_of=("primary", "danger")),
}
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "bool": bool,
    "number": int,
    "list": list,
    "object": dict,
}


def check_keys(given: dict[str, Any], rules: Mapping[str, Rule], here: str, owner: Mapping[str, Any]) -> Told:
    for key in given:
        if key not in rules:
            yield here, f"invalid additional property: {key}"
    for key, rule in rules.items():
        if key not in given:
            if rule.needed:
                yield here, f"missing required field: {key}"
        else:
            yield from _value(given[key], rule, f"{here}/{key}", owner)


def _value(value: Any, rule: Rule, here: str, owner: Mapping[str, Any]) -> Told:
    if rule.kind in ("text", "plain"):
        yield from check_text(value, rule, here)
    elif rule.kind == "options":
        yield from _options(value, rule, here, owner)
    elif rule.kind == "groups":
        yield from _groups(value, rule, here, owner)
    elif rule.kind == "confirm":
        if isinstance(value, dict):
            yield from check_keys(value, _CONFIRM, here, value)
        else:
            yield here, "must provide an object"
    elif rule.kind in _KINDS:
        if not isinstance(value, _KINDS[rule.kind]) or (rule.kind == "number" and isinstance(value, bool)):
            yield here, f"must provide a {rule.kind}"
        elif rule.one_of and value not in rule.one_of:
            yield here, f"must be one of {', '.join(rule.one_of)}"
        elif rule.kind in ("string", "list"):
            yield from _size(value, rule, here)


def _size(value: Any, rule: Rule, here: str) -> Told:
    unit = "characters" if isinstance(value, str) else "items"
    if len(value) < rule.least:
        yield here, f"must be more than {rule.least - 1} {unit}"
    if rule.most and len(value) > rule.most:
        told = f"must be less than {rule.most + 1} characters" if unit == "characters" else f"no more than {rule.most}"
        yield here, told if unit == "characters" else f"{told} items allowed"


def check_text(value: Any, rule: Rule, here: str) -> Told:
    if not isinstance(value, dict):
        yield here, "must provide an object"
        return
    kind = value.get("type")
    if kind not in (("plain_text",) if rule.kind == "plain" else ("plain_text", "mrkdwn")):
        yield f"{here}/type", f"unsupported type: {kind}"
        return
    if not isinstance(value.get("text"), str):
        yield f"{here}/text", "missing required field: text"
    else:
        yield from _size(value["text"], rule, f"{here}/text")
    known = {"type", "text", "emoji" if kind == "plain_text" else "verbatim"}
    for key in value.keys() - known:
        yield here, f"invalid additional property: {key}"


def _options(value: Any, rule: Rule, here: str, owner: Mapping[str, Any]) -> Told:
    if not isinstance(value, list):
        yield here, "must provide an array"
        return
    yield from _size(value, rule, here)
    written = text(75, needed=True) if owner.get("type") in ("radio_buttons", "checkboxes") else plain(75, needed=True)
    keys = {
        "text": written,
        "value": string(150, needed=True),
        "description": Rule(written.kind, 75),
    }
    if owner.get("type") == "overflow":
        keys["url"] = string(3000)
    for at, option in enumerate(value):
        if isinstance(option, dict):
            yield from check_keys(option, keys, f"{here}/{at}", option)
        else:
            yield f"{here}/{at}", "must provide an object"


def _groups(value: Any, rule: Rule, here: str, owner: Mapping[str, Any]) -> Told:
    if not isinstance(value, list):
        yield here, "must provide an array"
        return
    yield from _size(value, rule, here)
    keys = {"label": plain(75, needed=True), "options": Rule("options", 100, needed=True)}
    for at, group in enumerate(value):
        if isinstance(group, dict):
            yield from check_keys(group, keys, f"{here}/{at}", owner)
        else:
            yield f"{here}/{at}", "must provide an object"
