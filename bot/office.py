"""The bot's own data for a command: database, company files and knowledge, without Slack."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .clock import SystemClock
from .people import People
from .services import open_services
from .settings import Settings
from .store import StoreError, open_key, open_store, store_is_new
from .web import web_client
from .workplace import Workplace

if TYPE_CHECKING:
    from .conversation import Conversation

_DATA = ("HIMITSU_", "SLACK_API_URL")


@contextmanager
def opened(environment: Mapping[str, str] = os.environ) -> Iterator[Conversation]:
    """The conversation over the data of `himitsu serve`; nothing is asked of Slack.

    Raises StoreError where there is no database yet, or where it does not open.
    """
    from .conversation import Conversation

    settings, problems = Settings.read(environment)
    for problem in problems:
        if problem.startswith(_DATA):
            raise StoreError(problem)
    if store_is_new(settings.database_url):
        raise StoreError("There is no data yet: 'himitsu serve' makes it at its first start.")
    services = open_services(settings.company_dir)
    store = open_store(settings.database_url, open_key(settings.key_file, store_is_new=False))
    nobody = web_client("xoxb-none", "http://127.0.0.1:9/", timeout_s=1)
    people = People(store, services.knowledge.company, nobody, nobody, "")
    try:
        yield Conversation(Workplace(services, lambda: services, store, SystemClock(), people, "command"))
    finally:
        store.close()
