"""The cards people get unasked: the one thing of the week, and a rule that is announced."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dialogs.rules.changes import Change, changes
from dialogs.rules.models import Content, Edition, Rule
from dialogs.rules.nudges import MOST_SENT, NEW, NOTHING_SEEN, Due, Seen, Standing

from ... import blocks
from ..feature import Button, DueItem
from .house import House, day, settings_button, words

_ID = "@nudge@"  # stands for the nudge's id in a card that is made once for many people


@dataclass(frozen=True)
class Card:
    """Values of rules_nudge.j2."""

    lead: str
    title: str
    text: str
    question: str
    notes: tuple[str, ...]
    buttons: tuple[Button, ...]

    def values(self) -> dict[str, Any]:
        return {
            "lead": self.lead,
            "heading": self.title,
            "text": self.text,
            "question": self.question,
            "notes": self.notes,
            "buttons": [b.to_view() for b in self.buttons],
        }

    def message(self) -> dict[str, Any]:
        return blocks.message("rules_nudge", **self.values())


def of_rule(
    house: House,
    due: Due,
    rule: Rule,
    nudge: str,
    *,
    before: Content | None = None,
    standing: Standing = NEW,
    seen: Seen = NOTHING_SEEN,
    comments: int = 0,
    zone: str = "Asia/Tokyo",
    owns: bool = False,
) -> Card:
    """The card for a rule that is to be read, read again or looked through.

    before: what the person confirmed last, for what changed. nudge: its id. owns: the person answers for the rule.
    """
    said = words()
    content = rule.content
    notes = [said["reason"].format(reason=blocks.esc(content.reason))]
    if due.kind == "review":
        notes.append(said["last_review"].format(day=day(rule.reviewed_at, zone)))
        notes += [said["comments"].format(count=comments)] if comments else []
    elif seen.confirmed:
        notes.append(said["last_time"].format(day=day(seen.confirmed_at, zone)))
    elif due.kind == "reread" and not standing.sent:
        notes.append(said["first_time"])
    notes += _reminded(standing)
    text = blocks.esc(content.text)
    if due.kind == "changed" and before:
        text += "\n" + told_changes(house, changes(before, content))
    return Card(
        said["lead"][due.kind].format(minutes=said["minutes"][due.kind]),
        content.title,
        text,
        said["question"][due.kind],
        tuple(notes),
        rule_buttons(due.kind, {"r": rule.id, "e": rule.edition, "n": nudge}, owns=owns),
    )


def rule_buttons(kind: str, value: dict[str, Any], *, owns: bool = False) -> tuple[Button, ...]:
    label = words()["button"]
    if kind == "review":
        first = [
            Button("nudge.unchanged", label["unchanged"], value, "primary"),
            Button("nudge.revise", label["revise"], value),
            Button("nudge.hand", label["hand"], value),
        ]
    else:
        said = "read" if kind == "changed" else "ok"
        first = [
            Button("nudge.ok", label[said], value | {"h": said}, "primary"),
            Button("nudge.rethink", label["rethink"], value),
        ]
        first += [Button("nudge.hand", label["hand"], value)] if owns else []
    return (*first, Button("nudge.later", label["later"], value), settings_button())


def of_item(item: DueItem, nudge: str, standing: Standing = NEW) -> Card:
    """The card for what another feature offers, with that feature's buttons."""
    said = words()
    later = Button("nudge.later", said["button"]["later"], {"r": "", "e": 0, "n": nudge})
    lead = said["lead"][item.kind].format(minutes=said["minutes"][item.kind])
    return Card(lead, "", item.text, "", tuple(_reminded(standing)), (*item.buttons[:3], later, settings_button()))


def _reminded(standing: Standing) -> list[str]:
    if not standing.sent:
        return []
    number = standing.sent + 1
    return [words()["last_reminder" if number >= MOST_SENT else "reminder"].format(number=number)]


def announcement(house: House, edition: Edition, before: Content | None, *, zone: str = "Asia/Tokyo") -> Card:
    """A rule that is new, or what changed in it, for one of its audience."""
    said = words()["told"]
    content = edition.content
    lead = said["rolled_back"] if edition.of else said["changed"] if before else said["new"]
    text = blocks.esc(content.text)
    if before:
        text += "\n" + told_changes(house, changes(before, content))
    by = blocks.mention(edition.by) if edition.by else said["by_file"]
    notes = (
        words()["reason"].format(reason=blocks.esc(content.reason)),
        said["edition"].format(edition=edition.number, day=day(edition.at, zone), by=by),
    )
    label = words()["button"]
    value = {"r": edition.rule, "e": edition.number, "n": ""}
    buttons = (
        Button("nudge.ok", label["read"], value | {"h": "read"}, "primary"),
        Button("nudge.rethink", label["rethink"], value),
        settings_button(),
    )
    return Card(lead, content.title, text, words()["question"]["changed"], notes, buttons)


def for_team(house: House, rule: Rule) -> Card:
    """A rule for a channel, to be talked over (leaflet C-4)."""
    said = words()["team"]
    value = {"r": rule.id, "e": rule.edition, "n": ""}
    label = words()["button"]
    buttons = (
        Button("nudge.ok", label["ok"], value | {"h": "ok"}, "primary"),
        Button("nudge.rethink", label["rethink"], value),
    )
    notes = (words()["reason"].format(reason=blocks.esc(rule.content.reason)),)
    return Card(said["post"], rule.content.title, blocks.esc(rule.content.text), said["ask"], notes, buttons)


def told_changes(house: House, found: Sequence[Change]) -> str:
    """What changed, in words, as mrkdwn; blank where nothing did."""
    said = words()["change"]
    lines = []
    for change in found:
        label = words()["field"][change.field]
        before, after = (_value(house, change.field, v) for v in (change.before, change.after))
        kind = change.what if change.field in ("title", "text", "reason") else "value"
        lines.append("• " + said[kind].format(field=label, before=before, after=after))
    return f"*{said['head']}*\n" + "\n".join(lines) if lines else ""


def _value(house: House, field: str, value: str) -> str:
    if field in ("owner", "deputy"):
        return blocks.mention(value) if value else str(words()["change"]["none"])
    if field == "audience":
        return house.named([v for v in value.split("、") if v])
    if field == "review_days":
        return str(words()["days"].format(days=value))
    if field == "section":
        return blocks.esc(house.section(value))
    return blocks.esc(value)


class Press:
    """Cards made once for many people: the id of each one's nudge is put in afterwards."""

    def __init__(self) -> None:
        self._made: dict[tuple[Any, ...], str] = {}

    def message(self, key: tuple[Any, ...], nudge: str, card: Any) -> str:
        """The message as JSON. key: all that the card depends on. card: makes it, of an id."""
        if key not in self._made:
            self._made[key] = json.dumps(card(_ID).message(), ensure_ascii=False)
        return self._made[key].replace(_ID, nudge)
