"""Which one thing a person is reminded of this week, if any; and what becomes of a reminder nobody answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.handling import EVERYONE

from .models import Rule

DAY_S = 86_400
MOST_SENT = 3  # the first time and two reminders
_JUST_TOLD_S = 5 * DAY_S  # an announcement of this week is not repeated by the week's nudge
_LET_GO_S = 90 * DAY_S  # what was handed on is offered again after so long, where no rule says otherwise

Kind = Literal["changed", "task", "desk", "review", "reread", "check"]
# Changed rules first: people would go by the old words. Then what has an owner and a date, then reading again.
ORDER: tuple[Kind, ...] = ("changed", "task", "desk", "review", "reread", "check")


@dataclass(frozen=True)
class Due:
    """One thing that waits for a person. subject: the id of what it is about. since: when it became due, epoch s.

    again_s: after how long it may be offered anew, once it was let go. edition: of a rule, else 0.
    """

    kind: Kind
    subject: str
    since: int
    edition: int = 0
    again_s: int = _LET_GO_S


@dataclass(frozen=True)
class Standing:
    """How often something was sent to somebody without an answer, and until when it is put off."""

    sent: int = 0
    last_at: int = 0
    later_until: int = 0
    let_go_at: int = 0


@dataclass(frozen=True)
class Seen:
    """What a person was shown of a rule, and what they confirmed: edition numbers (0: none) and when."""

    shown: int = 0
    shown_at: int = 0
    confirmed: int = 0
    confirmed_at: int = 0


NOTHING_SEEN = Seen()
NEW = Standing()


def of_rules(
    person: str,
    rules: Iterable[Rule],
    seen: Mapping[str, Seen],
    places: Collection[str],
    charges: Mapping[str, str],
    now: float,
) -> list[Due]:
    """What the rules in force ask of a person now.

    seen: by rule. places: groups and channels the person is in. charges: by rule, who looks it through next.
    """
    found = []
    for rule in rules:
        if not rule.in_force:
            continue
        every = rule.content.review_days * DAY_S
        if charges.get(rule.id) == person and rule.reviewed_at + every <= now:
            found.append(Due("review", rule.id, rule.reviewed_at + every, rule.edition, again_s=every))
        if listens(person, rule.content.audience, places):
            due = _to_read(rule, seen.get(rule.id, NOTHING_SEEN), every, now)
            found += [due] if due else []
    return found


def listens(person: str, audience: Collection[str], places: Collection[str]) -> bool:
    """Whether a rule is meant for a person."""
    return EVERYONE in audience or person in audience or not set(audience).isdisjoint(places)


def _to_read(rule: Rule, seen: Seen, every_s: int, now: float) -> Due | None:
    if seen.confirmed >= rule.asked:
        again = seen.confirmed_at + every_s
        return Due("reread", rule.id, again, rule.edition, again_s=every_s) if again <= now else None
    if seen.shown >= rule.asked and seen.shown_at > now - _JUST_TOLD_S:
        return None
    kind: Kind = "changed" if known_before(seen, rule) else "reread"
    return Due(kind, rule.id, rule.reviewed_at, rule.edition, again_s=every_s)


def known_before(seen: Seen, rule: Rule) -> int:
    """The older edition with other words that a person confirmed last, or at least was shown; 0 for none."""
    known = seen.confirmed or (seen.shown if seen.shown < rule.asked else 0)
    return known if known < rule.asked else 0


def choose(items: Sequence[Due], standing: Mapping[tuple[str, str], Standing], now: float) -> Due | None:
    """The one that comes first: by kind, then the stalest; None where nothing is due.

    standing: by (kind, subject). What is put off, or was let go, is left out.
    """
    ready = [i for i in items if _ready(i, standing.get((i.kind, i.subject), NEW), now)]
    return min(ready, key=lambda i: (ORDER.index(i.kind), i.since, i.subject), default=None)


def _ready(item: Due, standing: Standing, now: float) -> bool:
    if standing.let_go_at and now < standing.let_go_at + item.again_s:
        return False
    return standing.later_until <= now


def to_let_go(standing: Standing) -> bool:
    """Whether it was sent and repeated without an answer, so that somebody else has to see to it."""
    return not standing.let_go_at and standing.sent >= MOST_SENT


def in_charge(
    rule: Rule, standing: Mapping[str, Standing], here: Collection[str], managers: Sequence[str]
) -> str | None:
    """Who looks a rule through: its owner, after two reminders its deputy, then the managers' list (None).

    standing: of the rule's review, by person. here: who is still with the company. A rule that names nobody is the
    first manager's.
    """
    named = [p for p in dict.fromkeys((rule.content.owner, rule.content.deputy)) if p and p in here]
    for person in named or [m for m in managers if m in here][:1]:
        if not standing.get(person, NEW).let_go_at:
            return person
    return None
