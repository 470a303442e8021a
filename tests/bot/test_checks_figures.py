"""What a check costs the person: taps, characters to read, and nothing lost when everybody answers at once."""

import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bot.store import checks, open_store
from bot.store.sealing import Sealer
from dialogs.checks import engine
from dialogs.checks.model import ANSWERS, Run

from .conftest import Office
from .test_checks import buttons

MOST_TAPS, MOST_CHARACTERS = 35, 2500
PEOPLE = 40


def written(message: dict[str, Any]) -> str:
    """What stands in a message beside its buttons, without marks and mentions."""
    said = []
    for block in message["blocks"]:
        if block["type"] == "section":
            said.append(block["text"]["text"])
        elif block["type"] == "context":
            said += [e["text"] for e in block["elements"]]
    return re.sub(r"[*\s　]", "", "".join(said))


def labels(message: dict[str, Any]) -> str:
    return "".join(e["text"]["text"] for b in message["blocks"] if b["type"] == "actions" for e in b["elements"])


@pytest.mark.parametrize("choice", ["done", "partly", "not_done", "unknown"])
def test_the_full_check_is_short(office: Office, choice: str):
    """From the menu to the result with its first gap given; buttons are read once, as they stay the same."""
    menu = office.say("自己チェックを始めたい")
    card = office.pressed(menu, "checks.start.1")
    taps, read = 1, labels(card)
    while "checks.answer.done" in buttons(card):
        read += written(card)
        card, taps = office.pressed(card, f"checks.answer.{choice}"), taps + 1
    read += written(card) + labels(card)
    if "checks.take" in buttons(card):
        office.pressed(card, "checks.take")
        taps += 1
    assert taps <= MOST_TAPS and len(read) <= MOST_CHARACTERS, (taps, len(read))


def test_people_who_answer_at_once_lose_nothing(tmp_path, services):
    """Two processes' worth of stores on one file. `himitsu bench checks` does it with 500 people over the wire."""
    questions = services.knowledge.checklists["full"].questions[:4]
    url, sealer = f"sqlite:///{tmp_path}/h.db", Sealer([b"k" * 32])
    stores = [open_store(url, sealer) for _ in range(2)]

    def choices(n: int) -> list[str]:
        return [ANSWERS[(n + i) % 3] for i in range(len(questions))]

    def fill(n: int) -> None:
        store, id = stores[n % 2], f"r{n}"
        checks.start(store, Run(id, "full", 1, f"U{n}", 1))
        for question, choice in zip(questions, choices(n), strict=True):
            event = engine.answered(question, choice, at=n, by=f"U{n}")
            checks.add(store, id, [event], version=1, outcome=lambda state: (False, None))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(fill, range(PEOPLE)))
    for n in range(PEOPLE):
        assert [a.choice for a in checks.get(stores[0], f"r{n}").state.answers.values()] == choices(n)
    for store in stores:
        store.close()


def test_a_step_writes_twice_and_reads_no_text(office: Office, monkeypatch):
    """The delivery is kept before the ack; the answer, its event and the end of the delivery are one more commit."""
    card = office.pressed(office.say("退職者が出る"), "checks.answer.done")
    there = office.running.workplace.store
    besides = {t.name for t in office.running.threads}
    writes: list[str] = []
    begin = type(there).begin

    def counted(self, *, reads: bool = False, hurry: bool = False):
        if not reads and threading.current_thread().name not in besides:
            writes.append(threading.current_thread().name)
        return begin(self, reads=reads, hurry=hurry)

    def refuse(*args, **more):
        raise AssertionError("an answer is not read as a message")

    monkeypatch.setattr(type(there), "begin", counted)
    monkeypatch.setattr(type(office.running.workplace.services), "read", refuse)
    office.pressed(card, "checks.answer.done")
    office.slack.wait(lambda: len(writes) >= 2)
    assert "4/6" in office.say("1")["text"]
    office.slack.wait(lambda: len(writes) >= 4)
    time.sleep(0.3)
    assert len(writes) == 4, writes
