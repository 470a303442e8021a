"""What Slack's client makes of typed text before an app gets it: entities, mentions, links."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .config import BOT_USER_ID
from .workspace import Workspace

_MARK = re.compile(r"<([@#][A-Z0-9]+(?:\|[^<>|]*)?|![a-z]+)>")
_LINK = re.compile(
    r"(?P<url>https?://[^\s<>、。「」（）]+)"
    r"|(?P<mail>[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
    r"|(?P<host>(?<![\w.@-])(?:[A-Za-z0-9-]+\.)+(?:com|co\.jp|jp|net|org)(?![\w-])(?:/[^\s<>、。「」（）]*)?)",
    re.ASCII,
)
_EVERYBODY = {"@channel": "<!channel>", "@here": "<!here>", "@everyone": "<!everyone>"}


def escaped(text: str) -> str:
    """& < > as entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def command_text(text: str, workspace: Workspace, *, should_escape: bool) -> str:
    """A command's text as it arrives: entities; should_escape: names as ids with the name beside it, links in <…>."""
    if not should_escape:
        return escaped(text)
    found = message_text(text, workspace)
    for person in workspace.people.values():
        found = found.replace(f"<@{person.id}>", f"<@{person.id}|{person.name}>")
    return found


def message_text(text: str, workspace: Workspace) -> str:
    """A typed message as it arrives: entities, links in <…>, and who or what is named by @name or #name as ids.

    Mentions may also be written as they arrive: <@U…>, <#C…>, <!here>.
    """
    names = _names(workspace)
    found = re.compile("|".join([_MARK.pattern, *map(re.escape, names)]))
    out, at = "", 0
    for match in found.finditer(text):
        out += _linked(text[at : match.start()]) + names.get(match[0], match[0])
        at = match.end()
    return out + _linked(text[at:])


def _names(workspace: Workspace) -> Mapping[str, str]:
    """What follows @ and #, longest first so that no name hides a longer one."""
    names = {f"@{workspace.app.name}": f"<@{BOT_USER_ID}>", **_EVERYBODY}
    for person in workspace.people.values():
        names |= {f"@{person.name}": f"<@{person.id}>", f"@{person.real_name}": f"<@{person.id}>"}
    for channel in workspace.channels.values():
        if channel.kind != "dm":
            names[f"#{channel.name}"] = f"<#{channel.id}|{channel.name}>"
    return dict(sorted(names.items(), key=lambda item: -len(item[0])))


def _linked(text: str) -> str:
    out, at = "", 0
    for match in _LINK.finditer(text):
        link = escaped(match[0])
        if match["mail"]:
            link = f"<mailto:{link}|{link}>"
        elif match["host"]:
            link = f"<http://{link}|{link}>"
        else:
            link = f"<{link}>"
        out += escaped(text[at : match.start()]) + link
        at = match.end()
    return out + escaped(text[at:])


def rich_text(text: str) -> list[dict[str, Any]]:
    """The blocks that Slack's composer sends beside such a text: words, links, people, not escaped. [] for no text."""
    parts: list[dict[str, Any]] = []
    at = 0
    for match in re.finditer(r"<([^<>]+)>", text):
        if match.start() > at:
            parts.append({"type": "text", "text": unescaped(text[at : match.start()])})
        parts.append(_part(unescaped(match[1])))
        at = match.end()
    if at < len(text):
        parts.append({"type": "text", "text": unescaped(text[at:])})
    return [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": parts}]}] if parts else []


def _part(mark: str) -> dict[str, Any]:
    target, _, label = mark.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": target, **({"text": label} if label else {})}
