"""`himitsu try` as people start it, and Chromium in front of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.tryout import browser
from bot.tryout.browser import Bot
from bot.tryout.slack import StandIn

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[StandIn, Bot]]:
    """The stand-in with the bot of `himitsu serve` as a process of its own."""
    folder: Path = tmp_path_factory.mktemp("tryout")
    with browser.running(0, folder) as (slack, bot):
        assert browser.connected(slack, bot)
        yield slack, bot


@pytest.fixture(params=[{"viewport": DESKTOP}, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, chromium: Any, there: tuple[StandIn, Bot]) -> Iterator[Any]:
    """The page as 佐藤あおい sees it, in both widths. Fails where the browser complains."""
    slack, _ = there
    slack.reset()
    slack.clock.reset()
    complaints: list[str] = []
    context = chromium.new_context(locale="ja-JP", **request.param)
    opened = context.new_page()
    opened.set_default_timeout(8000)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(f"{slack.page_url}#/U01EMPLOYEE/")
    opened.locator("#composer").wait_for()
    yield opened
    context.close()
    assert complaints == []
