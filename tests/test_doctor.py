"""himitsu doctor: each check found good and found bad, against the stand-in; and it changes and betrays nothing."""

import contextlib
import datetime
import os
import ssl
import stat
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot import render
from bot.cli import main
from bot.doctor import examine, slack
from bot.doctor.finding import finding, line, summary
from bot.manifest import scopes
from bot.store import inbox, look, open_key, open_store, outbox
from bot.tryout.slack import AppConfig, StandIn
from bot.tryout.slack.config import default_people

MANAGER = "U02MANAGER"
COMPANY = {"managers": [MANAGER], "desks": [{"id": "info", "name": "情報管理担当", "phones": ["03-0000-0000"]}]}


@pytest.fixture(scope="module")
def workspace():
    with StandIn() as running:
        yield running


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return tmp_path_factory.mktemp("index")


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path, index):
    """No proxy and no settings of whoever runs the tests."""
    for name in list(os.environ):
        if name.upper().endswith("_PROXY") or name.startswith(("SLACK_", "HIMITSU_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HIMITSU_INDEX", str(index / "index.db"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """Company files that most tests share, so that they are read once."""
    return written(tmp_path_factory.mktemp("company"), COMPANY)


@pytest.fixture
def around(tmp_path, company):
    """An environment in which all is well, but for what is given; "" takes a variable away."""

    def make(running=None, **more):
        tokens = {}
        if running:
            tokens = {"SLACK_BOT_TOKEN": running.bot_token, "SLACK_APP_TOKEN": running.app_token}
            tokens["SLACK_API_URL"] = running.api_url
        ours = {
            "HIMITSU_DATA_DIR": str(tmp_path / "data"),
            "HIMITSU_KEY_FILE": str(tmp_path / "config" / "key"),
            "HIMITSU_COMPANY_DIR": str(company),
        }
        return tokens | ours | more

    return make


def written(folder, company):
    folder.mkdir(exist_ok=True)
    (folder / "company.yaml").write_text(yaml.safe_dump(company, allow_unicode=True), encoding="utf-8")
    return folder


def started(environment, folder):
    """What a first start leaves behind; gives the open store."""
    url = f"sqlite:///{folder}/data/himitsu.db"
    return open_store(
        environment.get("HIMITSU_DATABASE_URL") or url, open_key(folder / "config" / "key", store_is_new=True)
    )


def keys(findings, check):
    return [f.key for f in findings if f.check == check]


def seen(environment, check, **more):
    return keys(list(examine(environment, **more)), check)


# --- all is well


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
    with StandIn(app=AppConfig(scopes=tuple(s for s in scopes() if s != "im:history"))) as running:
        found = list(examine(around(running)))
    assert keys(found, "scopes") == ["missing"] and keys(found, "manifest") == ["drift"]
    assert render.wording("manifest.yaml")["scopes"]["im:history"]["without"] in next(
        f.says for f in found if f.check == "scopes"
    )
    assert [f.check for f in found if f.state == "do"] == ["scopes"]


def test_scopes_that_are_not_needed_are_named(tmp_path, around):
    with StandIn(app=AppConfig(scopes=(*scopes(), "channels:history", "admin"))) as running:
        found = list(examine(around(running)))
    assert keys(found, "scopes") == ["excess"]
    assert "admin, channels:history" in next(f.says for f in found if f.check == "scopes")
    assert not [f for f in found if f.state == "do"]


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


# --- the way to Slack


class Answers(BaseHTTPRequestHandler):
    """A server that is not Slack: a page for everything, and no way through it."""

    def do_POST(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>Please log in</html>")

    def do_CONNECT(self):
        self.send_response(407, "Proxy Authentication Required")
        self.end_headers()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(context=None):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def closed_port():
    with serving() as port:
        return port


def test_a_network_that_is_gone_is_said_once(workspace, tmp_path, around):
    found = list(examine(around(workspace, SLACK_API_URL=f"http://127.0.0.1:{closed_port()}/api/")))
    assert [f.check for f in found if f.state == "do"] == ["network"]
    assert keys(found, "network") == ["refused"] and keys(found, "bot_token") == keys(found, "app_token") == ["skipped"]
    assert keys(found, "company") == ["ok"]


def test_a_network_that_goes_away_in_the_middle(workspace, tmp_path, around):
    workspace.fail("auth.test", drop=True)
    workspace.fail("apps.connections.open", drop=True)
    found = list(examine(around(workspace)))
    assert keys(found, "network") == ["ok"] and keys(found, "bot_token") == keys(found, "app_token") == ["other"]


def test_a_name_that_nobody_knows(tmp_path, workspace, around):
    found = list(examine(around(workspace, SLACK_API_URL="https://slack.invalid/api/")))
    assert keys(found, "network") == ["dns"] and "HTTPS_PROXY" in next(f.do for f in found if f.check == "network")


def test_slack_that_does_not_answer(workspace, tmp_path, monkeypatch, around):
    monkeypatch.setattr(slack, "_TIMEOUT_S", 0.2)
    workspace.fail("api.test", delay_s=0.6)
    assert seen(around(workspace), "network") == ["timeout"]


def test_a_page_in_slack_s_place(workspace, tmp_path, around):
    with serving() as port:
        environment = around(workspace, SLACK_API_URL=f"http://127.0.0.1:{port}/api/")
        assert seen(environment, "network") == ["stranger"]


def test_a_proxy_that_lets_nothing_through_is_named_without_its_password(workspace, tmp_path, monkeypatch, around):
    with serving() as port:
        monkeypatch.setenv("HTTPS_PROXY", f"http://taro:pa55word@127.0.0.1:{port}")
        found = list(examine(around(workspace, SLACK_API_URL="https://slack.com/api/")))
    assert keys(found, "network") == ["proxy"]
    told = "\n".join(map(line, found))
    assert f"127.0.0.1:{port}" in told and "407" in told
    assert "pa55word" not in told and "taro" not in told


def test_a_certificate_that_is_not_trusted(workspace, tmp_path, around):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, today, today + datetime.timedelta(1))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    with serving(context) as port:
        found = list(examine(around(workspace, SLACK_API_URL=f"https://127.0.0.1:{port}/api/")))
    assert keys(found, "network") == ["certificate"]
    assert "SSL_CERT_FILE" in next(f.do for f in found if f.check == "network")


# --- the clock


@pytest.mark.parametrize(("ahead_s", "key"), [(0, "ok"), (50, "ok"), (-50, "ok"), (90, "wrong"), (-90, "wrong")])
def test_a_clock_may_be_a_minute_off(workspace, tmp_path, ahead_s, key, around):
    assert seen(around(workspace), "clock", now=lambda: time.time() + ahead_s) == [key]


def test_an_answer_without_a_date_tells_nothing():
    assert [slack._clock(date, time.time()).key for date in (None, "", "yesterday")] == ["open"] * 3


# --- the key


@pytest.fixture
def set_up(workspace, tmp_path, around):
    environment = around(workspace)
    started(environment, tmp_path).close()
    return environment


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


# --- for all of them


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
    readme = (Path(__file__).parents[1] / name).read_text(encoding="utf-8")
    assert "\n".join(map(line, shown)) in readme
