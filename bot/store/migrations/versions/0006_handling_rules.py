"""Handling rules with their editions, nudges and what each person set.

Never edited once released: a change is a new step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

_ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "handling_rules",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("draft", sa.LargeBinary),
        sa.Column("draft_by", _ASCII, nullable=False),
        sa.Column("edited", sa.Boolean, nullable=False),
        sa.Column("file_digest", sa.Text, nullable=False),
        sa.Column("reviewed_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "rule_editions",
        sa.Column("rule", _ASCII, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("by", _ASCII, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("of", sa.Integer),
        sa.Column("told", sa.Text, nullable=False),
    )
    op.create_table(
        "rule_seen",
        sa.Column("person", _ASCII, primary_key=True),
        sa.Column("rule", _ASCII, primary_key=True),
        sa.Column("shown", sa.Integer, nullable=False),
        sa.Column("shown_at", sa.BigInteger, nullable=False),
        sa.Column("confirmed", sa.Integer, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "rule_comments",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("rule", _ASCII, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("person", _ASCII, nullable=False),
        sa.Column("comment", sa.LargeBinary),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
    op.create_index("rule_comments_by_rule", "rule_comments", ["rule", "at"])
    op.create_table(
        "rule_places",
        sa.Column("place", _ASCII, primary_key=True),
        sa.Column("person", _ASCII, primary_key=True),
        sa.Column("seen_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "nudge_people",
        sa.Column("person", _ASCII, primary_key=True),
        sa.Column("choice", sa.Text, nullable=False),
        sa.Column("weekday", sa.Text, nullable=False),
        sa.Column("hour", sa.Integer, nullable=False),
        sa.Column("paused_until", sa.BigInteger),
        sa.Column("announced", sa.Boolean, nullable=False),
        sa.Column("charged", sa.Boolean, nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("week", sa.Text, nullable=False),
        sa.Column("next_at", sa.BigInteger),
        sa.Column("changed_at", sa.BigInteger, nullable=False),
    )
    op.create_index("nudge_people_by_next", "nudge_people", ["next_at"])
    op.create_table(
        "nudges",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("person", _ASCII, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", _ASCII, nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("sent_at", sa.BigInteger),
        sa.Column("answer", sa.Text, nullable=False),
        sa.Column("answered_at", sa.BigInteger),
    )
    op.create_index("nudges_by_state", "nudges", ["state", "expires_at"])
    op.create_index("nudges_by_person", "nudges", ["person", "due_at"])
    op.create_table(
        "nudge_standing",
        sa.Column("person", _ASCII, primary_key=True),
        sa.Column("kind", sa.Text, primary_key=True),
        sa.Column("subject", _ASCII, primary_key=True),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("last_at", sa.BigInteger, nullable=False),
        sa.Column("later_until", sa.BigInteger, nullable=False),
        sa.Column("let_go_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "nudge_settings",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("value", sa.JSON, nullable=False),
        sa.Column("by", _ASCII, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
    )
