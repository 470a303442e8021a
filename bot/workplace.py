"""What listeners may use: knowledge, store, clock, people. One for a running bot."""

from __future__ import annotations

import hashlib
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from knowledge.company import default_dir

from .people import DEFAULT_ZONE, People
from .services import Services
from .settings import LEASE_S
from .store import Store
from .work import Work

if TYPE_CHECKING:
    from .clock import Clock


@dataclass
class _Turn:
    """wanted: by how many, with the one that has it; by nobody, it is dropped."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    wanted: int = 0


@dataclass
class Workplace:
    """services: with the company's files. open_general: gives those without, for guests. owner: this process.

    company_dir: the company's files. lease_s: how long a message is this process's own; over twice the timeout of its
    requests to Slack. unclear: ids of messages whose answer is perhaps posted. new_dm: told the channel of a DM that
    was not known before; dms: those that are.
    """

    services: Services
    open_general: Callable[[], Services]
    store: Store
    clock: Clock
    people: People
    owner: str
    lease_s: int = LEASE_S
    company_dir: Path = field(default_factory=default_dir)
    work: Work = field(default_factory=Work)
    early: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="early"))
    unclear: set[str] = field(default_factory=set)
    new_dm: Callable[[str], object] = lambda channel: None
    dms: set[str] = field(default_factory=set)
    _turns: dict[str, _Turn] = field(default_factory=dict)
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _general: Services | None = None
    _opening: threading.Lock = field(default_factory=threading.Lock)

    @property
    def general(self) -> Services:
        """Opened for the first guest, within a second: most bots talk to none."""
        with self._opening:
            if self._general is None:
                self._general = self.open_general()
            return self._general

    def today(self, now: float) -> date:
        return datetime.fromtimestamp(now, ZoneInfo(DEFAULT_ZONE)).date()

    def new_id(self, now: float, delivery: str = "") -> str:
        """Ids sort by the time they were made: two dialogues of one second keep their order.

        delivery: of a message, its dialogue gets the same id again. Its answer may have been posted right before a
        crash, with buttons that carry the id.
        """
        if delivery.startswith("im:"):
            said_at = float(delivery.rpartition(":")[2])
            return f"{int(said_at * 1000):012x}{hashlib.sha256(delivery.encode()).hexdigest()[:8]}"
        return f"{int(now * 1000):012x}{uuid.uuid4().hex[:8]}"

    @contextmanager
    def in_turn(self, person: str) -> Iterator[None]:
        """One person's turns one after the other: two quick presses do not read the same state."""
        with self._guard:
            turn = self._turns.setdefault(person, _Turn())
            turn.wanted += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._guard:
                turn.wanted -= 1
                if not turn.wanted:
                    del self._turns[person]
