"""Two short modals: what an entry needs, and what may be said of it beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dialogs.inventory import model
from dialogs.inventory.model import Item

from ... import blocks
from ...store.inventory import Stale
from . import shown
from .rights import owner_id
from .shown import words

if TYPE_CHECKING:
    from ...conversation import Reply, Turn
    from .talk import Talk

FIRST = ("name", "secrecy", "department", "member", "media", "review")
MORE = ("person", "kind", "where", "entrusted_by", "access", "variants", "basis", "note")


@dataclass(frozen=True)
class Wrong(ValueError):
    """What to put right, by block of the modal."""

    errors: Mapping[str, str]


def modal(talk: Talk, turn: Turn, item: Item | None, *, more: bool = False) -> dict[str, Any]:
    """The modal for an entry, or for a new one. more: its second part."""
    form = words()["form"]
    house = talk.shelf.house
    own = talk.rights.departments(turn.person)
    values = model.as_texts(item) if item else {name: "" for name in model.FIELDS}
    if not item and own and not turn.person.manages:
        values["department"] = own[0]
    member = owner_id(item) if item else ""
    if member:
        values["person"] = ""
    title = form["more"] if more else form["edit" if item else "add"]
    known = list(model.words()["media"])
    return blocks.modal(
        "inventory_more" if more else "inventory_form",
        title,
        callback="inventory.save",
        submit=form["submit"],
        metadata=blocks.packed({"i": item.id if item else "", "v": item.version if item else 0, "m": int(more)}),
        values=values,
        member=member,
        name=item.name if item else "",
        classes=[c.name for c in house.classes],
        media=list(dict.fromkeys((*known, *(item.media if item else ())))),
        chosen=list(item.media) if item else [],
    )


def search_modal() -> dict[str, Any]:
    """Where words to look for are put in."""
    form = words()["form"]
    return blocks.modal(
        "inventory_search",
        words()["button"]["search"],
        callback="inventory.find",
        submit=words()["button"]["search"],
        hint=form["search_hint"],
    )


def found(talk: Talk, turn: Turn, view: Mapping[str, Any]) -> Reply:
    """The list for the words of the modal."""
    return talk.search(turn, _value(view["state"]["values"], "words"))


def save(talk: Talk, turn: Turn, view: Mapping[str, Any]) -> Reply:
    """What was written in the modal, kept. Raises Wrong with what to put right, and then nothing is kept."""
    about: dict[str, Any] = json.loads(view["private_metadata"])
    fields = MORE if about.get("m") else FIRST
    before = talk.shelf.get(about["i"]) if about["i"] else None
    if about["i"] and (before is None or before.version != about["v"]):
        raise Wrong({fields[0]: words()["form"]["stale_form"] if before else words()["item"]["gone"]})
    said = _put_in(view["state"]["values"], fields, owner_id(before) if before else "")
    kept = model.as_texts(before) if before else {}
    id = about["i"] or talk.conversation.workplace.new_id(turn.now)
    item, troubles = model.make(kept | said, talk.shelf.house, id=id)
    if item is None:
        first: dict[str, str] = {}
        for trouble in troubles:
            block = trouble.column if trouble.column in fields else fields[0]
            first.setdefault(block, shown.trouble(model.Trouble(0, "", trouble.reason, trouble.about)))
        raise Wrong(first)
    if not talk.rights.may_change(turn.person, before, item):
        raise Wrong({"department" if "department" in fields else fields[0]: words()["errors"]["no_edit"]})
    if before is None and any(model.key_of(i) == model.key_of(item) for i in talk.shelf.items()):
        raise Wrong({"name": words()["form"]["there"]})
    say = words()["item"]
    if before and not model.changed(before, item):
        return talk.card(turn, before, lead=say["same"])
    try:
        talk.write(turn, before, item)
    except Stale:
        raise Wrong({fields[0]: words()["form"]["stale_form"]}) from None
    return talk.open(turn, id, lead=say["saved" if before else "added"])


def _put_in(values: Mapping[str, Any], fields: tuple[str, ...], member: str) -> dict[str, str]:
    """What the fields hold. member: the Slack id of the person who is asked about it so far.

    The person is chosen in the one modal, or named in the other; leaving the name blank does not unchoose.
    """
    said = {name: _value(values, name) for name in fields}
    if "member" in said:
        chosen = said.pop("member")
        if chosen or member:
            said["person"] = f"<@{chosen}>" if chosen else ""
    elif not said["person"] and member:
        del said["person"]
    return said


def _value(values: Mapping[str, Any], name: str) -> str:
    """What a field of the modal holds, whatever its kind."""
    found: Mapping[str, Any] = values.get(name, {}).get(name, {})
    if "selected_options" in found:
        return "、".join(o["value"] for o in found["selected_options"] or ())
    if "selected_option" in found:
        return str((found["selected_option"] or {}).get("value") or "")
    return str(found.get("selected_date") or found.get("selected_user") or found.get("value") or "")
