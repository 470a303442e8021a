"""Rules over concepts: which of them hold in a message. No text is looked at here, only mentions and their statuses.

A condition is written `concept|concept/status/!status`, `@group` stands for every concept of a group. Rules are indexed by
their rarest condition, so the time depends on what a message speaks of, not on how many rules there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from .lexicon import Concept, Mention, Message


@dataclass(frozen=True, slots=True)
class Condition:
    """Any mention of one of `concepts` whose status holds all of `wants` and none of `refuses`."""

    concepts: frozenset[str]
    wants: frozenset[str]
    refuses: frozenset[str]
    source: str

    def met_by(self, m: Mention) -> bool:
        return m.concept.id in self.concepts and self.wants <= m.status and not (self.refuses & m.status)


def parse_condition(source: str, concepts: Mapping[str, Concept]) -> Condition:
    """Raises KeyError naming the first concept, group or status that does not exist."""
    head, *marks = source.split("/")
    ids: set[str] = set()
    for name in head.split("|"):
        if name.startswith("@"):
            group = {c.id for c in concepts.values() if c.group == name[1:]}
            if not group:
                raise KeyError(name)
            ids |= group
        elif name in concepts:
            ids.add(name)
        else:
            raise KeyError(name)
    wants = frozenset(m for m in marks if m[:1] != "!")
    return Condition(frozenset(ids), wants, frozenset(m[1:] for m in marks if m[:1] == "!"), source)


@dataclass(frozen=True, slots=True)
class Rule:
    """What follows where all conditions hold. `score` adds to intents; `verdict` and `grade` place it in the lattice."""

    id: str
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...] = ()
    within: str = "message"
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

    def fired(self, message: Message) -> list[Fired]:
        """Rules that hold, in the order of the book."""
        by_concept: dict[str, list[Mention]] = {}
        for m in message.mentions:
            by_concept.setdefault(m.concept.id, []).append(m)
        numbers = sorted({n for c in by_concept for n in self._by_concept.get(c, ())})
        out = []
        for n in numbers:
            rule = self.rules[n]
            met = self._meets(rule, message.mentions)
            if met is not None:
                out.append(Fired(rule, met))
        return out

    @staticmethod
    def _meets(rule: Rule, mentions: Sequence[Mention]) -> tuple[Mention, ...] | None:
        candidates = []
        for condition in rule.when:
            found = [m for m in mentions if condition.met_by(m)]
            if not found:
                return None
            candidates.append(found)
        chosen = _scoped(candidates, rule.within, rule.ordered)
        if chosen is None:
            return None
        for condition in rule.unless:
            if any(condition.met_by(m) for m in mentions):
                return None
        return chosen


def _scoped(candidates: list[list[Mention]], within: str, ordered: bool) -> tuple[Mention, ...] | None:
    """One mention for each condition inside one clause, sentence or the message; in the written order where asked."""

    def scope(m: Mention) -> int:
        return m.clause if within == "clause" else m.sentence if within == "sentence" else 0

    for place in sorted({scope(m) for m in candidates[0]}):
        picked: list[Mention] = []
        for found in candidates:
            here = [m for m in found if scope(m) == place and (not ordered or not picked or m.begin >= picked[-1].begin)]
            fresh = [m for m in here if all(m is not p for p in picked)] or here
            if not fresh:
                break
            picked.append(fresh[0])
        else:
            return tuple(picked)
    return None
