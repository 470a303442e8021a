"""The outbox: what the bot sends unasked. Planned once, claimed by lease, posted, looked up before any second post.

States: due -> sending -> sent; sending -> due (not posted, later again), skipped (not wanted any more), failed (Slack
refuses it) or unknown (perhaps posted, and the place cannot be read). A row that is still `sending` when its lease runs
out was perhaps posted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .engine import Store, Transaction, insert_new, insert_or_ignore, put, read, write
from .errors import SealBroken
from .schema import meta, outbox

_RESTORED, _RESTORED_PLACE = "restored_at", "meta/restored_at/sealed"
_OFTEN = 5  # tries after which a row that is still not sent is shown as trouble


@dataclass(frozen=True)
class Planned:
    """A row to be: target is a person's or a channel's id; message: chat.postMessage's text, blocks, …, or its JSON.

    due_at, expires_at: UTC epoch seconds; past expires_at it is not sent any more. lookup: True for DMs, False for
    channels, which cannot be read.
    """

    id: str
    kind: str
    target: str
    message: dict[str, Any] | str
    due_at: int
    lookup: bool
    expires_at: int | None = None


@dataclass(frozen=True)
class Row:
    """A claimed row. attempts is its fence; perhaps_posted: an earlier claim ended without a word."""

    id: str
    kind: str
    target: str
    message: dict[str, Any]
    due_at: int
    expires_at: int | None
    lookup: bool
    attempts: int
    lease_until: int
    first_try_at: int
    perhaps_posted: bool


@dataclass(frozen=True)
class Trouble:
    """A row the manager should know of: failed, unknown, or tried often without success. Without the message."""

    id: str
    kind: str
    target: str
    state: str
    reason: str | None
    attempts: int
    due_at: int


def plan(
    where: Store | Transaction,
    id: str,
    *,
    kind: str,
    target: str,
    message: dict[str, Any],
    due_at: float,
    expires_at: float | None = None,
    lookup: bool,
) -> bool:
    """Plan a message once. False where its id was planned before, whatever became of it."""
    until = None if expires_at is None else int(expires_at)
    return plan_row(where, Planned(id, kind, target, message, int(due_at), lookup, until))


def plan_row(where: Store | Transaction, planned: Planned) -> bool:
    """plan(), of a value."""
    with write(where) as tx:
        return insert_new(tx, outbox, _new(tx, planned, _restored_at(tx)))


def plan_many(where: Store | Transaction, planned: Sequence[Planned]) -> None:
    """plan(), of many values in one statement."""
    if planned:
        with write(where) as tx:
            restored = _restored_at(tx)
            tx.connection.execute(insert_or_ignore(tx, outbox), [_new(tx, each, restored) for each in planned])


def _new(tx: Transaction, planned: Planned, restored_at: int) -> dict[str, Any]:
    """A row. What was due before a backup was put back may have been posted then: it is looked up first."""
    before = planned.due_at <= restored_at
    message = planned.message if isinstance(planned.message, str) else json.dumps(planned.message, ensure_ascii=False)
    return {
        "id": planned.id,
        "kind": planned.kind,
        "target": planned.target,
        "message": tx.sealer.seal(message.encode(), place=_place(planned.id)),
        "lookup": planned.lookup,
        "due_at": int(planned.due_at),
        "expires_at": planned.expires_at,
        "state": "sending" if before else "due",
        "owner": "",
        "lease_until": 0,
        "attempts": 0,
        "first_try_at": int(planned.due_at) if before else None,
    }


def after_restore(tx: Transaction, *, now: float) -> int:
    """A backup was put back: whatever was due by now counts as perhaps posted. How many rows that are.

    Also what is planned only later for a time before now: its row may have been lost with the newer database.
    """
    value = tx.sealer.seal(str(int(now)).encode(), place=_RESTORED_PLACE)
    put(tx, meta, {"name": _RESTORED, "sealed": value}, changing=("sealed",))
    due = sa.update(outbox).where(outbox.c.state == "due", outbox.c.due_at <= int(now))
    lost = {"state": "sending", "lease_until": 0, "owner": "", "first_try_at": outbox.c.due_at}
    return tx.connection.execute(due.values(lost)).rowcount


def _restored_at(tx: Transaction) -> int:
    """When a backup was put back last; before all times where none ever was."""
    kept = tx.connection.execute(sa.select(meta.c.sealed).where(meta.c.name == _RESTORED)).scalar()
    return int(tx.sealer.unseal(kept, place=_RESTORED_PLACE)) if kept else -1


def next_due(where: Store | Transaction) -> int | None:
    """When the next row can be claimed (may be past); None where there is none."""
    due = sa.select(sa.func.min(outbox.c.due_at)).where(outbox.c.state == "due").scalar_subquery()
    lease = sa.select(sa.func.min(outbox.c.lease_until)).where(outbox.c.state == "sending").scalar_subquery()
    with read(where) as tx:
        times = [time for time in tx.connection.execute(sa.select(due, lease)).one() if time is not None]
    return min(times, default=None)


def claim(where: Store | Transaction, *, owner: str, now: float, lease_s: int = 120) -> Row | None:
    """A row whose owner was lost, else the one due longest, now leased by owner; None where nothing is due.

    No two callers get the same one.

    One whose message does not open any more is marked failed, and the next is taken.
    """
    at = int(now)
    with write(where) as tx:
        while row := _ready(tx, at):
            mine = sa.update(outbox).where(outbox.c.id == row.id)
            try:
                message = json.loads(tx.sealer.unseal(row.message, place=_place(row.id)))
            except SealBroken:
                tx.connection.execute(mine.values(state="failed", reason="seal_broken"))
                continue
            first = at if row.first_try_at is None else row.first_try_at
            lease = {"lease_until": at + lease_s, "attempts": row.attempts + 1, "first_try_at": first}
            tx.connection.execute(mine.values(state="sending", owner=owner, **lease))
            kept = {name: getattr(row, name) for name in ("id", "kind", "target", "due_at", "expires_at", "lookup")}
            return Row(**kept, **lease, message=message, perhaps_posted=row.state == "sending")
    return None


def _ready(tx: Transaction, at: int) -> Any:
    """Lost rows first. Two queries: each goes along the index, where one with OR would sort all that is due."""
    lost = sa.select(outbox).where(outbox.c.state == "sending", outbox.c.lease_until <= at)
    due = sa.select(outbox).where(outbox.c.state == "due", outbox.c.due_at <= at)
    for query in (lost, due):
        first = query.order_by(outbox.c.due_at, outbox.c.id).limit(1).with_for_update(skip_locked=True)
        if row := tx.connection.execute(first).one_or_none():
            return row
    return None


def mark_sent(where: Store | Transaction, row: Row, *, channel: str, ts: str) -> bool:
    """It was posted there. The message is emptied. False where another claim came between."""
    return _end(where, row, state="sent", channel=channel, ts=ts, message=None, reason=None)


def requeue(where: Store | Transaction, row: Row, *, at: float, reason: str) -> bool:
    """It was surely not posted, and is due again at a time. False where another claim came between."""
    return _end(where, row, state="due", due_at=int(at), reason=reason)


def park(where: Store | Transaction, row: Row, *, reason: str = "unknown") -> bool:
    """Nobody can tell whether it was posted: shown, never sent again. False where another claim came between."""
    return _end(where, row, state="unknown", reason=reason)


def fail(where: Store | Transaction, row: Row, *, reason: str) -> bool:
    """Slack refuses it for good; reason: Slack's error code. False where another claim came between."""
    return _end(where, row, state="failed", reason=reason)


def skip(where: Store | Transaction, row: Row, *, reason: str) -> bool:
    """It is not wanted any more. The message is emptied. False where another claim came between."""
    return _end(where, row, state="skipped", reason=reason, message=None)


def skip_late(where: Store | Transaction, *, now: float) -> int:
    """Skip every due row whose time is over, whoever would have claimed it. How many."""
    late = sa.update(outbox).where(outbox.c.state == "due", outbox.c.expires_at < int(now))
    with write(where) as tx:
        return tx.connection.execute(late.values(state="skipped", reason="late", message=None)).rowcount


def _end(where: Store | Transaction, row: Row, **values: object) -> bool:
    mine = sa.update(outbox).where(
        outbox.c.id == row.id, outbox.c.attempts == row.attempts, outbox.c.state == "sending"
    )
    with write(where) as tx:
        return tx.connection.execute(mine.values(**values)).rowcount == 1


def known_channel(where: Store | Transaction, target: str) -> str | None:
    """The DM channel that earlier messages to this person went to."""
    query = sa.select(outbox.c.channel).where(outbox.c.target == target, outbox.c.channel.is_not(None)).limit(1)
    with read(where) as tx:
        return tx.connection.execute(query).scalar()


def troubles(where: Store | Transaction, limit: int = 100) -> list[Trouble]:
    """What the manager should know of, the oldest first."""
    stuck = sa.and_(outbox.c.state.in_(("due", "sending")), outbox.c.attempts >= _OFTEN)
    columns = (getattr(outbox.c, name) for name in Trouble.__dataclass_fields__)
    query = sa.select(*columns).where(sa.or_(outbox.c.state.in_(("failed", "unknown")), stuck))
    with read(where) as tx:
        return [Trouble(**row._mapping) for row in tx.connection.execute(query.order_by(outbox.c.due_at).limit(limit))]


def counts(where: Store | Transaction) -> dict[str, int]:
    """How many rows are in each state; a state without rows is left out."""
    query = sa.select(outbox.c.state, sa.func.count()).group_by(outbox.c.state)
    with read(where) as tx:
        return {state: count for state, count in tx.connection.execute(query)}


def settle(where: Store | Transaction, id: str) -> bool:
    """The manager has seen a failed or unknown row: it is skipped, its message emptied. False where it is neither."""
    shown = sa.update(outbox).where(outbox.c.id == id, outbox.c.state.in_(("failed", "unknown")))
    with write(where) as tx:
        return tx.connection.execute(shown.values(state="skipped", message=None)).rowcount == 1


def forget(where: Store | Transaction, *, before: float) -> int:
    """Remove sent and skipped rows that were due before a time. How many. Their ids could then be planned again."""
    old = sa.delete(outbox).where(outbox.c.state.in_(("sent", "skipped")), outbox.c.due_at < int(before))
    with write(where) as tx:
        return tx.connection.execute(old).rowcount


def delete_person(where: Store | Transaction, person: str, *, own: Sequence[str] = ("direct",)) -> int:
    """Remove what was sent to a person, and what is theirs of what was not sent yet. How many rows.

    own: kinds that are for them alone. Anything else that waits was written to them as a manager, a responder, an
    owner: whoever wrote it counts on its arrival.
    """
    over = sa.or_(outbox.c.state.in_(("sent", "skipped")), outbox.c.kind.in_(own))
    with write(where) as tx:
        return tx.connection.execute(sa.delete(outbox).where(outbox.c.target == person, over)).rowcount


def _place(id: str) -> str:
    return f"outbox/{id}/message"
