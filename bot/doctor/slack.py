"""What Slack tells: whether it can be reached, the tokens, the scopes, the clock, the people who are named."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Callable, Collection, Iterator, Mapping
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk.errors import SlackApiError
from slack_sdk.web.slack_response import SlackResponse

from .. import manifest, render
from ..settings import Settings
from ..slack_errors import understand
from ..web import web_client
from .finding import Finding, finding

if TYPE_CHECKING:
    from slack_sdk.web.client import WebClient

    from knowledge.content import Knowledge

_TIMEOUT_S = 10
_MAY_BE_OFF_S = 60
_NETWORK = (OSError, HTTPException)
_REVOKED = {"token_revoked", "account_inactive", "token_expired", "team_disabled", "user_removed_from_team"}
_WRONG = {"invalid_auth", "not_authed", "not_allowed_token_type"}
_APP_ID = re.compile(r"xapp-\d+-(A[A-Z0-9]+)-")
_MOST_PEOPLE = 20


def examine(
    settings: Settings, unusable: Collection[str], knowledge: Knowledge | None, *, http: bool, now: Callable[[], float]
) -> Iterator[Finding]:
    """unusable: names of variables that have a problem of their own. knowledge: None where it cannot be loaded."""
    reached = "SLACK_API_URL" not in unusable
    if reached:
        first = list(_network(settings, now))
        reached = first[0].state == "ok"
        yield from first
    bot = "SLACK_BOT_TOKEN" not in unusable and reached
    client = web_client(settings.bot_token, settings.api_url, timeout_s=_TIMEOUT_S)
    who: SlackResponse | None = None
    if bot:
        found, who = _bot_token(client)
        yield found
    else:
        yield finding("bot_token", "skipped")
    if who:
        yield from _scopes(who)
    if http:
        yield finding("secret", "open")
    elif "SLACK_APP_TOKEN" in unusable or not reached:
        yield finding("app_token", "skipped")
    else:
        yield _app_token(settings, client, who)
    if not who:
        yield finding("manifest", "open")
    yield finding("channels", "open")
    if who and knowledge:
        yield from _people(client, knowledge, str(who.get("team_id") or ""))


# --- reaching it


def _network(settings: Settings, now: Callable[[], float]) -> Iterator[Finding]:
    client = web_client("", settings.api_url, timeout_s=_TIMEOUT_S)
    words = render.wording("doctor.yaml")["network"]
    proxy = _without_secrets(client.proxy or "")
    about = {
        "url": settings.api_url,
        "host": urlsplit(settings.api_url).hostname,
        "proxy": proxy,
        "way": words["way_proxy"].format(proxy) if proxy else words["way_direct"],
    }
    before = now()
    try:
        headers: Mapping[str, Any] = client.api_test().headers
    except SlackApiError as error:
        failure = understand(error)
        if failure.reason in ("no_json", "") or failure.reason.startswith("http_"):
            yield finding("network", "stranger", detail=failure.reason, **about)
            return
        headers = error.response.headers
    except _NETWORK as error:
        key, detail = _why(error)
        yield finding("network", key, detail=detail, **about)
        return
    yield finding("network", "ok", **about)
    yield _clock(_header(headers, "date"), (before + now()) / 2)


def _why(error: Exception) -> tuple[str, str]:
    """(key of the finding, detail) of a request that got no answer."""
    reason: object = error.reason if isinstance(error, URLError) else error
    if "Tunnel connection failed" in str(reason):
        return "proxy", re.sub(r"[^0-9A-Za-z ]", "", str(reason).split("failed:")[-1]).strip()[:60]
    kinds: tuple[tuple[type[BaseException], str], ...] = (
        (socket.gaierror, "dns"),
        (ssl.SSLCertVerificationError, "certificate"),
        (ConnectionRefusedError, "refused"),
        (TimeoutError, "timeout"),
    )
    key = next((key for kind, key in kinds if isinstance(reason, kind)), "other")
    return key, type(reason).__name__


def _without_secrets(proxy: str) -> str:
    """host:port of a proxy's address, which may hold a password."""
    try:
        parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
    except ValueError:
        return "?"


def _header(headers: Mapping[str, Any], name: str) -> str | None:
    for key, value in headers.items():
        if key.lower() == name:
            return str(value[0] if isinstance(value, list) else value)
    return None


def _clock(date: str | None, ours: float) -> Finding:
    try:
        theirs = parsedate_to_datetime(date or "").timestamp()
    except ValueError:
        return finding("clock", "open")
    off = abs(ours - theirs)
    return finding("clock", "ok" if off <= _MAY_BE_OFF_S else "wrong", seconds=round(off))


# --- tokens


def _bot_token(client: WebClient) -> tuple[Finding, SlackResponse | None]:
    try:
        who = client.auth_test()
    except SlackApiError as error:
        code = understand(error).reason
        key = "revoked" if code in _REVOKED else "wrong" if code in _WRONG else "other"
        return finding("bot_token", key, detail=code), None
    except _NETWORK as error:
        return finding("bot_token", "other", detail=_why(error)[1]), None
    if not who.get("bot_id"):
        return finding("bot_token", "not_a_bot"), None
    return finding("bot_token", "ok", team=who.get("team"), user=who.get("user")), who


def _scopes(who: SlackResponse) -> Iterator[Finding]:
    """What the token may do against what it should, and what that tells of the manifest."""
    given = _header(who.headers, "x-oauth-scopes")
    if given is None:
        yield finding("scopes", "open")
        yield finding("manifest", "open")
        return
    have, wanted = {s.strip() for s in given.split(",") if s.strip()}, manifest.scopes()
    words = render.wording("manifest.yaml")
    missing = [s for s in wanted if s not in have]
    excess = sorted(have - {*wanted, *manifest.optional_scopes()})
    for scope in missing:
        yield finding("scopes", "missing", scope=scope, without=words["scopes"][scope]["without"])
    spared = [s for s in manifest.optional_scopes() if s not in have]
    if spared:
        yield finding("scopes", "optional", each="、".join(f"{s}({words['optional'][s]['without']})" for s in spared))
    if excess:
        yield finding("scopes", "excess", scopes=", ".join(excess))
    if not missing and not excess:
        yield finding("scopes", "ok", count=len(wanted))
    yield finding("manifest", "drift" if missing or excess else "same_scopes")


def _app_token(settings: Settings, client: WebClient, who: SlackResponse | None) -> Finding:
    try:
        client.apps_connections_open(app_token=settings.app_token)
    except SlackApiError as error:
        code = understand(error).reason
        key = "scope" if code == "missing_scope" else "wrong" if code in _WRONG | _REVOKED else "other"
        return finding("app_token", key, detail=code)
    except _NETWORK as error:
        return finding("app_token", "other", detail=_why(error)[1])
    mine = _APP_ID.match(settings.app_token)
    bot = _app_of(client, str(who.get("bot_id"))) if who and mine else ""
    if not mine or not bot:
        return finding("app_token", "ok")
    if mine[1] != bot:
        return finding("app_token", "other_app", app=mine[1], bot=bot)
    return finding("app_token", "same")


def _app_of(client: WebClient, bot_id: str) -> str:
    """The app that a bot belongs to; blank where Slack does not say."""
    try:
        return str((client.bots_info(bot=bot_id).get("bot") or {}).get("app_id") or "")
    except (SlackApiError, *_NETWORK):
        return ""


# --- people


def _people(client: WebClient, knowledge: Knowledge, team: str) -> Iterator[Finding]:
    """Managers, responders and deputies of the company's files: there, and not guests."""
    company = knowledge.company
    if not company.managers:
        yield finding("people", "none")
    named = dict.fromkeys([*company.managers, *company.responders, *company.deputies])
    checked = [(id, _person(client, id, team)) for id in list(named)[:_MOST_PEOPLE]]
    yield from (found for _, found in checked if found)
    good = sum(found is None for _, found in checked)
    if good:
        yield finding("people", "ok", count=good)


def _person(client: WebClient, id: str, team: str) -> Finding | None:
    """What is wrong with somebody who is named; None where nothing is."""
    try:
        user: Mapping[str, Any] = client.users_info(user=id)["user"]
    except SlackApiError as error:
        code = understand(error).reason
        return finding("people", "unknown" if code.startswith("user_not") else "open", id=id, detail=code)
    except _NETWORK as error:
        return finding("people", "open", id=id, detail=_why(error)[1])
    if user.get("deleted"):
        return finding("people", "left", id=id)
    guest = any(user.get(key) for key in ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot"))
    return finding("people", "guest", id=id) if guest or (team and user.get("team_id", team) != team) else None
