"""Self-checks: runs and what happened in them, campaigns of several departments.

A run's row holds its state, so that a step reads one row; its events are added beside it, in the order in which they
came to the database. Notes are sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from dialogs.checks import engine
from dialogs.checks.model import Event, Past, Run, State

from .engine import Store, Transaction, insert_new, put, read, write
from .schema_checks import campaigns, events, notes, runs

Outcome = Callable[[State], tuple[bool, int | None]]
"""Of a state: whether everything asked is answered, and the score."""


@dataclass(frozen=True)
class Campaign:
    """A check that several departments (ids) fill in. due: YYYY-MM-DD or blank. score: of when it was closed."""

    id: str
    checklist: str
    departments: tuple[str, ...]
    started_by: str
    started_at: int
    due: str = ""
    closed_at: int | None = None
    score: int | None = None
    version: int | None = None


@dataclass(frozen=True)
class Note:
    """note: what the person added; evidence: what shows that it is done. Both blank without."""

    note: str = ""
    evidence: str = ""


# --- runs -------------------------------------------------------------------------------------------------------------


def start(where: Store | Transaction, run: Run) -> bool:
    """Keep a new run. False where its id is there already: it is gone on with."""
    row = {
        "id": run.id,
        "checklist": run.checklist,
        "version": run.version,
        "person": run.person,
        "department": run.department,
        "campaign": run.campaign,
        "started_at": run.started_at,
        "updated_at": run.started_at,
        "events": 0,
        "state": engine.to_json(State()),
    }
    with write(where) as tx:
        return insert_new(tx, runs, row)


def get(where: Store | Transaction, id: str) -> Run | None:
    """The run; None where there is none."""
    found = _runs(where, sa.select(runs).where(runs.c.id == id))
    return found[0] if found else None


def add(
    where: Store | Transaction, id: str, happened: Sequence[Event], *, version: int, outcome: Outcome
) -> Run | None:
    """Add events to a run, after all that came before them from any device; the run as it is then.

    version: of the checklist they were made with. None where the run is gone.
    """
    with write(where) as tx:
        query = sa.select(runs).where(runs.c.id == id).with_for_update()  # SQLite has locked everything anyway
        row = tx.connection.execute(query).one_or_none()
        if row is None:
            return None
        state = engine.from_json(row.state)
        for n, event in enumerate(happened, row.events + 1):
            state = engine.apply(state, event)
            values = {name: getattr(event, name) for name in ("kind", "question", "choice", "meaning", "at", "by")}
            tx.connection.execute(sa.insert(events).values(run=id, n=n, **values))
        complete, score = outcome(state)
        at = max([row.updated_at, *(e.at for e in happened)])
        changed = {
            "version": version,
            "updated_at": at,
            "events": row.events + len(happened),
            "state": engine.to_json(state),
            "score": score if complete else row.score,
            "finished_at": (row.finished_at or at) if complete else row.finished_at,
        }
        tx.connection.execute(sa.update(runs).where(runs.c.id == id).values(**changed))
        return _run(dict(row._mapping) | changed)


def drop(where: Store | Transaction, id: str) -> None:
    """Remove a run with everything in it."""
    with write(where) as tx:
        for table, column in ((notes, notes.c.run), (events, events.c.run), (runs, runs.c.id)):
            tx.connection.execute(sa.delete(table).where(column == id))


def events_of(where: Store | Transaction, id: str) -> list[Event]:
    """What happened in a run, in order. Whether there was a note stands in the run's state alone."""
    query = sa.select(events).where(events.c.run == id).order_by(events.c.n)
    with read(where) as tx:
        return [
            Event(row.kind, row.question, row.choice, row.meaning, row.at, row.by)
            for row in tx.connection.execute(query)
        ]


def open_of(where: Store | Transaction, person: str, limit: int = 10) -> list[Run]:
    """What a person has begun and not finished, the latest touched first; kept for as long as they wish."""
    query = sa.select(runs).where(runs.c.person == person, runs.c.finished_at.is_(None))
    return _runs(where, query.order_by(runs.c.updated_at.desc(), runs.c.id.desc()).limit(limit))


def stalled(where: Store | Transaction, persons: Sequence[str], *, before: float) -> list[Run]:
    """What these persons have begun, not finished and not touched since a time, the oldest first."""
    query = sa.select(runs).where(
        runs.c.person.in_(persons), runs.c.finished_at.is_(None), runs.c.updated_at < int(before)
    )
    return _runs(where, query.order_by(runs.c.updated_at))


def of_person(where: Store | Transaction, person: str) -> list[Run]:
    """Everything a person has begun, the latest first."""
    return _runs(where, sa.select(runs).where(runs.c.person == person).order_by(runs.c.started_at.desc()))


def of_campaign(where: Store | Transaction, campaign: str) -> list[Run]:
    """All runs of a campaign, in the order in which they were begun."""
    query = sa.select(runs).where(runs.c.campaign == campaign).order_by(runs.c.started_at, runs.c.id)
    return _runs(where, query)


def finished_of(where: Store | Transaction, checklist: str, *, since: float = 0) -> list[Run]:
    """Runs of a checklist that are finished, outside campaigns; for figures about people."""
    query = sa.select(runs).where(runs.c.checklist == checklist, runs.c.campaign == "", runs.c.finished_at >= since)
    return _runs(where, query.order_by(runs.c.finished_at))


def history(where: Store | Transaction, person: str, checklist: str, *, before: float, limit: int = 3) -> list[Past]:
    """A person's earlier results of a checklist of their own, the oldest first."""
    mine = runs.c.person == person, runs.c.checklist == checklist, runs.c.campaign == "", runs.c.finished_at < before
    query = sa.select(runs.c.finished_at, runs.c.score, runs.c.version).where(*mine)
    with read(where) as tx:
        rows = tx.connection.execute(query.order_by(runs.c.finished_at.desc()).limit(limit)).all()
    return [Past(row.finished_at, row.score, row.version) for row in reversed(rows)]


# --- notes ------------------------------------------------------------------------------------------------------------


def put_note(where: Store | Transaction, run: str, question: str, note: Note, *, now: float) -> None:
    """Keep what was written to a question, in place of what was there. Blank keeps nothing."""
    with write(where) as tx:
        row = {
            "run": run,
            "question": question,
            "note": _sealed(tx, note.note, run, question, "note"),
            "evidence": _sealed(tx, note.evidence, run, question, "evidence"),
            "at": int(now),
        }
        put(tx, notes, row, changing=("note", "evidence", "at"))


def notes_of(where: Store | Transaction, run: str) -> dict[str, Note]:
    """By question, what was written in a run."""
    with read(where) as tx:
        rows = tx.connection.execute(sa.select(notes).where(notes.c.run == run)).all()
        return {
            row.question: Note(
                _opened(tx, row.note, run, row.question, "note"),
                _opened(tx, row.evidence, run, row.question, "evidence"),
            )
            for row in rows
        }


def _sealed(tx: Transaction, text: str, run: str, question: str, column: str) -> bytes | None:
    return tx.sealer.seal(text.encode(), place=f"check_notes/{run}:{question}/{column}") if text else None


def _opened(tx: Transaction, sealed: bytes | None, run: str, question: str, column: str) -> str:
    return tx.sealer.unseal(sealed, place=f"check_notes/{run}:{question}/{column}").decode() if sealed else ""


# --- campaigns --------------------------------------------------------------------------------------------------------


def start_campaign(where: Store | Transaction, campaign: Campaign) -> bool:
    """Keep a new campaign. False where its id is there already."""
    row = {name: getattr(campaign, name) for name in ("id", "checklist", "started_by", "started_at", "due")}
    with write(where) as tx:
        return insert_new(tx, campaigns, row | {"departments": list(campaign.departments)})


def campaign(where: Store | Transaction, id: str) -> Campaign | None:
    """The campaign; None where there is none."""
    found = _campaigns(where, sa.select(campaigns).where(campaigns.c.id == id))
    return found[0] if found else None


def open_campaigns(where: Store | Transaction) -> list[Campaign]:
    """Those under way, the latest first."""
    query = sa.select(campaigns).where(campaigns.c.closed_at.is_(None))
    return _campaigns(where, query.order_by(campaigns.c.started_at.desc(), campaigns.c.id.desc()))


def closed_campaigns(where: Store | Transaction, checklist: str, limit: int = 4) -> list[Campaign]:
    """The last ones that are over, the oldest first."""
    query = sa.select(campaigns).where(campaigns.c.checklist == checklist, campaigns.c.closed_at.is_not(None))
    return _campaigns(where, query.order_by(campaigns.c.closed_at.desc()).limit(limit))[::-1]


def close_campaign(where: Store | Transaction, id: str, *, score: int | None, version: int, now: float) -> bool:
    """End a campaign with what it came to. False where it is over already."""
    ended = sa.update(campaigns).where(campaigns.c.id == id, campaigns.c.closed_at.is_(None))
    with write(where) as tx:
        values = {"closed_at": int(now), "score": score, "version": version}
        return tx.connection.execute(ended.values(**values)).rowcount == 1


# --- a person's own ---------------------------------------------------------------------------------------------------


def delete_person(where: Store | Transaction, person: str) -> int:
    """Remove a person's own checks, and their name and notes from what they filled in for a department. How many runs.

    A department's answers stay: they are the company's, and say nothing of whose they were.
    """
    with write(where) as tx:
        mine = tx.connection.execute(sa.select(runs.c.id, runs.c.campaign).where(runs.c.person == person)).all()
        for row in mine:
            tx.connection.execute(sa.delete(notes).where(notes.c.run == row.id))
            if row.campaign:
                nameless = _nameless(tx, row.id)
                tx.connection.execute(sa.update(runs).where(runs.c.id == row.id).values(person="", state=nameless))
            else:
                drop(tx, row.id)
        tx.connection.execute(sa.update(events).where(events.c.by == person).values(by=""))
        tx.connection.execute(sa.update(campaigns).where(campaigns.c.started_by == person).values(started_by=""))
        return len(mine)


def _nameless(tx: Transaction, run: str) -> dict[str, Any]:
    """A run's state without who answered and without notes."""
    kept = tx.connection.execute(sa.select(runs.c.state).where(runs.c.id == run)).scalar_one()
    answers = {id: [*values[:3], "", False, False] for id, values in kept["answers"].items()}
    return dict(kept) | {"answers": answers, "notes": {}}


def _runs(where: Store | Transaction, query: sa.Select[Any]) -> list[Run]:
    with read(where) as tx:
        return [_run(dict(row._mapping)) for row in tx.connection.execute(query)]


def _run(row: Mapping[str, Any]) -> Run:
    values = {name: row[name] for name in Run.__dataclass_fields__ if name != "state"}
    return Run(**values, state=engine.from_json(row["state"]))


def _campaigns(where: Store | Transaction, query: sa.Select[Any]) -> list[Campaign]:
    with read(where) as tx:
        rows = tx.connection.execute(query).all()
    return [Campaign(**(dict(row._mapping) | {"departments": tuple(row.departments)})) for row in rows]
