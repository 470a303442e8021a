"""App Home: go on with a question, quick buttons, and for managers what waits for them."""

from __future__ import annotations

from typing import Any

from slack_bolt import App
from slack_sdk import WebClient

from .. import blocks, home_tab
from ..catch_up import LATELY_S
from ..conversation import Turn
from ..shell import Shell
from ..store import channels
from .cards import on


def register(app: App, shell: Shell) -> None:
    @app.event("app_home_opened")
    def on_opened(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        def show(turn: Turn) -> None:
            _remember(shell, turn, str(event.get("channel") or ""))
            if event.get("tab", "home") == "home":  # Slack may leave it out
                client.views_publish(user_id=turn.person.id, view=home_tab.view(shell, turn))

        shell.after_ack(body, context, client, show)

    asked = blocks.words()["command"]["desk"]
    on(app, shell, "home.desk", lambda t, v: shell.conversation.answer(t, asked["alone"], intent=asked["intent"]))


def _remember(shell: Shell, turn: Turn, dm: str) -> None:
    """The person's DM with us, caught up from now on; at first with what they wrote lately."""
    place = shell.workplace
    if dm.startswith("D") and channels.opened(place.store, dm, turn.person.id, f"{turn.now - LATELY_S:.6f}"):
        place.new_dm(dm)
