"""A small Bolt app on the stand-in, and Chromium looking at the page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.tryout.slack import StandIn
from tests.page.echo import build_app

DESKTOP = {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[StandIn, list[dict[str, Any]]]]:
    """The stand-in with the app connected, and the values of every modal that the app took."""
    sent: list[dict[str, Any]] = []
    with StandIn() as slack:
        handler = SocketModeHandler(build_app(slack, sent), slack.app_token)
        handler.connect()
        yield slack, sent
        handler.close()


@pytest.fixture
def slack(running) -> StandIn:
    """As at the start: nothing said, the clock right, the app connected."""
    slack = running[0]
    slack.wait(slack.sockets, timeout_s=20)  # a test may have cut the link; the app comes back by itself
    slack.clock.reset()
    slack.reset()
    return slack


@pytest.fixture
def sent(running) -> list[dict[str, Any]]:
    running[1].clear()
    return running[1]


@pytest.fixture
def open_page(chromium: Any, slack: StandIn) -> Iterator[Any]:
    """Opens the page as a person: open_page("U01EMPLOYEE", "C01ALL", viewport=PHONE). Fails where the browser complains."""
    complaints: list[str] = []
    contexts = []

    def opened(person: str = "U01EMPLOYEE", place: str = "", **options: Any) -> Any:
        context = chromium.new_context(**({"viewport": DESKTOP, "locale": "ja-JP"} | options))
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda said: complaints.append(said.text) if _complains(said) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if _outside(request.url) else None)
        page.goto(f"{slack.page_url}#/{person}/{place}")
        page.get_by_role("textbox").or_(page.get_by_role("combobox")).first.wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def _complains(said: Any) -> bool:
    """Chromium also tells of every refusal (400) of the server; those are the page's to show."""
    return said.type in ("error", "warning") and "status of 400" not in said.text


def _outside(url: str) -> bool:
    return not re.match(r"(http://127\.0\.0\.1:\d+/|data:)", url)
