"""Buttons as typed words: 「1」, 「もどる」, 「担当に聞く」, or the words of an option."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.text import normalise

from . import blocks

ANYTIME = frozenset({"leak", "chips", "mydata", "thanks"})  # buttons that stand below no answer; features add theirs
_ALIKE = 90  # of 100; a typo in an option's words, not another option
_SHORT = 4  # fewer letters would fit by chance
_EDGES = "。、．.!！?？ 　「」[]［］"
_BETWEEN = re.compile(r"[^\w]+")
_NUMBER = re.compile(r"(?:選択肢)?(\d{1,2})(?:番|ばん|番目|つ目)?(?:です|で|をお願いします)?")


@dataclass(frozen=True)
class Typed:
    """verb: `choose`, `number` (which chooses nothing), or a key of slack.yaml `typed`. number: the option, from 1."""

    verb: str
    dialogue: str = ""
    question: str = ""
    number: int = 0


def understand(text: str, open_question: tuple[str, str, tuple[str, ...]] | None) -> Typed | None:
    """What a text does as a button; None where it is none. open_question: (dialogue, question, options)."""
    plain = normalise(text).text.strip(_EDGES)
    if not plain:
        return None
    if open_question:
        dialogue, question, options = open_question
        number = option(plain, options)
        if number:
            return Typed("choose", dialogue, question, number)
    elif _NUMBER.fullmatch(plain):
        return Typed("number")
    verb = _verbs().get(plain) or _thanks(plain)
    return Typed(verb, open_question[0] if open_question else "") if verb else None


def option(plain: str, options: tuple[str, ...]) -> int:
    """The number of the option that a normalised text names, or 0."""
    said = _NUMBER.fullmatch(plain)
    if said:
        return int(said[1]) if 1 <= int(said[1]) <= len(options) else 0
    labels = [_labels(o)[0] for o in options]
    exact = [n for n, option in enumerate(options, 1) if plain in _labels(option)]
    if exact:
        return exact[0]
    if len(plain) < _SHORT:
        return 0
    alike = [n for n, label in enumerate(labels, 1) if fuzz.ratio(plain, label) >= _ALIKE or label.startswith(plain)]
    return alike[0] if len(alike) == 1 else 0


@functools.lru_cache(maxsize=1024)
def _labels(option: str) -> tuple[str, str]:
    """An option of the data, and the shorter form on its button, as they may be typed."""
    return normalise(option).text, normalise(blocks.short(option)).text


def _thanks(plain: str) -> str:
    """`thanks` where a text is nothing but thanks: 了解です。ありがとうございます"""
    parts = [part for part in _BETWEEN.split(plain) if part]
    return "thanks" if parts and all(_verbs().get(part) == "thanks" for part in parts) else ""


@functools.cache
def _verbs() -> Mapping[str, str]:
    return {normalise(word).text: verb for verb, words in blocks.words()["typed"].items() for word in words}
