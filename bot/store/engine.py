"""One engine, SQLite or PostgreSQL: what differs between the two is here, in migrate.py and nowhere else.

SQLite: one connection behind a lock. Writers of one process then queue in memory, where waiting costs nothing, and
not in SQLite's own busy loop, which sleeps. Other processes wait for the file, at most BUSY_S.
"""

from __future__ import annotations

import importlib.util
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from .errors import StoreError
from .prepared import Prepared
from .sealing import Sealer

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

BUSY_S = 15
# IMMEDIATE: a transaction that reads first and writes later would fail where another process wrote in between.
_BEGIN = "BEGIN IMMEDIATE"
_WAL_SAFE = (3, 51, 3)  # before it, WAL with two writers could damage the file (infra §2)
_CONNECT_S = 10


@dataclass(frozen=True)
class Transaction:
    """An open transaction. Functions of the store take it in place of the Store, to do several things in one commit."""

    connection: sa.Connection
    sealer: Sealer
    driver: sqlite3.Connection | None = None  # below SQLAlchemy's, on SQLite. Its errors become StoreError like all


class Turns:
    """A lock. Who is in a hurry goes before all others that wait."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held = False
        self._hurried = 0

    def take(self, *, hurry: bool) -> None:
        with self._changed:
            self._hurried += hurry
            while self._held or (self._hurried and not hurry):
                self._changed.wait()
            self._hurried -= hurry
            self._held = True

    def give(self) -> None:
        with self._changed:
            self._held = False
            self._changed.notify_all()


class Store:
    """The open database. Safe to share between threads; not across a fork."""

    def __init__(self, engine: sa.Engine, sealer: Sealer) -> None:
        self._engine = engine
        self._sealer = sealer
        self._turns = Turns() if engine.dialect.name == "sqlite" else None
        self._kept: tuple[sa.Connection, sqlite3.Connection] | None = None  # SQLite's only one
        self._holder: int | None = None
        self._closed = False

    def __repr__(self) -> str:
        return f"Store({self._engine.url!r})"  # SQLAlchemy hides the password

    @property
    def engine_name(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @contextmanager
    def begin(self, *, reads: bool = False, hurry: bool = False) -> Iterator[Transaction]:
        """A transaction: committed at the end, rolled back on an exception. reads: it changes nothing.

        hurry: somebody waits for an ack; it goes before others of this process.

        Raises StoreError where the database refuses or the store is closed, and RuntimeError inside another transaction
        of this thread.
        """
        try:
            if self._turns is None:
                self._look()
                with self._engine.connect() as connection, connection.begin():
                    yield Transaction(connection, self._sealer)
                return
            if self._holder == threading.get_ident():
                raise RuntimeError("A transaction is open in this thread: hand it on instead of the store.")
            self._turns.take(hurry=hurry)
            self._holder = threading.get_ident()
            try:
                self._look()
                connection, driver = self._kept or self._connected()
                # Past SQLAlchemy, whose own begin takes longer than SQLite's; it joins in at its first statement.
                driver.execute("BEGIN" if reads else _BEGIN)
                yield Transaction(connection, self._sealer, driver)
                if connection.in_transaction():
                    connection.commit()
                else:
                    driver.commit()
            except BaseException:
                self._let_go()  # rolls back
                raise
            finally:
                self._holder = None
                self._turns.give()
        except (SQLAlchemyError, self._engine.dialect.loaded_dbapi.Error) as error:
            raise StoreError(explain(error, self._engine.url)) from error

    def _look(self) -> None:
        if self._closed:
            raise StoreError(f"The database {self._engine.url!r} has been closed.")

    def _connected(self) -> tuple[sa.Connection, sqlite3.Connection]:
        """SQLite's connection, kept until there is an error: getting it takes longer than most statements."""
        connection = self._engine.connect()
        driver: Any = connection.connection.driver_connection
        self._kept = connection, driver
        return self._kept

    def _let_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept[0].close()

    def close(self) -> None:
        """Close every connection; on SQLite after the open transaction. The store cannot be used after it."""
        if self._turns:
            self._turns.take(hurry=False)
        try:
            self._closed = True
            self._let_go()
            self._engine.dispose()
        finally:
            if self._turns:
                self._turns.give()


@contextmanager
def write(where: Store | Transaction) -> Iterator[Transaction]:
    """The transaction that was handed in, or one of its own."""
    if isinstance(where, Transaction):
        yield where
    else:
        with where.begin() as tx:
            yield tx


@contextmanager
def read(where: Store | Transaction) -> Iterator[Transaction]:
    """Like write(), for what changes nothing: it does not wait for writers."""
    if isinstance(where, Transaction):
        yield where
    else:
        with where.begin(reads=True) as tx:
            yield tx


def insert_new(tx: Transaction, table: sa.Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its primary key is there: whether it was inserted."""
    return bool(_insert_new(tx.connection.dialect.name, table, tuple(values)).rows(tx, values))


def insert_or_ignore(tx: Transaction, table: sa.Table) -> sa.Executable:
    """A statement for many rows at once: each is inserted unless one with its primary key is there."""
    return _insert(tx.connection.dialect.name, table).on_conflict_do_nothing()


def put(
    tx: Transaction,
    table: sa.Table,
    values: Mapping[str, Any],
    *,
    changing: tuple[str, ...],
    newer: str | None = None,
) -> None:
    """Insert a row, or change these columns of the one with its primary key, unless its `newer` column is later."""
    _put(tx.connection.dialect.name, table, tuple(values), changing, newer).change(tx, values)


# Statements are built once: building one takes longer than running it.


@cache
def _insert_new(dialect: str, table: sa.Table, names: tuple[str, ...]) -> Prepared:
    # INSERT has no reliable rowcount: RETURNING says whether there is a new row.
    return Prepared(_insert(dialect, table).on_conflict_do_nothing().returning(*table.primary_key.columns), names)


@cache
def _put(
    dialect: str, table: sa.Table, names: tuple[str, ...], changing: tuple[str, ...], newer: str | None
) -> Prepared:
    new = _insert(dialect, table)
    changed = new.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key.columns],
        set_={name: new.excluded[name] for name in changing},
        where=None if newer is None else table.c[newer] <= new.excluded[newer],
    )
    return Prepared(changed, names)


def _insert(dialect: str, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    if dialect == "sqlite":
        return sqlite.insert(table)
    from sqlalchemy.dialects import postgresql  # 2 MB that a bot on SQLite has no use for

    return postgresql.insert(table)


def make_engine(url: str) -> sa.Engine:
    """An engine, not connected yet. Raises StoreError for an address that cannot be used."""
    address = parse(url)
    if address.get_backend_name() == "sqlite":
        return _sqlite(address)
    if importlib.util.find_spec("psycopg") is None:
        raise StoreError(
            "PostgreSQL needs the package psycopg, which is not installed. README.md says how, under PostgreSQL."
        )
    engine = sa.create_engine(
        address.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        pool_pre_ping=True,  # the server may have been restarted
        pool_size=10,
        connect_args={
            "connect_timeout": _CONNECT_S,
            "application_name": "himitsu",
            "keepalives_idle": _CONNECT_S,
            "tcp_user_timeout": BUSY_S * 1000,  # a server that went silent is given up
        },
    )
    sa.event.listen(engine, "connect", _prepare_postgresql)
    return engine


def parse(url: str) -> sa.URL:
    """The address, checked. Raises StoreError; a password in it is never shown."""
    try:
        address = sa.make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError):
        raise StoreError("HIMITSU_DATABASE_URL is no database address. Examples: " + _EXAMPLES) from None
    if backend not in ("sqlite", "postgresql", "postgres"):
        raise StoreError(f"HIMITSU_DATABASE_URL names {backend}, which himitsu does not use. Examples: " + _EXAMPLES)
    return address


_EXAMPLES = "sqlite:////var/lib/himitsu/himitsu.db or postgresql://user:password@host/himitsu"


def sqlite_file(address: sa.URL) -> Path | None:
    """The file of a SQLite address; None in memory, or for PostgreSQL."""
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        return None
    return Path(str(address.database).removeprefix("file:"))


def _sqlite(address: sa.URL) -> sa.Engine:
    path = sqlite_file(address)
    if path:
        _make_file(path)
    engine = sa.create_engine(
        address,
        poolclass=StaticPool,
        hide_parameters=True,
        connect_args={"check_same_thread": False, "timeout": BUSY_S, "isolation_level": None},
    )
    sa.event.listen(engine, "connect", _prepare_sqlite)
    sa.event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_file(path: Path) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    except OSError as error:
        raise StoreError(
            f"The database {path} cannot be opened or made: {error.strerror}. Choose a folder that this user may write"
            " to, by HIMITSU_DATA_DIR or HIMITSU_DATABASE_URL."
        ) from None


def _prepare_postgresql(connection: Any, _: Any) -> None:
    """A replica that stands still in a transaction must not hold up the others for ever."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = '{BUSY_S}s'")
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{4 * BUSY_S}s'")
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _: Any) -> None:
    journal = "WAL" if sqlite3.sqlite_version_info >= _WAL_SAFE else "TRUNCATE"
    for pragma in (
        f"busy_timeout={BUSY_S * 1000}",
        f"journal_mode={journal}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # an emptied payload leaves no bytes behind
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: sa.Connection) -> None:
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:  # begun by the Store
        driver.execute(_BEGIN)


def explain(error: Exception, address: sa.URL) -> str:
    """What went wrong and what to do, for who runs the bot. Holds no value of a row. error: SQLAlchemy's or the
    driver's."""
    place = address.render_as_string(hide_password=True)
    told = error.orig if isinstance(error, DBAPIError) else None if isinstance(error, SQLAlchemyError) else error
    said = str(told).strip().partition("\n")[0] if told else type(error).__name__
    for words, advice in _ADVICE.items():
        if any(word in said for word in words):
            return f"The database {place} {advice}"
    return f"The database {place} refused: {said}"


_ADVICE = {
    ("readonly", "read-only"): "cannot be written to. Give this user the right to write to the file and its folder.",
    ("unable to open", "disk I/O error"): "cannot be opened. See whether the folder is there and its disk is healthy.",
    ("malformed", "not a database"): "is damaged. Stop the bot, keep the file, and put the last backup in its place.",
    (
        "database is locked",
        "lock timeout",
    ): f"has been locked by another program for over {BUSY_S} s. Is a backup or an editor open?",
    ("database or disk is full", "No space left"): "cannot grow: the disk is full.",
    ("password authentication failed", "no password supplied"): "refused the user name or the password.",
    ("does not exist",): "lacks what was asked for: the database, the user or a table is not there.",
    (
        "connection failed",
        "could not connect",
        "Connection refused",
        "timeout expired",
        "server closed the connection",
        "terminating connection",
        "connection is lost",
    ): "cannot be reached. Is the server running, and is its address right?",
}
