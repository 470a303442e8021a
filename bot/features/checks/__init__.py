"""Self-checks: one question at a time, a result that acts, and the whole company's as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...conversation import Conversation
    from ..feature import Feature


def make(conversation: Conversation) -> Feature:
    from .parts import feature  # its parts import the conversation, which imports the features

    return feature(conversation)
