"""What changed from one edition to the next, sentence by sentence."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal

from .models import FIELDS, Content

_SENTENCE = re.compile(r"[^。\n]*[。\n]|[^。\n]+$")
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
        gone, came = "".join(one[a:b]), "".join(two[c:d])
        if what == "replace":
            found.append(Change(name, "replaced", gone, came))
        elif what == "delete":
            found.append(Change(name, "removed", before=gone))
        elif what == "insert":
            found.append(Change(name, "added", after=came))
    return found


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in _SENTENCE.findall(text) if s.strip()]
