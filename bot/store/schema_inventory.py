"""The tables of the inventory. What an entry says is sealed whole: the names of secrets are themselves telling."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, Text

from .schema import _ASCII, metadata

inventory = Table(
    "inventory",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),  # sealed JSON
    Column("origin", Text, nullable=False),  # file, import, slack
    Column("removed", Boolean, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("updated_by", _ASCII, nullable=False),  # blank: the company's files
    Column("asked_for", Text),  # the review date that its owner was told of
)

inventory_history = Table(
    "inventory_history",
    metadata,
    Column("id", _ASCII, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("content", LargeBinary, nullable=False),  # sealed JSON, as it was in this version
    Column("change", Text, nullable=False),  # added, changed, removed
    Column("origin", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", _ASCII, nullable=False),
)

# One row: goes up with every change, so that what is held in memory is known to be old.
inventory_edition = Table(
    "inventory_edition",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("edition", BigInteger, nullable=False),
)
