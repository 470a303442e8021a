"""response_url: five uses in half an hour, seen by the asker alone unless said otherwise."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import blocks
from .config import BOT_ID, BOT_USER_ID
from .events import Events
from .fields import with_block_ids
from .workspace import Message, Workspace


@dataclass
class Address:
    """One response_url: whose, where, and the message that it came from (None: a command or a shortcut)."""

    user: str
    channel: str
    ts: str | None
    ephemeral: bool
    thread_ts: str | None
    born: float  # monotonic seconds
    uses: int = 0


class Responses:
    """All response_urls given out."""

    def __init__(self, workspace: Workspace, events: Events) -> None:
        self.workspace, self.events = workspace, events
        self.addresses: dict[str, Address] = {}

    def url(self, user: str, channel: str, message: Message | None = None, *, ephemeral: bool = False) -> str:
        token = secrets.token_urlsafe(16)
        ts, thread_ts = (message["ts"], message.get("thread_ts")) if message else (None, None)
        self.addresses[token] = Address(user, channel, ts, ephemeral, thread_ts, time.monotonic())
        return f"{self.workspace.base}/response/{token}"

    def take(self, token: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """What one POST to a response_url does: the HTTP status and the answer."""
        address = self.addresses.get(token)
        if address is None:
            return 404, {"ok": False, "error": "invalid_url"}
        if time.monotonic() - address.born > self.workspace.limits.response_url_s:
            return 404, {"ok": False, "error": "expired_url"}
        if address.uses >= self.workspace.limits.response_url_uses:
            return 404, {"ok": False, "error": "used_url"}
        if error := self.answer(address, body):
            return (500 if error == "no_text" else 400), {"ok": False, "error": error}
        address.uses += 1
        return 200, {"ok": True}

    def answer(self, address: Address, body: Mapping[str, Any]) -> str | None:
        """Does what a response says; also the response that rides on an ack. The error, or None."""
        if body.get("delete_original"):
            return self._delete(address)
        if error := problem(body):
            return error
        content = {"text": body.get("text") or "", "blocks": with_block_ids(body.get("blocks") or [])}
        if body.get("replace_original") and address.ts:
            return self._replace(address, content)
        message: Message = {
            "type": "message",
            "user": BOT_USER_ID,
            "bot_id": BOT_ID,
            "ts": self.workspace.clock.ts(),
            **{k: v for k, v in content.items() if v},
        }
        message.setdefault("text", "")
        if thread_ts := body.get("thread_ts") or (address.thread_ts if address.ephemeral else None):
            message["thread_ts"] = thread_ts
        if body.get("response_type") == "in_channel":
            self.workspace.add(address.channel, message)
            self.events.said(self.workspace.channels[address.channel], message)
        else:
            self.workspace.add_ephemeral(address.user, address.channel, message)
        return None

    def _delete(self, address: Address) -> str | None:
        if address.ts is None:
            return "message_not_found"
        if address.ephemeral:
            self.workspace.remove_ephemeral(address.user, address.channel, address.ts)
        elif address.ts in self.workspace.messages[address.channel]:
            gone = self.workspace.remove(address.channel, address.ts)
            self.events.deleted(self.workspace.channels[address.channel], gone)
        else:
            return "message_not_found"
        return None

    def _replace(self, address: Address, content: Mapping[str, Any]) -> str | None:
        old = self.workspace.message(address.channel, str(address.ts), address.user)
        if old is None and not address.ephemeral:
            return "message_not_found"
        if old is None:
            return None  # the person has reloaded: nothing is there to be replaced, and nobody is told
        before = dict(old)
        old.pop("blocks", None)
        old |= {k: v for k, v in content.items() if v or k == "text"}
        if address.ephemeral:
            self.workspace.add_ephemeral(address.user, address.channel, old)
        else:
            self.workspace.changed(address.channel, old)
            self.events.changed(self.workspace.channels[address.channel], old, before)
        return None


def problem(body: Mapping[str, Any]) -> str | None:
    """Why a response would be refused: "no_text", "invalid_blocks", "invalid_payload". None: it is well."""
    given = body.get("blocks")
    if isinstance(given, str):
        try:
            given = json.loads(given)
        except ValueError:
            return "invalid_blocks_format"
    if given and blocks.problems(given, "message"):
        return "invalid_blocks"
    if not given and not body.get("text") and not body.get("attachments"):
        return "no_text"
    return None
