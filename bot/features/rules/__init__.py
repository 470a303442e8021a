"""取り扱いルール and the weekly nudge: the register, who is reminded of what when, and the proof of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...conversation import Conversation
    from ..feature import Feature


def make(conversation: Conversation) -> Feature:
    """Asks nothing of the store before somebody acts or the clock ticks."""
    from .parts import feature  # its parts import the conversation, which imports the features

    return feature(conversation)
