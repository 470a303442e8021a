"""The bot and the stand-in for Slack, connected over a real socket: what `himitsu try` runs, in one process."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler

from bot import serve
from bot.services import Services, open_services
from bot.settings import Settings
from bot.tryout.browser import COMPANY, environment
from bot.tryout.slack import StandIn

EMPLOYEE, MANAGER, RESPONDER, COLLEAGUE = "U01EMPLOYEE", "U02MANAGER", "U03RESPOND", "U05EMPLOYE2"
DEPUTY, AUDITOR = "U04DEPUTY", "U08AUDITOR"
GUEST, STRANGER = "U06GUEST", "U07STRANGER"
ALL, PARTNER, CHAT = "C01ALL", "C03PARTNER", "C04CHAT"


@dataclass
class Office:
    """A workspace with the bot in it. `say` gives the bot's answer to words in the DM."""

    slack: StandIn
    settings: Settings
    services: Services
    running: serve.Running | None = None
    handler: SocketModeHandler | None = None

    def open(self) -> None:
        self.running = serve.start(self.settings, self.services)
        self.handler = serve.connect(self.running, self.settings)
        self.slack.wait(lambda: self.slack.sockets() == 1)

    def close(self) -> None:
        if self.handler and self.running:
            self.handler.client.auto_reconnect_enabled = False
            self.slack.disconnect_sockets(abort=True)  # else the client waits for its next look at the socket
            self.handler.close()
            self.running.close()
            self.slack.wait(lambda: self.slack.sockets() == 0)
        self.handler = self.running = None

    def restart(self) -> None:
        self.close()
        self.open()

    def say(self, text: str, who: str = EMPLOYEE) -> dict[str, Any]:
        dm = self.slack.dm(who)
        before = len(self.answers(who))
        self.slack.post(who, dm, text)
        return self.slack.wait(lambda: self.answers(who)[before:])[-1]

    def answers(self, who: str = EMPLOYEE) -> list[dict[str, Any]]:
        """What the bot wrote into somebody's DM, the latest last."""
        return [m for m in self.slack.messages(self.slack.dm(who)) if m.get("bot_id")]

    def pressed(self, message: dict[str, Any], action: str, who: str = EMPLOYEE) -> dict[str, Any]:
        """The message after a button of it was pressed, once it has changed."""
        before = message["text"]
        ack = self.slack.press(who, message, action)
        assert ack.acked, ack
        where = message["channel"]

        def changed() -> dict[str, Any] | None:
            now = next(m for m in self.slack.messages(where, seen_by=who) if m["ts"] == message["ts"])
            return now if now["text"] != before else None

        return self.slack.wait(changed)


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    return open_services(COMPANY, tmp_path_factory.mktemp("index") / "index.db")


@pytest.fixture
def office(tmp_path: Path, services: Services) -> Iterator[Office]:
    with StandIn() as slack:
        settings = Settings.from_environment(environment(slack, tmp_path, {}))
        there = Office(slack, settings, services)
        there.open()
        try:
            yield there
        finally:
            there.close()
