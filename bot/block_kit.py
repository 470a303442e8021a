"""Block Kit for the templates, which know it as `b`. Each gives a block and a comma; blocks.render takes off the last.

Texts are mrkdwn unless said: what is not ours passes `esc` first. A blank text gives no block: Slack refuses it. In
Python, as macros take six times as long, and a card has ten of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from json.encoder import encode_basestring as quoted
from typing import Any

_PART = re.compile(r"(?:&\w*|<[^<>]*)$")

_PACKED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Button = Mapping[str, Any]


def clip(text: str, most: int) -> str:
    """At most so many characters; never a part of an entity or a mention."""
    return text if len(text) <= most else _PART.sub("", text[: most - 1]) + "…"


def packed(value: Mapping[str, Any]) -> str:
    """What a button or a modal carries, as JSON."""
    return _PACKED.encode(value)


def header(text: str) -> str:
    return f'{{"type":"header","text":{_plain(clip(text, 150))}}},'


def section(text: str) -> str:
    said = str(text).strip()
    return f'{{"type":"section","text":{_mrkdwn(said)}}},' if said else ""


def section_with(text: str, button: Button) -> str:
    return f'{{"type":"section","text":{_mrkdwn(str(text).strip())},"accessory":{_button(button)}}}}},'


def context(text: str) -> str:
    said = str(text).strip()
    return f'{{"type":"context","elements":[{_mrkdwn(said)}]}},' if said else ""


def divider() -> str:
    return '{"type":"divider"},'


def actions(buttons: Sequence[Button]) -> str:
    """buttons: id, label, value, and confirm (title, text, yes, no), style, spoken where they have any."""
    if not buttons:
        return ""
    return f'{{"type":"actions","elements":[{",".join([_button(b) + _more(b) + "}" for b in buttons])}]}},'


def input(
    block: str,
    label: str,
    action: str,
    *,
    multiline: bool = True,
    hint: str = "",
    most: int = 1000,
    optional: bool = True,
    initial: str = "",
) -> str:
    """A field for text in a modal."""
    element: dict[str, Any] = {"type": "plain_text_input", "action_id": action, "multiline": multiline}
    element |= {"max_length": most} | ({"initial_value": initial} if initial else {})
    made = {"type": "input", "block_id": block, "optional": optional, "label": {"type": "plain_text", "text": label}}
    made |= {"hint": {"type": "plain_text", "text": hint}} if hint else {}
    return _PACKED.encode(made | {"element": element}) + ","


def _plain(text: str) -> str:
    return f'{{"type":"plain_text","text":{quoted(text)}}}'


def _mrkdwn(text: str) -> str:
    return f'{{"type":"mrkdwn","text":{quoted(clip(text, 3000))}}}'


def _button(button: Button) -> str:
    """A button but for what few have, and without its last bracket."""
    said, value = _plain(clip(button["label"], 75)), quoted(packed(button["value"]))
    return f'{{"type":"button","action_id":{quoted(button["id"])},"text":{said},"value":{value}'


def _more(button: Button) -> str:
    more = ""
    if sure := button.get("confirm"):
        title, text = _plain(clip(sure["title"], 100)), _plain(clip(sure["text"], 300))
        more += (
            f',"confirm":{{"title":{title},"text":{text},"confirm":{_plain(sure["yes"])},"deny":{_plain(sure["no"])}}}'
        )
    if style := button.get("style"):
        more += f',"style":{quoted(style)}'
    if spoken := button.get("spoken"):
        more += f',"accessibility_label":{quoted(clip(spoken, 75))}'
    return more
