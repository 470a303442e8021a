"""What a workspace holds: conversations, messages, ephemerals, files, what was read. In memory, on one thread.

Every change is told to whoever looks on (`watch`), and only to people who may see it.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .clock import Clock
from .config import BOT_USER_ID, AppConfig, Channel, Limits, Person

Message = dict[str, Any]


@dataclass(eq=False)
class Watcher:
    """One open page of a person; `changes` is what it has not been told yet."""

    user: str
    changes: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)


class Workspace:
    """Ids of unknown people and conversations raise KeyError."""

    def __init__(
        self, people: Sequence[Person], channels: Sequence[Channel], app: AppConfig, clock: Clock, limits: Limits
    ) -> None:
        self.app, self.clock, self.limits = app, clock, limits
        self.base = ""  # http://127.0.0.1:PORT, once it is served
        self._given = (tuple(people), tuple(channels))
        self.watchers: set[Watcher] = set()
        self._count = itertools.count(1)
        self.reset()

    def reset(self) -> None:
        """As it was at the start: nothing said, nothing read."""
        people, channels = self._given
        self.people: dict[str, Person] = {p.id: p for p in people}
        self.channels: dict[str, Channel] = {c.id: c for c in channels}
        self.messages: dict[str, dict[str, Message]] = {c.id: {} for c in channels}
        self._threads: dict[tuple[str, str], dict[str, Message]] = {}
        self.ephemerals: dict[tuple[str, str], dict[str, Message]] = {}
        self.read_to: dict[tuple[str, str], str] = {}
        self.files: dict[str, dict[str, Any]] = {}
        self.file_bytes: dict[str, bytes] = {}

    def new_id(self, prefix: str) -> str:
        """A new id of Slack's look, never given twice."""
        return f"{prefix}{next(self._count):010X}"

    # --- conversations

    def dm(self, user: str) -> Channel:
        """The person's conversation with the bot, made where it is not there yet."""
        person = self.people[user]
        id = "D" + person.id[1:]
        if id not in self.channels:
            self.channels[id] = Channel(id, "directmessage", kind="dm", members=(user,))
            self.messages[id] = {}
        return self.channels[id]

    def is_member(self, user: str, channel: str) -> bool:
        found = self.channels[channel]
        if user == BOT_USER_ID:
            return found.bot_member
        if found.members is not None:
            return user in found.members
        return user in self.people and not self.people[user].guest

    def members(self, channel: str) -> list[str]:
        """Ids of people, and of the bot where it is in."""
        found = [p for p in self.people if self.is_member(p, channel)]
        return found + [BOT_USER_ID] * self.channels[channel].bot_member

    # --- messages

    def message(self, channel: str, ts: str, user: str | None = None) -> Message | None:
        """A message by its ts; with `user` also what only that person sees."""
        found = self.messages.get(channel, {}).get(ts)
        if found is None and user is not None:
            found = self.ephemerals.get((user, channel), {}).get(ts)
        return found

    def seen(self, channel: str, user: str | None) -> list[Message]:
        """All messages of a conversation, oldest first; with `user` their own ephemerals among them."""
        found = list(self.messages.get(channel, {}).values())
        if user is not None:
            found += self.ephemerals.get((user, channel), {}).values()
        return sorted(found, key=lambda m: m["ts"])

    def add(self, channel: str, message: Message) -> None:
        self.messages[channel][message["ts"]] = message
        if thread_ts := message.get("thread_ts"):
            self._threads.setdefault((channel, thread_ts), {})[message["ts"]] = message
            self._count_replies(channel, thread_ts)
        self.tell(channel, {"type": "message", "message": message})
        for user in self._lookers(channel):
            if user != message.get("user"):
                self._tell_unread(user, channel)

    def replies(self, channel: str, thread_ts: str) -> list[Message]:
        """What was answered in a thread, oldest first, without the message it hangs on."""
        return list(self._threads.get((channel, thread_ts), {}).values())

    def _count_replies(self, channel: str, thread_ts: str) -> None:
        parent = self.messages[channel].get(thread_ts)
        if parent is not None:
            replies = self._threads[channel, thread_ts]
            users = list(dict.fromkeys(m["user"] for m in replies.values()))
            parent |= {"thread_ts": thread_ts, "reply_count": len(replies), "latest_reply": max(replies, default="")}
            parent |= {"reply_users": users, "reply_users_count": len(users)}
            self.changed(channel, parent)

    def changed(self, channel: str, message: Message) -> None:
        self.tell(channel, {"type": "message_changed", "message": message})

    def remove(self, channel: str, ts: str) -> Message:
        """Takes a message away. Raises KeyError where it is not there."""
        message = self.messages[channel].pop(ts)
        thread_ts = message.get("thread_ts", "")
        if self._threads.get((channel, thread_ts), {}).pop(ts, None):
            self._count_replies(channel, thread_ts)
        self.tell(channel, {"type": "message_deleted", "ts": ts, "thread_ts": message.get("thread_ts")})
        return message

    def add_ephemeral(self, user: str, channel: str, message: Message) -> None:
        self.ephemerals.setdefault((user, channel), {})[message["ts"]] = message
        self.tell_person(user, {"type": "ephemeral", "channel": channel, "message": message | {"ephemeral": True}})

    def remove_ephemeral(self, user: str, channel: str, ts: str) -> None:
        """Takes it away; nothing where it is gone already."""
        if self.ephemerals.get((user, channel), {}).pop(ts, None) is not None:
            self.tell_person(user, {"type": "ephemeral_deleted", "channel": channel, "ts": ts})

    def forget_ephemerals(self, user: str) -> None:
        """What a reload of the person's client does: all they alone saw is gone."""
        for key in [key for key in self.ephemerals if key[0] == user]:
            for ts in list(self.ephemerals[key]):
                self.remove_ephemeral(user, key[1], ts)

    # --- what was read

    def unread(self, user: str, channel: str) -> int:
        """Messages of others since the person last looked (count)."""
        last = self.read_to.get((user, channel), "")
        return sum(1 for m in self.messages[channel].values() if m["ts"] > last and m.get("user") != user)

    def mark_read(self, user: str, channel: str) -> None:
        self.read_to[user, channel] = max(self.messages[channel], default="")
        self._tell_unread(user, channel)

    def _tell_unread(self, user: str, channel: str) -> None:
        self.tell_person(user, {"type": "unread", "channel": channel, "unread": self.unread(user, channel)})

    # --- who looks on

    def _lookers(self, channel: str) -> Iterator[str]:
        for user in {w.user for w in self.watchers}:
            if self.is_member(user, channel):
                yield user

    def tell(self, channel: str, change: Mapping[str, Any]) -> None:
        """A change to everybody who is in the conversation."""
        for user in self._lookers(channel):
            self.tell_person(user, {"channel": channel, **change})

    def tell_person(self, user: str, change: Mapping[str, Any]) -> None:
        for watcher in self.watchers:
            if watcher.user == user:
                watcher.changes.put_nowait(shown(change))

    def tell_all(self, change: Mapping[str, Any]) -> None:
        for watcher in self.watchers:
            watcher.changes.put_nowait(dict(change))


def shown(change: Mapping[str, Any]) -> dict[str, Any]:
    """A change as the page gets it: copied, as it may change before it is sent, and without metadata (for apps)."""
    message = change.get("message")
    if message is None:
        return dict(change)
    return dict(change) | {"message": {k: v for k, v in message.items() if k != "metadata"}}
