"""Which of many patterns may match in a text: those whose needed letters are there. Most patterns need not be tried.

A pattern needs one of several letters, or pairs of letters, at each of some places. That is read off it once; a text is
then asked in one look at its letters. What passes may still not match; what does not pass cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from operator import add
from typing import Any, NamedTuple

try:  # the standard library's own, and not promised: without it every pattern is tried, as it would be anyway
    from re import _constants as _op  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]
except ImportError:
    _parser = None

_RANGE = 64  # letters; a wider class of them tells nothing
_LAYERS = 4  # needs of one pattern that are looked at, the rarest
_PAIR = 80  # how much rarer a pair is than both its letters, at ten for those of every sentence

_COMMON = frozenset(map(chr, range(ord("ぁ"), ord("ん") + 1)))


class Need(NamedTuple):
    """Letters, or pairs of letters, one of which has to be there. often: how often it is met, roughly."""

    often: float
    grams: frozenset[str]


_NOTHING = Need(0.0, frozenset())


class Sieve:
    """Patterns, to be asked which of them may match."""

    def __init__(self, patterns: Iterable[re.Pattern[str]]) -> None:
        needs = [needs_of(pattern)[:_LAYERS] for pattern in patterns]
        # Numbers of as many bits as there are patterns, one behind the other for each layer of needs.
        self._count = count = len(needs)
        self._free = 0  # who needs nothing there
        self._wanted: dict[str, int] = {}  # by letters, who needs them
        for number, of_one in enumerate(needs):
            for layer in range(_LAYERS):
                bit = 1 << (layer * count + number)
                if layer >= len(of_one):
                    self._free |= bit
                    continue
                for gram in of_one[layer].grams:
                    self._wanted[gram] = self._wanted.get(gram, 0) | bit

    def passing(self, text: str) -> list[int]:
        """Numbers of the patterns that may match anywhere in a text, in order."""
        met, wanted = self._free, self._wanted
        for gram in {*text, *map(add, text, text[1:])} & wanted.keys():
            met |= wanted[gram]
        left = (1 << self._count) - 1
        for layer in range(_LAYERS):
            left &= met >> (layer * self._count)
        found = []
        while left:
            lowest = left & -left
            found.append(lowest.bit_length() - 1)
            left ^= lowest
        return found


def needs_of(pattern: re.Pattern[str]) -> list[Need]:
    """What a text must have, all of it, for a pattern to match in it, the rarest first; [] where nothing is sure."""
    if _parser is None or pattern.flags & re.IGNORECASE:
        return []
    found = {need.grams: need for need in _needs(_parser.parse(pattern.pattern, pattern.flags))}
    return sorted(found.values(), key=lambda need: need.often)


def _needs(parsed: Iterable[tuple[Any, Any]]) -> list[Need]:
    found: list[Need] = []
    before = _NOTHING  # what the letter just before can be, where it surely is one
    for op, value in parsed:
        letter = _letters(op, value)
        if letter.grams:
            found.append(letter)
            if before.grams and len(before.grams) * len(letter.grams) <= _RANGE:
                pairs = frozenset([a + b for a in before.grams for b in letter.grams])
                found.append(Need(before.often * letter.often / _PAIR, pairs))
        else:
            found += _within(op, value)
        before = letter
    return found


def _within(op: Any, value: Any) -> list[Need]:
    """What the parts of an element need; nothing of those that may be left out."""
    if op is _op.BRANCH:
        each = [_needs(way) for way in value[1]]
        if not all(each):
            return []
        rarest = [min(needs, key=lambda need: need.often) for needs in each]
        return [Need(sum(n.often for n in rarest), frozenset[str]().union(*(n.grams for n in rarest)))]
    if op is _op.SUBPATTERN:
        _, more_flags, _, inside = value
        return [] if more_flags & re.IGNORECASE else _needs(inside)
    if op in (_op.MAX_REPEAT, _op.MIN_REPEAT, _op.POSSESSIVE_REPEAT):
        return _needs(value[2]) if value[0] else []
    if op is _op.ATOMIC_GROUP:
        return _needs(value)
    return _needs(value[1]) if op is _op.ASSERT else []


def _letters(op: Any, value: Any) -> Need:
    """The letters that an element may be; none where it is no letter, or one of too many."""
    if op is _op.LITERAL:
        return _need(frozenset(chr(value)))
    found: set[str] = set()
    for kind, inside in value if op is _op.IN else ():
        if kind is _op.LITERAL:
            found.add(chr(inside))
        elif kind is _op.RANGE and inside[1] - inside[0] < _RANGE:
            found |= set(map(chr, range(inside[0], inside[1] + 1)))
        else:
            return _NOTHING
    return _need(frozenset(found))


def _need(letters: frozenset[str]) -> Need:
    return Need(len(letters) + 9 * len(letters & _COMMON), letters)
