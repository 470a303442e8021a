"""The commands of who runs the bot, on both databases: what they say, what they change, and what they leave alone."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from bot.cli import main
from bot.store import audit, open_key, open_store, outbox, requests, sealed

NOW = 1_700_000_000
ROOT = Path(__file__).parents[1]


@pytest.fixture
def there(url, tmp_path, monkeypatch):
    """A database in use, as the commands find it."""
    if url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path}/data/himitsu.db"
    monkeypatch.setenv("HIMITSU_DATABASE_URL", url)
    monkeypatch.setenv("HIMITSU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HIMITSU_KEY_FILE", str(tmp_path / "keys" / "key"))
    store = open_store(url, open_key(tmp_path / "keys" / "key", store_is_new=True))
    for n in range(3):
        audit.append(store, "case.opened", f"c{n}", actor="U1", now=NOW)
        requests.add(store, "ask", "U1", id=f"r{n}", note="the note", intent="leak", now=NOW)
        requests.finish(store, f"r{n}", by="U2", now=NOW)
    outbox.plan(store, "o", kind="letter", target="U1", message={"text": "x"}, due_at=NOW, lookup=True)
    yield store
    store.close()


def run(*words, code=0, given=None):
    done = CliRunner().invoke(main, list(words), input=given)
    assert done.exit_code == code, done.output
    return done.output


def change(store, statement):
    with store.begin() as tx:
        tx.connection.execute(sa.text(statement))


def test_audit_says_that_the_chain_is_whole_and_gives_its_end(there):
    said = run("audit")
    seq, mac = audit.head(there)
    assert "3件" in said and f"{seq}:{mac}" in said
    assert "3件" in run("audit", "--expect", f"{seq}:{mac}")
    audit.append(there, "case.closed", "c0", actor="U1", now=NOW)
    assert "4件" in run("audit", "--expect", f"{seq}:{mac}")  # longer is no harm


@pytest.mark.parametrize(
    "statement, expected",
    [
        ("UPDATE audit SET actor = 'U9' WHERE seq = 2", "2番の記録が、書きかえられています"),
        ("DELETE FROM audit WHERE seq = 2", "2番の記録が、抜けています"),
        ("DELETE FROM audit WHERE seq = 1", "1番の記録が、抜けています"),
    ],
)
def test_audit_names_the_first_row_that_is_broken(there, statement, expected):
    change(there, statement)
    assert expected in run("audit", code=1)


def test_rows_cut_off_at_the_end_show_against_a_copy_of_the_end(there):
    seq, mac = audit.head(there)
    change(there, "DELETE FROM audit WHERE seq = 3")
    assert "2件" in run("audit")
    assert "3番の記録が、ありません" in run("audit", "--expect", f"{seq}:{mac}", code=1)
    audit.append(there, "case.closed", "c9", actor="U1", now=NOW)
    assert "いまの記録が違います" in run("audit", "--expect", f"{seq}:{mac}", code=1)
    assert "番号" in run("audit", "--expect", "3", code=2)


def test_a_rotation_is_told_in_advance_and_changes_nothing_then(there, tmp_path):
    before = (tmp_path / "keys" / "key").read_text()
    assert "封じ直します" in run("rotate-key", "--dry-run")
    assert (tmp_path / "keys" / "key").read_text() == before


def test_a_rotation_seals_everything_and_the_old_key_can_go(there, tmp_path):
    key = tmp_path / "keys" / "key"
    old = key.read_text().splitlines()[-1]
    said = run("rotate-key")
    assert "9件を封じ直しました" in said and "rotate-key --drop-old" in said  # 6 of requests, 1 to send, 2 of meta
    assert key.read_text().splitlines()[-1] == old and sealed.count_old(there) == 0
    assert "1本を消します" in run("rotate-key", "--drop-old", "--dry-run")
    assert "1本" in run("rotate-key", "--drop-old") and old not in key.read_text()
    assert "古い鍵はありません" in run("rotate-key", "--drop-old")
    assert requests.get(there, "r0").note == "the note"
    assert "3件" in run("audit")


def test_a_rotation_that_was_cut_short_makes_no_third_key(there, tmp_path):
    from bot.store.sealing import add_key, count_keys

    key = tmp_path / "keys" / "key"
    add_key(key)
    assert "9件残って" in run("rotate-key", "--drop-old", code=1)
    assert "残り9件" in run("rotate-key", "--dry-run")
    assert "残り9件" in run("rotate-key") and count_keys(key) == 2


def test_what_cannot_be_opened_is_named_and_nothing_else_stops(there):
    change(there, "UPDATE requests SET note = person WHERE id = 'r1'")
    said = run("rotate-key", code=1)
    assert "requests/r1/note" in said and "8件を封じ直しました" in said


def test_without_the_key_nothing_is_made(there, tmp_path):
    key = tmp_path / "keys" / "key"
    key.rename(tmp_path / "away")
    for command in (["audit"], ["rotate-key"], ["purge"]):
        assert "key file" in run(*command, code=1)
    assert not key.exists()


def test_with_another_key_nothing_is_touched(there, tmp_path):
    key = tmp_path / "keys" / "key"
    key.unlink()
    open_key(key, store_is_new=True)
    for command in (["audit"], ["rotate-key"], ["purge"]):
        assert "another key" in run(*command, code=1)


def test_nothing_is_made_where_there_is_no_database(tmp_path, monkeypatch):
    monkeypatch.setenv("HIMITSU_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    monkeypatch.setenv("HIMITSU_KEY_FILE", str(tmp_path / "keys" / "key"))
    for command in (["audit"], ["rotate-key"], ["purge"], ["backup", str(tmp_path / "b.db")]):
        assert "no database" in run(*command, code=1)
    assert list(tmp_path.iterdir()) == []


def test_purge_says_what_goes_and_takes_it(there):
    assert "済んだ相談と知らせ: 3件" in run("purge", "--dry-run")
    assert len(requests.of_person(there, "U1")) == 3
    assert "3件を消しました" in run("purge") and requests.of_person(there, "U1") == []
    assert "消すものはありません" in run("purge")
    assert audit.entries(there, kinds=("store.purged",))[0].data["count"] == 3


def test_backup_and_restore_or_the_tools_of_postgresql(there, tmp_path):
    copy = tmp_path / "copy.db"
    if there.engine_name == "postgresql":
        assert "pg_dump" in run("backup", str(copy), code=1)
        assert "pg_restore" in run("restore", str(copy), code=1)
        return
    assert str(copy) in run("backup", str(copy), "--dry-run") and not copy.exists()
    said = run("backup", str(copy))
    assert str(tmp_path / "keys" / "key") in said and "入っていません" in said
    assert "already" in run("backup", str(copy), code=1)
    run("backup", str(copy), "--force")
    requests.add(there, "ask", "U1", id="late", note="x", intent="leak", now=NOW)
    assert "何も変えていません" in run("restore", str(copy), "--dry-run")
    run("restore", str(copy), given="n\n", code=1)
    assert requests.get(there, "late")
    said = run("restore", str(copy), given="y\n")
    assert "before-" in said and "1件" in said  # what was due is looked up first
    assert requests.get(there, "late") is None and requests.get(there, "r0").note == "the note"
    assert "damaged" in run("restore", str(tmp_path / "keys" / "key"), "--yes", code=1)


def test_a_backup_opens_without_the_bot_and_holds_no_key(there, tmp_path):
    if there.engine_name == "postgresql":
        return
    run("backup", str(tmp_path / "copy.db"))
    key = (tmp_path / "keys" / "key").read_text().splitlines()[-1]
    assert key.encode() not in (tmp_path / "copy.db").read_bytes()
    with sqlite3.connect(tmp_path / "copy.db") as copy:
        assert copy.execute("SELECT count(*) FROM requests").fetchone() == (3,)


@pytest.mark.parametrize("command", ["audit", "rotate-key", "backup", "restore", "purge", "card"])
def test_each_command_has_its_help(command):
    said = run(command, "--help")
    assert "dry-run" in said or command in ("audit", "card")


def test_the_card_is_written_and_what_is_missing_is_said(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HIMITSU_COMPANY_DIR", raising=False)
    said = run("card", "--out", "first.pdf")
    assert (tmp_path / "first.pdf").read_bytes().startswith(b"%PDF") and "社内の窓口" in said
    assert "書けません" in run("card", "--out", "no/where.pdf", code=1)


def test_a_rotation_killed_in_the_middle_is_ended_by_the_next_one(there, tmp_path):
    many = [outbox.Planned(f"m{n}", "letter", "U1", {"text": f"text {n}"}, NOW, True) for n in range(1500)]
    outbox.plan_many(there, many)
    command = [sys.executable, "-m", "bot.cli", "rotate-key"]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT)
    for line in running.stderr:
        if int(re.findall(r"\d+", line)[0]) >= 200:
            break
    running.kill()
    running.wait()
    left = sealed.count_old(there)
    assert 0 < left < 1509
    assert f"残り{left}件" in run("rotate-key") and sealed.count_old(there) == 0
    run("rotate-key", "--drop-old")
    with there.begin(reads=True) as tx:
        rows = tx.connection.execute(sa.text("SELECT id, message FROM outbox")).all()
        opened = {row.id: tx.sealer.unseal(row.message, place=f"outbox/{row.id}/message") for row in rows}
    assert opened["m7"] == b'{"text": "text 7"}' and len(opened) == 1501
