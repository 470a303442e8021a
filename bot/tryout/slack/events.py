"""Events that Slack sends the app: of messages said, changed and deleted, of an opened App Home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .config import BOT_USER_ID, Channel
from .hub import Hub
from .views import View
from .workspace import Message, Workspace

EVENT_SCOPES = {
    "message.im": "im:history",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "app_mention": "app_mentions:read",
}


class Events:
    """Sends what the app is subscribed to and has the scope for, and nothing else."""

    def __init__(self, workspace: Workspace, hub: Hub) -> None:
        self.workspace, self.hub = workspace, hub

    def said(self, where: Channel, message: Message) -> None:
        """The events of a new message, a bot's own ones too."""
        event = message | {"channel": where.id, "event_ts": message["ts"]}
        if where.kind == "dm":
            self._send("message.im", event | {"channel_type": "im"})
            return
        kind = "group" if where.private else "channel"
        if where.bot_member:
            self._send("message.groups" if where.private else "message.channels", event | {"channel_type": kind})
            if f"<@{BOT_USER_ID}" in message["text"] and message.get("user") != BOT_USER_ID:
                self._send("app_mention", event | {"type": "app_mention"})

    def changed(self, where: Channel, message: Message, before: Message) -> None:
        self._of(where, "message_changed", {"message": dict(message), "previous_message": before})

    def deleted(self, where: Channel, message: Message) -> None:
        self._of(where, "message_deleted", {"deleted_ts": message["ts"], "previous_message": dict(message)})

    def home(self, user: str, tab: str, view: View | None) -> None:
        """A person opened the app's Home tab (view: what is published there), or its messages."""
        event: dict[str, Any] = {"type": "app_home_opened", "user": user, "channel": self.workspace.dm(user).id}
        event |= {"tab": tab, "event_ts": self.workspace.clock.ts()}
        if tab == "home" and view:
            event["view"] = view
        self._send("app_home_opened", event)

    def _of(self, where: Channel, subtype: str, more: Mapping[str, Any]) -> None:
        now = self.workspace.clock.ts()
        event = {"type": "message", "subtype": subtype, "channel": where.id, "hidden": True, "ts": now, "event_ts": now}
        if where.kind == "dm":
            self._send("message.im", event | {"channel_type": "im", **more})
        elif where.bot_member:
            name = "message.groups" if where.private else "message.channels"
            self._send(name, event | {"channel_type": "group" if where.private else "channel", **more})

    def _send(self, name: str, event: Mapping[str, Any]) -> None:
        app = self.workspace.app
        scope = EVENT_SCOPES.get(name)
        if name in app.events and (scope is None or scope in app.scopes):
            self.hub.event(event)
