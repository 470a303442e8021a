"""A new key: everything is sealed anew, also when it is cut short, also while the bot runs."""

import base64

import pytest
import sqlalchemy as sa

from bot.features.cases.change import about, case_of
from bot.store import (
    Dialogue,
    audit,
    cases,
    checks,
    dialogue,
    gaps,
    inbox,
    inventory,
    open_key,
    open_store,
    outbox,
    requests,
    rules,
    sealed,
)
from bot.store.errors import KeyRefused, SealBroken
from bot.store.schema import metadata
from bot.store.sealing import Sealer, add_key, drop_old_keys

NOW = 1_700_000_000


@pytest.fixture
def key_file(tmp_path):
    return tmp_path / "keys" / "key"


@pytest.fixture
def opened(url, key_file):
    store = open_store(url, open_key(key_file, store_is_new=True))
    yield store
    store.close()


def fill(store, count=5):
    for n in range(count):
        requests.add(
            store,
            id=f"r{n}",
            kind="ask",
            person=f"U{n}",
            note=f"note {n}",
            rules=(),
            verdict=None,
            intent="leak",
            now=NOW,
        )
        outbox.plan(store, f"o{n}", kind="letter", target="U1", message={"text": f"text {n}"}, due_at=NOW, lookup=True)
        inbox.receive(store, f"i{n}", kind="event", payload=b"payload", owner="a", now=NOW)
    audit.append(store, "test", "x", actor="", now=NOW)


def told(store):
    """Everything that is sealed, opened."""
    notes = [(r.person, r.note) for r in requests.open_requests(store)]
    messages = []
    while row := outbox.claim(store, owner="t", now=NOW):
        messages.append(row.message["text"])
    payloads = [d.payload for d in inbox.claim_stale(store, owner="t", now=NOW + 3600)]
    return sorted(notes), sorted(messages), payloads


def test_every_column_of_bytes_is_listed_as_sealed_or_plain():
    there = {(t.name, c.name) for t in metadata.tables.values() for c in t.c if isinstance(c.type, sa.LargeBinary)}
    listed = [*((each.table, each.column) for each in sealed.SEALED if not each.inside), *sealed.PLAIN]
    assert there == set(listed)
    assert len(listed) == len(set(listed))


def test_every_kind_of_value_is_bound_to_the_place_that_is_listed(opened, key_file):
    """A value of each sealed column, made by the functions that make it in use, opens where the list says."""
    fill(opened, 1)
    content = rules.Content("t", "x", "", "C-1")
    with opened.begin() as tx:
        cases.open_case(tx, "c", day="2026-11-23", reporter="U1", origin="o", data={}, now=NOW)
        inventory.save(tx, [inventory.Write("e", 0, {"name": "x"}, ())], by="U1", now=NOW, origin="slack")
        rules.save_draft(tx, "r", content, by="U1", now=NOW)
        rules.publish(tx, "r", by="U1", now=NOW)
        rules.save_draft(tx, "r", content, by="U1", now=NOW)
        rules.comment(tx, rules.Comment("k", "r", 1, "U1", "text", NOW))
        checks.put_note(tx, "run", "question", checks.Note("note", "evidence"), now=NOW)
        gaps.assign(tx, gaps.Kept("g", "s", "c", "q", "no", "U1", "2026-12-01", "U1", NOW))
        gaps.finish(tx, "g", evidence="done", now=NOW)
    dialogue.save(opened, about(opened, "U1", "work", "the case", id="d", now=NOW))
    dialogue.save(opened, Dialogue("plain", "U1", "D1", {"kind": "x"}, NOW, NOW))
    with opened.begin(reads=True) as tx:
        assert sealed._count(tx, sealed.Sealed("dialogues", "state", inside="x"), old=False) == 1
        for each in sealed.SEALED:
            table, column = sealed._found(each)
            rows = tx.connection.execute(sa.select(*table.primary_key.columns, column).where(column.is_not(None))).all()
            assert rows, f"no value of {each} was made here"
            for row in rows:
                if (held := sealed._held(each, row[-1])) is not None:
                    tx.sealer.unseal(held, place=sealed._place(each, row))
    add_key(key_file)
    assert sealed.reseal(opened, batch=1).shut == () and sealed.count_old(opened) == 0
    assert rules.edition(opened, "r", 1).content == content
    assert inventory.get(opened, "e").content == {"name": "x"}
    assert cases.reporter(opened, "c") == "U1"
    assert case_of(opened, dialogue.load(opened, "d")) == "the case"
    assert dialogue.load(opened, "plain").state == {"kind": "x"}
    assert checks.notes_of(opened, "run") == {"question": checks.Note("note", "evidence")}
    assert gaps.get(opened, "g").evidence == "done"


def test_everything_is_sealed_with_the_new_key_and_still_opens(opened, key_file):
    fill(opened)
    add_key(key_file)
    assert sealed.count_old(opened) == 5 * 4 + 2  # and the two of meta
    found = sealed.reseal(opened, batch=2)
    assert found == sealed.Resealed(22)
    assert sealed.count_old(opened) == 0
    drop_old_keys(key_file)
    opened._sealer = Sealer(_keys(key_file))  # nothing but the new key
    assert told(opened) == (
        sorted((f"U{n}", f"note {n}") for n in range(5)), sorted(f"text {n}" for n in range(5)), [b"payload"] * 5
    )  # fmt: skip
    assert audit.verify(opened) is None


def _keys(path):
    return [base64.b64decode(line) for line in path.read_text().splitlines() if line and not line.startswith("#")]


def test_cut_short_it_goes_on_where_it_was(opened, key_file):
    fill(opened)
    add_key(key_file)

    class Cut(Exception):
        pass

    def cut(count):
        if count >= 7:
            raise Cut

    with pytest.raises(Cut):
        sealed.reseal(opened, batch=2, done=cut)
    left = sealed.count_old(opened)
    assert 0 < left < 22
    assert len(requests.open_requests(opened)) == 5  # half and half still opens
    assert sealed.reseal(opened).done == left
    assert sealed.reseal(opened).done == 0


def test_a_bot_that_runs_takes_the_new_key_up_by_itself(url, key_file):
    running = open_store(url, open_key(key_file, store_is_new=True))
    other = open_store(url, open_key(key_file, store_is_new=False))
    fill(running)
    add_key(key_file)
    sealed.reseal(other)
    assert len(requests.open_requests(running)) == 5
    requests.add(
        running, id="late", kind="ask", person="U9", note="late", rules=(), verdict=None, intent="leak", now=NOW
    )
    assert sealed.count_old(other) == 0
    drop_old_keys(key_file)
    assert len(requests.open_requests(running)) == 6
    running.close()
    other.close()


def test_what_no_key_opens_is_left_and_named(opened, key_file):
    fill(opened, 2)
    with opened.begin() as tx:
        note = Sealer([b"?" * 32]).seal(b"x", place="requests/r0/note")
        tx.connection.execute(sa.text("UPDATE requests SET note = :note WHERE id = 'r0'"), {"note": note})
    add_key(key_file)
    found = sealed.reseal(opened)
    assert found.shut == ("requests/r0/note",) and sealed.count_old(opened) == 1
    with pytest.raises(SealBroken):
        requests.get(opened, "r0")


def test_a_value_that_changed_meanwhile_is_not_overwritten(opened, key_file, monkeypatch):
    fill(opened, 1)
    add_key(key_file)
    real = Sealer.unseal

    def slow(self, value, *, place):
        plain = real(self, value, place=place)
        if place == "outbox/o0/message" and plain != b"changed":
            with_new = self.seal(b"changed", place=place)
            tx.connection.execute(sa.text("UPDATE outbox SET message = :m"), {"m": with_new})
        return plain

    with opened.begin() as tx:
        monkeypatch.setattr(Sealer, "unseal", slow)
        table, each = metadata.tables["outbox"], sealed.Sealed("outbox", "message")
        (row,) = sealed._batch(tx, each, None, 10)
        assert sealed._again(tx, each, row) == 0
        monkeypatch.setattr(Sealer, "unseal", real)
        kept = tx.connection.execute(sa.select(table.c.message)).scalar_one()
        assert tx.sealer.unseal(kept, place="outbox/o0/message") == b"changed"


def test_the_new_key_stands_first_and_the_file_stays_closed_to_others(key_file):
    before = open_key(key_file, store_is_new=True)
    value = before.seal(b"x", place="a/b/c")
    add_key(key_file)
    after = open_key(key_file, store_is_new=False)
    assert after.unseal(value, place="a/b/c") == b"x" and after.current != Sealer([_keys(key_file)[1]]).current
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert drop_old_keys(key_file) == 1 and drop_old_keys(key_file) == 0
    with pytest.raises(SealBroken):
        open_key(key_file, store_is_new=False).unseal(value, place="a/b/c")


def test_another_key_file_put_in_its_place_does_not_take_over(key_file, tmp_path, caplog):
    running = open_key(key_file, store_is_new=True)
    good = key_file.read_text()
    open_key(tmp_path / "other", store_is_new=True)
    key_file.write_text((tmp_path / "other").read_text())
    value = running.seal(b"x", place="a")
    assert "another one" in caplog.text
    key_file.write_text(good)
    assert open_key(key_file, store_is_new=False).unseal(value, place="a") == b"x"


def test_a_bot_that_slept_through_a_rotation_takes_the_new_key(key_file):
    idle = open_key(key_file, store_is_new=True)
    for _ in range(2):
        add_key(key_file)
        drop_old_keys(key_file)
    value = idle.seal(b"x", place="a")
    assert open_key(key_file, store_is_new=False).unseal(value, place="a") == b"x"


def test_a_key_file_that_is_damaged_for_a_moment_changes_nothing(key_file):
    sealer = open_key(key_file, store_is_new=True)
    value = sealer.seal(b"x", place="a/b/c")
    good = key_file.read_text()
    key_file.write_text("not a key\n")
    assert sealer.unseal(sealer.seal(b"y", place="d"), place="d") == b"y"
    assert sealer.unseal(value, place="a/b/c") == b"x"
    with pytest.raises(KeyRefused):
        add_key(key_file)
    key_file.write_text(good)
    assert sealer.unseal(value, place="a/b/c") == b"x"
