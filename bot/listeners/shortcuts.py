"""The message shortcut 「これは秘密？」 and the global shortcut 「漏えいかも」. Both answer in a modal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from .. import blocks
from ..conversation import Reply, Turn
from ..shell import Shell, modal
from .messages import words_of

IS_SECRET = "check.message"
LEAK = "leak.start"


def register(app: App, shell: Shell) -> None:
    @app.message_shortcut(IS_SECRET)
    def on_message(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()
        turn = shell.turn(context, body, surface="modal")
        with shell.workplace.in_turn(turn.person.id):
            message = body.get("message") or {}
            text = blocks.unesc(words_of(message))
            reply = shell.try_to(lambda: about(shell, turn, text))
            if message.get("files") and text.strip():
                reply = replace(reply, foot=blocks.words()["file_beside"])
            shell.open_modal(body, client, turn, modal(reply), reply)

    @app.global_shortcut(LEAK)
    def on_leak(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()
        turn = shell.turn(context, body, surface="modal")
        reply = shell.conversation.events(turn)
        shell.open_modal(body, client, turn, modal(reply), reply)


def about(shell: Shell, turn: Turn, text: str) -> Reply:
    """Somebody's message, asked about: a leak told in it is a leak, all else is a question whether it is secret."""
    if not text.strip():
        return shell.conversation.note(blocks.words()["file_seen"])
    # The message itself asks nothing. Read with the question behind it, what is left as a leak is one.
    asked = f"{text}\n{blocks.words()['about_message']}"
    found = shell.conversation.services(turn).read(asked)
    return shell.conversation.answer(turn, text, intent="leak" if found.intent == "leak" else "secret_check")
