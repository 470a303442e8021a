"""`himitsu bench checks` in a small version: every figure is there, and those that load cannot spoil hold."""

import json
import os

import pytest
from click.testing import CliRunner

from bot.cli import main


@pytest.mark.skipif(os.name == "nt", reason="measured on Linux and macOS")
def test_every_figure_is_measured_in_one_run():
    result = CliRunner().invoke(main, ["bench", "checks", "--people", "3", "--json"])
    assert result.exit_code == 0, result.output
    figures = json.loads(result.stdout)["checks"]
    assert figures["step"]["steps"] == 15 and figures["step"]["ratio"] > 0
    assert figures["together"]["people"] == 3 and figures["together"]["lost"] == 0
    assert figures["merge"]["departments"] == 200 and figures["merge"]["ms"] <= 1000
