"""Self-checks: campaigns, runs with their events, notes, gaps.

Never edited once released: a change is a new step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "check_campaigns",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("checklist", _ASCII, nullable=False),
        sa.Column("departments", sa.JSON, nullable=False),
        sa.Column("started_by", _ASCII, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("due", _ASCII, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("score", sa.Integer),
        sa.Column("version", sa.Integer),
    )
    op.create_table(
        "check_runs",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("checklist", _ASCII, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("person", _ASCII, nullable=False),
        sa.Column("department", _ASCII, nullable=False),
        sa.Column("campaign", _ASCII, nullable=False),
        sa.Column("started_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
        sa.Column("score", sa.Integer),
        sa.Column("events", sa.Integer, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
    )
    op.create_index("check_runs_by_person", "check_runs", ["person", "updated_at"])
    op.create_index("check_runs_by_campaign", "check_runs", ["campaign"])
    op.create_table(
        "check_events",
        sa.Column("run", _ASCII, primary_key=True),
        sa.Column("n", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("question", _ASCII, nullable=False),
        sa.Column("choice", _ASCII),
        sa.Column("meaning", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", _ASCII, nullable=False),
    )
    op.create_table(
        "check_notes",
        sa.Column("run", _ASCII, primary_key=True),
        sa.Column("question", _ASCII, primary_key=True),
        sa.Column("note", sa.LargeBinary),
        sa.Column("evidence", sa.LargeBinary),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "check_gaps",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("scope", _ASCII, nullable=False),
        sa.Column("checklist", _ASCII, nullable=False),
        sa.Column("question", _ASCII, nullable=False),
        sa.Column("run", _ASCII, nullable=False),
        sa.Column("choice", _ASCII, nullable=False),
        sa.Column("owner", _ASCII, nullable=False),
        sa.Column("due", _ASCII, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("evidence", sa.LargeBinary),
        sa.Column("assigned_by", _ASCII, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("done_at", sa.BigInteger),
    )
    op.create_index("check_gaps_by_scope", "check_gaps", ["scope"])
    op.create_index("check_gaps_by_owner", "check_gaps", ["owner", "state"])
