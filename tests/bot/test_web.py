"""The client of the Web API: one connection for many calls, and each call sent once."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from slack_sdk.errors import SlackApiError

from bot import web
from bot.slack_errors import NETWORK, understand
from bot.web import web_client


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.connections, self.bodies, self.answers = [], [], {}
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_port}/api/"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def setup(self):
        super().setup()
        self.server.connections.append(self.connection)

    def do_POST(self):
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, more = self.server.answers.get(self.path, (200, {}))
        if status is None:  # gone without a word
            self.close_connection = True
            return
        body = b'{"ok": true}' if status == 200 else b'{"ok": false, "error": "ratelimited"}'
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = Server()
    yield made
    made.shutdown()
    made.server_close()


def say(client, text="はい"):
    return client.chat_postMessage(channel="D1", text=text)


def test_calls_share_a_connection_and_arrive_whole(server):
    client = web_client("xoxb-1", server.url)
    for n in range(3):
        assert say(client, f"{n}件目")["ok"]
    assert len(server.connections) == 1
    assert [b["text"] for b in server.bodies] == ["0件目", "1件目", "2件目"]


def test_a_connection_that_was_closed_is_not_used(server):
    client = web_client("xoxb-1", server.url)
    say(client)
    server.connections[0].shutdown(2)
    assert say(client)["ok"]
    assert len(server.connections) == 2 and len(server.bodies) == 2


def test_a_connection_that_waited_long_is_not_used(server, monkeypatch):
    client = web_client("xoxb-1", server.url)
    say(client)
    monkeypatch.setattr(web, "_IDLE_S", -1.0)
    say(client)
    assert len(server.connections) == 2


def test_a_call_without_an_answer_is_not_sent_again(server):
    client = web_client("xoxb-1", server.url)
    say(client)
    server.answers["/api/chat.postMessage"] = (None, {})
    with pytest.raises(NETWORK) as raised:
        say(client)
    assert understand(raised.value).kind == "unclear" and len(server.bodies) == 2


def test_a_429_says_how_long(server):
    server.answers["/api/chat.postMessage"] = (429, {"Retry-After": "7"})
    client = web_client("xoxb-1", server.url)
    with pytest.raises(SlackApiError) as raised:
        say(client)
    failure = understand(raised.value)
    assert (failure.kind, failure.after_s) == ("later", 7.0)


def test_who_does_not_listen_surely_got_nothing(server):
    client = web_client("xoxb-1", "http://127.0.0.1:9/api/")
    with pytest.raises(NETWORK) as raised:
        say(client)
    assert understand(raised.value).kind == "later"


def test_behind_a_proxy_each_call_goes_slack_sdks_way(server, monkeypatch):
    monkeypatch.setenv("http_proxy", server.url)
    monkeypatch.delenv("no_proxy", raising=False)
    client = web_client("xoxb-1", "http://slack.example/api/")
    client.proxy = server.url
    assert say(client)["ok"] and say(client)["ok"]
    assert len(server.connections) == 2
