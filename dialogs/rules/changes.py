"""What changed from one edition to the next, sentence by sentence."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from .models import FIELDS, Content

_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+$")
_ALIKE = 0.5  # of 1: two sentences of which one is the other, changed
_TEXTS = ("title", "text", "reason")
What = Literal["added", "removed", "replaced"]


@dataclass(frozen=True)
class Change:
    """field: of Content. before, after: a sentence or a whole value; blank where there was or is none."""

    field: str
    what: What
    before: str = ""
    after: str = ""


def changes(before: Content, after: Content) -> list[Change]:
    """In the order of the fields; [] where nothing changed. Of texts only the sentences that differ."""
    found: list[Change] = []
    for name in FIELDS:
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        if name in _TEXTS:
            found += _of_text(name, old, new)
        else:
            shown = ["、".join(v) if isinstance(v, tuple) else str(v) for v in (old, new)]
            found.append(Change(name, "replaced", *shown))
    return found


def _of_text(name: str, old: str, new: str) -> list[Change]:
    one, two = _sentences(old), _sentences(new)
    found = []
    for what, a, b, c, d in difflib.SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if what != "equal":
            found += _paired(name, one[a:b], two[c:d])
    return found


def _paired(name: str, gone: list[str], came: list[str]) -> list[Change]:
    """Each new sentence with the old one that is most like it; what is like none is added, or removed."""
    found, left = [], list(gone)
    for sentence in came:
        like = max(left, key=lambda old: _likeness(old, sentence), default="")
        if like and _likeness(like, sentence) >= _ALIKE:
            left.remove(like)
            found.append(Change(name, "replaced", like, sentence))
        else:
            found.append(Change(name, "added", after=sentence))
    return found + [Change(name, "removed", before=sentence) for sentence in left]


def _likeness(one: str, two: str) -> float:
    return difflib.SequenceMatcher(None, one, two, autojunk=False).ratio()


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in _SENTENCE.findall(text) if s.strip()]
