"""Reading, measured: time of a message, of many rules, of a start and of the index; and memory.

Everything runs in one go on one core, what is compared takes turns, and each figure is the median of several, so that
a busy machine moves all of them alike.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from time import perf_counter
from typing import Any

from knowledge.content import Knowledge, load
from knowledge.index import Index
from knowledge.lexicon import Concept, Lexicon
from knowledge.read import Books, draft
from knowledge.rules import Rule, RuleBook, parse_condition
from knowledge.text import normalise

from ..services import Services, passages, with_index

ROUNDS = 5  # each message is read so many times, its median counts
STARTS = 5
BUILDS = 3
FEW, MANY = 100, 10_000  # company rules
QUESTION = "この図面、客先に送ってもいいですか？"


def messages_of(path: Path) -> list[str]:
    """The texts of a file of `{"id", "text", …}` lines. ValueError where one has none."""
    texts = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1):
        if line.strip():
            try:
                texts.append(str(json.loads(line)["text"]))
            except (ValueError, KeyError, TypeError, RecursionError):
                raise ValueError(f'{path}:{number}: {{"id", "text"}} のJSONではありません。') from None
    if not texts:
        raise ValueError(f"{path}: メッセージが1件もありません。")
    return texts


def run(texts: Sequence[str], company_dir: Path | None = None) -> dict[str, Any]:
    """All figures for these messages, each named with its unit. Memory is None where there is no /proc."""
    knowledge = load(company_dir)
    with tempfile.TemporaryDirectory() as folder, one_core():
        path = Path(folder) / "index.db"
        build_s = index_build_s(knowledge, Path(folder))
        services = with_index(knowledge, path)
        try:
            figures = {"messages": len(texts), "reading": whole_reading(texts, services)}
            figures |= {"rules": many_rules(texts, knowledge.books), "index_build_s": build_s}
            figures["index_passages"] = len(services.index.passages)
        finally:
            services.index.close()
        figures |= {"start_s": start_s(path), "memory": memory_mb(texts, path)}
    return figures


@contextmanager
def one_core() -> Iterator[None]:
    """This process, and what it starts, on one core where the system lets us."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def times_ms(texts: Sequence[str], readers: Sequence[Callable[[str], object]]) -> list[dict[str, float]]:
    """Median and 99th percentile over the messages for each reader, side by side: they take turns at each message."""
    for text in texts[:50]:  # warm
        for reader in readers:
            reader(text)
    taken: list[list[float]] = [[] for _ in readers]
    gc.collect()
    for text in texts:
        tries: list[list[float]] = [[] for _ in readers]
        for _ in range(ROUNDS):
            for reader, mine in zip(readers, tries, strict=True):
                started = perf_counter()
                reader(text)
                mine.append((perf_counter() - started) * 1000)
        for mine, all_of_mine in zip(tries, taken, strict=True):
            all_of_mine.append(statistics.median(mine))
    return [{"median_ms": round(statistics.median(t), 3), "p99_ms": round(percentile(t, 99), 3)} for t in taken]


def percentile(values: Sequence[float], percent: int) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


# --- reading ----------------------------------------------------------------------------------------------------------


def whole_reading(texts: Sequence[str], services: Services) -> dict[str, dict[str, float]]:
    """The whole reading with search; the same and its answer in words; and what is read of a message alone."""

    def with_answer(text: str) -> str:
        return services.answer(services.read(text))

    found = times_ms(texts, [services.read, with_answer, _drafter(services.knowledge.books)])
    return dict(zip(("with_search", "with_answer", "alone"), found, strict=True))


def many_rules(texts: Sequence[str], books: Books) -> dict[str, Any]:
    """What is read of a message alone, with few and with many rules of a company beside ours."""
    few = with_company_rules(books, FEW)
    started = perf_counter()
    many = with_company_rules(books, MANY)
    build_s = perf_counter() - started
    found = times_ms(texts, [_drafter(few), _drafter(many)])
    ratio = round(found[1]["median_ms"] / found[0]["median_ms"], 2)
    return {str(FEW): found[0], str(MANY): found[1], "ratio": ratio, "build_s": round(build_s, 2)}


def _drafter(books: Books) -> Callable[[str], object]:
    """Reads without search, and without what only the answer needs."""
    alone = replace(books, section_votes=None)
    return lambda text: draft(normalise(text), alone)


def with_company_rules(books: Books, count: int) -> Books:
    """Ours, and `count` rules of a made-up company: each for a thing of its own, with a name that nothing else has."""
    syllables = [a + b for a, b in product("カキクケコサシスセソタチツテトナニヌネノ", "ラリルレロマミムメモ")]
    names = ["".join(pair) for pair in product(syllables, repeat=2)][:count]
    things = [Concept(f"company.{n}", "kind", (name, f"{name}計画")) for n, name in enumerate(names)]
    lexicon = Lexicon([*books.lexicon.concepts.values(), *things])
    rules = [
        Rule(f"company.{n}", (parse_condition(thing.id, lexicon.concepts),), verdict="secret", grade=90)
        for n, thing in enumerate(things)
    ]
    return replace(books, lexicon=lexicon, verdicts=RuleBook([*books.verdicts.rules, *rules]))


# --- start, index, memory ---------------------------------------------------------------------------------------------


def index_build_s(knowledge: Knowledge, folder: Path) -> float:
    """Seconds to build the index of all facts into a new file."""
    found = []
    for attempt in range(BUILDS):
        started = perf_counter()
        Index.open(passages(knowledge), folder / f"build-{attempt}.db").close()
        found.append(perf_counter() - started)
    return round(statistics.median(found), 3)


def start_s(index: Path) -> float:
    """Seconds from the start of a process to its first answer, where the index is built and files are in the cache."""
    command = [sys.executable, "-m", "bot.cli", "ask", QUESTION]
    found = []
    for _ in range(STARTS + 1):
        started = perf_counter()
        subprocess.run(command, env=_environment(index), check=True, capture_output=True)
        found.append(perf_counter() - started)
    return round(statistics.median(found[1:]), 3)


def memory_mb(texts: Sequence[str], index: Path) -> dict[str, float] | None:
    """Memory of a fresh process that has read all messages, in MB; None where the system does not tell (no /proc).

    dictionary: pages of the mapped dictionary, which processes share and the system can drop. used: all others.
    private: those of `used` that no other process shares.
    """
    if not Path("/proc/self/smaps").exists():
        return None
    code = "from bot.bench.read import read_all_and_tell_memory as tell; tell()"
    given = "\n".join(json.dumps(text) for text in texts)
    command = [sys.executable, "-c", code]
    run = subprocess.run(command, env=_environment(index), input=given, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(run.stdout)
    return found


def _environment(index: Path) -> dict[str, str]:
    root = str(Path(__file__).resolve().parents[2])
    known = os.environ.get("PYTHONPATH")
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}  # as people run it
    return kept | {"HIMITSU_INDEX": str(index), "PYTHONPATH": f"{root}{os.pathsep}{known}" if known else root}


def read_all_and_tell_memory() -> None:
    """In the fresh process: read the messages of standard input, print the memory."""
    from ..services import open_services

    services = open_services()
    for line in sys.stdin:
        services.answer(services.read(json.loads(line)))
    gc.collect()
    print(json.dumps(memory_of(Path("/proc/self/smaps").read_text(encoding="utf-8"))))


def memory_of(smaps: str) -> dict[str, float]:
    """Sums over the mappings of a process; kB in the file, MB here."""
    kb = {"rss": 0, "dictionary": 0, "private": 0}
    dictionary = False
    for line in smaps.splitlines():
        name, _, rest = line.partition(":")
        if "-" in name.split(" ")[0]:  # 7f00-7f08 r--p 0 08:01 123 /path: a new mapping
            dictionary = line.endswith(".dic") or ("unidic" in line and line.endswith(".bin"))
        elif name == "Rss":
            kb["dictionary" if dictionary else "rss"] += int(rest.split()[0])
        elif name in ("Private_Clean", "Private_Dirty") and not dictionary:
            kb["private"] += int(rest.split()[0])
    names = {"used": "rss", "private": "private", "dictionary": "dictionary"}
    return {shown: round(kb[name] / 1024, 1) for shown, name in names.items()}
