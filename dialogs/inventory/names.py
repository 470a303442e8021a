"""Which entries a message names: the longest name wins, and never a part of another word.

A name is found as it is written, after normalising; by its sound where the letters differ (an IME's 原価票 for 原価表);
and with one letter wrong in a longer name, where rapidfuzz confirms it.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.distance import OSA

from knowledge.text import Token, hiragana, normalise, tokens

from .model import Item, letters, words

_READ = 2000  # characters of a message that are looked at: what comes after is what is told, not what is asked about
_LEAST_TYPO = 5  # letters; in a shorter name, another letter is another word
_LEAST_SOUND = 4  # kana
_NUMBER = re.compile(r"[0-9a-z]+")
_SAID_WORDS = 24  # a name's words at the most


@dataclass(frozen=True)
class Found:
    """Entries of one name, as the person wrote it. Several: the name does not tell which. sure: no letter differs."""

    items: tuple[Item, ...]
    said: str
    sure: bool = True


class _Window(NamedTuple):
    """Words in a row: less how many letters, so that the longest come first; first and last (past the end) token."""

    less: int
    first: int
    last: int
    folded: str


class Names:
    """The names of all entries, to be looked for. Made anew when the inventory changes; safe to share."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(items)
        self._exact: dict[str, list[Item]] = {}
        self._sounds: dict[str, list[Item]] = {}
        self._without: dict[str, set[str]] = {}  # a name less one letter -> names
        self._longest = 0
        self._longest_sound = 0
        self._heads: set[str] = set()  # the first two letters of names in which one letter may be wrong
        self._tails: set[str] = set()  # and the last two
        for item in self.items:
            for name in (item.name, *item.variants):
                self._add(letters(name), item)

    def _add(self, name: str, item: Item) -> None:
        if not name or item in self._exact.get(name, ()):
            return
        self._exact.setdefault(name, []).append(item)
        self._longest = max(self._longest, len(name))
        sound = _sound_of(name)
        if len(sound) >= _LEAST_SOUND and not _NUMBER.search(name):
            self._sounds.setdefault(sound, []).append(item)
            self._longest_sound = max(self._longest_sound, len(sound))
        if len(name) >= _LEAST_TYPO:
            self._heads.add(name[:2])
            self._tails.add(name[-2:])
            for less in (name, *_less_one(name)):
                self._without.setdefault(less, set()).add(name)

    def find(self, text: str) -> list[Found]:
        """What a message names, in its order. Blank gives []."""
        if not self._exact:
            return []
        plain = normalise(text, limit=_READ)
        there = tokens(plain.text)
        exact, near = self._windows(there)
        taken: list[tuple[_Window, Sequence[Item], bool]] = []
        for some, look, sure in ((exact, self._as_written, True), (near, self._alike, False)):
            for window in sorted(some):
                if any(window.first < t.last and t.first < window.last for t, _, _ in taken):
                    continue
                items = look(window, there)
                if items and _stands_alone(there, window):
                    taken.append((window, items, sure))
        return [
            Found(tuple(items), plain.quote(there[w.first].start, there[w.last - 1].end), sure)
            for w, items, sure in sorted(taken, key=lambda t: t[0].first)
        ]

    def search(self, text: str) -> list[Item]:
        """Entries for words in a search box: those the words name, then those in which all of them stand. Blank gives
        all."""
        parts = [letters(p) for p in text.split() if letters(p)]
        if text.strip() and not parts:
            return []  # signs alone
        named = list(dict.fromkeys(i for found in self.find(text) for i in found.items)) if parts else []
        return named + [i for i in self.items if i not in named and all(p in _all_of(i) for p in parts)]

    # --- one way each

    def _as_written(self, window: _Window, _: Sequence[Token]) -> Sequence[Item]:
        return self._exact.get(window.folded, ())

    def _may_be_alike(self, said: str, sound: str) -> bool:
        """A quick look: whether it may sound like a name, or have the first or the last two letters of one.

        One of the two it has, wherever one letter is wrong: nothing but what is wrong and its neighbour differs.
        """
        if len(said) >= _LEAST_TYPO - 1 and (said[:2] in self._heads or said[-2:] in self._tails):
            return True
        return _LEAST_SOUND <= len(sound) <= self._longest_sound and sound in self._sounds

    def _alike(self, window: _Window, there: Sequence[Token]) -> Sequence[Item]:
        sound = _sound(there[window.first : window.last])
        if len(sound) >= _LEAST_SOUND and sound in self._sounds and not _NUMBER.search(window.folded):
            return self._sounds[sound]
        if len(window.folded) < _LEAST_TYPO - 1:
            return ()
        near = {n for less in (window.folded, *_less_one(window.folded)) for n in self._without.get(less, ())}
        meant = sorted(n for n in near if _is_typo(window.folded, n))
        return list(dict.fromkeys(i for n in meant for i in self._exact[n]))

    def _windows(self, there: Sequence[Token]) -> tuple[list[_Window], list[_Window]]:
        """Runs of words that are no longer than the longest name: those that are one, and those that may be alike."""
        folds = [_folded(t.surface) if t.reading else letters(t.surface) for t in there]
        sounds = [hiragana(t.reading) for t in there]
        ends = [_is_noun(t) for t in there]
        broken = ["\n" in t.surface for t in there]
        longest = self._longest + 1
        exact: list[_Window] = []
        near: list[_Window] = []
        for first in range(len(there)):
            folded, sound, known = "", "", True
            for at in range(first, min(len(there), first + _SAID_WORDS)):
                if at > first and broken[at]:
                    break
                folded += folds[at]
                if len(folded) > longest:
                    break
                sound += sounds[at]
                known = known and bool(sounds[at])
                if folded in self._exact:
                    exact.append(_Window(-len(folded), first, at + 1, folded))
                if ends[at] and self._may_be_alike(folded, sound if known else ""):
                    near.append(_Window(-len(folded), first, at + 1, folded))
        return exact, near


def _is_typo(said: str, name: str) -> bool:
    """One letter differs, is missing, too many or swapped, and it is none that tells two things apart."""
    if OSA.distance(said, name, score_cutoff=1) != 1 or _NUMBER.findall(said) != _NUMBER.findall(name):
        return False
    telling = set(words()["telling"])
    return [c for c in said if c in telling] == [c for c in name if c in telling]


def _stands_alone(there: Sequence[Token], window: _Window) -> bool:
    """Whether the words are no part of a longer one: 原価表 in 標準原価表 or 原価表ソフト is another thing."""
    around = words()["around"]
    before = window.first - 1
    while before >= 0 and _touches(there, before, before + 1) and _joins(there[before]):
        if not (_is_given(there[before]) or there[before].surface in around["before"]):
            return False
        before -= 1
    after = window.last
    while after < len(there) and _touches(there, after - 1, after) and _joins(there[after]):
        if not ((there[after].pos2 == "普通名詞" and _is_act(there[after])) or there[after].surface in around["after"]):
            return False
        after += 1
    return True


def _touches(there: Sequence[Token], left: int, right: int) -> bool:
    return there[left].end == there[right].start


def _joins(token: Token) -> bool:
    return token.pos in ("名詞", "接頭辞", "接尾辞", "形状詞") and token.pos2 != "助動詞語幹"


def _is_noun(token: Token) -> bool:
    return token.pos in ("名詞", "接尾辞", "記号") or (token.pos == "動詞" and token.form.startswith("連用形"))


def _is_given(token: Token) -> bool:
    """A number or somebody's name, which may stand before a thing and say whose it is."""
    return token.pos2 in ("数詞", "固有名詞") or bool(_NUMBER.fullmatch(token.surface))


def _is_act(token: Token) -> bool:
    return token.lemma in _acts()


@functools.cache
def _acts() -> frozenset[str]:
    return frozenset(words()["acts"])


def _less_one(name: str) -> Iterator[str]:
    return (name[:n] + name[n + 1 :] for n in range(len(name)))


def _sound(there: Sequence[Token]) -> str:
    """How it is read, in hiragana; blank where a word's reading is not known."""
    if any(not t.reading for t in there):
        return ""
    return hiragana("".join(t.reading for t in there))


@functools.lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """letters() of a word that the dictionary knows: what is remembered is of the language, not of a message."""
    return letters(word)


@functools.lru_cache(maxsize=16_384)
def _sound_of(name: str) -> str:
    return _sound(tokens(name))


@functools.lru_cache(maxsize=16_384)
def _all_of(item: Item) -> str:
    """Everything to be searched, as one text."""
    shown = (item.name, *item.variants, item.department, item.person, item.kind, item.secrecy, *item.media)
    return "\n".join(letters(part) for part in (*shown, item.where, item.entrusted_by))
