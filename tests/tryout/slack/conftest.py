"""A stand-in, and an app's end of the wire that a test holds in its hands."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.tryout.slack import StandIn
from tests.tryout.slack.wire import APP, Link, answer_challenge


@pytest.fixture
def stand_in() -> Iterator[Callable[..., StandIn]]:
    made: list[StandIn] = []

    def make(**more: Any) -> StandIn:
        made.append(StandIn(**{"app": APP} | more))
        return made[-1]

    yield make
    for slack in made:
        slack.stop()


@pytest.fixture
def slack(stand_in, request) -> StandIn:
    """With Slack's own waits; a test that waits for one to end asks for wire.HASTY."""
    return stand_in(**getattr(request, "param", {}))


@pytest.fixture
def client(slack) -> WebClient:
    return WebClient(slack.bot_token, base_url=slack.api_url, retry_handlers=[])


@pytest.fixture
def links(slack) -> Iterator[Callable[[], Link]]:
    made: list[Link] = []

    def make() -> Link:
        made.append(Link(slack))
        return made[-1]

    yield make
    for link in made:
        link.close()


@pytest.fixture
def link(links) -> Link:
    return links()


@pytest.fixture
def receiver() -> Iterator[Any]:
    """An app behind HTTP. `requests`: (headers, body) in order; `reply(headers, body)` -> (status, headers, body)."""
    requests: list[tuple[dict[str, str], str]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            headers = {k.lower(): v for k, v in self.headers.items()}
            requests.append((headers, body))
            status, more, text = self.server.reply(headers, body)
            self.send_response(status)
            for key, value in more.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # the other end may be gone before a late answer
    server.requests = requests
    server.url = f"http://127.0.0.1:{server.server_port}/slack/events"
    server.reply = answer_challenge
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
