"""Entries by typed words: a whole one on a line (原価表、秘、経理課、紙), or one field of it (区分 極秘)."""

from __future__ import annotations

import re

from .model import House, clean, letters, read_date, words

_BETWEEN = re.compile(r"[、,，;；/／\n]+")
_FIELD = re.compile(r"(?P<field>[^\s:：=＝]{1,12})(?:\s*[:：=＝]\s*|\s+)(?P<value>.*)", re.S)


def whole(text: str, house: House) -> tuple[dict[str, str], list[str]]:
    """The fields of a line, as make() takes them, and the parts that nobody can place.

    The first part is the name. A class, a date and a medium are known by what they are, in any order; what else comes
    is the department, then the person.
    """
    parts = [p for p in (clean(part) for part in _BETWEEN.split(text)) if p]
    if not parts:
        return {}, []
    media = {letters(w) for name, also in words()["media"].items() for w in (name, *also)}
    found: dict[str, str] = {"name": parts[0]}
    rest: list[str] = []
    for part in parts[1:]:
        if house.secrecy(part) and "secrecy" not in found:
            found["secrecy"] = part
        elif read_date(part) and "review" not in found:
            found["review"] = part
        elif letters(part) in media:
            found["media"] = "、".join(p for p in (found.get("media", ""), part) if p)
        elif "department" not in found:
            found["department"] = part
        elif "person" not in found:
            found["person"] = part
        else:
            rest.append(part)
    return found, rest


def one(text: str) -> tuple[str, str] | None:
    """(field, value) of 「区分 極秘」 or 「区分: 極秘」; None where no field is named. 「備考 なし」 empties it."""
    match = _FIELD.fullmatch(text.strip())
    if match is None:
        return None
    said = letters(match["field"])
    for field, also in words()["columns"].items():
        if field not in ("id", "version") and said in map(letters, also):
            return field, match["value"].strip()
    return None
