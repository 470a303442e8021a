"""What becomes due by the clock: each feature's tick, over and over, on every replica."""

from __future__ import annotations

import logging
import threading

from .clock import Clock
from .edge import refer
from .features import Features
from .store import StoreError

logger = logging.getLogger(__name__)

_EVERY_S = 5.0  # real seconds: the try-out's clock may jump


class Minute:
    def __init__(self, features: Features, clock: Clock) -> None:
        self._features, self._clock = features, clock

    def run(self, stop: threading.Event) -> None:
        """Until stop is set. One feature's trouble does not hold up the others."""
        while not stop.is_set():
            self.step()
            stop.wait(_EVERY_S)

    def step(self) -> None:
        """Every tick once."""
        for feature in self._features.all:
            if feature.tick is None:
                continue
            try:
                feature.tick(self._clock.now())
            except StoreError as error:
                logger.error("%s: %s", feature.name, error)
            except Exception as error:  # the edge of this thread
                refer(error)
