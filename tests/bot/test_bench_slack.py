"""`himitsu bench slack` in a small version: every figure is there, and those that load cannot spoil hold."""

import json
import os

import pytest
from click.testing import CliRunner

from bot.bench import slack
from bot.cli import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="measured on Linux and macOS")


def test_every_figure_is_measured_in_one_run(monkeypatch):
    monkeypatch.setattr(slack, "PEOPLE", 4)
    result = CliRunner().invoke(main, ["bench", "slack", "--messages", "40", "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)["slack"]
    assert 0 < figures["start_s"] < 30
    turns = figures["turns"]
    assert turns["messages_each"] == 10
    assert 0 < turns["echo_ms"] < turns["himitsu_ms"] and turns["echo_commits_ms"] > 0 and turns["ratio"] > 0
    assert figures["paced"]["messages"] == 10 and figures["paced"]["median_ms"] <= figures["paced"]["p99_ms"]
    assert figures["pressing"]["people"] == 4 and figures["pressing"]["slowest_ms"] < 3000
    memory = figures["memory_mb"]
    if memory:
        assert set(memory) == {"after_4", "after_20", "after_40", "after_50", "messages_per_s"}
        assert memory["after_50"] < 160


@pytest.mark.parametrize(
    "messages, turns, paced, starts", [(20, 10, 10, 1), (1000, 100, 100, 5), (10_000, 300, 600, 5)]
)
def test_sizes_follow_the_number_of_messages(messages, turns, paced, starts):
    assert slack.Sizes.of(messages) == slack.Sizes(messages, turns, paced, starts)
