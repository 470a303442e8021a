"""The inventory of information, by name and kind.

Never edited once released: a change is a new step.
"""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
