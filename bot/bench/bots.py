"""Bots as processes of their own, each on a stand-in for Slack of its own, for measuring."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..tryout.browser import environment
from ..tryout.slack import Person, StandIn
from ..tryout.slack.config import default_people

HIMITSU = ("-m", "bot.cli", "serve")
_READY_S = 60.0
_POLL_S = 0.002


def employees(count: int) -> list[Person]:
    """So many people besides the usual ones."""
    return [Person(f"U0B{n:05}", f"b{n}", f"社員{n}") for n in range(count)]


def office(people: Sequence[Person], **more: object) -> StandIn:
    """A stand-in with these people too."""
    return StandIn(people=[*default_people(), *people], **more)  # type: ignore[arg-type]


class Bot:
    """A process, with what it needs to know in its environment. Its log goes to a file in the folder."""

    def __init__(self, slack: StandIn, folder: Path, command: Sequence[str], more: Mapping[str, str] | None = None):
        root = str(Path(__file__).parents[2])
        path = os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p)
        kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}  # as people run it
        self.slack, self._command, self._log = slack, command, folder / "log"
        self._environment = environment(slack, folder, kept) | {"PYTHONPATH": path, "HIMITSU_LOG_LEVEL": "INFO"}
        self._environment |= {"HIMITSU_INDEX": str(folder / "index.db"), **(more or {})}
        folder.mkdir(parents=True, exist_ok=True)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process is not None

    def start(self, *, sockets: int = 1) -> float:
        """Seconds until it is connected; sockets: how many links there are then, with those of others."""
        started = time.perf_counter()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, *self._command], env=self._environment, stdin=subprocess.DEVNULL, stderr=log
            )
        while self.slack.sockets() < sockets:
            if self._process.poll() is not None or time.perf_counter() - started > _READY_S:
                raise RuntimeError(f"The bot did not connect: {self.log()[-500:]}")
            time.sleep(_POLL_S)
        return time.perf_counter() - started

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it; its exit status. SIGKILL: no time for anything."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        status = self._process.wait(60)
        self._process = None
        return status

    def log(self) -> str:
        """What it logged so far."""
        return self._log.read_text(encoding="utf-8") if self._log.exists() else ""
