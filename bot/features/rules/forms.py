"""Modals with inputs: writing a rule, a comment, another owner, day and hour, a channel."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from dialogs.rules.calendar import WEEKDAYS
from dialogs.rules.models import Content
from knowledge.handling import EVERYONE

from ... import blocks
from .house import words

_MOST = {"title": 60, "text": 400, "reason": 300}  # as knowledge/handling.py
_EVERY = (30, 90, 180, 365)


def rule(content: Content | None, sections: Mapping[str, str], about: str) -> dict[str, Any]:
    """The modal to write a rule in, filled with what it says now."""
    said = words()["edit"]
    content = content or Content("", "", "", "")
    people = [a for a in content.audience if a[0] in "UW"]
    channels = [a for a in content.audience if a[0] in "CG"]
    groups = [a for a in content.audience if a[0] == "S"]
    chosen = "all" if EVERYONE in content.audience else "chosen"
    every = sorted({*_EVERY, content.review_days})
    fields = [
        _input("title", said["heading"], text("title", content.title, _MOST["title"])),
        _input("text", said["text"], text("text", content.text, _MOST["text"], lines=True), hint=said["hint"]),
        _input("reason", said["reason"], text("reason", content.reason, _MOST["reason"], lines=True)),
        _input(
            "section",
            said["section"],
            select("section", [(k, f"{k} {v}") for k, v in sections.items()], content.section),
        ),
        _input("owner", said["owner"], users("owner", content.owner), optional=True),
        _input("deputy", said["deputy"], users("deputy", content.deputy), optional=True),
        _input("audience", said["everyone"], select("audience", list(said["everyone_options"].items()), chosen)),
        _input("people", said["people"], _many("multi_users_select", "people", "initial_users", people), optional=True),
        _input(
            "channels",
            said["channels"],
            _many("multi_channels_select", "channels", "initial_channels", channels),
            optional=True,
            hint=said["channels_hint"],
        ),
        _input(
            "every",
            said["every"],
            select("every", [(str(d), words()["days"].format(days=d)) for d in every], str(content.review_days)),
        ),
    ]
    lead = " ".join(blocks.mention(g) for g in groups)
    made = blocks.modal(
        "rules_form", said["title"], callback="rules.write", submit=said["submit"], lead=lead, fields=fields
    )
    return made | {"private_metadata": _with_groups(about, groups)}


def _with_groups(about: str, groups: Sequence[str]) -> str:
    """User groups cannot be chosen in a modal; those that a file named stay."""
    return blocks.packed(json.loads(about) | {"g": list(groups)})


def read_rule(values: Mapping[str, Any], groups: Sequence[str] = ()) -> Content | dict[str, str]:
    """What was written, or what is wrong, by block."""
    said = words()["edit"]
    texts = {name: (value(values, name) or "").strip() for name in ("title", "text", "reason")}
    wrong = {name: said["blank"] for name, text in texts.items() if not text}
    owner, deputy = value(values, "owner") or "", value(values, "deputy") or ""
    if owner and owner == deputy:
        wrong["deputy"] = said["same"]
    audience: tuple[str, ...] = (EVERYONE,)
    if value(values, "audience") == "chosen":
        audience = (*(value(values, "people") or ()), *(value(values, "channels") or ()), *groups)
        if not audience:
            wrong["people"] = said["too_soon"]
    if wrong:
        return wrong
    every = int(value(values, "every") or 180)
    return Content(
        **texts,
        section=value(values, "section") or "",
        owner=owner,
        deputy=deputy,
        audience=audience,
        review_days=every,
    )


def comment(title: str, owner: str, about: str) -> dict[str, Any]:
    """見直したい: where, in the person's words."""
    said = words()["comment"]
    lead = said["lead"].format(
        title=blocks.esc(title), owner=blocks.mention(owner) if owner else words()["rule"]["none"]
    )
    fields = [_input("note", said["label"], text("note", "", 1000, lines=True), optional=True, hint=said["hint"])]
    made = blocks.modal(
        "rules_form", said["title"], callback="nudge.comment", submit=said["submit"], lead=lead, fields=fields
    )
    return made | {"private_metadata": about}


def hand(title: str, about: str) -> dict[str, Any]:
    """担当を替える: to whom."""
    said = words()["hand"]
    fields = [_input("to", said["label"], users("to", ""))]
    lead = said["lead"].format(title=blocks.esc(title))
    made = blocks.modal(
        "rules_form", said["title"], callback="nudge.handed", submit=said["submit"], lead=lead, fields=fields
    )
    return made | {"private_metadata": about}


def when(weekday: str, hour: int) -> dict[str, Any]:
    """曜日と時刻."""
    said = words()["when"]
    days = [(d, words()["weekday"][d]) for d in WEEKDAYS]
    hours = [(str(h), said["hour_label"].format(hour=h)) for h in range(24)]
    fields = [
        _input("weekday", said["weekday"], select("weekday", days, weekday)),
        _input("hour", said["hour"], select("hour", hours, str(hour))),
    ]
    return blocks.modal(
        "rules_form",
        said["title"],
        callback="nudge.timed",
        submit=said["submit"],
        lead=said["lead"],
        fields=fields,
    )


def team(title: str, about: str, weekly: bool) -> dict[str, Any]:
    """みんなで話し合う: in which channel."""
    said = words()["team"]
    channel = {"type": "channels_select", "action_id": "channel"}
    fields = [_input("channel", said["label"], channel)]
    if weekly:
        option = {"text": {"type": "plain_text", "text": said["weekly"]}, "value": "weekly"}
        boxes = {"type": "checkboxes", "action_id": "weekly", "options": [option]}
        fields.append(_input("weekly", said["weekly_label"], boxes, optional=True))
    lead = said["lead"].format(title=blocks.esc(title))
    made = blocks.modal(
        "rules_form", said["title"], callback="rules.talk", submit=said["submit"], lead=lead, fields=fields
    )
    return made | {"private_metadata": about}


def shown(text: str, foot: str) -> dict[str, Any]:
    """What would be published, where there is nothing to publish."""
    return blocks.modal("rules_form", words()["edit"]["preview"], lead=text, fields=[], foot=foot)


def publish(text: str, foot: str, about: str) -> dict[str, Any]:
    """What will be published, with a button that does it."""
    said = words()["edit"]
    return blocks.modal(
        "rules_form",
        said["preview"],
        callback="rules.publish",
        submit=said["publish"],
        metadata=about,
        lead=text,
        fields=[],
        foot=foot,
    )


def value(values: Mapping[str, Any], block: str) -> Any:
    """What stands in an input: a text, an option's value, an id, or a list of ids."""
    for given in (values.get(block) or {}).values():
        if given.get("selected_option"):
            return given["selected_option"]["value"]
        for key in ("value", "selected_user", "selected_channel", "selected_users", "selected_channels"):
            if given.get(key):
                return given[key]
        if given.get("selected_options"):
            return [o["value"] for o in given["selected_options"]]
    return None


def text(action: str, initial: str, most: int, *, lines: bool = False) -> dict[str, Any]:
    made: dict[str, Any] = {"type": "plain_text_input", "action_id": action, "multiline": lines, "max_length": most}
    return made | ({"initial_value": initial} if initial else {})


def users(action: str, initial: str) -> dict[str, Any]:
    made = {"type": "users_select", "action_id": action}
    return made | ({"initial_user": initial} if initial else {})


def select(action: str, options: Sequence[tuple[str, str]], initial: str) -> dict[str, Any]:
    made = [{"text": {"type": "plain_text", "text": label[:75]}, "value": value} for value, label in options]
    found = next((o for o in made if o["value"] == initial), None)
    element: dict[str, Any] = {"type": "static_select", "action_id": action, "options": made}
    return element | ({"initial_option": found} if found else {})


def _many(kind: str, action: str, key: str, initial: Sequence[str]) -> dict[str, Any]:
    made: dict[str, Any] = {"type": kind, "action_id": action}
    return made | ({key: list(initial)} if initial else {})


def _input(
    block: str, label: str, element: Mapping[str, Any], *, optional: bool = False, hint: str = ""
) -> dict[str, Any]:
    return {"block": block, "label": label, "element": element, "optional": optional, "hint": hint}
