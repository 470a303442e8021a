"""What a case gives to a draft: answers in words, facts with their times, dates that run. Nothing is made up."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .. import days, legal_clock
from ..hours import TOKYO

if TYPE_CHECKING:
    from knowledge.company import Company

    from ..case import Case


@functools.cache
def words() -> Mapping[str, Any]:
    """words.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Content:
    """Texts for the templates; blank, or (), where nothing is known.

    kind: what happened, for inside; subject: the same for outside. facts, done, todo, told, lessons: what people wrote
    down, for inside and the authority only. outward: of the answers, what a partner may be told.
    """

    made: str
    day: str
    receipt: str
    company: str
    desk: str
    contact: tuple[str, ...]
    kind: str
    subject: str
    known: str
    facts: tuple[str, ...]
    data: tuple[str, ...]
    duty: tuple[str, ...]
    state: tuple[str, ...]
    outward: tuple[str, ...]
    done: tuple[str, ...]
    todo: tuple[str, ...]
    told: tuple[str, ...]
    lessons: tuple[str, ...]
    dates: tuple[str, ...]
    counted: str
    no_dates: str
    cases: tuple[str, ...]
    items: tuple[str, ...]
    people: str
    cause: str
    harm: tuple[str, ...]
    my_number: bool


def content_of(case: Case, company: Company, now: datetime) -> Content:
    """now: aware."""
    said = words()
    here = now.astimezone(TOKYO)
    answers = legal_clock.answers_of(case.answers, case.flags)
    clock = legal_clock.run(case.known_on, answers, company)
    told = legal_clock.tell(clock)
    accused = case.answer("kind") == ("accused",)
    kind = next(iter(_chosen(case, "kind", "kinds")), "")
    duty = tuple(_chosen(case, "duty", "duty"))
    state = (*_chosen(case, "going", "going"), *_chosen(case, "seen", "seen"), *_chosen(case, "protected", "protected"))
    return Content(
        made=f"{days.said(here.date(), year=True)}{here:%H:%M}",
        day=days.said(here.date(), year=True),
        receipt=case.receipt,
        company=company.name,
        desk=_desk_name(case, company),
        contact=tuple(_contact(case, company)),
        kind=case.title or kind,
        subject=kind or said["kinds"]["other"],
        known=days.said(case.known_on, year=True) if case.known_on else "",
        facts=tuple(_dated(f.happened, f.text) for f in case.facts),
        data=tuple(_chosen(case, "data", "data")),
        duty=duty,
        state=(*state, *_chosen(case, "owner", "owner")),
        outward=tuple(_chosen(case, "going", "going")) if case.answer("going") == ("stopped",) else (),
        done=tuple(t.text for t in case.tasks if t.done_at is not None),
        todo=tuple(f"{t.text}({days.said(t.due)}まで)" if t.due else t.text for t in case.open_tasks),
        told=tuple(f"{_when(t.at)} {t.who}{f'({t.how})' if t.how else ''}" for t in case.told),
        lessons=tuple(t.text for t in case.lessons),
        dates=() if accused else tuple(line.text for line in told.dates if line.facts),
        counted="" if accused else told.counted,
        no_dates=told.headline if not told.dates and not accused else "",
        cases=tuple(legal_clock.book()["cases"][c] for c in clock.cases),
        items=tuple(
            d for d in duty if d in (said["duty"]["sensitive"], said["duty"]["property"], said["duty"]["my_number"])
        ),
        people=said["duty"]["over_1000"] + said["asked"] if "over_1000" in case.answer("duty") else "",
        cause=f"{kind}{said['asked']}" if kind else "",
        harm=tuple(_chosen(case, "seen", "seen")),
        my_number=answers.my_number == "yes",
    )


def _chosen(case: Case, question: str, table: str) -> Iterable[str]:
    """Answers in the words of words.yaml; what it has no words for (わからない) says nothing."""
    named: Mapping[str, str] = words()[table]
    return [named[option] for option in case.answer(question) if option in named]


def _dated(happened: str, text: str) -> str:
    """A fact on one line, with the time it happened, as far as told."""
    plain = " ".join(text.split())
    try:
        at = datetime.fromisoformat(happened)
    except ValueError:
        return f"{happened} {plain}".strip()
    return f"{days.said(at.date())}{f'{at:%H:%M}' if len(happened) > 10 else ''} {plain}"


def _when(at: int) -> str:
    here = datetime.fromtimestamp(at, TOKYO)
    return f"{days.said(here.date())}{here:%H:%M}"


def _desk_name(case: Case, company: Company) -> str:
    desk = (company.alternative_desk() if case.alternative else None) or company.company_desk()
    return desk.name if desk else ""


def _contact(case: Case, company: Company) -> Iterable[str]:
    desk = (company.alternative_desk() if case.alternative else None) or company.company_desk()
    if desk is None:
        return
    yield desk.name
    for phone in desk.phones:
        yield f"電話 {phone.number}{f'({phone.note})' if phone.note else ''}"
    if desk.mail:
        yield f"メール {desk.mail}"
