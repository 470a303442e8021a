"""Statements of every message, run past SQLAlchemy on SQLite, which it takes five times as long as SQLite itself.

On PostgreSQL, where the way to the server takes most of the time, SQLAlchemy runs them like any other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

if TYPE_CHECKING:
    from .engine import Transaction

Statement = sa.Select[Any] | sa.UpdateBase
_Convert = Callable[[Any], Any] | None


class Prepared:
    """A statement that is built once. names: the columns that an INSERT is given; values name its parameters.

    No parameter may be a list: the statement's text is always the same.
    """

    def __init__(self, statement: Statement, names: Sequence[str] = ()) -> None:
        self._statement, self._names = statement, tuple(names)

    def rows(self, tx: Transaction, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        """All rows, with their values as SQLAlchemy gives them."""
        if tx.driver is None:
            return list(tx.connection.execute(self._statement, dict(values)))
        return self._on_sqlite.rows(tx.driver.execute(*self._on_sqlite.made(values)).fetchall())

    def change(self, tx: Transaction, values: Mapping[str, Any]) -> int:
        """How many rows an UPDATE or a DELETE met."""
        if tx.driver is None:
            return tx.connection.execute(self._statement, dict(values)).rowcount
        return tx.driver.execute(*self._on_sqlite.made(values)).rowcount

    @functools.cached_property
    def _on_sqlite(self) -> _OnSqlite:
        return _OnSqlite(self._statement, self._names)


class _OnSqlite:
    def __init__(self, statement: Statement, names: Sequence[str]) -> None:
        dialect = sqlite.dialect()
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(names) or None)
        self._sql = str(compiled)
        self._fixed = {name: value for name, value in compiled.params.items() if value is not None}
        self._binds: list[tuple[str, _Convert]] = [
            (name, compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect))
            for name in compiled.positiontup
        ]
        columns = statement.selected_columns if isinstance(statement, sa.Select) else ()
        self._columns: list[_Convert] = [c.type.dialect_impl(dialect).result_processor(dialect, None) for c in columns]
        self._converts = any(self._columns)

    def made(self, values: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """The statement's text and its parameters."""
        given = {**self._fixed, **values} if self._fixed else values
        return self._sql, [convert(given[name]) if convert else given[name] for name, convert in self._binds]

    def rows(self, found: list[Sequence[Any]]) -> list[Sequence[Any]]:
        if not self._converts:
            return found
        return [
            [convert(value) if convert else value for value, convert in zip(row, self._columns, strict=True)]
            for row in found
        ]
