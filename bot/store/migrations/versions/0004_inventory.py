"""The inventory of information, by name and kind.

Never edited once released: a change is a new step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "inventory",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("removed", sa.Boolean, nullable=False),
        sa.Column("updated_at", sa.BigInteger, nullable=False),
        sa.Column("updated_by", _ASCII, nullable=False),
        sa.Column("asked_for", sa.Text),
    )
    op.create_table(
        "inventory_history",
        sa.Column("id", _ASCII, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", _ASCII, nullable=False),
    )
    op.create_table(
        "inventory_edition",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("edition", sa.BigInteger, nullable=False),
    )
