"""From a reading to the text people see, by the templates in views/. No wording here."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from knowledge.models import Cited, Reading

if TYPE_CHECKING:
    from knowledge.content import Knowledge

VIEWS = Path(__file__).parent / "views"


@functools.cache
def labels() -> Mapping[str, Any]:
    """views/labels.yaml: the short words that several views use."""
    return wording("labels.yaml")


@functools.cache
def wording(name: str) -> Mapping[str, Any]:
    """A file of words in views/."""
    found: Mapping[str, Any] = yaml.safe_load((VIEWS / name).read_text(encoding="utf-8"))
    return found


def means(knowledge: Knowledge) -> Mapping[str, str]:
    """What the person's words are said to mean, by id."""
    return {**knowledge.means, **labels()["means"]}


@functools.cache
def environment() -> Environment:
    """The templates' environment, with what all of them may use."""
    made = Environment(
        loader=FileSystemLoader(VIEWS),
        undefined=StrictUndefined,
        autoescape=False,  # plain text for a terminal; views for Slack escape on their own
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # else each use of a template looks at its file
    )
    made.filters["origins"] = _origins
    return made


def answer(reading: Reading, knowledge: Knowledge) -> str:
    """The reading as plain text: the answer first, then why, what to do, and where it comes from."""
    return _render(f"{reading.intent}.txt.j2", reading, knowledge)


def sources(reading: Reading, knowledge: Knowledge) -> str:
    """Every source in full: what it says, who published it and when, how sure it is, where to read it."""
    return _render("sources.txt.j2", reading, knowledge)


def _render(view: str, reading: Reading, knowledge: Knowledge) -> str:
    text = environment().get_template(view).render(reading=reading, labels=labels(), means=means(knowledge))
    lines = [line.rstrip() for line in text.splitlines()]
    return "\n".join(line for line in lines if line)


def _origins(sources: tuple[Cited, ...]) -> list[Cited]:
    """Sources that read alike once; what is not verified is named last, and only once."""

    def name(s: Cited) -> str:
        if s.certainty == "unverified":
            return ""
        return s.section if s.certainty == "seed" else s.statute or s.title

    found: dict[tuple[str, str], Cited] = {}
    for s in sources:
        found.setdefault((s.certainty, name(s)), s)
    return sorted(found.values(), key=lambda s: s.certainty == "unverified")
