"""StandIn: the Slack stand-in as tests and `himitsu try` hold it. Every method may be called from any thread."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from .clock import Clock
from .config import AppConfig, Channel, Limits, Person, default_channels, default_people
from .control import Control, Found
from .hub import Ack
from .server import Server
from .views import View
from .workspace import Message, Workspace

Surface = Mapping[str, Any]


class StandIn(Control):
    """Starts at once and stops with `stop()` or at the end of a `with`.

    port: 0 is any free one. app: default what deploy/manifest.yaml registers. limits: True keeps Slack's rates too;
    `Limits(ack_s=0.5)` … shortens waits for tests. on_bot: called with "restart" where the page asks for it.
    Raises OSError where the port is taken.
    """

    def __init__(
        self,
        port: int = 0,
        people: Sequence[Person] | None = None,
        channels: Sequence[Channel] | None = None,
        app: AppConfig | None = None,
        limits: Limits | bool | None = None,
        on_bot: Callable[[str], None] | None = None,
    ) -> None:
        people = default_people() if people is None else people
        self.app = app or AppConfig.default()
        self.clock = Clock()
        channels = default_channels(people) if channels is None else channels
        limits = Limits(rates=bool(limits)) if limits is None or isinstance(limits, bool) else limits
        self._workspace = Workspace(people, channels, self.app, self.clock, limits)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="slack-stand-in", daemon=True)
        self._thread.start()
        try:
            self._server = self._run(self._made(on_bot))
            self.port = self._run(self._server.start(port))
        except BaseException:
            self._end_loop()
            raise

    async def _made(self, on_bot: Callable[[str], None] | None) -> Server:
        return Server(self._workspace, on_bot)

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Closes everything; a second time does nothing."""
        if not self._loop.is_closed():
            self._run(self._server.stop())
            self._end_loop()

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    # --- addresses and secrets

    @property
    def page_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def clock_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/_clock"

    @property
    def bot_token(self) -> str:
        return self.app.bot_token

    @property
    def app_token(self) -> str:
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        return self.app.signing_secret

    # --- what people do

    def post(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, *, event: bool = True, **more: Any
    ) -> str:
        """A person types; the ts. channel: an id, or the bot's user id for the DM. event=False: the app is not told."""
        acts = self._server.acts
        return self._call(lambda: acts.post(user, channel, text, thread_ts=thread_ts, event=event, **more))

    def upload(self, user: str, channel: str, name: str, data: bytes, text: str = "") -> str:
        """A person puts a file into a conversation, with some words; the ts."""
        return self._call(lambda: self._server.acts.upload(user, channel, name, data, text))

    def file(self, id: str) -> bytes:
        """What is in a file."""
        return self._call(lambda: self._workspace.file_bytes[id])

    def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        self._call(lambda: self._server.acts.edit(user, channel, ts, text))

    def delete(self, user: str, channel: str, ts: str) -> None:
        self._call(lambda: self._server.acts.delete(user, channel, ts))

    def command(self, user: str, channel: str, command: str, text: str = "") -> Ack:
        """A slash command, until its ack or three seconds are over. `response` is what came with the ack."""
        return self._run(self._server.acts.command(user, channel, command, text))

    def press(
        self,
        user: str,
        surface: Surface,
        action_id: str,
        value: Any = None,
        *,
        block_id: str | None = None,
        selected: Any = None,
        values: Mapping[str, Any] | None = None,
        element: Mapping[str, Any] | None = None,
    ) -> Ack:
        """A button or another element of a message or view (as `messages`, `ephemerals`, `home`, `modal` give them).

        value or selected: what was chosen or typed. values: the surface's other fields, {block_id: {action_id: value}}.
        element: pressed though the surface does not have it (one of an old message, or forged).
        """
        chosen = value if selected is None else selected
        where = self._where(surface)
        press = self._server.acts.press
        return self._run(press(user, where, action_id, block_id=block_id, value=chosen, values=values, element=element))

    def suggest(self, user: str, surface: Surface, action_id: str, query: str, block_id: str | None = None) -> Ack:
        """What an external select offers; `response` holds "options"."""
        return self._run(self._server.acts.suggest(user, self._where(surface), action_id, query, block_id))

    def shortcut(self, user: str, callback_id: str, channel: str | None = None, ts: str | None = None) -> Ack:
        """A global shortcut; with channel and ts that of a message's menu."""
        return self._run(self._server.acts.shortcut(user, callback_id, channel, ts))

    def submit(self, user: str, view_id: str, values: Mapping[str, Any] | None = None) -> dict[str, str] | None:
        """Sends a modal; the errors by block_id, or None.

        Raises TimeoutError where no ack came, ValueError where the app answered what Slack does not take.
        values: {block_id: {action_id: value}}; a field that is not named keeps what it started with.
        """
        ack = self._run(self._server.acts.submit(user, view_id, values))
        if not ack.acked:
            raise TimeoutError(ack.error)
        if ack.error:
            raise ValueError(ack.error)
        return (ack.response or {}).get("errors")

    def close_view(self, user: str, view_id: str, *, all_of_them: bool = False) -> None:
        self._run(self._server.acts.close(user, view_id, all_of_them=all_of_them))

    def open_home(self, user: str, tab: str = "home") -> None:
        self._call(lambda: self._server.acts.open_home(user, tab))

    def reload(self, user: str) -> None:
        """The person's client starts anew: what only they saw is gone."""
        self._call(lambda: self._workspace.forget_ephemerals(user))

    # --- what people see

    def dm(self, user: str) -> str:
        """The id of a person's conversation with the bot."""
        return self._call(lambda: self._workspace.dm(user).id)

    def messages(self, channel: str, seen_by: str | None = None, *, after: str = "") -> list[Message]:
        """A conversation, oldest first, each with `channel`; seen_by: their own ephemerals too ("ephemeral": true).

        after: only what is later than this ts.
        """

        def read() -> list[Message]:
            alone = self._workspace.ephemerals.get((seen_by or "", channel), {})
            found = self._workspace.seen(channel, seen_by)
            return [
                m | {"channel": channel} | ({"ephemeral": True} if m["ts"] in alone else {})
                for m in found
                if m["ts"] > after
            ]

        return deepcopy(self._call(read))

    def ephemerals(self, user: str, channel: str) -> list[Message]:
        """What only this person sees there, oldest first."""
        return [m for m in self.messages(channel, seen_by=user) if m.get("ephemeral")]

    def home(self, user: str) -> View | None:
        return deepcopy(self._call(lambda: self._server.views.homes.get(user)))

    def modals(self, user: str) -> list[View]:
        """The person's open modals, the one on top last."""
        return deepcopy(self._call(lambda: self._server.views.stack(user)))

    def modal(self, user: str) -> View | None:
        """The modal on top."""
        found = self.modals(user)
        return found[-1] if found else None

    def wait(self, predicate: Callable[[], Found], timeout_s: float = 5.0) -> Found:
        """What `predicate` says as soon as it says something true. Raises TimeoutError."""
        end = time.monotonic() + timeout_s
        while True:
            if found := predicate():
                return found
            if time.monotonic() > end:
                raise TimeoutError(f"not within {timeout_s} s")
            time.sleep(0.01)

    # ---

    @staticmethod
    def _where(surface: Surface) -> Surface:
        if "root_view_id" in surface:
            return {"type": "view", "view_id": surface["id"]}
        if "ts" in surface:
            return {"type": "message", "channel": surface["channel"], "ts": surface["ts"]}
        return surface
