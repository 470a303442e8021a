"""Whom to go to: the company's own desk, outside desks with what may be shown of them, and first steps for an event."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable
from datetime import date
from typing import TYPE_CHECKING

from .models import CompanyContact, Contact, DeskView, LeakSteps, OtherDesk, Step
from .text import normalise

if TYPE_CHECKING:
    from .content import Knowledge
    from .lexicon import Message
    from .schema import Desk

MARKS_SHOWN = ("new", "seed")  # desks.yaml: a value marked old or unverified is never shown
_KINDS = {"web": 0, "form": 1, "phone": 2, "mail": 3}  # the address of a page first: numbers get old, pages are kept up


def company(knowledge: Knowledge) -> tuple[CompanyContact, ...]:
    """The company's own desk in a tuple of one, or () where it has registered none."""
    desk = knowledge.company.company_desk()
    if desk is None:
        return ()
    contacts = [Contact("phone", p.number, p.note) for p in desk.phones]
    contacts += [Contact("slack", desk.slack)] if desk.slack else []
    contacts += [Contact("mail", desk.mail)] if desk.mail else []
    return (CompanyContact(desk.name, tuple(contacts)),)


def view(desk: Desk, reason: str = "", *, today: date | None = None) -> DeskView:
    """A desk as it may be shown on a day. today: None leaves open whether the data have run out."""
    shown = [c for c in desk.channels if c.show and c.mark in MARKS_SHOWN]
    shown.sort(key=lambda c: _KINDS.get(c.kind, 9))
    hours = desk.hours if desk.hours and desk.hours.show and desk.hours.mark in MARKS_SHOWN else None
    return DeskView(
        id=desk.id,
        label=desk.label or "",
        name=desk.name,
        reason=reason,
        contacts=tuple(Contact(c.kind, c.value, c.note or "") for c in shown),
        hours=hours.text if hours else "",
        hours_seed=bool(hours and hours.mark == "seed"),
        fee=desk.fee if desk.fee and desk.fee_mark in MARKS_SHOWN else "",
        purposes=tuple(desk.purposes),
        notes=tuple(desk.notes),
        verified_on=desk.verified_on,
        expired=today is not None and today > date.fromisoformat(desk.valid_until),
    )


def named(message: Message, knowledge: Knowledge) -> list[Desk]:
    """Desks that the message calls by a name of their own, longest name first."""
    found = []
    for desk in knowledge.desks.values():
        names = [n for n in map(_plain, (desk.name, *desk.also_called)) if n and n in message.source.text]
        if names:
            found.append((-max(map(len, names)), desk.id, desk))
    return [desk for _, _, desk in sorted(found, key=lambda f: f[:2])]


def outside(labels: Iterable[str], message: Message, knowledge: Knowledge) -> list[Desk]:
    """The desk for each label of LABELS.md: the one named in the message, or the one whose id is the label."""
    asked = named(message, knowledge)
    out = []
    for label in labels:
        best = next((d for d in asked if d.label == label), None) or knowledge.desks.get(label)
        if best:
            out.append(best)
    return out


def others(flags: Collection[str], concepts: Collection[str], knowledge: Knowledge) -> list[OtherDesk]:
    """Desks beside those of LABELS.md for an event, each once."""
    found: dict[str, OtherDesk] = {}
    for other in knowledge.leak_steps.other_desks:
        wanted = [(other.flags, flags), (other.concepts, concepts)]
        if all(not needs or set(needs) & set(there) for needs, there in wanted):
            found.setdefault(other.desk, other)
    return list(found.values())


def first_steps(flags: Collection[str], message: Message, knowledge: Knowledge) -> LeakSteps:
    """The entry of leak_steps.yaml for this kind of event."""
    concepts = {m.concept.id for m in message.mentions}
    for entry in knowledge.leak_steps.steps:
        wanted = [(entry.flags, flags), (entry.concepts, concepts), (entry.also, concepts)]
        if entry.words and not any(word in message.source.text for word in entry.words):
            continue
        if all(not needs or set(needs) & set(there) for needs, there in wanted):
            return entry
    return knowledge.leak_steps.steps[-1]


def in_order(entry: LeakSteps) -> tuple[Step, ...]:
    """The steps, with telling the company's desk at its place."""
    steps = [Step(text) for text in entry.steps]
    steps.insert(entry.tell - 1, Step("", "tell"))
    return tuple(steps)


@functools.lru_cache(maxsize=256)
def _plain(name: str) -> str:
    """A name as it stands in a normalised message, without what stands in brackets."""
    return normalise(name.split("(")[0]).text
