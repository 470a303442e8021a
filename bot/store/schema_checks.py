"""The tables of self-checks. See schema.py."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, Index, Integer, LargeBinary, Table, Text

from .schema import metadata

ASCII = Text().with_variant(Text(collation="C"), "postgresql")

campaigns = Table(
    "check_campaigns",
    metadata,
    Column("id", ASCII, primary_key=True),
    Column("checklist", ASCII, nullable=False),
    Column("departments", JSON, nullable=False),  # ids of company.yaml
    Column("started_by", ASCII, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("due", ASCII, nullable=False),  # YYYY-MM-DD, or blank
    Column("closed_at", BigInteger),
    Column("score", Integer),
    Column("version", Integer),  # of the checklist, when it was closed
)

# One person's way through a checklist. state: what its events come to (dialogs.checks.engine), ids only.
runs = Table(
    "check_runs",
    metadata,
    Column("id", ASCII, primary_key=True),
    Column("checklist", ASCII, nullable=False),
    Column("version", Integer, nullable=False),
    Column("person", ASCII, nullable=False),
    Column("department", ASCII, nullable=False),
    Column("campaign", ASCII, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("updated_at", BigInteger, nullable=False),
    Column("finished_at", BigInteger),
    Column("score", Integer),
    Column("events", Integer, nullable=False),  # how many there are
    Column("state", JSON, nullable=False),
    Index("check_runs_by_person", "person", "updated_at"),
    Index("check_runs_by_campaign", "campaign"),
)

# Rows are only ever added.
events = Table(
    "check_events",
    metadata,
    Column("run", ASCII, primary_key=True),
    Column("n", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("question", ASCII, nullable=False),
    Column("choice", ASCII),
    Column("meaning", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", ASCII, nullable=False),
)

notes = Table(
    "check_notes",
    metadata,
    Column("run", ASCII, primary_key=True),
    Column("question", ASCII, primary_key=True),
    Column("note", LargeBinary),  # sealed
    Column("evidence", LargeBinary),  # sealed
    Column("at", BigInteger, nullable=False),
)

# scope: a run's id, a campaign's, or `campaign/department`: whose result shows it.
gaps = Table(
    "check_gaps",
    metadata,
    Column("id", ASCII, primary_key=True),
    Column("scope", ASCII, nullable=False),
    Column("checklist", ASCII, nullable=False),
    Column("question", ASCII, nullable=False),
    Column("run", ASCII, nullable=False),  # where an answer to a question that was asked goes; blank: nowhere
    Column("choice", ASCII, nullable=False),
    Column("owner", ASCII, nullable=False),
    Column("due", ASCII, nullable=False),  # YYYY-MM-DD
    Column("state", Text, nullable=False),  # planned, done
    Column("evidence", LargeBinary),  # sealed
    Column("assigned_by", ASCII, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("done_at", BigInteger),
    Index("check_gaps_by_scope", "scope"),
    Index("check_gaps_by_owner", "owner", "state"),
)
