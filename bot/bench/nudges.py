"""Nudges measured: everybody's turn on one Monday at ten, planned with rows, sent while processes are killed."""

from __future__ import annotations

import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ..clock import SystemClock
from ..conversation import Conversation
from ..features.rules.house import House
from ..features.rules.planner import Planner
from ..outbox import DELIVERY
from ..people import People
from ..services import Services, open_services
from ..store import Sealer, Store, nudges, open_key, open_store, outbox, people
from ..tryout.browser import COMPANY
from ..tryout.slack import StandIn
from ..tryout.slack.config import TEAM_ID, Limits
from ..web import web_client
from ..workplace import Workplace
from .bots import HIMITSU, Bot, employees, office

_TOKYO = ZoneInfo("Asia/Tokyo")
_BEFORE = datetime(2026, 11, 29, 12, tzinfo=_TOKYO).timestamp()
_TURN = datetime(2026, 11, 30, 10, 0, 1, tzinfo=_TOKYO).timestamp()
_WEEK = "2026-W49"
LEASE_S = 6  # in place of 60: what a killed process had begun is taken over sooner
PER_S = 50.0
_TAPPER = "U01EMPLOYEE"  # one of the sample company, who is there besides
_REFUSALS = 5  # 429s that the stand-in gives on purpose
_STALL_S = 240.0  # with nothing sent for so long, it is over
_TAP_EVERY_S = 1.0


def plan(count: int) -> dict[str, Any]:
    """Seconds to reckon everybody's turn, and to plan a nudge with its row for each. On SQLite, in a file."""
    with tempfile.TemporaryDirectory(prefix="himitsu-nudges-") as folder:
        store = open_store(f"sqlite:///{Path(folder).as_posix()}/himitsu.db", Sealer([b"k" * 32]))
        try:
            planner = prepared(store, [p.id for p in employees(count)])
            started = time.perf_counter()
            planner.reckon(_BEFORE)
            reckoned = time.perf_counter()
            busy = time.process_time()
            planned = planner.plan(_TURN)
            done, busy = time.perf_counter(), time.process_time() - busy
            waiting = outbox.counts(store).get("due", 0)
        finally:
            store.close()
    return {
        "people": count,
        "planned": planned,
        "rows": waiting,
        "reckon_s": round(reckoned - started, 2),
        "plan_s": round(done - reckoned, 2),
        "plan_cpu_s": round(busy, 2),
    }


def prepared(store: Store, ids: Sequence[str], services: Services | None = None) -> Planner:
    """The sample company's rules in force, everybody enrolled and known; nothing reckoned yet."""
    services = services or open_services(COMPANY)
    nobody = web_client("xoxb-none", "http://127.0.0.1:9/", timeout_s=1)
    asked = People(store, services.knowledge.company, nobody, nobody, "")
    talk = Conversation(Workplace(services, lambda: services, store, SystemClock(), asked, "bench"))
    planner = Planner(House(talk))
    known = [people.Person(id, TEAM_ID, id, "Asia/Tokyo", False, False, False, False, int(_TURN)) for id in ids]
    people.put_many(store, known)
    planner.read_files(_BEFORE)
    nudges.set_setting(store, "everyone", True, by="", now=_BEFORE)
    nudges.enrol(store, ids, now=_BEFORE)
    nudges.take(store, "directory", now=_BEFORE, every_s=1)  # known already: nobody is asked for
    return planner


def run(
    count: int, *, kills: int = 12, database: str | None = None, processes: int = 1, seed: int = 3
) -> dict[str, Any]:
    """Counts. Right is: once == people, doubled == missed == 0, refused == injected. database: its URL, empty."""
    with tempfile.TemporaryDirectory(prefix="himitsu-nudges-") as folder, ExitStack() as stack:
        crew = employees(count)
        slack = stack.enter_context(office(crew, limits=Limits(rates=True)))
        slack.clock.set(_BEFORE)
        more = {"HIMITSU_LEASE_SECONDS": str(LEASE_S), "HIMITSU_POSTS_PER_SECOND": str(PER_S)}
        more |= {"HIMITSU_DATABASE_URL": database} if database else {}
        key, data = Path(folder) / "config" / "key", Path(folder) / "data"
        data.mkdir(parents=True)
        store = open_store(
            database or f"sqlite:///{(data / 'himitsu.db').as_posix()}", open_key(key, store_is_new=True)
        )
        stack.callback(store.close)
        ids = [p.id for p in crew]
        prepared(store, ids).reckon(_BEFORE)
        bots = []
        for number in range(processes):
            bot = Bot(slack, Path(folder), HIMITSU, more)
            bot.start(sockets=number + 1)
            stack.callback(bot.stop, signal.SIGKILL)
            bots.append(bot)
        return _Run(slack, store, bots, ids, random.Random(seed)).go(kills) | {"processes": processes}


class _Run:
    def __init__(self, slack: StandIn, store: Store, bots: Sequence[Bot], ids: Sequence[str], luck: random.Random):
        self._slack, self._store, self._bots, self._ids, self._luck = slack, store, bots, ids, luck
        self._taps: list[float] = []
        self._over = threading.Event()

    def go(self, kills: int) -> dict[str, Any]:
        """From Monday at ten until everything is sent; processes are killed on the way, one after the other."""
        card = self._card()
        self._slack.fail("chat.postMessage", status=429, retry_after=1, times=_REFUSALS)
        tapping = threading.Thread(target=self._tap, args=(card,), daemon=True)
        started = time.perf_counter()
        self._slack.clock.set(_TURN)
        tapping.start()
        for kill in range(1, kills + 1):
            self._until(kill * len(self._ids) // (kills + 1))
            time.sleep(self._luck.random() * 0.05)
            bot = self._luck.choice(self._bots)
            bot.stop(signal.SIGKILL)
            bot.start(sockets=len(self._bots))
        self._until(len(self._ids))
        seconds = time.perf_counter() - started
        self._over.set()
        tapping.join()
        time.sleep(2 * LEASE_S + 2)  # in which a second one would have come
        return self._counted() | {"kills": kills, "seconds": round(seconds)}

    def _card(self) -> dict[str, Any]:
        """The settings, asked for by somebody: a card whose button is pressed over and over."""
        dm = self._slack.dm(_TAPPER)
        self._slack.post(_TAPPER, dm, "お知らせの設定")
        answers = self._slack.wait(lambda: [m for m in self._slack.messages(dm) if m.get("bot_id")], 30.0)
        return answers[0]

    def _tap(self, card: dict[str, Any]) -> None:
        """Presses a button each second, and times its answer. A press at a bot that is just killed is none."""
        while not self._over.wait(_TAP_EVERY_S):
            if self._slack.sockets() < len(self._bots):
                continue  # one is just being killed, or is starting
            alive = [bot.pid for bot in self._bots if bot.running]
            started = time.perf_counter()
            try:
                self._slack.press(_TAPPER, card, "nudge.when")
                view = self._slack.wait(lambda: self._slack.modal(_TAPPER), 5.0)
            except (TimeoutError, LookupError, ValueError):
                if alive == [bot.pid for bot in self._bots if bot.running]:
                    self._taps.append(5.0)
                continue
            self._taps.append(time.perf_counter() - started)
            if view:
                self._slack.close_view(_TAPPER, view["id"])

    def _sent(self) -> int:
        return outbox.counts(self._store).get("sent", 0)

    def _until(self, many: int) -> None:
        """Wait until so many were sent. TimeoutError where nothing moves any more."""
        last, since = -1, time.monotonic()
        while (sent := self._sent()) < many:
            if sent != last:
                last, since = sent, time.monotonic()
            if time.monotonic() - since > _STALL_S:
                raise TimeoutError(f"nothing moves any more: {outbox.counts(self._store)}")
            time.sleep(0.05)

    def _counted(self) -> dict[str, Any]:
        posted: Counter[str] = Counter()
        for id in self._ids:
            for message in self._slack.messages(self._slack.dm(id)):
                about = message.get("metadata") or {}
                if about.get("event_type") == DELIVERY:
                    posted[about["event_payload"]["delivery_id"]] += 1
        expected = {f"nudge:{id}:{_WEEK}:1" for id in self._ids}
        taps = sorted(self._taps)
        return {
            "people": len(self._ids),
            "once": sum(posted[id] == 1 for id in expected),
            "doubled": sum(times > 1 for times in posted.values()),
            "missed": sum(id not in posted for id in expected),
            "others": sum(id not in expected for id in posted),
            "refused": sum(call.status == 429 for call in self._slack.calls("chat.postMessage")),
            "injected": _REFUSALS,
            "taps": len(taps),
            "tap_median_ms": round(1000 * taps[len(taps) // 2]) if taps else 0,
            "tap_slowest_ms": round(1000 * taps[-1]) if taps else 0,
        }
