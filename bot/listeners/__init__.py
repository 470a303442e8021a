"""What the bot listens to, one module a conversation."""

from __future__ import annotations

from slack_bolt import App

from ..shell import Shell
from . import cards, commands, home, leak, letters, messages, mydata, shortcuts

CONVERSATIONS = (messages, commands, shortcuts, home, cards, leak, letters, mydata)


def register(app: App, shell: Shell) -> None:
    """Every listener."""
    for conversation in CONVERSATIONS:
        conversation.register(app, shell)
    for feature in shell.conversation.features.all:
        if feature.listen:
            feature.listen(app, shell)
