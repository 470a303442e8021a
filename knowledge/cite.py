"""Facts for a reading: which ones answer, and where each comes from."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from .models import Cited, Topic
from .search import search
from .text import hiragana, normalise, tokens

if TYPE_CHECKING:
    from .content import Knowledge
    from .index import Index
    from .schema import Fact

LIMIT = 4
_SEARCHED = 40  # hits that are looked through for the sections wanted
_RANK = {"seed": 0, "official": 1, "secondary": 2, "unverified": 3}
_WEIGHT = {"seed": 1.25, "official": 1.15, "secondary": 1.0, "unverified": 0.9}
_OVERVIEW = 0.75  # rows of the big table, and figures: true, but seldom what was asked
_WHAT = re.compile(  # what stands behind a term when its meaning is asked for
    r"[」』)]?(?:とは(?:[?、。]|何|なん|なに|どう|$)|(?:って|は)[?]|(?:という|って)言葉"
    r"|(?:って|は|というのは|の)(?:言葉の)?(?:何|なん(?!で(?!す|しょ))|なに|どういう|どんな|意味|定義))"
)
_NEAR = 0.5  # of the best hit's weight: what is further off answers something else
# Facts about the leaflet and its pages, not about what to do.
_ASIDE = tuple("leaflet.about leaflet.D-0 .ref .illustrative .examples .only .figure .old .search_box".split())


def cite(fact: Fact, knowledge: Knowledge) -> Cited:
    """The fact with its source. The leaflet has no date and no address, so both may be None."""
    source = knowledge.sources[fact.source]
    section = fact.sections[0] if fact.sections else ""
    return Cited(
        id=fact.id,
        text=fact.text,
        title=source.title,
        publisher=source.publisher or "",
        date=source.date,
        url=source.url,
        certainty=fact.certainty,
        statute=fact.statute,
        verified_on=fact.verified_on,
        section=section,
        section_title=knowledge.sections[section].title if section in knowledge.sections else "",
        kind=fact.kind,
    )


def by_id(ids: Iterable[str], knowledge: Knowledge) -> list[Cited]:
    """Facts by id, those that exist, each once."""
    return [cite(knowledge.facts[i], knowledge) for i in dict.fromkeys(ids) if i in knowledge.facts]


def beginning(prefix: str, knowledge: Knowledge) -> list[str]:
    """The id of the first fact whose id begins so, in a list of one, or []."""
    return [i for i in knowledge.facts if i.startswith(prefix)][:1]


def headline(section: str, knowledge: Knowledge) -> str | None:
    """The id of the fact that says best what a section is about."""
    return knowledge.headlines.get(section)


def headlines(facts: Iterable[Fact]) -> dict[str, str]:
    """By section, the fact that says best what it is about: the leaflet's first, then the surest."""
    best: dict[str, tuple[int, str]] = {}
    for f in facts:
        for section in () if _aside(f.id) else f.sections:
            own = f.id.startswith(f"leaflet.{section}") and f.certainty == "seed"
            rank = -1 if own else _RANK[f.certainty]
            if section not in best or rank < best[section][0]:
                best[section] = rank, f.id
    return {section: fact for section, (_, fact) in best.items()}


def of_leaflet(section: str, knowledge: Knowledge) -> list[Cited]:
    """The first facts of the leaflet on a section; what stands best for it where the leaflet has none."""
    own = [i for i in knowledge.facts if i.startswith(f"leaflet.{section}.") and not _aside(i)]
    return by_id(own or beginning_of(section, knowledge), knowledge)[:3]


def topics(sections: Sequence[str], knowledge: Knowledge) -> tuple[Topic, ...]:
    known = [knowledge.sections[s] for s in sections if s in knowledge.sections]
    return tuple(Topic(s.id, s.title, s.summary, tuple(s.checks)) for s in known)


def answering(question: str, sections: Sequence[str], knowledge: Knowledge, index: Index | None) -> list[Cited]:
    """The 1-3 facts that answer a question: search hits within the sections, best first, unverified ones last.

    index: None looks at the questions beside the facts of the first section instead.
    """
    if index is not None:
        hits = [(h.id, h.score) for h in search(question, index, limit=_SEARCHED) if h.id in knowledge.facts]
    else:
        hits = _alike(question, sections, knowledge)
    wanted = set(sections[:3])
    found: dict[str, float] = {}
    for fact, score in hits:
        there = knowledge.facts[fact]
        if _aside(fact) or (wanted and not wanted & set(there.sections)):
            continue
        weight = _WEIGHT[there.certainty] * (1.25 if sections and sections[0] in there.sections else 1.0)
        if fact.startswith("handbook.M-") or there.kind == "background":
            weight *= _OVERVIEW
        found.setdefault(_original(fact, knowledge), score * weight)
    best = max(found.values(), default=0.0)
    ranked = sorted((i for i in found if found[i] >= best * _NEAR), key=lambda i: -found[i])[:3]
    if sections and all(knowledge.facts[i].certainty == "unverified" for i in ranked):
        ranked = [*beginning_of(sections[0], knowledge), *ranked]
    ranked.sort(key=lambda i: knowledge.facts[i].certainty == "unverified")
    return by_id(ranked[:3], knowledge)


def beginning_of(section: str, knowledge: Knowledge) -> list[str]:
    """The section's headline fact in a list of one, or []."""
    best = headline(section, knowledge)
    return [best] if best else []


def _original(fact: str, knowledge: Knowledge) -> str:
    """The leaflet's own words stand for the handbook fact that only repeats them."""
    here = knowledge.facts[fact]
    if here.certainty != "seed" or fact.startswith("leaflet."):
        return fact
    same = [f for f in knowledge.facts.values() if f.id.startswith("leaflet.") and (fact in f.see or f.id in here.see)]
    return next((f.id for f in same if f.sections[:1] == here.sections[:1]), fact)


def definition(question: str, knowledge: Knowledge) -> tuple[str, str] | None:
    """(term, definition) where a question asks what a glossary term means; the longest term where several fit."""
    text = normalise(question).text
    found = [
        (len(name), name == _names(term.term, ())[0], term.term, term.definition)
        for term in knowledge.glossary.values()
        for name in _names(term.term, term.variants)
        if name in text and any(_WHAT.match(text, m.end()) for m in re.finditer(re.escape(name), text))
    ]
    return max(found)[2:] if found else None


@functools.lru_cache(maxsize=4096)
def _names(term: str, variants: tuple[str, ...]) -> tuple[str, ...]:
    """A term as it may stand in a normalised text, and as it sounds."""
    plain = [normalise(name).text for name in (term, *variants)]
    sounds = [hiragana("".join(t.reading or t.surface for t in tokens(name))) for name in plain]
    return tuple(n for n in dict.fromkeys([*plain, *(s for s in sounds if len(s) > 3)]) if len(n) > 1)


def _aside(fact: str) -> bool:
    return any(part in fact for part in _ASIDE)


def _alike(question: str, sections: Sequence[str], knowledge: Knowledge) -> list[tuple[str, float]]:
    """Facts of the first section by the letter pairs they share with the question."""
    asked = _pairs(question)
    scored = []
    for fact in knowledge.facts.values():
        if set(sections[:1]) & set(fact.sections):
            there = [_pairs(q) for q in (*fact.questions, fact.text)]
            score = max((len(asked & p) / (8 + len(p)) for p in there), default=0.0)
            scored.append((-score, fact.id))
    return [(i, -score) for score, i in sorted(scored) if score < 0][:_SEARCHED]


def _pairs(text: str) -> set[str]:
    plain = normalise(text).text
    return {plain[i : i + 2] for i in range(len(plain) - 1) if not "ぁ" <= plain[i] <= "ん"}
