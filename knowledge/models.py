"""What a reading is made of. Frozen values: the same message and content always give equal ones.

The first part are data files that the answer side reads (questions.yaml, measures.yaml, leak_steps.yaml): one class an
entry, its fields are the keys of the file. The second part is the reading itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

# --- questions.yaml, measures.yaml, leak_steps.yaml -------------------------------------------------------------------


@dataclass(frozen=True)
class Option:
    """An answer to a question. Exactly one of `verdict` (final) and `next` (another question) is given.

    grade: the place of a final `public` in the lattice of the verdict rules; a secret rule above it still decides.
    """

    id: str
    label: str
    verdict: str = ""
    next: str = ""
    grade: int = 0
    why: str = ""
    would_change: str = ""
    measure: str = ""


@dataclass(frozen=True)
class Question:
    """The one thing that would decide, with 2-4 options."""

    id: str
    text: str
    options: tuple[Option, ...]
    source: str = ""

    def option(self, id: str) -> Option:
        """KeyError where it has none of that id."""
        return {o.id: o for o in self.options}[id]


@dataclass(frozen=True)
class Measure:
    """What to do (at most 3 steps, verbs first) where a verdict rests on one of `rules` (an id, or its first part).

    concepts, also, flags: at least one of each must be there too, where given. The first entry that fits is taken.
    why: ends the sentence that begins with the person's own words.
    """

    id: str
    verdict: str
    why: str
    steps: tuple[str, ...]
    rules: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    would_change: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeakSteps:
    """First steps for one kind of event. The first entry whose conditions fit is taken; the last one fits always.

    concepts, also: at least one concept of each must be there; flags: at least one; words: at least one of these
    strings in the normalised message (they only choose between steps, never whether it is a leak).
    tell: at which place (1-3) the step "tell the company's own desk" stands among the steps.
    """

    id: str
    title: str
    steps: tuple[str, ...]
    concepts: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    tell: int = 2
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class OtherDesk:
    """A desk id of desks.yaml that LABELS.md does not know, named where one of `flags` and one of `concepts` is there.

    first: it stands before the desks of LABELS.md.
    """

    desk: str
    reason: str
    first: bool = False
    concepts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Duty:
    """A legal duty that an event may bring, and the facts it rests on. It names no dates."""

    text: str
    facts: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True)
class RouteWhen:
    """All keys that are given must be met, each by one of its values. kinds, data, duty, device, going: options of the
    questions after a report (dialogs/leak/intake.yaml)."""

    flags: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    duty: tuple[str, ...] = ()
    device: tuple[str, ...] = ()
    going: tuple[str, ...] = ()


@dataclass(frozen=True)
class RouteStop:
    """Somebody to go to after a leak: the lowest `urgency` first. Named where one row of `when` and none of `unless` is
    met. bring: what to have ready, where the desk itself says nothing. name: of who is no desk of desks.yaml. without:
    said in place of the reason where the company has registered nobody."""

    urgency: int
    reason: str
    name: str = ""
    without: str = ""
    bring: tuple[str, ...] = ()
    when: tuple[RouteWhen, ...] = ()
    unless: tuple[RouteWhen, ...] = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True)
class LeakBook:
    """All of leak_steps.yaml and leak_routes.yaml. `reasons` says for each desk of LABELS.md why to go there.

    stops: by a desk's id, or emergency, company, deputy, owner, lost_office.
    """

    steps: tuple[LeakSteps, ...]
    reasons: dict[str, str]
    other_desks: tuple[OtherDesk, ...] = ()
    duties: tuple[Duty, ...] = ()
    stops: Mapping[str, RouteStop] = field(default_factory=dict)


# --- the reading ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """Words of the message as typed, and what they mean (a concept id, or one of evidence.DERIVED)."""

    text: str
    means: str


@dataclass(frozen=True)
class Ask:
    """The question that decides, as shown."""

    id: str
    question: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Answered:
    """A question of this reading that has been answered, by its option's label."""

    question: str
    option: str


@dataclass(frozen=True)
class Case:
    """A question about a piece of information, as far as it has been answered: ids only, never words of the message.

    verdict, rules: what the message itself gave. secret_rules: all that spoke for secret. question: the open one, or
    blank. picked: (question, option) answered so far.
    """

    verdict: str
    question: str = ""
    picked: tuple[tuple[str, str], ...] = ()
    rules: tuple[str, ...] = ()
    secret_rules: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return dict(vars(self))

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Case:
        """What to_json gave, also after a trip through JSON. Raises ValueError where it is something else."""
        try:
            picked = tuple((str(q), str(o)) for q, o in row["picked"])
            lists = {k: tuple(map(str, row[k])) for k in ("rules", "secret_rules", "concepts", "flags", "sections")}
            return cls(str(row["verdict"]), str(row["question"]), picked, **lists)
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"not a case: {error!r}") from None


@dataclass(frozen=True)
class Cited:
    """A fact with where it comes from. `certainty`: seed, official, secondary, unverified."""

    id: str
    text: str
    title: str
    publisher: str
    date: str | None
    url: str | None
    certainty: str
    statute: str
    verified_on: str
    section: str
    section_title: str
    kind: str = ""

    @property
    def full_title(self) -> str:
        """The title, with the section where the leaflet itself says it."""
        return f"{self.title} {self.section}".rstrip() if self.certainty == "seed" else self.title


@dataclass(frozen=True)
class Contact:
    """One way to reach a desk. `note` goes with the value wherever it is shown."""

    kind: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class DeskView:
    """An outside desk, with only what may be shown. `expired`: past `valid_until`, say so."""

    id: str
    label: str
    name: str
    reason: str
    contacts: tuple[Contact, ...]
    hours: str
    hours_seed: bool
    fee: str
    purposes: tuple[str, ...]
    notes: tuple[str, ...]
    verified_on: str
    expired: bool = False


@dataclass(frozen=True)
class CompanyContact:
    """The company's own desk, from its files."""

    name: str
    contacts: tuple[Contact, ...] = ()
    hours: str = ""


@dataclass(frozen=True)
class Step:
    """A thing to do. kind: `do`, or `tell` (tell the company's own desk; the view adds who that is)."""

    text: str
    kind: str = "do"


@dataclass(frozen=True)
class Topic:
    """A section as the views name it."""

    id: str
    title: str
    summary: str
    checks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Listed:
    """An entry of the company's own inventory that a message names. said: the words that name it; sure: they are its
    name to the letter; several: they name other entries as well. owner_id: of a person who is asked about it, or blank.
    review: ISO date or blank. open: may be shown outside.
    """

    name: str
    said: str
    sure: bool
    secrecy: str
    owner: str
    owner_id: str = ""
    review: str = ""
    several: bool = False
    open: bool = False


@dataclass(frozen=True)
class Settings:
    """What a reminder message asks for; None where it says nothing. weekday: mon-sun, hour: 0-23.

    until: of a pause or a resumption, the ISO date of the first day on which nudges are wanted again. avoid: days that
    are not wanted. wants: `hour` or `day` where a change leaves that open.
    """

    weekday: str | None = None
    hour: int | None = None
    action: str | None = None
    until: str | None = None
    avoid: tuple[str, ...] = ()
    wants: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"weekday": self.weekday, "hour": self.hour, "action": self.action}


@dataclass(frozen=True)
class Reading:
    """One message, read. The first fields are what `himitsu ask --json` prints; the others are for the views."""

    intent: str
    verdict: str | None = None
    flags: tuple[str, ...] = ()
    desks: tuple[str, ...] = ()
    other_desks: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    would_change: tuple[str, ...] = ()
    ask: Ask | None = None
    settings: Settings | None = None
    sources: tuple[Cited, ...] = ()
    # for the views
    family: str = ""  # which measure or kind of event was taken
    title: str = ""
    why: str = ""
    rule_why: str = ""  # the deciding rule's own reason, a sentence by itself
    steps: tuple[Step, ...] = ()
    duties: tuple[str, ...] = ()
    definition: tuple[str, str] | None = None  # (term, what it means)
    facts: tuple[Cited, ...] = ()
    desk_views: tuple[DeskView, ...] = ()
    company: tuple[CompanyContact, ...] = ()
    topics: tuple[Topic, ...] = ()
    answered: tuple[Answered, ...] = ()
    truncated: bool = False
    near: tuple[str, ...] = ()  # other intents that are nearly as likely, with this one; () where it is clear
    listed: tuple[Listed, ...] = ()  # what the company's inventory says of it
    listed_note: str = ""  # how that goes with the rest of the reading
    case: Case | None = None  # a secret_check, to go on from without the message

    def to_json(self) -> dict[str, Any]:
        """The keys of design.md §2 in their order, without `id`, `answer` and `ms`, which the caller adds."""
        return {
            "intent": self.intent,
            "verdict": self.verdict,
            "flags": list(self.flags),
            "desks": list(self.desks),
            "other_desks": list(self.other_desks),
            "sections": list(self.sections),
            "rules": list(self.rules),
            "evidence": [{"text": e.text, "means": e.means} for e in self.evidence],
            "would_change": list(self.would_change),
            "ask": {"question": self.ask.question, "options": list(self.ask.options)} if self.ask else None,
            "settings": self.settings.to_json() if self.settings else None,
            "sources": [
                {"id": s.id, "title": s.full_title, "date": s.date, "url": s.url, "certainty": s.certainty}
                for s in self.sources
            ],
        }
