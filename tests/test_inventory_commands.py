"""`himitsu inventory`: all of a file or nothing, the same database as the bot's, a file for its owner alone."""

import os

import pytest
from click.testing import CliRunner

from bot.cli import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    for name in [n for n in os.environ if n.startswith(("HIMITSU_", "SLACK_"))]:
        monkeypatch.delenv(name)
    (tmp_path / "company").mkdir()
    (tmp_path / "company" / "inventory.yaml").write_text(
        "items:\n- {id: cost, name: 原価表, secrecy: 秘, department: 経理課}\n", encoding="utf-8"
    )
    monkeypatch.setenv("HIMITSU_COMPANY_DIR", str(tmp_path / "company"))
    monkeypatch.setenv("HIMITSU_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HIMITSU_KEY_FILE", str(tmp_path / "config" / "key"))
    monkeypatch.chdir(tmp_path)

    def invoke(*words):
        result = CliRunner().invoke(main, ["inventory", *words])
        return result.exit_code, result.output

    return invoke


def test_what_comes_in_goes_out_and_comes_in_the_same(run, tmp_path):
    (tmp_path / "in.csv").write_text("名前,区分,担当部署\n原価表,極秘,経理課\n図面集,社外秘,開発部\n", encoding="cp932")
    code, said = run("import", "in.csv", "--dry-run")
    assert code == 0 and "新しく加える: 1 件(図面集)" in said and "変える: 1 件(原価表)" in said
    assert run("export", "before.csv") == (0, "1件を before.csv に書き出しました。\n")
    code, said = run("import", "in.csv")
    assert code == 0 and "新しく 1 件、変えたもの 1 件" in said
    for name in ("out.csv", "out.xlsx"):
        assert run("export", name)[0] == 0
        assert (tmp_path / name).stat().st_mode & 0o077 == 0
        assert "新しく 0 件、変えたもの 0 件" in run("import", name)[1]
    assert "極秘" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_a_bad_file_is_named_line_by_line_and_nothing_is_written(run, tmp_path):
    (tmp_path / "in.csv").write_text(
        "名前,区分,担当部署\n図面集,社外秘,開発部\n型紙,秘中の秘,開発部\n", encoding="utf-8"
    )
    code, said = run("import", "in.csv")
    assert code == 1 and "in.csv: 3行目 区分: 「秘中の秘」という区分はありません" in said and "1件も" in said
    run("export", "out.csv")
    assert "図面集" not in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_a_file_that_is_there_or_of_another_kind_is_not_written(run, tmp_path):
    (tmp_path / "out.csv").write_text("mine")
    assert run("export", "out.csv")[0] == 1 and (tmp_path / "out.csv").read_text() == "mine"
    assert run("export", "out.pdf")[0] == 2


def test_a_wrong_inventory_file_is_told_by_validate_and_stops_the_import(run, tmp_path):
    (tmp_path / "company" / "inventory.yaml").write_text(
        "items:\n- {id: x, name: 原価表, secrecy: 秘}\n", encoding="utf-8"
    )
    (tmp_path / "in.csv").write_text("名前,区分,担当部署\n図面集,社外秘,開発部\n", encoding="utf-8")
    assert "inventory.yaml" in run("import", "in.csv")[1]
    result = CliRunner().invoke(main, ["validate", "company"])
    assert result.exit_code == 1 and "inventory.yaml: items[0] (x)" in result.output
