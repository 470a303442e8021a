"""App Home: go on with a question, quick buttons, and for managers what waits for them."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from .. import blocks, home_tab
from ..conversation import Turn
from ..shell import Shell
from .cards import on


def register(app: App, shell: Shell) -> None:
    @app.event("app_home_opened")
    def on_opened(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        if event.get("tab", "home") != "home":  # Slack may leave it out
            return

        def show(turn: Turn) -> None:
            client.views_publish(user_id=turn.person.id, view=home_tab.view(shell, turn))

        shell.after_ack(body, context, client, show)

    asked = blocks.words()["command"]["desk"]
    on(app, shell, "home.desk", lambda t, v: shell.conversation.answer(t, asked["alone"], intent=asked["intent"]))
