"""`himitsu serve`: open everything, connect, and stay until told to stop; then finish what is under way."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from slack_bolt import App
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler
from slack_sdk.web.client import WebClient

from knowledge.company import Company, default_dir
from knowledge.content import Knowledge
from knowledge.index import default_index_path

from . import memory
from .app import THREADS, build_app
from .catch_up import CatchUp
from .clock import Clock, SystemClock, UrlClock
from .connection import Watch, on_frame
from .conversation import Conversation
from .deliveries import Recovery
from .minute import Minute
from .outbox import LEASE_S as OUTBOX_LEASE_S
from .outbox import Outbox
from .people import People
from .services import Services, open_services
from .settings import SECRETS, Settings
from .socket_mode import Handler, Listeners
from .store import StoreError, inbox, open_key, open_store, store_is_new
from .web import web_client
from .workplace import Workplace

logger = logging.getLogger(__name__)

DRAIN_S = 10.0  # for answers under way at the end
SILENT_S = 300.0  # with nothing heard of Slack for so long: leave, so that the supervisor starts a new process
# Threads that wait for the interpreter get it after so long: Python's own 5 ms are a whole answer, in which a message
# that came meanwhile would not even be written down.
_SWITCH_S = 0.0005
_NO_COMPANY = Path(__file__).parent / "views" / "no company files here"


def log_to_stderr() -> None:
    """Ids, verdicts, rules and milliseconds; never words. slack_sdk at DEBUG would print whole payloads."""
    level = os.environ.get("HIMITSU_LOG_LEVEL", "INFO").upper()
    known = level if level in ("INFO", "WARNING", "ERROR") else "INFO"  # DEBUG is not to be had: it would show words
    logging.basicConfig(level=known, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("slack_sdk", "slack_bolt", "alembic", "waitress", "urllib3"):
        logging.getLogger(name).setLevel(logging.WARNING)


class CannotStart(Exception):
    """Why the bot cannot run, in a sentence for who runs it."""


@dataclass
class Running:
    """A bot that is up: what a caller may stop."""

    app: App
    workplace: Workplace
    client: WebClient
    executor: ThreadPoolExecutor
    stop: threading.Event
    threads: list[threading.Thread]

    def close(self) -> None:
        """Let listeners end what they began, then everything else. What is left is let go for the next process."""
        self.stop.set()
        place = self.workplace
        self.executor.shutdown(wait=True)
        place.work.close(DRAIN_S)
        place.early.shutdown(cancel_futures=True)
        for thread in self.threads:
            thread.join(timeout=30)
        try:
            inbox.release(place.store, owner=place.owner, but=place.unclear)
        except StoreError as error:
            logger.error("%s", error)
        place.store.close()


def open_workplace(settings: Settings, who: dict[str, str], services: Services | None = None) -> Workplace:
    """Knowledge, store, clock and people. who: what auth.test said. services: opened before, where there are some.

    Raises ContentError, and StoreError where the database or its key does not fit.
    """
    services = services or open_services(settings.company_dir, to_stay=True)
    services.read("お知らせ", intent="reminder")  # loads what the first person to write would wait for
    new = store_is_new(settings.database_url)
    sealer = open_key(settings.key_file, store_is_new=new)
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    store = open_store(settings.database_url, sealer)
    clock: Clock = UrlClock(settings.clock_url) if settings.clock_url else SystemClock()
    reader = web_client(settings.bot_token, settings.api_url)
    reader.retry_handlers += [ConnectionErrorRetryHandler(), RateLimitErrorRetryHandler(max_retry_count=1)]
    return Workplace(
        services=services,
        open_general=lambda: general(services, settings),
        store=store,
        clock=clock,
        people=People(
            store,
            services.knowledge.company,
            reader,
            web_client(settings.bot_token, settings.api_url, timeout_s=1),
            who.get("team_id", ""),
        ),
        owner=uuid.uuid4().hex[:12],
        lease_s=settings.lease_s,
        company_dir=settings.company_dir or default_dir(),
    )


def general(services: Services, settings: Settings) -> Services:
    """What guests are answered from: our content alone. Without its own, the same without its desk."""
    knowledge: Knowledge = services.knowledge
    if not knowledge.company_ids and not knowledge.company.publishes:
        return replace(services, knowledge=replace(knowledge, company=Company()))
    path = default_index_path()
    # A file of its own: where the company has facts of its own, the two would build each other's anew at every start.
    return open_services(_NO_COMPANY, path.with_name(f"{path.stem}-general{path.suffix}"))


def start(settings: Settings, services: Services | None = None) -> Running:
    """Everything but the connection. Raises CannotStart where the token does not work."""
    client = web_client(settings.bot_token, settings.api_url, timeout_s=settings.timeout_s)
    who = introduce(client)
    workplace = open_workplace(settings, who, services)
    executor = Listeners(THREADS, thread_name_prefix="listener")
    conversation = Conversation(workplace)
    features = conversation.features
    app = build_app(client, conversation, signing_secret=settings.signing_secret, executor=executor)
    stop = threading.Event()
    outbox = Outbox(
        workplace.store,
        client,
        workplace.clock,
        per_s=settings.posts_per_s,
        wanted=features.wanted,
        sent=features.sent,
        lease_s=min(OUTBOX_LEASE_S, 2 * settings.lease_s),  # shorter in tests and measurements alone
    )
    recovery = Recovery(app, workplace)
    threads = [
        threading.Thread(target=outbox.run, args=(stop,), name="outbox", daemon=True),
        threading.Thread(target=recovery.run, args=(stop,), name="recovery", daemon=True),
        threading.Thread(target=Minute(features, workplace.clock).run, args=(stop,), name="minute", daemon=True),
    ]
    for thread in threads:
        thread.start()
    return Running(app, workplace, client, executor, stop, threads)


def introduce(client: WebClient) -> dict[str, str]:
    """What auth.test says of the bot."""
    try:
        answer = client.auth_test()
    except SlackApiError as error:
        code = error.response.get("error")
        raise CannotStart(
            f"Slack does not accept SLACK_BOT_TOKEN ({code}). Reinstall the app and copy the token anew"
            " (OAuth & Permissions > Bot User OAuth Token)."
        ) from None
    except OSError as error:
        raise CannotStart(
            f"Slack cannot be reached at {client.base_url} ({type(error).__name__}). Check the network; behind a proxy,"
            " set HTTPS_PROXY."
        ) from None
    return {"team_id": str(answer.get("team_id") or "")}


def serve(settings: Settings, *, http: bool = False) -> int:
    """Run until SIGTERM or SIGINT; the exit status. 1 where the connection was lost for good."""
    sys.setswitchinterval(_SWITCH_S)
    memory.bound()
    for secret in SECRETS:  # the settings have them: no library is to find them here, and no child process
        os.environ.pop(secret, None)
    running = start(settings)
    memory.give_back()
    memory.settle()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, stopper(running.stop))
    try:
        return _over_http(running, settings) if http else _over_socket(running, settings)
    finally:
        running.close()


def connect(running: Running, settings: Settings) -> Handler:
    """Open the socket; DMs that came before are caught up. Raises CannotStart where the app token does not work."""
    handler = Handler(running.app, settings.app_token, running.client)
    catch_up = CatchUp(running.workplace, running.client, Recovery(running.app, running.workplace).hand_over)
    handler.client.on_message_listeners.append(on_frame(lambda: catch_up.soon(running.stop)))
    running.workplace.new_dm = lambda channel: catch_up.first(channel, running.stop)
    try:
        handler.connect()
    except SlackApiError as error:
        raise CannotStart(
            f"Slack does not accept SLACK_APP_TOKEN ({error.response.get('error')}). It needs connections:write"
            " (Basic Information > App-Level Tokens)."
        ) from None
    return handler


def stopper(stop: threading.Event) -> Callable[..., None]:
    """A signal handler that sets stop.

    In a thread of its own: the main thread may be interrupted right where it holds the event's lock.
    """

    def handle(*_: object) -> None:
        threading.Thread(target=stop.set, name="stop", daemon=True).start()

    return handle


def _over_socket(running: Running, settings: Settings) -> int:
    handler = connect(running, settings)
    logger.info("connected")
    watch = Watch(time.monotonic())
    try:
        while not running.stop.wait(1.0):
            if watch.silent_s(handler.client, time.monotonic()) > SILENT_S:
                logger.error("no connection for %s s: leaving, so that the supervisor can start anew", int(SILENT_S))
                return 1
    finally:
        handler.close()
    logger.info("stopped")
    return 0


def _over_http(running: Running, settings: Settings) -> int:
    from slack_bolt.adapter.wsgi import SlackRequestHandler
    from waitress.server import create_server

    server = create_server(
        SlackRequestHandler(running.app), host=settings.http_host, port=settings.http_port, threads=THREADS
    )
    thread = threading.Thread(target=server.run, name="http", daemon=True)
    thread.start()
    logger.info("listening on %s:%s", settings.http_host, server.effective_port)
    running.stop.wait()
    server.close()
    return 0
