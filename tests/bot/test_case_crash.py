"""kill -9 while dates of leak cases are told: none missed, none doubled. `himitsu bench cases` runs the full size."""

import os

import pytest

from bot.bench import cases


@pytest.mark.skipif(os.name == "nt", reason="no kill -9 on Windows")
def test_processes_that_are_killed_tell_every_date_once(url):
    processes = 1 if url.startswith("sqlite") else 2
    found = cases.run(12, kills=2, database=url, processes=processes)
    assert found["follow_ups"] == 12 * 6
    assert found["once"] == found["follow_ups"]
    assert found["doubled"] == found["missed"] == found["others"] == 0
