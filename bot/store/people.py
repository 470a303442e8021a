"""What Slack's users.info said of a person, kept for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import sqlalchemy as sa

from . import engine
from .engine import Store, Transaction, read, write
from .schema import people


@dataclass(frozen=True)
class Person:
    """guest: restricted account of this workspace; stranger: of another workspace. Both get general guidance only.

    tz: an IANA name as Slack gives it, may be blank. fetched_at: when Slack said so, UTC epoch seconds.
    """

    id: str
    team: str
    name: str
    tz: str
    guest: bool
    stranger: bool
    bot: bool
    deleted: bool
    fetched_at: int


def get(where: Store | Transaction, id: str) -> Person | None:
    """What was kept last; None where nothing was. Whether it is too old is for the caller to say."""
    with read(where) as tx:
        row = tx.connection.execute(sa.select(people).where(people.c.id == id)).one_or_none()
    return Person(**row._mapping) if row else None


def put(where: Store | Transaction, person: Person) -> None:
    """Keep a person, in place of what was kept before."""
    values = asdict(person)
    with write(where) as tx:
        engine.put(tx, people, values, changing=tuple(name for name in values if name != "id"))


def put_many(where: Store | Transaction, found: Sequence[Person]) -> None:
    """put(), of many in one commit."""
    with write(where) as tx:
        for person in found:
            put(tx, person)


def delete_person(where: Store | Transaction, person: str) -> int:
    """Remove what is kept of a person. How many rows."""
    with write(where) as tx:
        return tx.connection.execute(sa.delete(people).where(people.c.id == person)).rowcount


def forget(where: Store | Transaction, *, before: float) -> int:
    """Remove who was last looked up before a time. How many; whoever comes back is looked up anew."""
    with write(where) as tx:
        return tx.connection.execute(sa.delete(people).where(people.c.fetched_at < int(before))).rowcount
