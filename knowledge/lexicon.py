"""Concepts in a message: which words of words/*.yaml stand in it, where, and what is said of them.

A word in the data is written as people say it. Notation: `~` a gap of a few words in the same sentence,
`/status` only with that status (knowledge/status.py), `/!status` only without it, `=` in front: these characters as
they stand, not dictionary forms.
Three views are matched: dictionary forms (so 渡しちゃった is 渡す), the characters themselves (so 顧客名簿 is found
however it is cut), and kana spellings of words that are written in kanji.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from typing import Any

from . import text as _text
from .status import status_of
from .text import Text, Token, hiragana

GAP = "~"
_GAP_LIMIT = 7
_SKIPPABLE = {
    "は",
    "が",
    "を",
    "も",
    "って",
    "の",
    "に",
    "で",
    "へ",
    "とか",
    "なんか",
    "と",
    "や",
    "まで",
    "だけ",
    "さえ",
    "ね",
}
_SAYS = {"まで", "だけ", "さえ", "とか"}  # in a word of ours these say something: どこまで出す is not どこに出す
# Groups whose longer words swallow shorter ones of any group: 公開公報 is no 公開, 個人情報保護委員会 no 個人情報.
_COMPOUNDS = {"kind", "medium", "desk", "mark"}
_STOPPERS = set("。！？!?\n")
_HIRAGANA = frozenset(
    "ぁあぃいぅうぇえぉおかがきぎくぐけげこごさざしじすずせぜそぞただちぢっつづてでとどなにぬねのはばぱひびぴふぶぷへべぺほぼぽまみむめもゃやゅゆょよらりるれろわをんー"
)


@dataclass(frozen=True, slots=True)
class Concept:
    """A thing a message can speak of. `flags` are LABELS.md flags; `group` ties concepts that rules treat alike."""

    id: str
    group: str
    words: tuple[str, ...]
    flags: tuple[str, ...] = ()
    nature: str = ""
    label: str = ""
    excluded: tuple[str, ...] = ()


@dataclass(slots=True, unsafe_hash=True)
class Mention:
    """A concept at tokens[begin:end], characters start..end_char of the normalised text.

    Never changed, though not frozen (see Token).
    """

    concept: Concept
    begin: int
    end: int
    start: int
    stop: int
    status: frozenset[str]
    clause: int
    sentence: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class _Term:
    concept: str
    elements: tuple[tuple[str, bool, bool, str], ...]  # (lemma, may be missing, is gap, first kanji)
    wants: frozenset[str]
    refuses: frozenset[str]
    exact: bool = True  # without a gap
    needs: tuple[str, ...] = ()  # dictionary forms, each once, that must stand in the message


_Terms = dict[str, tuple[_Term, ...]]
# (concept, statuses wanted, statuses refused, first word, end) -> the term, and its characters
_Found = dict[tuple[str, frozenset[str], frozenset[str], int, int], tuple[_Term, int, int]]


@dataclass(slots=True)
class Message:
    """A message cut into words, clauses and sentences, with its mentions."""

    source: Text
    tokens: list[Token]
    clause_of: list[int]
    sentence_of: list[int]
    mentions: list[Mention] = field(default_factory=list)

    def quote(self, m: Mention) -> str:
        return self.source.quote(m.start, m.stop).strip()


def parse_word(word: str) -> tuple[str, frozenset[str], frozenset[str]]:
    """`出す/neg/!if` -> (`出す`, {neg}, {if})."""
    base, *marks = word.split("/")
    return base, frozenset(m for m in marks if m[:1] != "!"), frozenset(m[1:] for m in marks if m[:1] == "!")


_FIRST = 2  # letters by which names are looked up; no name is shorter


class Lexicon:
    """All concepts, ready to be found. Building it is linear in the number of words; finding is not."""

    def __init__(self, concepts: Iterable[Concept]):
        self.concepts: dict[str, Concept] = {c.id: c for c in concepts}
        terms: list[_Term] = []
        lists: tuple[dict[str, list[_Term]], ...] = ({}, {})
        excluded: dict[str, set[str]] = {}
        pool: dict[Any, Any] = {}  # what many words have in common is held once: two thirds of the memory
        for concept in self.concepts.values():
            for word in concept.words:
                _add(concept.id, word, pool, terms, *lists)
            for word in concept.excluded:
                excluded.setdefault(_text.normalise(word).text, set()).add(concept.id)
        self._by_rarest = _by_rarest(terms)
        self._by_text, self._by_kana = map(_tuples, lists)
        self._excluded = {word: pool.setdefault(found := frozenset(ids), found) for word, ids in excluded.items()}
        self._measure()

    def _measure(self) -> None:
        """Which lengths are worth a look, by the first letters: most places of a text begin no word at all."""
        self._text_lengths = _lengths(self._by_text, _FIRST)
        self._kana_lengths = _lengths(self._by_kana, _FIRST)
        self._excluded_lengths = _lengths(self._excluded, 1)

    def joined(self, more: Lexicon, concepts: Iterable[Concept]) -> Lexicon:
        """A lexicon of these concepts, whose words are in this one or in `more`. It shares what this one holds."""
        made = copy(self)
        made.concepts = {c.id: c for c in concepts}
        if not more.concepts:
            return made
        made._by_rarest = _both(self._by_rarest, more._by_rarest)
        made._by_text = _both(self._by_text, more._by_text)
        made._by_kana = _both(self._by_kana, more._by_kana)
        made._excluded = {**self._excluded}
        for word, ids in more._excluded.items():
            made._excluded[word] = self._excluded.get(word, frozenset()) | ids
        made._measure()
        return made

    # --- finding ----------------------------------------------------------------------------------------------------

    def read(self, source: Text) -> Message:
        """Cut a text and find every concept in it, in order of place.

        Sentences that tell the reader what to answer, and such without a Japanese letter, are passed over where others
        stand beside them: they are text, not facts.
        """
        message = self._read(source)
        passed = _passed_over(message)
        if passed and len(passed) <= message.sentence_of[-1]:
            chars = list(source.text)
            for t, s in zip(message.tokens, message.sentence_of, strict=True):
                if s in passed:
                    chars[t.start : t.end] = "\n" * (t.end - t.start)
            message = self._read(replace(source, text="".join(chars)))
        return message

    def _read(self, source: Text) -> Message:
        words = _text.tokens(source.text)
        clause_of, sentence_of = _scopes(words, source.text)
        message = Message(source, words, clause_of, sentence_of)
        if not words:
            return message
        found: _Found = {}
        self._find_lemmas(words, found)
        self._find_text(source.text, words, found)
        cache: dict[tuple[int, int], frozenset[str]] = {}
        mentions = []
        for (*_, begin, end), (term, start, stop) in found.items():
            key = (begin, end)
            if key not in cache:
                cache[key] = status_of(words, begin, end, source.text)
            status = cache[key]
            if term.wants <= status and not (term.refuses & status):
                mentions.append(
                    Mention(
                        self.concepts[term.concept],
                        begin,
                        end,
                        start,
                        stop,
                        status,
                        clause_of[end - 1],
                        sentence_of[end - 1],
                        term.exact,
                    )
                )
        message.mentions = self._prune(source.text, mentions)
        return message

    def _find_lemmas(self, words: Sequence[Token], found: _Found) -> None:
        places: dict[str, list[int]] = {}
        for i, token in enumerate(words):
            places.setdefault(token.lemma, []).append(i)
            if token.surface != token.lemma:
                places.setdefault(token.surface, []).append(i)
        present = set(places)
        for rarest in places:
            for term in self._by_rarest.get(rarest, ()):
                if not present.issuperset(term.needs):
                    continue
                for i in places[term.elements[0][0]]:
                    end = _match(term.elements, words, i)
                    if end:
                        name = (term.concept, term.wants, term.refuses, i, end)
                        if name not in found or (term.exact and not found[name][0].exact):
                            found[name] = (term, words[i].start, words[end - 1].end)

    def _find_text(self, text: str, words: Sequence[Token], found: _Found) -> None:
        at_start = {t.start: k for k, t in enumerate(words)}
        token_at = [0] * (len(text) + 1)
        for k, t in enumerate(words):
            for c in range(t.start, t.end):
                token_at[c] = k
        kana = hiragana(text)
        n = len(text)
        for i in range(n):
            aligned = i in at_start
            lengths: Sequence[int] = self._text_lengths.get(text[i : i + _FIRST], ())
            spoken_lengths = self._kana_lengths.get(kana[i : i + _FIRST], ()) if aligned else ()
            for length in sorted({*lengths, *spoken_lengths}) if spoken_lengths else lengths:
                j = i + length
                if j > n:
                    break
                piece = text[i:j]
                hit = self._by_text.get(piece)
                # a short word must be cut like this by the tokeniser too (請書 is not in 申請書)
                if (
                    hit
                    and not _inside_word(text, i, j)
                    and (j - i >= 4 or (aligned and (j == n or j in at_start or text[j].isspace())))
                ):
                    self._note(hit, token_at[i], token_at[j - 1] + 1, i, j, found)
                if aligned and j - i >= 3:
                    spoken = self._by_kana.get(kana[i:j])
                    if spoken and piece != "" and all(c in _HIRAGANA or "ァ" <= c <= "ヶ" for c in piece):
                        whole = j == n or j in at_start
                        if (whole and (j - i > 3 or words[at_start[i]].pos == "名詞")) or j - i >= 5:
                            self._note(spoken, token_at[i], token_at[j - 1] + 1, i, j, found)

    def _note(self, terms: Iterable[_Term], begin: int, end: int, start: int, stop: int, found: _Found) -> None:
        for term in terms:
            found.setdefault((term.concept, term.wants, term.refuses, begin, end), (term, start, stop))

    def _prune(self, text: str, mentions: list[Mention]) -> list[Mention]:
        blocked: list[tuple[int, int, frozenset[str]]] = []
        for i, first in enumerate(text) if self._excluded else ():
            for length in self._excluded_lengths.get(first, ()):
                ids = self._excluded.get(text[i : i + length])
                if ids:
                    blocked.append((i, i + length, ids))
        unique: dict[tuple[str, int, int], Mention] = {}
        for m in mentions:
            if any(a <= m.start and m.stop <= b and m.concept.id in ids for a, b, ids in blocked):
                continue
            unique.setdefault((m.concept.id, m.begin, m.end), m)
        over: dict[int, list[Mention]] = {}
        for m in unique.values():
            if m.exact and m.concept.group in _COMPOUNDS and m.stop - m.start > 1:
                for c in range(m.start, m.stop):
                    over.setdefault(c, []).append(m)
        kept = [
            m
            for m in unique.values()
            if m.concept.group in ("mood", "frame")
            or not any(
                o.start <= m.start and m.stop <= o.stop and (o.stop - o.start) > (m.stop - m.start)
                for o in over.get(m.start, ())
            )
        ]
        return sorted(kept, key=lambda m: (m.begin, m.end, m.concept.id))


def _add(
    concept: str,
    word: str,
    pool: dict[Any, Any],
    terms: list[_Term],
    by_text: dict[str, list[_Term]],
    by_kana: dict[str, list[_Term]],
) -> None:
    """A word of a concept, for each way to find it."""

    def same(value: Any) -> Any:
        return pool.setdefault(value, value)

    base, *statuses = parse_word(word)
    wants, refuses = map(same, statuses)
    if base.startswith("="):
        literal = same(_text.normalise(base[1:]).text)
        by_text.setdefault(literal, []).append(_Term(concept, (), wants, refuses))
        return
    elements: list[tuple[str, bool, bool, str]] = []
    surface_form = ""
    plain = GAP not in base
    pieces: list[Token] = []
    for k, part in enumerate(base.split(GAP)):
        if k:
            elements.append((GAP, False, True, ""))
        normal = _text.normalise(part).text
        cut = _text.tokens(normal)
        pieces += cut
        elements += [
            (t.lemma, t.is_particle and t.surface in _SKIPPABLE - _SAYS, False, _kanji(t.surface)) for t in cut
        ]
        surface_form += normal
    if not elements:
        return
    inner = range(1, len(elements) - 1)
    elements = [same((same(x), p and k in inner, g, c)) for k, (x, p, g, c) in enumerate(elements)]
    needs = same(tuple(sorted({x for x, missing, gap, _ in elements if not missing and not gap})))
    term = _Term(concept, same(tuple(elements)), wants, refuses, plain, needs)
    terms.append(term)
    nounlike = plain and all(t.pos not in ("動詞", "助動詞", "形容詞", "助詞") for t in pieces)
    if nounlike and len(surface_form) > 1:
        if not all(c in _HIRAGANA for c in surface_form) or len(surface_form) >= 4:
            by_text.setdefault(same(surface_form), []).append(term)
        kana = hiragana("".join(t.reading or t.surface for t in pieces))
        if len(kana) >= 3 and kana != surface_form and all(c in _HIRAGANA for c in kana):
            by_kana.setdefault(same(kana), []).append(term)


def _tuples(lists: dict[str, list[_Term]]) -> _Terms:
    return {key: tuple(terms) for key, terms in lists.items()}


def _by_rarest(terms: Sequence[_Term]) -> _Terms:
    """Terms, each by that word it needs which the fewest terms need: few stand by a word that many messages have."""
    count = Counter(need for term in terms for need in term.needs)
    found: dict[str, list[_Term]] = {}
    for term in terms:
        found.setdefault(min(term.needs, key=lambda n: (count[n], n)), []).append(term)
    return _tuples(found)


def _both(ours: _Terms, more: _Terms) -> _Terms:
    """Both, ours first; ours is left as it is."""
    return ours | {key: (*ours.get(key, ()), *terms) for key, terms in more.items()}


def _lengths(names: Iterable[str], first: int) -> dict[str, tuple[int, ...]]:
    """How long the names are that begin with the same letters, the shortest first; shorter ones are left out."""
    found: dict[str, set[int]] = {}
    for name in names:
        if len(name) >= first:
            found.setdefault(name[:first], set()).add(len(name))
    pool: dict[tuple[int, ...], tuple[int, ...]] = {}  # few differ: each is held once
    return {begin: pool.setdefault(t := tuple(sorted(lengths)), t) for begin, lengths in found.items()}


def _inside_word(text: str, i: int, j: int) -> bool:
    """text[i:j] begins or ends inside a run of ASCII letters or of katakana (ラフ in グラフ)."""

    def kind(c: str) -> str:
        return "a" if c.isascii() and c.isalnum() else "k" if "ァ" <= c <= "ー" else ""

    def joined(a: str, b: str) -> bool:
        return bool(kind(a)) and kind(a) == kind(b)

    return (i > 0 and joined(text[i - 1], text[i])) or (j < len(text) and joined(text[j - 1], text[j]))


def _kanji(surface: str) -> str:
    return surface[0] if surface and "\u4e00" <= surface[0] <= "\u9fff" else ""


def _alike(surface: str, first: str) -> bool:
    """UniDic has one lemma for words written apart (辞める, 止める): where both are in kanji, the first must agree."""
    written = _kanji(surface)
    return not first or not written or first == written


def _match(elements: Sequence[tuple[str, bool, bool, str]], words: Sequence[Token], i: int) -> int:
    """End (exclusive) of the elements matched from words[i], or 0."""
    j, k, count = i, 0, len(words)
    while k < len(elements):
        lemma, particle, gap, first = elements[k]
        if gap:
            for start in range(j, min(count, j + _GAP_LIMIT + 1)):
                if words[start].surface in _STOPPERS or (start > i and words[start].start > words[start - 1].end):
                    return 0
                end = _match(elements[k + 1 :], words, start)
                if end:
                    return end
            return 0
        word = words[j] if j < count else None
        if word and (word.surface == lemma or (word.lemma == lemma and _alike(word.surface, first))):
            j += 1
            k += 1
        elif particle and k:
            k += 1
        elif k and word and word.pos == "助詞" and word.surface in _SKIPPABLE and not elements[k - 1][2]:
            j += 1
        else:
            return 0
    return j


_JAPANESE = re.compile(r"[ぁ-んァ-ヺ一-鿿々]")


def _passed_over(message: Message) -> set[int]:
    """Sentences that command the reader, or hold no Japanese while another does.

    その金額だけ答えていいですか asks what the writer may do, and commands nobody.
    """
    commanded = {m.sentence for m in message.mentions if m.concept.id == "instruct_bot" and "may" not in m.status}
    spoken = {s for t, s in zip(message.tokens, message.sentence_of, strict=True) if _JAPANESE.search(t.surface)}
    return commanded | (set(message.sentence_of) - spoken if spoken else set())


_CLAUSE_PARTICLES = {"けれど", "が", "から", "ので", "のに", "し", "ながら"}


def _ends_clause(token: Token, following: Token | None) -> bool:
    """Whether a clause ends with this word: a comma, けど, から, ので and the like, なら."""
    if token.surface in ("、", ",", "，", "・"):
        return True
    if token.pos2 == "接続助詞" and token.lemma in _CLAUSE_PARTICLES:
        return True
    if token.pos == "助動詞" and token.form.startswith("仮定形"):
        return following is not None and following.surface != "ば"
    return token.pos == "助詞" and token.lemma == "ので"


def _scopes(words: Sequence[Token], text: str) -> tuple[list[int], list[int]]:
    """Clause and sentence number of each word. Clauses end at commas and at けど/が/から/ので/のに/し/たら/ば."""
    clauses, sentences, c, s = [], [], 0, 0
    for i, t in enumerate(words):
        if i and "\n" in text[words[i - 1].end : t.start]:
            c += 1
            s += 1
        clauses.append(c)
        sentences.append(s)
        following = words[i + 1] if i + 1 < len(words) else None
        if t.surface in _STOPPERS:
            c += 1
            s += 1
        elif _ends_clause(t, following):
            c += 1
    return clauses, sentences
