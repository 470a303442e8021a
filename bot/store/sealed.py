"""Every sealed column of every table, in one place: what a rotation of the key goes through.

A new table joins by a line in SEALED. A test finds columns of bytes that are in neither list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .engine import Store, Transaction, read
from .errors import SealBroken
from .schema import metadata


@dataclass(frozen=True)
class Sealed:
    """A column. Its values are bound to the place `table/primary key/column`; between: what joins a key of several."""

    table: str
    column: str
    between: str = ":"


SEALED: Sequence[Sealed] = (
    Sealed("case_events", "body"),
    Sealed("cases", "reporter"),
    Sealed("check_gaps", "evidence"),
    Sealed("check_notes", "evidence"),
    Sealed("check_notes", "note"),
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
        return sum(
            tx.connection.execute(sa.select(sa.func.count()).where(_old(tx, column))).scalar_one()
            for _, column in _columns()
        )


def count_all(where: Store | Transaction) -> int:
    """How many values are sealed."""
    with read(where) as tx:
        return sum(
            tx.connection.execute(sa.select(sa.func.count(column)).select_from(table)).scalar_one()
            for table, column in _columns()
        )


def reseal(store: Store, *, batch: int = BATCH, done: Callable[[int], None] = lambda count: None) -> Resealed:
    """Seal everything with the current key, batch by batch. Safe to interrupt, and to run again.

    done: told how many values there were, after every batch.
    """
    total, shut = 0, []
    for each in SEALED:
        table, column = _found(each)
        after: tuple[Any, ...] | None = None
        while True:
            with store.begin() as tx:
                rows = _batch(tx, table, column, after, batch)
                count = 0
                for row in rows:
                    try:
                        count += _again(tx, row, table, column, _place(each, row))
                    except SealBroken:
                        shut.append(_place(each, row))
            total += count
            done(total)
            if len(rows) < batch:
                break
            after = tuple(rows[-1])[:-1]
    return Resealed(total, tuple(shut))


def _columns() -> Iterator[tuple[sa.Table, sa.Column[Any]]]:
    return map(_found, SEALED)


def _found(each: Sealed) -> tuple[sa.Table, sa.Column[Any]]:
    table = metadata.tables[each.table]
    return table, table.c[each.column]


def _old(tx: Transaction, column: sa.Column[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(column.is_not(None), sa.func.substr(column, _ID_AT, _ID_LENGTH) != tx.sealer.current)


def _batch(
    tx: Transaction, table: sa.Table, column: sa.Column[Any], after: tuple[Any, ...] | None, limit: int
) -> Sequence[Any]:
    """Rows of (primary key …, value) past a key, in its order."""
    keys = list(table.primary_key.columns)
    query = sa.select(*keys, column).where(_old(tx, column)).order_by(*keys).limit(limit)
    if after is not None:
        query = query.where(
            sa.tuple_(*keys) > sa.tuple_(*(sa.literal(a, k.type) for a, k in zip(after, keys, strict=True)))
        )
    return tx.connection.execute(query).all()


def _again(tx: Transaction, row: Any, table: sa.Table, column: sa.Column[Any], place: str) -> int:
    """1, or 0 where somebody else has changed the value since it was read."""
    *ids, value = row
    anew = tx.sealer.seal(tx.sealer.unseal(value, place=place), place=place)
    mine = sa.and_(column == value, *(k == i for k, i in zip(table.primary_key.columns, ids, strict=True)))
    return int(tx.connection.execute(sa.update(table).where(mine).values({column.name: anew})).rowcount)


def _place(each: Sealed, row: Any) -> str:
    key = each.between.join(str(part) for part in tuple(row)[:-1])
    return f"{each.table}/{key}/{each.column}"
