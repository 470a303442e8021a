"""Brings the tables to this version, once, also where several processes start together."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

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
    known, at = steps(), step_of(connection)
    if at and at not in known:
        raise StoreError(
            f"The database was made by a newer himitsu (schema {at}; this one knows up to {known[-1]}). Upgrade"
            " himitsu, or use the backup from before."
        )
    if at != known[-1]:
        _upgrade(connection)


def steps() -> list[str]:
    """The ids of all steps, the first one first: what the names of their files begin with."""
    return sorted(path.stem.partition("_")[0] for path in (_HERE / "versions").glob("[0-9]*.py"))


def step_of(connection: sa.Connection) -> str:
    """The step that the tables are at, blank before the first."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() or ""


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # here: 9 MB that a start without a new step does without
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_HERE).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
