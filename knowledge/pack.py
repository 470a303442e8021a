"""What the data files hold, item by item, with the place of each: between reading (content.py) and checking."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .company import Company
from .errors import Problem


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of a data file. `item` is None where its own shape is wrong: it exists, but says nothing reliable."""

    kind: str
    id: str
    item: Any
    file: str
    place: str
    ours: bool

    def problem(self, inside: str, reason: str, hint: str = "") -> Problem:
        """A problem in this item; `inside` is a path such as `.when[0]`."""
        return Problem(self.file, self.place + inside, reason, hint)


@dataclass(slots=True)
class Pack:
    """Items by kind and id, the company's in place of ours. `parts`: every concept as its own file has it."""

    entries: dict[str, dict[str, Entry]] = field(default_factory=dict)
    parts: list[Entry] = field(default_factory=list)
    beside: dict[str, list[Entry]] = field(default_factory=dict)  # what rules never name: by the key of the file
    company: Company = field(default_factory=Company)
    problems: list[Problem] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)  # kinds with a file that is no YAML: what is missing may be in it

    def another(self) -> Pack:
        """One to add to; the entries are the same."""
        return Pack(
            entries={kind: {**entries} for kind, entries in self.entries.items()},
            parts=[*self.parts],
            beside={key: [*entries] for key, entries in self.beside.items()},
            company=self.company,
            problems=[*self.problems],
            unread={*self.unread},
        )
