"""An entry of the inventory, and what makes one: cleaned, checked, all problems at once."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from knowledge.private import find_private
from knowledge.text import normalise

MOST_NAME, MOST_TEXT, MOST_WORD = 80, 200, 20  # characters
MOST_VARIANTS, MOST_MEDIA = 10, 6
_LEAST_NAME = 2  # letters; one alone would be found in every message
_HIDDEN = {"Cc", "Cs", "Cf", "Co", "Cn", "Zl", "Zp"}
_LISTED = re.compile(r"[、,，;；\n]+")
_MEDIA_LISTED = re.compile(r"[、,，;；/／\n]+")
_DATES = (
    re.compile(r"(?P<y>\d{4})[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"),
    re.compile(r"(?:令和|r)(?P<r>\d{1,2}|元)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"),
)
_REIWA = 2018  # its first year less one


@dataclass(frozen=True)
class Item:
    """One thing the company holds. Texts are one line each, blank where unknown.

    secrecy: the name of a class. review: ISO date or blank. version: counts its changes from 1; 0 is not kept yet.
    """

    id: str
    name: str
    secrecy: str
    department: str
    person: str = ""
    kind: str = ""
    media: tuple[str, ...] = ()
    where: str = ""
    entrusted_by: str = ""
    access: str = ""
    variants: tuple[str, ...] = ()
    basis: str = ""
    review: str = ""
    note: str = ""
    version: int = 0

    def content(self) -> dict[str, Any]:
        """What it says, without id and version, as JSON takes it."""
        found = asdict(self)
        return {k: list(v) if isinstance(v, tuple) else v for k, v in found.items() if k not in ("id", "version")}

    @classmethod
    def of(cls, id: str, version: int, content: Mapping[str, Any]) -> Item:
        """The way back from content(). Keys of a later version are left out."""
        known = {f.name for f in fields(cls)}
        kept: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in content.items() if k in known}
        return cls(**(kept | {"id": id, "version": version}))

    def owner(self) -> str:
        """The department and the person, in a few words."""
        return " ".join(part for part in (self.department, self.person) if part)


FIELDS = tuple(f.name for f in fields(Item) if f.name not in ("id", "version"))


@dataclass(frozen=True)
class Secrecy:
    """A class. open: it may be shown outside. also: other words that are read as it."""

    name: str
    open: bool = False
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """What is wrong, and where: line (1 is the first of the file, 0 no line), column (a field, or a heading as it is
    written), reason (a key of the views' `problems`), about (what the sentence names)."""

    line: int
    column: str
    reason: str
    about: Mapping[str, Any]


@functools.cache
def words() -> Mapping[str, Any]:
    """words.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return found


@functools.cache
def default_classes() -> tuple[Secrecy, ...]:
    return tuple(Secrecy(c["name"], c.get("open", False), tuple(c.get("also", ()))) for c in words()["classes"])


@dataclass(frozen=True)
class House:
    """What the company calls things. departments: (name, also called …) each."""

    classes: tuple[Secrecy, ...]
    departments: tuple[tuple[str, ...], ...] = ()

    def secrecy(self, said: str) -> Secrecy | None:
        """The class that is meant; None where it is none of them."""
        key = letters(said)
        return next((c for c in self.classes if key in map(letters, (c.name, *c.also))), None)

    def department(self, said: str) -> str:
        """The department by its own name, where the company names it; else as it was written."""
        key = letters(said)
        return next((names[0] for names in self.departments if key in map(letters, names)), said)

    def is_open(self, item: Item) -> bool:
        found = self.secrecy(item.secrecy)
        return bool(found and found.open)


def clean(text: str) -> str:
    """One line: hidden characters go, blanks and line breaks become one blank."""
    kept = "".join(" " if c.isspace() or unicodedata.category(c) in ("Zl", "Zp") else c for c in text)
    kept = "".join(c for c in kept if unicodedata.category(c) not in _HIDDEN)
    return re.sub(r"[ \u3000]+", " ", kept).strip()


def make(
    given: Mapping[str, str], house: House, *, id: str, version: int = 0, line: int = 0
) -> tuple[Item | None, list[Trouble]]:
    """The entry that these texts (by field, as written) describe, or everything that is wrong with them."""
    found: list[Trouble] = []

    def wrong(column: str, reason: str, **about: Any) -> None:
        found.append(Trouble(line, column, reason, about))

    text = {name: _blank(name, clean(given.get(name, ""))) for name in FIELDS}
    several = {
        "variants": _several(given.get("variants", ""), _LISTED),
        "media": tuple(dict.fromkeys(map(_medium, _several(given.get("media", ""), _MEDIA_LISTED)))),
    }
    for name in ("name", "secrecy", "department"):
        if not text[name]:
            wrong(name, "missing")
    if text["name"] and len(letters(text["name"])) < _LEAST_NAME:
        wrong("name", "too_short")
    for name, most in (("variants", MOST_VARIANTS), ("media", MOST_MEDIA)):
        if len(several[name]) > most:
            wrong(name, "too_many", most=most)
    for name, value in text.items():
        most = MOST_NAME if name == "name" else MOST_TEXT
        if name not in several and len(value) > most:
            wrong(name, "too_long", most=most, length=len(value))
        if _may_be_private(given.get(name, "")) and find_private(given[name]):
            wrong(name, "private")
    for name, values in several.items():
        most = MOST_NAME if name == "variants" else MOST_WORD
        if any(len(v) > most for v in values):
            wrong(name, "too_long_each", most=most)
    if any(len(letters(v)) < _LEAST_NAME for v in several["variants"]):
        wrong("variants", "too_short")
    secrecy = house.secrecy(text["secrecy"]) if text["secrecy"] else None
    if text["secrecy"] and secrecy is None:
        wrong("secrecy", "no_such_class", said=text["secrecy"], classes=[c.name for c in house.classes])
    review = read_date(text["review"])
    if review is None:
        wrong("review", "no_date", said=text["review"])
    if found or secrecy is None or review is None:
        return None, found
    own = [v for v in several["variants"] if letters(v) != letters(text["name"])]
    named = {
        "secrecy": secrecy.name,
        "department": house.department(text["department"]),
        "review": review,
        "variants": tuple({letters(v): v for v in reversed(own)}.values())[::-1],
        "media": several["media"],
    }
    return Item.of(id, version, text | named), []


def changed(before: Item, after: Item) -> tuple[str, ...]:
    """The fields in which two entries differ."""
    return tuple(name for name in FIELDS if getattr(before, name) != getattr(after, name))


def same(before: Item, after: Item) -> bool:
    return before == replace(after, id=before.id, version=before.version)


def as_texts(item: Item) -> dict[str, str]:
    """Each field as one text, as make() takes it."""
    return {n: "、".join(v) if isinstance(v := getattr(item, n), tuple) else v for n in FIELDS}


def read_date(said: str) -> str | None:
    """An ISO date of 2026-11-30, 2026/11/30, 2026年11月30日, 令和8年11月30日, R8.11.30; "" of blank, else None."""
    plain = normalise(said).text.replace(" ", "")
    if not plain:
        return ""
    for pattern in _DATES:
        if match := pattern.fullmatch(plain):
            parts = match.groupdict()
            year = int(parts["y"]) if "y" in parts else _REIWA + (1 if parts["r"] == "元" else int(parts["r"]))
            try:
                return date(year, int(parts["m"]), int(parts["d"])).isoformat()
            except ValueError:
                return None
    return None


def key_of(item: Item) -> tuple[str, str]:
    """What tells two entries apart that have no id: the name and the department, however they are typed."""
    return letters(item.name), letters(item.department)


@functools.lru_cache(maxsize=16_384)
def letters(text: str) -> str:
    """What counts when two names are compared: normalised, without blanks and dots between words."""
    return re.sub(r"[\s・･_]+", "", normalise(text).text)


def due(items: Sequence[Item], today: date) -> list[Item]:
    """Entries whose review date has come, the oldest first."""
    return sorted((i for i in items if i.review and i.review <= today.isoformat()), key=lambda i: (i.review, i.name))


def _may_be_private(text: str) -> bool:
    """A quick look, as thousands of rows may be read: every private number has twelve digits at least."""
    return len(text) > MOST_TEXT or sum(c.isdigit() for c in text) >= 12


@functools.cache
def _blanks() -> frozenset[str]:
    return frozenset(letters(w) or w for w in words()["blank"]) | frozenset(words()["blank"])


def _blank(name: str, text: str) -> str:
    """「なし」 and 「-」 are blank, but in a name they are a name."""
    return "" if name != "name" and text.lower() in _blanks() else text


def _several(text: str, between: re.Pattern[str]) -> tuple[str, ...]:
    """The parts of a list, each once."""
    parts = [clean(p) for p in between.split(text)]
    return tuple(dict.fromkeys(p for p in parts if p and p.lower() not in _blanks()))


@functools.cache
def _media() -> Mapping[str, str]:
    return {letters(w): name for name, also in words()["media"].items() for w in (name, *also)}


def _medium(said: str) -> str:
    return _media().get(letters(said), said)
