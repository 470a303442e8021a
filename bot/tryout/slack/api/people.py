"""users.*, bots.*, team.*, usergroups.*, auth.*, apps.*, reactions.*: who is who, and the little rest."""

from __future__ import annotations

from dataclasses import replace

from ..config import APP_ID, BOT_ID, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Person
from ..payloads import profile, team
from .base import Answer, ApiError, Arguments, Context, channel_for, method, need, page


@method("auth.test")
def auth_test(context: Context, arguments: Arguments) -> Answer:
    return {
        "url": f"https://{TEAM_DOMAIN}.slack.com/",
        "team": TEAM_NAME,
        "user": context.workspace.app.name,
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "bot_id": BOT_ID,
        "is_enterprise_install": False,
    }


@method("api.test")
def api_test(context: Context, arguments: Arguments) -> Answer:
    return {"args": {k: v for k, v in arguments.items() if k != "token"}}


def _bot(context: Context) -> Person:
    name = context.workspace.app.name
    return replace(Person(BOT_USER_ID, name, name), is_bot=True)


@method("users.info", "users:read")
def users_info(context: Context, arguments: Arguments) -> Answer:
    user = str(need(arguments, "user"))
    found = _bot(context) if user == BOT_USER_ID else context.workspace.people.get(user)
    if found is None:
        raise ApiError("user_not_found")
    if not found.visible:
        raise ApiError("user_not_visible")
    return {"user": profile(found, email="users:read.email" in context.workspace.app.scopes)}


@method("users.list", "users:read")
def users_list(context: Context, arguments: Arguments) -> Answer:
    email = "users:read.email" in context.workspace.app.scopes
    people = [p for p in (*context.workspace.people.values(), _bot(context)) if p.visible and not p.is_stranger]
    rest, cursor = page(people, arguments, default=1000, most=1000)
    members = [profile(p, email=email) for p in rest]
    return {"members": members, "cache_ts": 0, "response_metadata": {"next_cursor": cursor}}


@method("bots.info", "users:read")
def bots_info(context: Context, arguments: Arguments) -> Answer:
    if arguments.get("bot") not in (None, "", BOT_ID):
        raise ApiError("bot_not_found")
    name = context.workspace.app.name
    bot = {"id": BOT_ID, "deleted": False, "name": name, "updated": 0, "app_id": APP_ID, "user_id": BOT_USER_ID}
    return {"bot": bot | {"icons": {}}}


@method("team.info", "team:read")
def team_info(context: Context, arguments: Arguments) -> Answer:
    if arguments.get("team") not in (None, "", TEAM_ID):
        raise ApiError("team_not_found")
    return {"team": team()}


@method("usergroups.users.list", "usergroups:read")
def usergroup_users(context: Context, arguments: Arguments) -> Answer:
    members = context.workspace.app.usergroups.get(str(need(arguments, "usergroup")))
    if members is None:
        raise ApiError("no_such_subteam")
    return {"users": list(members)}


@method("reactions.add", "reactions:write")
def reactions_add(context: Context, arguments: Arguments) -> Answer:
    where = channel_for(context, arguments)
    message = context.workspace.message(where.id, str(need(arguments, "timestamp")))
    if message is None:
        raise ApiError("message_not_found")
    name = str(need(arguments, "name")).strip(":")
    reactions = message.setdefault("reactions", [])
    mine = next((r for r in reactions if r["name"] == name), None)
    if mine and BOT_USER_ID in mine["users"]:
        raise ApiError("already_reacted")
    if mine is None:
        mine = {"name": name, "users": [], "count": 0}
        reactions.append(mine)
    mine["users"].append(BOT_USER_ID)
    mine["count"] += 1
    context.workspace.changed(where.id, message)
    return {}


@method("apps.connections.open", token="app")
def connections_open(context: Context, arguments: Arguments) -> Answer:
    hub = context.acts.hub
    if len(hub.sockets) >= context.workspace.limits.sockets:
        raise ApiError("too_many_websockets")
    host = context.workspace.base.removeprefix("http://")
    return {"url": f"ws://{host}/link?ticket={hub.ticket()}&app_id={APP_ID}"}
