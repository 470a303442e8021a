"""Entries as views show them: rows, cards, lists, what is wrong with a file. No rights are looked at here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.inventory.model import House, Item, Trouble, changed
from dialogs.inventory.transfer import Plan, columns

from ... import blocks, render
from ...store.inventory import Edition
from .rights import owner_id, owner_name

PAGE = 6  # entries
MOST_SHOWN = 12  # problems of a file
_MOST_NAMES = 5


def words() -> Mapping[str, Any]:
    return render.wording("inventory.yaml")


def summary(items: Sequence[Item], house: House) -> str:
    """How many there are of each class."""
    counts = Counter(i.secrecy for i in items)
    order = [c.name for c in house.classes]
    named = [f"{name} {counts[name]}" for name in (*order, *sorted(set(counts) - set(order))) if counts[name]]
    return str(words()["list"]["summary"].format(count=len(items), classes="、".join(named)))


def row(item: Item, n: int, today: date) -> dict[str, str]:
    """A line of a list: title and what stands under it."""
    said = words()["list"]
    review = ""
    if item.review:
        review = said["overdue" if item.review <= today.isoformat() else "review"].format(item.review)
    under = [owner(item), blocks.esc("・".join(item.media)), review]
    return {
        "id": item.id,
        "title": said["row"].format(n=n, name=blocks.esc(item.name), secrecy=blocks.esc(item.secrecy)),
        "under": " ／ ".join(part for part in under if part),
    }


def owner(item: Item) -> str:
    """Department and person, as mrkdwn: who is named by a Slack id is mentioned."""
    member = owner_id(item)
    return blocks.esc(owner_name(item)) + (f" {blocks.mention(member)} " if member else "")


def fields(item: Item) -> list[tuple[str, str]]:
    """(name, value as mrkdwn) of everything that is filled in, in the order of the views."""
    values = {name: "、".join(v) if isinstance(v := getattr(item, name), tuple) else v for name in words()["fields"]}
    safe = {name: blocks.esc(value) for name, value in values.items()}
    if member := owner_id(item):
        safe["person"] = blocks.mention(member)
    return [(label, safe[name]) for name, label in words()["fields"].items() if safe[name]]


def label(column: str) -> str:
    """A field as people know it; a heading of a file as it is written there."""
    return columns()[column][0] if column in columns() else column


def trouble(found: Trouble) -> str:
    """What is wrong, with its place."""
    said = words()["problems"]
    about = {k: "、".join(map(str, v)) if isinstance(v, (list, tuple)) else v for k, v in found.about.items()}
    says = said[found.reason].format(**about)
    place = {(True, True): "place", (True, False): "place_line", (False, True): "place_column"}
    key = place.get((bool(found.line), bool(found.column)))
    return str(said[key].format(line=found.line, column=label(found.column), says=says)) if key else str(says)


def troubles(plan: Plan) -> list[str]:
    """The first problems of a file, and how many there are beside."""
    lines = [trouble(t) for t in plan.troubles[:MOST_SHOWN]]
    rest = len(plan.troubles) - MOST_SHOWN
    return [*lines, words()["import"]["more"].format(rest)] if rest > 0 else lines


def planned(plan: Plan) -> list[str]:
    """What an import would do, with the first names."""
    said = words()["import"]

    def counted(line: str, names: Sequence[str]) -> str:
        more = [said["and_more"].format(len(names) - _MOST_NAMES)] if len(names) > _MOST_NAMES else []
        return str(line.format(len(names)) + said["names"].format("、".join([*names[:_MOST_NAMES], *more])))

    lines = []
    if plan.new:
        lines.append(counted(said["new"], [i.name for i in plan.new]))
    if plan.changes:
        lines.append(counted(said["changed"], [c.after.name for c in plan.changes]))
    if plan.same:
        lines.append(said["same"].format(plan.same))
    if plan.unused:
        lines.append(said["unused"].format("、".join(plan.unused)))
    if plan.other:
        lines.append(said["other"].format("、".join(plan.other)))
    return [*lines, said["kept"]]


def edition(found: Edition, before: Edition | None, zone: str) -> str:
    """One line of an entry's history. before: the version that it changed."""
    said = words()["history"]
    what = said["change"][found.change]
    if before and found.change == "changed":
        differs = changed(_item(before), _item(found))
        what = said["fields"].format(change=what, fields="、".join(words()["all_fields"][name] for name in differs))
    if found.by and (origin := said["origin"].get(found.origin, "")):
        what += f"、{origin}"
    return str(said["row"].format(version=found.version, when=when(found.at, zone), who=who(found.by), what=what))


def _item(found: Edition) -> Item:
    return Item.of(found.id, found.version, found.content)


def when(at: float, zone: str) -> str:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def who(by: str) -> str:
    if not by:
        return str(words()["item"]["by_file"])
    return blocks.mention(by) if by[0] in "UW" else by
