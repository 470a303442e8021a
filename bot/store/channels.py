"""DM channels and how far each has been read, for catching up after the connection was lost."""

from __future__ import annotations

import sqlalchemy as sa

from .engine import Store, Transaction, insert_new, put, read, write
from .schema import channels


def seen(tx: Transaction, channel: str, person: str, ts: str) -> None:
    """A message of this DM came; an older one than known changes nothing."""
    row = {"id": channel, "person": person, "last_ts": ts}
    put(tx, channels, row, changing=("last_ts",), newer="last_ts")


def opened(where: Store | Transaction, channel: str, person: str, ts: str) -> bool:
    """A DM that is there, though nothing was said in it that came here. ts: from where to catch up. False: known."""
    with write(where) as tx:
        return insert_new(tx, channels, {"id": channel, "person": person, "last_ts": ts})


def dm_channels(where: Store | Transaction, since: float) -> list[tuple[str, str, str]]:
    """(channel, person, last ts) of DMs with a message at or after since, the latest first."""
    query = sa.select(channels).where(channels.c.last_ts >= f"{since:.6f}").order_by(channels.c.last_ts.desc())
    with read(where) as tx:
        return [(row.id, row.person, row.last_ts) for row in tx.connection.execute(query)]


def channel_of(where: Store | Transaction, person: str) -> str | None:
    """The DM with a person, where they have written before."""
    query = sa.select(channels.c.id).where(channels.c.person == person).order_by(channels.c.last_ts.desc()).limit(1)
    with read(where) as tx:
        return tx.connection.execute(query).scalar()


def reached(where: Store | Transaction, channel: str, ts: str) -> None:
    """A DM has been caught up to ts; one that is not known, or was read further, stays as it is."""
    later = sa.update(channels).where(channels.c.id == channel, channels.c.last_ts < ts)
    with write(where) as tx:
        tx.connection.execute(later.values(last_ts=ts))


def delete_person(where: Store | Transaction, person: str) -> int:
    """Remove a person's DM channels. How many."""
    with write(where) as tx:
        return tx.connection.execute(sa.delete(channels).where(channels.c.person == person)).rowcount
