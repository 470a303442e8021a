"""Signs in a message about the weekly reminder: the words of signs.yaml, as typed and by their reading."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ..datafile import check, read_yaml
from ..errors import ContentError
from ..schema import Model, Strs, Text
from ..text import Token, hiragana, normalise, tokens
from .endings import REACH, endings

HERE = Path(__file__).parent
FILE = "wishes/signs.yaml"
_KANJI = re.compile("[一-鿿]")
_LATIN = re.compile("[a-z]")
_OKURIGANA = re.compile("[ぁ-ゖ]+$")
_GAP = "[^。!?\n]{0,8}?"
_LINK = (  # what may stand between the two of a pair: 停止の設定を|解除
    "(?:るの|むの|の|を|は|が|も|に|、|たの|って言った|って言うた|と言った|と言いました|設定|せってい|期間|状態|もーど|中|もう|こと|って"
    "|やっぱり?|分|全部|ちゃんと|今|いま){0,4}?"
)
_LEAST = 4  # letters of a reading that say enough by themselves
_CLAUSE = re.compile(r"[。!?\n]|けど|けれど|ですが|ますが|ので|んで、|から、|けん、|さかい|、")


class SignExamples(Model):
    match: Strs
    no_match: Strs


class SignEntry(Model):
    """signs.yaml. `then`: one of these must follow, with nothing but particles and the like between.

    `without`: words in which one of `words` begins that mean something else.
    """

    id: Text
    kind: Literal["act", "mark", "aside"]
    words: Strs
    then: Strs = ()
    without: Strs = ()
    examples: SignExamples


class SignFile(Model):
    signs: tuple[SignEntry, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    id: str
    kind: str
    pair: bool
    words: re.Pattern[str]
    without: re.Pattern[str] | None
    readings: re.Pattern[str] | None
    without_readings: re.Pattern[str] | None


@dataclass(frozen=True, slots=True)
class Found:
    """A sign at `text[start:end]`, with the `endings` of an act. A `pair` (停止を解除) hides the signs inside it."""

    sign: Sign
    start: int
    end: int
    endings: tuple[str, ...] = ()

    @property
    def told(self) -> str:
        return f"{self.sign.id}/{self.endings[0]}" if self.endings else self.sign.id


@dataclass(frozen=True, slots=True)
class Said:
    """A message: `text` is normalised, katakana as hiragana; `reading` all of it in kana."""

    text: str
    reading: str
    found: tuple[Found, ...]


@functools.cache
def book() -> tuple[Sign, ...]:
    """The signs of signs.yaml. Raises ContentError with every problem of the file."""
    path, name = HERE / "signs.yaml", f"knowledge/{FILE}"
    raw, problems = read_yaml(path, name)
    file, wrong = check(raw, SignFile, path, name)
    if problems or wrong:
        raise ContentError([*problems, *wrong])
    return tuple(_sign(entry) for entry in file.signs)


def look(plain: str) -> Said:
    """The signs in a normalised text, in order; blank has none."""
    words = tokens(plain)
    text = hiragana(plain)
    reading, places = _read(words)
    kana = not _KANJI.search(plain)
    found = [
        Found(sign, a, b, endings(text[a:b], text[b : b + REACH]) if sign.kind == "act" else ())
        for sign in book()
        for a, b in _places(sign, text, reading, places, kana)
    ]
    pairs = [f for f in found if f.sign.pair]
    kept = [f for f in found if f.sign.pair or not any(p.start <= f.start and f.end <= p.end for p in pairs)]
    return Said(text, reading, tuple(sorted(kept, key=lambda f: (f.start, f.end, f.sign.id))))


def speaks(said: Said) -> bool:
    """Whether anything is said of the reminder: an aside (けど, 次の) says nothing by itself, two may (次は何)."""
    return any(f.sign.kind != "aside" for f in said.found) or len({f.sign.id for f in said.found}) > 1


def told(said: Said) -> dict[str, float]:
    """What a message says, as signs of weights.yaml: `=a` a sign, `=a/b` with its ending, `.a` in the last clause that
    has any, `!a` behind a conclusion (結局), `~かな` letters of the reading.

    What was wanted before a conclusion counts less.
    """
    clause = _clauses(said.text)
    signs: dict[str, float] = {}
    last = max((clause[f.start] for f in said.found), default=0)
    concluded = max((f.end for f in said.found if f.sign.id == "concluded"), default=0)
    for f in said.found:
        behind = f.start >= concluded
        counts = 1 if behind or f.sign.id in _STILL else OVERRULED
        for name in (f.sign.id, *(f"{f.sign.id}/{ending}" for ending in f.endings)):
            signs[f"={name}"] = max(counts, signs.get(f"={name}", 0))
            if concluded and behind:
                signs[f"!{name}"] = 1
        if clause[f.start] == last:
            signs[f".{f.sign.id}"] = 1
    acts = [f for f in said.found if f.endings]
    for f in acts:
        if clause[f.start] == clause[acts[-1].start]:
            signs |= {f".{f.sign.id}/{name}": 1 for name in f.endings}
    whole = f"^{said.reading}$"
    return signs | {f"~{whole[i : i + n]}": LETTERS for n in (2, 3, 4) for i in range(len(whole) - n + 1)}


OVERRULED = 0.5  # what a sign before a conclusion counts beside one behind it
_STILL = ("was_stopped", "over", "newcomer", "concluded")  # what is, whatever is concluded
LETTERS = 0.5  # what letters of the reading count beside a sign


def misses(entry: SignEntry) -> Iterator[tuple[str, str]]:
    """(key, example) of each example that the sign does not keep."""
    sign = _sign(entry)
    for key, texts in (("match", entry.examples.match), ("no_match", entry.examples.no_match)):
        for text in texts:
            plain = normalise(text).text
            reading, places = _read(tokens(plain))
            there = any(_places(sign, hiragana(plain), reading, places, not _KANJI.search(plain)))
            if there != (key == "match"):
                yield key, text


# --- words


def _sign(entry: SignEntry) -> Sign:
    kanji = [w for w in entry.words if _KANJI.search(w) and "~" not in w]
    least = _LEAST - 1 if entry.then else _LEAST
    spoken = [r for w in kanji if len(r := _reading(w)) >= least and not _KANJI.search(r)]
    then = [*map(_folded, entry.then), *(_reading(w) for w in entry.then if _KANJI.search(w))]
    return Sign(
        entry.id,
        entry.kind,
        bool(entry.then),
        _any_of(map(_folded, entry.words), then),
        _any_of(map(_folded, entry.without)) if entry.without else None,
        _any_of(spoken, then) if spoken else None,
        _any_of([*map(_reading, entry.without), *map(_folded, entry.without)]) if entry.without else None,
    )


def _folded(word: str) -> str:
    return hiragana(normalise(word).text)


def _reading(word: str) -> str:
    return _read(tokens(normalise(word).text))[0]


def _any_of(words: Iterable[str], then: Iterable[str] = ()) -> re.Pattern[str]:
    one = _alternatives(words)
    return re.compile(f"{one}{_LINK}{_alternatives(then)}" if then else one)


def _alternatives(words: Iterable[str]) -> str:
    longest = sorted(set(words), key=lambda w: (-len(w), w))
    return f"(?:{'|'.join(map(_bounded, longest))})"


def _bounded(word: str) -> str:
    """A word as a pattern; one in Latin letters is not a part of another (on in python)."""
    before, after = _LATIN.match(word[0]), _LATIN.match(word[-1])
    return f"{'(?<![a-z])' if before else ''}{re.escape(word).replace('~', _GAP)}{'(?![a-z])' if after else ''}"


def _read(words: Sequence[Token]) -> tuple[str, list[tuple[int, int]]]:
    """The reading in hiragana, and for each of its letters where it is in the text.

    A word that is not written in kana has its start at its first letter and its end at its last, else -1.
    """
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for word in words:
        kana = hiragana(word.surface)
        spelt = not (_KANJI.search(word.surface) and word.reading)
        if not spelt:
            kana = _spoken(word)
        letters.append(kana)
        for n in range(len(kana)):
            at = word.start + n if spelt else word.start if n == 0 else -1
            places.append((at, word.start + n + 1 if spelt else word.end if n == len(kana) - 1 else -1))
    return "".join(letters), places


def _spoken(word: Token) -> str:
    """The reading as inflected; a Token has that of the dictionary form (送っ: おくる)."""
    base = hiragana(word.reading)
    ending = _OKURIGANA.search(hiragana(word.surface))
    if not ending or base == word.surface:
        return base
    at = base.find(ending[0][0], 1)
    return (base[:at] if at > 0 else base[:-1]) + ending[0]


def _places(
    sign: Sign, text: str, reading: str, places: Sequence[tuple[int, int]], kana: bool
) -> Iterator[tuple[int, int]]:
    spans = list(_spans(sign.words, sign.without, text))
    yield from spans
    if sign.readings is None:
        return
    for a, b in _spans(sign.readings, sign.without_readings, reading):
        start, end = places[a][0], places[b - 1][1]
        whole = start >= 0 and end >= 0 and (kana or a == 0 or places[a - 1][1] <= start)
        if whole and not any(x < end and start < y for x, y in spans):
            yield start, end


def _spans(words: re.Pattern[str], without: re.Pattern[str] | None, text: str) -> Iterator[tuple[int, int]]:
    taken = [m.span() for m in without.finditer(text)] if without else []
    position = 0
    while m := words.search(text, position):
        position = m.start() + 1
        if not any(a <= m.start() < b for a, b in taken):
            yield m.span()
            position = m.end()


def _clauses(text: str) -> list[int]:
    """The number of the clause for each letter."""
    clause, last, count = [0] * (len(text) + 1), 0, 0
    for m in _CLAUSE.finditer(text):
        clause[last : m.end()] = [count] * (m.end() - last)
        last, count = m.end(), count + 1
    clause[last:] = [count] * (len(text) + 1 - last)
    return clause
