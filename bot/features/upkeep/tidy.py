"""Once a day, what has been kept long enough goes (bot/store/retention.py)."""

from __future__ import annotations

import logging
from datetime import date
from typing import TYPE_CHECKING

from ...store import retention

if TYPE_CHECKING:
    from ...workplace import Workplace

logger = logging.getLogger(__name__)


class Tidy:
    """One a process; replicas that do it on the same day find nothing left."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._done: date | None = None

    def tick(self, now: float) -> None:
        today = self._workplace.today(now)
        if self._done == today:
            return
        removed = retention.purge(self._workplace.store, now=now)
        self._done = today
        logger.info("purge: %s", " ".join(f"{row.kind}={row.count}" for row in removed if row.count) or "nothing")
