"""What a self-check is made of. Frozen values; times are UTC epoch seconds, and passed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from knowledge.checklists import (
    ANSWERS,
    POINTS,
    AnswerId,
    Area,
    Audience,
    CheckKind,
    Checklist,
    Countermeasure,
    Purpose,
    Question,
)

__all__ = [
    "ANSWERS",
    "POINTS",
    "Answer",
    "AnswerId",
    "Area",
    "AreaResult",
    "Audience",
    "Band",
    "CheckKind",
    "Checklist",
    "Countermeasure",
    "Difference",
    "Event",
    "EventKind",
    "Figures",
    "Filled",
    "Gap",
    "GapState",
    "Merged",
    "Part",
    "Past",
    "Place",
    "Proposal",
    "Purpose",
    "Question",
    "Result",
    "Row",
    "Run",
    "State",
]

EventKind = Literal["answered", "back", "edit", "later", "resumed", "noted"]
Band = Literal["good", "fair", "weak", "poor", "none"]
"""80 and over, 60, 40, below; none: nothing of it applies, or nothing is answered yet."""
GapState = Literal["open", "planned", "done"]


@dataclass(frozen=True)
class Event:
    """Something that happened in a run. question: what it was about; of `back` and `edit`, where to go.

    choice, meaning: of `answered`, the answer and the question's meaning then. noted, evidence: of `noted`, whether
    there is a note now, and a word on what shows it; the words are kept elsewhere, sealed. at: when; by: who.
    """

    kind: EventKind
    question: str = ""
    choice: AnswerId | None = None
    meaning: int = 1
    at: int = 0
    by: str = ""
    noted: bool = False
    evidence: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer that counts. noted, evidence: whether there is a note, and a word on what shows it."""

    question: str
    choice: AnswerId
    meaning: int = 1
    at: int = 0
    by: str = ""
    noted: bool = False
    evidence: bool = False


@dataclass(frozen=True)
class State:
    """Where a run stands after its events, whatever the checklist's version. answers: the last one to each question.

    cursor: the question gone back to, or blank: the next one without an answer. paused: あとで. notes: by question,
    (there is a note, there is evidence).
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    cursor: str = ""
    paused: bool = False
    notes: Mapping[str, tuple[bool, bool]] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """One person's way through a checklist. department, campaign: ids, blank for a check of one's own.

    finished_at: when the last question was first answered. score: what it came to then, or after the last change.
    """

    id: str
    checklist: str
    version: int
    person: str
    started_at: int
    department: str = ""
    campaign: str = ""
    updated_at: int = 0
    finished_at: int | None = None
    score: int | None = None
    state: State = field(default_factory=State)


@dataclass(frozen=True)
class Place:
    """What to ask now. question: None at the end. number: its place, from 1, among `total` that may be asked."""

    question: Question | None
    number: int
    total: int
    previous: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)


@dataclass(frozen=True)
class Figures:
    """Counts by answer, and what they come to. counted: answers that score (n); score: 0-100, None where n is 0.

    score = round(100 * points / (2 * counted)), halves up. unanswered: asked, and not answered (not counted).
    """

    done: int = 0
    partly: int = 0
    not_done: int = 0
    unknown: int = 0
    not_applicable: int = 0
    unanswered: int = 0

    @property
    def counted(self) -> int:
        return self.done + self.partly + self.not_done + self.unknown

    @property
    def points(self) -> int:
        return 2 * self.done + self.partly

    @property
    def score(self) -> int | None:
        n = 2 * self.counted
        return (200 * self.points + n) // (2 * n) if n else None

    @property
    def answered(self) -> int:
        return self.counted + self.not_applicable


@dataclass(frozen=True)
class AreaResult:
    """An area's figures. id: a section (`C-1`) or an area of the checklist itself."""

    id: str
    title: str
    figures: Figures
    band: Band


@dataclass(frozen=True)
class Gap:
    """A question that is not (fully) done, or not known. owner: a person's id or blank; due: YYYY-MM-DD or blank.

    measure: the first thing to do about it. state `done` with evidence blank is shown as done without evidence.
    departments: of a merged result, how many have it. id: of the kept gap, blank where it is not kept yet.
    """

    question: str
    area: str
    text: str
    choice: AnswerId
    measure: str
    id: str = ""
    owner: str = ""
    due: str = ""
    state: GapState = "open"
    evidence: str = ""
    departments: int = 1


@dataclass(frozen=True)
class Proposal:
    """A measure for the firm's own answers. questions: the ids it answers; facts: where it comes from."""

    id: str
    purpose: Purpose
    audience: Audience
    text: str
    effort: int
    questions: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Past:
    """An earlier result. version: of the checklist then."""

    at: int
    score: int | None
    version: int = 1


@dataclass(frozen=True)
class Row:
    """A question as it was asked and answered. choice: None where it was left unanswered; label: as shown.

    note, evidence: what the person wrote; blank unless whoever gets the result may read it.
    """

    question: str
    area: str
    text: str
    choice: AnswerId | None
    label: str
    noted: bool = False
    has_evidence: bool = False
    note: str = ""
    evidence: str = ""


@dataclass(frozen=True)
class Result:
    """What a run, or several merged, come to.

    scope: whose it is (a department's or the company's name; blank for a person's own). rows: every question asked,
    in order. gaps: all, the most pressing first; first: at most three of them. proposals: measures chosen by the
    answers. history: earlier results, the oldest first, at most three (with this one: four). unknown: ids of questions
    answered so. without_evidence: ids of questions that are done without a word on what shows it. warnings: texts, such
    as of over-classification. people: how many took part; hidden: figures about fewer than five people, left out.
    """

    checklist: str
    title: str
    version: int
    kind: CheckKind
    at: int
    figures: Figures
    band: Band
    areas: tuple[AreaResult, ...]
    rows: tuple[Row, ...] = ()
    gaps: tuple[Gap, ...] = ()
    first: tuple[Gap, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    history: tuple[Past, ...] = ()
    unknown: tuple[str, ...] = ()
    without_evidence: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    scope: str = ""
    people: int = 1
    hidden: bool = False


@dataclass(frozen=True)
class Filled:
    """One person's answers, as they are merged. department: id; name: the department's, as shown."""

    department: str
    name: str
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Difference:
    """A question that departments answered in different ways. choices: a part's id -> its answer."""

    question: str
    area: str
    text: str
    choices: Mapping[str, AnswerId]


@dataclass(frozen=True)
class Part:
    """What one department brings to a merged result. complete: every question asked is answered.

    disagreeing: ids of questions that its own people answered in different ways.
    """

    id: str
    name: str
    figures: Figures
    band: Band
    complete: bool
    people: int = 1
    disagreeing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Merged:
    """Several as one: `result` counts every part's answers alike; differences, the widest first."""

    result: Result
    parts: tuple[Part, ...] = ()
    differences: tuple[Difference, ...] = ()
