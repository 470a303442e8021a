"""Which legal dates run from the day the company knew, by which rule, how they were counted and what is unsure.

The day of knowing is day 1, weekends and holidays count (design §7): what is unconfirmed is counted to the safe side.
Numbers and wording are in clock.yaml, the questions in intake.yaml; facts are cited by their ids in knowledge/.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import yaml

from . import days

if TYPE_CHECKING:
    from knowledge.company import Company

Known = Literal["yes", "no", "unknown"]
Duty = Literal["none", "unasked", "before", "exempt", "no", "apart", "maybe", "yes"]
CASES = ("sensitive", "property", "malicious", "over_1000")
_DATA = {"personal", "own", "entrusted", "credential"}
_PROTECTED: Mapping[str, Known] = {"encrypted": "yes", "password": "no", "open": "no"}  # a password alone hides nothing
_BY_ACT = {"cyber", "insider"}  # flags of events that are done on purpose, or may be


@functools.cache
def book() -> Mapping[str, Any]:
    """clock.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "clock.yaml").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Answers:
    """What is known for the clock; `unknown` counts as possible. suggested: cases that the event itself points to."""

    personal: Known = "unknown"
    sensitive: Known = "unknown"
    property: Known = "unknown"
    malicious: Known = "unknown"
    over_1000: Known = "unknown"
    my_number: Known = "unknown"
    protected: Known = "unknown"
    entrusted: Known = "unknown"
    suggested: tuple[str, ...] = ()


def answers_of(given: Mapping[str, Sequence[str]], flags: Iterable[str] = (), people: int | None = None) -> Answers:
    """Answers from option ids by question id (intake.yaml) and what is known without asking.

    Questions that are skipped, and ids of another version, leave things open. flags: of LABELS.md. people: the number
    of persons, where it is known; exactly 1,000 is not over 1,000.
    """
    there, data, duty = set(flags), set(given.get("data", ())), set(given.get("duty", ()))
    decided = bool(data & _DATA) and "unknown" not in data
    values: dict[str, Known] = {}
    for name in ("personal", "entrusted"):
        values[name] = "yes" if name in data or (not decided and name in there) else "no" if decided else "unknown"
    settled = bool(duty & {*CASES, "my_number", "none"}) and "unknown" not in duty
    for name in (*CASES, "my_number"):
        values[name] = "yes" if name in duty else "no" if settled else "unknown"
    values["protected"] = _PROTECTED.get(next(iter(given.get("protected", ())), ""), "unknown")
    if people is not None:
        values["over_1000"] = "yes" if people > book()["most_people"] else "no"
    if any(values[name] == "yes" for name in (*CASES, "my_number")):
        values["personal"] = "yes"  # whoever ticks one of them says that there is personal data
    suggested = ("malicious",) if there & _BY_ACT and values["malicious"] == "unknown" else ()
    return Answers(**values, suggested=suggested)


@dataclass(frozen=True)
class Date:
    """A date that runs. kind: preliminary, final. first: where it is a range, its first day. number: of `last`, from 1.

    off: why the company does not work on `last`, or blank; safe: its last working day up to then.
    """

    kind: Literal["preliminary", "final"]
    last: date
    number: int
    safe: date
    facts: tuple[str, ...]
    first: date | None = None
    off: str = ""


@dataclass(frozen=True)
class Clock:
    """What runs from `known`. dates: the earliest first, () where none runs. later: where the final report may turn out
    to be due only then. cases, open: the duty cases that hold, and those not decided yet.

    duty: none (no personal data), unasked (whether there is any is open), before (known before there was a duty),
    exempt (nobody can read the data), no (none of the four cases), apart (My Number alone), maybe, yes.
    """

    duty: Duty
    known: date | None
    answers: Answers
    dates: tuple[Date, ...] = ()
    later: date | None = None
    cases: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    def date(self, kind: str) -> Date | None:
        return next((d for d in self.dates if d.kind == kind), None)


def run(known: date | None, answers: Answers, company: Company) -> Clock:
    """The clock of an event that the company knew of on a day; without dates where nobody has said on which.

    company: its days off only move `safe`, never a date.
    """
    duty = _duty(known, answers)
    cases = tuple(c for c in CASES if getattr(answers, c) == "yes")
    open_ = tuple(c for c in CASES if getattr(answers, c) == "unknown")
    if known is None or duty in ("none", "before", "no", "apart"):
        return Clock(duty, known, answers, cases=cases)
    counts = book()["counts"]
    later = None
    final = counts["final"]
    if answers.malicious == "yes" or {*cases, *open_} == {"malicious"}:
        final = counts["final_malicious"]
    elif answers.malicious == "unknown":
        later = nth_day(known, counts["final_malicious"]["last"])
    dates = (_date("preliminary", known, counts["preliminary"], company), _date("final", known, final, company))
    return Clock(duty, known, answers, dates, later, cases, open_)


def nth_day(known: date, number: int) -> date:
    """Day `number` where `known` is day 1."""
    return known + timedelta(number - 1)


def _date(kind: Literal["preliminary", "final"], known: date, count: Mapping[str, Any], company: Company) -> Date:
    last = nth_day(known, count["last"])
    return Date(
        kind,
        last,
        count["last"],
        max(days.working_day_before(last, company), known),
        tuple(count["facts"]),
        nth_day(known, count["first"]) if "first" in count else None,
        days.company_holiday(last, company),
    )


def _duty(known: date | None, answers: Answers) -> Duty:
    if known and known < date.fromisoformat(book()["since"]) and answers.personal != "no":
        return "before"
    if answers.personal == "no":
        return "none"
    held = [getattr(answers, case) for case in CASES]
    if "yes" not in held and "unknown" not in held:
        return "apart" if answers.my_number == "yes" else "no"
    if answers.protected == "yes":
        return "exempt"
    if "yes" in held:
        return "yes"
    return "maybe" if answers.personal == "yes" else "unasked"


# --- in words


@dataclass(frozen=True)
class Line:
    """A sentence with the facts it rests on (ids), most important first."""

    text: str
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """The clock in words. headline, why: the first two sentences. dates, beside, unsure: in the order to show them."""

    headline: str
    why: Line
    dates: tuple[Line, ...] = ()
    counted: str = ""
    beside: tuple[Line, ...] = ()
    unsure: tuple[Line, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """Every fact it rests on, once."""
        lines = (self.why, *self.dates, *self.beside, *self.unsure)
        return tuple(dict.fromkeys(fact for line in lines for fact in line.facts))


def tell(clock: Clock, *, contract: tuple[datetime, int] | None = None) -> Told:
    """contract: when the company knew (aware) and within how many hours a contract wants its partner told."""
    words, why = book()["says"], book()["why"]
    named = book()["cases"]
    reason = words[f"{clock.duty}_why"].format(
        cases="、".join(named[c] for c in clock.cases), open="、".join(named[c] for c in clock.open)
    )
    return Told(
        headline=words[clock.duty],
        why=Line(reason, tuple(why[clock.duty])),
        dates=tuple(_dates(clock)),
        counted=words["counted"].format(known=days.said(clock.known, year=True)) if clock.dates and clock.known else "",
        beside=tuple(_beside(clock, contract)),
        unsure=tuple(_unsure(clock)),
    )


def _dates(clock: Clock) -> Iterable[Line]:
    words = book()["says"]
    if clock.known is None and clock.duty in ("unasked", "exempt", "maybe", "yes"):
        yield Line(words["undated"], ("law.L-114", "law.L-115"))
    for each in clock.dates:
        first = days.said(each.first) if each.first else ""
        yield Line(words[each.kind].format(first=first, last=days.said(each.last), number=each.number), each.facts)
        if each.off:
            before = days.said(each.safe)
            yield Line(words["day_off"].format(day=days.said(each.last), name=each.off, before=before))
    if clock.later:
        later = tuple(book()["counts"]["final_malicious"]["facts"])
        yield Line(words["final_later"].format(later=days.said(clock.later)), later)


def _beside(clock: Clock, contract: tuple[datetime, int] | None) -> Iterable[Line]:
    words, why = book()["says"], book()["why"]
    answers = clock.answers
    names = [
        ("entrusted", answers.entrusted == "yes"),
        ("entrusted_personal", answers.entrusted == "yes" and clock.duty not in ("none", "before")),
        ("my_number", answers.my_number == "yes"),
        ("where", clock.duty in ("unasked", "exempt", "maybe", "yes")),
        ("notify", clock.duty in ("yes", "maybe")),
        ("other", clock.duty != "before"),
    ]
    for name, holds in names:
        if holds:
            yield Line(words[name], tuple(why[name]))
        if name == "entrusted" and contract:
            at, hours = contract
            due = at + timedelta(hours=hours)
            yield Line(words["contract"].format(due=f"{days.said(due.date())}{due:%H:%M}", hours=hours))


def _unsure(clock: Clock) -> Iterable[Line]:
    words = book()["unsure"]
    if clock.dates and clock.known:
        yield Line(words["first_day"], ("law.L-116",))
        yield Line(words["weekends"], ("law.L-116",))
        yield Line(words["guide"], ("law.L-114",))
        if clock.known > date.fromisoformat(book()["read_on"]):
            yield Line(words["amendment"], tuple(book()["why"]["amendment"]))
