"""The way to the app: Socket Mode, or signed HTTP requests; acks within the limit, retries of events.

An envelope goes to one of the app's sockets. Events that are not acked are sent again at once, after a minute and after
five (real time). What happens while no socket is open is lost for the app: Slack promises nothing there.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

from .config import APP_ID, BOT_USER_ID, TEAM_ID
from .signed import Refused, SignedHttp
from .workspace import Workspace

Payload = dict[str, Any]


@dataclass(frozen=True)
class Ack:
    """How the app took a request: ms is the time until then, response what it said with it."""

    acked: bool
    ms: float = 0.0
    response: Any = None
    error: str | None = None  # "operation_timeout", "dispatch_failed" where nobody listens or the app refused


@dataclass
class Delivery:
    """One event on its way. `attempts`: times it was sent; `dropped`: nobody was there to take it."""

    event_id: str
    body: Payload
    attempts: int = 0
    acked: bool = False
    dropped: bool = False
    acks: list[Ack] = field(default_factory=list)


class Hub:
    """Lives on the event loop of the stand-in."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.http: SignedHttp | None = None  # in place of Socket Mode
        self.sockets: list[web.WebSocketResponse] = []
        self._requests: dict[web.WebSocketResponse, web.Request] = {}
        self.tickets: set[str] = set()
        self.deliveries: dict[str, Delivery] = {}
        self.held: list[Delivery] | None = None
        self.silent = False  # links are open, but dead: nothing is sent, no ping is answered
        self.on_sockets: Callable[[], None] = lambda: None
        self._turn = itertools.count()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    # --- sockets

    def ticket(self) -> str:
        """A link's one-time ticket."""
        ticket = self.workspace.new_id("tick")
        self.tickets.add(ticket)
        return ticket

    async def serve_socket(self, request: web.Request) -> web.StreamResponse:
        """The app's end of a Socket Mode link, until it is closed."""
        ticket = request.query.get("ticket", "")
        if ticket not in self.tickets:
            return web.Response(status=403)
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.sockets.append(socket)
        self._requests[socket] = request
        self.on_sockets()
        try:
            await socket.send_json(
                {
                    "type": "hello",
                    "num_connections": len(self.sockets),
                    "debug_info": {"host": "applink-tryout", "started": "", "approximate_connection_time": 18060},
                    "connection_info": {"app_id": APP_ID},
                }
            )
            async for frame in socket:
                if self.silent:
                    continue
                if frame.type == aiohttp.WSMsgType.TEXT:
                    self._take_ack(frame.data)
                elif frame.type == aiohttp.WSMsgType.PING:
                    await socket.pong(frame.data)
        finally:
            self._forget(socket)
            self._requests.pop(socket, None)
        return socket

    def _forget(self, socket: web.WebSocketResponse) -> None:
        if socket in self.sockets:
            self.sockets.remove(socket)
            self.on_sockets()

    def _take_ack(self, text: str) -> None:
        try:
            frame = json.loads(text)
        except ValueError:
            return
        waiting = self._waiting.pop(frame.get("envelope_id", ""), None)
        if waiting and not waiting.done():
            waiting.set_result(frame.get("payload"))

    async def disconnect(self, *, warn: bool = False, abort: bool = False) -> None:
        """Closes every socket. warn: first says so as Slack does before a refresh; abort: without a closing frame."""
        for socket in list(self.sockets):
            self._forget(socket)  # nothing is sent to a socket that is being closed
            with contextlib.suppress(ConnectionError):
                if warn:
                    await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})
                if abort and (transport := self._requests[socket].transport):
                    transport.abort()
                else:
                    # the built-in client never answers a close: waiting for it would hold everything up
                    await asyncio.wait_for(socket.close(), 0.2)

    # --- requests that a person waits for

    async def ask(self, kind: str, payload: Payload) -> Ack:
        """Sends a command or an interaction and waits for its ack. kind: "slash_commands" or "interactive"."""
        started = time.perf_counter()
        try:
            response = await asyncio.wait_for(self._send(kind, payload), self.workspace.limits.ack_s)
        except TimeoutError:
            return Ack(False, _ms(started), error="operation_timeout")
        except (Unreachable, ConnectionError, aiohttp.ClientError):
            return Ack(False, _ms(started), error="dispatch_failed")
        return Ack(True, _ms(started), response)

    # --- events

    def event(self, event: Mapping[str, Any], event_id: str | None = None) -> Delivery:
        """Sends an event, in the background, retried where it is not acked."""
        event_id = event_id or self.workspace.new_id("Ev")
        body = {
            "token": "tryout-verification",
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": dict(event),
            "type": "event_callback",
            "event_id": event_id,
            "event_time": int(self.workspace.clock.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": BOT_USER_ID,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event_id}",
        }
        if (channel := event.get("channel")) in self.workspace.channels:
            body["is_ext_shared_channel"] = self.workspace.channels[str(channel)].kind == "ext"
        delivery = Delivery(event_id, body)
        self.deliveries[event_id] = delivery
        if self.held is not None:
            self.held.append(delivery)
        else:
            self.background(self.deliver(delivery))
        return delivery

    async def deliver(self, delivery: Delivery) -> None:
        """The first attempt and the retries."""
        reason = None
        for number, wait_s in enumerate((None, *self.workspace.limits.retry_after_s)):
            if wait_s:
                await asyncio.sleep(wait_s)
            delivery.attempts += 1
            started = time.perf_counter()
            try:
                work = self._send("events_api", delivery.body, retry=number, reason=reason)
                await asyncio.wait_for(work, self.workspace.limits.ack_s)
            except Unreachable:
                if number == 0:
                    delivery.dropped = True
                    return
                reason = "connection_failed"
            except TimeoutError:
                reason = "http_timeout" if self.http else "timeout"
            except Refused as refused:
                reason = "http_error"
                if refused.no_retry:
                    return
            except (ConnectionError, aiohttp.ClientError):
                reason = "connection_failed"
            else:
                delivery.acked = True
                delivery.acks.append(Ack(True, _ms(started)))
                return

    def redeliver(self, event_id: str) -> None:
        """An event once more. Raises KeyError where there was none with this id."""
        self.background(self.deliver(self.deliveries[event_id]))

    def hold(self) -> None:
        """Events wait until they are released."""
        self.held = self.held or []

    def release(self, order: Callable[[list[Delivery]], Sequence[Delivery]]) -> None:
        """Sends those that wait, in this order."""
        held, self.held = self.held or [], None
        for delivery in order(held):
            self.background(self.deliver(delivery))

    def background(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # --- the wire

    async def _send(self, kind: str, payload: Payload, *, retry: int = 0, reason: str | None = None) -> Any:
        if self.http:
            return await self.http.post(kind, payload, retry, reason)
        return await self._frame(kind, payload, retry, reason)

    async def _frame(self, kind: str, payload: Payload, retry: int, reason: str | None) -> Any:
        if not self.sockets:
            raise Unreachable
        socket = self.sockets[next(self._turn) % len(self.sockets)]
        envelope_id = self.workspace.new_id("env-")
        frame = {"envelope_id": envelope_id, "type": kind, "accepts_response_payload": kind != "events_api"}
        if kind == "events_api":
            frame |= {"retry_attempt": retry, "retry_reason": reason or ""}
        waiting = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = waiting
        try:
            if not self.silent:
                await socket.send_str(json.dumps(frame | {"payload": payload}, ensure_ascii=False))
            return await waiting
        finally:
            self._waiting.pop(envelope_id, None)

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await self.disconnect()
        await self.deliver_to(None)

    async def deliver_to(self, url: str | None) -> None:
        """From now on by signed HTTP to a URL, which must answer the challenge; None: Socket Mode again.

        Raises ValueError where the URL is not on this machine or does not answer the challenge.
        """
        if self.http:
            await self.http.close()
            self.http = None
        if url is not None:
            http = SignedHttp(url, self.workspace.app.signing_secret)
            try:
                await http.challenge(self.workspace.new_id("challenge"))
            except ValueError:
                await http.close()
                raise
            self.http = http


class Unreachable(Exception):
    """No socket is open."""


def _ms(started: float) -> float:
    return (time.perf_counter() - started) * 1000
