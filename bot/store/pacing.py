"""One row that all replicas share: when the outbox may post next."""

from __future__ import annotations

import sqlalchemy as sa

from .engine import Store, Transaction, insert_new, put, write
from .schema import pacing

_ROW = 1
_FARTHEST_S = 3600  # a slot further off was set by a clock that has been put back since


def take_slot(where: Store | Transaction, *, now: float, per_s: float) -> float:
    """0.0: go ahead, the slot is yours; else the seconds until the next one, which is not reserved.

    per_s: posts a second of all replicas together, above 0; ValueError otherwise.
    """
    if per_s <= 0:
        raise ValueError(f"per_s must be above 0, not {per_s}.")
    at = int(now * 1000)
    stale = pacing.c.next_ms > at + _FARTHEST_S * 1000
    free = sa.update(pacing).where(pacing.c.id == _ROW, sa.or_(pacing.c.next_ms <= at, stale))
    with write(where) as tx:
        insert_new(tx, pacing, {"id": _ROW, "next_ms": 0})
        if tx.connection.execute(free.values(next_ms=at + round(1000 / per_s))).rowcount == 1:
            return 0.0
        after: int = tx.connection.execute(sa.select(pacing.c.next_ms).where(pacing.c.id == _ROW)).scalar_one()
    return max(0.001, (after - at) / 1000)


def push_back(where: Store | Transaction, until: float) -> None:
    """No slot before a time, at most an hour ahead. An earlier time than already set changes nothing."""
    with write(where) as tx:
        put(tx, pacing, {"id": _ROW, "next_ms": int(until * 1000)}, changing=("next_ms",), newer="next_ms")
