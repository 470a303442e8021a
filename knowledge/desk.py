"""Facts of an event, or the subject of a question, -> outside desks in the order to go to them.

The company's own desk always comes first and is not named here (eval/LABELS.md).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from .lexicon import Message
from .rules import Condition

DEFAULT_DESK = "inpit"  # any advice on trade-secret management is free there (desks.yaml)


@dataclass(frozen=True, slots=True)
class DeskRule:
    """`desk` is named for `intents` where all conditions are met and one of `flags` holds (empty: no flag needed)."""

    id: str
    desk: str
    order: int
    intents: frozenset[str]
    when: tuple[Condition, ...] = ()
    unless: tuple[Condition, ...] = ()
    flags: frozenset[str] = frozenset()
    unless_flags: frozenset[str] = frozenset()

    def holds(self, intent: str, flags: Collection[str], message: Message) -> bool:
        if intent not in self.intents or (self.flags and not self.flags & set(flags)) or self.unless_flags & set(flags):
            return False
        if any(not any(c.met_by(m) for m in message.mentions) for c in self.when):
            return False
        return not any(c.met_by(m) for c in self.unless for m in message.mentions)


def route(
    intent: str, flags: Collection[str], message: Message, rules: Iterable[DeskRule], *, own_desk: bool
) -> list[str]:
    """Desk ids, first to go first. [] where the question is for the company's own desk, or the intent needs none."""
    if intent not in ("leak", "desk") or own_desk:
        return []
    found = sorted((r for r in rules if r.holds(intent, flags, message)), key=lambda r: r.order)
    return list(dict.fromkeys(r.desk for r in found)) or [DEFAULT_DESK]
