"""bot/settings.py: what the environment says, and everything that is wrong with it at once."""

import os
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, is_loopback

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-bot", "SLACK_APP_TOKEN": "xapp-1-app", "SLACK_SIGNING_SECRET": "5ecret"}
LOCAL = {"SLACK_API_URL": "http://127.0.0.1:3000/api/"}


def settings(http=False, **more):
    return Settings.from_environment(TOKENS | more, http=http)


def problems(http=False, **environment):
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment(environment, http=http)
    assert str(caught.value).splitlines() == caught.value.problems
    return caught.value.problems


@pytest.mark.skipif(os.name == "nt", reason="other folders")
def test_tokens_are_enough(monkeypatch):
    monkeypatch.setenv("HOME", "/home/hanako")
    found = settings()
    assert (found.bot_token, found.app_token, found.signing_secret) == ("xoxb-1-bot", "xapp-1-app", "5ecret")
    assert found.api_url == "https://slack.com/api/"
    assert found.data_dir == Path("/home/hanako/.local/share/himitsu")
    assert found.database_url == "sqlite:////home/hanako/.local/share/himitsu/himitsu.db"
    assert found.key_file == Path("/home/hanako/.config/himitsu/key")
    assert (found.clock_url, found.company_dir, found.posts_per_s) == (None, None, 1.0)
    assert (found.http_host, found.http_port) == ("127.0.0.1", 3000)


@pytest.mark.skipif(os.name == "nt", reason="other folders")
def test_folders_follow_the_environment():
    found = settings(XDG_DATA_HOME="/d", XDG_CONFIG_HOME="/c")
    assert (found.data_dir, found.key_file) == (Path("/d/himitsu"), Path("/c/himitsu/key"))
    found = settings(HIMITSU_DATA_DIR="/srv/h", HIMITSU_KEY_FILE="/etc/h.key", HIMITSU_COMPANY_DIR="/srv/company")
    assert (found.data_dir, found.key_file, found.company_dir) == (
        Path("/srv/h"),
        Path("/etc/h.key"),
        Path("/srv/company"),
    )
    assert found.database_url == "sqlite:////srv/h/himitsu.db"


def test_what_is_missing_is_told_at_once_with_where_to_get_it():
    assert problems() == [
        "SLACK_BOT_TOKEN is not set (OAuth & Permissions > Bot User OAuth Token).",
        "SLACK_APP_TOKEN is not set (Basic Information > App-Level Tokens, connections:write).",
    ]
    assert problems(http=True, SLACK_BOT_TOKEN="xoxb-1", SLACK_SIGNING_SECRET=" ") == [
        "SLACK_SIGNING_SECRET is not set (Basic Information > App Credentials)."
    ]


def test_socket_mode_needs_no_signing_secret_and_http_no_app_token():
    assert settings(SLACK_SIGNING_SECRET="").signing_secret == ""
    assert settings(http=True, SLACK_APP_TOKEN="").app_token == ""


def test_tokens_in_each_others_place_are_told_without_showing_them():
    found = problems(SLACK_BOT_TOKEN="xapp-9secret", SLACK_APP_TOKEN="xoxb-9secret with a space")
    assert [each.split(" is ")[0] for each in found] == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
    assert "9secret" not in "".join(found)
    assert len(problems(SLACK_BOT_TOKEN="xoxb-全角", SLACK_APP_TOKEN="xapp-1")) == 1


def test_no_secret_is_shown_when_the_settings_are_printed():
    shown = repr(settings(HIMITSU_DATABASE_URL="postgresql://u:p4ss@h/x"))
    assert not [word for word in ("xoxb", "xapp", "5ecret", "p4ss") if word in shown]


def secret_file(tmp_path, content=b"xoxb-from-file\n", mode=0o600):
    path = tmp_path / "token"
    path.write_bytes(content)
    path.chmod(mode)
    return {"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": str(path)}


def test_a_token_may_come_from_a_file(tmp_path):
    assert settings(**secret_file(tmp_path)).bot_token == "xoxb-from-file"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_a_file_that_others_can_read_is_refused(tmp_path):
    [problem] = problems(**TOKENS | secret_file(tmp_path, mode=0o640))
    assert (
        problem == f"SLACK_BOT_TOKEN_FILE: others can read or write {tmp_path}/token. Run: chmod 600 {tmp_path}/token"
    )


@pytest.mark.parametrize(
    "content, said",
    [(b"", "is empty"), (b" \n", "is empty"), (b"\xff\xfe", "no text"), (b"a b", "begins with xoxb-")],
    ids=repr,
)
def test_a_file_without_a_token_is_told(tmp_path, content, said):
    [problem] = problems(**TOKENS | secret_file(tmp_path, content))
    assert said.replace("no text", "not a text file") in problem


def test_a_file_that_is_not_there_is_told(tmp_path):
    [problem] = problems(**TOKENS | {"SLACK_BOT_TOKEN": "", "SLACK_BOT_TOKEN_FILE": str(tmp_path / "none")})
    assert "cannot be read" in problem


def test_a_token_given_twice_is_told(tmp_path):
    [problem] = problems(**TOKENS | secret_file(tmp_path) | {"SLACK_BOT_TOKEN": "xoxb-1"})
    assert problem == "SLACK_BOT_TOKEN and SLACK_BOT_TOKEN_FILE are both set. Keep one."


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/api", "http://localhost:9/api/", "http://[::1]:9/api/", "https://slack-gov.com/api"]
)
def test_the_api_may_be_elsewhere(url):
    assert settings(SLACK_API_URL=url).api_url == url.rstrip("/") + "/"


@pytest.mark.parametrize(
    "url",
    [
        "http://slack.com/api/",
        "slack.com/api",
        "ftp://127.0.0.1/",
        "https://",
        "http://127.0.0.1:x/",
        "http://127.0.0.1.example.com/",
        "http://localhost@example.com/",
    ],
)
def test_a_token_never_goes_in_the_clear(url):
    assert len(problems(**TOKENS, SLACK_API_URL=url)) == 1


def test_the_clock_can_be_moved_only_with_a_slack_on_this_machine():
    clock = {"HIMITSU_CLOCK_URL": "http://127.0.0.1:3000/_clock"}
    assert settings(**LOCAL, **clock).clock_url == clock["HIMITSU_CLOCK_URL"]
    assert len(problems(**TOKENS, **clock)) == 1
    assert len(problems(**TOKENS, **LOCAL, HIMITSU_CLOCK_URL="http://example.com/_clock")) == 1
    assert len(problems(**TOKENS, **LOCAL, HIMITSU_CLOCK_URL="file:///etc/passwd")) == 1


def test_the_key_never_lies_in_the_data_folder():
    [problem] = problems(**TOKENS, HIMITSU_DATA_DIR="/srv/h", HIMITSU_KEY_FILE="/srv/h/../h/sub/key")
    assert problem.startswith("HIMITSU_KEY_FILE must lie outside /srv/h")


@pytest.mark.parametrize(
    "name, wrong",
    [
        ("HIMITSU_HTTP_PORT", "abc"),
        ("HIMITSU_HTTP_PORT", "65536"),
        ("HIMITSU_HTTP_PORT", "-1"),
        ("HIMITSU_POSTS_PER_SECOND", "0"),
        ("HIMITSU_POSTS_PER_SECOND", "nan"),
        ("HIMITSU_POSTS_PER_SECOND", "fast"),
    ],
)
def test_numbers_out_of_range_are_told(name, wrong):
    [problem] = problems(**TOKENS, **{name: wrong})
    assert problem.startswith(f"{name} must be a number from ")


def test_numbers_are_read():
    found = settings(HIMITSU_HTTP_PORT="0", HIMITSU_POSTS_PER_SECOND="0.5", HIMITSU_HTTP_HOST="0.0.0.0")
    assert (found.http_port, found.posts_per_s, found.http_host) == (0, 0.5, "0.0.0.0")


@pytest.mark.parametrize(
    "url, here",
    [
        ("http://127.9.9.9/", True),
        ("http://[::1]/", True),
        ("http://LOCALHOST/", True),
        ("http://10.0.0.1/", False),
        ("http://[bad/", False),
        ("", False),
    ],
)
def test_loopback_addresses_are_told_apart(url, here):
    assert is_loopback(url) is here


@pytest.mark.parametrize(
    "given, api, lease_s, timeout_s",
    [({}, {}, 60, 15), ({}, LOCAL, 60, 15), ({"HIMITSU_LEASE_SECONDS": "40"}, {}, 40, 15)]
    + [({"HIMITSU_LEASE_SECONDS": str(n)}, LOCAL, n, t) for n, t in [(4, 1), (6, 2), (31, 14), (600, 15)]],
)
def test_a_lease_is_longer_than_two_requests(given, api, lease_s, timeout_s):
    found = settings(**given, **api)
    assert (found.lease_s, found.timeout_s) == (lease_s, timeout_s)
    assert 2 * found.timeout_s < found.lease_s


@pytest.mark.parametrize("given, api", [("39", {}), ("3", LOCAL), ("601", LOCAL), ("a minute", LOCAL)])
def test_a_lease_in_which_slack_may_not_have_answered_is_refused(given, api):
    assert any("HIMITSU_LEASE_SECONDS" in p for p in problems(**TOKENS, HIMITSU_LEASE_SECONDS=given, **api))
