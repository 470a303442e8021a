"""The audit log.

Never edited once released: a change is a new step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_ASCII = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", _ASCII, nullable=False),
        sa.Column("actor", _ASCII, nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("mac", sa.LargeBinary, nullable=False),
    )
    op.create_index("audit_by_subject", "audit", ["subject", "seq"])
