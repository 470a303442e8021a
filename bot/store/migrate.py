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
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    at = set(MigrationContext.configure(connection).get_current_heads())
    if not at <= known:
        raise StoreError(
            f"The database was made by a newer himitsu (schema {', '.join(sorted(at - known))}; this one knows up to"
            f" {scripts.get_current_head()}). Upgrade himitsu, or use the backup from before."
        )
    if at != set(scripts.get_heads()):
        command.upgrade(config, "head")
