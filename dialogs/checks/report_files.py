"""A result as files: HTML that needs nothing else, PDF, xlsx, csv, and one page for business partners."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from dialogs.papers.pdf import Paper
from dialogs.papers.tables import to_csv, to_xlsx

from . import report, report_svg
from .model import Merged, Row
from .report import ZONE, Cover, Document, words

KINDS = ("html", "pdf", "xlsx", "csv", "partner")
_ENDINGS: Mapping[str, str] = {"html": "html", "pdf": "pdf", "xlsx": "xlsx", "csv": "csv", "partner": "pdf"}
_DRAWN_MM = 110.0


class NothingToSay(ValueError):
    """A page for partners without anything on it."""


def content(kind: str, merged: Merged, cover: Cover) -> bytes:
    """A file of one of KINDS. Raises NothingToSay; KeyError for another kind."""
    make: Mapping[str, Callable[[Merged, Cover], bytes]] = {
        "html": html,
        "pdf": pdf,
        "xlsx": xlsx,
        "csv": csv,
        "partner": partner,
    }
    return make[kind](merged, cover)


def name(kind: str, merged: Merged, cover: Cover) -> str:
    """What the file is called. KeyError for another kind than KINDS."""
    title = words()["partner"]["title"] if kind == "partner" else words()["title"].format(title=merged.result.title)
    when = cover.made_at.astimezone(ZONE)
    return f"{title}_{when:%Y%m%d}.{_ENDINGS[kind]}"


def html(merged: Merged, cover: Cover) -> bytes:
    """In light and dark and on paper; no script, and nothing is asked of other machines."""
    made = report.document(merged, cover)
    return _template().render(document=made, drawings=_drawings(made)).encode()


def pdf(merged: Merged, cover: Cover) -> bytes:
    made = report.document(merged, cover)
    paper = Paper(made.title, made_at=cover.made_at.astimezone(ZONE), foot=f"himitsu {made.title}")
    for line in made.lines:
        paper.text(line)
    drawings = _drawings(made)
    for section in made.sections:
        drawn = drawings[section.chart].size if section.chart else (1, 0)
        paper.heading(section.title, room_mm=_DRAWN_MM * drawn[1] / drawn[0] + 24)
        for text in section.texts:
            paper.text(text, small=True)
        if section.chart:
            drawing = drawings[section.chart]
            letters = [(t.x, t.y, t.text, t.anchor) for t in drawing.letters]
            paper.svg(report_svg.plain(drawing), width_mm=_DRAWN_MM, size=drawing.size, letters=letters)
        if table := section.table:
            if len(table.head) == 1:
                paper.bullets(row[0] for row in table.rows)
            else:
                paper.table(table.head, table.rows, table.widths)
    for line in made.foot:
        paper.text(line, small=True)
    return paper.to_bytes()


def xlsx(merged: Merged, cover: Cover) -> bytes:
    """A sheet for the head of it, and one for each table."""
    made = report.document(merged, cover)
    sheets: dict[str, tuple[Sequence[str], list[Sequence[str]]]] = {
        words()["sheets"]["summary"]: ([made.title], [[line] for line in (*made.lines, *made.foot)])
    }
    for section in made.sections:
        if section.table:
            head = section.table.head if len(section.table.head) > 1 else (section.title,)
            sheets[section.title] = (head, list(section.table.rows))
    return to_xlsx(sheets)


def csv(merged: Merged, cover: Cover) -> bytes:
    """A line for each question: its answer, and what becomes of it where it is not done. Only the head where figures
    are hidden."""
    w, result = words(), merged.result
    names = ("area", "question", "answer", "evidence", "measure", "owner", "due", "state", "note")
    head = [w["heads"][name] for name in names]
    gaps = {g.question: g for g in result.gaps}
    titles = {a.id: report.name(a) for a in result.areas}

    def line(row: Row) -> list[str]:
        gap = gaps.get(row.question)
        lacking = (
            [gap.measure, cover.names.get(gap.owner, gap.owner), gap.due, report.state(gap)]
            if gap
            else ["", "", "", ""]
        )
        return [titles.get(row.area, row.area), row.text, row.label, report.evidence(row), *lacking, row.note]

    return to_csv(head, [] if result.hidden else [line(row) for row in result.rows])


def partner(merged: Merged, cover: Cover) -> bytes:
    """What is in place, on one page: no score, nothing of what is missing. Raises NothingToSay where nothing is."""
    w, result = words()["partner"], merged.result
    in_place = in_place_of(merged)
    if not in_place or result.hidden:
        raise NothingToSay(w["nothing"])
    today = cover.made_at.astimezone(ZONE)
    paper = Paper(w["title"], made_at=today, foot=cover.company or "himitsu")
    paper.text(w["lead"].format(company=cover.company or words()["none"]))
    paper.text(w["basis"].format(date=report.day(result.at)), small=True)
    paper.table(w["head"], [(title, "\n".join(f"・{line}" for line in lines)) for title, lines in in_place], (1, 2.4))
    if cover.made_by:
        paper.text(w["by"].format(name=cover.made_by))
    paper.text(w["date"].format(date=f"{today:%Y-%m-%d}") + "　" + w["ask"])
    paper.text(w["foot"], small=True)
    return paper.to_bytes()


def in_place_of(merged: Merged) -> list[tuple[str, list[str]]]:
    """(area, what is done there) of areas where something is; of several departments, what all of them do.

    A question 「…していますか。」 becomes what it asks for: 「…しています。」
    """
    result = merged.result
    lacking = {g.question for g in result.gaps} | set(result.unknown)
    found: dict[str, list[str]] = {}
    for row in result.rows:
        if row.choice == "done" and row.question not in lacking:
            found.setdefault(row.area, []).append(row.text.removesuffix("か。") + "。" * row.text.endswith("か。"))
    titles = {a.id: a.title for a in result.areas}
    return [(titles.get(area, area), lines) for area, lines in found.items()]


def _drawings(made: Document) -> dict[str, report_svg.Drawing]:
    charts = {s.chart for s in made.sections}
    found = {}
    if "radar" in charts:
        found["radar"] = report_svg.radar(made.scores)
    if "trend" in charts:
        found["trend"] = report_svg.trend(made.trend)
    return found


@functools.cache
def _template() -> Template:
    loader = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("report.html.j2")
