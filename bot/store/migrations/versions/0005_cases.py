"""Leak cases: the case, its events, and the dates of which somebody is to be told.

Never edited once released: a change is a new step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("receipt", _ASCII, nullable=False),
        sa.Column("day", _ASCII, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", _ASCII, nullable=False),
        sa.Column("alternative", sa.Boolean, nullable=False),
        sa.Column("owner", _ASCII, nullable=False),
        sa.Column("next_on", _ASCII, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("reporter", sa.LargeBinary),
        sa.Column("reporter_key", _ASCII),
        sa.Column("origin_key", _ASCII, unique=True),
    )
    op.create_index("cases_by_state", "cases", ["state", "next_on"])
    op.create_index("cases_by_day", "cases", ["day", "number"], unique=True)
    op.create_index("cases_by_reporter", "cases", ["reporter_key"])
    op.create_table(
        "case_events",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("case", _ASCII, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", _ASCII, nullable=False),
        sa.Column("by", _ASCII, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    op.create_index("case_events_by_case", "case_events", ["case", "seq"], unique=True)
    op.create_table(
        "case_dates",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("case", _ASCII, nullable=False),
        sa.Column("kind", _ASCII, nullable=False),
        sa.Column("day", _ASCII, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("state", _ASCII, nullable=False),
    )
    op.create_index("case_dates_by_state", "case_dates", ["state", "at"])
    op.create_index("case_dates_by_case", "case_dates", ["case"])
