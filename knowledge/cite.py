"""Facts for a reading: which ones answer, and where each comes from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .models import Cited, Topic
from .search import search
from .text import normalise

if TYPE_CHECKING:
    from .content import Knowledge
    from .index import Index
    from .schema import Fact

LIMIT = 4
_SEARCHED = 40  # hits that are looked through for the sections wanted
_RANK = {"seed": 0, "official": 1, "secondary": 2, "unverified": 3}
_ASIDE = (".ref", ".illustrative", ".examples", ".only", ".figure", ".old", ".search_box")  # facts about the leaflet


def cite(fact: Fact, knowledge: Knowledge) -> Cited:
    """The fact with its source. The leaflet has no date and no address, so both may be None."""
    source = knowledge.sources[fact.source]
    section = fact.sections[0] if fact.sections else ""
    return Cited(
        fact.id, fact.text, source.title, source.publisher or "", source.date, source.url, fact.certainty, fact.statute,
        fact.verified_on, section, knowledge.sections[section].title if section in knowledge.sections else "", fact.kind,
    )  # fmt: skip


def by_id(ids: Iterable[str], knowledge: Knowledge) -> list[Cited]:
    """Facts by id, those that exist, each once."""
    return [cite(knowledge.facts[i], knowledge) for i in dict.fromkeys(ids) if i in knowledge.facts]


def headline(section: str, knowledge: Knowledge) -> str | None:
    """The id of the fact that says best what a section is about: the leaflet's first, then the surest."""
    own = [f for f in knowledge.facts.values() if section in f.sections and not _aside(f.id)]
    leaflet = [f for f in own if f.id.startswith(f"leaflet.{section}") and f.certainty == "seed"]
    best = leaflet or sorted(own, key=lambda f: _RANK[f.certainty])
    return best[0].id if best else None


def topics(sections: Sequence[str], knowledge: Knowledge) -> tuple[Topic, ...]:
    known = [knowledge.sections[s] for s in sections if s in knowledge.sections]
    return tuple(Topic(s.id, s.title, s.summary, tuple(s.checks)) for s in known)


def answering(question: str, sections: Sequence[str], knowledge: Knowledge, index: Index | None) -> list[Cited]:
    """The 1-3 facts that answer a question, best first: search hits within the sections, the sure ones before the others.

    index: None looks at the questions beside the facts of the first section instead.
    """
    wanted = set(sections[:3])
    if index is not None:
        ids = [h.id for h in search(question, index, limit=_SEARCHED) if h.id in knowledge.facts]
    else:
        ids = _alike(question, sections, knowledge)
    inside = [i for i in ids if not wanted or wanted & set(knowledge.facts[i].sections)]
    first = [i for i in inside if sections and sections[0] in knowledge.facts[i].sections]
    found = [i for i in dict.fromkeys([*first[:2], *inside[:3], *first[2:4]]) if not _aside(i)][:3]
    if sections and not any(knowledge.facts[i].certainty != "unverified" for i in found):
        best = headline(sections[0], knowledge)
        found = [*([best] if best else []), *found]
    found = sorted(dict.fromkeys(found), key=lambda i: knowledge.facts[i].certainty == "unverified")
    return by_id(found[:3], knowledge)


def _aside(fact: str) -> bool:
    return any(part in fact for part in _ASIDE)


def _alike(question: str, sections: Sequence[str], knowledge: Knowledge) -> list[str]:
    """Facts of the sections by the letter pairs they share with the question."""
    asked = _pairs(question)
    scored = []
    for fact in knowledge.facts.values():
        if set(sections[:1]) & set(fact.sections):
            there = [_pairs(q) for q in (*fact.questions, fact.text)]
            score = max((len(asked & p) / (8 + len(p)) for p in there), default=0.0)
            scored.append((-score, fact.id))
    return [i for score, i in sorted(scored) if score < 0][:3]


def _pairs(text: str) -> set[str]:
    plain = normalise(text).text
    return {plain[i : i + 2] for i in range(len(plain) - 1) if not "ぁ" <= plain[i] <= "ん"}
