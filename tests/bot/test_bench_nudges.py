"""`himitsu bench nudges` in a small version."""

import json
import os

import pytest
from click.testing import CliRunner

from bot.bench import nudges
from bot.cli import main

pytestmark = pytest.mark.skipif(os.name == "nt", reason="measured on Linux and macOS")


def test_everybody_is_planned_with_a_row():
    figures = nudges.plan(200)
    assert figures["planned"] == figures["rows"] == figures["people"] == 200
    assert 0 < figures["plan_s"] < 30


def test_a_killed_process_loses_and_doubles_nothing(monkeypatch):
    monkeypatch.setattr(nudges, "LEASE_S", 4)
    result = CliRunner().invoke(main, ["bench", "nudges", "--people", "40", "--kills", "1", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)["nudges"]["crash"]
    assert (found["once"], found["doubled"], found["missed"], found["others"]) == (40, 0, 0, 0)
    assert found["refused"] == found["injected"]
