"""From a message to its reading: the draft of read.py, with evidence, what to do, whom to ask, and sources.

Pure: the same text, content, choices and day give the same reading. Wording lives in the data files and in the views.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from . import cite, routes
from .evidence import evidence
from .lexicon import Mention
from .models import Answered, Ask, Case, Cited, DeskView, Evidence, Measure, Option, Question, Reading, Step
from .read import CAREFUL, Draft, draft, named_sections, near_intents
from .rules import Fired, Rule
from .settings import settings
from .text import Text, normalise

if TYPE_CHECKING:
    from .content import Knowledge
    from .index import Index

MOST_QUESTIONS = 3
SECTIONS = 3
_RELATED = {"checklist": ("A-1",), "reminder": ("C-4",)}  # what to offer until these can be done here


def read(
    text: str | Text,
    knowledge: Knowledge,
    *,
    index: Index | None = None,
    choices: Sequence[int] = (),
    today: date | None = None,
    intent: str = "",
) -> Reading:
    """What a message asks for, and the answer to it.

    text: as typed, or normalised already; read to its 10,000th character (`truncated` says so). Blank, or nothing but
    signs, is `help`.
    index: the search index of the facts; without one, handbook questions are answered from the section's own facts.
    choices: options chosen so far in answer to `ask`, counted from 1.
    today: tells whether a desk's data have run out; None leaves that open.
    intent: what the person said it is, where they were asked back (`near`); blank finds it.

    Raises ValueError where a choice is not among the options, or nothing was asked.
    """
    source = text if isinstance(text, Text) else normalise(text)
    if not any(c.isalnum() for c in source.text):
        if choices:
            raise ValueError(f"choices: nothing was asked, so there is nothing to choose ({list(choices)}).")
        return Reading("help", truncated=source.truncated)
    found = draft(source, knowledge.books, intent)
    if found.intent == "secret_check":
        reading = _check(found, knowledge, choices)
    elif choices:
        raise ValueError(f"choices: nothing was asked, so there is nothing to choose ({list(choices)}).")
    elif found.intent == "leak":
        reading = _leak(found, knowledge, today)
    elif found.intent == "desk":
        reading = _desk(found, knowledge, today)
    elif found.intent == "handbook":
        reading = _handbook(source.raw, found, knowledge, index)
    else:
        reading = _other(found, knowledge, today)
    near = () if intent else near_intents(found.intent, found.scores)
    return replace(reading, truncated=source.truncated, near=near)


# --- これは秘密か -----------------------------------------------------------------------------------------------------


def _check(found: Draft, knowledge: Knowledge, choices: Sequence[int]) -> Reading:
    deciding = _family(found.deciding)
    verdict = found.verdict or "review"
    asked = knowledge.questions.get(found.ask) if verdict == "review" else None
    case = Case(
        verdict,
        question=asked.id if asked else "",
        rules=tuple(f.rule.id for f in deciding),
        secret_rules=tuple(dict.fromkeys(f.rule.id for f in found.fired if f.rule.verdict == "secret")),
        concepts=tuple(dict.fromkeys(m.concept.id for m in found.message.mentions)),
        flags=found.flags,
        sections=found.sections[:SECTIONS],
    )
    for number in choices:
        if not case.question:
            raise ValueError(f"choices: {number} is one too many; nothing is left to ask.")
        option = _chosen(knowledge.questions[case.question], number)
        case = replace(case, picked=(*case.picked, (case.question, option.id)), question=option.next)
    reading = settle(case, knowledge)
    deciding = [f for f in _family(found.fired) if f.rule.id in reading.rules]
    shown = _evidence_of(deciding, found, beside=_about(reading.verdict or "", found))
    return replace(reading, evidence=shown)


def go_on(case: Case, option: str, knowledge: Knowledge) -> Reading:
    """The reading after one more answer to the open question of a case, without the words of the message.

    option: the id of one of its options. Raises ValueError where the question or the option is not there (any more).
    """
    question = knowledge.questions.get(case.question)
    chosen = next((o for o in question.options if o.id == option), None) if question else None
    if chosen is None:
        raise ValueError(f"case: {option!r} does not answer {case.question!r}.")
    return settle(replace(case, picked=(*case.picked, (case.question, option)), question=chosen.next), knowledge)


def go_back(case: Case, knowledge: Knowledge) -> Reading:
    """The reading before the last answer; the first question where nothing was answered yet."""
    if not case.picked:
        return settle(case, knowledge)
    return settle(replace(case, picked=case.picked[:-1], question=case.picked[-1][0]), knowledge)


def settle(case: Case, knowledge: Knowledge) -> Reading:
    """The reading of a case as far as it has been answered. Raises ValueError where content no longer knows its ids."""
    if case.verdict not in CAREFUL:
        raise ValueError(f"case: {case.verdict!r} is no verdict.")
    known = knowledge.books.verdicts.by_id
    try:
        deciding = [known[id] for id in case.rules if id in known]
        answers = [(knowledge.questions[q], knowledge.questions[q].option(o)) for q, o in case.picked]
        question = knowledge.questions[case.question] if case.question else None
    except KeyError as missing:
        raise ValueError(f"case: {missing} is no longer there.") from None
    option = answers[-1][1] if answers else None
    verdict = (option.verdict or "review") if option else case.verdict
    rules = [*case.rules, *(f"{q}.{o}" for q, o in case.picked)]
    if option and verdict == "public":  # what the message itself says weighs more than one click
        stronger = [known[id] for id in case.secret_rules if id in known and known[id].grade > option.grade]
        if stronger:
            top = max(rule.grade for rule in stronger)
            deciding = [rule for rule in stronger if rule.grade == top]
            option, verdict = None, "secret"
            rules += [rule.id for rule in deciding]
    named = option.measure if option else ""
    measure = knowledge.measures[named] if named else _measure(verdict, deciding, case, knowledge)
    said = tuple(r.would_change for r in deciding if r.would_change) if not option else ()
    change = said or ((option and option.would_change) or measure.would_change,)
    ask = Ask(question.id, question.text, tuple(o.label for o in question.options)) if question else None
    asked_source = (question.source,) if question and question.source else ()
    best = [cite.headline(s, knowledge) for s in case.sections[:1]]
    ids = [*(r.source for r in deciding), *measure.facts, *asked_source, *(i for i in best if i)]
    return Reading(
        "secret_check",
        verdict,
        case.flags,
        sections=case.sections,
        rules=tuple(dict.fromkeys(rules)),
        would_change=tuple(c for c in dict.fromkeys(change) if c),
        ask=ask,
        sources=_sources(ids, knowledge),
        family=measure.id,
        why="" if question and answers else (option.why if option else "") or measure.why,
        rule_why="" if option else next((r.why for r in deciding if r.why), ""),
        steps=tuple(Step(s) for s in _steps(deciding, measure, option)),
        company=routes.company(knowledge),
        topics=cite.topics(case.sections, knowledge),
        answered=tuple(Answered(q.text, o.label) for q, o in answers),
        case=case,
    )


def _family(deciding: Sequence[Fired]) -> list[Fired]:
    """Deciding rules, each once, in the order of the book."""
    return list({f.rule.id: f for f in deciding}.values())


def _chosen(question: Question, number: int) -> Option:
    if not 1 <= number <= len(question.options):
        raise ValueError(f"choices: {number} is not an option of {question.id}; choose 1 to {len(question.options)}.")
    return question.options[number - 1]


def _steps(deciding: Sequence[Rule], measure: Measure, option: Option | None) -> Sequence[str]:
    own = next((r.steps for r in deciding if r.steps), ())
    return own if own and not option else measure.steps


def _measure(verdict: str, deciding: Sequence[Rule], case: Case, knowledge: Knowledge) -> Measure:
    """What to do: the first measure that fits the verdict, its rules and the message."""
    concepts = set(case.concepts)
    named = {p for r in deciding for p in (r.id, r.id.split(".")[0])}
    for m in knowledge.measures.values():
        if m.verdict != verdict or (m.rules and not named & set(m.rules)):
            continue
        needs = ((m.concepts, concepts), (m.also, concepts), (m.flags, case.flags))
        if all(not some or set(some) & set(there) for some, there in needs):
            return m
    raise LookupError(f"measures.yaml has nothing for the verdict {verdict}")


def _about(verdict: str, found: Draft) -> list[Mention]:
    """What a secret is about: the kinds of information that are secret by nature, and whose they are."""
    if verdict != "secret":
        return []
    return [m for m in found.message.mentions if m.concept.nature == "secret" or "entrusted" in m.concept.flags]


def _evidence_of(deciding: Sequence[Fired], found: Draft, beside: Sequence[Mention] = ()) -> tuple[Evidence, ...]:
    return evidence((m for f in deciding for m in f.mentions), found.message, beside=beside)


# --- 漏れたかもしれない -----------------------------------------------------------------------------------------------


def _leak(found: Draft, knowledge: Knowledge, today: date | None) -> Reading:
    concepts = {m.concept.id for m in found.message.mentions}
    entry = routes.first_steps(found.flags, found.message, knowledge)
    deciding = _event_rules(found)
    # Where something stands, or what it is about, is no event: shown only where nothing else was met.
    happened = [m for f in deciding for m in f.mentions]
    happened = [m for m in happened if m.concept.group not in ("publication", "topic")] or happened
    views = _views(found, knowledge, today)
    also = routes.others(found.flags, concepts, knowledge)
    beside = {
        first: [routes.view(knowledge.desks[o.desk], o.reason, today=today) for o in also if o.first is first]
        for first in (True, False)
    }
    duties = [d for d in knowledge.leak_steps.duties if set(d.flags) & set(found.flags)]
    desk_facts = [i for d in found.desks for i in cite.beginning(f"leaflet.E-1.{d}", knowledge)]
    facts = [*entry.facts[:2], *desk_facts, *(i for d in duties for i in d.facts)]
    mentions = found.message.mentions
    told = [m for m in mentions if m.concept.group == "event" or (m.concept.group == "kind" and m.concept.flags)]
    told += [m for m in mentions if m.concept.group == "act" and m.status & {"done", "prog", "regret"}]
    return Reading(
        "leak",
        flags=found.flags,
        desks=found.desks,
        other_desks=tuple(o.desk for o in also),
        rules=tuple(f.rule.id for f in deciding),
        evidence=evidence(happened, found.message, beside=told),
        sources=_sources(facts, knowledge, limit=6),
        family=entry.id,
        title=entry.title,
        steps=routes.in_order(entry),
        duties=tuple(d.text for d in duties),
        desk_views=(*beside[True], *views, *beside[False]),
        company=routes.company(knowledge),
        topics=cite.topics(("E-1",), knowledge),
    )


def _event_rules(found: Draft) -> list[Fired]:
    """The rules that say what happened; where none does, the ones that made it a leak."""
    events = [f for f in found.fired if f.rule.flags and not f.rule.verdict and not f.rule.score]
    if not events:
        told = [f for f in found.fired if f.rule.score.get("leak", 0) > 0]
        events = [f for f in told if any(m.concept.group == "event" for m in f.mentions)] or told
        events = sorted(events, key=lambda f: -f.rule.score["leak"])[:3]
    return _family(events)


def _views(found: Draft, knowledge: Knowledge, today: date | None) -> list[DeskView]:
    reasons = knowledge.leak_steps.reasons
    desks = routes.outside(found.desks, found.message, knowledge)
    return [routes.view(d, reasons.get(d.label or "", ""), today=today) for d in desks]


# --- 窓口、手引き、そのほか -------------------------------------------------------------------------------------------


def _desk(found: Draft, knowledge: Knowledge, today: date | None) -> Reading:
    asked = routes.named(found.message, knowledge)
    other = [d for d in asked if d.label is None]
    fired = sorted((f for f in found.fired if f.rule.score.get("desk", 0) > 0), key=lambda f: -f.rule.score["desk"])[:3]
    said = [m for m in found.message.mentions if m.concept.group in ("desk", "ask_desk", "own_desk")]
    views = _views(found, knowledge, today) if not other or any(d.label for d in asked) else []
    views += [routes.view(d, today=today) for d in other]
    return Reading(
        "desk",
        flags=found.flags,
        desks=found.desks,
        other_desks=tuple(d.id for d in other),
        rules=tuple(dict.fromkeys(f.rule.id for f in fired)),
        evidence=evidence(said, found.message),
        sources=_sources([i for i in (cite.headline("E-1", knowledge),) if i], knowledge),
        family="own" if not found.desks and not other else "outside",
        desk_views=tuple(views),
        company=routes.company(knowledge),
    )


def _handbook(text: str, found: Draft, knowledge: Knowledge, index: Index | None) -> Reading:
    top = found.sections[:1]
    fired = [f for f in knowledge.books.sections.fired(found.message) if set(top) & set(f.rule.sections)]
    named = named_sections(found.message)[:1]
    if named and named[0] in knowledge.sections:  # 「C-3には何が」: what the leaflet says there
        facts = cite.of_leaflet(named[0], knowledge)
    else:
        facts = cite.answering(text, found.sections, knowledge, index)
    asks_what = any(m.concept.id == "ask_what" for m in found.message.mentions)
    return Reading(
        "handbook",
        flags=found.flags,
        sections=found.sections[:SECTIONS],
        rules=tuple(dict.fromkeys(f.rule.id for f in fired)),
        evidence=_evidence_of(fired, found),
        sources=tuple(facts),
        definition=cite.definition(text, knowledge) if asks_what else None,
        facts=tuple(facts),
        company=routes.company(knowledge) if "E-1" in top else (),
        topics=cite.topics(found.sections[:SECTIONS], knowledge),
    )


_SAID_BESIDE = {"scope.danger", "scope.not_ours"}  # the answer out of scope has a line for them


def _other(found: Draft, knowledge: Knowledge, today: date | None) -> Reading:
    wanted = _RELATED.get(found.intent, ())
    ids = [i for i in (cite.headline(s, knowledge) for s in wanted) if i]
    return Reading(
        found.intent,
        flags=found.flags,
        rules=tuple(f.rule.id for f in found.fired if found.intent == "out_of_scope" and f.rule.id in _SAID_BESIDE),
        settings=settings(found.message.source.text, today) if found.intent == "reminder" else None,
        sources=_sources(ids, knowledge),
        topics=cite.topics(wanted, knowledge),
    )


def _sources(ids: Sequence[str], knowledge: Knowledge, limit: int = cite.LIMIT) -> tuple[Cited, ...]:
    return tuple(cite.by_id(ids, knowledge)[:limit])
