"""An environment in which all is well, and what to look at in what doctor found."""

import contextlib
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import yaml

from bot.doctor import examine
from bot.store import open_key, open_store
from bot.tryout.slack import StandIn

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


@pytest.fixture
def set_up(workspace, tmp_path, around):
    environment = around(workspace)
    started(environment, tmp_path).close()
    return environment


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
