"""Words in a DM, and a mention in a channel."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from .. import blocks
from ..conversation import Conversation, NotThere, Reply, Turn
from ..deliveries import EARLY, identify, is_spoken
from ..shell import Shell
from ..typed import Typed
from . import mydata

_MENTION = re.compile(r"<@[UW][A-Z0-9]+(?:\|[^>]*)?>\s*")


def register(app: App, shell: Shell) -> None:
    @app.event("message")
    def on_message(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        if event.get("channel_type") != "im" or not is_spoken(event):
            return

        def answer(turn: Turn) -> None:
            reply = received(shell, turn, event, client) or heard(
                shell, turn, words_of(event), files=bool(event.get("files"))
            )
            shell.post(client, turn, reply, context["incoming"], event.get("thread_ts"))

        shell.after_ack(body, context, client, answer)

    @app.event("app_mention")
    def on_mention(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        if not is_spoken(event):
            return

        def answer(turn: Turn) -> None:
            reply = heard(shell, turn, _MENTION.sub("", words_of(event)), files=bool(event.get("files")))
            shell.whisper(client, turn, reply, event.get("thread_ts"))

        shell.after_ack(body, context, client, answer)


def begin(conversation: Conversation, body: Mapping[str, Any]) -> dict[str, Any]:
    """Have the words of a DM message read before its turn; {} where that would take a look elsewhere first."""
    incoming, event = identify(body), body.get("event")
    if incoming is None or incoming.kind != "message" or not isinstance(event, Mapping) or event.get("files"):
        return {}
    place = conversation.workplace
    person = place.people.near(incoming.person, place.clock.now())
    if person is None or person.guest:
        return {}
    try:
        words = blocks.unesc(words_of(event))
    except (AttributeError, TypeError):  # malformed: its turn will meet it too, and tell the person
        return {}
    return {EARLY: conversation.begin(person, words)}


def words_of(message: Mapping[str, Any]) -> str:
    """What a message says, with a message that is forwarded in it; not the previews of its links."""
    said = str(message.get("text") or "")
    attached = [a for a in message.get("attachments") or () if isinstance(a, Mapping)]
    shared = [a for a in attached if a.get("is_share") or a.get("is_msg_unfurl") or not said.strip()]
    return "\n".join(part for part in (said, *(str(a.get("text") or a.get("fallback") or "") for a in shared)) if part)


def received(shell: Shell, turn: Turn, event: Mapping[str, Any], client: WebClient) -> Reply | None:
    """The reply of a feature that takes the files of a message; None where there are none, or nobody wants them."""
    files = [f for f in event.get("files") or () if isinstance(f, Mapping)]
    if not files:
        return None
    try:
        return shell.conversation.features.receive(turn, blocks.unesc(words_of(event)), files, client)
    except NotThere as reason:
        return shell.conversation.refuse(str(reason))


def heard(shell: Shell, turn: Turn, text: str, *, files: bool = False) -> Reply:
    """The reply to words, whether they are a message or a button's label typed."""
    if files and not text.strip():
        return shell.conversation.note(blocks.words()["file_seen"])
    said = shell.try_to(lambda: _hear(shell, turn, text))
    return replace(said, foot=blocks.words()["file_beside"]) if files else said


def _hear(shell: Shell, turn: Turn, text: str) -> Reply:
    said = shell.conversation.hear(turn, text)
    return typed(shell, turn, said) if isinstance(said, Typed) else said


def typed(shell: Shell, turn: Turn, said: Typed) -> Reply:
    """A button's label, typed: what the button would do."""
    conversation, letters = shell.conversation, shell.letters
    if said.verb == "send":
        return letters.send_waiting(turn, said.dialogue)
    if said.verb == "cancel":
        return letters.cancel(turn, said.dialogue)
    if about := conversation.features.about(said.verb):
        return about(turn, said.dialogue)
    if said.verb in ("ask", "disagree"):
        return letters.preview(turn, "ask" if said.verb == "ask" else "disagree", said.dialogue)
    if feature := conversation.features.verb(said.verb):
        return feature(turn)
    if said.verb == "thanks":
        return conversation.thanks(turn)
    if said.verb == "leak":
        return conversation.events(turn)
    if said.verb == "chips":
        return conversation.chips()
    if said.verb == "mydata":
        return mydata.show(shell, turn)
    verbs = {
        "more": conversation.more,
        "back": conversation.back,
        "later": conversation.later,
    }
    return verbs[said.verb](turn, said.dialogue)
