"""The company's inventory.yaml: its own classes, and entries that the database begins with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from knowledge.company import Department
from knowledge.datafile import check, read_yaml
from knowledge.errors import Problem
from knowledge.schema import Bool, Model, Str, Strs, Text

from . import model
from .model import House, Item, Secrecy, Trouble

FILE = "inventory.yaml"
_SAYS = {
    "missing": "is missing.",
    "too_short": "is too short: two letters at the least.",
    "too_many": "has too many: {most} at the most.",
    "too_long": "is too long: {most} characters at the most.",
    "too_long_each": "has one that is too long: {most} characters at the most.",
    "private": "holds a card number or a My Number.",
    "no_such_class": "{said!r} is none of the classes {classes}.",
    "no_date": "{said!r} is no date. Write it as 2027-03-31.",
}


class ClassEntry(Model):
    """open: it may be shown outside. also: other words that are read as it."""

    name: Text
    open: Bool = False
    also: Strs = ()


class ItemEntry(Model):
    """An entry; what model.Item says of each key."""

    id: Text
    name: Text
    secrecy: Text
    department: Text
    person: Str = ""
    kind: Str = ""
    media: Strs = ()
    where: Str = ""
    entrusted_by: Str = ""
    access: Str = ""
    variants: Strs = ()
    basis: Str = ""
    review: Str = ""
    note: Str = ""


class InventoryFile(Model):
    """All of inventory.yaml."""

    classes: Annotated[tuple[ClassEntry, ...], Field(min_length=1)] | None = None
    items: tuple[ItemEntry, ...] = ()


@dataclass(frozen=True)
class Seed:
    """What a company's files say: its classes and departments, and entries; problems, with which none are taken."""

    house: House
    items: tuple[Item, ...] = ()
    problems: tuple[Problem, ...] = ()


def read(folder: Path, departments: Iterable[Department] = ()) -> Seed:
    """inventory.yaml of a folder. Without one: our classes, and no entries."""
    named = tuple((d.name, d.id, *d.also_called) for d in departments)
    ours = House(model.default_classes(), named)
    path = folder / FILE
    if not path.is_file():
        return Seed(ours)
    raw, problems = read_yaml(path, str(path))
    if raw is None:
        return Seed(ours, problems=tuple(problems))
    found, wrong = check(raw, InventoryFile, path, str(path))
    problems = [*problems, *wrong]
    if not isinstance(found, InventoryFile):
        return Seed(ours, problems=tuple(problems))
    house = ours
    if found.classes:
        house = House(tuple(Secrecy(c.name, c.open, c.also) for c in found.classes), named)
    items: dict[str, Item] = {}
    for n, entry in enumerate(found.items):
        place = f"items[{n}] ({entry.id})"
        item, troubles = model.make(_texts(entry), house, id=entry.id)
        problems += [_problem(str(path), place, t) for t in troubles]
        if entry.id in items:
            problems.append(Problem(str(path), place, f"the id {entry.id!r} is used twice."))
        if item:
            items[entry.id] = item
    return Seed(house, () if problems else tuple(items.values()), tuple(problems))


def _texts(entry: ItemEntry) -> dict[str, str]:
    row = entry.model_dump()
    return {k: "、".join(v) if isinstance(v, (list, tuple)) else str(v) for k, v in row.items()}


def _problem(file: str, place: str, trouble: Trouble) -> Problem:
    return Problem(file, f"{place}.{trouble.column}", _SAYS[trouble.reason].format(**trouble.about))
