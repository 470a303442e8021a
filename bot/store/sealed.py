"""Every sealed column of every table, in one place: what a rotation of the key goes through.

A new table joins by a line in SEALED. A test finds columns of bytes that are in neither list.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .engine import Store, Transaction, read
from .errors import SealBroken
from .schema import metadata


@dataclass(frozen=True)
class Sealed:
    """A column. Its values are bound to the place `table/primary key/column`; between: what joins a key of several.

    inside: the column is JSON, and this key of it holds the sealed value, in base64, in some of the rows.
    """

    table: str
    column: str
    between: str = ":"
    inside: str = ""


SEALED: Sequence[Sealed] = (
    Sealed("case_events", "body"),
    Sealed("cases", "reporter"),
    Sealed("check_gaps", "evidence"),
    Sealed("check_notes", "evidence"),
    Sealed("check_notes", "note"),
    Sealed("dialogues", "state", inside="x"),
    Sealed("handling_rules", "draft"),
    Sealed("inbox", "payload"),
    Sealed("inventory", "content"),
    Sealed("inventory_history", "content", between="/"),
    Sealed("meta", "sealed"),
    Sealed("outbox", "message"),
    Sealed("requests", "note"),
    Sealed("requests", "person"),
    Sealed("rule_comments", "comment"),
    Sealed("rule_editions", "content"),
)
# Bytes that hide nothing.
PLAIN: Sequence[tuple[str, str]] = (("audit", "mac"),)

_ID_AT, _ID_LENGTH = 2, 4  # where a sealed value names its key (sealing.py), from 1
BATCH = 200  # rows in one commit: others wait no longer than for these


@dataclass(frozen=True)
class Resealed:
    """done: values sealed anew. shut: places that no key of the file opens; they are left as they are."""

    done: int
    shut: tuple[str, ...] = ()


def count_old(where: Store | Transaction) -> int:
    """How many values are sealed with another key than the current one."""
    with read(where) as tx:
        return sum(_count(tx, each, old=True) for each in SEALED)


def count_all(where: Store | Transaction) -> int:
    """How many values are sealed."""
    with read(where) as tx:
        return sum(_count(tx, each, old=False) for each in SEALED)


def reseal(store: Store, *, batch: int = BATCH, done: Callable[[int], None] = lambda count: None) -> Resealed:
    """Seal everything with the current key, batch by batch. Safe to interrupt, and to run again.

    done: told how many values there were, after every batch.
    """
    total, shut = 0, []
    for each in SEALED:
        after: tuple[Any, ...] | None = None
        while True:
            with store.begin() as tx:
                rows = _batch(tx, each, after, batch)
                count = 0
                for row in rows:
                    try:
                        count += _again(tx, each, row)
                    except SealBroken:
                        shut.append(_place(each, row))
            total += count
            done(total)
            if len(rows) < batch:
                break
            after = tuple(rows[-1])[:-1]
    return Resealed(total, tuple(shut))


def _found(each: Sealed) -> tuple[sa.Table, sa.Column[Any]]:
    table = metadata.tables[each.table]
    return table, table.c[each.column]


def _count(tx: Transaction, each: Sealed, *, old: bool) -> int:
    table, column = _found(each)
    if each.inside:
        found = (_held(each, value) for (value,) in tx.connection.execute(sa.select(column)))
        return sum(sealed is not None and not (old and _current(tx, sealed)) for sealed in found)
    query = sa.select(sa.func.count(column)).select_from(table)
    return int(tx.connection.execute(query.where(_old(tx, column)) if old else query).scalar_one())


def _held(each: Sealed, value: Any) -> bytes | None:
    """The sealed value of a row; None where it holds none."""
    if not each.inside:
        return bytes(value)
    try:
        return base64.b64decode(value[each.inside]) if each.inside in value else None
    except (TypeError, ValueError):
        return None


def _current(tx: Transaction, sealed: bytes) -> bool:
    return sealed[_ID_AT - 1 : _ID_AT - 1 + _ID_LENGTH] == tx.sealer.current


def _old(tx: Transaction, column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(column.is_not(None), sa.func.substr(column, _ID_AT, _ID_LENGTH) != tx.sealer.current)


def _batch(tx: Transaction, each: Sealed, after: tuple[Any, ...] | None, limit: int) -> Sequence[Any]:
    """Rows of (primary key …, value) past a key, in its order."""
    table, column = _found(each)
    keys = list(table.primary_key.columns)
    query = sa.select(*keys, column).order_by(*keys).limit(limit)
    if not each.inside:
        query = query.where(_old(tx, column))
    if after is not None:
        last = (sa.literal(value, key.type) for value, key in zip(after, keys, strict=True))
        query = query.where(sa.tuple_(*keys) > sa.tuple_(*last))
    return tx.connection.execute(query).all()


def _again(tx: Transaction, each: Sealed, row: Any) -> int:
    """1, or 0 where there is nothing to do, or somebody else has changed the value since it was read."""
    table, column = _found(each)
    *ids, value = row
    sealed, place = _held(each, value), _place(each, row)
    if sealed is None or _current(tx, sealed):
        return 0
    anew: Any = tx.sealer.seal(tx.sealer.unseal(sealed, place=place), place=place)
    mine = [key == id for key, id in zip(table.primary_key.columns, ids, strict=True)]
    if each.inside:
        there = sa.select(column).where(*mine).with_for_update()
        if tx.connection.execute(there).scalar() != value:  # JSON does not compare in SQL
            return 0
        anew = {**value, each.inside: base64.b64encode(anew).decode()}
    else:
        mine.append(column == value)
    return int(tx.connection.execute(sa.update(table).where(*mine).values({column.name: anew})).rowcount)


def _place(each: Sealed, row: Any) -> str:
    key = each.between.join(str(part) for part in tuple(row)[:-1])
    return f"{each.table}/{key}/{each.column}"
