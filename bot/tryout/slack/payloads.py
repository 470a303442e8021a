"""The shapes in which Slack hands a person's acts to an app."""

from __future__ import annotations

from typing import Any

from .config import APP_ID, OTHER_TEAM_ID, TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Channel, Person
from .fields import VALUE_KEYS, Block, Element, picked
from .workspace import Message

Payload = dict[str, Any]
TOKEN = "tryout-verification"
TEAM = {"id": TEAM_ID, "domain": TEAM_DOMAIN}


def user(person: Person) -> Payload:
    return {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id}


def channel(found: Channel) -> Payload:
    return {"id": found.id, "name": found.name}


def interaction(kind: str, person: Person, trigger_id: str) -> Payload:
    """What every interaction has."""
    return {
        "type": kind,
        "team": TEAM,
        "user": user(person),
        "api_app_id": APP_ID,
        "token": TOKEN,
        "trigger_id": trigger_id,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(person: Person, where: Channel, name: str, text: str, trigger_id: str, response_url: str) -> dict[str, str]:
    """A slash command: a form, all of it text."""
    return {
        "token": TOKEN,
        "team_id": person.team_id,
        "team_domain": TEAM_DOMAIN if person.team_id == TEAM_ID else "other",
        "channel_id": where.id,
        "channel_name": where.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def action(block: Block, element: Element, value: Any, action_ts: str) -> Payload:
    """One entry of `actions`. value: what was chosen or typed; a button carries its own."""
    kind = element["type"]
    found: Payload = {
        "type": kind,
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    for key in ("text", "value", "style", "placeholder", "confirm", "initial_date", "initial_time"):
        if key in element and (kind == "button" or key not in ("text", "value")):
            found[key] = element[key]
    if kind == "overflow":
        found["selected_option"] = picked(element, "selected_option", value)
    elif kind in VALUE_KEYS:
        key = VALUE_KEYS[kind][0]
        found[key] = picked(element, key, value)
    return found


def message_container(found: Message, where: Channel, *, ephemeral: bool) -> Payload:
    container = {
        "type": "message",
        "message_ts": found["ts"],
        "channel_id": where.id,
        "is_ephemeral": ephemeral,
    }
    if "thread_ts" in found:
        container["thread_ts"] = found["thread_ts"]
    return container


def profile(person: Person, *, email: bool) -> Payload:
    """A user object of users.info. email: whether the app may see addresses."""
    found: Payload = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz_label,
        "tz_offset": person.tz_offset,
        "profile": {
            "real_name": person.real_name,
            "display_name": person.real_name,
            "title": person.role_label,
            "team": person.team_id,
        },
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
        "updated": 0,
    }
    if person.team_id == OTHER_TEAM_ID or person.is_stranger:
        found["is_stranger"] = person.is_stranger
    if person.deleted:
        for key in ("tz", "tz_label", "tz_offset"):
            del found[key]
    if email and person.email:
        found["profile"]["email"] = person.email
    return found


def conversation(found: Channel, creator: str, members: int) -> Payload:
    """A channel object of conversations.info."""
    if found.kind == "dm":
        return {
            "id": found.id,
            "created": 0,
            "is_im": True,
            "is_org_shared": False,
            "user": (found.members or ("",))[0],
            "is_archived": False,
            "is_open": True,
        }
    return {
        "id": found.id,
        "name": found.name,
        "name_normalized": found.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": False,
        "is_private": found.private,
        "is_archived": found.archived,
        "is_general": False,
        "is_shared": found.kind == "ext",
        "is_ext_shared": found.kind == "ext",
        "is_org_shared": False,
        "is_member": found.bot_member,
        "creator": creator,
        "created": 0,
        "num_members": members,
        "context_team_id": TEAM_ID,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": "", "creator": "", "last_set": 0},
    }


def team() -> Payload:
    return {"id": TEAM_ID, "name": TEAM_NAME, "domain": TEAM_DOMAIN, "email_domain": "", "icon": {}}
