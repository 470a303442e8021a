"""Letters to the manager: 担当に聞く (ask), ちがうと思う (disagree), 担当に知らせる (leak).

Who sent them, and the note, are sealed.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from .engine import Store, Transaction, insert_new, read, write
from .schema import requests

Kind = Literal["ask", "disagree", "leak"]


@dataclass(frozen=True)
class Request:
    """person: blank once they had their data deleted. note: only what they added or agreed to, blank without; rules:
    ids; state: open or done.
    """

    id: str
    kind: Kind
    person: str
    note: str
    rules: tuple[str, ...]
    verdict: str | None
    intent: str
    created_at: int
    state: str
    handled_by: str | None
    handled_at: int | None


def add(
    where: Store | Transaction,
    kind: Kind,
    person: str,
    *,
    note: str = "",
    rules: Sequence[str] = (),
    verdict: str | None = None,
    intent: str,
    now: float,
    id: str | None = None,
) -> str:
    """Keep a request; its id. id: to make a repeated call harmless, one of the caller's; else a new one."""
    key = id or uuid.uuid4().hex
    with write(where) as tx:
        values = {
            "id": key,
            "kind": kind,
            "person": tx.sealer.seal(person.encode(), place=_place(key, "person")),
            "note": tx.sealer.seal(note.encode(), place=_place(key, "note")) if note else None,
            "rules": list(rules),
            "verdict": verdict,
            "intent": intent,
            "created_at": int(now),
            "state": "open",
        }
        insert_new(tx, requests, values)
    return key


def get(where: Store | Transaction, id: str) -> Request | None:
    """The request; None where there is none."""
    found = _all(where, sa.select(requests).where(requests.c.id == id))
    return found[0] if found else None


def sent_about(where: Store | Transaction, about: str) -> bool:
    """Whether something was sent about a dialogue: its id stands in the request's own, `kind:dialogue…`."""
    ids = sa.or_(*(requests.c.id.startswith(f"{kind}:{about}", autoescape=True) for kind in get_args(Kind)))
    with read(where) as tx:
        return tx.connection.execute(sa.select(requests.c.id).where(ids).limit(1)).first() is not None


def open_requests(where: Store | Transaction, limit: int = 100) -> list[Request]:
    """What waits for the manager, the oldest first."""
    waiting = sa.select(requests).where(requests.c.state == "open").order_by(requests.c.created_at, requests.c.id)
    return _all(where, waiting.limit(limit))


def finish(where: Store | Transaction, id: str, *, by: str, now: float) -> bool:
    """Handled, by whom. False where it is not open any more.

    One whose sender had their data deleted loses its note too: it was only kept for this.
    """
    done = sa.update(requests).where(requests.c.id == id, requests.c.state == "open")
    values: dict[str, object] = {"state": "done", "handled_by": by, "handled_at": int(now)}
    with write(where) as tx:
        there = get(tx, id)
        if there and not there.person:
            values["note"] = None
        return tx.connection.execute(done.values(**values)).rowcount == 1


def of_person(where: Store | Transaction, person: str) -> list[Request]:
    """What a person has sent, the oldest first. Who sent it is sealed, so every request is opened and looked at."""
    everything = sa.select(requests).order_by(requests.c.created_at, requests.c.id)
    return [each for each in _all(where, everything) if each.person == person]


def forget(where: Store | Transaction, *, before: float) -> int:
    """Remove requests that were dealt with before a time. How many; what is open stays."""
    old = sa.delete(requests).where(requests.c.state == "done", requests.c.handled_at < int(before))
    with write(where) as tx:
        return tx.connection.execute(old).rowcount


def delete_person(where: Store | Transaction, person: str) -> int:
    """Remove what a person has sent that is dealt with. How many."""
    with write(where) as tx:
        ids = [each.id for each in of_person(tx, person) if each.state == "done"]
        if ids:
            tx.connection.execute(sa.delete(requests).where(requests.c.id.in_(ids)))
        return len(ids)


def forget_sender(where: Store | Transaction, person: str) -> int:
    """Take a person's name off what still waits for the manager. How many."""
    with write(where) as tx:
        ids = [each.id for each in of_person(tx, person) if each.state == "open"]
        for id in ids:
            nobody = tx.sealer.seal(b"", place=_place(id, "person"))
            tx.connection.execute(sa.update(requests).where(requests.c.id == id).values(person=nobody))
        return len(ids)


def _all(where: Store | Transaction, query: sa.Select[Any]) -> list[Request]:
    with read(where) as tx:
        return [_opened(tx, row) for row in tx.connection.execute(query)]


def _opened(tx: Transaction, row: Any) -> Request:
    person = tx.sealer.unseal(row.person, place=_place(row.id, "person")).decode()
    note = tx.sealer.unseal(row.note, place=_place(row.id, "note")).decode() if row.note else ""
    return Request(**(dict(row._mapping) | {"person": person, "note": note, "rules": tuple(row.rules)}))


def _place(id: str, column: str) -> str:
    return f"requests/{id}/{column}"
