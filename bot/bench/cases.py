"""Leak cases under kill -9: every date is told to who has the case, once.

A worker plans what has become due and posts it, as `himitsu serve` does, and is killed again and again.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from knowledge.company import Company

from ..clock import SystemClock
from ..conversation import Conversation  # noqa: F401  (before the feature, whose parts import it)
from ..features.cases.change import date_again
from ..features.cases.desk import Desk
from ..features.cases.follow import Following
from ..features.cases.words import TOKYO
from ..outbox import DELIVERY, Outbox
from ..people import Person
from ..store import Sealer, Store, cases, open_store, outbox
from ..tryout.slack import StandIn
from ..web import web_client
from .bots import employees

LEASE_S = 4  # in place of 120: what a killed process had begun is taken over sooner
_KEY = b"k" * 32
_AGO = timedelta(days=40)  # opened so long ago: every date of it has come
_TASKS = 4  # of each case; with 速報 and 確報, of whose reminders the latest alone is told, six messages
_OWNERS = 20
_LATE_S = 0.003  # the stand-in takes a message late, so that many processes die waiting for it
_WAIT_S = 600.0


def run(
    count: int = 1000, *, kills: int = 20, database: str | None = None, processes: int = 1, seed: int = 3
) -> dict[str, Any]:
    """Counts. Right is: once == follow_ups, doubled == missed == 0. database: its URL, empty; None is a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="himitsu-cases-") as folder, ExitStack() as stack:
        url = database or f"sqlite:///{Path(folder)}/himitsu.db"
        people = employees(_OWNERS)
        slack = stack.enter_context(StandIn(people=people))
        store = open_store(url, Sealer([_KEY]))
        stack.callback(store.close)
        owners = [p.id for p in people]
        started = time.perf_counter()
        expected = fill(store, owners, count)
        filled_s = time.perf_counter() - started
        slack.fail("chat.postMessage", delay_s=_LATE_S, times=None)
        command = [sys.executable, "-m", __spec__.name, url, slack.api_url, slack.bot_token, ",".join(owners)]
        crash = _Crash(slack, store, command, expected, random.Random(seed))
        crash.run(processes, kills)
        seconds = time.perf_counter() - started - filled_s
        return crash.counted() | {
            "cases": count,
            "kills": kills,
            "processes": processes,
            "opening_s": round(filled_s, 1),
            "seconds": round(seconds, 1),
        }


def fill(store: Store, owners: list[str], count: int) -> set[str]:
    """So many open cases with a legal clock, each taken by somebody; the outbox ids that have to be posted."""
    opened = datetime.now(TOKYO) - _AGO
    now, day = opened.timestamp(), opened.date().isoformat()
    place = workplace(store, owners)
    expected = set()
    for n in range(count):
        id, owner = f"case{n:05}", owners[n % len(owners)]
        data = {"family": "mis_sent", "known_on": day}
        with store.begin() as tx:
            cases.open_case(tx, id, day=day, reporter=owner, origin=f"o{n}", data=data, now=now)
            for question, option in (("data", "personal"), ("duty", "over_1000")):
                cases.add(tx, id, "answered", data={"question": question, "options": [option]}, now=now)
            cases.add(tx, id, "taken", by=owner, data={"owner": owner}, now=now)
            for task in range(_TASKS):
                due_on = (opened.date() + timedelta(task + 1)).isoformat()
                cases.add(tx, id, "task", by=owner, data={"id": f"t{task}", "text": "-", "due": due_on}, now=now)
            date_again(tx, Desk(place), id, now)
            last = {(due.kind, due.day): due.id for due in cases.dates_of(tx, id)}  # the longest due first
            expected |= {f"follow:{due}:{owner}" for due in last.values()}
    return expected


def workplace(store: Store, owners: list[str]) -> Any:
    """As much of one as telling dates needs; everybody is there."""
    company = Company(responders=tuple(owners))
    return SimpleNamespace(
        store=store,
        clock=SystemClock(),
        services=SimpleNamespace(knowledge=SimpleNamespace(company=company)),
        people=SimpleNamespace(find=lambda id, now, soon=False: Person(id)),
        today=lambda now: datetime.fromtimestamp(now, TOKYO).date(),
    )


def work(url: str, api: str, token: str, owners: list[str]) -> None:
    """Plan and post, for ever."""
    store, clock = open_store(url, Sealer([_KEY])), SystemClock()
    place = workplace(store, owners)
    following = Following(place, Desk(place))
    client = web_client(token, api, timeout_s=1)
    posting = Outbox(store, client, clock, per_s=1000, wanted=following.wanted, lease_s=LEASE_S)
    threading.Thread(target=posting.run, args=(threading.Event(),), daemon=True).start()
    while True:
        following.tick(clock.now())
        time.sleep(0.2)


class _Crash:
    def __init__(self, slack: StandIn, store: Store, command: list[str], expected: set[str], luck: random.Random):
        self._slack, self._store, self._command = slack, store, command
        self._expected, self._luck = expected, luck

    def run(self, processes: int, kills: int) -> None:
        """Until everything is sent; a process is killed each time a part of it was."""
        workers = [subprocess.Popen(self._command) for _ in range(processes)]
        try:
            for kill in range(1, kills + 1):
                self._until(kill * len(self._expected) // (kills + 2))
                time.sleep(self._luck.random() * 0.05)
                victim = self._luck.randrange(len(workers))
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = subprocess.Popen(self._command)
            self._until(len(self._expected))
            time.sleep(LEASE_S + 1)  # in which a second one would have come
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()

    def counted(self) -> dict[str, Any]:
        posted: Counter[str] = Counter()
        for target in {id.rpartition(":")[2] for id in self._expected}:
            for message in self._slack.messages(self._slack.dm(target)):
                about = message.get("metadata") or {}
                if about.get("event_type") == DELIVERY:
                    posted[about["event_payload"]["delivery_id"]] += 1
        return {
            "follow_ups": len(self._expected),
            "once": sum(posted[id] == 1 for id in self._expected),
            "doubled": sum(times > 1 for times in posted.values()),
            "missed": sum(id not in posted for id in self._expected),
            "others": sum(id not in self._expected for id in posted),
        }

    def _sent(self) -> int:
        return outbox.counts(self._store).get("sent", 0)

    def _until(self, many: int) -> None:
        """Wait until so many were sent."""
        end = time.monotonic() + _WAIT_S
        while self._sent() < many:
            if time.monotonic() > end:
                raise TimeoutError("nothing moves any more")
            time.sleep(0.02)


if __name__ == "__main__":
    work(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4].split(","))
