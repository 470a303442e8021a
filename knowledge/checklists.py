"""The shape of checklists and of the measures they lead to (checklists/*.yaml, countermeasures.yaml).

A question is known by its id and its `meaning`: where wording changes, both stay, and answers are kept; where another
thing is asked, `meaning` goes up by one, and the question is asked again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

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
