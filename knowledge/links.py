"""Ids that point at nothing: sources, sections, facts, desks, questions that are named but not there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import get_args

from .datafile import did_you_mean
from .errors import Problem
from .pack import Entry, Pack
from .schema import Flag

_CALLED = {
    "sources": "source", "sections": "section", "facts": "fact", "desks": "desk", "questions": "question", "measures": "measure",
}  # fmt: skip


def dangling(pack: Pack) -> list[Problem]:
    """Every id that is pointed at and does not exist. A kind with an unreadable file is left alone: it may be in there."""
    out: list[Problem] = []
    entries = pack.entries

    def need(entry: Entry, inside: str, ids: Iterable[str], *kinds: str) -> None:
        if pack.unread & set(kinds):
            return
        known = [id for kind in kinds for id in entries[kind]]
        for n, id in enumerate(ids):
            if not any(id in entries[kind] for kind in kinds):
                called = " or ".join(_CALLED[kind] for kind in kinds)
                where = inside.replace("[]", f"[{n}]")
                out.append(entry.problem(where, f"there is no {called} {id!r}.", did_you_mean(id, known)))

    def whole(kind: str) -> Iterator[Entry]:
        return (e for e in entries[kind].values() if e.item is not None)

    for e in whole("facts"):
        need(e, ".source", [e.item.source], "sources")
        need(e, ".also[]", e.item.also, "sources")
        need(e, ".sections[]", e.item.sections, "sections")
        need(e, ".see[]", e.item.see, "facts")
    for e in whole("desks"):
        need(e, ".sources[]", e.item.sources, "sources")
        for key in ("channels", "facts"):
            for n, row in enumerate(getattr(e.item, key)):
                need(e, f".{key}[{n}].source", [row.source] if row.source else (), "sources")
        if e.item.hours and e.item.hours.source:
            need(e, ".hours.source", [e.item.hours.source], "sources")
    for kind in ("verdicts", "section_rules"):
        for e in whole(kind):
            need(e, ".sections", e.item.sections, "sections")
    for e in whole("verdicts"):
        need(e, ".desks[]", e.item.desks, "desks")
        need(e, ".ask", [e.item.ask] if e.item.ask and entries["questions"] else (), "questions")
    for kind in ("verdicts", "intents", "section_rules", "flag_rules", "derive"):
        for e in whole(kind):
            need(e, ".source", [e.item.source] if e.item.source else (), "facts", "sources")
    for e in whole("desk_rules"):
        need(e, ".desk", [e.item.desk], "desks")
        for n, several in enumerate(e.item.flags):
            for flag in several.split("|"):
                if flag not in get_args(Flag):
                    hint = did_you_mean(flag, get_args(Flag))
                    out.append(e.problem(f".flags[{n}]", f"there is no flag {flag!r}.", hint))
    return out
