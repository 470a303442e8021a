"""How long each kind of data is kept, and its removal. A case that is open holds up what may belong to it.

What went leaves a trace in the audit log: which kind, how many rows, from before when. Nothing of what it said.
The audit log itself stays: its chain cannot be cut.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from . import audit, cases, dialogue, inbox, outbox, people, requests, schema_checks
from .engine import Store, Transaction
from .schema_rules import nudges, rule_comments

_DAY_S = 86_400


@dataclass(frozen=True)
class Kind:
    """days: how long rows are kept after they are done with. waits: not touched while a case is open. tables: where
    they are, where that is not a table of this name alone.

    forget: removes what is older than a time (UTC epoch seconds), and says how many.
    """

    name: str
    days: int
    forget: Callable[[Transaction, float], int]
    waits: bool = True
    tables: tuple[str, ...] = ()


def _cases(tx: Transaction, before: float) -> int:
    over = cases.closed_before(tx, before)
    for each in over:
        cases.remove(tx, each.id)
    return len(over)


def _nudges(tx: Transaction, before: float) -> int:
    over = sa.and_(nudges.c.state != "planned", nudges.c.expires_at < int(before))
    return tx.connection.execute(sa.delete(nudges).where(over)).rowcount


def _comments(tx: Transaction, before: float) -> int:
    return tx.connection.execute(sa.delete(rule_comments).where(rule_comments.c.at < int(before))).rowcount


def _checks(tx: Transaction, before: float) -> int:
    over = sa.select(schema_checks.runs.c.id).where(schema_checks.runs.c.updated_at < int(before))
    for table in (schema_checks.events, schema_checks.notes):
        tx.connection.execute(sa.delete(table).where(table.c.run.in_(over)))
    return tx.connection.execute(
        sa.delete(schema_checks.runs).where(schema_checks.runs.c.updated_at < int(before))
    ).rowcount


def _gaps(tx: Transaction, before: float) -> int:
    gaps = schema_checks.gaps
    return tx.connection.execute(sa.delete(gaps).where(gaps.c.done_at < int(before))).rowcount


# A new table joins by a line here.
KINDS: Sequence[Kind] = (
    Kind("inbox", 7, lambda tx, before: inbox.forget(tx, before=before), waits=False),
    Kind("people", 90, lambda tx, before: people.forget(tx, before=before), waits=False),
    Kind("dialogues", 180, lambda tx, before: dialogue.forget(tx, before=before)),
    Kind("outbox", 400, lambda tx, before: outbox.forget(tx, before=before)),
    Kind("requests", 400, lambda tx, before: requests.forget(tx, before=before)),
    Kind("nudges", 400, _nudges),
    Kind("rule_comments", 400, _comments),
    Kind("check_runs", 1100, _checks, tables=("check_runs", "check_events", "check_notes")),
    Kind("check_gaps", 1100, _gaps),
    Kind("cases", 1100, _cases, tables=("cases", "case_events", "case_dates")),
)
# Tables that stay, and why.
KEPT: Mapping[str, str] = {
    "audit": "the chain cannot be cut",
    "channels": "where to look for DMs that were missed",
    "check_campaigns": "the company's own, without persons",
    "handling_rules": "the company's own",
    "inventory": "the company's own, until it is removed there",
    "inventory_edition": "one row",
    "inventory_history": "who changed what, as long as the entry is there",
    "meta": "keys, sealed",
    "nudge_people": "what each person chose",
    "nudge_settings": "one row a setting",
    "nudge_standing": "one row a person and item, so that nothing is asked too often",
    "pacing": "one row",
    "rule_editions": "what the company asked of people, edition by edition",
    "rule_places": "members as Slack told them last",
    "rule_seen": "who has confirmed which edition",
}


def open_cases(where: Store | Transaction) -> int:
    """How many cases are open."""
    return cases.counts(where).get("open", 0)


@dataclass(frozen=True)
class Removed:
    """count: rows that went, or would go. before: rows of then and later stay (UTC epoch seconds). paused: a case is
    open, and nothing went."""

    kind: str
    days: int
    count: int
    before: int
    paused: bool = False


class _Undo(Exception):
    pass


def purge(store: Store, *, now: float, dry: bool = False) -> list[Removed]:
    """Remove what has been kept long enough, kind by kind, in one commit. dry: only says what would go."""
    found: list[Removed] = []
    try:
        with store.begin() as tx:
            waiting = open_cases(tx) > 0
            found += [_purge(tx, kind, now, paused=waiting and kind.waits) for kind in KINDS]
            if dry:
                raise _Undo
    except _Undo:
        pass
    return found


def _purge(tx: Transaction, kind: Kind, now: float, *, paused: bool) -> Removed:
    before = int(now) - kind.days * _DAY_S
    count = 0 if paused else kind.forget(tx, before)
    if count:
        audit.append(tx, "store.purged", kind.name, actor="", now=now, data={"count": count, "before": before})
    return Removed(kind.name, kind.days, count, before, paused)
