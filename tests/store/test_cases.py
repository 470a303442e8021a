"""Leak cases in the store: sealed, append-only, in the audit log without words. On SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.store import SealBroken, audit, cases
from bot.store.schema import metadata
from bot.store.schema_cases import case_events
from bot.store.schema_cases import cases as table

WORDS = "退職者が図面をUSBで持ち出した"


def report(store, id="c1", reporter="U1", origin="d1", day="2026-11-27", now=1000, **data):
    with store.begin() as tx:
        return cases.open_case(
            tx, id, day=day, reporter=reporter, origin=origin, data={"family": "taken", **data}, now=now
        )


def add(store, kind, *, by="U3", now=2000, id="c1", **data):
    with store.begin() as tx:
        return cases.add(tx, id, kind, by=by, data=data, now=now)


def test_receipts_count_up_each_day(store):
    assert [report(store, f"c{n}", origin=f"d{n}") for n in range(3)] == ["11-27-1", "11-27-2", "11-27-3"]
    assert report(store, "c9", origin="d9", day="2026-12-01") == "12-1-1"
    assert cases.by_receipt(store, "11-27-2").id == "c1"


def test_the_same_report_twice_is_one_case(store):
    assert report(store) == "11-27-1"
    assert report(store, "c2") is None
    assert cases.of_origin(store, "d1").receipt == "11-27-1" and cases.of_origin(store, "d2") is None
    assert cases.counts(store) == {"open": 1}


def test_reports_at_the_same_time_get_receipts_of_their_own(store):
    with ThreadPoolExecutor(4) as pool:
        receipts = list(pool.map(lambda n: report(store, f"c{n}", origin=f"d{n}"), range(12)))
    assert sorted(receipts) == sorted(f"11-27-{n}" for n in range(1, 13))
    assert audit.verify(store) is None


def test_events_are_added_in_order_even_where_the_clock_goes_back(store):
    report(store, now=1000)
    add(store, "fact", text=WORDS, now=900)
    add(store, "taken", owner="U3", now=950)
    case = cases.load(store, "c1")
    assert [e.kind for e in case.events] == ["opened", "fact", "taken"]
    assert case.facts[0].text == WORDS and case.owner == "U3"
    assert cases.head(store, "c1").owner == "U3"


def test_events_of_several_at_once_are_all_there(store):
    report(store)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: add(store, "fact", text=f"{n}"), range(20)))
    assert sorted(int(f.text) for f in cases.load(store, "c1").facts) == list(range(20))


def test_nothing_of_it_can_be_read_without_the_key(store):
    report(store, reporter="U01EMPLOYEE", title=WORDS)
    add(store, "fact", by="reporter", text=WORDS)
    add(store, "said", to="reporter", text=WORDS)
    with store.begin() as tx:
        for found in metadata.sorted_tables:
            kept = repr(tx.connection.execute(sa.select(found)).all())
            assert "U01EMPLOYEE" not in kept and WORDS not in kept and "taken" not in kept, found.name
    assert "U01EMPLOYEE" not in str(audit.entries(store))


def test_an_event_that_was_moved_does_not_open(store):
    report(store)
    report(store, "c2", origin="d2")
    with store.begin() as tx:
        body = tx.connection.execute(sa.select(case_events.c.body).where(case_events.c.case == "c1")).scalar()
        tx.connection.execute(sa.update(case_events).where(case_events.c.case == "c2").values(body=body))
    with pytest.raises(SealBroken):
        cases.load(store, "c2")


def test_each_step_is_in_the_audit_log_without_words(store):
    report(store)
    add(store, "taken", owner="U3")
    add(store, "looked", by="U2")
    add(store, "fact", text=WORDS)
    entries = audit.entries(store, subject="c1")
    assert [(e.kind, e.actor) for e in entries] == [
        ("case.opened", ""),
        ("case.taken", "U3"),
        ("case.looked", "U2"),
        ("case.fact", "U3"),
    ]
    assert WORDS not in str(entries) and audit.verify(store) is None


def test_a_persons_own_cases_are_found_and_can_be_let_go(store):
    report(store, reporter="U1")
    report(store, "c2", reporter="U2", origin="d2")
    assert [h.id for h in cases.of_reporter(store, "U1")] == ["c1"]
    assert cases.reporter(store, "c1") == "U1" and cases.reporter(store, "nothing") is None
    with store.begin() as tx:
        assert cases.forget_reporter(tx, "c1") and not cases.forget_reporter(tx, "c1")
    assert cases.of_reporter(store, "U1") == [] and cases.reporter(store, "c1") is None
    assert cases.load(store, "c1") is not None


def test_open_cases_come_by_their_next_date(store):
    for n, next_on in enumerate(("", "2026-12-20", "2026-12-01")):
        report(store, f"c{n}", origin=f"d{n}", now=1000 + n)
        with store.begin() as tx:
            cases.set_dates(tx, f"c{n}", [], next_on=next_on)
    report(store, "c7", origin="d7", alternative=True)
    add(store, "closed", id="c1", outcome="done")
    assert [h.id for h in cases.open_heads(store, alternative=False)] == ["c2", "c0"]
    assert [h.id for h in cases.open_heads(store, alternative=True)] == ["c7"]
    add(store, "reopened", id="c1")
    assert [h.id for h in cases.open_heads(store, alternative=False)] == ["c2", "c1", "c0"]


def test_dates_are_told_once_and_follow_what_is_known(store):
    report(store)
    first, last = ("preliminary", "2026-12-01", 100), ("final", "2026-12-26", 200)
    with store.begin() as tx:
        cases.set_dates(tx, "c1", [first, last], next_on="2026-12-01")
    (due,) = cases.due_dates(store, now=150)
    with store.begin() as tx:
        assert cases.mark_planned(tx, due.id) and not cases.mark_planned(tx, due.id)
    with store.begin() as tx:  # known a day earlier: the final date moves, the first was told already
        cases.set_dates(tx, "c1", [first, ("final", "2026-12-25", 190)], next_on="2026-12-01")
    assert [(d.kind, d.day, d.state) for d in cases.dates_of(store, "c1")] == [
        ("preliminary", "2026-12-01", "planned"),
        ("final", "2026-12-25", "due"),
    ]
    with store.begin() as tx:  # and back again
        cases.set_dates(tx, "c1", [first, last], next_on="2026-12-01")
    assert [d.day for d in cases.due_dates(store, now=1000)] == ["2026-12-26"]


def test_only_closed_cases_are_ever_removed(store):
    report(store, now=1000)
    report(store, "c2", origin="d2", now=1000)
    add(store, "closed", outcome="done", now=2000)
    assert [h.id for h in cases.closed_before(store, 5000)] == ["c1"] and cases.closed_before(store, 2000) == []
    with store.begin() as tx:
        cases.remove(tx, "c1")
    assert cases.load(store, "c1") is None and cases.load(store, "c2") is not None
    assert audit.entries(store, subject="c1")
    with store.begin(reads=True) as tx:
        assert tx.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar() == 1
