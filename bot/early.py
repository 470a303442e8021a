"""What a message's words alone say, found while the message is still being kept: its turn comes after the ack.

Reading is pure, so it need not wait for the database; nothing of it is told before the message is kept.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from dialogs.leak.signs import signs
from knowledge.models import Reading
from knowledge.private import find_private
from knowledge.text import Memory, normalise, remembering

from .services import Services


@dataclass(frozen=True)
class Heard:
    """The reading of some words, the kinds of private matter in them, and their signs (ids of signs.yaml)."""

    found: Reading
    private: tuple[str, ...]
    signs: tuple[str, ...]


def hear(text: str, services: Services, today: date, intent: str = "") -> Heard:
    """What words say by themselves. intent: what the person said it is; blank finds it."""
    said = normalise(text)
    return Heard(services.read(said, intent=intent, today=today), find_private(said).kinds, signs(said))


class Early:
    """Words that are read in the background, as one person's on one day."""

    def __init__(self, pool: ThreadPoolExecutor, text: str, services: Services, today: date) -> None:
        self.memory = Memory()
        self._about = (text, services, today)
        self._heard = pool.submit(self._hear)

    def _hear(self) -> Heard:
        with remembering(self.memory):
            return hear(*self._about)

    def get(self, text: str, services: Services, today: date) -> Heard | None:
        """What was found; None where it is about something else, or was not begun yet: who asks is quicker."""
        if self._about != (text, services, today) or self._heard.cancel():
            return None
        return self._heard.result()
