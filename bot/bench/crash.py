"""Exactly once, measured: messages that come twice, late and out of order, to processes that are killed.

Each message that a person said has to have one answer in the DM, told by the answer's metadata.
"""

from __future__ import annotations

import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from ..outbox import REPLY
from ..tryout.slack import StandIn
from ..tryout.slack.config import Limits
from .bots import HIMITSU, Bot, employees, office

PEOPLE = 20
AT_ONCE = 30  # messages under way
SHARE = 0.1  # of duplicates, and of messages that change places
MEANWHILE = 3  # messages while a killed process is away
CUT = 0.01  # of answers whose connection breaks after Slack took them
LEASE_S = 6  # in place of 60: what a killed process had begun is taken over sooner
_QUIET_S = 2.0  # and a lease: in which a second answer would have come
_WAIT_S = 420.0  # Slack's last retry is after six minutes


def run(
    texts: Sequence[str],
    messages: int,
    *,
    kills: int = 3,
    database: str | None = None,
    processes: int = 1,
    lease_s: int = LEASE_S,
    limits: Limits | None = None,
    seed: int = 3,
) -> dict[str, Any]:
    """Counts. Right is: once == messages, twice == never == 0. database: its URL; None is a SQLite file."""
    with tempfile.TemporaryDirectory(prefix="himitsu-crash-") as folder, ExitStack() as stack:
        people = employees(min(PEOPLE, max(2, messages // 40)))
        slack = stack.enter_context(office(people, limits=limits or Limits()))
        more = {"HIMITSU_LEASE_SECONDS": str(lease_s)} | ({"HIMITSU_DATABASE_URL": database} if database else {})
        bots = []
        for number in range(processes):
            bot = Bot(slack, Path(folder), HIMITSU, more)
            bot.start(sockets=number + 1)
            stack.callback(bot.stop, signal.SIGKILL)
            bots.append(bot)
        crash = Crash(slack, bots, [p.id for p in people], random.Random(seed), lease_s)
        started = time.perf_counter()
        crash.say(texts, messages, kills)
        return crash.counted() | {
            "kills": kills,
            "processes": processes,
            "seconds": round(time.perf_counter() - started),
        }


class Crash:
    """What is said, and what goes wrong meanwhile."""

    def __init__(self, slack: StandIn, bots: Sequence[Bot], people: Sequence[str], luck: random.Random, lease_s: int):
        self.slack, self.bots, self.people, self.luck = slack, bots, people, luck
        self._quiet_s = lease_s + _QUIET_S
        self.dms = {person: slack.dm(person) for person in people}
        self.said: list[str] = []
        self.repeated = self.reordered = self._answers = 0
        for person in people:  # a DM that was never used is not known, and is not caught up
            self._post(person, "こんにちは")
        self._until(lambda: self._answered() >= len(people))
        self.slack.fail("chat.postMessage", drop_after_accept=True, times=None, where=lambda _: luck.random() < CUT)

    def say(self, texts: Sequence[str], messages: int, kills: int) -> None:
        """So many messages, with what goes wrong on the way."""
        first = len(self.said)
        ends = {first + messages * (k + 1) // (kills + 1) for k in range(kills)}
        while len(self.said) < first + messages or ends:
            self._until(lambda: len(self.said) - self._answered() < AT_ONCE)
            batch = [texts[(len(self.said) + n) % len(texts)] for n in range(2)]
            self._say(batch)
            if due := {end for end in ends if end <= len(self.said)}:
                ends -= due
                self._kill(texts)

    def _say(self, batch: Sequence[str]) -> None:
        """Two messages of one person, sometimes the second first, sometimes one of them once more."""
        person = self.people[len(self.said) // 2 % len(self.people)]
        swapped = len(batch) == 2 and self.luck.random() < SHARE
        if swapped:
            self.slack.hold_events()
        for text in batch:
            self._post(person, text)
        if swapped:
            self.reordered += 2
            self.slack.release_events(lambda held: [*reversed(held)])
        if self.luck.random() < SHARE * len(batch):
            self._repeat()

    def _repeat(self) -> None:
        """A message of this DM once more: the same event, or an event of its own as of another retry."""
        self.repeated += 1
        mine = [d for d in self.slack.last_deliveries(20) if not d.body["event"].get("bot_id")]
        delivery = self.luck.choice(mine)
        if self.luck.random() < 0.5:
            self.slack.redeliver(delivery.event_id)
        else:
            self.slack.event(delivery.body["event"])

    def _kill(self, texts: Sequence[str]) -> None:
        victim = self.luck.choice(self.bots)
        time.sleep(self.luck.random() * 0.05)
        victim.stop(signal.SIGKILL)
        for text in texts[:MEANWHILE]:  # nobody is connected, or one process alone
            self._say([text])
        victim.start(sockets=len(self.bots))

    def _post(self, person: str, text: str) -> None:
        dm = self.dms[person]
        self.said.append(f"im:{dm}:{self.slack.post(person, dm, text)}")

    def _answered(self) -> int:
        calls = len(self.slack.calls("chat.postMessage"))
        if calls > 500:  # looked through each time
            self.slack.forget_calls()
            self._answers += calls
            return self._answers
        return self._answers + calls

    def answers(self) -> Counter[str]:
        """How often each message was answered."""
        found: Counter[str] = Counter()
        for dm in self.dms.values():
            for message in self.slack.messages(dm):
                about = message.get("metadata") or {}
                if about.get("event_type") == REPLY:
                    found[about["event_payload"]["delivery_id"]] += 1
        return found

    def counted(self) -> dict[str, Any]:
        """After everything has come to rest."""
        self._until(lambda: len(self.answers()) >= len(self.said), _WAIT_S, 0.5, must=False)
        time.sleep(self._quiet_s)
        found = self.answers()
        dropped = sum(d.dropped for d in self.slack.deliveries() if not d.body["event"].get("bot_id"))
        return {
            "messages": len(self.said),
            "once": sum(found[id] == 1 for id in self.said),
            "twice": sum(count > 1 for count in found.values()),
            "never": sum(id not in found for id in self.said),
            "repeated": self.repeated,
            "reordered": self.reordered,
            "caught_up": dropped,
        }

    def _until(
        self, done: Callable[[], bool], within_s: float = 120.0, poll_s: float = 0.003, *, must: bool = True
    ) -> None:
        end = time.monotonic() + within_s
        while not done():
            if time.monotonic() > end:
                if must:
                    raise TimeoutError("nothing moves any more")
                return
            time.sleep(poll_s)
