"""What is done after the ack: not on the threads that ack, which stay free for the next person's button."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from .edge import refer

_AT_ONCE = 8  # more would only wait for the interpreter, and hold up the acks with it
_POLL_S = 0.02

Job = Callable[[], None]


class Work:
    """Each person's jobs one after the other, in the order they came; several people's at once."""

    def __init__(self, at_once: int = _AT_ONCE) -> None:
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="work")
        self._lock = threading.Lock()
        self._jobs: dict[str, deque[Job]] = {}  # by person; the first of each is under way or next

    def soon(self, person: str, job: Job) -> None:
        """Do a job when the person's earlier ones are done. Raises RuntimeError once closed."""
        with self._lock:
            if person in self._jobs:
                self._jobs[person].append(job)
                return
            self._jobs[person] = deque([job])
        self._pool.submit(self._first, person)

    def waiting(self) -> int:
        """Jobs that are not done yet."""
        with self._lock:
            return sum(map(len, self._jobs.values()))

    def close(self, within_s: float) -> None:
        """End what was begun, and what waits as far as the time allows."""
        until = time.monotonic() + within_s
        while self.waiting() and time.monotonic() < until:
            time.sleep(_POLL_S)
        with self._lock:
            for jobs in self._jobs.values():
                while len(jobs) > 1:
                    jobs.pop()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _first(self, person: str) -> None:
        with self._lock:
            job = self._jobs[person][0]
        try:
            job()
        except Exception as error:  # the edge of this thread
            refer(error)
        with self._lock:
            self._jobs[person].popleft()
            if not self._jobs[person]:
                del self._jobs[person]
                return
        self._pool.submit(self._first, person)
