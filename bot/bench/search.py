"""Search, measured: quality and time on a folder of labelled questions."""

from __future__ import annotations

import json
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.index import Index, Passage
from knowledge.search import search

TOP = 10  # hits looked at for MRR


def read_corpus(path: Path) -> list[Passage]:
    """Passages of a file with a JSON object `{"id": "…", "text": "…"}` on each line, in order. Empty lines are skipped.

    Raises ValueError naming the line where one cannot be read, has no text, or repeats an id.
    """
    passages: list[Passage] = []
    seen: dict[str, int] = {}
    for number, row in _rows(path):
        fields = []
        for name in ("id", "text"):
            if not isinstance(row.get(name), str):
                raise ValueError(f'{path}: line {number}: "{name}" must be a text, as in {{"id": "a1", "text": "…"}}')
            fields.append(row[name])
        passage = Passage(*fields)
        if passage.id in seen:
            raise ValueError(f'{path}: line {number}: id "{passage.id}" is already used in line {seen[passage.id]}')
        seen[passage.id] = number
        passages.append(passage)
    return passages


def run(ir_dir: Path) -> dict[str, Any]:
    """Figures for `passages.jsonl`, `queries.jsonl` and, where there is one, `queries_noisy.jsonl` of a folder.

    {"passages": count, "build_s": seconds, "clean": figures, "noisy": figures}, figures as in `measure`.
    """
    passages = read_corpus(ir_dir / "passages.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        index = Index.open(passages, Path(folder) / "index.db")
        result: dict[str, Any] = {"passages": len(passages), "build_s": round(time.perf_counter() - started, 2)}
        try:
            for name, file in [("clean", "queries.jsonl"), ("noisy", "queries_noisy.jsonl")]:
                if (ir_dir / file).exists():
                    result[name] = measure(ir_dir / file, index)
        finally:
            index.close()
    return result


def measure(queries: Path, index: Index) -> dict[str, float]:
    """Share of questions with a right passage first (r1) and in five (r5), MRR of ten, and whole-call milliseconds."""
    ranks: list[int] = []
    times_ms: list[float] = []
    for number, row in _rows(queries):
        if not isinstance(row.get("text"), str) or not isinstance(row.get("relevant"), list):
            raise ValueError(f'{queries}: line {number}: "text" must be a text and "relevant" a list of passage ids')
        started = time.perf_counter()
        hits = search(row["text"], index, limit=TOP)
        times_ms.append((time.perf_counter() - started) * 1000)
        ranks.append(next((rank for rank, hit in enumerate(hits, start=1) if hit.id in row["relevant"]), 0))
    if not ranks:
        raise ValueError(f"{queries}: no questions")
    times_ms.sort()
    return {
        "questions": len(ranks),
        "r1": round(sum(rank == 1 for rank in ranks) / len(ranks), 4),
        "r5": round(sum(1 <= rank <= 5 for rank in ranks) / len(ranks), 4),
        "mrr10": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4),
        "median_ms": round(statistics.median(times_ms), 2),
        "p99_ms": round(times_ms[int(0.99 * (len(times_ms) - 1))], 2),
    }


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number, object) of a JSON-lines file. ValueError for a line that is no object."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8").strip()
                row = json.loads(text) if text else None
            except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as reason:
                raise ValueError(f"{path}: line {number}: not JSON in UTF-8 ({reason})") from None
            if text and not isinstance(row, dict):
                raise ValueError(f'{path}: line {number}: not an object such as {{"id": "a1", "text": "…"}}')
            if row is not None:
                yield number, row
