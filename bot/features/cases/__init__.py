"""Leak cases: from 「担当に知らせる」 to the end, for who reported and for the desk."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...conversation import Conversation
    from ..feature import Feature


def make(conversation: Conversation) -> Feature:
    from .parts import feature  # its parts import the conversation, which imports the features

    return feature(conversation)
