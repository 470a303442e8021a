"""`himitsu doctor`: looks at everything the bot needs, changes nothing, and says what to do. Never shows a secret."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping

from ..settings import Settings
from . import here, slack
from .finding import Finding, finding

_SECRETS = {"SLACK_BOT_TOKEN": "bot_token", "SLACK_APP_TOKEN": "app_token", "SLACK_SIGNING_SECRET": "secret"}

__all__ = ["Finding", "examine"]


def examine(
    environment: Mapping[str, str], *, http: bool = False, now: Callable[[], float] = time.time
) -> Iterator[Finding]:
    """Every finding, one after the other, in the order to deal with them.

    http: for `serve --http`. now: UTC epoch seconds of this machine.
    """
    settings, problems = Settings.read(environment, http=http)
    if not problems:
        yield finding("settings", "ok")
    for problem in problems:
        name = next((name for name in _SECRETS if problem.startswith(name)), "")
        yield finding("settings", _SECRETS.get(name, "problem"), detail=problem)
    unusable = {name for name in (*_SECRETS, "SLACK_API_URL") if any(p.startswith(name) for p in problems)}
    company = here.read_company(settings)
    yield from slack.examine(settings, unusable, company.knowledge, http=http, now=now)
    yield from here.examine(settings, company, now=now())
