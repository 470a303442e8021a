"""A person's id as something that only who has the key can make, to look for it where the id itself is sealed."""

from __future__ import annotations

import hashlib
import hmac
import os

import sqlalchemy as sa

from .engine import Transaction, insert_new
from .schema import meta

_NAME, _PLACE = "people_key", "meta/people_key/sealed"


def veiled(tx: Transaction, text: str) -> str:
    """The same text gives the same 64 hex digits, in this store alone."""
    return hmac.new(_key(tx), text.encode(), hashlib.sha256).hexdigest()


def _key(tx: Transaction) -> bytes:
    """Random, and made before anything is written with it: where two make it at once, the first one's stays."""
    if (there := _kept(tx)) is None:
        insert_new(tx, meta, {"name": _NAME, "sealed": tx.sealer.seal(os.urandom(32), place=_PLACE)})
        there = _kept(tx)
    assert there is not None
    return tx.sealer.unseal(there, place=_PLACE)


def _kept(tx: Transaction) -> bytes | None:
    kept: bytes | None = tx.connection.execute(sa.select(meta.c.sealed).where(meta.c.name == _NAME)).scalar()
    return kept
