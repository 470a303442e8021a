"""himitsu doctor: what this machine tells: key, database, deliveries, company files, index."""

import contextlib
import stat
import time

from bot.doctor import examine
from bot.doctor.finding import line
from bot.store import inbox, look, open_key, open_store, outbox

from .conftest import closed_port, keys, seen, started, written

# --- the key


def test_a_key_that_others_can_read(set_up, tmp_path):
    key = tmp_path / "config" / "key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o640)
    found = list(examine(set_up))
    assert keys(found, "key") == ["exposed"] and f"chmod 600 {key}" in next(f.do for f in found if f.check == "key")
    assert keys(found, "database") == ["ok"]


def test_another_key_than_the_database_s(set_up, tmp_path):
    key = tmp_path / "config" / "key"
    key.unlink()
    open_key(key, store_is_new=True)
    assert seen(set_up, "key") == ["other"]


def test_a_key_that_is_lost(set_up, tmp_path):
    (tmp_path / "config" / "key").unlink()
    assert seen(set_up, "key") == ["missing"]
    assert not (tmp_path / "config" / "key").exists()


def test_a_key_that_is_damaged(set_up, tmp_path):
    (tmp_path / "config" / "key").write_text("not a key\n")
    assert seen(set_up, "key") == ["broken"]


def test_a_key_without_a_database_proves_nothing(set_up, tmp_path):
    (tmp_path / "data" / "himitsu.db").unlink()
    assert seen(set_up, "key") == ["unused"]
    assert seen(set_up | {"HIMITSU_DATABASE_URL": "mysql://x/y"}, "key") == ["unproven"]
    (tmp_path / "config" / "key").unlink()
    assert seen(set_up | {"HIMITSU_DATABASE_URL": "mysql://x/y"}, "key") == ["away"]


# --- the database


def test_a_database_that_is_damaged_or_no_database(set_up, tmp_path):
    file = tmp_path / "data" / "himitsu.db"
    whole = file.read_bytes()
    file.write_bytes(whole[:4096] + b"\xff" * 4096 + whole[8192:])
    assert seen(set_up, "database") in (["damaged"], ["refused"])
    file.write_bytes(b"no database at all" * 100)
    found = list(examine(set_up))
    assert keys(found, "database") == ["refused"] and "damaged" in next(f.says for f in found if f.check == "database")


def test_a_database_that_others_can_read(set_up, tmp_path):
    (tmp_path / "data" / "himitsu.db").chmod(0o644)
    assert seen(set_up, "database") == ["exposed", "ok"]


def test_a_database_of_another_version(set_up, tmp_path):
    import sqlite3

    with contextlib.closing(sqlite3.connect(tmp_path / "data" / "himitsu.db")) as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
        database.commit()
        assert seen(set_up, "database") == ["newer"]
        database.execute("DELETE FROM alembic_version")
        database.commit()
        found = list(examine(set_up))
    assert (
        keys(found, "database") == ["behind"] and keys(found, "key") == ["unproven"] and not keys(found, "deliveries")
    )


def test_a_place_where_no_database_can_be_made(workspace, tmp_path, around):
    (tmp_path / "file").write_text("")
    assert seen(around(workspace, HIMITSU_DATA_DIR=str(tmp_path / "file" / "data")), "database") == ["no_place"]


def test_the_password_of_a_database_is_not_shown(workspace, tmp_path, around):
    url = f"postgresql://himitsu:pa55word@127.0.0.1:{closed_port()}/himitsu"
    found = list(examine(around(workspace, HIMITSU_DATABASE_URL=url)))
    assert keys(found, "database") == ["refused"]
    assert "pa55word" not in "\n".join(map(line, found))


def test_a_database_is_read_on_both_engines(url, sealer):
    assert look(url, sealer) is None
    store = open_store(url, sealer)
    now = time.time()
    assert inbox.receive(store, "a", "message", b"x", owner="o", now=now)
    outbox.plan(store, "o1", kind="k", target="U1", message={"text": "x"}, due_at=now, lookup=True)
    outbox.fail(store, outbox.claim(store, owner="o", now=now), reason="channel_not_found")
    store.close()
    health = look(url, sealer)
    assert (health.behind, health.newer, health.damage, health.key_fits) == (False, False, "", True)
    assert health.backlog.open == 1 and [t.reason for t in health.troubles] == ["channel_not_found"]
    assert look(url, type(sealer)([b"o" * 32])).key_fits is False
    assert look(url, None).key_fits is None


def test_what_waits_and_what_was_not_delivered_is_counted(set_up, tmp_path):
    now = time.time()
    store = started(set_up, tmp_path)
    assert inbox.receive(store, "a", "message", b"x", owner="o", now=now)
    assert seen(set_up, "deliveries") == ["waiting"]
    later = now + 20 * 60
    found = list(examine(set_up, now=lambda: later))
    assert keys(found, "deliveries") == ["backlog"] and "20分前" in next(
        f.says for f in found if f.check == "deliveries"
    )
    inbox.expire(store, now=later)
    outbox.plan(store, "o1", kind="k", target="U1", message={"text": "x"}, due_at=now, lookup=True)
    outbox.fail(store, outbox.claim(store, owner="o", now=now), reason="channel_not_found")
    store.close()
    found = list(examine(set_up))
    assert keys(found, "deliveries") == ["given_up", "troubles"]
    assert "channel_not_found 1" in "\n".join(f.says for f in found)
    assert not [f for f in found if f.state == "do"]


# --- company files, index


def test_company_files_that_are_not_there(workspace, tmp_path, around):
    found = list(examine(around(workspace, HIMITSU_COMPANY_DIR=str(tmp_path / "gone"))))
    assert keys(found, "company") == ["lost"]
    assert seen(around(workspace, HIMITSU_COMPANY_DIR=""), "company") == ["none"]


def test_company_files_with_problems(workspace, tmp_path, around):
    environment = around(workspace)
    folder = written(tmp_path / "company", {"nmae": "x"})
    found = list(examine(environment | {"HIMITSU_COMPANY_DIR": str(folder)}))
    assert keys(found, "company") == ["problems"] and keys(found, "index") == ["skipped"]
    assert "himitsu validate" in next(f.do for f in found if f.check == "company")


def test_an_index_that_cannot_be_kept(workspace, tmp_path, monkeypatch, around):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("HIMITSU_INDEX", str(tmp_path / "file" / "index.db"))
    assert seen(around(workspace), "index") == ["memory"]
