"""Socket Mode with as few changes of threads as it takes: each costs a message a tenth of a millisecond and more."""

from __future__ import annotations

import json
import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor
from threading import local
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import build_headers, send_response
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import ConnectionState
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.client import WebClient

logger = logging.getLogger("himitsu.socket")

_PING_S = 10.0


class _Ended(ConnectionState):
    """Of a connection that is over for good, whoever says that it begins."""

    @property
    def terminated(self) -> bool:
        return True

    @terminated.setter
    def terminated(self, value: bool) -> None:
        pass


class Client(SocketModeClient):
    """A frame goes from the thread that hears it right to the one that answers it."""

    def close(self) -> None:
        # The thread that listens may be about to begin: it would say that nothing has ended, find no socket, and be
        # waited for here for ever.
        before, self.current_session_state = self.current_session_state, _Ended()
        before.terminated = True
        super().close()

    def enqueue_message(self, message: str) -> None:
        if self.closed:
            return
        try:
            self.message_workers.submit(self._take, message)
        except RuntimeError:  # closed meanwhile: what is not acked is sent again
            logger.info("a frame came while the socket was closed")

    def _take(self, message: str) -> None:
        try:
            frame = json.loads(message)
        except ValueError:
            logger.warning("a frame that is no JSON")
            return
        self.run_message_listeners(frame, message)


class Handler(SocketModeHandler):
    """Bolt's own handler, with this client."""

    def __init__(self, app: App, app_token: str, web_client: WebClient) -> None:
        self.app, self.app_token = app, app_token
        self.client = Client(app_token, logger, web_client, proxy=web_client.proxy, ping_interval=_PING_S)
        self.client.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        started = time.time()
        asked = BoltRequest(mode="socket_mode", body=req.payload, headers=build_headers(req))
        send_response(client, req, self.app.dispatch(asked), started)


class Listeners(ThreadPoolExecutor):
    """Bolt's executor of listeners. `here`, set by the thread that dispatches: what only hands work on needs no thread.

    So it is with events: Bolt acks them before their listeners run, and these do nothing but `Shell.after_ack`.
    """

    _dispatching = local()

    def here(self, *, yes: bool) -> None:
        """Whether what this thread submits next is run by itself."""
        self._dispatching.here = yes

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        if not getattr(self._dispatching, "here", False):
            return super().submit(fn, *args, **kwargs)
        self._dispatching.here = False
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))  # Bolt's own function, which raises nothing
        return done
