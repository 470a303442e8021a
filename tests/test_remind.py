"""`himitsu remind` over the data of a bot that ran."""

import csv

import pytest
from click.testing import CliRunner

from bot.cli import main
from bot.store import audit, nudges, open_key, open_store, people, rules
from bot.store.people import Person
from bot.store.schema import audit as table
from bot.tryout.browser import COMPANY
from dialogs.rules.models import Content

USB = Content("私物のUSB", "つなぎません。", "持ち出しを防ぎます。", "C-2", "U1AAAAA", "", ("all",), 180)


@pytest.fixture
def there(tmp_path, monkeypatch):
    """A database with a rule in force, somebody who gets nudges, and what they were shown; its store."""
    monkeypatch.setenv("HIMITSU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HIMITSU_KEY_FILE", str(tmp_path / "config" / "key"))
    monkeypatch.setenv("HIMITSU_COMPANY_DIR", str(COMPANY))
    (tmp_path / "data").mkdir()
    key = open_key(tmp_path / "config" / "key", store_is_new=True)
    store = open_store(f"sqlite:///{tmp_path}/data/himitsu.db", key)
    rules.save_draft(store, "c2.usb", USB, by="U2AAAAA", now=1.79e9)
    rules.publish(store, "c2.usb", by="U2AAAAA", now=1.79e9)
    people.put(store, Person("U1AAAAA", "", "=佐藤", "Asia/Tokyo", False, False, False, False, 1))
    nudges.save_member(store, nudges.Member("U1AAAAA", choice="on"))
    data = {"edition": 1, "digest": USB.digest, "person": "U1AAAAA", "how": "nudge"}
    audit.append(store, "rule.shown", "c2.usb", actor="", now=1.7901e9, data=data)
    yield store
    store.close()


def run(*words, code=0):
    result = CliRunner().invoke(main, ["remind", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_a_dry_run_says_who_gets_what_next_and_changes_nothing(there):
    said = run("--dry-run")
    assert "=佐藤 (U1AAAAA)" in said and "「私物のUSB」(c2.usb)" in said and "10:00 Asia/Tokyo" in said
    assert nudges.member(there, "U1AAAAA").next_at is None
    nudges.save_member(there, nudges.Member("U1AAAAA", choice="off"))
    assert "受け取っている人はいません" in run("--dry-run")
    assert "--dry-run" in run()


@pytest.mark.parametrize("form", ["csv", "xlsx", "pdf"])
def test_the_proof_is_written(there, tmp_path, form):
    file = tmp_path / f"proof.{form}"
    assert "記録 2件あります" in run("export", str(file), "--dry-run") and not file.exists()
    assert "改ざんはありません" in run("export", str(file))
    assert file.stat().st_size > 200
    if form == "csv":
        rows = list(csv.reader(file.read_text(encoding="utf-8-sig").splitlines()))
        assert [row[5] for row in rows[1:3]] == ["公開", "知らせた"] and rows[2][7] == USB.digest
        assert rows[2][4] == "'=佐藤 (U1AAAAA)"  # no formula in a spreadsheet


def test_it_is_narrowed_by_rule_person_and_day(there, tmp_path):
    file = str(tmp_path / "proof.csv")
    assert "記録 1件あります" in run("export", file, "--person", "U1AAAAA", "--dry-run")
    assert "記録 0件あります" in run("export", file, "--rule", "c4.mark", "--dry-run")
    assert "記録 1件あります" in run("export", file, "--since", "2026-09-23", "--dry-run")
    assert "記録 1件あります" in run("export", file, "--until", "2026-09-22", "--dry-run")
    assert ".csv .xlsx .pdf" in run("export", str(tmp_path / "proof.doc"), code=2)
    assert "書けません" in run("export", str(tmp_path / "no" / "proof.csv"), code=1)


def test_a_broken_chain_is_told(there):
    assert "改ざんはありません" in run("verify")
    with there.begin() as tx:
        tx.connection.execute(table.update().where(table.c.seq == 2).values(actor="U9"))
    assert "番号 2 で切れています(書きかえられています)" in run("verify", code=1)


def test_without_data_it_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("HIMITSU_DATA_DIR", str(tmp_path / "none"))
    assert "There is no data yet" in run("verify", code=1)
