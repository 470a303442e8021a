"""Leak cases: facts, tasks, people told, evidence.

Never edited once released: a change is a new step.
"""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
