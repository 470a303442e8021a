"""Many people's answers as one result: a department's, the company's, or figures about people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from .model import (
    POINTS,
    Answer,
    AnswerId,
    Checklist,
    Difference,
    Figures,
    Filled,
    Gap,
    Merged,
    Part,
    Past,
    Question,
    Result,
)
from .score import (
    FIRST,
    KEPT_HISTORY,
    LACKING,
    Book,
    areas,
    asked,
    band,
    count,
    dealt_with,
    first_measure,
    pressing,
    proposals,
    row,
    warnings,
)

FEWEST_PEOPLE = 5  # in figures about people


def combine(several: Sequence[Mapping[str, Answer]]) -> tuple[dict[str, Answer], tuple[str, ...]]:
    """Several people's answers of one department as one, and the ids of questions that they answered differently.

    Who knows counts before who does not; of two who know, the more careful one.
    """
    made: dict[str, Answer] = {}
    differing = []
    for id in dict.fromkeys(id for answers in several for id in answers):
        given = [answers[id] for answers in several if id in answers]
        made[id] = min(given, key=_careful)
        if len({a.choice for a in given}) > 1:
            differing.append(id)
    return made, tuple(differing)


def _careful(answer: Answer) -> tuple[int, int, bool, int]:
    kind = {"not_applicable": 2, "unknown": 1}.get(answer.choice, 0)
    return kind, POINTS.get(answer.choice, 0), not answer.evidence, -answer.at


def merge(
    checklist: Checklist,
    filled: Sequence[Filled],
    book: Book,
    *,
    at: int,
    scope: str = "",
    history: Sequence[Past] = (),
    kept: Mapping[str, Gap] | None = None,
) -> Merged:
    """Departments as one: the figures of all of them added up, what several lack before what one lacks.

    Blank input gives a result without figures. A short check (about people) of fewer than five is hidden.
    """
    by_department: dict[str, list[Filled]] = {}
    for one in filled:
        by_department.setdefault(one.department, []).append(one)
    parts, answers = [], {}
    for id, people in by_department.items():
        answers[id], disagreeing = combine([p.answers for p in people])
        figures = count(asked(checklist, answers[id]), answers[id])
        complete = figures.answered > 0 and not figures.unanswered
        parts.append(Part(id, people[0].name, figures, band(figures.score), complete, len(people), disagreeing))
    if checklist.kind == "short":
        return _of_people(checklist, filled, book, at=at, scope=scope, history=history)
    made = _added(checklist, answers, book, at=at, scope=scope, history=history, kept=kept or {})
    return Merged(replace(made, people=len(filled)), tuple(parts), _differences(checklist, answers))


def _added(
    checklist: Checklist,
    answers: Mapping[str, Mapping[str, Answer]],
    book: Book,
    *,
    at: int,
    scope: str,
    history: Sequence[Past],
    kept: Mapping[str, Gap],
) -> Result:
    questions_of = {id: {q.id for q in asked(checklist, given)} for id, given in answers.items()}
    questions = [q for q in checklist.questions if any(q.id in some for some in questions_of.values())]

    def counted(some: Iterable[Question]) -> Figures:
        found: Counter[str] = Counter()
        for q in some:
            for id, given in answers.items():
                if q.id in questions_of[id]:
                    found[given[q.id].choice if q.id in given else "unanswered"] += 1
        return Figures(**found)

    def choices(question: Question) -> list[AnswerId]:
        return [
            given[question.id].choice
            for id, given in answers.items()
            if question.id in questions_of[id] and question.id in given
        ]

    gaps = _shared_gaps(questions, {q.id: choices(q) for q in questions}, book, kept)
    figures = counted(questions)
    combined = combine(list(answers.values()))[0]
    return Result(
        checklist=checklist.id,
        title=checklist.title,
        version=checklist.version,
        kind=checklist.kind,
        at=at,
        figures=figures,
        band=band(figures.score),
        areas=areas(checklist, questions, book, counted),
        rows=tuple(row(checklist, q, combined.get(q.id), ("", "")) for q in questions),
        gaps=gaps,
        first=tuple(g for g in gaps if g.state != "done")[:FIRST],
        proposals=proposals(questions, gaps, book),
        history=tuple(history)[-KEPT_HISTORY:],
        unknown=tuple(q.id for q in questions if "unknown" in choices(q)),
        without_evidence=tuple(q.id for q in questions if q.evidence and _unproven(q, answers)),
        warnings=warnings(questions, choices),
        scope=scope,
    )


def _unproven(question: Question, answers: Mapping[str, Mapping[str, Answer]]) -> bool:
    """Whether somebody says it is done without a word on what shows it."""
    given = (each[question.id] for each in answers.values() if question.id in each)
    return any(a.choice == "done" and not a.evidence for a in given)


def _shared_gaps(
    questions: Sequence[Question],
    choices: Mapping[str, Sequence[AnswerId]],
    book: Book,
    kept: Mapping[str, Gap],
) -> tuple[Gap, ...]:
    made = []
    for order, question in enumerate(questions):
        lacking = [c for c in choices[question.id] if c in LACKING]
        if not lacking:
            continue
        worst = min(lacking, key=lambda c: pressing(question, c))
        gap = Gap(
            question.id,
            question.area,
            question.text,
            worst,
            first_measure(question, book),
            departments=len(lacking),
        )
        lost = sum(2 - POINTS[c] for c in lacking) / question.first
        made.append((-lost, order, dealt_with(gap, kept.get(question.id))))
    return tuple(gap for *_, gap in sorted(made, key=lambda m: m[:2]))


def _differences(checklist: Checklist, answers: Mapping[str, Mapping[str, Answer]]) -> tuple[Difference, ...]:
    found = []
    for order, question in enumerate(checklist.questions):
        choices = {id: given[question.id].choice for id, given in answers.items() if question.id in given}
        if len(set(choices.values())) > 1:
            points = [POINTS[c] for c in choices.values() if c in POINTS]
            spread = max(points) - min(points) if points else 0
            found.append((-spread, order, Difference(question.id, question.area, question.text, choices)))
    return tuple(d for *_, d in sorted(found, key=lambda f: f[:2]))


def _of_people(
    checklist: Checklist,
    filled: Sequence[Filled],
    book: Book,
    *,
    at: int,
    scope: str,
    history: Sequence[Past],
) -> Merged:
    """Figures about people: everybody's answers added up, without gaps of single ones; hidden below five."""
    each = {str(n): one.answers for n, one in enumerate(filled)}
    made = _added(checklist, each, book, at=at, scope=scope, history=history, kept={})
    made = replace(made, people=len(filled), gaps=tuple(replace(g, departments=0) for g in made.gaps), rows=())
    if len(filled) < FEWEST_PEOPLE:
        made = replace(
            made, figures=Figures(), band="none", areas=(), gaps=(), first=(), proposals=(), unknown=(), warnings=(),
            history=(), hidden=True,
        )  # fmt: skip
    return Merged(made)
