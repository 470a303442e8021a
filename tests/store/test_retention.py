"""How long things are kept: to the day, kind by kind, with a trace, and not while a case is open."""

import sqlalchemy as sa

from bot.store import (
    Dialogue,
    Person,
    audit,
    cases,
    checks,
    dialogue,
    gaps,
    inbox,
    outbox,
    people,
    requests,
    retention,
    rules,
    schema_checks,
)
from bot.store.schema import metadata
from bot.store.schema_rules import nudges

NOW, DAY = 1_700_000_000, 86_400
NUDGE = dict.fromkeys(("tries", "due_at", "expires_at", "last_at", "edition"), NOW)
RUN = dict.fromkeys(("version", "started_at", "updated_at", "events"), NOW)
RUN |= {"id": "run", "checklist": "c", "person": "U1", "department": "", "campaign": "", "state": {}}
NUDGE |= {"person": "U1", "kind": "rule", "subject": "r", "answer": ""}


def fill(store):
    inbox.receive(store, "i", kind="event", payload=b"x", owner="a", now=NOW)
    inbox.finish(store, "i", now=NOW)
    people.put(store, Person("U1", "T", "n", "", False, False, False, False, NOW))
    dialogue.save(store, Dialogue("d", "U1", "D1", {}, NOW, NOW))
    outbox.plan(store, "o", kind="letter", target="U1", message={}, due_at=NOW, lookup=True)
    outbox.mark_sent(store, outbox.claim(store, owner="a", now=NOW), channel="D1", ts="1")
    requests.add(store, id="r", kind="ask", person="U1", note="n", rules=(), verdict=None, intent="leak", now=NOW)
    requests.finish(store, "r", by="U2", now=NOW)
    with store.begin() as tx:
        cases.open_case(tx, "c", day="2023-11-14", reporter="U1", origin="c", data={}, now=NOW)
        cases.add(tx, "c", "closed", now=NOW)
        tx.connection.execute(sa.insert(nudges).values(NUDGE | {"id": "n", "state": "answered"}))
        tx.connection.execute(sa.insert(nudges).values(NUDGE | {"id": "planned", "state": "planned"}))
        rules.comment(tx, rules.Comment("k", "r", 1, "U1", "text", NOW))
    with store.begin() as tx:
        tx.connection.execute(sa.insert(schema_checks.runs).values(RUN))
        gaps.assign(tx, gaps.Kept("g", "s", "c", "q", "no", "U1", "2026-12-01", "U1", NOW))
        gaps.finish(tx, "g", now=NOW)
        gaps.assign(tx, gaps.Kept("open", "s", "c", "q", "no", "U1", "2026-12-01", "U1", NOW))
        checks.put_note(tx, "run", "question", checks.Note("note"), now=NOW)
    # What is not done with stays for good.
    inbox.receive(store, "open", kind="event", payload=b"x", owner="a", now=NOW)
    outbox.plan(store, "due", kind="letter", target="U1", message={}, due_at=NOW, lookup=True)
    requests.add(store, id="open", kind="ask", person="U1", note="n", rules=(), verdict=None, intent="leak", now=NOW)


def gone(store, days, **more):
    return {r.kind: r.count for r in retention.purge(store, now=NOW + days * DAY + 1, **more)}


def test_each_kind_goes_after_its_days_and_not_before(store):
    fill(store)
    for kind in retention.KINDS:
        assert gone(store, kind.days - 1, dry=True)[kind.name] == 0, kind
        assert gone(store, kind.days, dry=True)[kind.name] == 1, kind
    gone(store, 9999)
    assert gone(store, 9999) == dict.fromkeys((k.name for k in retention.KINDS), 0)


def test_what_goes_leaves_its_number_and_no_word(store):
    fill(store)
    gone(store, 2000)
    left = audit.entries(store, kinds=("store.purged",))
    assert sorted(e.subject for e in left) == sorted(k.name for k in retention.KINDS)
    assert all(set(e.data) == {"count", "before"} and e.data["count"] == 1 for e in left)
    assert audit.verify(store) is None
    gone(store, 2000)
    assert len(audit.entries(store, kinds=("store.purged",))) == len(left)  # nothing more to say


def test_a_dry_run_says_the_same_and_changes_nothing(store):
    fill(store)
    said = gone(store, 2000, dry=True)
    assert set(said.values()) == {1} and audit.entries(store, kinds=("store.purged",)) == []
    assert gone(store, 2000) == said


def test_an_open_case_holds_up_what_may_belong_to_it(store):
    fill(store)
    with store.begin() as tx:
        cases.open_case(tx, "other", day="2023-11-14", reporter="U1", origin="x", data={}, now=NOW)
    found = {r.kind: r for r in retention.purge(store, now=NOW + 2000 * DAY)}
    assert {k for k, r in found.items() if r.paused} == {k.name for k in retention.KINDS if k.waits}
    assert found["requests"].count == found["cases"].count == 0 and found["inbox"].count == 1
    with store.begin() as tx:
        cases.add(tx, "other", "closed", now=NOW + 2000 * DAY)
    assert gone(store, 2000)["cases"] == 1
    assert cases.load(store, "c") is None and cases.load(store, "other") is not None


def test_every_table_is_kept_for_so_long_or_for_a_reason():
    timed = [table for kind in retention.KINDS for table in kind.tables or (kind.name,)]
    assert {t.name for t in metadata.sorted_tables} == {*timed, *retention.KEPT}
    assert not set(timed) & set(retention.KEPT)
