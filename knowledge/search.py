"""Passages for a question, best first: its words as typed, and what they may have been meant to be."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from .text import Token, normalise, tokens

if TYPE_CHECKING:
    from .index import Index

SHORTEST_READING = 3  # kana; shorter sounds mean too many words
MISTYPED = re.compile(r"[ァ-ヺー]{3,24}|[a-z]{4,24}")  # spellings a slip can be found in; hiragana are too many to tell
# Up to so many passages, terms in more than this share of them are left out. Half loses nothing (see _worth_asking); .3
# loses under .001 of MRR@10 on eval/ir, with its titles or without, and a fifth of the time on 8,431 passages.
_COMMON = [(5_000, 0.5), (20_000, 0.3), (math.inf, 0.1)]
_COMMON_KANA = 0.1
_MOST_TERMS = 200  # of a question, the rarest; only pasted texts have more
_MOST_REPEATS = 3
_REMEMBERED = 40  # hits: a reading asks twice about its message, for few and for many
_LONGEST_READING = 12  # kana
_MOST_READINGS = 400  # looked up for one question
_LONGEST_SYNONYM = 6  # words
# Share of the passages: kana in more of them are grammar (している is not 指定). Wrongly heard on eval/ir: 103 -> 10.
_ORDINARY = 0.01
_UNKNOWN = (0, 0)
_NOUN_PARTS = {"名詞", "接頭辞", "接尾辞", "形状詞"}
_AFTER_NOUN = set("のはがをにでともやかへっだし")
_RUN = re.compile(r"[^\W_]+")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]{3,}")
_KANJI = re.compile(r"[一-鿿々]")

Known = Mapping[str, tuple[int, int]]  # term -> its number, and how many passages have it


@dataclass(frozen=True)
class Hit:
    """A passage found. `score` is BM25, higher is nearer; comparable within one search only."""

    id: str
    score: float


def search(question: str, index: Index, *, limit: int = 10) -> list[Hit]:
    """Passages that answer a question, best first; equal scores keep the order of the passages.

    question: as typed; normalised here, read to its 10,000th character. Blank gives [].
    limit: at most so many hits (count, 1 or more).

    Raises ValueError where limit < 1. Finding nothing is an answer ([]), not an error.
    """
    if limit < 1:
        raise ValueError(f"limit must be 1 or more, not {limit}")
    text = normalise(question).text
    found = index.remembered(text, limit)
    if found is None:
        found = index.rank(_numbers(text, index), max(limit, _REMEMBERED))
        index.remember(text, max(limit, _REMEMBERED), found)
    return [Hit(index.passages[position].id, score) for position, score in found[:limit]]


def _numbers(text: str, index: Index) -> list[int]:
    """What the index is asked for, for a normalised question."""
    words = tokens(text)
    asked = Counter(terms(text, words))
    known = index.counts(asked)
    meant = _meant(text, words, known, index)
    known |= index.counts(meant.keys() - asked.keys())
    return _worth_asking({**meant, **asked}, known, len(index.passages))


def _worth_asking(weights: Mapping[str, int], known: Known, passages: int) -> list[int]:
    """Numbers of the terms that tell passages apart, repeated as often as they weigh.

    BM25 gives nothing for a term that half of the passages have, so leaving it out only saves time. So does leaving out
    frequent pairs that begin in hiragana, which are grammar (して, の秘). If all terms are such, they are kept.
    """
    common = next(share for size, share in _COMMON if passages <= size)

    def tells_apart(term: str) -> bool:
        share = min(common, _COMMON_KANA) if "ぁ" <= term[0] <= "ゖ" else common
        return known[term][1] <= max(1, passages * share)

    rare = [*filter(tells_apart, known)] or [*known]
    rare = sorted(rare, key=lambda term: (known[term][1], term))[:_MOST_TERMS]
    return [known[term][0] for term in rare for _ in range(min(weights[term], _MOST_REPEATS))]


# --- words of a text --------------------------------------------------------------------------------------------------


def bigrams(text: str) -> list[str]:
    """Pairs of neighbouring letters or digits of a normalised text; a letter that stands alone is given alone."""
    return [run[i : i + 2] for run in _RUN.findall(text) for i in range(max(1, len(run) - 1))]


def terms(text: str, words: Sequence[Token]) -> list[str]:
    """Content lemmas, then bigrams. Both share one name space, so a lemma of two letters weighs double."""
    return [word.lemma for word in words if word.is_content] + bigrams(text)


def reading_key(sound: str) -> str:
    """How a reading is looked up: in katakana, without a long vowel at the end (サーバ is サーバー)."""
    kana = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in sound)
    return kana.rstrip("ー") or kana


def sound_of(word: Token) -> str:
    """The dictionary's reading, or the word itself where it is written in katakana and not in the dictionary."""
    return word.reading or (word.surface if re.fullmatch(r"[ァ-ヺー]+", word.surface) else "")


def spelling_keys(word: str) -> set[str]:
    """The word, and the word less one letter: two words one edit apart share such a key."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def synonym_key(words: Sequence[Token]) -> str:
    """How a synonym is looked up: by lemmas, so that 漏れた finds 漏れる."""
    return " ".join(word.lemma for word in words)


def sounds(text: str, words: Sequence[Token]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Readings of single words and of two nouns side by side, each with the terms it stands for."""
    for here, after in zip(words, [*words[1:], None], strict=False):
        sound = sound_of(here)
        if not here.is_content or not sound:
            continue
        if here.pos not in _NOUN_PARTS:
            yield sound, (here.lemma,)
            continue
        yield sound, tuple(terms(here.surface, [here]))
        if after and after.pos in _NOUN_PARTS and after.start == here.end and sound_of(after):
            yield sound + sound_of(after), tuple(terms(text[here.start : after.end], [here, after]))


# --- meant, not typed -------------------------------------------------------------------------------------------------


def _meant(text: str, words: Sequence[Token], known: Known, index: Index) -> dict[str, int]:
    """Terms the question may mean beside those it has, with their weight (1 or more)."""
    found: Counter[str] = Counter()
    for stands_for in _heard(text, words, known, index):
        found |= Counter(stands_for)
    for stands_for in _misspelt(text, words, known, index):
        found |= Counter(dict.fromkeys(stands_for, 1))
    if index.has_synonyms:
        keys = {synonym_key(words[i:j]) for i in range(len(words)) for j in range(i + 1, i + _LONGEST_SYNONYM + 1)}
        for others in index.synonyms(keys).values():
            # The lemma alone, once: half the weight of a word that was typed, which counts with its bigrams too.
            found |= Counter(dict.fromkeys(others, 1))
    return found


def _heard(text: str, words: Sequence[Token], known: Known, index: Index) -> Iterator[list[str]]:
    """Terms of known words that sound like what is written: ちゅうおう委員会 is 中央, 秘蜜 is 秘密."""
    spans = _unsure(text, words, known)
    ordinary = max(1, len(index.passages) * _ORDINARY)
    sounding = index.sounding({reading_key(sound) for _, _, sound in spans})
    covered = 0  # up to here something longer, or further left, was heard already
    for start, end, sound in spans:
        if min(known.get(pair, _UNKNOWN)[1] for pair in bigrams(text[start:end])) > ordinary:
            continue
        kanji = set(_KANJI.findall(text[start:end]))
        for stands_for in sounding.get(reading_key(sound), ()) if start >= covered else ():
            # 秘蜜 and 秘密 share a letter; 養成 and 要請 only sound the same.
            if not kanji or any(kanji.intersection(term) for term in stands_for):
                covered = end
                yield stands_for


def _unsure(text: str, words: Sequence[Token], known: Known) -> list[tuple[int, int, str]]:
    """(start, end, reading) of what may be a known word in another writing; from the left, the longest first.

    Kana, cut where a word may begin and end, unless their bigrams are ordinary; words that no passage has, alone or
    with a neighbour.
    """
    begins, ends = {word.start for word in words}, {word.end for word in words}
    understood = {(word.start, word.end) for word in words if word.is_content and word.lemma in known}
    found: set[tuple[int, int, str]] = set()
    for run in _KANA.finditer(text):
        if len(found) > _MOST_READINGS:  # a pasted text
            break
        for start in begins.intersection(range(*run.span())):
            for end in range(start + SHORTEST_READING, min(run.end(), start + _LONGEST_READING) + 1):
                if (end == run.end() or end in ends or text[end] in _AFTER_NOUN) and (start, end) not in understood:
                    found.add((start, end, text[start:end]))
    for here, after in zip(words, [*words[1:], None], strict=False):
        if not _may_mean(here):
            continue
        strange = here.lemma not in known
        if after and _may_mean(after) and after.start == here.end and (strange or after.lemma not in known):
            found.add((here.start, after.end, sound_of(here) + sound_of(after)))
        if strange:
            found.add((here.start, here.end, sound_of(here)))
    long_enough = [span for span in found if len(span[2]) >= SHORTEST_READING]
    return sorted(long_enough, key=lambda span: (span[0], -span[1], span[2]))[:_MOST_READINGS]


def _may_mean(word: Token) -> bool:
    """A content word, or a kanji that UniDic takes for a sign where it is wrongly used: 秘 in 秘蜜."""
    return word.is_content or (word.pos == "記号" and bool(_KANJI.match(word.surface)))


def _misspelt(text: str, words: Sequence[Token], known: Known, index: Index) -> Iterator[list[str]]:
    """Terms of known words one slip away from katakana or letters that no passage has."""
    strange = [word for word in words if word.pos in ("名詞", "記号") and word.lemma not in known]
    for run in MISTYPED.finditer(text) if strange else ():
        inside = [word for word in strange if run.start() <= word.start and word.end <= run.end()]
        for attempt in [run[0], *(word.surface for word in inside)] if inside else ():
            if MISTYPED.fullmatch(attempt) and (near := _one_edit_away(attempt, index)):
                yield from near
                break


def _one_edit_away(word: str, index: Index) -> list[list[str]]:
    """Up to two known words, as terms. Three letters tell too little, unless only a long vowel differs."""
    near = {w: found for w, found in index.spelt_like(word).items() if OSA.distance(word, w, score_cutoff=1) == 1}
    if same := [found for w, found in near.items() if w.replace("ー", "") == word.replace("ー", "")]:
        return [stands_for for stands_for, _ in same]
    if len(word) < 4:
        return []
    return [stands_for for stands_for, _ in sorted(near.values(), key=lambda found: (-found[1], found[0]))[:2]]
