"""Brings the tables to this version, once, also where several processes start together."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from .engine import Transaction
from .errors import StoreError

_HERE = Path(__file__).parent / "migrations"
_LOCK = 0x68696D69747375  # "himitsu": the number that processes on one PostgreSQL database agree on


def migrate(tx: Transaction) -> None:
    """All steps that are missing, inside the given transaction. Raises StoreError where the tables are newer than this.

    On SQLite the transaction itself (BEGIN IMMEDIATE) keeps other processes out.
    """
    connection = tx.connection
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))  # another's migration may take its time
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = _config()
    config.attributes["connection"] = connection
    at, known, latest = stand(connection)
    if not at <= known:
        raise StoreError(
            f"The database was made by a newer himitsu (schema {', '.join(sorted(at - known))}; this one knows up to"
            f" {', '.join(latest)}). Upgrade himitsu, or use the backup from before."
        )
    if at != latest:
        command.upgrade(config, "head")


def stand(connection: sa.Connection) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """The revisions that a database is at, those this version knows, and the latest of them. Changes nothing."""
    scripts = ScriptDirectory.from_config(_config())
    known = frozenset(script.revision for script in scripts.walk_revisions())
    at = frozenset(MigrationContext.configure(connection).get_current_heads())
    return at, known, frozenset(scripts.get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
