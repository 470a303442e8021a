"""Passages for a question, best first: its words as typed, and what they may have been meant to be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from .index import MISTYPED, SHORTEST_READING, Index, reading_key, sound_of, synonym_key, terms
from .text import Token, normalise, tokens

LARGE = 20_000  # passages; above it common terms cost more time than they are worth
_COMMON = 0.1  # share of the passages of a large index that have a common term
_MOST_TERMS = 200  # of a question, the rarest; only pasted texts have more
_MOST_REPEATS = 3
_LONGEST_READING = 12  # kana
_MOST_READINGS = 400  # looked up for one question
_LONGEST_SYNONYM = 4  # words
_AFTER_NOUN = set("のはがをにでともやかへ")
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]{3,}")


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
    words = tokens(text)
    asked = Counter(terms(text, words))
    known = index.counts(asked)
    meant = _meant(text, words, known, index)
    known |= index.counts(meant.keys() - asked.keys())
    for term, times in meant.items():
        asked.setdefault(term, times)
    numbers = _worth_asking(asked, known, len(index.passages))
    return [Hit(index.passages[position].id, score) for position, score in index.rank(numbers, limit)]


def _worth_asking(asked: Mapping[str, int], known: Mapping[str, tuple[int, int]], passages: int) -> list[int]:
    """Numbers of the terms that tell passages apart, repeated as often as they weigh.

    BM25 gives nothing for a term that half of the passages have, so leaving it out only saves time; if all terms are
    such, they are kept.
    """
    share = _COMMON if passages > LARGE else 0.5
    rare = {term for term, (_, having) in known.items() if having <= passages * share} or set(known)
    chosen = sorted(rare, key=lambda term: known[term])[:_MOST_TERMS] if len(rare) > _MOST_TERMS else sorted(rare)
    return [known[term][0] for term in chosen for _ in range(min(asked[term], _MOST_REPEATS))]


# --- meant, not typed -------------------------------------------------------------------------------------------------


def _meant(text: str, words: Sequence[Token], known: Mapping[str, tuple[int, int]], index: Index) -> Counter[str]:
    """Terms the question does not have but may mean, with their weight (1 or more)."""
    found: Counter[str] = Counter()
    heard = _spans_by_sound(text, words, known)
    sounding = index.sounding({reading_key(sound) for _, _, sound in heard})
    covered = 0  # up to here something longer, or further left, was heard already
    for start, end, sound in heard:
        for stands_for in sounding.get(reading_key(sound), ()) if start >= covered else ():
            found |= Counter(stands_for)
            covered = end
    for stands_for in _misspelt(text, words, known, index):
        found |= Counter(dict.fromkeys(stands_for, 1))
    keys = [synonym_key(words[i:j]) for i in range(len(words)) for j in range(i + 1, i + _LONGEST_SYNONYM + 1)]
    for others in index.synonyms(set(keys)).values():
        # The lemma alone, once: half the weight of a word that was typed, which counts with its bigrams too.
        found |= Counter(dict.fromkeys(others, 1))
    return found


def _spans_by_sound(
    text: str, words: Sequence[Token], known: Mapping[str, tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """(start, end, reading) of what may be a known word in another writing; from the left, the longest first.

    Kana, cut where a word may begin and end: ちゅうおう委員会 is 中央. Words no passage has, alone or with a neighbour:
    秘蜜 sounds as 秘密 does.
    """
    begins, ends = {word.start for word in words}, {word.end for word in words}
    understood = {(word.start, word.end) for word in words if word.is_content and word.lemma in known}
    found: list[tuple[int, int, str]] = []
    for run in _KANA.finditer(text):
        for start in range(run.start(), run.end()):
            if start not in begins:
                continue
            for end in range(min(run.end(), start + _LONGEST_READING), start + SHORTEST_READING - 1, -1):
                if (end == run.end() or end in ends or text[end] in _AFTER_NOUN) and (start, end) not in understood:
                    found.append((start, end, text[start:end]))
    for here, after in zip(words, [*words[1:], None], strict=False):
        if not here.is_content:
            continue
        strange = here.lemma not in known
        if after and after.is_content and after.start == here.end and (strange or after.lemma not in known):
            found.append((here.start, after.end, sound_of(here) + sound_of(after)))
        if strange:
            found.append((here.start, here.end, sound_of(here)))
    found = sorted({span for span in found if len(span[2]) >= SHORTEST_READING}, key=lambda span: (span[0], -span[1]))
    return found[:_MOST_READINGS]


def _misspelt(
    text: str, words: Sequence[Token], known: Mapping[str, tuple[int, int]], index: Index
) -> Iterator[list[str]]:
    """Terms of known words one slip away from katakana or letters that no passage has."""
    strange = [word for word in words if word.pos in ("名詞", "記号") and word.lemma not in known]
    for run in MISTYPED.finditer(text):
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
