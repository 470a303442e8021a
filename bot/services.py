"""What the shell works with: the knowledge, its search index, and a reading of one message."""

from __future__ import annotations

import functools
import gc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from knowledge.answer import read
from knowledge.cite import cite
from knowledge.content import Knowledge, load
from knowledge.index import Index, Passage, default_index_path
from knowledge.search import search
from knowledge.text import Text
from knowledge.wishes import signs, weigh

from . import render

if TYPE_CHECKING:
    from knowledge.models import Reading

VOTERS = 10  # hits of a question that say which section it is about
_SECOND = 0.5  # what a fact's second section counts for
_TOKYO = timezone(timedelta(hours=9))  # not by name: Windows has no time zone data of its own


class NoSuchOption(ValueError):
    """A choice that the question does not offer."""


@dataclass(frozen=True)
class Services:
    """Everything a command or a listener may use."""

    knowledge: Knowledge
    index: Index

    def read(
        self, text: str | Text, choices: Sequence[int] = (), *, intent: str = "", today: date | None = None
    ) -> Reading:
        """The reading of a message; choices: options chosen so far, from 1. ValueError where one is not offered.

        intent: what the person said it is; blank finds it. today: None is today in Tokyo.
        """
        return read(text, self.knowledge, index=self.index, choices=choices, today=today or _today(), intent=intent)

    @functools.cached_property
    def means(self) -> Mapping[str, str]:
        """What words are said to mean, by id."""
        return render.means(self.knowledge)

    def answer(self, reading: Reading) -> str:
        """The answer people see."""
        return render.answer(reading, self.knowledge)

    def sources(self, reading: Reading) -> str:
        """Every source of a reading, in full."""
        return render.sources(reading, self.knowledge)

    def origin(self, fact: str) -> str:
        """Where a fact comes from, on one line: source, section, certainty and id."""
        cited = cite(self.knowledge.facts[fact], self.knowledge)
        certainty = render.labels()["certainty"][cited.certainty]
        return " ".join(part for part in (cited.title, cited.section, f"({certainty})", fact) if part)

    def row(self, text: str, choices: Sequence[int] = ()) -> dict[str, Any]:
        """What `himitsu ask --json` prints of a message, without its id. `ms` is the time for all of it.

        choices: taken while there is a question to answer; the rest is left.
        """
        started = perf_counter()
        reading, _ = self.follow(text, choices)
        row = reading.to_json() | {"answer": self.answer(reading)}
        return row | {"ms": round((perf_counter() - started) * 1000, 2)}

    def follow(self, text: str, choices: Sequence[int]) -> tuple[Reading, int]:
        """The reading after as many choices as there were questions for, and how many that were.

        Raises NoSuchOption for a number that was not offered.
        """
        reading, taken = self.read(text), 0
        while reading.ask and taken < len(choices):
            if not 1 <= choices[taken] <= len(reading.ask.options):
                raise NoSuchOption(choices[taken])
            taken += 1
            reading = self.read(text, choices[:taken])
        return reading, taken


def _today() -> date:
    return datetime.now(_TOKYO).date()


def open_services(
    company_dir: Path | None = None, index_path: Path | None = None, *, to_stay: bool = False
) -> Services:
    """All content, checked, and the index, built where needed. Raises ContentError with every problem.

    index_path: None is HIMITSU_INDEX or the user's cache directory. to_stay: for many messages of many threads: what
    only a message about the reminder needs is read too. Else the first of them waits 0.4 s for it, and threads that
    meet one at the same time read it each: 30 MB more that are never given back.
    """
    gc.disable()  # nothing of what is loaded is ever freed: looking through it would cost a quarter of the start
    try:
        if to_stay:  # first: what reading them leaves behind is used again by all that follows
            signs.book(), weigh.weights()
        services = with_index(load(company_dir), index_path or default_index_path())
        services.answer(services.read("準備"))  # the first reading loads the dictionary and the views
        gc.freeze()
    finally:
        gc.enable()
    return services


def with_index(knowledge: Knowledge, path: Path | None) -> Services:
    """Services on a knowledge; path: None keeps the index in memory."""
    index = Index.open(passages(knowledge), path)
    books = replace(knowledge.books, section_votes=lambda text: section_votes(text, knowledge, index))
    return Services(replace(knowledge, books=books), index)


def passages(knowledge: Knowledge) -> list[Passage]:
    """What is searched: every fact, with the ways people ask for it."""
    return [Passage(fact.id, fact.text, questions=tuple(fact.questions)) for fact in knowledge.facts.values()]


def section_votes(text: str, knowledge: Knowledge, index: Index) -> Mapping[str, float]:
    """Which sections the facts found for a text belong to, as shares of 1. {} where nothing is found."""
    votes: dict[str, float] = {}
    for hit in search(text, index, limit=VOTERS):
        for place, section in enumerate(knowledge.facts[hit.id].sections[:2]):
            votes[section] = votes.get(section, 0) + hit.score * (_SECOND if place else 1)
    total = sum(votes.values())
    return {section: vote / total for section, vote in votes.items()} if total else {}
