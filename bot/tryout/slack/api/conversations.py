"""conversations.*: where people talk, and what was said there."""

from __future__ import annotations

from ..config import BOT_USER_ID
from ..payloads import conversation
from ..workspace import Message
from .base import Answer, ApiError, Arguments, Context, channel_for, family, flag, method, missing_scope, need, page


@method("conversations.history")
def history(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member=False)
    family(context, where, "history")
    if not where.bot_member:
        raise ApiError("not_in_channel")
    said = [m for m in context.workspace.messages[where.id].values() if _in_history(m)]
    found = [m for m in reversed(said) if _between(m["ts"], arguments)]
    rest, cursor = page(found, arguments, default=100, most=999)
    return _messages(rest, cursor, arguments) | {"pin_count": 0, "channel_actions_ts": None, "channel_actions_count": 0}


@method("conversations.replies")
def replies(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member=False)
    family(context, where, "history")
    if not where.bot_member:
        raise ApiError("not_in_channel")
    parent = context.workspace.message(where.id, str(need(arguments, "ts")))
    if parent is None:
        raise ApiError("thread_not_found")
    first = str(parent.get("thread_ts", parent["ts"]))
    head = context.workspace.message(where.id, first)
    found = [m for m in context.workspace.replies(where.id, first) if _between(m["ts"], arguments)]
    rest, cursor = page(([head] if head else []) + found, arguments, default=1000, most=1000)
    return _messages(rest, cursor, arguments)


def _in_history(message: Message) -> bool:
    inside = message.get("thread_ts") not in (None, message["ts"])
    return not inside or message.get("subtype") == "thread_broadcast"


def _between(ts: str, arguments: Arguments) -> bool:
    oldest, latest = str(arguments.get("oldest") or "0"), str(arguments.get("latest") or "")
    try:
        moment, first, last = float(ts), float(oldest), float(latest) if latest else float("inf")
    except ValueError:
        raise ApiError("invalid_ts_oldest") from None
    if flag(arguments, "inclusive"):
        return first <= moment <= last
    return first < moment < last


def _messages(found: list[Message], cursor: str, arguments: Arguments) -> Answer:
    hidden = () if flag(arguments, "include_all_metadata") else ("metadata",)
    shown = [{k: v for k, v in m.items() if k not in hidden} for m in found]
    answer: Answer = {"messages": shown, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


@method("conversations.open", "im:write", "mpim:write")
def open_(context: Context, arguments: Arguments) -> Answer:
    if arguments.get("channel"):
        where = channel_for(context, arguments)
        return {"channel": {"id": where.id}, "no_op": True, "already_open": True}
    users = [u.strip() for u in str(arguments.get("users") or "").split(",") if u.strip()]
    if not users:
        raise ApiError("users_list_not_supplied")
    if len(users) > 8:
        raise ApiError("too_many_users")
    for user in users:
        if user not in context.workspace.people:
            raise ApiError("user_not_found")
        if context.workspace.people[user].deleted:
            raise ApiError("user_disabled")
        if not context.workspace.people[user].visible:
            raise ApiError("user_not_visible")
    if len(users) > 1:
        raise ApiError("method_not_supported_for_channel_type")  # group DMs: the try-out has none
    where = context.workspace.dm(users[0])
    more = {"user": users[0]} if flag(arguments, "return_im") else {}
    return {"channel": {"id": where.id, **more}, "no_op": False, "already_open": False}


@method("conversations.info")
def info(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member=False)
    family(context, where, "read")
    return {"channel": conversation(where, "U02MANAGER", len(context.workspace.members(where.id)))}


@method("conversations.members")
def members(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member=False)
    family(context, where, "read")
    found, cursor = page(context.workspace.members(where.id), arguments, default=100, most=1000)
    return {"members": found, "response_metadata": {"next_cursor": cursor}}


@method("conversations.list", "channels:read", "groups:read", "im:read", "mpim:read")
def list_(context: Context, arguments: Arguments) -> Answer:
    wanted = str(arguments.get("types") or "public_channel").split(",")
    scopes = {"public_channel": "channels:read", "private_channel": "groups:read", "im": "im:read", "mpim": "mpim:read"}
    for kind in wanted:
        if kind.strip() not in scopes:
            raise ApiError("invalid_types")
        if scopes[kind.strip()] not in context.workspace.app.scopes:
            raise missing_scope(context, scopes[kind.strip()])
    found = []
    for channel in context.workspace.channels.values():
        kind = "im" if channel.kind == "dm" else "private_channel" if channel.private else "public_channel"
        visible = channel.bot_member or kind == "public_channel"
        if kind in wanted and visible and not (flag(arguments, "exclude_archived") and channel.archived):
            found.append(conversation(channel, BOT_USER_ID, len(context.workspace.members(channel.id))))
    rest, cursor = page(found, arguments, default=100, most=999)
    return {"channels": rest, "response_metadata": {"next_cursor": cursor}}
