"""What time it is. The try-out's clock can be moved; Slack's own limits stay in real time."""

from __future__ import annotations

import json
import logging
import threading
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from http.client import HTTPException
from typing import Protocol

logger = logging.getLogger(__name__)

_EVERY_S = 0.5
_TIMEOUT_S = 1.0
_REACH = 10 * 366 * 86400  # seconds: a clock further off than ten years is a mistake


class Clock(Protocol):
    """UTC epoch seconds, and the date somewhere."""

    def now(self) -> float: ...

    def today(self, tz: tzinfo) -> date: ...


class SystemClock:
    """This machine's clock."""

    def now(self) -> float:
        return time.time()

    def today(self, tz: tzinfo) -> date:
        return datetime.fromtimestamp(self.now(), UTC).astimezone(tz).date()


class UrlClock(SystemClock):
    """The try-out's clock: JSON `{"now": epoch seconds}` at a URL, asked at most every half second of real time.

    Between two answers the time passes as it does here. Where the URL does not answer, the last known difference holds
    (at first none). Threads may share it; only one asks at a time, the others take what is known.
    """

    def __init__(self, url: str, ticks: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._ticks = ticks
        self._base = time.time() - ticks()  # now, less the ticks
        self._asked: float | None = None
        self._asking = threading.Lock()
        self._answered = True

    def now(self) -> float:
        if (self._asked is None or self._ticks() - self._asked >= _EVERY_S) and self._asking.acquire(blocking=False):
            try:
                self._ask()
            finally:
                self._asked = self._ticks()
                self._asking.release()
        return self._base + self._ticks()

    def _ask(self) -> None:
        try:
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # it is on this machine
            with opener.open(self._url, timeout=_TIMEOUT_S) as response:
                now = float(json.load(response)["now"])
            if not abs(now - time.time()) <= _REACH:  # also not a number
                raise ValueError("out of reach")
        except (OSError, HTTPException, ValueError, TypeError, KeyError) as error:
            if self._answered:
                logger.warning("The try-out's clock does not answer (%s); the last time known goes on.", error)
            self._answered = False
            return
        self._base, self._answered = now - self._ticks(), True
