"""A result as a document: its sections with texts and tables, from which every kind of file is made.

Nothing of a group of fewer than five is in it where figures are about people; the result itself holds none then.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import yaml

from .model import AreaResult, Difference, Figures, Gap, Merged, Part, Past, Proposal, Result, Row

ZONE = ZoneInfo("Asia/Tokyo")
_SECTION = re.compile(r"[A-Z]-\d+")
_SHORT = 8
Chart = Literal["", "radar", "trend"]


@dataclass(frozen=True)
class Cover:
    """What a file says beside the result. made_at: aware. names: of people, by the ids that the result holds."""

    company: str
    made_at: datetime
    made_by: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """widths: shares of a page, one a column."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]


@dataclass(frozen=True)
class Section:
    """id: a key of report.yaml `sections`. texts stand above the table. chart: what is drawn there."""

    id: str
    title: str
    texts: tuple[str, ...] = ()
    table: Table | None = None
    chart: Chart = ""


@dataclass(frozen=True)
class Document:
    """title, lines: the head of it. foot: small, at the end. scores: (title, score) of areas; trend: (day, score)."""

    title: str
    lines: tuple[str, ...]
    sections: tuple[Section, ...]
    foot: tuple[str, ...]
    scores: tuple[tuple[str, int], ...] = ()
    trend: tuple[tuple[str, int], ...] = ()


@functools.cache
def words() -> Mapping[str, Any]:
    """report.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "report.yaml").read_text(encoding="utf-8"))
    return found


def document(merged: Merged, cover: Cover) -> Document:
    """The whole result, for the company's own people."""
    w, result = words(), merged.result
    head = [_of(result, cover), w["as_of"].format(date=day(result.at))]
    foot = (w["rule"], w["foot"], w["made"].format(when=cover.made_at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")))
    title = w["title"].format(title=result.title)
    if result.hidden:
        return Document(title, (*head, w["hidden"]), (), foot[1:])
    head += [score_line(result), counts(result.figures)]
    if result.people > 1:
        head.append(w["people"].format(result.people))
    sections = [
        _areas(result),
        _trend(result),
        _first(result, cover),
        _gaps(result, cover),
        _listed("unknown", _texts_of(result, result.unknown), w["notes"]["unknown"]),
        _listed("unproven", _texts_of(result, result.without_evidence), w["notes"]["unproven"]),
        _listed("warnings", result.warnings),
        _proposals(result.proposals),
        _parts(merged.parts),
        _differences(merged.differences, merged.parts),
        _rows(result),
    ]
    return Document(
        title,
        tuple(line for line in head if line),
        tuple(s for s in sections if s),
        foot,
        tuple((short(a), a.figures.score) for a in result.areas if a.figures.score is not None),
        trend(result),
    )


# --- parts of it


def name(area: AreaResult) -> str:
    """An area as the leaflet numbers it; one of the checklist's own has a title alone."""
    return f"{area.id} {area.title}" if _SECTION.fullmatch(area.id) else area.title


def short(area: AreaResult) -> str:
    return area.id if _SECTION.fullmatch(area.id) else area.title[:_SHORT]


def _of(result: Result, cover: Cover) -> str:
    return "　".join(part for part in (cover.company, result.scope) if part)


def score_line(result: Result) -> str:
    w = words()
    if result.figures.score is None:
        return str(w["no_score"])
    return str(w["score"].format(score=result.figures.score, band=w["bands"][result.band]))


def counts(figures: Figures) -> str:
    names = ("done", "partly", "not_done", "unknown", "not_applicable", "unanswered")
    return str(words()["counts"].format(**{name: getattr(figures, name) for name in names}))


def trend(result: Result) -> tuple[tuple[str, int], ...]:
    """(day, score) of the last four times, the oldest first; those without a score are left out."""
    all_ = (*result.history, Past(result.at, result.figures.score, result.version))
    return tuple((day(p.at), p.score) for p in all_ if p.score is not None)


def day(at: int) -> str:
    return datetime.fromtimestamp(at, ZONE).strftime("%Y-%m-%d")


def _head(*names: str) -> tuple[str, ...]:
    return tuple(words()["heads"][name] for name in names)


def _points(score: int | None) -> str:
    return "―" if score is None else str(words()["points"].format(score))


def _areas(result: Result) -> Section | None:
    w = words()
    if len(result.areas) < 2:
        return None
    rows = tuple(
        (name(a), _points(a.figures.score), w["bands"][a.band], *(str(n) for n in _numbers(a.figures)))
        for a in result.areas
    )
    answers = tuple(w["answers"][k] for k in ("done", "partly", "not_done", "unknown", "not_applicable"))
    head = (*_head("area", "score", "band"), *answers)
    drawn = sum(a.figures.score is not None for a in result.areas) >= 3
    texts = (w["notes"]["radar"],) if drawn else ()
    widths = (4, 1.1, 2.3, 1.7, 0.9, 1.6, 1.6, 1.1)
    return Section("areas", w["sections"]["areas"], texts, Table(head, rows, widths), "radar" if drawn else "")


def _numbers(figures: Figures) -> tuple[int, ...]:
    return figures.done, figures.partly, figures.not_done, figures.unknown, figures.not_applicable


def _trend(result: Result) -> Section | None:
    w, points = words(), trend(result)
    if len(points) < 2:
        return None
    versions = {p.version for p in result.history} | {result.version}
    texts = (w["notes"]["versions"],) if len(versions) > 1 else ()
    rows = tuple((when, _points(score)) for when, score in points)
    return Section("trend", w["sections"]["trend"], texts, Table(_head("at", "score"), rows, (1, 1)), "trend")


def _first(result: Result, cover: Cover) -> Section | None:
    if not result.first:
        texts = (words()["notes"]["no_gaps"],) if not result.gaps and result.figures.counted else ()
        return Section("first", words()["sections"]["first"], texts) if texts else None
    rows = tuple((g.text, g.measure, _who(g, cover), g.due) for g in result.first)
    table = Table(_head("question", "measure", "owner", "due"), rows, (3.4, 3.4, 1.5, 1.4))
    return Section("first", words()["sections"]["first"], (), table)


def _gaps(result: Result, cover: Cover) -> Section | None:
    if len(result.gaps) <= len(result.first):
        return None
    w, several = words(), any(g.departments > 1 for g in result.gaps)
    rows = tuple(
        (
            g.text,
            w["answers"][g.choice],
            g.measure,
            _who(g, cover),
            g.due,
            state(g),
            *([w["partly_of"].format(count=g.departments)] if several else []),
        )
        for g in result.gaps
    )
    names = ("question", "answer", "measure", "owner", "due", "state", *(("departments",) if several else ()))
    widths = (3, 1.3, 3, 1.4, 1.4, 1.3, *((1.1,) if several else ()))
    return Section("gaps", w["sections"]["gaps"], (), Table(_head(*names), rows, widths))


def _who(gap: Gap, cover: Cover) -> str:
    return cover.names.get(gap.owner, gap.owner)


def state(gap: Gap) -> str:
    """What became of it; done without a word on what shows it is said so."""
    w = words()
    return str(w["done_without"] if gap.state == "done" and not gap.evidence else w["states"][gap.state])


def _texts_of(result: Result, ids: Iterable[str]) -> tuple[str, ...]:
    by_id = {r.question: r.text for r in result.rows} | {g.question: g.text for g in result.gaps}
    return tuple(by_id[id] for id in ids if id in by_id)


def _listed(id: str, lines: Sequence[str], lead: str = "") -> Section | None:
    if not lines:
        return None
    rows = tuple((line,) for line in lines)
    return Section(id, words()["sections"][id], (lead,) if lead else (), Table(_head("question"), rows, (1,)))


def _proposals(found: Sequence[Proposal]) -> Section | None:
    if not found:
        return None
    w = words()
    rows = tuple((p.text, w["purposes"][p.purpose], w["audiences"][p.audience], w["effort"][p.effort]) for p in found)
    table = Table(_head("proposal", "purpose", "audience", "effort"), rows, (5, 2, 1.3, 1.5))
    return Section("proposals", w["sections"]["proposals"], (), table)


def _parts(parts: Sequence[Part]) -> Section | None:
    if len(parts) < 2:
        return None
    w = words()
    rows = tuple(
        (p.name, _points(p.figures.score), w["bands"][p.band], str(p.people), w["complete"][int(p.complete)])
        for p in parts
    )
    texts = () if all(p.complete for p in parts) else (w["notes"]["incomplete"],)
    table = Table(_head("part", "score", "band", "people", "complete"), rows, (3, 1, 2, 1, 1.3))
    return Section("parts", w["sections"]["parts"], texts, table)


def _differences(found: Sequence[Difference], parts: Sequence[Part]) -> Section | None:
    """Who answered how, in words: a column for each department would not fit a page."""
    if not found:
        return None
    w, names = words(), {p.id: p.name for p in parts}

    def said(difference: Difference) -> str:
        by_answer: dict[str, list[str]] = {}
        for part, choice in difference.choices.items():
            by_answer.setdefault(choice, []).append(names.get(part, part))
        return "\n".join(f"{w['answers'][c]}: {'、'.join(by_answer[c])}" for c in w["answers"] if c in by_answer)

    rows = tuple((d.text, said(d)) for d in found)
    table = Table(_head("question", "answer"), rows, (1, 1))
    return Section("differences", w["sections"]["differences"], (), table)


def _rows(result: Result) -> Section | None:
    if not result.rows:
        return None
    written = any(r.note or r.evidence for r in result.rows)
    titles = {a.id: name(a) for a in result.areas}
    rows = tuple(
        (
            titles.get(r.area, r.area),
            r.text,
            r.label or "―",
            evidence(r),
            *([r.note] if written else []),
        )
        for r in result.rows
    )
    names = ("area", "question", "answer", "evidence", *(("note",) if written else ()))
    widths = (2, 4, 1.3, 1.6, *((2,) if written else ()))
    return Section("rows", words()["sections"]["rows"], (), Table(_head(*names), rows, widths))


def evidence(row: Row) -> str:
    """What shows it, as far as it may be read; whether there is something, where not."""
    if row.choice not in ("done", "partly"):
        return ""
    return row.evidence or str(words()["there" if row.has_evidence else "not_there"])
