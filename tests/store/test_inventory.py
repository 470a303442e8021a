"""Entries of the inventory: sealed, versioned, never overwritten unseen. On SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.store import audit, inventory
from bot.store.inventory import Stale, Write
from bot.store.schema import metadata

COST = {"name": "原価表", "secrecy": "秘", "media": ["紙"]}


def add(store, id="a", **more):
    inventory.save(store, [Write(id, 0, COST | more, ("name",))], by="U1", now=1000, origin="slack")


def test_an_entry_comes_back_with_its_history_and_who_changed_it(store):
    add(store)
    inventory.save(store, [Write("a", 1, COST | {"secrecy": "極秘"}, ("secrecy",))], by="U2", now=2000, origin="slack")
    assert inventory.get(store, "a") == inventory.Entry("a", 2, COST | {"secrecy": "極秘"}, "slack", 2000, "U2")
    assert [(e.version, e.change, e.by, e.content["secrecy"]) for e in inventory.history(store, "a")] == [
        (1, "added", "U1", "秘"),
        (2, "changed", "U2", "極秘"),
    ]
    told = [(e.kind, e.actor, e.data) for e in audit.entries(store, subject="a")]
    assert told[1] == ("inventory.changed", "U2", {"version": 2, "fields": ["secrecy"]})
    assert audit.verify(store) is None and inventory.changed_by(store, "U2") == 1


def test_nothing_of_an_entry_can_be_read_in_the_database(store):
    add(store)
    with store.begin() as tx:
        rows = [tuple(r) for t in metadata.sorted_tables for r in tx.connection.execute(sa.select(t))]
    assert not any("原価" in str(v) or "原価".encode() in (v if isinstance(v, bytes) else b"") for r in rows for v in r)


def test_two_editors_do_not_overwrite_each_other(store):
    add(store)
    seen = inventory.get(store, "a")

    def change(by):
        try:
            inventory.save(store, [Write("a", seen.version, COST | {"note": by})], by=by, now=2000, origin="slack")
            return True
        except Stale:
            return False

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(change, ["U1", "U2", "U3", "U4"]))
    assert done.count(True) == 1 and inventory.get(store, "a").version == 2
    assert len(inventory.history(store, "a")) == 2 and inventory.edition(store) == 2


def test_many_are_written_all_or_none(store):
    add(store)
    many = [Write(f"n{n}", 0, COST) for n in range(1200)]
    with pytest.raises(Stale) as stale:
        inventory.save(store, [*many, Write("a", 7, COST)], by="U1", now=2000, origin="import")
    assert stale.value.ids == ("a",) and len(inventory.entries(store)) == 1
    inventory.save(store, [*many, Write("a", 1, COST | {"kind": "表"})], by="U1", now=2000, origin="import")
    assert len(inventory.entries(store)) == 1201 and inventory.get(store, "a").version == 2
    assert audit.entries(store, kinds=("inventory.import",))[0].data["added"] == 1200


def test_what_is_removed_is_gone_but_for_its_history(store):
    add(store)
    with pytest.raises(Stale):
        inventory.remove(store, "a", 3, by="U1", now=2000)
    inventory.remove(store, "a", 1, by="U1", now=2000)
    assert inventory.get(store, "a") is None and inventory.entries(store) == []
    assert [e.change for e in inventory.history(store, "a")] == ["added", "removed"]
    for version in (0, 2):
        with pytest.raises(Stale):
            inventory.save(store, [Write("a", version, COST)], by="U1", now=3000, origin="slack")


def test_files_bring_entries_in_and_leave_alone_what_people_changed(store):
    given = [("a", COST), ("b", COST), ("c", COST)]
    assert inventory.seed(store, given, now=1000) == 3 and inventory.seed(store, given, now=1001) == 0
    inventory.save(store, [Write("a", 1, COST | {"note": "手で"})], by="U1", now=2000, origin="slack")
    inventory.remove(store, "b", 1, by="U1", now=2000)
    assert inventory.seed(store, [(id, COST | {"kind": "表"}) for id, _ in given], now=3000) == 1
    found = {e.id: e for e in inventory.entries(store)}
    assert set(found) == {"a", "c"} and found["a"].content["note"] == "手で" and found["c"].content["kind"] == "表"


def test_two_replicas_that_start_together_bring_entries_in_once(store):
    given = [(f"i{n}", COST) for n in range(20)]
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: inventory.seed(store, given, now=1000), range(4))) == 20
    assert len(inventory.entries(store)) == 20


def test_an_owner_is_told_once_of_each_review_date(store):
    add(store)
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: inventory.ask_for(store, "a", "2026-11-01"), range(4)))
    assert told.count(True) == 1 and inventory.asked(store) == {"a": "2026-11-01"}
    assert inventory.ask_for(store, "a", "2027-11-01") and not inventory.ask_for(store, "x", "2027-11-01")
