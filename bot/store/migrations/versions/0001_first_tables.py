"""First tables: inbox, DM channels, dialogues, people, requests, outbox, pacing.

Never edited once released: a change is a new step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "meta",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "inbox",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.LargeBinary),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("received_at", sa.BigInteger, nullable=False),
        sa.Column("finished_at", sa.BigInteger),
    )
    op.create_index("inbox_by_state", "inbox", ["state", "received_at"])
    op.create_table(
        "channels",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("person", _ASCII, nullable=False),
        sa.Column("last_ts", _ASCII, nullable=False),
    )
    op.create_table(
        "dialogues",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("person", _ASCII, nullable=False),
        sa.Column("channel", _ASCII, nullable=False),
        sa.Column("state", sa.JSON, nullable=False),
        sa.Column("opened_at", sa.BigInteger, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("closed", sa.Boolean, nullable=False),
        sa.Column("message_ts", _ASCII),
    )
    op.create_index("dialogues_by_person", "dialogues", ["person", "channel", "updated_at"])
    op.create_table(
        "people",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("team", _ASCII, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("tz", sa.Text, nullable=False),
        sa.Column("guest", sa.Boolean, nullable=False),
        sa.Column("stranger", sa.Boolean, nullable=False),
        sa.Column("bot", sa.Boolean, nullable=False),
        sa.Column("deleted", sa.Boolean, nullable=False),
        sa.Column("fetched_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "requests",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("note", sa.LargeBinary),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("verdict", sa.Text),
        sa.Column("intent", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("handled_by", _ASCII),
        sa.Column("handled_at", sa.BigInteger),
    )
    op.create_index("requests_by_state", "requests", ["state", "created_at"])
    op.create_table(
        "outbox",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("target", _ASCII, nullable=False),
        sa.Column("message", sa.LargeBinary),
        sa.Column("lookup", sa.Boolean, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("lease_until", sa.BigInteger, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("first_try_at", sa.BigInteger),
        sa.Column("channel", _ASCII),
        sa.Column("ts", _ASCII),
        sa.Column("reason", sa.Text),
    )
    op.create_index("outbox_by_state", "outbox", ["state", "due_at", "id"])
    op.create_index("outbox_by_target", "outbox", ["target"])
    op.create_table(
        "pacing",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("next_ms", sa.BigInteger, nullable=False),
    )
