"""/himitsu with its sub-commands; anything else is a question. The answer rides on the ack, for its person only."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from knowledge.text import normalise

from .. import blocks
from ..conversation import Reply, Turn
from ..shell import Shell
from . import mydata
from .messages import heard

COMMAND = "/himitsu"


def register(app: App, shell: Shell) -> None:
    @app.command(COMMAND)
    def on_command(
        ack: Ack, command: dict[str, Any], body: dict[str, Any], context: dict[str, Any], client: WebClient
    ) -> None:
        turn = shell.turn(context, body)
        with shell.workplace.in_turn(turn.person.id):
            reply = shell.try_to(lambda: run(shell, turn, command.get("text") or ""))
            ack(response_type="ephemeral", **reply.message())
            shell.finish(turn, reply)


def run(shell: Shell, turn: Turn, text: str) -> Reply:
    """The reply to what stands behind the command."""
    conversation = shell.conversation
    word, rest = [*text.split(maxsplit=1), "", ""][:2]  # at a full-width space as well
    name = _names().get(normalise(word).text, "")
    rest = blocks.unesc(rest.strip())
    if name == "help" or not word:
        return conversation.help(turn)
    if feature := conversation.features.command(name):
        return feature(turn, rest)
    if name == "search":
        return conversation.look_up(turn, rest)
    if name == "mydata":
        return mydata.show(shell, turn)
    if name == "leak":
        return conversation.answer(turn, rest, intent="leak") if rest else conversation.events(turn)
    if name in ("desk", "check", "remind"):
        asked = blocks.words()["command"][name]
        return conversation.answer(turn, rest or asked["alone"], intent=asked["intent"])
    return heard(shell, turn, text)


@functools.cache
def _names() -> Mapping[str, str]:
    table = blocks.words()["command"]["names"]
    return {normalise(word).text: name for name, words in table.items() for word in words}
