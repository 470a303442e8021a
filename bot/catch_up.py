"""DMs that came while nobody was connected: Slack promises no second delivery, so they are read from history."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from slack_sdk.errors import SlackApiError

from .deliveries import KEEP_S, is_spoken
from .store import channels

if TYPE_CHECKING:
    from slack_sdk.web.client import WebClient

    from .workplace import Workplace

logger = logging.getLogger(__name__)

_MOST = 100  # messages of one DM
_PAUSE_S = 1.3  # conversations.history: 50 a minute


class CatchUp:
    """After each connection, DMs of the last week are looked through, the latest first."""

    def __init__(self, workplace: Workplace, client: WebClient, hand_over: Callable[[Mapping[str, Any]], None]):
        self._workplace, self._client, self._hand_over = workplace, client, hand_over
        self._running = threading.Lock()

    def soon(self, stop: threading.Event) -> None:
        """In the background, one at a time."""
        threading.Thread(target=self._run, args=(stop,), name="catch up", daemon=True).start()

    def _run(self, stop: threading.Event) -> None:
        if not self._running.acquire(blocking=False):
            return
        try:
            self.step(stop)
        finally:
            self._running.release()

    def step(self, stop: threading.Event) -> int:
        """Look through every known DM; how many messages were handed on. Those known already change nothing."""
        store = self._workplace.store
        handed = 0
        for number, (channel, _, last_ts) in enumerate(
            channels.dm_channels(store, self._workplace.clock.now() - KEEP_S)
        ):
            if stop.is_set() or (number and stop.wait(_PAUSE_S)):
                break
            try:
                found = self._client.conversations_history(channel=channel, oldest=last_ts, limit=_MOST)
            except (SlackApiError, OSError) as error:
                logger.warning("catching up: %s", type(error).__name__)
                continue
            for message in sorted(found.get("messages") or [], key=lambda m: str(m.get("ts"))):
                if is_spoken(message):
                    self._hand_over(_event(channel, message))
                    handed += 1
        return handed


def _event(channel: str, message: Mapping[str, Any]) -> dict[str, Any]:
    """A message of the history as the event it would have been."""
    event = {**message, "type": "message", "channel": channel, "channel_type": "im"}
    return {"type": "event_callback", "event_id": f"history:{channel}:{message.get('ts')}", "event": event}
