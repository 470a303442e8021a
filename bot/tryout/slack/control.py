"""What tests and `himitsu try` do to an app: look at its calls, send it events, let things go wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from .api.door import Call
from .faults import Fault
from .hub import Delivery
from .server import Server

Found = TypeVar("Found")


class Control:
    """A server on its own event loop; every method may be called from any other thread."""

    _server: Server
    _loop: asyncio.AbstractEventLoop

    def _run(self, work: Coroutine[Any, Any, Found]) -> Found:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _call(self, work: Callable[[], Found]) -> Found:
        async def on_loop() -> Found:
            return work()

        return self._run(on_loop())

    def calls(self, method: str | None = None) -> list[Call]:
        """Every call of the Web API so far, in order; of one method where it is named; "response_url": posts there."""

        def wanted(call: Call) -> bool:
            return call.method == method if method else call.method != "response_url"

        return self._call(lambda: [c for c in self._server.door.calls if wanted(c)])

    def forget_calls(self) -> None:
        self._call(self._server.door.calls.clear)

    def fail(self, method: str, **fault: Any) -> Fault:
        """A fault that the next call of a method meets; see Fault for what can go wrong."""
        return self._call(lambda: self._server.faults.add(Fault(method, **fault)))

    def no_more_faults(self) -> None:
        self._call(self._server.faults.clear)

    def revoke(self, token: str | None = None) -> None:
        """A token (default the bot's) is no good any more."""
        self._call(lambda: self._server.door.revoked.add(token or self._server.workspace.app.bot_token))

    def event(self, event: Mapping[str, Any], event_id: str | None = None) -> Delivery:
        """Sends the app any event, also one with an id that it has had."""
        return self._call(lambda: self._server.hub.event(event, event_id))

    def deliveries(self) -> list[Delivery]:
        """Every event so far, in order."""
        return self._call(lambda: list(self._server.hub.deliveries.values()))

    def last_deliveries(self, count: int) -> list[Delivery]:
        """The latest events, in order."""
        return self._call(lambda: list(islice(reversed(self._server.hub.deliveries.values()), count))[::-1])

    def redeliver(self, event_id: str) -> None:
        """The same event once more, as a retry whose ack got lost."""
        self._call(lambda: self._server.hub.redeliver(event_id))

    def hold_events(self) -> None:
        """Events wait from now on."""
        self._call(self._server.hub.hold)

    def release_events(self, order: Callable[[list[Delivery]], Sequence[Delivery]] = list) -> None:
        """Those that wait are sent, in the order that `order` gives them."""
        self._call(lambda: self._server.hub.release(order))

    def sockets(self) -> int:
        """Open Socket Mode links of the app."""
        return self._call(lambda: len(self._server.hub.sockets))

    def disconnect_sockets(self, *, warn: bool = False, abort: bool = False) -> None:
        """Closes the app's links. warn: tells it first, as Slack does; abort: cuts them without a word.

        A built-in client closes two seconds sooner where `auto_reconnect_enabled` is off and its link is cut before.
        """
        self._run(self._server.hub.disconnect(warn=warn, abort=abort))

    def silence(self, silent: bool = True) -> None:
        """Links stay open but are dead: nothing comes through them, pings are not answered; False: they live again."""

        def hush() -> None:
            self._server.hub.silent = silent

        self._call(hush)

    def unplug(self) -> None:
        """The app's network is gone: links break, every request of it is cut. The page goes on."""

        async def cut() -> None:
            self._server.unplugged = True
            await self._server.hub.disconnect(abort=True)

        self._run(cut())

    def plug_in(self) -> None:
        """The app's network is back."""

        def back() -> None:
            self._server.unplugged = False

        self._call(back)

    def deliver_events_to(self, url: str | None) -> None:
        """Events, commands, interactions by signed HTTP to this URL; None: by Socket Mode again. Raises ValueError."""
        self._run(self._server.hub.deliver_to(url))

    def set_bot(self, status: str | None) -> None:
        """What the page says of the bot: "running", "starting", "stopped"; None: told by its links."""

        def tell() -> None:
            self._server.bot = status
            self._server.tell_status()

        self._call(tell)

    def reset(self) -> None:
        """Nothing said, nothing open, no faults; clock, calls and links stay."""
        self._call(self._server.reset)
