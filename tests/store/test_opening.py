"""Opening the store: new, again, another key, damaged, locked, newer."""

import multiprocessing
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from bot import store as bot_store
from bot.store import KeyRefused, Sealer, StoreError, inbox, open_store, store_is_new
from bot.store.engine import make_engine
from bot.store.migrate import steps
from bot.store.schema import metadata

KEY, OTHER = b"k" * 32, b"x" * 32


def receive(store, id="Ev1"):
    return inbox.receive(store, id, "event", b"{}", owner="a", now=1)


def test_a_store_is_new_until_it_is_opened(url, sealer):
    assert store_is_new(url)
    open_store(url, sealer).close()
    assert not store_is_new(url)


def test_what_was_kept_is_there_after_opening_again(url, sealer):
    store = open_store(url, sealer)
    assert receive(store)
    store.close()
    store = open_store(url, sealer)
    assert not receive(store)
    store.close()


def test_the_migrations_make_the_tables_that_the_code_uses(store):
    with store.begin() as tx:
        found = sa.MetaData()
        found.reflect(tx.connection)
        names = set(found.tables) - {"alembic_version"}
        assert names == set(metadata.tables)
        for name in names:
            ours, theirs = metadata.tables[name], found.tables[name]
            dialect = tx.connection.dialect
            assert {
                (c.name, c.type.compile(dialect).replace(' COLLATE "C"', ""), c.nullable, c.primary_key)
                for c in theirs.columns
            } == {
                (c.name, c.type.compile(dialect).replace(' COLLATE "C"', ""), c.nullable, c.primary_key)
                for c in ours.columns
            }
            assert {(i.name, tuple(c.name for c in i.columns)) for i in theirs.indexes} == {
                (i.name, tuple(c.name for c in i.columns)) for i in ours.indexes
            }


def test_the_steps_are_those_that_alembic_sees_one_after_another():
    scripts = ScriptDirectory(str(Path(bot_store.__file__).parent / "migrations"))
    seen = [script.revision for script in scripts.walk_revisions()][::-1]
    assert scripts.get_heads() == seen[-1:] == steps()[-1:] and seen == steps()


def test_a_start_without_a_new_step_leaves_alembic_out(tmp_path, sealer):
    url = f"sqlite:///{tmp_path}/h.db"
    open_store(url, sealer).close()
    code = f"import sys; from bot.store import Sealer, open_store; open_store({url!r}, Sealer([b'k' * 32])); print('alembic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"


def test_another_key_is_refused_and_changes_nothing(url, sealer):
    open_store(url, sealer).close()
    with pytest.raises(KeyRefused, match="another key"):
        open_store(url, Sealer([OTHER]))
    open_store(url, sealer).close()


def test_a_rotated_key_opens_while_the_old_one_is_in_the_file(url, sealer):
    open_store(url, sealer).close()
    open_store(url, Sealer([OTHER, KEY])).close()
    with pytest.raises(KeyRefused):
        open_store(url, Sealer([OTHER]))


def test_a_database_of_a_newer_version_is_refused_and_left_alone(url, sealer):
    open_store(url, sealer).close()
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreError, match=r"newer himitsu.*9999.*Upgrade himitsu"):
        open_store(url, sealer)
    with engine.begin() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "9999"
    engine.dispose()


def test_a_start_that_fails_leaves_nothing_half_made(url, sealer, monkeypatch):
    with monkeypatch.context() as patch, pytest.raises(ZeroDivisionError):
        patch.setattr(bot_store.opening, "_check_key", lambda tx: 1 / 0)
        open_store(url, sealer)
    assert store_is_new(url)
    store = open_store(url, sealer)
    assert receive(store)
    store.close()


def start(url, gate, results):
    gate.wait(30)
    try:
        open_store(url, Sealer([KEY])).close()
        results.put("ok")
    except Exception as error:
        results.put(repr(error))


def test_processes_that_start_together_migrate_once(url):
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(3), context.Queue()
    processes = [context.Process(target=start, args=(url, gate, results)) for _ in range(3)]
    for process in processes:
        process.start()
    assert [results.get(timeout=60) for _ in processes] == ["ok"] * 3
    for process in processes:
        process.join(20)


# --- SQLite


def test_the_file_is_the_owners_only_and_never_half_written(tmp_path, sealer):
    path = tmp_path / "new/himitsu.db"
    store = open_store(f"sqlite:///{path}", sealer)
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    with store.begin() as tx:
        pragma = {
            name: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert pragma == {
        "journal_mode": "wal" if sqlite3.sqlite_version_info >= (3, 51, 3) else "truncate",
        "synchronous": 2,
        "secure_delete": 1,
        "foreign_keys": 1,
    }
    store.close()


def test_a_file_that_is_no_database_is_called_damaged(tmp_path, sealer):
    (tmp_path / "h.db").write_bytes(b"this is a letter, not a database" * 99)
    with pytest.raises(StoreError, match=r"h\.db is damaged.*backup"):
        open_store(f"sqlite:///{tmp_path}/h.db", sealer)


def test_a_database_with_spoilt_pages_is_called_damaged(tmp_path, sealer):
    path = tmp_path / "h.db"
    store = open_store(f"sqlite:///{path}", sealer)
    for i in range(200):
        receive(store, f"Ev{i:050}")
    store.close()
    content = bytearray(path.read_bytes())
    content[8192:-4096] = bytes(len(content) - 8192 - 4096)
    path.write_bytes(content)
    with pytest.raises(StoreError, match=r"is damaged.*backup"):
        open_store(f"sqlite:///{path}", sealer)


def test_a_database_cut_short_is_called_damaged(tmp_path, sealer):
    path = tmp_path / "h.db"
    open_store(f"sqlite:///{path}", sealer).close()
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(StoreError, match="is damaged"):
        open_store(f"sqlite:///{path}", sealer)


def test_a_place_that_cannot_hold_a_database_is_told(tmp_path, sealer):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="HIMITSU_DATA_DIR"):
        open_store(f"sqlite:///{tmp_path}/file/h.db", sealer)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(f"sqlite:///{tmp_path}", sealer)


def test_a_database_that_cannot_be_written_to_is_told(tmp_path, sealer):
    path = tmp_path / "h.db"
    open_store(f"sqlite:///{path}", sealer).close()
    with pytest.raises(StoreError, match="cannot be written to"):
        open_store(f"sqlite:///file:{path}?mode=ro&uri=true", sealer)


def test_a_database_that_another_program_holds_is_told_and_works_afterwards(tmp_path, sealer, monkeypatch):
    monkeypatch.setattr(bot_store.engine, "BUSY_S", 0.1)
    store = open_store(f"sqlite:///{tmp_path}/h.db", sealer)
    other = sqlite3.connect(tmp_path / "h.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="locked by another program"):
        receive(store)
    other.execute("ROLLBACK")
    assert receive(store)
    other.close()
    store.close()


def test_a_transaction_inside_another_is_a_mistake_and_not_a_standstill(tmp_path, sealer):
    store = open_store(f"sqlite:///{tmp_path}/h.db", sealer)
    with pytest.raises(RuntimeError, match="hand it on"), store.begin(), store.begin():
        pass
    assert receive(store)
    store.close()


def test_closing_waits_for_what_has_begun_and_ends_it(url, sealer):
    store = open_store(url, sealer)
    begun, closed = threading.Event(), threading.Event()

    def work():
        with store.begin() as tx:
            begun.set()
            closed.wait(0.05)
            assert receive(tx)

    thread = threading.Thread(target=work)
    thread.start()
    begun.wait()
    store.close()
    closed.set()
    thread.join()
    with pytest.raises(StoreError, match="has been closed"):
        receive(store)
    again = open_store(url, sealer)
    assert not receive(again)
    again.close()


# --- PostgreSQL


def test_a_server_that_was_restarted_is_met_again(postgres_url, sealer):
    store = open_store(postgres_url, sealer)
    end = sa.text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    other = make_engine(postgres_url)
    with pytest.raises(StoreError, match="cannot be reached"), store.begin() as tx:
        with other.connect() as connection:
            connection.execute(end)
        receive(tx)
    assert receive(store)
    with other.connect() as connection:
        connection.execute(end)
    assert not receive(store)
    other.dispose()
    store.close()


def test_a_replica_that_stands_still_holds_the_others_up_for_a_while_only(postgres_url, sealer, monkeypatch):
    monkeypatch.setattr(bot_store.engine, "BUSY_S", 1)
    store = open_store(postgres_url, sealer)
    held, over = threading.Event(), threading.Event()

    def stand_still():
        with store.begin() as tx:
            receive(tx)
            held.set()
            over.wait(20)

    thread = threading.Thread(target=stand_still)
    thread.start()
    held.wait()
    with pytest.raises(StoreError, match="locked by another program"):
        receive(store)
    over.set()
    thread.join()
    assert not receive(store)
    store.close()


# --- addresses


@pytest.mark.parametrize(
    "url, said",
    [
        ("", "no database address"),
        ("himitsu.db", "no database address"),
        ("postgresql://u:p4ss@h:port/x", "no database address"),
        ("mysql://u:p4ss@h/x", "names mysql"),
        ("postgresql://u:p4ss@127.0.0.1:1/x", r"cannot be reached|refused"),
    ],
)
def test_a_wrong_address_is_told_without_its_password(url, said, sealer):
    with pytest.raises(StoreError, match=said) as caught:
        open_store(url, sealer)
    assert "p4ss" not in str(caught.value)


def test_a_missing_driver_names_the_package(monkeypatch, sealer):
    monkeypatch.setattr(bot_store.engine.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StoreError, match=r"README.md says how, under PostgreSQL"):
        open_store("postgresql://h/x", sealer)


def test_postgres_is_another_name_for_postgresql(postgres_url, sealer):
    store = open_store(postgres_url.replace("postgresql:", "postgres:"), sealer)
    assert store.engine_name == "postgresql" and receive(store)
    store.close()


def test_a_database_that_is_not_there_is_told(postgres_url, sealer):
    with pytest.raises(StoreError, match="lacks what was asked for"):
        open_store(sa.make_url(postgres_url).set(database="nothing").render_as_string(hide_password=False), sealer)


def test_nothing_else_imports_sqlalchemy():
    code = (
        "import sys, bot.settings, bot.clock, bot.cli, bot.services; print({'sqlalchemy', 'alembic'} & {*sys.modules})"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "set()\n"
