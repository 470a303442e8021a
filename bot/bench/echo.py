"""What himitsu is measured against: a bot that says back what it hears, and knows nothing else.

python -m bot.bench.echo [DATABASE]: with a database it commits one row before its ack and one change of it after its
answer, in the same SQLite, with the same settings, through the same Store as himitsu. Without one it is Bolt alone.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.builtin import SocketModeHandler
from slack_sdk import WebClient

from ..app import THREADS
from ..deliveries import is_spoken
from ..store.engine import Store, make_engine
from ..store.sealing import Sealer
from ..web import web_client


def main(database: str | None) -> None:
    """Until it is killed."""
    client = web_client(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"])
    pool = ThreadPoolExecutor(THREADS)
    app = App(client=client, signing_secret="-", token_verification_enabled=False, listener_executor=pool)
    store = open_table(database) if database else None
    if store:
        commit_before_ack(app, store)

    @app.event("message")
    def on_message(event: dict[str, Any], client: WebClient) -> None:
        if not is_spoken(event):
            return
        client.chat_postMessage(channel=event["channel"], text=event["text"])
        if store:
            with store.begin() as tx:
                tx.connection.exec_driver_sql("UPDATE heard SET state = 'done' WHERE id = ?", (_id(event),))

    SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client).connect()
    threading.Event().wait()


def open_table(url: str) -> Store:
    """A store with one table."""
    store = Store(make_engine(url), Sealer([os.urandom(32)]))
    with store.begin() as tx:
        tx.connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS heard (id TEXT PRIMARY KEY, state TEXT NOT NULL)")
    return store


def commit_before_ack(app: App, store: Store) -> None:
    """A middleware that keeps each message before Bolt acks it."""

    @app.middleware
    def keep(body: dict[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:
        event = body.get("event") or {}
        if is_spoken(event):
            with store.begin() as tx:
                tx.connection.exec_driver_sql("INSERT INTO heard VALUES (?, 'open')", (_id(event),))
        return next()


def _id(event: dict[str, Any]) -> str:
    return f"{event['channel']}:{event['ts']}"


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else None)
