"""files.*: an upload in three steps, and what is known of a file."""

from __future__ import annotations

import mimetypes

from ..config import BOT_USER_ID
from .base import Answer, ApiError, Arguments, Context, channel_for, method, need, structure
from .chat import CUT, new_message


@method("files.getUploadURLExternal", "files:write")
def upload_url(context: Context, arguments: Arguments) -> Answer:
    name = str(need(arguments, "filename"))
    try:
        length = int(need(arguments, "length"))
    except (ValueError, TypeError):
        raise ApiError("invalid_arguments") from None
    if length <= 0:
        raise ApiError("invalid_arguments")
    id = context.workspace.new_id("F")
    context.workspace.files[id] = {
        "id": id,
        "name": name,
        "title": name,
        "size": length,
        "mimetype": mimetypes.guess_type(name)[0] or "application/octet-stream",
        "filetype": name.rpartition(".")[2],
        "user": BOT_USER_ID,
        "created": int(context.workspace.clock.now()),
        "url_private": f"{context.workspace.base}/files/{id}/{name}",
        "url_private_download": f"{context.workspace.base}/files/{id}/{name}",
        "is_public": False,
    }
    return {"upload_url": f"{context.workspace.base}/upload/{id}", "file_id": id}


@method("files.completeUploadExternal", "files:write")
def complete(context: Context, arguments: Arguments) -> Answer:
    given = structure(arguments, "files", "invalid_arguments")
    if not isinstance(given, list) or not given:
        raise ApiError("invalid_arguments")
    found = []
    for each in given:
        id = each.get("id") if isinstance(each, dict) else None
        if id not in context.workspace.files or id not in context.workspace.file_bytes:
            raise ApiError("file_not_found")
        file = context.workspace.files[id]
        file["title"] = each.get("title") or file["name"]
        found.append(file)
    channels = [c for c in [arguments.get("channel_id"), *str(arguments.get("channels") or "").split(",")] if c]
    for channel in channels:
        where = channel_for(context, {"channel": channel}, users=True)
        text = str(arguments.get("initial_comment") or "")[:CUT]
        message = new_message(context, {"text": text, "files": [dict(f) for f in found], "subtype": "file_share"})
        if thread_ts := arguments.get("thread_ts"):
            message["thread_ts"] = str(thread_ts)
        context.workspace.add(where.id, message)
        context.acts.events.said(where, message)
    return {"files": [dict(f) for f in found]}


@method("files.info", "files:read")
def info(context: Context, arguments: Arguments) -> Answer:
    file = context.workspace.files.get(str(need(arguments, "file")))
    if file is None:
        raise ApiError("file_not_found")
    return {"file": dict(file)}
