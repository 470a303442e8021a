"""Whom to go to after a leak, in the order of urgency, each with its reason, what to prepare and whether it is open.

The data are knowledge/leak_routes.yaml and desks.yaml; the company's own desk always stands before the outside ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from knowledge import routes as desks
from knowledge.models import Contact, RouteStop, RouteWhen

from . import hours, intake

if TYPE_CHECKING:
    from knowledge.company import CompanyDesk
    from knowledge.content import Knowledge

    from .case import Case

# What an answer decides, whatever the first words were read as.
_KIND_FLAGS = {
    "taken": "insider",
    "cyber": "cyber",
    "lost": "lost_device",
    "missent": "misdelivery",
    "accused": "past_dispute",
}
_DATA_FLAGS = {
    "personal": ("personal",),
    "own": ("technical", "business"),
    "entrusted": ("entrusted",),
    "credential": ("credential",),
}
_QUESTIONS = {"kinds": "kind", "data": "data", "duty": "duty", "device": "device", "going": "going"}


@dataclass(frozen=True)
class Event:
    """What is known of an event: flags of LABELS.md, family (an id of leak_steps.yaml), options by question.

    named: desks that the reading of the message named, in its order. emergency: somebody is in danger. alternative: it
    is about the company's desk itself.
    """

    flags: tuple[str, ...] = ()
    family: str = ""
    answers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    named: tuple[str, ...] = ()
    emergency: bool = False
    alternative: bool = False


@dataclass(frozen=True)
class Stop:
    """Somebody to go to. id: a desk's, or emergency, company, deputy, owner, lost_office. opening: a sentence on now.

    people: Slack ids. grounds: where hours and contacts come from, and how old they are. missing: the company has
    registered nobody.
    """

    id: str
    kind: Literal["emergency", "company", "deputy", "owner", "lost_office", "outside"]
    name: str
    reason: str
    urgency: int
    bring: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    people: tuple[str, ...] = ()
    opening: str = ""
    is_open: bool | None = None
    grounds: tuple[str, ...] = ()
    fee: str = ""
    facts: tuple[str, ...] = ()
    missing: bool = False


def of_case(case: Case, *, emergency: bool = False) -> Event:
    """The event of a case."""
    return Event(case.flags, case.family, case.answers, emergency=emergency, alternative=case.alternative)


def route(event: Event, knowledge: Knowledge, now: datetime) -> tuple[Stop, ...]:
    """Everybody to go to, first to go first. now: aware; opening times are told for it."""
    event = _settled(event)
    found = []
    for id, stop in knowledge.leak_steps.stops.items():
        if _named(id, stop, event):
            found.append((stop.urgency, event.named.index(id) if id in event.named else len(event.named), id, stop))
    made = (_made(id, stop, event, knowledge, now) for _, _, id, stop in sorted(found, key=lambda f: f[:3]))
    return tuple(stop for stop in made if stop)


def _settled(event: Event) -> Event:
    """Answers take the place of what was read of the first words."""
    flags, family = set(event.flags), event.family
    kind, data = event.answers.get("kind", ()), set(event.answers.get("data", ()))
    if kind and kind[0] != "other":
        flags -= set(_KIND_FLAGS.values())
        flags |= {_KIND_FLAGS[k] for k in kind if k in _KIND_FLAGS}
        families = intake.book().fills["kind"]["families"].get(kind[0], [])
        family = family if family in families else ""
    if data and "unknown" not in data:
        flags -= {flag for given in _DATA_FLAGS.values() for flag in given}
        # Which of the two an own secret is was never asked: what was read of it stands.
        own = set(event.flags) & set(_DATA_FLAGS["own"]) or set(_DATA_FLAGS["own"])
        flags |= {f for d in data for f in _DATA_FLAGS.get(d, ()) if d != "own"} | (own if "own" in data else set())
    return replace(event, flags=tuple(sorted(flags)), family=family)


def _named(id: str, stop: RouteStop, event: Event) -> bool:
    if id == "emergency" and event.emergency:
        return True
    if id in ("company", "deputy") or id in event.named:
        return True
    return any(_holds(row, event) for row in stop.when) and not any(_holds(row, event) for row in stop.unless)


def _holds(row: RouteWhen, event: Event) -> bool:
    there = {"flags": set(event.flags), "families": {event.family}}
    there |= {key: set(event.answers.get(question, ())) for key, question in _QUESTIONS.items()}
    wanted = {key: set(getattr(row, key)) for key in there}
    return all(not ids or ids & there[key] for key, ids in wanted.items())


def _made(id: str, stop: RouteStop, event: Event, knowledge: Knowledge, now: datetime) -> Stop | None:
    if id == "company":
        return _company(stop, event, knowledge, now)
    base = Stop(id, "outside", stop.name, stop.reason, stop.urgency, stop.bring, facts=stop.facts)
    if id == "deputy":
        people = knowledge.company.deputies
        return replace(base, kind="deputy", people=people) if people else None
    if id == "emergency":
        return replace(base, kind="emergency", contacts=(Contact("phone", "110"),), is_open=True)
    if id == "owner":
        return replace(base, kind="owner")
    if id == "lost_office":
        return replace(base, kind="lost_office")
    desk = knowledge.desks[id]
    view = desks.view(desk, stop.reason, today=now.astimezone(hours.TOKYO).date())
    opening = hours.at(hours.of_desk(desk), now)
    return replace(
        base,
        name=view.name,
        bring=tuple(desk.bring) or stop.bring,
        contacts=view.contacts,
        opening=hours.say(opening, now),
        is_open=None if opening.state in ("unknown", "year_end") else opening.is_open,
        grounds=hours.grounds(desk, knowledge.sources, now.astimezone(hours.TOKYO).date()),
        fee=view.fee,
    )


def _company(stop: RouteStop, event: Event, knowledge: Knowledge, now: datetime) -> Stop:
    company = knowledge.company
    desk = (company.alternative_desk() if event.alternative else None) or company.company_desk()
    base = Stop("company", "company", stop.name, stop.reason, stop.urgency, stop.bring, facts=stop.facts)
    if desk is None:
        return replace(base, reason=stop.without, missing=True, people=company.managers)
    opening = hours.at(hours.of_company(company, desk), now)
    return replace(
        base,
        name=desk.name,
        contacts=_contacts(desk),
        opening=hours.say(opening, now),
        is_open=opening.is_open,
        people=() if event.alternative else company.responders,
    )


def _contacts(desk: CompanyDesk) -> tuple[Contact, ...]:
    contacts = [Contact("phone", phone.number, phone.note) for phone in desk.phones]
    contacts += [Contact("slack", desk.slack)] if desk.slack else []
    contacts += [Contact("mail", desk.mail)] if desk.mail else []
    return tuple(contacts)


def outside(stops: Iterable[Stop]) -> list[str]:
    """The ids of the outside desks among them, in order."""
    return [stop.id for stop in stops if stop.kind == "outside"]
