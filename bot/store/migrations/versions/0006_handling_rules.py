"""Handling rules with their editions, nudges and what each person set.

Never edited once released: a change is a new step.
"""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""
