"""What the page in the browser uses: /_page/*, JSON over HTTP and a stream of changes. One person a page.

GET  /_page/state?user=U[&reload=1]   everything the person sees. reload=1: the page was loaded anew, so what only this
                                      person saw (ephemerals) is gone, as in Slack
GET  /_page/events?user=U             text/event-stream, one JSON object a `data:` line:
  message, message_changed            {channel, message}           a new message or reply; the same ts with new content
  message_deleted                     {channel, ts, thread_ts}
  ephemeral                           {channel, message}           also in place of one with the same ts
  ephemeral_deleted                   {channel, ts}
  home                                {view}
  modal_open, modal_update            {view}                       open: on top of the stack (view.previous_view_id)
  modal_close                         {view_id}
  unread                              {channel, unread}
  clock                               {clock: {now, offset}}
  status                              {connected, bot}
  reset                               {}                           everything is as at the start: read the state again
POST (header X-Himitsu-Page: 1, JSON body) as the handlers below; 400 {"error": why} where the client of the person
would not let them do it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from .acts import NotAllowed
from .config import BOT_USER_ID, Channel, Person
from .hub import Ack
from .workspace import Watcher, shown

if TYPE_CHECKING:
    from .server import Server

Body = Mapping[str, Any]
Handler = Callable[[Body], Awaitable[Mapping[str, Any]]]


class Page:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.workspace, self.views, self.acts = server.workspace, server.views, server.acts

    def routes(self) -> list[web.RouteDef]:
        posts: Mapping[str, Handler] = {
            "clock": self.clock,
            "message": self.message,
            "edit": self.edit,
            "delete": self.delete,
            "command": self.command,
            "action": self.action,
            "suggest": self.suggest,
            "shortcut": self.shortcut,
            "submit": self.submit,
            "close": self.close,
            "home": self.home,
            "read": self.read,
            "bot": self.bot,
            "reset": self.reset,
        }
        return [
            web.get("/_clock", self._clock),
            web.get("/_page/state", self._state),
            web.get("/_page/events", self._events),
            *(web.post(f"/_page/{name}", _posted(handler)) for name, handler in posts.items()),
        ]

    # --- reading

    async def _clock(self, request: web.Request) -> web.Response:
        return web.json_response(self.workspace.clock.to_json())

    async def _state(self, request: web.Request) -> web.Response:
        user = request.query.get("user", "")
        if user not in self.workspace.people:
            return web.json_response({"error": "no such person"}, status=404)
        if request.query.get("reload") == "1":
            self.workspace.forget_ephemerals(user)
        return web.json_response(self.state(user))

    def state(self, user: str) -> dict[str, Any]:
        """All that a person sees."""
        self.workspace.dm(user)
        mine = [c for c in self.workspace.channels.values() if self.workspace.is_member(user, c.id)]
        return {
            "app": self._app(),
            "people": [_person(p) for p in self.workspace.people.values()],
            "me": user,
            "channels": [self._channel(user, c) for c in sorted(mine, key=lambda c: c.kind != "dm")],
            "messages": {c.id: self._messages(user, c) for c in mine},
            "home": self.views.homes.get(user),
            "modals": self.views.stack(user),
            "clock": self.workspace.clock.to_json(),
            **self.server.status(),
        }

    def _app(self) -> dict[str, Any]:
        app = self.workspace.app
        return {
            "name": app.name,
            "user_id": BOT_USER_ID,
            "commands": [
                {
                    "command": c.command,
                    "description": c.description,
                    "usage_hint": c.usage_hint,
                    "subcommands": [dict(s) for s in c.subcommands],
                }
                for c in app.commands
            ],
            "shortcuts": [{"type": s.type, "name": s.name, "callback_id": s.callback_id} for s in app.shortcuts],
        }

    def _channel(self, user: str, channel: Channel) -> dict[str, Any]:
        return {
            "id": channel.id,
            "name": self.workspace.app.name if channel.kind == "dm" else channel.name,
            "kind": channel.kind,
            "member": True,
            "bot_member": channel.bot_member,
            "unread": self.workspace.unread(user, channel.id),
        }

    def _messages(self, user: str, channel: Channel) -> list[dict[str, Any]]:
        alone = self.workspace.ephemerals.get((user, channel.id), {})
        found = self.workspace.seen(channel.id, user)
        return [shown({"message": m})["message"] | ({"ephemeral": True} if m["ts"] in alone else {}) for m in found]

    async def _events(self, request: web.Request) -> web.StreamResponse:
        user = request.query.get("user", "")
        if user not in self.workspace.people:
            return web.json_response({"error": "no such person"}, status=404)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        watcher = Watcher(user)
        self.workspace.watchers.add(watcher)
        try:
            await response.write(b": open\n\n")
            while not self.server.stopping.is_set():
                try:
                    change = await asyncio.wait_for(watcher.changes.get(), 15)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                await response.write(f"data: {json.dumps(change, ensure_ascii=False)}\n\n".encode())
                if change["type"] == "stop":
                    break
        except (ConnectionError, asyncio.CancelledError):
            pass  # the page was closed
        finally:
            self.workspace.watchers.discard(watcher)
        return response

    # --- doing

    async def clock(self, body: Body) -> Mapping[str, Any]:
        """{"advance_s": n}, {"set": epoch} or {"reset": true}."""
        clock = self.workspace.clock
        if body.get("reset"):
            clock.reset()
        elif "set" in body:
            clock.set(float(body["set"]))
        else:
            clock.advance(float(body["advance_s"]))
        return clock.to_json()

    async def message(self, body: Body) -> Mapping[str, Any]:
        """{user, channel, text, thread_ts?} -> {ts}."""
        ts = self.acts.post(body["user"], body["channel"], body["text"], thread_ts=body.get("thread_ts"))
        return {"ts": ts}

    async def edit(self, body: Body) -> Mapping[str, Any]:
        """{user, channel, ts, text}."""
        self.acts.edit(body["user"], body["channel"], body["ts"], body["text"])
        return {"ok": True}

    async def delete(self, body: Body) -> Mapping[str, Any]:
        """{user, channel, ts}."""
        self.acts.delete(body["user"], body["channel"], body["ts"])
        return {"ok": True}

    async def command(self, body: Body) -> Mapping[str, Any]:
        """{user, channel, command, text}."""
        return _told(await self.acts.command(body["user"], body["channel"], body["command"], body.get("text", "")))

    async def action(self, body: Body) -> Mapping[str, Any]:
        """{user, container, block_id, action_id, type, value | selected_…, state}."""
        chosen = [body[key] for key in body if key.startswith("selected_") or key == "rich_text_value"]
        ack = await self.acts.press(
            body["user"],
            body["container"],
            body["action_id"],
            block_id=body.get("block_id"),
            value=chosen[0] if chosen else body.get("value"),
            values=(body.get("state") or {}).get("values"),
        )
        return _told(ack)

    async def suggest(self, body: Body) -> Mapping[str, Any]:
        """{user, container, block_id, action_id, value} -> {options} or {option_groups}."""
        query = body.get("value") or ""
        ack = await self.acts.suggest(
            body["user"], body["container"], body["action_id"], query, block_id=body.get("block_id")
        )
        return _told(ack) | (ack.response or {})

    async def shortcut(self, body: Body) -> Mapping[str, Any]:
        """{user, callback_id, channel?, ts?}."""
        ack = await self.acts.shortcut(body["user"], body["callback_id"], body.get("channel"), body.get("ts"))
        return _told(ack)

    async def submit(self, body: Body) -> Mapping[str, Any]:
        """{user, view_id, values} -> {"ok": true} | {"errors": {block_id: text}} | {"error": why}."""
        ack = await self.acts.submit(body["user"], body["view_id"], body.get("values"))
        if ack.error:
            return {"ok": False, "error": ack.error}
        errors = (ack.response or {}).get("errors")
        return {"errors": errors} if errors else {"ok": True}

    async def close(self, body: Body) -> Mapping[str, Any]:
        """{user, view_id, all?}."""
        await self.acts.close(body["user"], body["view_id"], all_of_them=bool(body.get("all")))
        return {"ok": True}

    async def home(self, body: Body) -> Mapping[str, Any]:
        """{user, tab?: "home" | "messages"}."""
        self.acts.open_home(body["user"], body.get("tab") or "home")
        return {"ok": True}

    async def read(self, body: Body) -> Mapping[str, Any]:
        """{user, channel}."""
        channel = body["channel"]
        if channel not in self.workspace.channels or not self.workspace.is_member(body["user"], channel):
            raise NotAllowed("not in that conversation")
        self.workspace.mark_read(body["user"], channel)
        return {"ok": True}

    async def bot(self, body: Body) -> Mapping[str, Any]:
        """{"do": "restart"}: what `himitsu try` gave for it."""
        if self.server.on_bot is None:
            raise NotAllowed("the bot was not started from here")
        await asyncio.get_running_loop().run_in_executor(None, self.server.on_bot, str(body["do"]))
        return {"ok": True}

    async def reset(self, body: Body) -> Mapping[str, Any]:
        self.server.reset()
        return {"ok": True}


def _told(ack: Ack) -> dict[str, Any]:
    return {"acked": ack.acked, "ms": round(ack.ms, 1), **({"error": ack.error} if ack.error else {})}


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "role_label": person.role_label,
        "avatar": person.avatar,
        "guest": person.guest,
        "stranger": person.is_stranger,
        "deleted": person.deleted,
        "tz": person.tz,
    }


def _posted(handler: Handler) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        if request.headers.get("X-Himitsu-Page") != "1":
            return web.json_response({"error": "not from the page"}, status=403)
        try:
            body = await request.json()
            return web.json_response(await handler(body))
        except NotAllowed as error:
            return web.json_response({"error": str(error)}, status=400)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            return web.json_response({"error": f"malformed: {type(error).__name__} {error}"}, status=400)

    return handle
