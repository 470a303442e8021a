"""The inventory: entries whose content is sealed, with every version of each. Who changed what is in the audit log too.

An entry is written only by who saw its last version: a change in between raises Stale, and nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import sqlalchemy as sa

from . import audit
from .engine import Store, Transaction, insert_new, read, write
from .prepared import Prepared
from .schema_inventory import inventory, inventory_edition, inventory_history

Origin = Literal["file", "import", "slack"]
_MANY = 500  # ids in one statement


class Stale(Exception):
    """Entries that somebody else changed, or removed, in between, by their ids. Nothing was written."""

    def __init__(self, ids: Sequence[str]):
        super().__init__(", ".join(ids))
        self.ids = tuple(ids)


@dataclass(frozen=True)
class Entry:
    """content: JSON, as the caller gave it. updated_by: a person's id, blank for the company's files."""

    id: str
    version: int
    content: dict[str, Any]
    origin: str
    updated_at: int
    updated_by: str


@dataclass(frozen=True)
class Edition:
    """An entry as it was in one version. change: added, changed, removed."""

    id: str
    version: int
    content: dict[str, Any]
    change: str
    origin: str
    at: int
    by: str


@dataclass(frozen=True)
class Write:
    """What is to be written. version: the one the writer saw, 0 for a new entry. fields: what differs, for the log."""

    id: str
    version: int
    content: Mapping[str, Any]
    fields: tuple[str, ...] = ()


_EDITION = Prepared(sa.select(inventory_edition.c.edition))


def edition(where: Store | Transaction) -> int:
    """A number that goes up with every change; 0 where nothing was ever written."""
    with read(where) as tx:
        return next((int(edition) for (edition,) in _EDITION.rows(tx, {})), 0)


def entries(where: Store | Transaction) -> list[Entry]:
    """All that are not removed, by id."""
    query = sa.select(inventory).where(inventory.c.removed.is_(False)).order_by(inventory.c.id)
    with read(where) as tx:
        return [_entry(tx, row) for row in tx.connection.execute(query)]


def removed(where: Store | Transaction) -> list[str]:
    """Ids of entries that were taken out."""
    with read(where) as tx:
        return list(tx.connection.execute(sa.select(inventory.c.id).where(inventory.c.removed)).scalars())


def get(where: Store | Transaction, id: str) -> Entry | None:
    """The entry; None where there is none, or it was removed."""
    query = sa.select(inventory).where(inventory.c.id == id, inventory.c.removed.is_(False))
    with read(where) as tx:
        row = tx.connection.execute(query).one_or_none()
        return _entry(tx, row) if row else None


def history(where: Store | Transaction, id: str) -> list[Edition]:
    """Every version of an entry, the first one first."""
    query = sa.select(inventory_history).where(inventory_history.c.id == id).order_by(inventory_history.c.version)
    with read(where) as tx:
        return [
            Edition(row.id, row.version, _opened(tx, row, "inventory_history"), row.change, row.origin, row.at, row.by)
            for row in tx.connection.execute(query)
        ]


def changed_by(where: Store | Transaction, person: str) -> int:
    """How many versions a person has written."""
    query = sa.select(sa.func.count()).select_from(inventory_history).where(inventory_history.c.by == person)
    with read(where) as tx:
        return int(tx.connection.execute(query).scalar() or 0)


def save(where: Store | Transaction, writes: Sequence[Write], *, by: str, now: float, origin: Origin) -> None:
    """Write entries, all of them or none. Raises Stale where one of them is not as the writer saw it."""
    if not writes:
        return
    with write(where) as tx:
        _hold(tx)
        there = _versions(tx, [w.id for w in writes])
        stale = [w.id for w in writes if there.get(w.id, (0, False)) != (w.version, False)]
        if stale:
            raise Stale(stale)
        _bump(tx)
        about = {"origin": origin, "updated_at": int(now), "updated_by": by}
        new = [w for w in writes if not w.version]
        if new:
            fresh = [_row(tx, w, removed=False) | about for w in new]
            tx.connection.execute(sa.insert(inventory), fresh)
        old = [w for w in writes if w.version]
        if old:
            change = sa.update(inventory).where(
                inventory.c.id == sa.bindparam("of"), inventory.c.version == sa.bindparam("seen")
            )
            rows = [_row(tx, w, removed=False) | about | {"of": w.id, "seen": w.version} for w in old]
            values: dict[str, Any] = {name: sa.bindparam(name) for name in ("version", "content", "removed", *about)}
            tx.connection.execute(change.values(values), [{k: v for k, v in r.items() if k != "id"} for r in rows])
        _remember(tx, writes, by=by, now=now, origin=origin)
        _log(tx, writes, by=by, now=now, origin=origin)


def remove(where: Store | Transaction, id: str, version: int, *, by: str, now: float) -> None:
    """Take an entry out; its history stays. Raises Stale where it is not as the writer saw it."""
    with write(where) as tx:
        _hold(tx)
        entry = get(tx, id)
        gone = sa.update(inventory).where(inventory.c.id == id, inventory.c.version == version)
        about = {"updated_at": int(now), "updated_by": by, "origin": "slack"}
        fits = entry is not None and entry.version == version
        if entry is None or not fits:
            raise Stale([id])
        _bump(tx)
        tx.connection.execute(
            gone.values(removed=True, version=version + 1, content=_seal(tx, "inventory", id, {}), **about)
        )
        last = Write(id, version, entry.content)
        _remember(tx, [last], by=by, now=now, origin="slack", change="removed")
        audit.append(tx, "inventory.removed", id, actor=by, now=now, data={"version": version + 1})


def seed(where: Store | Transaction, given: Sequence[tuple[str, Mapping[str, Any]]], *, now: float) -> int:
    """Bring entries of the company's files in: new ones, and those that nobody changed since. How many were written.

    One that a person has changed, or removed, stays as it is.
    """
    with write(where) as tx:
        _hold(tx)
        rows: dict[str, Any] = {}
        for ids in _batches([id for id, _ in given]):
            for found in tx.connection.execute(sa.select(inventory).where(inventory.c.id.in_(ids))):
                rows[found.id] = found
        writes = []
        for id, content in given:
            row = rows.get(id)
            if row is None:
                writes.append(Write(id, 0, content))
            elif not row.removed and row.origin == "file" and _opened(tx, row, "inventory") != content:
                writes.append(Write(id, row.version, content))
        save(tx, writes, by="", now=now, origin="file")
        return len(writes)


def ask_for(where: Store | Transaction, id: str, review: str) -> bool:
    """Note that an entry's owner is told of this review date. False where that was noted before."""
    mine = sa.update(inventory).where(
        inventory.c.id == id,
        inventory.c.removed.is_(False),
        sa.or_(inventory.c.asked_for.is_(None), inventory.c.asked_for != review),
    )
    with write(where) as tx:
        return tx.connection.execute(mine.values(asked_for=review)).rowcount == 1


def asked(where: Store | Transaction) -> dict[str, str]:
    """By id, the review date that an entry's owner was told of."""
    query = sa.select(inventory.c.id, inventory.c.asked_for).where(inventory.c.asked_for.is_not(None))
    with read(where) as tx:
        return {id: review for id, review in tx.connection.execute(query)}


# --- inside


def _versions(tx: Transaction, ids: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """(version, removed) by id."""
    found = {}
    for batch in _batches(ids):
        query = sa.select(inventory.c.id, inventory.c.version, inventory.c.removed).where(inventory.c.id.in_(batch))
        for id, version, removed in tx.connection.execute(query):
            found[id] = (version, removed)
    return found


def _hold(tx: Transaction) -> None:
    """One writer at a time, until its end: on PostgreSQL the others wait for this row."""
    insert_new(tx, inventory_edition, {"id": 1, "edition": 0})
    tx.connection.execute(sa.select(inventory_edition.c.edition).with_for_update())


def _bump(tx: Transaction) -> None:
    tx.connection.execute(sa.update(inventory_edition).values(edition=inventory_edition.c.edition + 1))


def _row(tx: Transaction, w: Write, *, removed: bool) -> dict[str, Any]:
    return {
        "id": w.id,
        "version": w.version + 1,
        "content": _seal(tx, "inventory", w.id, w.content),
        "removed": removed,
    }


def _remember(tx: Transaction, writes: Sequence[Write], *, by: str, now: float, origin: str, change: str = "") -> None:
    rows = [
        {
            "id": w.id,
            "version": w.version + 1,
            "content": _seal(tx, "inventory_history", f"{w.id}/{w.version + 1}", w.content),
            "change": change or ("changed" if w.version else "added"),
            "origin": origin,
            "at": int(now),
            "by": by,
        }
        for w in writes
    ]
    tx.connection.execute(sa.insert(inventory_history), rows)


def _log(tx: Transaction, writes: Sequence[Write], *, by: str, now: float, origin: Origin) -> None:
    """A line for each of a few, one for all of many: thousands of links of the chain would hold everybody up."""
    if origin == "slack":
        for w in writes:
            kind = "inventory.changed" if w.version else "inventory.added"
            data = {"version": w.version + 1, "fields": list(w.fields)}
            audit.append(tx, kind, w.id, actor=by, now=now, data=data)
        return
    new = sum(not w.version for w in writes)
    data = {"added": new, "changed": len(writes) - new, "ids": [w.id for w in writes[:_MANY]]}
    audit.append(tx, f"inventory.{origin}", "inventory", actor=by, now=now, data=data)


def _entry(tx: Transaction, row: Any) -> Entry:
    return Entry(row.id, row.version, _opened(tx, row, "inventory"), row.origin, row.updated_at, row.updated_by)


def _seal(tx: Transaction, table: str, id: str, content: Mapping[str, Any]) -> bytes:
    return tx.sealer.seal(json.dumps(dict(content), ensure_ascii=False).encode(), place=f"{table}/{id}/content")


def _opened(tx: Transaction, row: Any, table: str) -> dict[str, Any]:
    id = row.id if table == "inventory" else f"{row.id}/{row.version}"
    found: dict[str, Any] = json.loads(tx.sealer.unseal(row.content, place=f"{table}/{id}/content"))
    return found


def _batches(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[n : n + _MANY] for n in range(0, len(ids), _MANY)]
