"""Self-checks, measured over the stand-in: a step beside an echo bot that commits, everybody at once, a large merge."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from dialogs.checks.merge import merge
from dialogs.checks.model import ANSWERS, Answer, AnswerId, Filled
from dialogs.checks.score import Book, result
from knowledge.content import load

from .bots import HIMITSU, Bot, employees, office
from .slack import Asked

STEPS = 5  # of the short check
DEPARTMENTS = 200
START = "5問チェック"
_TURNS = 30  # people whose steps are timed
_UNDER_WAY = 16


def run(people: int = 500) -> dict[str, Any]:
    """All figures, each named with its unit."""
    with tempfile.TemporaryDirectory(prefix="himitsu-bench-") as made, ExitStack() as stack:
        folder = Path(made)
        ids = [p.id for p in employees(people)]
        echo_bot = ("-m", "bot.bench.echo", f"sqlite:///{folder / 'echo.db'}")
        himitsu = Asked(_bot(stack, folder / "himitsu", HIMITSU, people), ids)
        echo = Asked(_bot(stack, folder / "echo", echo_bot, people), ids)
        figures = {"step": steps(himitsu, echo), "together": together(himitsu)}
    figures["merge"] = merged(DEPARTMENTS)
    return figures


def _bot(stack: ExitStack, folder: Path, command: Sequence[str], people: int) -> Bot:
    bot = Bot(stack.enter_context(office(employees(people))), folder, command)
    bot.start()
    stack.callback(bot.stop)
    return bot


def steps(himitsu: Asked, echo: Asked) -> dict[str, Any]:
    """A typed answer in, the next question out; an echo of the same words by the bot that commits, taking turns."""
    taken: dict[str, list[float]] = {"step": [], "echo_commits": []}
    for person in himitsu.people[:_TURNS]:
        himitsu.ask(person, START)
        echo.ask(person, START)
        for _ in range(STEPS):
            taken["step"].append(himitsu.ask(person, "1"))
            taken["echo_commits"].append(echo.ask(person, "1"))
    found = {f"{name}_ms": round(statistics.median(ms), 2) for name, ms in taken.items()}
    return found | {"steps": len(taken["step"]), "ratio": round(found["step_ms"] / found["echo_commits_ms"], 2)}


def together(himitsu: Asked) -> dict[str, Any]:
    """Everybody fills in the short check at the same time; lost: people whose result is not what they answered."""
    slack, people = himitsu.slack, himitsu.people
    begun = time.perf_counter()
    for step in range(STEPS + 1):  # everybody is at the same step: all of them write at the same time
        slack.forget_calls()
        for n, person in enumerate(people):
            himitsu.until(lambda n=n: n - himitsu.answers() < _UNDER_WAY)  # type: ignore[misc]
            text = START if step == 0 else str(_choices(n)[step - 1] + 1)
            slack.post(person, himitsu.dms[person], text)
        himitsu.until(lambda: himitsu.answers() >= len(people))
    seconds = time.perf_counter() - begun
    lost = sum(f"{_score(n)}点" not in slack.messages(himitsu.dms[p])[-1]["text"] for n, p in enumerate(people))
    rate = len(people) * (STEPS + 1) / seconds
    return {"people": len(people), "lost": lost, "seconds": round(seconds, 1), "steps_per_s": round(rate, 1)}


def _choices(n: int) -> list[int]:
    """What somebody answers, as places among the first three answers."""
    return [(n // 3**i) % 3 for i in range(STEPS)]


def _score(n: int) -> int | None:
    short = load().checklists["short"]
    given = {q.id: Answer(q.id, ANSWERS[choice]) for q, choice in zip(short.questions, _choices(n), strict=True)}
    return result(short, given, Book({}, {}), at=0).figures.score


def merged(departments: int) -> dict[str, Any]:
    """Full checks of three people in each department as one result."""
    knowledge = load()
    full = knowledge.checklists["full"]
    book = Book({id: s.title for id, s in knowledge.sections.items()}, knowledge.countermeasures)

    def answers(n: int) -> dict[str, Answer]:
        choices: Sequence[AnswerId] = [ANSWERS[(n + i) % len(ANSWERS)] for i in range(len(full.questions))]
        return {q.id: Answer(q.id, choice) for q, choice in zip(full.questions, choices, strict=True)}

    filled = [Filled(f"d{n}", f"部署{n}", answers(n + m)) for n in range(departments) for m in range(3)]
    begun = time.perf_counter()
    merge(full, filled, book, at=0)
    return {"departments": departments, "people": len(filled), "ms": round((time.perf_counter() - begun) * 1000, 1)}
