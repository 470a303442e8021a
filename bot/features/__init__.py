"""What himitsu can do beside reading messages: each feature plugs into the conversation by the same few points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from . import cases, checks, inventory, rules, upkeep
from .feature import DueItem, Feature, Features

if TYPE_CHECKING:
    from ..conversation import Conversation

__all__ = ["DueItem", "Feature", "Features", "build"]

MAKERS: Sequence[Callable[[Conversation], Feature]] = (
    # The order of App Home: by issue, what is for managers last.
    checks.make,
    inventory.make,
    cases.make,
    rules.make,
    upkeep.make,
)


def build(conversation: Conversation) -> Features:
    """All features, in the order in which App Home shows them."""
    return Features(tuple(make(conversation) for make in MAKERS))
