"""A run through a checklist: events, one after the other, fold into a state; a state and a checklist say what to ask.

The state does not depend on the checklist, so a new version of one is met where it is looked at: an answer counts as
long as its question still means the same. The last answer to a question is the one that counts, whoever's device it
came from and wherever the run stood; so the result depends on nothing but the last answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .model import Answer, AnswerId, Checklist, Event, Place, Question, State
from .score import asked


def apply(state: State, event: Event) -> State:
    """The state after one more event."""
    if event.kind == "answered" and event.choice:
        noted, evidence = state.notes.get(event.question, (False, False))
        given = Answer(event.question, event.choice, event.meaning, event.at, event.by, noted, evidence)
        return replace(state, answers={**state.answers, event.question: given}, cursor="", paused=False)
    if event.kind == "noted":
        return _noted(state, event)
    if event.kind in ("back", "edit"):
        return replace(state, cursor=event.question, paused=False)
    return replace(state, paused=event.kind == "later")


def _noted(state: State, event: Event) -> State:
    notes = {**state.notes, event.question: (event.noted, event.evidence)}
    answers = dict(state.answers)
    if given := answers.get(event.question):
        answers[event.question] = replace(given, noted=event.noted, evidence=event.evidence)
    return replace(state, notes=notes, answers=answers)


def fold(events: Iterable[Event]) -> State:
    """The state after all of these events, in their order."""
    state = State()
    for event in events:
        state = apply(state, event)
    return state


def valid(checklist: Checklist, state: State) -> dict[str, Answer]:
    """Answers to questions that are still there, still mean the same and still have that answer."""
    found = {}
    for question in checklist.questions:
        given = state.answers.get(question.id)
        if given and given.meaning == question.meaning and given.choice in checklist.choices_of(question):
            found[question.id] = given
    return found


def outdated(checklist: Checklist, state: State) -> tuple[str, ...]:
    """Ids of questions that were answered, and are to be answered again because they now mean something else."""
    there = valid(checklist, state)
    return tuple(q.id for q in checklist.questions if q.id in state.answers and q.id not in there)


def place(checklist: Checklist, state: State) -> Place:
    """Where the run stands: the question gone back to, else the first one without an answer."""
    answers = valid(checklist, state)
    questions = asked(checklist, answers)
    ids = [q.id for q in questions]
    current = state.cursor if state.cursor in ids else next((id for id in ids if id not in answers), "")
    if not current:
        return Place(None, len(ids), len(ids), ids[-1] if ids else "", answers)
    at = ids.index(current)
    return Place(
        questions[at], at + 1, len(ids) + _waiting(checklist, ids, answers), ids[at - 1] if at else "", answers
    )


def _waiting(checklist: Checklist, ids: list[str], answers: Mapping[str, Answer]) -> int:
    """How many questions may still come, because what they depend on is not answered yet."""
    open_ = {id for id in ids if id not in answers}
    count = 0
    for question in checklist.questions:
        if question.id in ids or not question.when:
            continue
        if all(id in open_ or (id in answers and answers[id].choice in w) for id, w in question.when.items()):
            open_.add(question.id)
            count += 1
    return count


def answered(question: Question, choice: AnswerId, *, at: float, by: str) -> Event:
    return Event("answered", question.id, choice, question.meaning, int(at), by)


def answer(
    checklist: Checklist, state: State, question: str, choice: str, meaning: int, *, at: float, by: str
) -> Event | None:
    """What an answer to a question adds; None where it changes nothing (a double press) or does not fit any more:
    the question is gone, not asked, or means something else now."""
    there = checklist.question(question)
    if there is None or there.meaning != meaning or choice not in checklist.choices_of(there):
        return None
    answers = valid(checklist, state)
    if question not in {q.id for q in asked(checklist, answers)}:
        return None
    before = answers.get(question)
    if before and before.choice == choice and not state.cursor and not state.paused:
        return None
    return answered(there, choice, at=at, by=by)  # type: ignore[arg-type]


def back(checklist: Checklist, state: State, *, at: float, by: str) -> Event | None:
    """One question back; None at the first one."""
    previous = place(checklist, state).previous
    return Event("back", previous, at=int(at), by=by) if previous else None


# --- as JSON, for whoever keeps it ------------------------------------------------------------------------------------


def to_json(state: State) -> dict[str, Any]:
    """As plain values. from_json gives an equal state again."""
    answers = {id: [a.choice, a.meaning, a.at, a.by, a.noted, a.evidence] for id, a in state.answers.items()}
    notes = {id: list(there) for id, there in state.notes.items()}
    return {"answers": answers, "cursor": state.cursor, "paused": state.paused, "notes": notes}


def from_json(kept: Mapping[str, Any]) -> State:
    answers = {id: Answer(id, *values) for id, values in kept.get("answers", {}).items()}
    notes = {id: (bool(there[0]), bool(there[1])) for id, there in kept.get("notes", {}).items()}
    return State(answers, kept.get("cursor", ""), bool(kept.get("paused")), notes)
