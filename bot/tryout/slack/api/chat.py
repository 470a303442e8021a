"""chat.*: what the bot says."""

from __future__ import annotations

from typing import Any

from .. import blocks
from ..config import APP_ID, BOT_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID
from ..fields import with_block_ids
from ..workspace import Message
from .base import Answer, ApiError, Arguments, Context, channel_for, flag, is_bot, method, need, refused, structure

CUT = 40_000
UPDATE_MOST = 4_000
METADATA_BYTES = 8_000
SCHEDULE_DAYS = 120


def content(arguments: Arguments) -> dict[str, Any]:
    """`text`, `blocks`, `attachments`, `metadata` of a call, checked. Raises ApiError as Slack does."""
    given = structure(arguments, "blocks", "invalid_blocks_format")
    attachments = structure(arguments, "attachments", "invalid_attachments")
    if given is not None and not isinstance(given, list):
        raise ApiError("invalid_blocks_format")
    if given and (found := blocks.problems(given, "message")):
        raise refused("invalid_blocks", found)
    text = str(arguments.get("text") or "")
    if arguments.get("markdown_text"):
        if text or given:
            raise ApiError("markdown_text_conflict")
        text = str(arguments["markdown_text"])
        if len(text) > 12_000:
            raise ApiError("msg_too_long")
    if not text.strip() and not given and not attachments:
        raise ApiError("no_text")
    found_content: dict[str, Any] = {"text": text[:CUT]}
    if given:
        found_content["blocks"] = with_block_ids(given)
    if attachments:
        found_content["attachments"] = attachments
    if (metadata := _metadata(arguments)) is not None:
        found_content["metadata"] = metadata
    return found_content


def _metadata(arguments: Arguments) -> Any:
    metadata = structure(arguments, "metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    well = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not well or not isinstance(metadata.get("event_payload"), dict):
        raise ApiError("invalid_metadata_schema")
    if len(str(metadata)) > METADATA_BYTES:
        raise ApiError("metadata_too_large")
    return metadata


def new_message(context: Context, more: Arguments) -> Message:
    return {
        "type": "message",
        "user": BOT_USER_ID,
        "ts": context.workspace.clock.ts(),
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        "bot_profile": {"id": BOT_ID, "app_id": APP_ID, "name": context.workspace.app.name, "team_id": TEAM_ID},
        **more,
    }


@method("chat.postMessage", "chat:write")
def post_message(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member="chat:write.public" not in context.workspace.app.scopes, users=True)
    if where.archived:
        raise ApiError("is_archived")
    said = content(arguments)
    message = new_message(context, said)
    if arguments.get("client_msg_id"):
        message["client_msg_id"] = arguments["client_msg_id"]
    if thread_ts := arguments.get("thread_ts"):
        parent = context.workspace.message(where.id, str(thread_ts))
        # a thread's later messages stand for its first one; an unknown ts makes a plain message
        if parent is not None:
            message["thread_ts"] = parent.get("thread_ts", parent["ts"])
            message["parent_user_id"] = parent.get("user")
            if flag(arguments, "reply_broadcast"):
                message["subtype"] = "thread_broadcast"
    context.workspace.add(where.id, message)
    context.acts.events.said(where, message)
    answer: Answer = {"channel": where.id, "ts": message["ts"], "message": dict(message)}
    if len(str(arguments.get("text") or "")) > CUT:
        answer["response_metadata"] = {"warnings": ["message_truncated"]}
    return answer


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(context: Context, arguments: Arguments) -> Answer:
    user = str(need(arguments, "user"))
    where = channel_for(context, arguments)
    if where.archived:
        raise ApiError("is_archived")
    if user not in context.workspace.people or not context.workspace.is_member(user, where.id):
        raise ApiError("user_not_in_channel")
    message = new_message(context, content({**arguments, "metadata": None}))
    if thread_ts := arguments.get("thread_ts"):
        message["thread_ts"] = str(thread_ts)
    context.workspace.add_ephemeral(user, where.id, message)
    return {"message_ts": message["ts"]}


@method("chat.update", "chat:write")
def update(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member=False)
    message = _own(context, where.id, str(need(arguments, "ts")), "cant_update_message")
    if len(str(arguments.get("text") or "")) > UPDATE_MOST:
        raise ApiError("msg_too_long")
    said = content(arguments)
    before = dict(message)
    for key in ("blocks", "attachments"):
        message.pop(key, None)  # text alone takes the old blocks away
    message |= said | {"edited": {"user": BOT_USER_ID, "ts": context.workspace.clock.ts()}}
    context.workspace.changed(where.id, message)
    context.acts.events.changed(where, message, before)
    return {"channel": where.id, "ts": message["ts"], "text": message["text"], "message": dict(message)}


@method("chat.delete", "chat:write")
def delete(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member=False)
    message = _own(context, where.id, str(need(arguments, "ts")), "cant_delete_message")
    context.workspace.remove(where.id, message["ts"])
    context.acts.events.deleted(where, message)
    return {"channel": where.id, "ts": message["ts"]}


def _own(context: Context, channel: str, ts: str, error: str) -> Message:
    message = context.workspace.message(channel, ts)
    if message is None:
        raise ApiError("message_not_found")
    if not is_bot(message):
        raise ApiError(error)
    return message


@method("chat.getPermalink")
def permalink(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments, member=False)
    ts = str(need(arguments, "message_ts"))
    if context.workspace.message(where.id, ts) is None:
        raise ApiError("message_not_found")
    link = f"https://{TEAM_DOMAIN}.slack.com/archives/{where.id}/p{ts.replace('.', '')}"
    return {"channel": where.id, "permalink": link}


@method("chat.scheduleMessage", "chat:write")
def schedule(context: Context, arguments: Arguments) -> Answer:
    """Takes the plan and answers as Slack does. Nothing is posted later: the bot plans its own sending."""
    where = channel_for(context, arguments, users=True)
    try:
        post_at = int(need(arguments, "post_at"))
    except (ValueError, TypeError):
        raise ApiError("invalid_time") from None
    now = context.workspace.clock.now()
    if post_at <= now:
        raise ApiError("time_in_past")
    if post_at > now + SCHEDULE_DAYS * 86400:
        raise ApiError("time_too_far")
    said = content(arguments)
    return {
        "channel": where.id,
        "scheduled_message_id": context.workspace.new_id("Q"),
        "post_at": post_at,
        "message": {"type": "delayed_message", "bot_id": BOT_ID, **said},
    }
