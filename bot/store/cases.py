"""Leak cases: a row each, its events, which are only ever added, and the dates of which somebody is to be told.

What anybody wrote and who reported is sealed. Every event is noted in the audit log, without its words.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from dialogs.leak.case import BOT, REPORTER, Case, Event, of_events

from . import audit
from .engine import Store, Transaction, insert_new, read, write
from .people_key import veiled
from .schema_cases import case_dates, case_events, cases

_LOCK = 0x6361736573  # "cases": one new receipt at a time on PostgreSQL; SQLite's transaction does it by itself
_PLAIN = frozenset(
    "question options status owner given alternative outcome case date on known_on file sha256".split()
)  # what of an event may stand in the audit log


@dataclass(frozen=True)
class Head:
    """A case without its events. next_on: ISO day of the next legal date, or blank."""

    id: str
    receipt: str
    state: str
    alternative: bool
    owner: str
    next_on: str
    opened_at: int
    updated_at: int
    closed_at: int | None


@dataclass(frozen=True)
class Due:
    """A date of which somebody is to be told. kind: preliminary, final, untaken … day: ISO. at: when to tell."""

    id: str
    case: str
    kind: str
    day: str
    at: int
    state: str


def open_case(
    tx: Transaction, id: str, *, day: str, reporter: str, origin: str, data: Mapping[str, Any], now: float
) -> str | None:
    """Make a case with its `opened` event; its receipt, 「11-27-3」. None where one was made of the same origin.

    day: ISO, in Japan. data: of the event, without the receipt.
    """
    if tx.connection.dialect.name == "postgresql":
        tx.connection.execute(sa.text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if _of_origin(tx, origin):
        return None
    last = tx.connection.execute(sa.select(sa.func.max(cases.c.number)).where(cases.c.day == day)).scalar()
    number = int(last or 0) + 1
    receipt = f"{int(day[5:7])}-{int(day[8:10])}-{number}"
    row = {
        "id": id,
        "receipt": receipt,
        "day": day,
        "number": number,
        "state": "open",
        "alternative": bool(data.get("alternative")),
        "owner": "",
        "next_on": "",
        "opened_at": int(now),
        "updated_at": int(now),
        "reporter": tx.sealer.seal(reporter.encode(), place=f"cases/{id}/reporter"),
        "reporter_key": veiled(tx, reporter),
        "origin_key": veiled(tx, f"origin:{origin}"),
    }
    tx.connection.execute(sa.insert(cases).values(**row))
    add(tx, id, "opened", by=REPORTER, data={**data, "receipt": receipt}, now=now)
    return receipt


def add(
    tx: Transaction, id: str, kind: str, *, by: str = BOT, data: Mapping[str, Any] | None = None, now: float
) -> Event:
    """Add an event, in the order in which they come; what of it concerns the case's row is changed there.

    Raises LookupError where there is no such case.
    """
    mine = sa.select(cases.c.id).where(cases.c.id == id).with_for_update()
    if tx.connection.execute(mine).first() is None:
        raise LookupError(id)
    last = tx.connection.execute(sa.select(sa.func.max(case_events.c.seq)).where(case_events.c.case == id)).scalar()
    event = Event(int(last or 0) + 1, int(now), kind, by, dict(data or {}))
    key = f"{id}:{event.seq}"
    body = json.dumps(dict(event.data), ensure_ascii=False).encode()
    tx.connection.execute(
        sa.insert(case_events).values(
            id=key,
            case=id,
            seq=event.seq,
            at=event.at,
            kind=kind,
            by=by,
            body=tx.sealer.seal(body, place=f"case_events/{key}/body"),
        )
    )
    tx.connection.execute(sa.update(cases).where(cases.c.id == id).values(updated_at=event.at, **_changed(event)))
    told = {name: event.data[name] for name in sorted(_PLAIN & set(event.data))}
    actor, role = ("", {"by": REPORTER}) if by == REPORTER else (by, {})
    audit.append(tx, f"case.{kind}", id, actor=actor, now=now, data={"seq": event.seq, **role, **told})
    return event


def _changed(event: Event) -> dict[str, Any]:
    """Columns of the case's row that an event changes."""
    if event.kind in ("taken", "handed_over"):
        return {"owner": event.data["owner"]}
    if event.kind == "desk":
        return {"alternative": bool(event.data["alternative"]), "owner": ""}
    if event.kind == "closed":
        return {"state": "closed", "closed_at": event.at}
    if event.kind == "reopened":
        return {"state": "open", "closed_at": None}
    return {}


def load(where: Store | Transaction, id: str) -> Case | None:
    """A case with all its events; None where there is none."""
    query = sa.select(case_events).where(case_events.c.case == id).order_by(case_events.c.seq)
    with read(where) as tx:
        events = [_opened(tx, row) for row in tx.connection.execute(query)]
    return of_events(id, events) if events else None


def _opened(tx: Transaction, row: Any) -> Event:
    body = json.loads(tx.sealer.unseal(row.body, place=f"case_events/{row.id}/body"))
    return Event(row.seq, row.at, row.kind, row.by, body)


def head(where: Store | Transaction, id: str) -> Head | None:
    found = _heads(where, sa.select(cases).where(cases.c.id == id))
    return found[0] if found else None


def open_heads(
    where: Store | Transaction,
    *,
    alternative: bool | None = None,
    opened: tuple[float, float] | None = None,
    limit: int = 200,
) -> list[Head]:
    """Open cases by their next date; those without one last, the oldest first. alternative: None is of both desks.

    opened: (from, until), epoch seconds; None is any time.
    """
    query = sa.select(cases).where(cases.c.state == "open")
    if opened is not None:
        query = query.where(cases.c.opened_at.between(int(opened[0]), int(opened[1])))
    if alternative is not None:
        query = query.where(cases.c.alternative.is_(alternative))
    later = sa.case((cases.c.next_on == "", 1), else_=0)
    order = (later, cases.c.next_on, cases.c.opened_at, cases.c.day, cases.c.number)
    return _heads(where, query.order_by(*order).limit(limit))


def by_receipt(where: Store | Transaction, receipt: str) -> Head | None:
    """The latest case of a receipt: the same number comes back a year later."""
    query = sa.select(cases).where(cases.c.receipt == receipt).order_by(cases.c.opened_at.desc()).limit(1)
    return next(iter(_heads(where, query)), None)


def counts(where: Store | Transaction) -> dict[str, int]:
    """How many cases are in each state; a state without any is left out."""
    with read(where) as tx:
        rows = tx.connection.execute(sa.select(cases.c.state, sa.func.count()).group_by(cases.c.state))
        return {state: count for state, count in rows}


def _heads(where: Store | Transaction, query: sa.Select[Any]) -> list[Head]:
    with read(where) as tx:
        names = Head.__dataclass_fields__
        return [Head(**{n: getattr(row, n) for n in names}) for row in tx.connection.execute(query)]


# --- who reported


def of_reporter(where: Store | Transaction, person: str) -> list[Head]:
    """What a person has reported and not taken back, the newest first."""
    with write(where) as tx:  # the key may have to be made
        query = sa.select(cases).where(cases.c.reporter_key == veiled(tx, person))
        return _heads(tx, query.order_by(cases.c.opened_at.desc(), cases.c.number.desc()))


def of_origin(where: Store | Transaction, origin: str) -> Head | None:
    """The case made of something that was told."""
    with write(where) as tx:
        id = _of_origin(tx, origin)
        return head(tx, id) if id else None


def _of_origin(tx: Transaction, origin: str) -> str | None:
    query = sa.select(cases.c.id).where(cases.c.origin_key == veiled(tx, f"origin:{origin}"))
    return tx.connection.execute(query).scalar()


def reporter(where: Store | Transaction, id: str) -> str | None:
    """Who reported it; None where that was taken back, or there is no such case. Who asks is for the caller to note."""
    with read(where) as tx:
        sealed = tx.connection.execute(sa.select(cases.c.reporter).where(cases.c.id == id)).scalar()
        return tx.sealer.unseal(sealed, place=f"cases/{id}/reporter").decode() if sealed else None


def forget_reporter(tx: Transaction, id: str) -> bool:
    """Who reported it is removed, for good. False where it was before."""
    there = sa.update(cases).where(cases.c.id == id, cases.c.reporter.is_not(None))
    return tx.connection.execute(there.values(reporter=None, reporter_key=None)).rowcount == 1


# --- dates


def set_dates(tx: Transaction, case: str, dates: Sequence[tuple[str, str, int]], *, next_on: str) -> None:
    """What somebody is to be told of: (kind, ISO day, when). The rest that is still due of this case is dropped.

    What was told of before stays so, and is not told again.
    """
    wanted = {f"{case}:{kind}:{day}:{at}": (kind, day, at) for kind, day, at in dates}
    for id, (kind, day, at) in wanted.items():
        row = {"id": id, "case": case, "kind": kind, "day": day, "at": at, "state": "due"}
        insert_new(tx, case_dates, row)
    mine = sa.update(case_dates).where(case_dates.c.case == case)
    ids = list(wanted)
    tx.connection.execute(mine.where(case_dates.c.state == "due", case_dates.c.id.not_in(ids)).values(state="dropped"))
    tx.connection.execute(mine.where(case_dates.c.state == "dropped", case_dates.c.id.in_(ids)).values(state="due"))
    tx.connection.execute(sa.update(cases).where(cases.c.id == case).values(next_on=next_on))


def due_dates(where: Store | Transaction, *, now: float, limit: int = 100) -> list[Due]:
    """Dates whose time to be told has come, the longest due first."""
    query = sa.select(case_dates).where(case_dates.c.state == "due", case_dates.c.at <= int(now))
    return _dates(where, query.order_by(case_dates.c.at, case_dates.c.id).limit(limit))


def told_dates(where: Store | Transaction, *, now: float, kinds: Collection[str], limit: int = 1000) -> list[Due]:
    """Dates of tasks and lessons whose time has come, told or not, the oldest first. kinds: `task`, `lesson`."""
    mine = sa.or_(*(case_dates.c.kind.startswith(f"{kind}.", autoescape=True) for kind in kinds))
    query = sa.select(case_dates).where(case_dates.c.state != "dropped", case_dates.c.at <= int(now), mine)
    return _dates(where, query.order_by(case_dates.c.at, case_dates.c.id).limit(limit))


def dates_of(where: Store | Transaction, case: str, states: Collection[str] = ("due", "planned")) -> list[Due]:
    query = sa.select(case_dates).where(case_dates.c.case == case, case_dates.c.state.in_(states))
    return _dates(where, query.order_by(case_dates.c.at, case_dates.c.id))


def date(where: Store | Transaction, id: str) -> Due | None:
    return next(iter(_dates(where, sa.select(case_dates).where(case_dates.c.id == id))), None)


def mark_planned(tx: Transaction, id: str, *, told: bool = True) -> bool:
    """Its messages stand in the outbox, in the same commit. False where another process was faster.

    told: False drops it; it comes back where the case's dates are set again.
    """
    due = sa.update(case_dates).where(case_dates.c.id == id, case_dates.c.state == "due")
    return tx.connection.execute(due.values(state="planned" if told else "dropped")).rowcount == 1


def _dates(where: Store | Transaction, query: sa.Select[Any]) -> list[Due]:
    with read(where) as tx:
        return [Due(**row._mapping) for row in tx.connection.execute(query)]


# --- the end


def closed_before(where: Store | Transaction, before: float, limit: int = 500) -> list[Head]:
    """Closed cases whose time is over; open ones are never among them."""
    over = sa.and_(cases.c.state == "closed", cases.c.closed_at < int(before))
    return _heads(where, sa.select(cases).where(over).order_by(cases.c.closed_at).limit(limit))


def remove(tx: Transaction, id: str) -> None:
    """A closed case with all that belongs to it; the audit log keeps its content-free lines."""
    tx.connection.execute(sa.delete(case_dates).where(case_dates.c.case == id))
    tx.connection.execute(sa.delete(case_events).where(case_events.c.case == id))
    tx.connection.execute(sa.delete(cases).where(cases.c.id == id, cases.c.state == "closed"))
