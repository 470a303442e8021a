"""The shape of checklists and of the measures they lead to (checklists/*.yaml, countermeasures.yaml).

A question is known by its id and its `meaning`: where wording changes, both stay, and answers are kept; where another
thing is asked, `meaning` goes up by one, and the question is asked again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from .errors import Problem
from .pack import Entry
from .schema import Int, Model, Str, Strs, Text

AnswerId = Literal["done", "partly", "not_done", "unknown", "not_applicable"]
CheckKind = Literal["full", "short", "moment", "item"]
Purpose = Literal["access", "carry_out", "visibility", "awareness", "trust", "base"]
Audience = Literal["employees", "leavers", "partners", "outsiders"]

ANSWERS: tuple[AnswerId, ...] = get_args(AnswerId)
POINTS: Mapping[AnswerId, int] = {"done": 2, "partly": 1, "not_done": 0, "unknown": 0}
"""What an answer counts; 対象外 (not_applicable) is left out of the score."""


class Area(Model):
    """A part of a checklist that gets figures of its own. Checklists without areas use the leaflet's sections.

    met, missing: of a legal requirement, what to say where it is met, and what to do where it is not.
    """

    id: Text
    title: Text
    met: Str = ""
    missing: Str = ""


class Question(Model):
    """One question. when: asked only after these answers to earlier questions; all of them must hold.

    area: a section's id, or one of the checklist's own areas. source: ids of facts. measures: what to do where it is
    not done. choices: answers with labels of their own, in place of the checklist's; the others cannot be given.
    evidence: what would show that it is done. warn: by answer, what to warn of in the result. first: the nearer to 1,
    the sooner it is named among gaps (1-3).
    """

    id: Text
    meaning: Annotated[Int, Field(ge=1)] = 1
    area: Text
    text: Text
    why: Text
    example: Str = ""
    source: Annotated[Strs, Field(min_length=1)]
    measures: Strs = ()
    choices: Mapping[AnswerId, Text] = {}
    when: Mapping[Text, Annotated[tuple[AnswerId, ...], Field(min_length=1)]] = {}
    evidence: Str = ""
    warn: Mapping[AnswerId, Text] = {}
    first: Annotated[Int, Field(ge=1, le=3)] = 2


class Checklist(Model):
    """A checklist. words: what people call it (退職, 辞める …). minutes: how long it takes."""

    id: Text
    version: Annotated[Int, Field(ge=1)]
    kind: CheckKind
    title: Text
    lead: Text
    minutes: Annotated[Int, Field(ge=1)]
    words: Strs = ()
    areas: tuple[Area, ...] = ()
    choices: Annotated[Mapping[AnswerId, Text], Field(min_length=2)]
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    def question(self, id: str) -> Question | None:
        return next((q for q in self.questions if q.id == id), None)

    def choices_of(self, question: Question) -> Mapping[AnswerId, str]:
        """Answers that can be given, with their labels, in the usual order."""
        given = question.choices or self.choices
        return {id: given[id] for id in ANSWERS if id in given}


class Countermeasure(Model):
    """What a company may do: for one of five purposes (or `base`, what all rest on), towards one of four audiences.

    effort: 1 (today, without money) to 3. also: further audiences it serves. facts: where it comes from.
    """

    id: Text
    purpose: Purpose
    audience: Audience
    text: Text
    effort: Annotated[Int, Field(ge=1, le=3)] = 1
    also: tuple[Audience, ...] = ()
    facts: Annotated[Strs, Field(min_length=1)]


class CountermeasureFile(Model):
    countermeasures: tuple[Countermeasure, ...]

    @model_validator(mode="after")
    def _some(self) -> CountermeasureFile:
        if not self.countermeasures:
            raise ValueError("is empty; at least one is needed.", "Add one, or remove the file.")
        return self


# --- what a checklist may get wrong by itself -------------------------------------------------------------------------

# Characters that fit a phone: one card is a question, its number and its buttons.
LIMITS = {"title": 20, "lead": 60, "text": 45, "why": 60, "example": 60, "evidence": 30, "choice": 10, "warn": 90}
MEASURE_LIMIT = 50


def misfits(entry: Entry) -> Iterator[Problem]:
    """Ids used twice, conditions that look forward, answers that cannot be given, texts too long for a phone."""
    checklist: Checklist = entry.item
    before: dict[str, Question] = {}
    for key in ("title", "lead"):
        yield from _too_long(entry, f".{key}", getattr(checklist, key), key)
    for n, area in enumerate(checklist.areas):
        if checklist.kind == "item" and not (area.met and area.missing):
            hint = "Say what holds where it is met, and what to do where it is not."
            yield entry.problem(f".areas[{n}] ({area.id})", "'met' and 'missing' are needed in a check of items.", hint)
    for n, question in enumerate(checklist.questions):
        at = f".questions[{n}] ({question.id})"
        if question.id in before:
            yield entry.problem(at, f"the id {question.id!r} is used twice.", "Give one of them another id.")
        yield from _conditions(entry, at, question, before, checklist)
        yield from _texts(entry, at, question, checklist)
        given = checklist.choices_of(question)
        for choice in question.warn:
            if choice not in given:
                yield entry.problem(f"{at}.warn", f"{choice!r} is no answer to this question.", _offered(given))
        if not question.measures:
            yield entry.problem(at, "leads to no measure.", "Name one of countermeasures.yaml in 'measures'.")
        before[question.id] = question


def _conditions(
    entry: Entry, at: str, question: Question, before: Mapping[str, Question], checklist: Checklist
) -> Iterator[Problem]:
    for id, wanted in question.when.items():
        if id not in before:
            later = checklist.question(id) is not None
            reason = f"{id!r} is asked later." if later else f"there is no question {id!r}."
            yield entry.problem(f"{at}.when", reason, "A condition looks back, at a question that stands above.")
            continue
        given = checklist.choices_of(before[id])
        for choice in wanted:
            if choice not in given:
                yield entry.problem(f"{at}.when.{id}", f"{choice!r} is no answer to that question.", _offered(given))


def _texts(entry: Entry, at: str, question: Question, checklist: Checklist) -> Iterator[Problem]:
    for key in ("text", "why", "example", "evidence"):
        yield from _too_long(entry, f"{at}.{key}", getattr(question, key), key)
    for choice, label in checklist.choices_of(question).items():
        yield from _too_long(entry, f"{at}.choices.{choice}", label, "choice")
    for choice, text in question.warn.items():
        yield from _too_long(entry, f"{at}.warn.{choice}", text, "warn")


def own_words(checklist: Checklist) -> Iterator[tuple[str, str]]:
    """(place, text) of everything in it that people read."""
    yield ".title", checklist.title
    yield ".lead", checklist.lead
    for n, area in enumerate(checklist.areas):
        for key in ("title", "met", "missing"):
            yield f".areas[{n}] ({area.id}).{key}", getattr(area, key)
    for n, question in enumerate(checklist.questions):
        at = f".questions[{n}] ({question.id})"
        for key in ("text", "why", "example", "evidence"):
            yield f"{at}.{key}", getattr(question, key)
        for choice, text in question.warn.items():
            yield f"{at}.warn.{choice}", text


def _too_long(entry: Entry, inside: str, text: str, key: str) -> Iterator[Problem]:
    if len(text) > LIMITS[key]:
        reason = f"the text has {len(text)} characters; at most {LIMITS[key]} fit a phone."
        yield entry.problem(inside, reason, "Say it shorter.")


def _offered(given: Mapping[AnswerId, str]) -> str:
    return f"Given can be: {', '.join(given)}."
