"""Dialogues: where a conversation stands, by person and channel. Ids of concepts, choices and questions, never text."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .engine import Store, Transaction, put, read, write
from .prepared import Prepared
from .schema import dialogues

_COLUMNS = tuple(column.name for column in dialogues.c)
_FAR = 2**53  # later than any time
_CHANGING = ("state", "updated_at", "closed", "message_ts")


@dataclass(frozen=True)
class Dialogue:
    """One conversation. state: JSON of ids; message_ts: the message of ours that carries its buttons."""

    id: str
    person: str
    channel: str
    state: dict[str, Any]
    opened_at: int
    updated_at: int
    closed: bool = False
    message_ts: str | None = None


def save(where: Store | Transaction, dialogue: Dialogue) -> None:
    """Write a dialogue, new or again. An older state than the one kept (by updated_at) is not written."""
    with write(where) as tx:
        put(tx, dialogues, vars(dialogue), changing=_CHANGING, newer="updated_at")


def load(where: Store | Transaction, id: str) -> Dialogue | None:
    """The dialogue, open or closed; None where there is none."""
    with read(where) as tx:
        row = tx.connection.execute(sa.select(dialogues).where(dialogues.c.id == id)).one_or_none()
    return Dialogue(**row._mapping) if row else None


def open_of(where: Store | Transaction, person: str, channel: str, limit: int = 5) -> list[Dialogue]:
    """What a person has open in a channel, the latest touched first."""
    query = _of(person).where(dialogues.c.channel == channel, dialogues.c.closed.is_(False)).limit(limit)
    return _all(where, query)


def latest(
    where: Store | Transaction, person: str, *channels: str, until: float = _FAR, limit: int = 5
) -> list[Dialogue]:
    """A person's last conversations in channels, open or closed, the latest touched first; none touched after until."""
    with read(where) as tx:
        about = {"who": person, "until": int(until), "most": limit}
        found = _latest(len(channels)).rows(tx, about | {f"where_{n}": channel for n, channel in enumerate(channels)})
        return [Dialogue(**dict(zip(_COLUMNS, row, strict=True))) for row in found]


def of_person(where: Store | Transaction, person: str) -> list[Dialogue]:
    """Everything kept of a person's conversations, the latest touched first."""
    return _all(where, _of(person))


def close(where: Store | Transaction, id: str, *, now: float) -> bool:
    """Close a dialogue. False where it is not there or closed already."""
    ended = sa.update(dialogues).where(dialogues.c.id == id, dialogues.c.closed.is_(False))
    with write(where) as tx:
        return tx.connection.execute(ended.values(closed=True, updated_at=int(now))).rowcount == 1


def forget(where: Store | Transaction, *, before: float) -> int:
    """Remove dialogues not touched since a time, open ones too. How many."""
    with write(where) as tx:
        return tx.connection.execute(sa.delete(dialogues).where(dialogues.c.updated_at < int(before))).rowcount


def delete_person(where: Store | Transaction, person: str) -> int:
    """Remove all of a person's dialogues. How many."""
    with write(where) as tx:
        return tx.connection.execute(sa.delete(dialogues).where(dialogues.c.person == person)).rowcount


def _of(person: str | sa.BindParameter[str]) -> sa.Select[Any]:
    latest = (dialogues.c.updated_at.desc(), dialogues.c.opened_at.desc(), dialogues.c.id.desc())
    return sa.select(dialogues).where(dialogues.c.person == person).order_by(*latest)


def _all(where: Store | Transaction, query: sa.Select[Any]) -> list[Dialogue]:
    with read(where) as tx:
        return [Dialogue(**row._mapping) for row in tx.connection.execute(query)]


@functools.cache
def _latest(channels: int) -> Prepared:
    places = [sa.bindparam(f"where_{n}", type_=sa.Text) for n in range(channels)]
    until, most = sa.bindparam("until", type_=sa.BigInteger), sa.bindparam("most", type_=sa.Integer)
    found = _of(sa.bindparam("who", type_=sa.Text)).where(dialogues.c.channel.in_(places))
    return Prepared(found.where(dialogues.c.updated_at <= until).limit(most))
