"""What listeners may use: knowledge, store, clock, people. One for a running bot."""

from __future__ import annotations

import threading
import uuid
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from .people import DEFAULT_ZONE, People
from .services import Services
from .store import Store

if TYPE_CHECKING:
    from .clock import Clock


@dataclass
class Workplace:
    """services: with the company's files. general: without, for guests. owner: this process, in leases."""

    services: Services
    general: Services
    store: Store
    clock: Clock
    people: People
    owner: str
    bot_user: str = ""
    _turns: dict[str, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    def today(self, now: float) -> date:
        return datetime.fromtimestamp(now, ZoneInfo(DEFAULT_ZONE)).date()

    def new_id(self, now: float) -> str:
        """Ids sort by the time they were made: two dialogues of one second keep their order."""
        return f"{int(now * 1000):012x}{uuid.uuid4().hex[:8]}"

    @contextmanager
    def in_turn(self, person: str) -> Iterator[None]:
        """One person's turns one after the other: two quick presses do not read the same state."""
        with self._turns[person]:
            yield
