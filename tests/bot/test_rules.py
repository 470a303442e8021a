"""Handling rules and the weekly nudge over the real wire."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.store import nudges

from .conftest import EMPLOYEE, Office
from .test_dm import buttons

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock's work several times a second, so that a test need not wait for it."""
    monkeypatch.setattr("bot.minute._EVERY_S", 0.15)
    monkeypatch.setattr("bot.clock._EVERY_S", 0.05)


def at(office: Office, when: str) -> None:
    """Move the clock; the bot sees it within a tick."""
    office.slack.clock.set(datetime.fromisoformat(when).replace(tzinfo=TOKYO).timestamp())


def nudged(office: Office, who: str, part: str, before: int = 0) -> dict[str, Any]:
    return office.slack.wait(
        lambda: next((m for m in office.answers(who)[before:] if part in m["text"]), None), timeout_s=8
    )


def test_a_nudge_comes_on_monday_at_ten_and_a_press_finishes_it(office: Office):
    at(office, "2026-11-29 12:00")
    office.slack.wait(lambda: nudges.member(office.running.workplace.store, EMPLOYEE).next_at)
    at(office, "2026-11-30 10:00")
    card = nudged(office, EMPLOYEE, "今週の1件")
    assert buttons(card)[0] == "nudge.ok"
    done = office.pressed(card, "nudge.ok")
    assert "守れている、と記録しました" in done["text"]
