"""Every labelled message is read as well as before. These files are no longer unseen; README.md has the figures that are."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot import evaluate

HERE = Path(__file__).parent
FILES = [HERE / "eval/dev.jsonl", *sorted((HERE / "cases").glob("*.jsonl"))]

# Over all files, measured 2026-11-23, less a little: a figure below has lost something.
FLOORS = {
    "intent": 0.995,
    "verdict": 0.94,
    "public_recall": 0.895,
    "desk_first": 0.95,
    "section_hit1": 0.96,
    "section_hit3": 0.99,
    "check_hit3": 0.97,
    "flags_f1": 0.89,
    "desks_f1": 0.955,
    "evidence_ok": 1.0,
    "review_asks": 1.0,
}
# Called public though a person would ask: 「レジ横のPOPには3位まで出してるけど、10位まで言っていいのかな」.
KNOWN_WRONG_PUBLIC = {"b4-044"}


def read(rows, company_dir):
    """What `himitsu ask --jsonl` prints of some messages, by id."""
    environment = os.environ | {"PYTHONPATH": str(HERE.parent), "HIMITSU_COMPANY_DIR": str(company_dir)}
    lines = "".join(json.dumps({"id": i, "text": row["text"]}) + "\n" for i, row in rows)
    command = [sys.executable, "-m", "bot.cli", "ask", "--jsonl"]
    done = subprocess.run(command, input=lines.encode(), stdout=subprocess.PIPE, env=environment, check=True)
    return {row["id"]: row for row in map(json.loads, done.stdout.splitlines())}


@pytest.fixture(scope="module")
def readings(tmp_path_factory):
    """(gold, got) of every labelled message, with general content alone. A process a core: they are many."""
    gold = {i: row for path in FILES for i, row in evaluate.labelled(path).items()}
    none, cores = tmp_path_factory.mktemp("none") / "company", min(os.cpu_count() or 1, 4)
    parts = [list(gold.items())[n::cores] for n in range(cores)]
    with ThreadPoolExecutor(cores) as pool:
        got = {i: row for part in pool.map(lambda part: read(part, none), parts) for i, row in part.items()}
    assert got.keys() == gold.keys()
    return gold, got


def test_figures_over_all_labelled_messages(readings):
    figures, _, misses = evaluate.score(*readings)
    low = {name: figures[name] for name, floor in FLOORS.items() if figures[name] < floor}
    assert low == {}, misses[:20]


def test_no_labelled_message_is_called_public_that_is_not(readings):
    gold, got = readings
    public = {i for i, row in got.items() if row["verdict"] == "public" and gold[i].get("verdict") != "public"}
    assert public <= KNOWN_WRONG_PUBLIC, {i: gold[i]["text"] for i in public}


def test_no_labelled_leak_is_missed(readings):
    gold, got = readings
    missed = {i: row["text"] for i, row in gold.items() if row["intent"] == "leak" and got[i]["intent"] != "leak"}
    assert missed == {}


def test_the_given_messages_keep_their_aims(readings):
    gold, got = readings
    dev = {i: row for i, row in gold.items() if i.startswith("dev-")}
    figures, _, _ = evaluate.score(dev, got)
    aims = {"intent": 0.97, "verdict": 0.92, "public_recall": 0.80, "flags_f1": 0.90, "desk_first": 0.93}
    aims |= {"desks_f1": 0.90, "section_hit1": 0.85, "section_hit3": 0.96, "check_hit3": 0.70}
    assert {name: figures[name] for name, aim in aims.items() if figures[name] < aim} == {}
    assert (figures["wrong_public"], figures["missed_leak"]) == (0, 0)
