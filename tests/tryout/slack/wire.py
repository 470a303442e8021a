"""An app's end of the wire that a test holds in its hands, and small blocks to send over it."""

import contextlib
import json
import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient

from bot.tryout.slack import AppConfig, Limits, Shortcut, StandIn

AOI, MINAMI, GUEST = "U01EMPLOYEE", "U05EMPLOYE2", "U06GUEST"
SCOPES = (
    "commands",
    "chat:write",
    "im:history",
    "im:write",
    "im:read",
    "app_mentions:read",
    "users:read",
    "channels:read",
    "channels:history",
    "files:write",
    "files:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
)
SHORTCUTS = (Shortcut("message", "これは秘密？", "check_message"), Shortcut("global", "漏えいかも", "report_leak"))
APP = AppConfig(scopes=SCOPES, shortcuts=SHORTCUTS)
HASTY = pytest.mark.parametrize(
    "slack", [{"limits": Limits(ack_s=0.3, trigger_s=0.3, retry_after_s=(0, 0.1, 0.1))}], indirect=True, ids=[""]
)


class Link:
    """A Socket Mode link: `take()` gives the next envelope; it is acked only where `answers` says how, or by `ack`.

    answers: envelope -> payload of the ack; None is no ack at all.
    """

    def __init__(self, slack: StandIn) -> None:
        self.got: queue.Queue[dict[str, Any]] = queue.Queue()
        self.hello: queue.Queue[dict[str, Any]] = queue.Queue()
        self.answers: Callable[[dict[str, Any]], Any] = lambda envelope: {}
        web = WebClient(slack.bot_token, base_url=slack.api_url)
        self.client = SocketModeClient(slack.app_token, web_client=web)
        self.client.message_listeners.append(self._take)
        before = slack.sockets()
        self.client.connect()
        slack.wait(lambda: slack.sockets() == before + 1)

    def _take(self, client, message, raw) -> None:
        if message.get("type") == "hello":
            self.hello.put(message)
        elif "envelope_id" in message:
            self.got.put(message)
            payload = self.answers(message)
            if payload is not None:
                self.ack(message, payload)

    def ack(self, envelope: dict[str, Any], payload: Any = None) -> None:
        answer = {"envelope_id": envelope["envelope_id"]} | ({"payload": payload} if payload else {})
        self.client.send_message(json.dumps(answer))

    def take(self, timeout_s: float = 5) -> dict[str, Any]:
        return self.got.get(timeout=timeout_s)

    def event(self, timeout_s: float = 5) -> dict[str, Any]:
        """The event of the next envelope."""
        return self.take(timeout_s)["payload"]["event"]

    def close(self) -> None:
        """In the background: the built-in client waits three seconds for a frame that does not come."""
        self.client.auto_reconnect_enabled = False
        threading.Thread(target=self._close, daemon=True).start()

    def _close(self) -> None:
        with contextlib.suppress(AttributeError):  # its reading thread may have closed the socket a moment before
            self.client.close()

    def nothing_more(self, for_s: float = 0.15) -> bool:
        try:
            self.got.get(timeout=for_s)
        except queue.Empty:
            return True
        return False


def answer_challenge(headers: dict[str, str], body: str) -> tuple[int, dict[str, str], str]:
    if headers["content-type"] == "application/json" and "challenge" in json.loads(body):
        return 200, {"Content-Type": "text/plain"}, json.loads(body)["challenge"]
    return 200, {}, ""


def section(text: str = "本文", **more: Any) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "go", value: str = "1", **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "value": value, "text": plain("押す"), **more}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def field(block_id: str, element: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    element = element or {"type": "plain_text_input", "action_id": "a"}
    return {"type": "input", "block_id": block_id, "label": plain("項目"), "element": element, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": plain("題"),
        "submit": plain("送る"),
        "blocks": list(blocks) or [section()],
        **more,
    }
