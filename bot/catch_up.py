"""DMs that came while nobody was connected: Slack promises no second delivery, so they are read from history."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from .deliveries import KEEP_S, identify, is_spoken
from .outbox import REPLY
from .slack_errors import NETWORK, understand
from .store import StoreError, channels, inbox

if TYPE_CHECKING:
    from slack_sdk.web.client import WebClient

    from .workplace import Workplace

logger = logging.getLogger(__name__)

_PAGE = 200
_PAUSE_S = 1.3  # conversations.history: 50 a minute,
_AT_ONCE = 20  # of which so many at once
_MARGIN_S = 600  # events come late and out of order: what is older than the last one may be missing too
_REST_S = 5.0  # after trouble
LATELY_S = 24 * 3600  # how far a DM is looked through that was not known before
_BACK_S = KEEP_S - 3600  # as far as ids of answered messages are kept, less what clocks may be apart


class CatchUp:
    """After each connection, DMs of the last week are looked through, the latest first; a DM that becomes known, once.

    Slack tells which DMs there are only by im:read, which is not asked for: one becomes known by what comes from it.
    """

    def __init__(self, workplace: Workplace, client: WebClient, hand_over: Callable[[Mapping[str, Any]], bool]):
        self._workplace, self._client, self._hand_over = workplace, client, hand_over
        self._running = threading.Lock()
        self._wanted = threading.Event()
        self._firsts: deque[str] = deque()
        self._asked = 0  # requests of this round

    def soon(self, stop: threading.Event) -> None:
        """In the background, one at a time; asked for in the middle of it, it begins again after that."""
        self._wanted.set()
        self._start(stop)

    def first(self, channel: str, stop: threading.Event) -> None:
        """The same for a DM that was not known until now."""
        self._firsts.append(channel)
        self._start(stop)

    def _start(self, stop: threading.Event) -> None:
        threading.Thread(target=self._run, args=(stop,), name="catch up", daemon=True).start()

    def _run(self, stop: threading.Event) -> None:
        while (self._wanted.is_set() or self._firsts) and not stop.is_set() and self._running.acquire(blocking=False):
            try:
                if self._firsts:
                    self._look_at_first(stop)
                else:
                    self._wanted.clear()
                    self.step(stop)
            except StoreError as error:
                logger.error("catching up: %s", error)
                self._wanted.set()
                stop.wait(_REST_S)
            finally:
                self._running.release()

    def _look_at_first(self, stop: threading.Event) -> None:
        channel, done = self._firsts.popleft(), False
        try:
            done = self._new(channel, stop)
        finally:
            if not done:
                self._firsts.append(channel)

    def _new(self, channel: str, stop: threading.Event) -> bool:
        """Hand on what was said in a DM lately, but for what has been answered: perhaps another database knew it.

        False where it is to be done again.
        """
        if not self._may_ask(stop):
            return False
        lately = self._workplace.clock.now() - LATELY_S
        try:
            said = self._pages(self._client.conversations_history, channel, lately, include_all_metadata=True)
        except NETWORK as error:
            failure = understand(error)
            logger.warning("catching up: %s", failure.reason)
            return failure.kind == "refused" or stop.wait(_REST_S)
        done = {(m.get("metadata") or {}).get("event_payload", {}).get("delivery_id") for m in said if _ours(m)}
        events = [_event(channel, m) for m in sorted(said, key=lambda m: float(m["ts"])) if is_spoken(m)]
        return all([self._hand_over(event) for id, event in self._unknown(events).items() if id not in done])

    def step(self, stop: threading.Event) -> int:
        """Look through every known DM; how many messages that nobody had seen were handed on."""
        store, now = self._workplace.store, self._workplace.clock.now()
        handed = self._asked = 0
        for channel, _, last_ts in channels.dm_channels(store, now - _BACK_S):
            if not self._may_ask(stop):
                break
            try:
                found = self._since(channel, float(last_ts) - _MARGIN_S, now - _BACK_S, stop)
            except NETWORK as error:
                logger.warning("catching up: %s", understand(error).reason)
                self._wanted.set()
                stop.wait(_REST_S)
                continue
            for event in self._unknown([_event(channel, m) for m in found if is_spoken(m)]).values():
                if not self._hand_over(event):
                    self._wanted.set()
                handed += 1
        return handed

    def _may_ask(self, stop: threading.Event) -> bool:
        """Wait for Slack's next request. False where the end came before."""
        self._asked += 1
        return not stop.is_set() and not (self._asked > _AT_ONCE and stop.wait(_PAUSE_S))

    def _unknown(self, events: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Those that nobody has seen, by their ids."""
        ids = {incoming.id: event for event in events if (incoming := identify(event))}
        known = inbox.known(self._workplace.store, list(ids))
        return {id: event for id, event in ids.items() if id not in known}

    def _since(self, channel: str, after: float, back: float, stop: threading.Event) -> list[dict[str, Any]]:
        """What was said in a DM after a moment, in its threads too, the earliest first.

        back: how far threads are looked for: a thread stands where it began, and tells when it was last replied to.
        """
        said: list[dict[str, Any]] = []
        for message in self._pages(self._client.conversations_history, channel, back):
            if float(message["ts"]) > after:
                said.append(message)
            if float(message.get("latest_reply") or 0) > after and self._may_ask(stop):
                replies = self._pages(self._client.conversations_replies, channel, after, ts=message["ts"])
                said += [m for m in replies if m["ts"] != message["ts"]]
        return sorted(said, key=lambda m: float(m["ts"]))

    def _pages(self, read: Callable[..., Any], channel: str, oldest: float, **more: Any) -> list[dict[str, Any]]:
        about: dict[str, Any] = {"channel": channel, "oldest": f"{max(oldest, 0):.6f}", "limit": _PAGE, **more}
        messages: list[dict[str, Any]] = []
        while True:
            answer = read(**about)
            messages += answer.get("messages") or []
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return messages
            about["cursor"] = cursor


def _ours(message: Mapping[str, Any]) -> bool:
    """Whether it is an answer of himitsu to a message."""
    return (message.get("metadata") or {}).get("event_type") == REPLY


def _event(channel: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message of the history as the event it would have been."""
    event = {**message, "type": "message", "channel": channel, "channel_type": "im"}
    return {"type": "event_callback", "event_id": f"history:{channel}:{message.get('ts')}", "event": event}
