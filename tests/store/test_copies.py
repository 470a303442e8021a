"""Backups of SQLite, taken in use and put back; PostgreSQL is told of its own tools."""

import stat

import pytest

from bot.store import Sealer, audit, open_store, outbox, requests
from bot.store.copies import backup, check, restore
from bot.store.errors import KeyRefused, StoreError

NOW = 1_700_000_000


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/data/himitsu.db"


def note(store, id):
    requests.add(store, id=id, kind="ask", person="U1", note=id, rules=(), verdict=None, intent="leak", now=NOW)


def plan(store, id, *, lookup=True, due=NOW):
    outbox.plan(store, id, kind="letter", target="U1", message={"text": id}, due_at=due, lookup=lookup)


def test_a_backup_taken_in_use_holds_what_was_committed(store, url, tmp_path):
    note(store, "before")
    made = backup(url, tmp_path / "copy.db")
    note(store, "after")
    assert made.size == made.path.stat().st_size > 0
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    there = open_store(f"sqlite:///{made.path}", Sealer([b"k" * 32]))
    assert [r.id for r in requests.open_requests(there)] == ["before"]
    there.close()


def test_nothing_is_overwritten_and_nothing_half_made_stays(store, url, tmp_path):
    target = tmp_path / "copy.db"
    target.write_text("somebody's")
    with pytest.raises(StoreError, match="there already"):
        backup(url, target)
    assert target.read_text() == "somebody's"
    assert backup(url, target, replace=True).size > 1000
    with pytest.raises(StoreError, match="database itself"):
        backup(url, tmp_path / "data" / "himitsu.db", replace=True)
    with pytest.raises(StoreError):
        backup(url, tmp_path / "nowhere" / "copy.db")
    assert {p.name for p in tmp_path.iterdir()} <= {"copy.db", "data"}


def test_without_a_database_there_is_nothing_to_copy(url, tmp_path):
    with pytest.raises(StoreError, match="no database"):
        backup(url, tmp_path / "copy.db")


def test_postgresql_is_told_of_its_own_tool(tmp_path, sealer):
    with pytest.raises(StoreError, match="pg_dump"):
        backup("postgresql://u:secret@host/db", tmp_path / "copy.db")
    with pytest.raises(StoreError, match="pg_restore") as told:
        restore("postgresql://u:secret@host/db", tmp_path / "copy.db", sealer, now=NOW)
    assert "secret" not in str(told.value)


def test_a_restore_brings_back_that_moment_and_keeps_what_was_there(store, url, sealer, tmp_path):
    note(store, "before")
    copy = backup(url, tmp_path / "copy.db").path
    note(store, "after")
    found = restore(url, copy, sealer, now=NOW)
    assert [r.id for r in requests.open_requests(store)] == ["before"]  # the bot that still runs sees it too
    kept = open_store(f"sqlite:///{found.before.path}", sealer)
    assert len(requests.open_requests(kept)) == 2
    kept.close()
    assert [e.kind for e in audit.entries(store)] == ["store.restored"] and audit.verify(store) is None


def test_what_was_due_is_looked_up_before_it_is_posted_again(store, url, sealer, tmp_path):
    plan(store, "dm")
    plan(store, "channel", lookup=False)
    plan(store, "later", due=NOW + 9999)
    copy = backup(url, tmp_path / "copy.db").path
    outbox.mark_sent(store, outbox.claim(store, owner="a", now=NOW), channel="D1", ts="1.1")
    assert restore(url, copy, sealer, now=NOW).unclear == 2
    rows = [outbox.claim(store, owner="a", now=NOW) for _ in range(2)]
    assert {row.id for row in rows} == {"dm", "channel"} and all(row.perhaps_posted for row in rows)
    assert all(row.first_try_at == NOW for row in rows)
    assert outbox.claim(store, owner="a", now=NOW) is None  # what was not due yet is sent in its time


def test_what_is_planned_again_for_a_time_before_is_looked_up_too(store, url, sealer, tmp_path):
    """Its row was lost with the newer database, and a feature plans it anew."""
    copy = backup(url, tmp_path / "copy.db").path
    restore(url, copy, sealer, now=NOW)
    plan(store, "nudge:week")
    outbox.plan_many(store, [outbox.Planned("nudge:two", "letter", "U1", {"text": "x"}, NOW - 5, True)])
    plan(store, "new", due=NOW + 1)
    rows = [outbox.claim(store, owner="a", now=NOW + 1) for _ in range(3)]
    assert {row.id: row.perhaps_posted for row in rows} == {"nudge:week": True, "nudge:two": True, "new": False}


def test_a_new_machine_takes_a_backup_with_its_key(store, url, sealer, tmp_path):
    note(store, "mine")
    copy = backup(url, tmp_path / "copy.db").path
    there = f"sqlite:///{tmp_path}/new/himitsu.db"
    assert restore(there, copy, sealer, now=NOW).before is None
    opened = open_store(there, sealer)
    assert requests.get(opened, "mine").note == "mine"
    opened.close()


def test_a_backup_that_cannot_be_used_changes_nothing(store, url, sealer, tmp_path):
    note(store, "mine")
    copy = backup(url, tmp_path / "copy.db").path
    with pytest.raises(KeyRefused):
        restore(url, copy, Sealer([b"o" * 32]), now=NOW)
    bad = tmp_path / "bad.db"
    bad.write_bytes(copy.read_bytes()[:5000] + b"\0" * 5000)
    empty = tmp_path / "empty.db"
    empty.touch()
    text = tmp_path / "text.db"
    text.write_text("no database at all " * 100)
    for file in (bad, empty, text, tmp_path / "not there"):
        with pytest.raises(StoreError):
            check(file, sealer)
        with pytest.raises(StoreError):
            restore(url, file, sealer, now=NOW)
    assert requests.get(store, "mine").note == "mine"
    assert not list((tmp_path / "data").glob("*.before-*"))
