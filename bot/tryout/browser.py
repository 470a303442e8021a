"""`himitsu try`: the stand-in for Slack, its page, and the very bot of `himitsu serve` as a process of its own.

Everything the bot keeps lies in a folder that is removed at the end, unless one is named to go on another day.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import webbrowser
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from .. import render
from .slack import StandIn

COMPANY = Path(__file__).parent / "company"
_PORT = 8701
_READY_S = 30.0
_ENDS_S = 15.0  # for what the bot has under way
# What belongs to a real workspace must not reach the bot of the try-out.
_OURS = ("SLACK_", "HIMITSU_")
_PASSED_ON = ("HIMITSU_INDEX", "HIMITSU_COMPANY_DIR")


class Bot:
    """The bot's process. `restart` is what the page's button does."""

    def __init__(self, environment: Mapping[str, str], tell: Callable[[str | None], None] = lambda status: None):
        self._environment, self.tell = dict(environment), tell
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def start(self) -> None:
        with self._turn:
            self.tell("starting")
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "serve"], env=self._environment, stdin=subprocess.DEVNULL
            )

    def stop(self, *, kill: bool = False) -> None:
        with self._turn:
            process, self._process = self._process, None
            if process is None or process.poll() is not None:
                return
            self.tell("stopped")
            process.kill() if kill else process.send_signal(signal.SIGTERM)
            try:
                process.wait(_ENDS_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def restart(self) -> None:
        self.stop()
        self.start()

    def is_up(self) -> None:
        """Connected: from now on the stand-in sees for itself whether the bot is there."""
        self.tell(None)

    def ended(self) -> int | None:
        """The exit status of a bot that has ended by itself, else None."""
        process = self._process
        return process.poll() if process else None


def environment(slack: StandIn, folder: Path, outside: Mapping[str, str] = os.environ) -> dict[str, str]:
    """What the bot is told: the stand-in for Slack, its clock, a folder of its own, and the sample company."""
    kept = {k: v for k, v in outside.items() if not k.startswith(_OURS) or k in _PASSED_ON}
    # slack_sdk would send calls to this machine through a proxy too; it knows no NO_PROXY.
    kept = {k: v for k, v in kept.items() if not k.upper().endswith("_PROXY")}
    company = kept.get("HIMITSU_COMPANY_DIR") or str(COMPANY)
    return kept | {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
        "HIMITSU_CLOCK_URL": slack.clock_url,
        "HIMITSU_DATA_DIR": str(folder / "data"),
        "HIMITSU_KEY_FILE": str(folder / "config" / "key"),
        "HIMITSU_COMPANY_DIR": company,
        "HIMITSU_POSTS_PER_SECOND": "20",  # nobody waits for Slack's limits here
        "HIMITSU_LOG_LEVEL": "WARNING",
        "PYTHONUTF8": "1",
    }


@contextmanager
def running(port: int | None, folder: Path | None) -> Iterator[tuple[StandIn, Bot]]:
    """The stand-in and the bot, connected. port: None is the usual one, or any where that is taken."""
    with tempfile.TemporaryDirectory(prefix="himitsu-") as made:
        bots: list[Bot] = []  # the stand-in is there before the bot that its page restarts

        def restart(_: str) -> None:
            bots[0].restart()
            connected(slack, bots[0])

        slack = _stand_in(port, restart)
        try:
            bot = Bot(environment(slack, folder or Path(made)), slack.set_bot)
            bots.append(bot)
            bot.start()
            try:
                yield slack, bot
            finally:
                bot.stop()
        finally:
            slack.stop()


def _stand_in(port: int | None, on_bot: Callable[[str], None]) -> StandIn:
    if port is not None:
        return StandIn(port=port, on_bot=on_bot)
    try:
        return StandIn(port=_PORT, on_bot=on_bot)
    except OSError:
        return StandIn(port=0, on_bot=on_bot)


def connected(slack: StandIn, bot: Bot, within_s: float = _READY_S) -> bool:
    """Wait until the bot is connected; False where it ended or took too long."""
    until = time.monotonic() + within_s
    while time.monotonic() < until and bot.ended() is None:
        if slack.sockets():
            bot.is_up()
            return True
        time.sleep(0.05)
    return False


def run(port: int | None, folder: Path | None, *, show: bool) -> int:
    """Until Ctrl-C; the exit status. show: open the page in the browser."""
    words = render.wording("tryout.yaml")
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # else the bot would outlive its stand-in
    try:
        with running(port, folder) as (slack, bot):
            if not connected(slack, bot):
                click.echo(words["failed"], err=True)
                return 1
            click.echo(words["ready"].format(url=slack.page_url))
            if show:
                webbrowser.open(slack.page_url)
            while bot.ended() is None:
                time.sleep(0.5)
            click.echo(words["ended"], err=True)
            return 1
    except OSError as error:
        click.echo(words["port"].format(port=port, reason=error.strerror), err=True)
        return 1
    except KeyboardInterrupt:
        click.echo(words["bye"])
        return 0
