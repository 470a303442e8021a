"""Which checklist some words mean."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence

from dialogs.checks.model import Checklist
from knowledge.text import normalise

from .words import words

_FEW = 40  # characters; a longer text asks something
_LATIN = re.compile(r"[a-z0-9]+")
_MOST = 4  # contents at a time: the company's and the general one
_names: dict[int, tuple[Mapping[str, Checklist], Sequence[tuple[str, str]]]] = {}
_SIGNS = re.compile(r"[\s、。・,.!！?？「」『』()（）〜～-]+")


def fitting(text: str, checklists: Mapping[str, Checklist]) -> str:
    """The id of the checklist whose words stand in a text, the longest of them; blank where none does."""
    plain = normalise(text).text
    found = [(len(word), id) for id, word in _known(checklists) if _in(word, plain)]
    return max(found, key=lambda f: f[0])[1] if found else ""


def called(text: str, checklists: Mapping[str, Checklist]) -> str:
    """The id of a checklist that a short text is nothing but a call for: 「退職者が出る」, 「展示会の前に確認したい」.

    Blank where anything else is said: that may be a question, or a leak. The bare name of a moment (「テレワーク」)
    calls for nothing either.
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
    bare = rest
    for filler in _fillers("calls"):
        rest = rest.replace(filler, " ")
    if rest == bare and checklists[id].kind == "moment":
        return ""
    for filler in _fillers("fillers"):
        rest = rest.replace(filler, " ")
    return id if not _SIGNS.sub("", rest) else ""


def _known(checklists: Mapping[str, Checklist]) -> Sequence[tuple[str, str]]:
    """(id, normalised word) of all of them; made once, as every message is looked at."""
    made = _names.get(id(checklists))
    if made is None or made[0] is not checklists:
        words_of = ((key, (c.title, *c.words)) for key, c in checklists.items())
        made = checklists, [(key, normalise(word).text) for key, several in words_of for word in several]
        if len(_names) >= _MOST:
            _names.clear()
        _names[id(checklists)] = made
    return made[1]


def _in(word: str, plain: str) -> bool:
    if _LATIN.fullmatch(word):  # "ai" is no part of "mail"
        return re.search(rf"(?<![a-z0-9]){word}(?![a-z0-9])", plain) is not None
    return word in plain


@functools.cache
def _fillers(kind: str) -> Sequence[str]:
    return sorted((normalise(word).text for word in words()[kind]), key=len, reverse=True)


def goes_on(text: str) -> bool:
    """Whether a text about checks asks to go on with one: 「チェックの続きをお願いします」."""
    said = normalise(text).text.replace("手続き", "")
    return any(normalise(word).text in said for word in words()["typed"]["resume"])
