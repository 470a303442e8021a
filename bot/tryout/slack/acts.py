"""What people do: type, press, fill in, open. Each act becomes what Slack would send the app for it."""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from . import fields, payloads, typed
from .answers import Answers
from .config import BOT_USER_ID, Channel
from .hub import Ack, Hub
from .responses import Responses
from .views import View, Views
from .workspace import Message, Workspace


class NotAllowed(Exception):
    """A person tries what their client would not let them do."""


class Acts:
    """All that a person's client can do. People and conversations by id; unknown ones raise NotAllowed."""

    def __init__(self, workspace: Workspace, views: Views, hub: Hub, responses: Responses) -> None:
        self.workspace, self.views, self.hub, self.responses = workspace, views, hub, responses
        self.events = responses.events
        self.answers = Answers(workspace, views, responses)

    # --- messages

    def post(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[Mapping[str, Any]] = (),
        event: bool = True,
    ) -> str:
        """A person types; the ts. event=False: nobody tells the app (it happened while nobody listened)."""
        where = self._place(user, channel)
        if not text.strip() and not files:
            raise NotAllowed("empty message")
        text = typed.message_text(text[:40_000], self.workspace)
        message: Message = {
            "client_msg_id": self.workspace.new_id("msg-"),
            "type": "message",
            "text": text,
            "user": user,
            "ts": self.workspace.clock.ts(),
            "team": self.workspace.people[user].team_id,
            "blocks": fields.with_block_ids(typed.rich_text(text)),
        }
        if files:
            message |= {"subtype": "file_share", "files": [dict(f) for f in files], "upload": False}
        if thread_ts:
            parent = self.workspace.message(where.id, thread_ts)
            if parent is None:
                raise NotAllowed("no such thread")
            message |= {"thread_ts": thread_ts, "parent_user_id": parent.get("user")}
        self.workspace.add(where.id, message)
        if event:
            self.events.said(where, message)
        return str(message["ts"])

    def upload(self, user: str, channel: str, name: str, data: bytes, text: str = "") -> str:
        """A person puts a file into a conversation, with some words; the ts."""
        id = self.workspace.new_id("F")
        about = {
            "id": id,
            "name": name,
            "title": name,
            "size": len(data),
            "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
            "filetype": name.rpartition(".")[2],
            "user": user,
            "created": int(self.workspace.clock.now()),
            "url_private": f"{self.workspace.base}/files/{id}/{quote(name)}",
            "url_private_download": f"{self.workspace.base}/files/{id}/{quote(name)}",
            "is_public": False,
        }
        self.workspace.files[id], self.workspace.file_bytes[id] = about, data
        return self.post(user, channel, text, files=[about])

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Only one's own. The app hears of it as message_changed."""
        where, message = self._own(user, channel, ts)
        before = dict(message)
        text = typed.message_text(text, self.workspace)
        message |= {
            "text": text,
            "blocks": fields.with_block_ids(typed.rich_text(text)),
            "edited": {"user": user, "ts": self.workspace.clock.ts()},
        }
        self.workspace.changed(where.id, message)
        self.events.changed(where, message, before)

    def delete(self, user: str, channel: str, ts: str) -> None:
        """Only one's own. The app hears of it as message_deleted."""
        where, message = self._own(user, channel, ts)
        self.workspace.remove(where.id, ts)
        self.events.deleted(where, message)

    # --- commands and shortcuts

    async def command(self, user: str, channel: str, name: str, text: str = "") -> Ack:
        """A slash command. What rides on the ack is shown; `error` is what the person is told of else."""
        where = self._place(user, channel)
        known = {c.command: c for c in self.workspace.app.commands if "commands" in self.workspace.app.scopes}
        if name not in known:
            return Ack(False, error="unknown_command")
        person = self.workspace.people[user]
        url = self.responses.url(user, where.id)
        trigger = self.views.trigger(user)
        text = typed.command_text(text, self.workspace, should_escape=known[name].should_escape)
        ack = await self.hub.ask("slash_commands", payloads.command(person, where, name, text, trigger, url))
        return self.answers.to_command(ack, user, where.id) if ack.acked else ack

    async def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> Ack:
        """A global shortcut, or one of a message's menu where channel and ts name the message."""
        kind = "message" if ts else "global"
        if (kind, callback_id) not in {(s.type, s.callback_id) for s in self.workspace.app.shortcuts}:
            return Ack(False, error="unknown_shortcut")
        person, trigger = self.workspace.people[user], self.views.trigger(user)
        body = payloads.interaction("message_action" if ts else "shortcut", person, trigger)
        body |= {"callback_id": callback_id, "action_ts": self.workspace.clock.ts()}
        if ts:
            where = self._place(user, channel or "")
            message = self.workspace.message(where.id, ts)
            if message is None:
                raise NotAllowed("no such message")
            url = self.responses.url(user, where.id)
            shown = {k: v for k, v in message.items() if k != "metadata"}
            body |= {"channel": payloads.channel(where), "message_ts": ts, "message": shown, "response_url": url}
        return await self.hub.ask("interactive", body)

    # --- elements

    async def press(
        self,
        user: str,
        surface: Mapping[str, Any],
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
        values: Mapping[str, Any] | None = None,
        element: Mapping[str, Any] | None = None,
    ) -> Ack:
        """A button is pressed or another element changed.

        surface: {"type": "message", "channel", "ts"} or {"type": "view", "view_id"}.
        value: what was chosen (an option's value or Slack's mapping). values: what else is filled in there.
        element: in place of one that is there (one of an old message, or forged).
        """
        blocks, about, in_modal = self._surface(user, surface, values)
        found = fields.find(blocks, action_id, block_id, value)
        if element is not None:
            found = ({"block_id": block_id or "forged"}, {"action_id": action_id, **element})
        if found is None:
            raise NotAllowed(f"nothing with the action_id {action_id!r} there")
        trigger = self.views.trigger(user, in_modal=in_modal)
        body = payloads.interaction("block_actions", self.workspace.people[user], trigger) | about
        body["actions"] = [payloads.action(*found, value, self.workspace.clock.ts())]
        return await self.hub.ask("interactive", body)

    async def suggest(
        self, user: str, surface: Mapping[str, Any], action_id: str, query: str, block_id: str | None = None
    ) -> Ack:
        """What an external select offers for the letters typed; the ack's response holds `options`."""
        blocks, about, _ = self._surface(user, surface, None)
        found = fields.find(blocks, action_id, block_id)
        if found is None:
            raise NotAllowed(f"nothing with the action_id {action_id!r} there")
        body = payloads.interaction("block_suggestion", self.workspace.people[user], "") | about
        body |= {"action_id": action_id, "block_id": found[0]["block_id"], "value": query}
        for key in ("trigger_id", "response_url", "state"):
            body.pop(key, None)
        return self.answers.to_suggestion(await self.hub.ask("interactive", body))

    def _surface(
        self, user: str, surface: Mapping[str, Any], values: Mapping[str, Any] | None
    ) -> tuple[list[fields.Block], dict[str, Any], bool]:
        """The blocks of a surface, what a payload says of it, and whether it is a modal."""
        if surface["type"] == "view":
            view = self._view(user, surface["view_id"])
            state = {"values": fields.merged(view["blocks"], values)}
            container = {"type": "view", "view_id": view["id"]}
            return view["blocks"], {"container": container, "view": view | {"state": state}}, view["type"] == "modal"
        where = self._place(user, surface["channel"])
        message = self.workspace.message(where.id, surface["ts"], user)
        if message is None:
            raise NotAllowed("no such message")
        ephemeral = surface["ts"] not in self.workspace.messages[where.id]
        about = {
            "container": payloads.message_container(message, where, ephemeral=ephemeral),
            "channel": payloads.channel(where),
            "state": {"values": fields.merged(message.get("blocks", []), values)},
            "response_url": self.responses.url(user, where.id, message, ephemeral=ephemeral),
        }
        if not ephemeral:  # Slack leaves out the message where only one person sees it
            about["message"] = {k: v for k, v in message.items() if k != "metadata"}
        return message.get("blocks", []), about, False

    # --- views

    async def submit(self, user: str, view_id: str, values: Mapping[str, Any] | None = None) -> Ack:
        """Sends a modal. The ack's response: {"errors": {block_id: text}}, or {} where it is done."""
        view = self._view(user, view_id)
        state = fields.merged(view["blocks"], values)
        if wrong := fields.mistakes(view["blocks"], state):
            return Ack(True, response={"errors": wrong})
        trigger = self.views.trigger(user, in_modal=True)
        body = payloads.interaction("view_submission", self.workspace.people[user], trigger)
        body |= {"view": view | {"state": {"values": state}}, "response_urls": self._response_urls(user, view, state)}
        ack = await self.hub.ask("interactive", body)
        if not ack.acked:
            return ack
        if view_id not in self.views.by_id:
            return replace(ack, response={})  # closed by another window in between
        return self.answers.to_submission(ack, user, view_id)

    def _response_urls(self, user: str, view: View, state: fields.Values) -> list[dict[str, str]]:
        found = []
        for block in view["blocks"]:
            for element in fields.elements(block):
                if element.get("response_url_enabled"):
                    key = fields.VALUE_KEYS[element["type"]][0]
                    channel = state[block["block_id"]][element["action_id"]][key]
                    url = self.responses.url(user, channel)
                    ids = {"block_id": block["block_id"], "action_id": element["action_id"]}
                    found.append(ids | {"channel_id": channel, "response_url": url})
        return found

    async def close(self, user: str, view_id: str, *, all_of_them: bool = False) -> None:
        """Closes a modal without sending it. The app hears of it where the view asked to."""
        view = self._view(user, view_id)
        gone = self.views.stack(user) if all_of_them or view["clear_on_close"] else [view]
        cleared = len(gone) > 1 or all_of_them
        for each in reversed(gone):
            self.views.close(user, each["id"])
            if each["notify_on_close"]:
                body = payloads.interaction("view_closed", self.workspace.people[user], "")
                del body["trigger_id"]
                await self.hub.ask("interactive", body | {"view": each, "is_cleared": cleared})

    def open_home(self, user: str, tab: str = "home") -> None:
        """A person opens the app's Home tab, or its messages ("messages")."""
        self.events.home(user, tab, self.views.homes.get(user))

    # --- who may what

    def _place(self, user: str, channel: str) -> Channel:
        if user not in self.workspace.people:
            raise NotAllowed("no such person")
        if channel == BOT_USER_ID or channel == self.workspace.dm(user).id:
            return self.workspace.dm(user)
        if channel not in self.workspace.channels or not self.workspace.is_member(user, channel):
            raise NotAllowed("not in that conversation")
        if self.workspace.channels[channel].archived:
            raise NotAllowed("archived")
        return self.workspace.channels[channel]

    def _own(self, user: str, channel: str, ts: str) -> tuple[Channel, Message]:
        where = self._place(user, channel)
        message = self.workspace.message(where.id, ts)
        if message is None or message.get("user") != user:
            raise NotAllowed("not one's own message")
        return where, message

    def _view(self, user: str, view_id: str) -> View:
        home = self.views.homes.get(user)
        if home and home["id"] == view_id:
            return home
        if self.views.owner.get(view_id) != user:
            raise NotAllowed("no such view")
        return self.views.by_id[view_id]
