"""担当に聞く, 担当に知らせる, ちがうと思う: shown first, sent after a yes; and the managers' side of it."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import Ack, App

from knowledge.private import find_private

from .. import blocks
from ..conversation import NotThere, Reply, Turn
from ..shell import Shell, modal
from .cards import on, opens


def register(app: App, shell: Shell) -> None:
    opens(app, shell, "card.ask", lambda t, v: shell.letters.modal(t, "ask", v["d"]))
    opens(app, shell, "card.disagree", lambda t, v: shell.letters.modal(t, "disagree", v["d"]))
    on(app, shell, "letter.cancel", lambda t, v: shell.letters.cancel(t, v["d"]))
    on(app, shell, "letter.send", lambda t, v: shell.letters.send(t, v["k"], v["d"]))
    on(app, shell, "request.done", lambda t, v: shell.letters.done(t, v["r"]))

    @app.view("letter.write")
    def on_written(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        turn, about, note = _written(shell, body, context, view)
        if private := find_private(note).kinds:
            ack(response_action="errors", errors={"note": blocks.private_note(private)})
            shell.finish(turn, Reply("modal", {}))
            return
        with shell.workplace.in_turn(turn.person.id):
            if about["k"] == "disagree":
                _send(shell, ack, turn, about, note)
                return
            try:
                shown = shell.letters.confirm_modal(turn, about["k"], about["d"], note, about.get("w", ""))
            except NotThere as reason:
                shown = modal(shell.conversation.refuse(str(reason)))
            ack(response_action="update", view=shown)
            shell.finish(turn, Reply("modal", {}))

    @app.view("letter.confirm")
    def on_confirmed(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        turn, about, _ = _written(shell, body, context, view)
        with shell.workplace.in_turn(turn.person.id):
            _send(shell, ack, turn, about, about.get("n", ""))


def _written(
    shell: Shell, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]
) -> tuple[Turn, dict[str, Any], str]:
    """The turn, what the modal is about, and the note in it."""
    about: dict[str, Any] = json.loads(view["private_metadata"])
    note = view["state"]["values"].get("note", {}).get("note", {}).get("value") or ""
    return shell.turn(context, body), about, note


def _send(shell: Shell, ack: Ack, turn: Turn, about: dict[str, Any], note: str) -> None:
    """Keep first, then say so: the outbox brings it whatever becomes of the modal."""

    def sent() -> Reply:
        return shell.letters.send(turn, about["k"], about["d"], note, about.get("w", ""))

    reply = shell.try_to(sent)
    shell.finish(turn, reply)
    ack(response_action="update", view=modal(reply))
