"""The bot on Slack, measured over the stand-in, by Socket Mode, all in one run.

himitsu and two echo bots (see echo.py) run as processes of their own, each on a stand-in of its own, and take turns at
each message, so that a busy machine moves all of them alike.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from ..tryout.slack import StandIn
from .bots import HIMITSU, Bot, employees, office
from .read import memory_of, percentile

PEOPLE = 50
ROUNDS = 5
PER_S = 20  # messages a second of the whole company, in its busiest minute
AT_ONCE = 16  # messages under way while memory is filled
VAGUE = "この資料、取引先に見せてもいいですか？"
_WAIT_S = 120.0


@dataclass(frozen=True)
class Sizes:
    """How much is measured: messages in all; of each bot while taking turns; at a pace; starts."""

    messages: int
    turns: int
    paced: int
    starts: int

    @classmethod
    def of(cls, messages: int) -> Sizes:
        """For about so many messages; the full figures need 10,000."""
        share = max(ROUNDS * 2, messages // 10)
        return cls(messages, min(share, 300), min(share, 30 * PER_S), ROUNDS if messages >= 1000 else 1)


def run(texts: Sequence[str], messages: int = 10_000) -> dict[str, Any]:
    """All figures, each named with its unit. memory is None where there is no /proc."""
    sizes = Sizes.of(messages)
    with tempfile.TemporaryDirectory(prefix="himitsu-bench-") as folder, ExitStack() as stack:
        company = Company(stack, Path(folder))
        start_s = company.start(sizes.starts)
        words = cycle(texts)
        figures: dict[str, Any] = {"messages": messages, "start_s": start_s}
        figures["turns"] = take_turns(company, list(islice(words, sizes.turns)))
        figures["paced"] = at_a_pace(company.himitsu, list(islice(words, sizes.paced)))
        figures["pressing"] = press_at_once(company.himitsu)
        figures["memory_mb"] = fill(company.himitsu, list(islice(words, messages + messages // 4)))
    return figures


class Company:
    """The three bots, each with its people."""

    def __init__(self, stack: ExitStack, folder: Path):
        echo = ("-m", "bot.bench.echo")
        database = f"sqlite:///{folder / 'echo.db'}"
        commands = {"himitsu": HIMITSU, "echo": echo, "echo_commits": (*echo, database)}
        people = employees(PEOPLE)
        self.bots = {
            name: Bot(stack.enter_context(office(people)), folder / name, command) for name, command in commands.items()
        }
        self.people = [p.id for p in people]
        self.himitsu = Asked(self.bots["himitsu"], self.people)
        self._stack = stack

    def start(self, starts: int) -> float:
        """Start all; the median of himitsu's seconds until it was connected, the index being there."""
        himitsu = self.bots["himitsu"]
        himitsu.start()  # the first one builds the index and the database
        found = []
        for _ in range(starts):
            himitsu.stop()
            himitsu.slack.wait(lambda: not himitsu.slack.sockets())
            found.append(himitsu.start())
        for name, bot in self.bots.items():
            if name != "himitsu":
                bot.start()
            self._stack.callback(bot.stop)
        return round(statistics.median(found), 2)


class Asked:
    """A bot that is asked, and when it began to answer: when its chat.postMessage came in."""

    def __init__(self, bot: Bot, people: Sequence[str]):
        self.bot, self.slack, self.people = bot, bot.slack, people
        self.dms = {person: self.slack.dm(person) for person in people}

    def answers(self) -> int:
        return len(self.slack.calls("chat.postMessage"))

    def ask(self, person: str, text: str) -> float:
        """Milliseconds from event in to message out."""
        self.slack.forget_calls()
        started = self.slack.clock.now()
        self.slack.post(person, self.dms[person], text)
        self.until(lambda: self.answers() >= 1)
        return (self.slack.calls("chat.postMessage")[0].at - started) * 1000

    def until(self, done: Callable[[], bool], poll_s: float = 0.002) -> None:
        end = time.monotonic() + _WAIT_S
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f"no answer within {_WAIT_S} s")
            time.sleep(poll_s)


def take_turns(company: Company, texts: Sequence[str]) -> dict[str, Any]:
    """Event in to message out, of each bot: the median of the rounds' medians, and himitsu's share of the others'."""
    asked = {name: Asked(bot, company.people) for name, bot in company.bots.items()}
    for person in company.people:  # a person's first message asks Slack who that is
        for each in asked.values():
            each.ask(person, texts[0])
    rounds: dict[str, list[float]] = {name: [] for name in asked}
    for part in _parts(texts, ROUNDS):
        times: dict[str, list[float]] = {name: [] for name in asked}
        for person, text in zip(cycle(company.people), part, strict=False):
            for name, each in asked.items():
                times[name].append(each.ask(person, text))
        for name, taken in times.items():
            rounds[name].append(statistics.median(taken))
    found = {name: statistics.median(medians) for name, medians in rounds.items()}
    ratios = [h / e for h, e in zip(rounds["himitsu"], rounds["echo_commits"], strict=True)]
    return {f"{name}_ms": round(ms, 2) for name, ms in found.items()} | {
        "messages_each": len(texts),
        "ratio": round(statistics.median(ratios), 2),
    }


def _parts(texts: Sequence[str], count: int) -> Iterator[Sequence[str]]:
    size = max(1, len(texts) // count)
    for start in range(0, size * count, size):
        yield texts[start : start + size]


def at_a_pace(himitsu: Asked, texts: Sequence[str], per_s: int = PER_S) -> dict[str, float]:
    """Event in to message out at so many messages a second of many people."""
    slack = himitsu.slack
    slack.forget_calls()
    posted: dict[str, float] = {}
    begun = time.perf_counter()
    for n, (person, text) in enumerate(zip(cycle(himitsu.people), texts, strict=False)):
        time.sleep(max(0.0, begun + n / per_s - time.perf_counter()))
        now = slack.clock.now()
        dm = himitsu.dms[person]
        posted[f"im:{dm}:{slack.post(person, dm, text)}"] = now
    himitsu.until(lambda: himitsu.answers() >= len(posted), 0.05)
    taken = [
        (call.at - posted[call.arguments["metadata"]["event_payload"]["delivery_id"]]) * 1000
        for call in slack.calls("chat.postMessage")
    ]
    return {
        "per_s": per_s,
        "messages": len(taken),
        "median_ms": round(statistics.median(taken), 1),
        "p99_ms": round(percentile(taken, 99), 1),
        "max_ms": round(max(taken), 1),
    }


def press_at_once(himitsu: Asked) -> dict[str, float]:
    """Fifty people each have a question before them and press at the same moment: how long until the acks."""
    slack, people = himitsu.slack, himitsu.people
    slack.forget_calls()
    for person in people:
        slack.post(person, himitsu.dms[person], VAGUE)
    himitsu.until(lambda: himitsu.answers() >= len(people), 0.02)
    slowest: list[float] = []
    taken: list[float] = []
    for action in islice(cycle(("check.choose.3", "check.back")), ROUNDS):
        messages = {person: slack.messages(himitsu.dms[person])[-1] for person in people}
        together = threading.Barrier(len(people))

        slack.forget_calls()
        with ThreadPoolExecutor(len(people)) as pool:
            acks = list(pool.map(lambda p, a=action, m=messages, t=together: _press(slack, p, m[p], a, t), people))
        himitsu.until(lambda: len(slack.calls("response_url")) >= len(people), 0.02)
        slowest.append(max(acks))
        taken += acks
    return {
        "people": len(people),
        "rounds": ROUNDS,
        "median_ms": round(statistics.median(taken), 1),
        "slowest_ms": round(max(slowest), 1),
    }


def _press(slack: StandIn, person: str, message: dict[str, Any], action: str, together: threading.Barrier) -> float:
    together.wait()
    ack = slack.press(person, message, action)
    return ack.ms if ack.acked else float("inf")


def fill(himitsu: Asked, texts: Sequence[str]) -> dict[str, float] | None:
    """RSS of the process less the dictionary's mapping, in MB, on the way to so many messages and a quarter more."""
    if memory_mb(himitsu.bot.pid) is None:
        return None
    full = len(texts) * 4 // 5
    marks = sorted({full // 10, full // 2, full, len(texts)})
    found: dict[str, float] = {}
    done = 0
    begun = time.perf_counter()
    for mark in marks:
        _hand_out(himitsu, texts[done:mark])
        done = mark
        found[f"after_{mark}"] = memory_mb(himitsu.bot.pid) or 0.0
    found["messages_per_s"] = round(len(texts) / (time.perf_counter() - begun), 1)
    return found


def _hand_out(himitsu: Asked, texts: Sequence[str]) -> None:
    slack = himitsu.slack
    for part in _parts(texts, max(1, len(texts) // 500)):
        slack.forget_calls()
        for n, (person, text) in enumerate(zip(cycle(himitsu.people), part, strict=False)):
            himitsu.until(lambda n=n: n - himitsu.answers() < AT_ONCE)  # type: ignore[misc]
            slack.post(person, himitsu.dms[person], text)
        himitsu.until(lambda part=part: himitsu.answers() >= len(part))  # type: ignore[misc]


def memory_mb(pid: int) -> float | None:
    """RSS of a process without the dictionary's mapping; None where the system does not tell."""
    smaps = Path(f"/proc/{pid}/smaps")
    return memory_of(smaps.read_text(encoding="utf-8"))["used"] if smaps.exists() else None
