"""kill -9 in the middle of posting: every message once. The full figures are measured by `himitsu bench slack`."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter

import pytest

from bot.store import outbox
from bot.tryout.slack import StandIn

ROWS, KILLS = 60, 3
PERSON, CHANNEL = "U01EMPLOYEE", "C01ALL"
WORKER = """
import sys, threading
from pathlib import Path
from slack_sdk.web.client import WebClient
from bot.clock import SystemClock
from bot.outbox import Outbox
from bot.store import Sealer, open_store

database, api, token = sys.argv[1:]
client = WebClient(token, base_url=api, retry_handlers=[], timeout=1)
Outbox(open_store(database, Sealer([b"k" * 32])), client, SystemClock(), per_s=200, lease_s=4).run(threading.Event())
"""


@pytest.mark.skipif(os.name == "nt", reason="no kill -9 on Windows")
def test_processes_that_are_killed_post_every_message_once(store, url):
    """One process on SQLite, two on PostgreSQL. The stand-in takes a message late, so that many die waiting for it."""
    luck = random.Random(3)
    with StandIn() as slack:
        slack.fail("chat.postMessage", delay_s=0.02, times=None)
        for i in range(ROWS):
            outbox.plan(store, f"n{i}", kind="nudge", target=PERSON, message={"text": f"{i}"}, due_at=0, lookup=True)
        command = [sys.executable, "-c", WORKER, url, slack.api_url, slack.bot_token]
        workers = [subprocess.Popen(command) for _ in range(1 if store.engine_name == "sqlite" else 2)]
        try:
            for kill in range(1, KILLS + 1):
                until(lambda at=kill * ROWS // (KILLS + 2): len(slack.calls("chat.postMessage")) >= at)
                time.sleep(luck.random() * 0.02)
                victim = luck.randrange(len(workers))
                workers[victim].send_signal(signal.SIGKILL)
                workers[victim].wait()
                workers[victim] = subprocess.Popen(command)
            until(lambda: outbox.counts(store) == {"sent": ROWS})
        finally:
            for worker in workers:
                worker.kill()
                worker.wait()
        posted = Counter(
            call.arguments["metadata"]["event_payload"]["delivery_id"]
            for call in slack.calls("chat.postMessage")
            if call.answer
        )
        shown = Counter(message["text"] for message in slack.messages(slack.dm(PERSON)))
        assert shown == Counter(f"{i}" for i in range(ROWS))
        assert len(posted) == ROWS and max(posted.values()) == 1


def until(done, timeout_s=60):
    deadline = time.monotonic() + timeout_s
    while not done():
        assert time.monotonic() < deadline, "nothing moves any more"
        time.sleep(0.01)
