"""The door of the Web API: reads a call, checks token and scope, meets it with the fault asked for, keeps a record."""

from __future__ import annotations

import asyncio
import json
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from ..faults import Fault, Faults
from . import chat, conversations, files, people, views
from .base import METHODS, Answer, ApiError, Context, Registered, missing_scope

FAMILIES = (chat, conversations, files, people, views)  # read for what they register
TIERS = {"users.list": 20, "conversations.list": 20, "chat.update": 50, "chat.delete": 50}
TIER = 100  # calls a minute of what is not named


@dataclass
class Call:
    """One call of the Web API. `answer` is None while it runs, or where the connection was cut."""

    method: str
    arguments: Mapping[str, Any]
    at: float  # the try-out's clock
    answer: Answer | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return bool(self.answer and self.answer.get("ok"))


class Door:
    def __init__(self, context: Context, faults: Faults) -> None:
        self.context, self.faults = context, faults
        self.calls: list[Call] = []
        self.revoked: set[str] = set()
        self._recent: dict[str, deque[float]] = defaultdict(deque)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """POST or GET /api/METHOD."""
        name = request.match_info["method"]
        arguments = await _arguments(request)
        token = _token(request, arguments)
        known = {k: v for k, v in arguments.items() if k != "token"}
        call = Call(name, known, self.context.workspace.clock.now())
        self.calls.append(call)
        fault = self.faults.take(name, known)
        if fault and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault and fault.drop:
            return _cut(request)
        if fault and (broken := _broken(call, fault)):
            return broken
        if wait_s := self._too_fast(name, known):
            return _limited(call, wait_s)
        answer = self._answer(name, known, token)
        if fault and fault.drop_after_accept:
            return _cut(request)
        call.answer = answer
        return web.json_response(answer, headers=self._headers())

    async def serve_response(self, request: web.Request) -> web.StreamResponse:
        """POST to a response_url; on record and met by faults as the method "response_url"."""
        try:
            body = json.loads(await request.text())
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        call = Call("response_url", body, self.context.workspace.clock.now())
        self.calls.append(call)
        fault = self.faults.take("response_url", body)
        if fault and fault.delay_s:
            await asyncio.sleep(fault.delay_s)
        if fault and fault.drop:
            return _cut(request)
        if fault and (broken := _broken(call, fault)):
            return broken
        call.status, answer = self.context.acts.responses.take(request.match_info["token"], body)
        if fault and fault.drop_after_accept:
            return _cut(request)
        call.answer = answer
        return web.json_response(answer, status=call.status)

    def _answer(self, name: str, arguments: Mapping[str, Any], token: str) -> Answer:
        try:
            registered = METHODS.get(name)
            if registered is None:
                raise ApiError("unknown_method", req_method=name)
            if name != "api.test":
                self._allow(registered, token)
            return {"ok": True, **registered.call(self.context, arguments)}
        except ApiError as error:
            return {"ok": False, "error": error.error, **error.more}

    def _allow(self, registered: Registered, token: str) -> None:
        app = self.context.workspace.app
        if not token:
            raise ApiError("not_authed")
        if token in self.revoked:
            raise ApiError("token_revoked")
        if token not in (app.bot_token, app.app_token):
            raise ApiError("invalid_auth")
        if (token == app.app_token) != (registered.token == "app"):
            raise ApiError("not_allowed_token_type")
        if registered.scopes and not set(registered.scopes) & set(app.scopes):
            raise missing_scope(self.context, *registered.scopes)

    def _headers(self) -> dict[str, str]:
        return {"x-oauth-scopes": ",".join(self.context.workspace.app.scopes), "x-slack-req-id": "tryout"}

    def _too_fast(self, name: str, arguments: Mapping[str, Any]) -> int:
        """Seconds to wait where limits are kept and this call is over them; 0: go on."""
        limits = self.context.workspace.limits
        if not limits.rates:
            return 0
        if name == "chat.postMessage":
            key, most, span = f"{name} {arguments.get('channel')}", 1, 1.0
        else:
            key, most, span = name, limits.tiers.get(name, TIERS.get(name, TIER)), 60.0
        recent, now = self._recent[key], time.monotonic()
        while recent and recent[0] <= now - span:
            recent.popleft()
        if len(recent) >= most:
            return max(1, round(recent[0] + span - now))
        recent.append(now)
        return 0


async def _arguments(request: web.Request) -> dict[str, Any]:
    """Query, form, multipart and JSON alike; later ones win."""
    found: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        found |= body if isinstance(body, dict) else {}
    elif request.method == "POST":
        found |= dict(await request.post())
    return found


def _token(request: web.Request, arguments: Mapping[str, Any]) -> str:
    header = request.headers.get("Authorization", "")
    return header.removeprefix("Bearer ").strip() or str(arguments.get("token") or "")


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport:
        request.transport.abort()
    return web.Response(status=500)


def _broken(call: Call, fault: Fault) -> web.Response | None:
    if fault.status == 429:
        return _limited(call, fault.retry_after)
    if fault.status:
        call.status = fault.status
        return web.Response(status=fault.status, text="Server Error")
    if fault.error:
        call.answer = {"ok": False, "error": fault.error, **(fault.more or {})}
        return web.json_response(call.answer)
    return None


def _limited(call: Call, wait_s: int) -> web.Response:
    call.status, call.answer = 429, {"ok": False, "error": "ratelimited"}
    return web.json_response(call.answer, status=429, headers={"Retry-After": str(wait_s)})
