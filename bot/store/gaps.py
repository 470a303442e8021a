"""Gaps of self-checks that have an owner and a date, and questions asked of a person. What shows that one is done is
sealed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .engine import Store, Transaction, put, read, write
from .schema_checks import gaps


@dataclass(frozen=True)
class Kept:
    """scope: a run's id, a campaign's, or `campaign/department`. run: where the answer to a question asked goes, or
    blank. choice: the answer it came from. due: YYYY-MM-DD. state: planned or done."""

    id: str
    scope: str
    checklist: str
    question: str
    choice: str
    owner: str
    due: str
    assigned_by: str
    created_at: int
    run: str = ""
    state: str = "planned"
    evidence: str = ""
    done_at: int | None = None


def id_of(scope: str, question: str) -> str:
    """A gap has one id in its scope, so that giving it to somebody twice is one gap."""
    return hashlib.sha256(f"{scope}\n{question}".encode()).hexdigest()[:20]


def assign(where: Store | Transaction, gap: Kept) -> None:
    """Keep a gap, or give it another owner or date. One that was done is open again."""
    with write(where) as tx:
        row = {name: getattr(gap, name) for name in Kept.__dataclass_fields__ if name != "evidence"}
        changing = ("choice", "owner", "due", "state", "assigned_by", "evidence", "done_at", "run")
        put(tx, gaps, row | {"evidence": None}, changing=changing)


def get(where: Store | Transaction, id: str) -> Kept | None:
    """The gap; None where there is none."""
    found = _all(where, sa.select(gaps).where(gaps.c.id == id))
    return found[0] if found else None


def of_scope(where: Store | Transaction, scope: str) -> dict[str, Kept]:
    """By question, what is kept in a scope."""
    return {each.question: each for each in _all(where, sa.select(gaps).where(gaps.c.scope == scope))}


def of_owner(where: Store | Transaction, owner: str, *, state: str = "planned", limit: int = 20) -> list[Kept]:
    """What somebody has taken on, the earliest date first."""
    query = sa.select(gaps).where(gaps.c.owner == owner, gaps.c.state == state)
    return _all(where, query.order_by(gaps.c.due, gaps.c.id).limit(limit))


def overdue(where: Store | Transaction, owners: Sequence[str], *, before: str) -> list[Kept]:
    """What these persons took on until a day before this one and have not ended, the oldest first."""
    late = sa.and_(gaps.c.owner.in_(owners), gaps.c.state == "planned", gaps.c.due < before)
    return _all(where, sa.select(gaps).where(late).order_by(gaps.c.due, gaps.c.id))


def finish(where: Store | Transaction, id: str, *, evidence: str = "", now: float) -> bool:
    """Done. evidence: what shows it; blank keeps what was there. False where it is gone, or done and nothing is new."""
    with write(where) as tx:
        sealed = tx.sealer.seal(evidence.encode(), place=_place(id)) if evidence else None
        wanted = gaps.c.id == id if evidence else sa.and_(gaps.c.id == id, gaps.c.state != "done")
        done = sa.update(gaps).where(wanted)
        values = {"state": "done", "done_at": int(now)} | ({"evidence": sealed} if evidence else {})
        return tx.connection.execute(done.values(**values)).rowcount == 1


def postpone(where: Store | Transaction, id: str, *, due: str) -> bool:
    """Another date. False where it is gone or done."""
    moved = sa.update(gaps).where(gaps.c.id == id, gaps.c.state != "done")
    with write(where) as tx:
        return tx.connection.execute(moved.values(due=due)).rowcount == 1


def delete_person(where: Store | Transaction, person: str) -> int:
    """Remove a person from gaps: those of their own checks go, others lose their owner. How many."""
    with write(where) as tx:
        own = sa.delete(gaps).where(gaps.c.owner == person, gaps.c.assigned_by == person)
        count = tx.connection.execute(own).rowcount
        count += tx.connection.execute(sa.update(gaps).where(gaps.c.owner == person).values(owner="")).rowcount
        tx.connection.execute(sa.update(gaps).where(gaps.c.assigned_by == person).values(assigned_by=""))
        return count


def _all(where: Store | Transaction, query: sa.Select[Any]) -> list[Kept]:
    with read(where) as tx:
        return [_opened(tx, row) for row in tx.connection.execute(query)]


def _opened(tx: Transaction, row: Any) -> Kept:
    evidence = tx.sealer.unseal(row.evidence, place=_place(row.id)).decode() if row.evidence else ""
    return Kept(**(dict(row._mapping) | {"evidence": evidence}))


def _place(id: str) -> str:
    return f"check_gaps/{id}/evidence"
