"""From a view's values to Block Kit, by the templates in views/slack/. No wording here.

A template gives blocks with a comma behind each. `message` and `modal` make the payload around them, with a text that
says the same as the blocks for screen readers, notifications and old clients.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment, Template

from knowledge.models import Reading

from . import block_kit, render
from .block_kit import clip, packed, quoted

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
_FALLBACK = 3000  # characters; Slack advises 4,000 at the most
_LABEL = 28  # characters of an option on its button; the option stands in full above it

Block = dict[str, Any]


def words() -> Mapping[str, Any]:
    """views/slack.yaml: what people read on Slack outside the templates."""
    return render.wording("slack.yaml")


def message(view: str, *, aside: str = "", **values: Any) -> dict[str, Any]:
    """{"text", "blocks"} of a message. aside: a last line of ours, mrkdwn."""
    blocks = blocks_of(view, **values) + _aside(aside)
    return {"text": fallback(blocks), "blocks": blocks[: MOST_BLOCKS["message"]]}


def modal(
    view: str,
    title: str,
    *,
    callback: str = "",
    submit: str = "",
    metadata: str = "",
    aside: str = "",
    **values: Any,
) -> dict[str, Any]:
    """A modal. submit: the label of its button, for views that hold inputs or a decision."""
    made: dict[str, Any] = {
        "type": "modal",
        "title": {"type": "plain_text", "text": title[:24]},
        "close": {"type": "plain_text", "text": words()["modal"]["close"]},
        "blocks": (blocks_of(view, **values) + _aside(aside))[: MOST_BLOCKS["modal"]],
        "private_metadata": metadata,
    }
    if callback:
        made["callback_id"] = callback
    if submit:
        made["submit"] = {"type": "plain_text", "text": submit[:24]}
    return made


def home(view: str, **values: Any) -> dict[str, Any]:
    """An App Home tab."""
    return {"type": "home", "blocks": blocks_of(view, **values)[: MOST_BLOCKS["home"]]}


def blocks_of(view: str, **values: Any) -> list[Block]:
    """The blocks of a template."""
    given = {
        "labels": render.labels(),
        "words": words(),
        "cases": render.wording("cases.yaml"),
        "private": (),
        "signs": (),
        "guest": False,
        "resume": None,
        "today": "",
        **values,
    }
    template = _template(view)
    # With the globals as they are: Jinja would put them together anew, by a tenth of all the time it takes.
    text = "".join(template.root_render_func(template.new_context({**_environment().globals, **given}, shared=True)))
    found: list[Block] = json.loads(f"[{text.strip().removesuffix(',')}]")
    return found


def _aside(text: str) -> list[Block]:
    return [{"type": "context", "elements": [{"type": "mrkdwn", "text": text}]}] if text else []


def fallback(blocks: Sequence[Block]) -> str:
    """What the blocks say, as one text. Buttons stand in brackets, as they may also be typed."""
    lines = []
    for block in blocks:
        if block["type"] == "header":
            lines.append(esc(block["text"]["text"]))
        elif block["type"] == "section":
            lines.append(block["text"]["text"])
        elif block["type"] == "context":
            lines += [e["text"] for e in block["elements"]]
        elif block["type"] == "actions":
            lines.append(" ".join(f"［{esc(e['text']['text'])}］" for e in block["elements"] if "text" in e))
    return clip("\n".join(lines), _FALLBACK)


def esc(text: str) -> str:
    """Text that is not ours, for mrkdwn: no mention, link or channel call comes out of it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unesc(text: str) -> str:
    """What a person typed, of text as Slack delivers it: the other way round of esc."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def numbered(options: Sequence[str]) -> str:
    return "\n".join(f"{n}. {o}" for n, o in enumerate(options, 1))


def private_note(kinds: Sequence[str]) -> str:
    """Why a note with such numbers or text in it is not taken."""
    words = render.wording("slack.yaml")["private"]
    return str(words["in_note"].format("、".join(words["kinds"][k] for k in kinds)))


def short(label: str) -> str:
    """An option's first words, for its button."""
    first = re.split(r"[、(（・]", label)[0]
    return clip(first + "…" if 2 <= len(first) < len(label) else label, _LABEL)


def mention(id: str) -> str:
    """A person, a channel or a user group of the company's files, as Slack writes it."""
    if id.startswith("C") or id.startswith("G"):
        return f"<#{id}>"
    return f"<!subteam^{id}>" if id.startswith("S") else f"<@{id}>"


def options(reading: Reading, dialogue: str) -> list[dict[str, Any]]:
    """A button for each option of the open question."""
    assert reading.ask and reading.case
    return [
        {
            "id": f"check.choose.{n}",
            "label": f"{n} {short(label)}",
            "spoken": label,
            "value": {"d": dialogue, "q": reading.ask.id, "n": n},
        }
        for n, label in enumerate(reading.ask.options, 1)
    ]


def card_buttons(dialogue: str, *, back: bool, guest: bool) -> list[dict[str, Any]]:
    """Below a verdict. Guests cannot send anything to the company's people."""
    names = ["more", *([] if guest else ["ask", "disagree"])]
    made = [{"id": f"card.{n}", "label": words()["button"][n], "value": {"d": dialogue}} for n in names]
    return made + ([{"id": "check.back", "label": words()["button"]["back"], "value": {"d": dialogue}}] if back else [])


def leak_buttons(dialogue: str, *, guest: bool) -> list[dict[str, Any]]:
    """Below the first steps."""
    names = [*([] if guest else ["tell"]), "more", "mistake"]
    style = {"tell": "primary"}
    group = {"tell": "leak", "mistake": "leak"}
    return [
        {
            "id": f"{group.get(n, 'card')}.{n}",
            "label": words()["button"][n],
            "value": {"d": dialogue},
            "style": style.get(n),
        }
        for n in names
    ]


def intent_buttons(intents: Sequence[str], text: str) -> list[dict[str, Any]]:
    """What a message may have meant. The buttons carry it, so that we need not keep it."""
    short_names = {"secret_check": "check"}
    return [
        {
            "id": f"intent.{intent}",
            "label": words()["button"][f"as_{short_names.get(intent, intent)}"],
            "value": {"i": intent, "t": text},
        }
        for intent in intents
    ]


def chip_buttons(step: str, chips: Sequence[Mapping[str, str]], kind: str) -> list[dict[str, Any]]:
    """The first (`kind`) or second (`act`) choice in place of words."""
    return [
        {
            "id": f"chips.{step}.{c['id']}",
            "label": c["label"],
            "value": {"k": kind, "a": c["id"]} if kind else {"k": c["id"]},
        }
        for c in chips
    ]


def event_buttons(kinds: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    """Kinds of leaks to choose from."""
    return [{"id": f"leak.kind.{k['id']}", "label": k["label"], "value": {"e": k["id"]}} for k in kinds]


def _json(value: Any) -> str:
    return quoted(value) if type(value) is str else json.dumps(value, ensure_ascii=False)


@functools.cache
def _template(view: str) -> Template:
    return _environment().get_template(f"slack/{view}.j2")


@functools.cache
def _environment() -> Environment:
    made = render.environment().overlay()
    made.filters |= {
        "esc": esc,
        "clip": clip,
        "numbered": numbered,
        "mention": mention,
        "tojson": _json,
        "packed": packed,
        "lookup": lambda key, table: table[key],
    }
    made.globals |= {
        "b": block_kit,
        "options": options,
        "card_buttons": card_buttons,
        "leak_buttons": leak_buttons,
        "intent_buttons": intent_buttons,
        "chip_buttons": chip_buttons,
        "event_buttons": event_buttons,
        "words_of": render.wording,
    }
    return made
