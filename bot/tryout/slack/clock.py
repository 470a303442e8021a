"""The clock of the try-out: real time and an offset that people and tests may move. Slack's limits do not use it."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Seconds since the epoch, as floats. May be read from any thread."""

    def __init__(self) -> None:
        self.offset = 0.0
        self._last_us = 0
        self.on_move: Callable[[], None] = lambda: None

    def now(self) -> float:
        return time.time() + self.offset

    def advance(self, seconds: float) -> None:
        """Forward by so many seconds; negative goes back."""
        self.offset += seconds
        self.on_move()

    def set(self, epoch: float) -> None:
        """To a moment (seconds since the epoch); it goes on from there."""
        self.offset = epoch - time.time()
        self.on_move()

    def reset(self) -> None:
        self.offset = 0.0
        self.on_move()

    def ts(self) -> str:
        """A new message id: the time in microseconds, later than every one before, also where the clock went back."""
        self._last_us = max(int(self.now() * 1_000_000), self._last_us + 1)
        return f"{self._last_us // 1_000_000}.{self._last_us % 1_000_000:06d}"

    def to_json(self) -> dict[str, float]:
        return {"now": self.now(), "offset": self.offset}
