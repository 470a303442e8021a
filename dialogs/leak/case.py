"""A leak case as the sum of its events: nothing of it is ever changed, something new is only ever added.

Who reported it is no part of it. In events, that person is REPORTER; the store keeps who that is apart, and sealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

Status = Literal["new", "taken", "acting", "watching", "closed"]
Outcome = Literal["", "done", "mistake", "no_leak", "linked"]
REPORTER = "reporter"  # `by` of what the person who reported did
BOT = ""  # `by` of what happened by itself


@dataclass(frozen=True)
class Event:
    """Something that happened to a case. seq: from 1. at: UTC epoch seconds. by: a Slack id, REPORTER or BOT.

    kind and the keys of data (all text unless said):
    opened: family, title, flags (list), signs (list), rules (list), known_on (ISO day), alternative (bool), receipt
    answered: question, options (list of ids)
    fact: text, happened (ISO day, may have a time, or blank)
    task: id, text, due (ISO day or blank), owner (Slack id or blank); task_done: id
    told: who, how
    evidence: what, holder, place
    said: to (REPORTER or `desk`), text
    taken: owner; handed_over: owner; status: status
    consent: given (bool); looked: (nothing; `by` saw who reported)
    desk: alternative (bool), reason
    known: known_on
    linked: case, receipt
    reported: date (what was handed in: `preliminary`, `final`, …)
    quiet: on (bool; nothing more is told to the person who reported)
    exported: file, sha256
    withdrawn, reopened: (nothing)
    lesson: id, text, due, owner; lesson_done: id
    closed: outcome
    """

    seq: int
    at: int
    kind: str
    by: str = BOT
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Fact:
    """What is known. at: when it was written down; happened: when it happened, as far as told (ISO), or blank."""

    at: int
    text: str
    happened: str = ""
    by: str = BOT


@dataclass(frozen=True)
class Task:
    """due: None where none was set. done_at: None while it is open. Lessons are tasks that stay after the case."""

    id: str
    text: str
    due: date | None = None
    owner: str = ""
    done_at: int | None = None


@dataclass(frozen=True)
class Told:
    """Who was told of the event outside of it (a person, a company, an authority), and how."""

    at: int
    who: str
    how: str = ""
    by: str = BOT


@dataclass(frozen=True)
class Evidence:
    """What is to be preserved, who holds it and where; never the thing itself."""

    at: int
    what: str
    holder: str = ""
    place: str = ""
    by: str = BOT


@dataclass(frozen=True)
class Said:
    """A message carried between the desk and the person who reported. to: REPORTER or `desk`."""

    at: int
    to: str
    text: str
    by: str = BOT


@dataclass(frozen=True)
class Case:
    """A case as it stands after its last event.

    id: unguessable. receipt: what people say aloud, `11-27-3`. family: the kind of event (an id of leak_steps.yaml).
    flags: of LABELS.md. signs: of signs.yaml. answers: option ids by question id (intake.yaml). known_on: the day the
    company knew of it.
    alternative: the alternative desk handles it. owner: who has taken it, or blank. consent: responders may see who
    reported. withdrawn: the person who reported took it back. linked: (case id, receipt) of the same event.
    looks: (when, by whom) somebody looked at who reported. reported: when each legal report was handed in. quiet: the
    person who reported may be concerned: nothing more goes to them by itself.
    """

    id: str
    receipt: str
    opened_at: int
    family: str = ""
    title: str = ""
    flags: tuple[str, ...] = ()
    signs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    known_on: date | None = None
    alternative: bool = False
    status: Status = "new"
    owner: str = ""
    answers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: tuple[Fact, ...] = ()
    tasks: tuple[Task, ...] = ()
    told: tuple[Told, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    said: tuple[Said, ...] = ()
    lessons: tuple[Task, ...] = ()
    looks: tuple[tuple[int, str], ...] = ()
    linked: tuple[tuple[str, str], ...] = ()
    reported: Mapping[str, int] = field(default_factory=dict)
    quiet: bool = False
    consent: bool = False
    withdrawn: bool = False
    outcome: Outcome = ""
    closed_at: int | None = None
    updated_at: int = 0
    events: tuple[Event, ...] = ()

    @property
    def open(self) -> bool:
        return self.closed_at is None

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        return tuple(t for t in self.tasks if t.done_at is None)

    @property
    def open_lessons(self) -> tuple[Task, ...]:
        return tuple(t for t in self.lessons if t.done_at is None)

    def answer(self, question: str) -> tuple[str, ...]:
        """The options chosen; () where the question was skipped or is still open."""
        return tuple(self.answers.get(question, ()))


def of_events(id: str, events: Iterable[Event]) -> Case:
    """The case that these events make. Raises ValueError where the first one does not open it."""
    in_order = sorted(events, key=lambda e: e.seq)
    if not in_order or in_order[0].kind != "opened":
        raise ValueError(f"case {id}: its first event is not `opened`")
    first = in_order[0]
    case = Case(id, str(first.data.get("receipt", "")), first.at)
    for event in in_order:
        case = after(case, event)
    return case


def after(case: Case, event: Event) -> Case:
    """The case with one more event. An event of a kind that is not known (a later version's) is kept and changes
    nothing else."""
    changed = _STEPS[event.kind](case, event) if event.kind in _STEPS else case
    return replace(changed, updated_at=event.at, events=(*case.events, event))


def day(text: Any) -> date | None:
    """The day of an ISO day or moment; None for blank, or where it is none."""
    try:
        return date.fromisoformat(str(text or "")[:10])
    except ValueError:
        return None


# --- what each kind of event changes


def _opened(case: Case, e: Event) -> Case:
    return replace(
        case,
        family=str(e.data.get("family", "")),
        title=str(e.data.get("title", "")),
        flags=tuple(e.data.get("flags", ())),
        signs=tuple(e.data.get("signs", ())),
        rules=tuple(e.data.get("rules", ())),
        known_on=day(e.data.get("known_on")),
        alternative=bool(e.data.get("alternative")),
    )


def _answered(case: Case, e: Event) -> Case:
    return replace(case, answers={**case.answers, str(e.data["question"]): tuple(e.data.get("options", ()))})


def _fact(case: Case, e: Event) -> Case:
    return replace(case, facts=(*case.facts, Fact(e.at, e.data["text"], str(e.data.get("happened", "")), e.by)))


def _task(case: Case, e: Event) -> Case:
    return replace(case, tasks=(*case.tasks, _new_task(e)))


def _lesson(case: Case, e: Event) -> Case:
    return replace(case, lessons=(*case.lessons, _new_task(e)))


def _new_task(e: Event) -> Task:
    return Task(str(e.data["id"]), str(e.data["text"]), day(e.data.get("due")), str(e.data.get("owner", "")))


def _task_done(case: Case, e: Event) -> Case:
    return replace(case, tasks=_ticked(case.tasks, e))


def _lesson_done(case: Case, e: Event) -> Case:
    return replace(case, lessons=_ticked(case.lessons, e))


def _ticked(tasks: tuple[Task, ...], e: Event) -> tuple[Task, ...]:
    return tuple(replace(t, done_at=e.at) if t.id == e.data["id"] and t.done_at is None else t for t in tasks)


def _told(case: Case, e: Event) -> Case:
    return replace(case, told=(*case.told, Told(e.at, e.data["who"], str(e.data.get("how", "")), e.by)))


def _evidence(case: Case, e: Event) -> Case:
    kept = Evidence(e.at, e.data["what"], str(e.data.get("holder", "")), str(e.data.get("place", "")), e.by)
    return replace(case, evidence=(*case.evidence, kept))


def _said(case: Case, e: Event) -> Case:
    return replace(case, said=(*case.said, Said(e.at, e.data["to"], e.data["text"], e.by)))


def _taken(case: Case, e: Event) -> Case:
    status: Status = "taken" if case.status == "new" else case.status
    return replace(case, owner=str(e.data["owner"]), status=status)


def _status(case: Case, e: Event) -> Case:
    return replace(case, status=e.data["status"])


def _consent(case: Case, e: Event) -> Case:
    return replace(case, consent=bool(e.data["given"]))


def _looked(case: Case, e: Event) -> Case:
    return replace(case, looks=(*case.looks, (e.at, e.by)))


def _desk(case: Case, e: Event) -> Case:
    return replace(case, alternative=bool(e.data["alternative"]), owner="", status="new")


def _known(case: Case, e: Event) -> Case:
    return replace(case, known_on=day(e.data.get("known_on")))


def _linked(case: Case, e: Event) -> Case:
    return replace(case, linked=(*case.linked, (str(e.data["case"]), str(e.data["receipt"]))))


def _reported(case: Case, e: Event) -> Case:
    return replace(case, reported={str(e.data["date"]): e.at, **case.reported})


def _quiet(case: Case, e: Event) -> Case:
    return replace(case, quiet=bool(e.data["on"]))


def _withdrawn(case: Case, e: Event) -> Case:
    return replace(case, withdrawn=True)


def _closed(case: Case, e: Event) -> Case:
    return replace(case, status="closed", outcome=e.data.get("outcome", "done"), closed_at=e.at)


def _reopened(case: Case, e: Event) -> Case:
    return replace(case, status="taken" if case.owner else "new", outcome="", closed_at=None)


_STEPS = {
    "opened": _opened,
    "answered": _answered,
    "fact": _fact,
    "task": _task,
    "task_done": _task_done,
    "told": _told,
    "evidence": _evidence,
    "said": _said,
    "taken": _taken,
    "handed_over": _taken,
    "status": _status,
    "consent": _consent,
    "looked": _looked,
    "desk": _desk,
    "known": _known,
    "linked": _linked,
    "reported": _reported,
    "quiet": _quiet,
    "withdrawn": _withdrawn,
    "lesson": _lesson,
    "lesson_done": _lesson_done,
    "closed": _closed,
    "reopened": _reopened,
}
