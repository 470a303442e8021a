"""What keeps the bot in order by itself, and what the manager settles: what was kept too long, what did not arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..feature import Feature

if TYPE_CHECKING:
    from ...conversation import Conversation


def make(conversation: Conversation) -> Feature:
    from .tidy import Tidy
    from .troubles import KIND, Troubles  # here: the conversation is not complete before

    troubles = Troubles(conversation)
    return Feature(
        "upkeep",
        listen=troubles.listen,
        typed={KIND: troubles.typed},
        commands={"troubles": troubles.command},
        home=troubles.home,
        tick=Tidy(conversation.workplace).tick,
    )
