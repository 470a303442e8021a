"""Which checklist some words mean."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence

from dialogs.checks.model import Checklist
from knowledge.text import normalise

from .words import words

_FEW = 40  # characters; a longer text asks something
_LATIN = re.compile(r"[a-z0-9]+")
_SIGNS = re.compile(r"[\s、。・,.!！?？「」『』()（）〜～-]+")


def fitting(text: str, checklists: Mapping[str, Checklist]) -> str:
    """The id of the checklist whose words stand in a text, the longest of them; blank where none does."""
    plain = normalise(text).text
    found = [(len(word), id) for id, word in _known(checklists) if _in(word, plain)]
    return max(found, key=lambda f: f[0])[1] if found else ""


def called(text: str, checklists: Mapping[str, Checklist]) -> str:
    """The id of a checklist that a short text is nothing but a call for: 「退職者が出る」, 「展示会の前に確認したい」.

    Blank where anything else is said: that may be a question, or a leak.
    """
    plain = normalise(text).text
    if len(plain) > _FEW:
        return ""
    id = fitting(text, checklists)
    if not id:
        return ""
    rest = plain
    for word in sorted((w for i, w in _known(checklists) if i == id), key=len, reverse=True):
        rest = rest.replace(word, " ")
    for filler in _fillers():
        rest = rest.replace(filler, " ")
    return id if not _SIGNS.sub("", rest) else ""


def _known(checklists: Mapping[str, Checklist]) -> Iterable[tuple[str, str]]:
    for id, checklist in checklists.items():
        for word in (checklist.title, *checklist.words):
            yield id, normalise(word).text


def _in(word: str, plain: str) -> bool:
    if _LATIN.fullmatch(word):  # "ai" is no part of "mail"
        return re.search(rf"(?<![a-z0-9]){word}(?![a-z0-9])", plain) is not None
    return word in plain


@functools.cache
def _fillers() -> Sequence[str]:
    return sorted((normalise(word).text for word in words()["fillers"]), key=len, reverse=True)


def goes_on(text: str) -> bool:
    """Whether a text about checks asks to go on with one: 「チェックの続きをお願いします」."""
    said = normalise(text).text.replace("手続き", "")
    return any(normalise(word).text in said for word in words()["typed"]["resume"])
