"""The audit log: append-only, each row's HMAC over the row and the one before it, so that a change or a gap shows.

It holds ids and plain facts of what was done, never words of people. Its key is random and kept sealed in `meta`, so
that a rotation of the sealing key leaves the chain whole.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .engine import Store, Transaction, insert_new, read, write
from .schema import audit, meta

_KEY, _PLACE = "audit_key", "meta/audit_key/sealed"
_LOCK = 0x6175646974  # "audit": one writer at a time on PostgreSQL; SQLite's transaction does it by itself
_START = b"\0" * 32


@dataclass(frozen=True)
class Entry:
    """kind: what was done (`rule.shown`, `case.opened` …). subject: the id of what it was done to. data: ids, plain."""

    seq: int
    at: int
    kind: str
    subject: str
    actor: str
    data: dict[str, Any]
    mac: str


@dataclass(frozen=True)
class Broken:
    """The first row that does not fit: seq, and reason `changed` or `missing`."""

    seq: int
    reason: str


def append(
    where: Store | Transaction, kind: str, subject: str, *, actor: str, now: float, data: dict[str, Any] | None = None
) -> int:
    """Add a row at the end; its number. actor: a person's id, or blank for the bot itself."""
    with write(where) as tx:
        if tx.connection.dialect.name == "postgresql":
            tx.connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        last = tx.connection.execute(sa.select(audit.c.seq, audit.c.mac).order_by(audit.c.seq.desc()).limit(1)).first()
        seq = int(last.seq) + 1 if last else 1
        row = {
            "seq": seq,
            "at": int(now),
            "kind": kind,
            "subject": subject,
            "actor": actor,
            "data": data or {},
        }
        mac = _mac(_key(tx), row, last.mac if last else _START)
        tx.connection.execute(sa.insert(audit).values(**row, mac=mac))
        return seq


def entries(
    where: Store | Transaction, *, subject: str | None = None, kinds: tuple[str, ...] = (), after: int = 0
) -> list[Entry]:
    """Rows in their order; narrowed to a subject, and to kinds where some are given."""
    query = sa.select(audit).where(audit.c.seq > after).order_by(audit.c.seq)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    if kinds:
        query = query.where(audit.c.kind.in_(kinds))
    with read(where) as tx:
        return [Entry(**(dict(row._mapping) | {"mac": row.mac.hex()})) for row in tx.connection.execute(query)]


def head(where: Store | Transaction) -> tuple[int, str] | None:
    """(number, MAC) of the last row; None where there is none. Kept elsewhere, it shows rows that were cut off."""
    with read(where) as tx:
        query = sa.select(audit.c.seq, audit.c.mac).order_by(audit.c.seq.desc()).limit(1)
        last = tx.connection.execute(query).first()
    return (int(last.seq), last.mac.hex()) if last else None


def verify(where: Store | Transaction) -> Broken | None:
    """Go through the whole chain; None where it is whole.

    Rows cut off at the end leave no gap: compare the last number and MAC with a copy kept elsewhere (an export).
    """
    with read(where) as tx:
        rows = tx.connection.execute(sa.select(audit).order_by(audit.c.seq))
        before, key = _START, None
        for seq, row in enumerate(rows, 1):
            if row.seq != seq:
                return Broken(seq, "missing")
            key = key or _key(tx)
            values = {name: getattr(row, name) for name in ("seq", "at", "kind", "subject", "actor", "data")}
            if not hmac.compare_digest(_mac(key, values, before), row.mac):
                return Broken(seq, "changed")
            before = row.mac
    return None


def _key(tx: Transaction) -> bytes:
    """The chain's key, made with the first row."""
    kept = tx.connection.execute(sa.select(meta.c.sealed).where(meta.c.name == _KEY)).scalar_one_or_none()
    if kept is None:
        made = os.urandom(32)
        insert_new(tx, meta, {"name": _KEY, "sealed": tx.sealer.seal(made, place=_PLACE)})
        return made
    return tx.sealer.unseal(kept, place=_PLACE)


def _mac(key: bytes, row: dict[str, Any], before: bytes) -> bytes:
    plain = json.dumps([row[n] for n in ("seq", "at", "kind", "subject", "actor", "data")], sort_keys=True)
    return hmac.new(key, before + plain.encode(), hashlib.sha256).digest()
