"""Problems in content, told to the person who edits it: file, place, what is wrong, what to write instead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to put right in a data file. `place` is a path such as `rules[0] (published.gazette).when[1]`."""

    file: str
    place: str
    reason: str
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {self.reason}" + (f" {self.hint}" if self.hint else "")


class ContentError(Exception):
    """Content cannot be used; `problems` lists everything found, not only the first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))
