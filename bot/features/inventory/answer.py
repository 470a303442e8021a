"""「これは秘密？」 is answered from the inventory first: what is registered as secret is secret, whatever else is read.

An entry that may be shown makes nothing public: of two readings, the more careful one holds, and both are told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dialogs.inventory.model import Item
from dialogs.inventory.names import Found
from knowledge.models import Listed, Reading, Step

from ... import render
from .rights import owner_id, owner_name

if TYPE_CHECKING:
    from ...conversation import Turn
    from .shelf import Shelf

RULE = "inventory.listed"
_MOST = 4  # entries on a card


def regard(shelf: Shelf, turn: Turn, text: str, reading: Reading) -> Reading:
    """The reading with what the inventory says of the things that the message names."""
    if reading.intent != "secret_check" or turn.person.guest:
        return reading
    found = shelf.names().find(text)
    if not found:
        return reading
    listed = tuple(_listed(shelf, each, item) for each in found for item in each.items)[:_MOST]
    reading = replace(reading, listed=listed, rules=(RULE, *reading.rules))
    secret = [item for each in found for item in each.items if not shelf.house.is_open(item)]
    words = render.wording("inventory.yaml")["card"]
    if reading.verdict == "secret":
        told = "" if secret else words["listed_open"].format(_name(listed))
        return replace(reading, listed_note=told)
    if not secret:
        return reading
    return _secret(reading, secret, words)


def _secret(reading: Reading, secret: Sequence[Item], words: dict[str, str]) -> Reading:
    first = secret[0]
    about = {"name": first.name, "secrecy": first.secrecy, "owner": owner_name(first)}
    note = words["also_public"].format(**about) if reading.verdict == "public" else ""
    steps = [words["ask_owner"], words["entrusted"] if first.entrusted_by else words["who_may"], words["mark"]]
    return replace(
        reading,
        verdict="secret",
        ask=None,
        case=None,
        title=reading.title,
        why=words["why"].format(**about),
        rule_why=words["why"].format(**about),
        listed_note=note,
        steps=tuple(Step(step.format(**about)) for step in steps),
        would_change=(words["would_change"].format(**about),),
        evidence=reading.evidence if reading.verdict == "public" else (),
    )


def _listed(shelf: Shelf, found: Found, item: Item) -> Listed:
    return Listed(
        name=item.name,
        said=found.said,
        sure=found.sure,
        secrecy=item.secrecy,
        owner=owner_name(item),
        owner_id=owner_id(item),
        review=item.review,
        several=len(found.items) > 1,
        open=shelf.house.is_open(item),
    )


def _name(listed: Sequence[Listed]) -> str:
    return listed[0].name
