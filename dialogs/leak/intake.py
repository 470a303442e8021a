"""The short questions after a report: which is next, what the words have answered already. Pure, and ids only."""

from __future__ import annotations

import functools
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import yaml

Answers = Mapping[str, tuple[str, ...]]  # options by question; () where it was skipped


@dataclass(frozen=True)
class Option:
    """alone: it takes the place of all others. days: how many days before today it stands for, where it is a day."""

    id: str
    label: str
    alone: bool = False
    days: int | None = None


@dataclass(frozen=True)
class Question:
    """confirm: asked even where the words said something of it, with that chosen beforehand.

    when, unless: (question, options) of questions before it; the first need one chosen of each, the second none."""

    id: str
    text: str
    options: tuple[Option, ...]
    why: str = ""
    many: bool = False
    confirm: bool = False
    when: tuple[tuple[str, frozenset[str]], ...] = ()
    unless: tuple[tuple[str, frozenset[str]], ...] = ()

    def option(self, id: str) -> Option:
        """KeyError where it has none of that id."""
        return {o.id: o for o in self.options}[id]

    def applies(self, answers: Answers) -> bool:
        def chosen(rows: tuple[tuple[str, frozenset[str]], ...]) -> list[bool]:
            return [bool(options & set(answers.get(question, ()))) for question, options in rows]

        return all(chosen(self.when)) and not any(chosen(self.unless))


@dataclass(frozen=True)
class Intake:
    """All of intake.yaml. first: after how many questions desks and dates are shown."""

    questions: tuple[Question, ...]
    first: int
    fills: Mapping[str, Mapping[str, Mapping[str, list[str]]]]

    def question(self, id: str) -> Question:
        """KeyError where there is none of that id."""
        return {q.id: q for q in self.questions}[id]


@functools.cache
def book() -> Intake:
    """intake.yaml, read once."""
    raw: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "intake.yaml").read_text("utf-8"))
    return Intake(tuple(_question(row) for row in raw["questions"]), int(raw["first"]), raw["fills"])


def _question(row: Mapping[str, Any]) -> Question:
    options = tuple(Option(o["id"], o["label"], o.get("alone", False), o.get("days")) for o in row["options"])
    conditions: dict[str, Any] = {
        name: tuple((q, frozenset(chosen)) for q, chosen in row.get(name, {}).items()) for name in ("when", "unless")
    }
    says: dict[str, Any] = {name: row[name] for name in ("why", "many", "confirm") if name in row}
    return Question(row["id"], row["text"], options, **says, **conditions)


def filled(
    family: str, flags: Collection[str], signs: Collection[str], kind: Collection[str] = ()
) -> dict[str, tuple[str, ...]]:
    """What the words have said, as options by question; a question they said nothing of is left out.

    Of a question to confirm it is only what is chosen beforehand. kind: the answer to the first question.
    """
    given = {"families": {family}, "flags": set(flags), "signs": set(signs), "kind": set(kind)}
    found = {}
    for question, ways in book().fills.items():
        chosen = {o for way, rows in ways.items() for o, ids in rows.items() if given[way] & set(ids)}
        if chosen:
            found[question] = tuple(o.id for o in book().question(question).options if o.id in chosen)
    return found


def open_questions(answers: Answers) -> list[Question]:
    """What is still to be asked, in order, as far as the answers go."""
    return [q for q in book().questions if q.id not in answers and q.applies(answers)]


def next_question(answers: Answers) -> Question | None:
    """The next one; None where nothing is left."""
    return next(iter(open_questions(answers)), None)


def before(question: str, answers: Answers) -> Question | None:
    """The one before it among those that apply, to change its answer; None at the first."""
    asked = [q for q in book().questions if q.applies(answers)]
    place = next((n for n, q in enumerate(asked) if q.id == question), len(asked))
    return asked[place - 1] if place else None


def pick(question: Question, so_far: Collection[str], option: str) -> tuple[str, ...]:
    """What is chosen of many after one more press: on, off, and what stands alone by itself. KeyError for no option."""
    pressed = question.option(option)
    chosen = set(so_far) ^ {option}
    if option in chosen:
        others = {o.id for o in question.options if o.alone != pressed.alone or pressed.alone} - {option}
        chosen -= others if pressed.alone else {o.id for o in question.options if o.alone}
    return tuple(o.id for o in question.options if o.id in chosen)


def known_on(answers: Answers, reported: date) -> date | None:
    """The day the company knew, by the answer; the day of the report where nothing was said; None for longer ago."""
    chosen = answers.get("known", ())
    if not chosen or chosen[0] == "unknown":
        return reported
    days = book().question("known").option(chosen[0]).days
    return None if days is None else reported - timedelta(days=days)
