"""Looking at a database without changing it: nothing is made, migrated or repaired."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from . import inbox, outbox
from .engine import Store, Transaction, make_engine, parse, sqlite_file
from .errors import KeyRefused, StoreError
from .inbox import Backlog
from .migrate import step_of, steps
from .opening import key_opens, store_is_new
from .outbox import Trouble
from .schema import meta
from .sealing import Sealer

_NOTHING = Backlog(0, 0, None)


@dataclass(frozen=True)
class Health:
    """What was found. `behind`: the next start migrates it; `newer`: only a newer himitsu reads it; the rest is then
    not looked at. damage: SQLite's own words, blank where there is none. key_fits: None where no key was given.
    """

    engine: str
    behind: bool = False
    newer: bool = False
    damage: str = ""
    key_fits: bool | None = None
    backlog: Backlog = _NOTHING
    troubles: tuple[Trouble, ...] = ()


def look(url: str, sealer: Sealer | None) -> Health | None:
    """The state of the database at url; None where nothing was ever stored there. sealer: the key, where there is one.

    Raises StoreError where it cannot be opened or read.
    """
    try:
        if store_is_new(url):
            return None
    except OSError as error:
        raise StoreError(f"The database cannot be looked at: {error.strerror}.") from None
    engine = _reading(url)
    store = Store(engine, sealer or Sealer([b"\0" * 32]))  # nothing is unsealed but the key check
    try:
        with store.begin(reads=True) as tx:
            return _look(tx, sealer)
    finally:
        store.close()


def open_to_read(url: str, sealer: Sealer) -> Store:
    """The store, never written to. Raises StoreError: nothing there yet, of another version, another key."""
    found = look(url, sealer)
    if found is None or found.behind:
        raise StoreError("There is no database of this version yet. `himitsu serve` makes it, or brings it up to date.")
    if found.damage or found.newer:
        raise StoreError("The database is damaged, or of a newer himitsu. `himitsu doctor` says what to do.")
    if found.key_fits is False:
        raise KeyRefused("The key file holds another key than the one this database was sealed with.")
    return Store(_reading(url), sealer)


def _look(tx: Transaction, sealer: Sealer | None) -> Health:
    name = tx.connection.dialect.name
    damage = _damage(tx)
    if damage:
        return Health(name, damage=damage)
    if not sa.inspect(tx.connection).has_table(meta.name):
        return Health(name, behind=True)
    at, known = step_of(tx.connection), steps()
    if at != known[-1]:
        newer = bool(at) and at not in known
        return Health(name, behind=not newer, newer=newer)
    return Health(
        name,
        key_fits=key_opens(tx) if sealer else None,
        backlog=inbox.open_deliveries(tx),
        troubles=tuple(outbox.troubles(tx)),
    )


def _damage(tx: Transaction) -> str:
    if tx.connection.dialect.name != "sqlite":
        return ""
    found = str(tx.connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()).splitlines()[-1]
    return "" if found == "ok" else found


def _reading(url: str) -> sa.Engine:
    """An engine that cannot write."""
    path = sqlite_file(parse(url))
    if path is None:
        return make_engine(url).execution_options(postgresql_readonly=True)
    return sa.create_engine(parse(url), creator=lambda: _open(path), poolclass=StaticPool, hide_parameters=True)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, check_same_thread=False, timeout=5)


def engine_of(url: str) -> str:
    """SQLite or PostgreSQL, for people. Raises StoreError."""
    return "SQLite" if parse(url).get_backend_name() == "sqlite" else "PostgreSQL"


def database_file(url: str) -> Path | None:
    """The file of a SQLite database; None for PostgreSQL. Raises StoreError."""
    return sqlite_file(parse(url))
