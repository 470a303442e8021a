"""What cases say: views/cases.yaml, and the small phrases made from a case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from dialogs.leak import days, intake
from dialogs.leak.case import Case

from ... import render
from ...conversation import Reply
from ..feature import Button

TOKYO = ZoneInfo("Asia/Tokyo")


def says() -> Mapping[str, Any]:
    """views/cases.yaml."""
    return render.wording("cases.yaml")


def label(name: str) -> str:
    """A button's label."""
    return str(says()["button"][name])


def show(view: str, **values: Any) -> Reply:
    """A reply by a template of ours."""
    return Reply(view, {"says": says(), **values}, log={"view": view})


def handed_in(kind: str, case: str) -> Button:
    """The button that says that a legal report was handed in."""
    if kind == "preliminary":
        return Button("case.preliminary", label("preliminary"), {"c": case})
    return Button("case.final", label("final"), {"c": case})


def title(case: Case) -> str:
    """The kind of event, as the answers or the first words have it."""
    kind = case.answer("kind")
    chosen = intake.book().question("kind").option(kind[0]).label if kind else ""
    families = intake.book().fills["kind"]["families"].get(kind[0], []) if kind else []
    return case.title if case.title and (not kind or case.family in families) else chosen or str(says()["untitled"])


def answered(answers: intake.Answers, only: Sequence[str] = ()) -> list[tuple[str, str]]:
    """(what was asked, what was answered) in short words, for each question answered; only: of these questions."""
    words = says()
    rows = []
    for question in intake.book().questions:
        if question.id in answers and (not only or question.id in only):
            chosen = [question.option(o).label for o in answers[question.id]]
            rows.append((words["answers"][question.id], "、".join(chosen) or words["skipped"]))
    return rows


def moment(at: float, zone: str = "Asia/Tokyo") -> str:
    """11月27日(金)18:40 in a person's zone."""
    there = datetime.fromtimestamp(at, ZoneInfo(zone))
    return f"{days.said(there.date())}{there.hour}:{there:%M}"


def on(day: date | str) -> str:
    """11月27日(金)."""
    return days.said(date.fromisoformat(day) if isinstance(day, str) else day)


def left(day: date, today: date) -> str:
    """How far off a day is, in brackets."""
    words = says()["follow"]["left"]
    ahead = (day - today).days
    return str(words["past"] if ahead < 0 else words["today"] if ahead == 0 else words["days"].format(ahead))
