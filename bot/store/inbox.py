"""The inbox: one row a delivery, that is one payload from Slack. Committed before the ack, emptied when done."""

from __future__ import annotations

import logging
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from . import dialogue, outbox
from .channels import seen
from .dialogue import Dialogue
from .engine import Store, Transaction, insert_new, read, write
from .errors import SealBroken
from .outbox import Planned
from .prepared import Prepared
from .schema import inbox

logger = logging.getLogger(__name__)

_DONE = Prepared(
    sa.update(inbox)
    .where(inbox.c.id == sa.bindparam("which"), inbox.c.state == "open")
    .values(state="done", payload=sa.null(), finished_at=sa.bindparam("at"))
)


@dataclass(frozen=True)
class Delivery:
    """A payload whose owner was lost. attempts: 2 or more; the first was when it came."""

    id: str
    kind: str
    payload: bytes
    attempts: int
    received_at: int


@dataclass(frozen=True)
class Backlog:
    """open: not answered yet; expired: payload given up unanswered; oldest_at: when the oldest open one came."""

    open: int
    expired: int
    oldest_at: int | None


def receive(
    where: Store | Transaction,
    id: str,
    kind: str,
    payload: bytes,
    *,
    owner: str,
    now: float,
    lease_s: int = 60,
    channel: str | None = None,
    ts: str | None = None,
    person: str | None = None,
) -> bool:
    """Keep a delivery, leased by owner: True. False where its id was seen before, in any state, by any process.

    channel, ts, person: of a DM message, all three; they say later from where to catch up.
    """
    with write(where) as tx:
        row = {
            "id": id,
            "kind": kind,
            "payload": tx.sealer.seal(payload, place=_place(id)),
            "state": "open",
            "owner": owner,
            "lease_until": int(now) + lease_s,
            "attempts": 1,
            "received_at": int(now),
        }
        new = insert_new(tx, inbox, row)
        if new and channel and ts and person:
            seen(tx, channel, person, ts)
        return new


def known(where: Store | Transaction, ids: Sequence[str]) -> set[str]:
    """Those of these ids that were seen before."""
    with read(where) as tx:
        return {id for (id,) in tx.connection.execute(sa.select(inbox.c.id).where(inbox.c.id.in_(ids)))}


def finish(
    where: Store | Transaction,
    id: str,
    *,
    now: float,
    dialogues: Sequence[Dialogue] = (),
    planned: Sequence[Planned] = (),
) -> bool:
    """Answered: the payload is emptied, dialogues are saved and outbox rows planned, in one commit.

    False, and nothing is changed, where the delivery is not open any more.
    """
    with write(where) as tx:
        if _DONE.change(tx, {"which": id, "at": int(now)}) != 1:
            return False
        for each in dialogues:
            dialogue.save(tx, each)
        for row in planned:
            outbox.plan_row(tx, row)
        return True


def renew(where: Store | Transaction, id: str, *, owner: str, attempts: int, now: float, lease_s: int = 60) -> bool:
    """Lease an open delivery anew. False where somebody else has taken it, or it is not open any more."""
    return _move(where, id, owner, attempts, int(now) + lease_s)


def postpone(where: Store | Transaction, id: str, *, owner: str, attempts: int, until: float) -> bool:
    """Surely not answered, and not to be tried before a time, when anybody may. False as in renew()."""
    return _move(where, id, owner, attempts, math.ceil(until))


def release(where: Store | Transaction, *, owner: str, but: Collection[str] = ()) -> int:
    """Let go of what an owner that ends has not answered, for the next one to take at once. How many.

    but: ids whose answer may be on its way; their leases run out by themselves.
    """
    mine = sa.update(inbox).where(inbox.c.state == "open", inbox.c.owner == owner, inbox.c.id.not_in(but))
    with write(where) as tx:
        return tx.connection.execute(mine.values(lease_until=0)).rowcount


def _move(where: Store | Transaction, id: str, owner: str, attempts: int, until: int) -> bool:
    mine = sa.update(inbox).where(
        inbox.c.id == id, inbox.c.state == "open", inbox.c.owner == owner, inbox.c.attempts == attempts
    )
    with write(where) as tx:
        return tx.connection.execute(mine.values(lease_until=until)).rowcount == 1


def claim_stale(
    where: Store | Transaction,
    *,
    owner: str,
    now: float,
    lease_s: int = 60,
    kinds: Sequence[str] = ("event",),
    limit: int = 20,
) -> list[Delivery]:
    """Open deliveries whose lease ran out, oldest first, now leased by owner; no two callers get the same one.

    One whose payload does not open any more is given up (expired) and logged by its id.
    """
    over = sa.and_(inbox.c.state == "open", inbox.c.lease_until <= int(now), inbox.c.kind.in_(kinds))
    oldest = (inbox.c.received_at, inbox.c.id)
    stale = sa.select(inbox).where(over).order_by(*oldest).limit(limit).with_for_update(skip_locked=True)
    claimed: list[Delivery] = []
    with read(where) as tx:  # asked every second: it must not make others wait
        if tx.connection.execute(sa.select(inbox.c.id).where(over).limit(1)).first() is None:
            return claimed
    with write(where) as tx:
        for row in tx.connection.execute(stale).all():
            mine = sa.update(inbox).where(inbox.c.id == row.id)
            try:
                payload = tx.sealer.unseal(row.payload, place=_place(row.id))
            except SealBroken as error:
                logger.error("delivery given up: %s", error)
                tx.connection.execute(mine.values(state="expired", payload=None, finished_at=int(now)))
                continue
            attempts = row.attempts + 1
            tx.connection.execute(mine.values(owner=owner, lease_until=int(now) + lease_s, attempts=attempts))
            claimed.append(Delivery(row.id, row.kind, payload, attempts, row.received_at))
    return claimed


def expire(where: Store | Transaction, *, now: float, after_s: int = 900) -> int:
    """Give up open deliveries that came after_s ago or earlier: their payloads are emptied. How many."""
    old = sa.update(inbox).where(inbox.c.state == "open", inbox.c.received_at <= int(now) - after_s)
    with write(where) as tx:
        return tx.connection.execute(old.values(state="expired", payload=None, finished_at=int(now))).rowcount


def forget(where: Store | Transaction, *, before: float) -> int:
    """Remove the ids of done and expired deliveries that came before a time. How many.

    Slack sends again for minutes, and people catch up for longer: keep at least 24 hours.
    """
    old = sa.delete(inbox).where(inbox.c.state != "open", inbox.c.received_at < int(before))
    with write(where) as tx:
        return tx.connection.execute(old).rowcount


def open_deliveries(where: Store | Transaction) -> Backlog:
    """What has not been answered."""
    query = (
        sa.select(inbox.c.state, sa.func.count(), sa.func.min(inbox.c.received_at))
        .where(inbox.c.state != "done")
        .group_by(inbox.c.state)
    )
    with read(where) as tx:
        found = {state: (count, oldest) for state, count, oldest in tx.connection.execute(query)}
    count, oldest = found.get("open", (0, None))
    return Backlog(count, found.get("expired", (0, None))[0], oldest)


def _place(id: str) -> str:
    return f"inbox/{id}/payload"
