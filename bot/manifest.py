"""The app manifest: what the listeners register, with the words and reasons of views/manifest.yaml."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import yaml

from . import render
from .listeners.commands import COMMAND
from .listeners.shortcuts import IS_SECRET, LEAK

EVENTS = ("app_home_opened", "app_mention", "message.im")
HTTP_PATH = "/slack/events"  # Bolt's own: events, presses and commands all come there
_SHORTCUTS = {IS_SECRET: "message", LEAK: "global"}
_HEAD = """\
# The app as Slack registers it. Made by: himitsu manifest{option}
# Paste it at https://api.slack.com/apps > Create New App > From a manifest > YAML.
"""
_WIDTH = 10_000  # never fold a line: people read and compare them
_REASON_AT = 30  # the column of the reasons beside the scopes


class BadUrl(ValueError):
    """An address that Slack would not send requests to."""


def manifest(http_url: str = "", *, least: bool = False) -> dict[str, Any]:
    """The manifest, with Slack's keys. http_url: where `serve --http` is reached from outside; blank is Socket Mode.
    least: without the scopes that the bot can do without.

    Raises BadUrl for one that is not https, or has more than a host, a port and a path.
    """
    words = render.wording("manifest.yaml")
    url = request_url(http_url) if http_url else ""
    command = {"command": COMMAND, **words["command"], "should_escape": True}  # people and channels as ids, as in a DM
    events: dict[str, Any] = {"bot_events": list(EVENTS)}
    interactivity: dict[str, Any] = {"is_enabled": True}
    if url:
        command["url"] = events["request_url"] = interactivity["request_url"] = url
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            key: words[key] for key in ("name", "description", "background_color", "long_description")
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "bot_user": {"display_name": words["display_name"], "always_online": True},
            "shortcuts": [
                {"type": type, "callback_id": id, **words["shortcuts"][id]} for id, type in _SHORTCUTS.items()
            ],
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": _scopes(least)},
        "settings": {
            "event_subscriptions": events,
            "interactivity": interactivity,
            "org_deploy_enabled": False,
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _scopes(least: bool) -> dict[str, list[str]]:
    """Slack wants the optional ones in both lists."""
    if least:
        return {"bot": [*scopes()]}
    return {"bot": [*scopes(), *optional_scopes()], "bot_optional": [*optional_scopes()]}


def request_url(http_url: str) -> str:
    """The address Slack sends requests to. Raises BadUrl."""
    try:
        parts = urlsplit(http_url.strip())
        good = parts.scheme == "https" and parts.hostname and not (parts.username or parts.query or parts.fragment)
        good = good and (parts.port is None or parts.port > 0)
    except ValueError:
        good = False
    if not good:
        raise BadUrl(http_url)
    path = parts.path.rstrip("/")
    return f"https://{parts.netloc}{path if path.endswith(HTTP_PATH) else path + HTTP_PATH}"


def scopes() -> tuple[str, ...]:
    """The scopes that the bot's token must have."""
    return tuple(render.wording("manifest.yaml")["scopes"])


def optional_scopes() -> tuple[str, ...]:
    """Scopes that the bot can do without."""
    return tuple(render.wording("manifest.yaml")["optional"])


def as_yaml(http_url: str = "", *, least: bool = False) -> str:
    """The manifest as YAML, with the reason beside each scope. Raises BadUrl."""
    body = yaml.safe_dump(manifest(http_url, least=least), allow_unicode=True, sort_keys=False, width=_WIDTH)
    words = render.wording("manifest.yaml")
    reasons = {f"- {scope}": about["why"] for scope, about in (words["scopes"] | words["optional"]).items()}
    lines = [
        f"{line:{_REASON_AT}}  # {reasons[line.strip()]}" if line.strip() in reasons else line
        for line in body.splitlines()
    ]
    options = " --http …" * bool(http_url) + " --least" * least
    return _HEAD.format(option=options) + "\n".join(lines) + "\n"
