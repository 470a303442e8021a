"""The socket to Slack, looked at from outside: whether it lives, how many there are, why one was closed."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from slack_sdk.socket_mode.builtin import SocketModeClient

logger = logging.getLogger(__name__)

MOST = 10  # connections of one app, as Slack documents it
MANY = 9
# Slack's reasons for closing a connection that do not pass by themselves, and what to do.
_LOST = {
    "too_many_websockets": f"Slack allows {MOST} connections of one app: stop a process that is not needed.",
    "link_disabled": "Socket Mode was turned off: turn it on (Settings > Socket Mode).",
}
_BEGINNING = 400  # characters that say what a frame is


class Watch:
    """How long nothing was heard of Slack: what died silently may look open (python-slack-sdk #1701)."""

    def __init__(self, now: float):
        self._heard: tuple[str, float | None] | None = None
        self._at = now

    def silent_s(self, client: SocketModeClient, now: float) -> float:
        """Seconds since the last new connection or answer to a ping; the client pings every few seconds."""
        session = client.current_session
        heard = (session.session_id, session.last_ping_pong_time) if session and client.is_connected() else None
        if heard and heard != self._heard:
            self._heard, self._at = heard, now
        return now - self._at


def on_frame(then: Callable[[], None]) -> Callable[[str], None]:
    """A listener to raw frames that calls `then` for each new connection, and logs where connections run out."""

    def listen(message: str) -> None:
        if not any(kind in message[:_BEGINNING] for kind in ('"hello"', '"disconnect"')):
            return
        try:
            frame = json.loads(message)
        except ValueError:
            return
        if frame.get("type") == "hello":
            count = frame.get("num_connections")
            if isinstance(count, int) and count >= MANY:
                logger.warning(
                    "Slack counts %s connections of this app, of %s. Is an old process running?", count, MOST
                )
            then()
        elif frame.get("type") == "disconnect" and (advice := _LOST.get(str(frame.get("reason")))):
            logger.error("Slack closed the connection (%s). %s", frame["reason"], advice)

    return listen
