"""Closing a connection ends, whenever it comes."""

from __future__ import annotations

import logging
import threading
import time
from typing import Any

from slack_sdk.web.client import WebClient

from bot.socket_mode import Client


class Session:
    """A connection that says it is there, and listens until it is told that it is over."""

    session_id = "s"

    def is_active(self) -> bool:
        return True

    def run_until_completion(self, state: Any) -> None:
        while not state.terminated:
            time.sleep(0.01)

    def disconnect(self) -> None:
        pass

    close = check_state = disconnect


def client() -> Client:
    made = Client("xapp-1", logging.getLogger("test"), WebClient(""))
    made.current_session = Session()  # type: ignore[assignment]
    return made


def ends(run: Any) -> bool:
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(5)
    return not thread.is_alive()


def test_who_begins_to_listen_after_the_end_stops_at_once():
    there = client()
    assert ends(there.close)
    assert ends(there._run_current_session)


def test_who_listens_is_told_of_the_end():
    there = client()
    listening = threading.Thread(target=there._run_current_session, daemon=True)
    listening.start()
    assert ends(there.close)
    listening.join(5)
    assert not listening.is_alive()
