"""himitsu doctor as a whole: each check has words, all is well where it is, and it changes and betrays nothing."""

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot import render
from bot.cli import main
from bot.doctor import examine
from bot.doctor.finding import finding, line, summary

from .conftest import keys, started


def test_a_bot_that_is_set_up_gets_no_advice_but_on_what_cannot_be_seen(workspace, tmp_path, around):
    environment = around(workspace)
    started(environment, tmp_path).close()
    found = list(examine(environment))
    assert {f.check for f in found if f.state != "ok"} == {"manifest", "channels"}
    assert all(f.state == "open" and f.do for f in found if f.state != "ok")
    assert keys(found, "app_token") == ["same"] and keys(found, "key") == ["ok"]
    assert summary(found) == "直すところはありません。"


def test_before_the_first_start_nothing_has_to_be_there(workspace, tmp_path, around):
    found = list(examine(around(workspace)))
    assert [f for f in found if f.state == "do"] == []
    assert (keys(found, "key"), keys(found, "database")) == (["new"], ["new"])


def test_looking_changes_nothing(workspace, tmp_path, around):
    list(examine(around(workspace)))
    assert list(tmp_path.iterdir()) == []
    environment = around(workspace)
    started(environment, tmp_path).close()
    file = tmp_path / "data" / "himitsu.db"
    before = (file.read_bytes(), sorted(p.name for p in file.parent.iterdir()))
    workspace.forget_calls()
    list(examine(environment))
    assert before == (file.read_bytes(), sorted(p.name for p in file.parent.iterdir()))
    methods = {call.method for call in workspace.calls()}
    assert methods == {"api.test", "auth.test", "bots.info", "users.info", "apps.connections.open"}


def test_the_command_prints_each_and_tells_by_its_status(workspace, tmp_path, around):
    environment = around(workspace)
    good = CliRunner().invoke(main, ["doctor"], env=environment)
    assert good.exit_code == 0, good.output
    assert "[OK] ボットのトークン: ひみつ工業 で、himitsu として使えます" in good.output
    bad = CliRunner().invoke(main, ["doctor"], env=environment | {"SLACK_BOT_TOKEN": "xoxb-no-such"})
    assert bad.exit_code == 1
    assert "[直す] ボットのトークン" in bad.output and bad.output.endswith("直すところが1件あります。\n")


def test_no_secret_is_ever_shown(workspace, tmp_path, around):
    given = {
        "SLACK_BOT_TOKEN": "xoxb-12-bottoken",
        "SLACK_APP_TOKEN": "xapp-1-A1-apptoken",
        "SLACK_SIGNING_SECRET": "signed5ecret",
    }
    for more in (
        given,
        {
            "SLACK_BOT_TOKEN": "bottoken wrong",
            "SLACK_APP_TOKEN": "xoxb-apptoken",
            "SLACK_SIGNING_SECRET": "signed5ecret ü",
        },
    ):
        for http in ([], ["--http"]):
            result = CliRunner().invoke(main, ["doctor", *http], env=around(workspace) | more)
            assert result.exit_code == 1
            for secret in ("bottoken", "apptoken", "signed5ecret"):
                assert secret not in result.output


def test_everything_that_is_bad_says_what_to_do():
    words = render.wording("doctor.yaml")
    for check in words["checks"]:
        for key, found in words[check].items():
            assert isinstance(key, str), f"{check}: YAML reads the key as {key!r}"
            if isinstance(found, dict):
                assert found["state"] in words["states"]
                assert found["state"] == "ok" or found["do"], f"{check}.{key}"


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_readme_shows_what_doctor_says(name):
    without = render.wording("manifest.yaml")["scopes"]["im:history"]["without"]
    shown = [
        finding("bot_token", "ok", team="ひみつ工業", user="himitsu"),
        finding("scopes", "missing", scope="im:history", without=without),
        replace(finding("channels", "open"), do=""),
    ]
    readme = (Path(__file__).parents[2] / name).read_text(encoding="utf-8")
    assert "\n".join(map(line, shown)) in readme
