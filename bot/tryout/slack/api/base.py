"""What the methods share: how they are registered, their arguments, errors, paging."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..config import BOT_USER_ID, Channel
from ..workspace import Workspace

if TYPE_CHECKING:
    from ..acts import Acts
    from ..views import Views

Answer = dict[str, Any]
Arguments = Mapping[str, Any]


class ApiError(Exception):
    """`ok: false`. more: further keys of the answer."""

    def __init__(self, error: str, **more: Any) -> None:
        super().__init__(error)
        self.error, self.more = error, more


@dataclass(frozen=True)
class Context:
    """What a method works on."""

    workspace: Workspace
    views: Views
    acts: Acts


Method = Callable[[Context, Arguments], Answer]


@dataclass(frozen=True)
class Registered:
    call: Method
    scopes: tuple[str, ...]  # one of these is needed; () none
    token: str  # "bot" or "app"


METHODS: dict[str, Registered] = {}


def method(name: str, *scopes: str, token: str = "bot") -> Callable[[Method], Method]:
    def register(call: Method) -> Method:
        METHODS[name] = Registered(call, scopes, token)
        return call

    return register


# --- arguments


def need(arguments: Arguments, name: str) -> Any:
    """An argument that has to be there."""
    value = arguments.get(name)
    if value in (None, ""):
        told = f"[ERROR] missing required field: {name}"
        raise ApiError("invalid_arguments", response_metadata={"messages": [told]})
    return value


def flag(arguments: Arguments, name: str, default: bool = False) -> bool:
    value = arguments.get(name, default)
    return value if isinstance(value, bool) else str(value).lower() in ("1", "true")


def count(arguments: Arguments, name: str, default: int, most: int) -> int:
    """A number between 1 and `most`."""
    try:
        value = int(arguments.get(name) or default)
    except (ValueError, TypeError, OverflowError):
        raise ApiError("invalid_arguments") from None
    if not 0 < value <= most:
        raise ApiError("invalid_limit")
    return value


def structure(arguments: Arguments, name: str, error: str) -> Any:
    """An argument that holds JSON, as text or already read. None where it is not given."""
    value = arguments.get(name)
    if isinstance(value, str):
        try:
            value = json.loads(value) if value else None
        except ValueError:
            raise ApiError(error) from None
    if value is not None and not isinstance(value, (dict, list)):
        raise ApiError(error)
    return value


def refused(error: str, found: Sequence[str]) -> ApiError:
    """An error that says what is wrong where, as Slack words it."""
    return ApiError(error, errors=list(found), response_metadata={"messages": [f"[ERROR] {f}" for f in found]})


# --- conversations and people


def channel_for(context: Context, arguments: Arguments, *, member: bool = True, users: bool = False) -> Channel:
    """The conversation that `channel` names. users: a person's id is their DM. Raises ApiError as Slack does."""
    id = str(need(arguments, "channel"))
    workspace = context.workspace
    if users and id in workspace.people:
        if workspace.people[id].deleted:
            raise ApiError("channel_not_found")
        return workspace.dm(id)
    found = workspace.channels.get(id)
    if found is None or (found.private and not found.bot_member):
        raise ApiError("channel_not_found")
    if member and not found.bot_member:
        raise ApiError("not_in_channel")
    return found


def family(context: Context, found: Channel, what: str) -> None:
    """Needs the scope for this kind of conversation: `channels:read`, `im:history` … Raises missing_scope."""
    kind = "im" if found.kind == "dm" else "groups" if found.private else "channels"
    if f"{kind}:{what}" not in context.workspace.app.scopes:
        raise missing_scope(context, f"{kind}:{what}")


def missing_scope(context: Context, *needed: str) -> ApiError:
    return ApiError("missing_scope", needed=",".join(needed), provided=",".join(context.workspace.app.scopes))


def is_bot(message: Mapping[str, Any]) -> bool:
    return message.get("user") == BOT_USER_ID


# --- paging


def page(items: Sequence[Any], arguments: Arguments, *, default: int, most: int) -> tuple[list[Any], str]:
    """The items from the cursor on, and the next cursor ("": no more)."""
    limit = count(arguments, "limit", default, most)
    start = 0
    if cursor := arguments.get("cursor"):
        try:
            start = int(base64.b64decode(str(cursor), validate=True).removeprefix(b"next:"))
        except (ValueError, binascii.Error):
            raise ApiError("invalid_cursor") from None
    rest = list(items[start : start + limit])
    more = start + limit < len(items)
    return rest, base64.b64encode(f"next:{start + limit}".encode()).decode() if more else ""
