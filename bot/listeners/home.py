"""App Home: go on with a question, quick buttons, and for managers what waits for them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from slack_bolt import App
from slack_sdk import WebClient

from .. import blocks
from ..conversation import Turn
from ..shell import Shell
from ..store import outbox, requests
from .cards import on


def register(app: App, shell: Shell) -> None:
    @app.event("app_home_opened")
    def on_opened(event: dict[str, Any], body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        if event.get("tab") != "home":
            return
        turn = shell.turn(context, body)
        client.views_publish(user_id=turn.person.id, view=view(shell, turn))

    asked = blocks.words()["command"]["desk"]
    on(app, shell, "home.desk", lambda t, v: shell.conversation.answer(t, asked["alone"], intent=asked["intent"]))


def view(shell: Shell, turn: Turn) -> dict[str, Any]:
    """The home tab as this person may see it."""
    store = shell.workplace.store
    manages = turn.person.manages
    waiting = requests.open_requests(store) if manages else []
    zone = ZoneInfo(turn.person.zone)
    shown = [
        {
            "id": r.id,
            "kind": r.kind,
            "note": r.note,
            "when": datetime.fromtimestamp(r.created_at, zone).strftime("%m/%d %H:%M"),
        }
        for r in waiting
    ]
    return blocks.home(
        "home",
        guest=turn.person.guest,
        manager=manages,
        open=shell.conversation.going_on(turn),
        requests=shown,
        troubles=len(outbox.troubles(store)) if manages else 0,
        company_known=bool(shell.workplace.services.knowledge.company.company_desk()),
    )
