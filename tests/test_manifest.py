"""bot/manifest.py and deploy/manifest.yaml: what Slack is told is what the bot does, within Slack's limits."""

import ast
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml
from click.testing import CliRunner
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from bot import listeners, render
from bot.cli import main
from bot.manifest import EVENTS, HTTP_PATH, BadUrl, as_yaml, manifest, optional_scopes, request_url, scopes
from bot.tryout.slack.api.base import METHODS
from bot.tryout.slack.config import AppConfig

ROOT = Path(__file__).parents[1]
FILE = ROOT / "deploy" / "manifest.yaml"
SCHEMA = ROOT.parent / "shared" / "slack-manifest.schema.json"
URL = "https://himitsu.example.jp"
WORDS = render.wording("manifest.yaml")
SCOPES = WORDS["scopes"] | WORDS["optional"]
# Commands of Slack itself, which no app may take (slack.md §5).
BUILT_IN = {"/me", "/status", "/who", "/remind", "/dm", "/msg", "/shrug", "/topic", "/search", "/invite", "/leave"}
BOTH = pytest.mark.parametrize("made", [manifest(), manifest(URL)], ids=["socket", "http"])


class Recorder:
    """In place of Bolt's App: which listeners are registered for what."""

    def __init__(self):
        self.seen = []

    def __getattr__(self, kind):
        def register(constraint, *_, **__):
            self.seen.append((kind, constraint))
            return lambda listener: listener

        return register

    def of(self, kind):
        return {constraint for found, constraint in self.seen if found == kind}


class Anything:
    def __iter__(self):
        return iter(())

    def __getattr__(self, name):
        return self


@pytest.fixture(scope="module")
def registered():
    app = Recorder()
    listeners.register(app, Anything())
    return app


# --- the file


def test_the_file_is_what_the_command_prints():
    printed = CliRunner().invoke(main, ["manifest"]).output
    assert FILE.read_text(encoding="utf-8") == printed == as_yaml()
    assert yaml.safe_load(printed) == manifest()


def test_the_reason_stands_beside_each_scope():
    for scope, about in WORDS["scopes"].items():
        assert re.search(rf"^ *- {re.escape(scope)} +# {re.escape(about['why'])}$", as_yaml(), re.M)


def test_the_stand_in_registers_the_same():
    app = AppConfig.default()
    assert (app.scopes, set(app.events), app.home_tab) == ((*scopes(), *optional_scopes()), set(EVENTS), True)
    assert [s.callback_id for s in app.shortcuts] == ["check.message", "leak.start"]


# --- what is registered


def test_commands_and_shortcuts_are_those_bolt_listens_to(registered):
    features = manifest()["features"]
    assert {c["command"] for c in features["slash_commands"]} == registered.of("command")
    for type in ("message", "global"):
        of_type = {s["callback_id"] for s in features["shortcuts"] if s["type"] == type}
        assert of_type == registered.of(f"{type}_shortcut")


def test_events_are_those_bolt_listens_to(registered):
    assert {event.split(".")[0] for event in EVENTS} == registered.of("event")


def test_shortcuts_are_named_as_people_know_them():
    assert [(s["type"], s["name"]) for s in manifest()["features"]["shortcuts"]] == [
        ("message", "これは秘密？"),
        ("global", "漏えいかも"),
    ]


# --- scopes


def methods_used():
    """Web API methods that the bot's code calls, as `chat.postMessage`."""
    families = {name.split(".")[0] for name in METHODS} | {"admin", "pins", "search"}
    found = {"apps.connections.open"}  # called by slack_sdk for Socket Mode
    for path in (ROOT / "bot").rglob("*.py"):
        if "tryout" not in path.parts:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                name = node.attr if isinstance(node, ast.Attribute) else ""
                if name == "files_upload_v2":  # slack_sdk's own, of two methods
                    found |= {"files.getUploadURLExternal", "files.completeUploadExternal"}
                elif name.split("_")[0] in families and "_" in name and hasattr(WebClient, name):
                    found.add(name.replace("_", "."))
    return found


def test_every_method_that_is_called_is_covered_by_a_scope_or_needs_none():
    by_scope = [m for about in SCOPES.values() for m in about.get("methods", ())]
    assert sorted([*by_scope, *WORDS["free"]["methods"]]) == sorted(methods_used())


def test_the_stand_in_asks_for_the_same_scopes():
    for scope, about in SCOPES.items():
        for method in about.get("methods", ()):
            needed = METHODS[method].scopes
            assert not needed or scope in needed, method
    assert {m for m in WORDS["free"]["methods"] if METHODS[m].scopes} == set()


def test_every_event_is_covered_by_a_scope_or_needs_none():
    by_scope = [e for about in WORDS["scopes"].values() for e in about.get("events", ())]
    assert sorted([*by_scope, *WORDS["free"]["events"]]) == sorted(EVENTS)


def test_few_scopes_are_required_and_none_of_them_reads_channels_or_files():
    assert len(scopes()) <= 8
    assert not {s for s in scopes() if s.startswith(("channels:", "groups:", "mpim:", "files:", "admin"))}


def test_no_scope_reads_what_is_said_in_channels():
    assert not {"channels:history", "groups:history", "mpim:history", "im:read"} & {*scopes(), *optional_scopes()}


def test_what_the_bot_can_do_without_is_left_to_who_installs_it():
    asked = manifest()["oauth_config"]["scopes"]
    assert asked["bot"] == [*scopes(), *asked["bot_optional"]]
    assert asked["bot_optional"] == [*optional_scopes()]
    assert {"files:write", "files:read"} <= {*optional_scopes()}


def test_the_least_asks_for_nothing_optional():
    printed = CliRunner().invoke(main, ["manifest", "--least"]).output
    assert yaml.safe_load(printed) == manifest(least=True)
    assert manifest(least=True)["oauth_config"]["scopes"] == {"bot": [*scopes()]}
    assert printed.startswith("# The app as Slack registers it. Made by: himitsu manifest --least\n")


# --- Slack's limits


@BOTH
def test_texts_keep_slack_s_limits(made):
    about, features = made["display_information"], made["features"]
    assert len(about["name"]) <= 35 and len(about["description"]) <= 140
    assert 175 <= len(about["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", about["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", features["bot_user"]["display_name"])
    for command in features["slash_commands"]:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"]) and command["command"] not in BUILT_IN
        assert len(command["description"]) <= 2000 and len(command["usage_hint"]) <= 1000
    assert len(features["shortcuts"]) <= 10
    for shortcut in features["shortcuts"]:
        assert (
            len(shortcut["name"]) <= 24 and len(shortcut["description"]) <= 150 and len(shortcut["callback_id"]) <= 255
        )


@BOTH
def test_home_messages_and_interactivity_are_on(made):
    home = made["features"]["app_home"]
    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,  # else nobody could write to the bot
    }
    assert made["settings"]["interactivity"]["is_enabled"]
    assert made["features"]["slash_commands"][0]["should_escape"] is True


@pytest.mark.skipif(not SCHEMA.is_file(), reason="Slack's schema is kept beside the repository, where there is one")
@BOTH
def test_slack_s_own_schema_accepts_it(made):
    checker = jsonschema.Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert [f"{'.'.join(map(str, e.path))}: {e.message}" for e in checker.iter_errors(made)] == []


# --- HTTP


def test_socket_mode_needs_no_address():
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in json.dumps(manifest()) and "://" not in json.dumps(manifest())


@pytest.mark.parametrize(
    ("given", "url"),
    [
        (URL, f"{URL}/slack/events"),
        (f" {URL}/ ", f"{URL}/slack/events"),
        (f"{URL}:8443/himitsu", f"{URL}:8443/himitsu/slack/events"),
        (f"{URL}/slack/events", f"{URL}/slack/events"),
    ],
)
def test_all_requests_come_to_one_address_over_http(given, url):
    made = manifest(given)
    assert made["settings"]["socket_mode_enabled"] is False
    assert request_url(given) == url
    assert made["settings"]["event_subscriptions"]["request_url"] == url
    assert made["settings"]["interactivity"]["request_url"] == url
    assert made["features"]["slash_commands"][0]["url"] == url


def test_it_is_the_address_bolt_answers_at():
    assert SlackRequestHandler(app=None).path == HTTP_PATH


@pytest.mark.parametrize(
    "given", ["http://himitsu.example.jp", "himitsu", "https://", "https://a:b@c", f"{URL}/?x=1", "https://h:x"]
)
def test_an_address_slack_could_not_use_is_refused(given):
    with pytest.raises(BadUrl):
        manifest(given)
    result = CliRunner().invoke(main, ["manifest", "--http", given])
    assert result.exit_code == 2 and "https://" in result.output
