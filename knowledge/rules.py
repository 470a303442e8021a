"""Rules over concepts: which of them hold in a message. No text is looked at here, only mentions and their statuses.

A condition is written `concept|concept/status/!status`, `@group` stands for every concept of a group. Rules are
indexed by their rarest condition, so the time depends on what a message speaks of, not on how many rules there are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .lexicon import Concept, Mention, Message, parse_word
from .status import STATUSES


@dataclass(frozen=True, slots=True)
class Condition:
    """One of several concepts, each with the statuses its mention must hold and must not hold."""

    alternatives: Mapping[str, tuple[tuple[frozenset[str], frozenset[str]], ...]]
    source: str

    @property
    def concepts(self) -> Iterable[str]:
        return self.alternatives.keys()

    def met_by(self, m: Mention) -> bool:
        status = m.status
        for wants, refuses in self.alternatives.get(m.concept.id, ()):
            if wants <= status and refuses.isdisjoint(status):
                return True
        return False


def parse_condition(source: str, concepts: Mapping[str, Concept]) -> Condition:
    """`a/done|@group/!neg` -> Condition. Raises KeyError naming the first name that does not exist."""
    alternatives: dict[str, tuple[tuple[frozenset[str], frozenset[str]], ...]] = {}
    for part in source.split("|"):
        name, wants, refuses = parse_word(part)
        for status in wants | refuses:
            if status not in STATUSES:
                raise KeyError(status)
        if name.startswith("@"):
            ids = [c.id for c in concepts.values() if c.group == name[1:]]
        else:
            ids = [name] if name in concepts else []
        if not ids:
            raise KeyError(name)
        for concept in ids:
            alternatives[concept] = (*alternatives.get(concept, ()), (wants, refuses))
    return Condition(alternatives, source)


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows where all conditions hold. `score` adds to intents, `verdict` and `grade` rank it."""

    id: str
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...] = ()
    unless_near: tuple[Condition, ...] = ()
    within: str = "message"
    near: int = 0
    between: tuple[str, ...] = ()
    gives: str = ""
    ordered: bool = False
    score: Mapping[str, float] = field(default_factory=dict)
    verdict: str = ""
    grade: int = 0
    flags: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    sections: Mapping[str, float] = field(default_factory=dict)
    ask: str = ""
    would_change: str = ""
    why: str = ""
    source: str = ""
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fired:
    """A rule that holds, with the mentions that met its conditions (first in the text each)."""

    rule: Rule
    mentions: tuple[Mention, ...]


class RuleBook:
    """Rules ready to be asked. Building it is linear in the number of rules."""

    def __init__(self, rules: Iterable[Rule]):
        self.rules = list(rules)
        self.by_id = {rule.id: rule for rule in self.rules}
        self._by_concept: dict[str, list[int]] = {}
        weight: dict[str, int] = {}
        for rule in self.rules:
            for condition in rule.when:
                for concept in condition.concepts:
                    weight[concept] = weight.get(concept, 0) + 1
        for number, rule in enumerate(self.rules):
            rarest = min(rule.when, key=lambda c: sum(weight[x] for x in c.concepts))
            for concept in rarest.concepts:
                self._by_concept.setdefault(concept, []).append(number)

    def fired(self, message: Message, said: Said | None = None) -> list[Fired]:
        """Rules that hold, in the order of the book. said: of the message as it stands, to ask several books."""
        said = said or Said(message.mentions)
        out = []
        for n in sorted({n for c in said.by_concept.keys() & self._by_concept.keys() for n in self._by_concept[c]}):
            rule = self.rules[n]
            met = self._meets(rule, message, said)
            if met is not None:
                out.append(Fired(rule, met))
        return out

    @staticmethod
    def _meets(rule: Rule, message: Message, said: Said) -> tuple[Mention, ...] | None:
        candidates = []
        for condition in rule.when:
            found = said.of(condition)
            if not found:
                return None
            candidates.append(found)
        if rule.within in ("last", "story"):  # only what stands in the closing sentence, or only what stands before
            closing, last = message.sentence_of[-1], rule.within == "last"
            candidates = [[m for m in found if (m.sentence == closing) == last] for found in candidates]
            if not all(candidates):
                return None
        chosen = _scoped(candidates, rule, message.source.text)
        if chosen is None:
            return None
        if rule.unless_near:
            here = {m.sentence for m in chosen}
            if any(m.sentence in here for c in rule.unless_near for m in said.of(c)):
                return None
        for condition in rule.unless:
            if said.of(condition):
                return None
        return chosen


_NOBODY: list[Mention] = []


class Said:
    """Which mentions meet a condition, in order of place. Many rules ask for the same: each is looked up once."""

    def __init__(self, mentions: Iterable[Mention]):
        self.by_concept: dict[str, list[Mention]] = {}
        for m in mentions:
            self.by_concept.setdefault(m.concept.id, []).append(m)
        self._known: dict[str, list[Mention]] = {}

    def of(self, condition: Condition) -> list[Mention]:
        found = self._known.get(condition.source)
        if found is None:
            here, named = self.by_concept, condition.alternatives
            there = [c for c in named if c in here] if len(named) < len(here) else [c for c in here if c in named]
            met_by = condition.met_by
            found = [m for c in there for m in here[c] if met_by(m)] if there else _NOBODY
            if len(found) > 1:
                found.sort(key=lambda m: (m.begin, m.end))
            self._known[condition.source] = found
        return found


def _scoped(candidates: list[list[Mention]], rule: Rule, text: str) -> tuple[Mention, ...] | None:
    """One mention for each condition inside one clause, sentence or the message; in the written order and at most
    `near` words apart, or with one of the `between` texts between them, where the rule asks for it."""

    # What the search would find at its first step.
    if len(candidates) == 1 and rule.within in ("message", "last"):
        return (candidates[0][0],)
    if rule.within in ("message", "last") and not (rule.near or rule.ordered or rule.between):
        first = tuple([found[0] for found in candidates])
        if len({id(m) for m in first}) == len(first):
            return first

    def scope(m: Mention) -> int:
        return m.clause if rule.within == "clause" else m.sentence if rule.within == "sentence" else 0

    # Mentions stand in order of place, so `near` leaves a window of them: a pasted text must not cost its square.
    begins = [[m.begin for m in found] for found in candidates] if rule.near else []
    longest = [max(m.end - m.begin for m in found) for found in candidates] if rule.near else []

    def window(n: int, last: Mention | None) -> Sequence[Mention]:
        if last is None or not rule.near:
            return candidates[n]
        first = last.begin if rule.ordered else last.begin - rule.near - longest[n]
        return candidates[n][bisect_left(begins[n], first) : bisect_right(begins[n], last.end + rule.near)]

    def search(place: int, picked: tuple[Mention, ...]) -> tuple[Mention, ...] | None:
        if len(picked) == len(candidates):
            return picked
        for m in window(len(picked), picked[-1] if picked else None):
            if scope(m) != place or any(m is p for p in picked):
                continue
            if picked and rule.ordered and m.begin < picked[-1].begin:
                continue
            if picked and rule.near and not -rule.near <= _gap(picked[-1], m) <= rule.near:
                continue
            if picked and rule.between and not _joined(text[picked[-1].stop : m.start], rule.between):
                continue
            done = search(place, (*picked, m))
            if done:
                return done
        return None

    for place in sorted({scope(m) for m in candidates[0]}):
        found = search(place, ())
        if found:
            return found
    return None


def _joined(between: str, allowed: Sequence[str]) -> bool:
    """The text between two mentions is one of `allowed`; `の…` allows what begins with の, `…の` what ends so."""

    def fits(a: str) -> bool:
        if a.startswith("…"):
            return between.endswith(a[1:])
        return between.startswith(a[:-1]) if a.endswith("…") else between == a

    return any(map(fits, allowed))


def _gap(a: Mention, b: Mention) -> int:
    """Words between two mentions."""
    return max(b.begin - a.end, a.begin - b.end, 0)
