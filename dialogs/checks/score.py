"""What one set of answers comes to: figures and bands, gaps, measures.

The rule, shown to everybody: 実施している 2, 一部 1, していない and わからない 0, 対象外 left out;
their sum in per cent of what could be reached, halves up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from .model import (
    Answer,
    AnswerId,
    AreaResult,
    Band,
    Checklist,
    Countermeasure,
    Figures,
    Gap,
    Past,
    Proposal,
    Question,
    Result,
    Row,
)

FIRST = 3  # gaps named first
KEPT_HISTORY = 3  # earlier results: four with this one
_BANDS: tuple[tuple[int, Band], ...] = ((80, "good"), (60, "fair"), (40, "weak"), (0, "poor"))
Counting = Callable[[Iterable[Question]], Figures]
LACKING: Mapping[AnswerId, int] = {"not_done": 0, "unknown": 1, "partly": 1}


@dataclass(frozen=True)
class Book:
    """What results are made from beside the answers. sections: id -> title."""

    sections: Mapping[str, str]
    measures: Mapping[str, Countermeasure]

    def title(self, checklist: Checklist, area: str) -> str:
        own = next((a.title for a in checklist.areas if a.id == area), "")
        return own or self.sections.get(area, area)


def asked(checklist: Checklist, answers: Mapping[str, Answer]) -> tuple[Question, ...]:
    """The questions that these answers lead to, in order. What depends on an unanswered question is not asked yet."""
    found: dict[str, Question] = {}
    for question in checklist.questions:
        if all(_holds(id, wanted, found, answers) for id, wanted in question.when.items()):
            found[question.id] = question
    return tuple(found.values())


def _holds(id: str, wanted: Sequence[AnswerId], before: Mapping[str, Question], answers: Mapping[str, Answer]) -> bool:
    return id in before and id in answers and answers[id].choice in wanted


def count(questions: Iterable[Question], answers: Mapping[str, Answer]) -> Figures:
    """Figures over these questions; answers to others do not count."""
    found = Counter(answers[q.id].choice if q.id in answers else "unanswered" for q in questions)
    return Figures(**found)


def band(score: int | None) -> Band:
    return "none" if score is None else next(name for least, name in _BANDS if score >= least)


def result(
    checklist: Checklist,
    answers: Mapping[str, Answer],
    book: Book,
    *,
    at: int,
    scope: str = "",
    history: Sequence[Past] = (),
    kept: Mapping[str, Gap] | None = None,
    notes: Mapping[str, tuple[str, str]] | None = None,
) -> Result:
    """The result of one set of answers.

    history: earlier ones, the oldest first. kept: gaps that have an owner or a state already, by question. notes: by
    question, (note, evidence), where whoever gets the result may read them.
    """
    questions = asked(checklist, answers)
    figures = count(questions, answers)
    gaps = _gaps(checklist, questions, answers, book, kept or {})
    return Result(
        checklist=checklist.id,
        title=checklist.title,
        version=checklist.version,
        kind=checklist.kind,
        at=at,
        figures=figures,
        band=band(figures.score),
        areas=areas(checklist, questions, book, lambda some: count(some, answers)),
        rows=tuple(row(checklist, q, answers.get(q.id), (notes or {}).get(q.id, ("", ""))) for q in questions),
        gaps=gaps,
        first=tuple(g for g in gaps if g.state != "done")[:FIRST],
        proposals=proposals(questions, gaps, book),
        history=tuple(history)[-KEPT_HISTORY:],
        unknown=tuple(q.id for q in questions if _choice(answers, q) == "unknown"),
        without_evidence=tuple(
            q.id for q in questions if q.evidence and _choice(answers, q) == "done" and not answers[q.id].evidence
        ),
        warnings=warnings(questions, lambda q: [c] if (c := _choice(answers, q)) else []),
        scope=scope,
    )


def _choice(answers: Mapping[str, Answer], question: Question) -> AnswerId | None:
    return answers[question.id].choice if question.id in answers else None


def areas(checklist: Checklist, questions: Sequence[Question], book: Book, counted: Counting) -> tuple[AreaResult, ...]:
    by_area: dict[str, list[Question]] = {}
    for question in questions:
        by_area.setdefault(question.area, []).append(question)
    made = []
    for id, some in by_area.items():
        figures = counted(some)
        made.append(AreaResult(id, book.title(checklist, id), figures, band(figures.score)))
    return tuple(made)


def row(checklist: Checklist, question: Question, answer: Answer | None, written: tuple[str, str]) -> Row:
    choice = answer.choice if answer else None
    return Row(
        question=question.id,
        area=question.area,
        text=question.text,
        choice=choice,
        label=checklist.choices_of(question).get(choice, "") if choice else "",
        noted=bool(answer and answer.noted),
        has_evidence=bool(answer and answer.evidence),
        note=written[0],
        evidence=written[1],
    )


def warnings(questions: Sequence[Question], choices: Callable[[Question], Iterable[AnswerId]]) -> tuple[str, ...]:
    found = [q.warn[c] for q in questions for c in choices(q) if c in q.warn]
    return tuple(dict.fromkeys(found))


# --- gaps and measures ------------------------------------------------------------------------------------------------


def _gaps(
    checklist: Checklist,
    questions: Sequence[Question],
    answers: Mapping[str, Answer],
    book: Book,
    kept: Mapping[str, Gap],
) -> tuple[Gap, ...]:
    """Everything not fully done, the most pressing first: by what the question weighs, then by how far it is."""
    made = []
    for order, question in enumerate(questions):
        choice = _choice(answers, question)
        if choice is None or choice not in LACKING:
            continue
        gap = Gap(question.id, question.area, question.text, choice, first_measure(question, book))
        made.append((pressing(question, choice), order, dealt_with(gap, kept.get(question.id))))
    return tuple(gap for *_, gap in sorted(made, key=lambda m: m[:2]))


def dealt_with(gap: Gap, kept: Gap | None) -> Gap:
    """A gap with what is kept of it: owner, date, state."""
    if kept is None:
        return gap
    return replace(gap, id=kept.id, owner=kept.owner, due=kept.due, state=kept.state, evidence=kept.evidence)


def pressing(question: Question, choice: AnswerId) -> tuple[int, int]:
    return question.first + LACKING[choice], 0 if choice == "not_done" else 2 - (choice == "partly")


def first_measure(question: Question, book: Book) -> str:
    known = [book.measures[id] for id in question.measures if id in book.measures]
    return known[0].text if known else ""


def proposals(questions: Sequence[Question], gaps: Sequence[Gap], book: Book) -> tuple[Proposal, ...]:
    """Measures for these gaps: those that serve the most pressing gap first, the easier of two before the harder."""
    by_id = {q.id: q for q in questions}
    serves: dict[str, list[str]] = {}
    for gap in gaps:
        if gap.state == "done" or gap.question not in by_id:
            continue
        for id in by_id[gap.question].measures:
            if id in book.measures:
                serves.setdefault(id, []).append(gap.question)
    order = {gap.question: n for n, gap in enumerate(gaps)}
    ranked = sorted(serves, key=lambda id: (order[serves[id][0]], book.measures[id].effort, id))
    return tuple(_proposal(book.measures[id], serves[id]) for id in ranked)


def _proposal(measure: Countermeasure, questions: Sequence[str]) -> Proposal:
    return Proposal(
        measure.id,
        measure.purpose,
        measure.audience,
        measure.text,
        measure.effort,
        tuple(questions),
        tuple(measure.facts),
    )
