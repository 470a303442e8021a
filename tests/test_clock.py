"""bot/clock.py: the system's clock, and the try-out's, which can be moved."""

import threading
import time
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from zoneinfo import ZoneInfo

import pytest

from bot.clock import SystemClock, UrlClock

TOKYO = ZoneInfo("Asia/Tokyo")


@pytest.fixture
def served():
    """A clock's URL; what it answers is set in .answer, and .asked counts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.asked += 1
            self.send_response(server.status)
            self.end_headers()
            self.wfile.write(server.answer)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.asked, server.status, server.answer = 0, 200, b""
    server.url = f"http://127.0.0.1:{server.server_port}/_clock"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def ticks():
    """A monotonic clock that moves when told."""

    class Ticks:
        at = 1000.0

        def __call__(self):
            return self.at

    return Ticks()


def at(moment):
    return b'{"now": %d, "offset": 0}' % moment


def test_the_system_clock_is_this_machines():
    assert abs(SystemClock().now() - time.time()) < 1


def test_today_is_the_date_in_that_zone(served, ticks):
    served.answer = at(1_795_964_400)  # 2026-11-29T15:00Z
    clock = UrlClock(served.url, ticks)
    assert clock.today(TOKYO) == date(2026, 11, 30)
    assert clock.today(ZoneInfo("America/New_York")) == date(2026, 11, 29)


def test_it_asks_every_half_second_and_time_passes_between(served, ticks):
    served.answer = at(1_800_000_000)
    clock = UrlClock(served.url, ticks)
    assert clock.now() == pytest.approx(1_800_000_000)
    ticks.at += 0.4
    assert clock.now() == pytest.approx(1_800_000_000.4)
    assert served.asked == 1
    served.answer = at(1_800_600_000)
    ticks.at += 0.1
    assert clock.now() == pytest.approx(1_800_600_000)
    assert served.asked == 2


@pytest.mark.parametrize(
    "answer",
    [b"", b"[]", b"{}", b'{"now": null}', b'{"now": "x"}', b'{"now": 1e18}', b'{"now": NaN}', b'{"now": 0}'],
    ids=repr,
)
def test_an_answer_that_makes_no_sense_leaves_the_last_difference(served, ticks, answer, caplog):
    served.answer = at(1_800_000_000)
    clock = UrlClock(served.url, ticks)
    clock.now()
    served.answer = answer
    for _ in range(3):
        ticks.at += 1
        now = clock.now()
    assert now == pytest.approx(1_800_000_003)
    assert len(caplog.records) == 1


def test_without_an_answer_it_is_the_systems_clock(ticks):
    assert abs(UrlClock("http://127.0.0.1:1/_clock", ticks).now() - time.time()) < 5


def test_an_error_of_the_server_is_no_answer(served, ticks):
    served.status, served.answer = 500, at(1_800_000_000)
    assert abs(UrlClock(served.url, ticks).now() - time.time()) < 5
