"""Backups of a SQLite database, taken while it is in use, and put back. PostgreSQL has tools of its own for it."""

from __future__ import annotations

import os
import sqlite3
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from . import audit, outbox
from .engine import BUSY_S, Store, parse, sqlite_file
from .errors import KeyRefused, StoreError
from .health import look
from .opening import open_store
from .sealing import Sealer

_PAGES = 2000  # copied at a time: writers get in between


@dataclass(frozen=True)
class Copy:
    """path: the file that was written. size: bytes."""

    path: Path
    size: int


@dataclass(frozen=True)
class Restored:
    """before: what was there before, or None. unclear: messages that were due at the time of the backup; they are
    looked up before anything is posted again, or shown to the manager."""

    before: Copy | None
    unclear: int


def source_of(url: str, target: Path, *, replace: bool = False) -> Path:
    """The file that a backup to target would copy. Raises what backup() raises before it begins."""
    source = _file(url, "pg_dump --format=custom --file=FILE")
    if not source.exists() or not source.stat().st_size:
        raise StoreError(f"There is no database at {source} yet.")
    if target.exists() and target.samefile(source):
        raise StoreError(f"{target} is the database itself.")
    if target.exists() and not replace:
        raise StoreError(f"{target} is there already. Choose another name, or add --force.")
    return source


def database_of(url: str) -> Path:
    """The file that a restore would change. Raises StoreError for PostgreSQL."""
    return _file(url, "pg_restore --clean --dbname=…")


def backup(url: str, target: Path, *, replace: bool = False) -> Copy:
    """A copy of the database as it is at one moment, mode 0600, all of it or nothing. The key is no part of it.

    Raises StoreError: for PostgreSQL, where there is nothing to copy, or the file is there already (unless replace).
    """
    source = source_of(url, target, replace=replace)
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")  # mode 0600
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.") from None
    os.close(handle)
    try:
        _copy(source, Path(name), alone=True)
        os.replace(name, target)
    except OSError as error:
        raise StoreError(f"{target} cannot be written: {error.strerror}.") from None
    finally:
        with suppress(FileNotFoundError):
            os.unlink(name)
    return Copy(target, target.stat().st_size)


def check(backup_file: Path, sealer: Sealer) -> None:
    """Whether a backup can be put back. Raises StoreError: damaged, of a newer himitsu, none of ours; KeyRefused."""
    if not backup_file.is_file():
        raise StoreError(f"There is no file {backup_file}.")
    found = look(f"sqlite:///{backup_file}", sealer)
    if found is None or found.damage:
        raise StoreError(f"{backup_file} is empty or damaged. Take another backup.")
    if found.newer:
        raise StoreError(f"{backup_file} was made by a newer himitsu. Upgrade himitsu first.")
    if found.key_fits is False:
        raise KeyRefused(f"The key file holds no key that opens {backup_file}. Put the key of that time back first.")


def restore(url: str, backup_file: Path, sealer: Sealer, *, now: float) -> Restored:
    """Put a backup in the place of the database; what was there is kept beside it. Raises what check() raises.

    The content changes in one step under SQLite's own lock, so that a bot that still runs goes on with the new one.
    """
    here = database_of(url)
    check(backup_file, sealer)
    before = None
    if here.exists() and here.stat().st_size:
        before = backup(url, here.with_name(f"{here.name}.before-{datetime.fromtimestamp(now):%Y%m%d-%H%M%S}"))
    else:
        here.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        here.touch(mode=0o600)
    _copy(backup_file, here)
    store = open_store(url, sealer)  # brings an older one up to this version
    try:
        return Restored(before, _unclear(store, now))
    finally:
        store.close()


def _unclear(store: Store, now: float) -> int:
    with store.begin() as tx:
        count = outbox.after_restore(tx, now=now)
        audit.append(tx, "store.restored", "store", actor="", now=now, data={"unclear": count})
    return count


def _copy(source: Path, target: Path, *, alone: bool = False) -> None:
    """alone: the target is to be one file, whatever journal the source uses; nobody else has it open."""
    try:
        with (
            closing(sqlite3.connect(f"file:{quote(str(source))}?mode=ro", uri=True, timeout=BUSY_S)) as there,
            closing(sqlite3.connect(target, timeout=BUSY_S)) as here,
        ):
            there.backup(here, pages=_PAGES)
            if alone:
                here.execute("PRAGMA journal_mode=DELETE").close()
            damage = here.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise StoreError(f"{source} could not be copied: {error}.") from None
    if damage != "ok":
        raise StoreError(f"{source} is damaged ({damage}).")


def _file(url: str, tool: str) -> Path:
    path = sqlite_file(parse(url))
    if path is None:
        raise StoreError(f"This is for SQLite. PostgreSQL has tools of its own: {tool}")
    return path
