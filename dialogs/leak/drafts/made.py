"""A draft as text, by the templates beside this file."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .content import Content, words

if TYPE_CHECKING:
    from ..case import Case
    from ..legal_clock import Clock

KINDS: Sequence[str] = ("company", "partner", "recipient", "ppc")
_HEADING = "■ "


@dataclass(frozen=True)
class Draft:
    """text: to copy; a line that begins with ■ is a heading."""

    kind: str
    title: str
    text: str

    @property
    def blanks(self) -> int:
        """How many places are still to be filled in; the sentence at the top that explains them is none."""
        return self.text.replace(words()["draft"], "").count(words()["blank"])

    def parts(self) -> list[tuple[str, list[str]]]:
        """(heading, its lines) in order; the first heading is blank. Without the title."""
        found: list[tuple[str, list[str]]] = [("", [])]
        for line in self.text.splitlines()[1:]:
            if line.startswith(_HEADING):
                found.append((line.removeprefix(_HEADING), []))
            else:
                found[-1][1].append(line)
        return found


def titles() -> Mapping[str, str]:
    """Each kind's title, in the order in which to offer them."""
    return {kind: words()["titles"][kind] for kind in KINDS}


def offered(case: Case, clock: Clock) -> list[str]:
    """The kinds that go with a case, in the order in which to offer them."""
    sent = "misdelivery" in case.flags or case.answer("kind") == ("missent",)
    wanted = {"recipient": sent, "ppc": clock.duty not in ("none", "before")}
    return [kind for kind in KINDS if wanted.get(kind, True)]


def draft(kind: str, content: Content) -> Draft:
    """Raises ValueError for a kind that is none of KINDS."""
    if kind not in KINDS:
        raise ValueError(f"no draft {kind!r}")
    made = _environment().get_template(f"{kind}.txt.j2").render(c=content, d=words())
    return Draft(kind, words()["titles"][kind], _without_gaps(made))


def _without_gaps(text: str) -> str:
    """One blank line at most, none at the ends."""
    lines: list[str] = []
    for line in (line.rstrip() for line in text.strip().splitlines()):
        if line or (lines and lines[-1]):
            lines.append(line)
    return "\n".join(lines) + "\n"


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        autoescape=False,  # plain text; what people wrote is a value, never a template
        trim_blocks=True,
        lstrip_blocks=True,
    )
