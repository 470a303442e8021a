"""How long things are kept: to the day, kind by kind, with a trace, and not while a case is open."""

from bot.store import Dialogue, Person, audit, dialogue, inbox, outbox, people, requests, retention
from bot.store.schema import metadata

NOW, DAY = 1_700_000_000, 86_400


def fill(store):
    inbox.receive(store, "i", kind="event", payload=b"x", owner="a", now=NOW)
    inbox.finish(store, "i", now=NOW)
    people.put(store, Person("U1", "T", "n", "", False, False, False, False, NOW))
    dialogue.save(store, Dialogue("d", "U1", "D1", {}, NOW, NOW))
    outbox.plan(store, "o", kind="letter", target="U1", message={}, due_at=NOW, lookup=True)
    outbox.mark_sent(store, outbox.claim(store, owner="a", now=NOW), channel="D1", ts="1")
    requests.add(store, id="r", kind="ask", person="U1", note="n", rules=(), verdict=None, intent="leak", now=NOW)
    requests.finish(store, "r", by="U2", now=NOW)
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
    gone(store, 1000)
    left = audit.entries(store)
    assert sorted(e.subject for e in left) == sorted(k.name for k in retention.KINDS)
    assert all(e.kind == "store.purged" and set(e.data) == {"count", "before"} and e.data["count"] == 1 for e in left)
    assert audit.verify(store) is None
    gone(store, 1000)
    assert len(audit.entries(store)) == len(left)  # nothing more to say


def test_a_dry_run_says_the_same_and_changes_nothing(store):
    fill(store)
    said = gone(store, 1000, dry=True)
    assert set(said.values()) == {1} and audit.entries(store) == []
    assert gone(store, 1000) == said


def test_an_open_case_holds_up_what_may_belong_to_it(store, monkeypatch):
    fill(store)
    monkeypatch.setattr(retention, "OPEN", (lambda tx: 1,))
    found = {r.kind: r for r in retention.purge(store, now=NOW + 1000 * DAY)}
    assert {k for k, r in found.items() if r.paused} == {k.name for k in retention.KINDS if k.waits}
    assert found["requests"].count == 0 and found["inbox"].count == 1
    monkeypatch.setattr(retention, "OPEN", (lambda tx: 0,))
    assert gone(store, 1000)["requests"] == 1


def test_every_table_is_kept_for_so_long_or_for_a_reason():
    kept = {"meta", "audit", "channels", "pacing"}  # the key's check, the chain, where DMs are, one row
    assert {t.name for t in metadata.sorted_tables} == kept | {k.name for k in retention.KINDS}
