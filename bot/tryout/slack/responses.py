"""response_url: five uses in half an hour, seen by the asker alone unless said otherwise."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from . import blocks
from .config import BOT_ID, BOT_USER_ID, Channel
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


class Teller(Protocol):
    """What Acts does for messages that did not come through the Web API."""

    def tell_app(self, where: Channel, message: Message) -> None: ...

    def tell_changed(self, where: Channel, message: Message, before: Message) -> None: ...

    def tell_deleted(self, where: Channel, message: Message) -> None: ...


class Responses:
    """All response_urls given out."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.addresses: dict[str, Address] = {}
        self.teller: Teller | None = None  # who tells the app of what was said, changed and deleted

    def url(self, user: str, channel: str, message: Message | None = None, *, ephemeral: bool = False) -> str:
        token = secrets.token_urlsafe(16)
        ts, thread_ts = (message["ts"], message.get("thread_ts")) if message else (None, None)
        self.addresses[token] = Address(user, channel, ts, ephemeral, thread_ts, time.monotonic())
        return f"{self.workspace.base}/response/{token}"

    def take(self, token: str, body: Mapping[str, Any]) -> web.Response:
        """One POST to a response_url."""
        address = self.addresses.get(token)
        if address is None:
            return web.json_response({"ok": False, "error": "invalid_url"}, status=404)
        if time.monotonic() - address.born > self.workspace.limits.response_url_s:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if address.uses >= self.workspace.limits.response_url_uses:
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        error = self.answer(address, body)
        if error:
            return web.json_response({"ok": False, "error": error}, status=400 if error != "no_text" else 500)
        address.uses += 1
        return web.json_response({"ok": True})

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
            if self.teller:
                self.teller.tell_app(self.workspace.channels[address.channel], message)
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
            if self.teller:
                self.teller.tell_deleted(self.workspace.channels[address.channel], gone)
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
            if self.teller:
                self.teller.tell_changed(self.workspace.channels[address.channel], old, before)
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
