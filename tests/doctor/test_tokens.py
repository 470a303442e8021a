"""himitsu doctor: the tokens, what they may do, and the people who are named, as the stand-in tells."""

from dataclasses import replace

import pytest

from bot import render
from bot.doctor import examine
from bot.doctor.finding import line
from bot.manifest import optional_scopes, scopes
from bot.tryout.slack import AppConfig, StandIn
from bot.tryout.slack.config import default_people

from .conftest import COMPANY, MANAGER, keys, seen, written

# --- tokens


def test_without_any_token_it_says_where_to_get_them_and_looks_at_the_rest(workspace, tmp_path, around):
    environment = around(SLACK_API_URL=workspace.api_url)
    found = list(examine(environment))
    assert keys(found, "settings") == ["bot_token", "app_token"]
    told = "\n".join(map(line, found))
    assert "Bot User OAuth Token" in told and "connections:write" in told and "himitsu manifest" in told
    assert keys(found, "bot_token") == keys(found, "app_token") == ["skipped"]
    assert keys(found, "network") == keys(found, "company") == keys(found, "index") == ["ok"]


def test_what_slack_is_not_asked_with(workspace, tmp_path, around):
    """A token in the wrong variable is not sent anywhere."""
    workspace.forget_calls()
    found = list(examine(around(workspace, SLACK_BOT_TOKEN=workspace.app_token, SLACK_APP_TOKEN=workspace.bot_token)))
    assert keys(found, "settings") == ["bot_token", "app_token"]
    assert {call.method for call in workspace.calls()} == {"api.test"}


@pytest.mark.parametrize(
    ("error", "key"),
    [
        ("invalid_auth", "wrong"),
        ("token_revoked", "revoked"),
        ("account_inactive", "revoked"),
        ("ratelimited", "other"),
        ("internal_error", "other"),
    ],
)
def test_a_bot_token_that_slack_refuses(workspace, tmp_path, error, key, around):
    workspace.fail("auth.test", error=error)
    found = list(examine(around(workspace)))
    assert keys(found, "bot_token") == [key]
    assert error in next(f.says for f in found if f.check == "bot_token")
    assert keys(found, "app_token") == ["ok"] and not keys(found, "scopes") and keys(found, "manifest") == ["open"]


def test_a_revoked_token_is_told_from_a_wrong_one(tmp_path, around):
    with StandIn() as running:
        running.revoke()
        assert seen(around(running), "bot_token") == ["revoked"]
        assert seen(around(running, SLACK_BOT_TOKEN="xoxb-other"), "bot_token") == ["wrong"]


def test_a_person_s_token_is_not_a_bot_s(workspace, tmp_path, monkeypatch, around):
    from bot.tryout.slack.api.base import METHODS, Registered

    answer = METHODS["auth.test"].call
    person = Registered(lambda c, a: {k: v for k, v in answer(c, a).items() if k != "bot_id"}, (), "bot")
    monkeypatch.setitem(METHODS, "auth.test", person)
    assert seen(around(workspace), "bot_token") == ["not_a_bot"]


@pytest.mark.parametrize(
    ("error", "key"),
    [("missing_scope", "scope"), ("invalid_auth", "wrong"), ("token_revoked", "wrong"), ("access_denied", "other")],
)
def test_an_app_token_that_slack_refuses(workspace, tmp_path, error, key, around):
    workspace.fail("apps.connections.open", error=error)
    assert seen(around(workspace), "app_token") == [key]


def test_two_tokens_of_different_apps_are_noticed(tmp_path, around):
    with StandIn(app=AppConfig(app_token="xapp-1-A00ANOTHER-x")) as running:
        found = list(examine(around(running)))
    assert keys(found, "app_token") == ["other_app"]
    assert "A00ANOTHER" in next(f.says for f in found if f.check == "app_token")


def test_over_http_the_signing_secret_takes_the_app_token_s_place(workspace, tmp_path, around):
    environment = around(workspace, SLACK_APP_TOKEN="")
    assert seen(environment, "settings", http=True) == ["secret"]
    found = list(examine(environment | {"SLACK_SIGNING_SECRET": "5ecret"}, http=True))
    assert keys(found, "settings") == ["ok"] and keys(found, "secret") == ["open"] and not keys(found, "app_token")


def test_a_token_file_that_others_can_read_is_refused(workspace, tmp_path, around):
    file = tmp_path / "token"
    file.write_text(workspace.bot_token)
    file.chmod(0o644)
    found = list(examine(around(workspace, SLACK_BOT_TOKEN="", SLACK_BOT_TOKEN_FILE=str(file))))
    assert f"chmod 600 {file}" in found[0].says
    file.chmod(0o600)
    assert seen(around(workspace, SLACK_BOT_TOKEN="", SLACK_BOT_TOKEN_FILE=str(file)), "bot_token") == ["ok"]


# --- scopes


def test_a_scope_that_was_taken_away_is_named_with_what_stops(tmp_path, around):
    with StandIn(
        app=AppConfig(scopes=tuple(s for s in (*scopes(), *optional_scopes()) if s != "im:history"))
    ) as running:
        found = list(examine(around(running)))
    assert keys(found, "scopes") == ["missing"] and keys(found, "manifest") == ["drift"]
    assert render.wording("manifest.yaml")["scopes"]["im:history"]["without"] in next(
        f.says for f in found if f.check == "scopes"
    )
    assert [f.check for f in found if f.state == "do"] == ["scopes"]


def test_scopes_that_are_not_needed_are_named(tmp_path, around):
    with StandIn(app=AppConfig(scopes=(*scopes(), *optional_scopes(), "channels:history", "admin"))) as running:
        found = list(examine(around(running)))
    assert keys(found, "scopes") == ["excess"]
    assert "admin, channels:history" in next(f.says for f in found if f.check == "scopes")
    assert not [f for f in found if f.state == "do"]


def test_an_optional_scope_that_is_not_there_is_named_with_its_feature(tmp_path, around):
    with StandIn(app=AppConfig(scopes=(*scopes(), "files:read"))) as running:
        found = list(examine(around(running)))
    assert keys(found, "scopes") == ["optional", "ok"] and keys(found, "manifest") == ["same_scopes"]
    told = next(f for f in found if f.key == "optional")
    assert "files:write(結果や一覧を、ファイルで受け取れません)" in told.says and "files:read" not in told.says
    assert "usergroups:read" in told.says and told.state == "open" and told.do


# --- people


@pytest.mark.parametrize(("id", "key"), [("U0NOBODY00", "unknown"), ("U06GUEST", "guest"), ("U07STRANGER", "guest")])
def test_somebody_named_who_cannot_be_written_to(workspace, tmp_path, id, key, around):
    environment = around(workspace)
    folder = written(tmp_path / "company", COMPANY | {"responders": [id]})
    assert seen(environment | {"HIMITSU_COMPANY_DIR": str(folder)}, "people") == [key, "ok"]


def test_somebody_who_left(around):
    people = [replace(p, deleted=p.id == MANAGER) for p in default_people()]
    with StandIn(people=people) as running:
        assert seen(around(running), "people") == ["left"]


def test_nobody_in_charge_is_said(workspace, tmp_path, around):
    environment = around(workspace)
    folder = written(tmp_path / "company", {"name": "x"})
    found = list(examine(environment | {"HIMITSU_COMPANY_DIR": str(folder)}))
    assert keys(found, "people") == ["none"] and keys(found, "company") == ["no_desk"]
