"""Checks: campaigns, answers, results, gaps.

Never edited once released: a change is a new step.
"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
