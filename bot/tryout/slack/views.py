"""Modals and App Home: people's stacks, hashes, external ids, and the trigger ids that open them."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .config import APP_ID, BOT_ID, TEAM_ID
from .fields import with_block_ids
from .workspace import Workspace

View = dict[str, Any]
STACK = 3


class ViewError(Exception):
    """Why a view cannot be opened, pushed or updated: the error as the Web API names it."""


@dataclass
class Trigger:
    user: str
    born: float  # monotonic seconds
    in_modal: bool = False
    used: bool = False


class Views:
    """One stack of modals and one App Home a person."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.reset()

    def reset(self) -> None:
        self.by_id: dict[str, View] = {}
        self.owner: dict[str, str] = {}
        self.stacks: dict[str, list[str]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}

    # --- trigger ids

    def trigger(self, user: str, *, in_modal: bool = False) -> str:
        """A new trigger id of a person's act; lives three seconds and opens one view."""
        id = f"{int(self.workspace.clock.now() * 1000)}.{self.workspace.new_id('')}"
        self.triggers[id] = Trigger(user, time.monotonic(), in_modal)
        return id

    def use(self, trigger_id: str | None) -> Trigger:
        """The trigger, used up. Raises ViewError."""
        if not trigger_id or trigger_id not in self.triggers:
            raise ViewError("invalid_trigger_id")
        trigger = self.triggers[trigger_id]
        if trigger.used:
            raise ViewError("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self.workspace.limits.trigger_s:
            raise ViewError("expired_trigger_id")
        trigger.used = True
        return trigger

    # --- modals

    def stack(self, user: str) -> list[View]:
        """A person's open modals, the one they see last."""
        return [self.by_id[id] for id in self.stacks.get(user, [])]

    def open(self, user: str, given: Mapping[str, Any]) -> View:
        """A new stack with this view; one that was open before is gone."""
        self._need_own_external_id(given)
        for view in self.stack(user):
            self._forget(view["id"])
        self.stacks[user] = []
        return self._put(user, given)

    def push(self, user: str, given: Mapping[str, Any]) -> View:
        """On top of what is open. Raises ViewError where there is nothing, or three already."""
        if not self.stacks.get(user):
            raise ViewError("not_found")
        if len(self.stacks[user]) >= STACK:
            raise ViewError("push_limit_reached")
        self._need_own_external_id(given)
        return self._put(user, given)

    def update(self, id: str, given: Mapping[str, Any], hash: str | None = None) -> View:
        """Another content for an open modal. Inputs that keep their block_id and action_id keep what was typed."""
        old = self.by_id.get(id)
        if old is None:
            raise ViewError("not_found")
        if hash and hash != old["hash"]:
            raise ViewError("hash_conflict")
        if given.get("type", "modal") != old["type"]:
            raise ViewError("invalid_arguments")
        self._need_own_external_id(given, but=id)
        kept = {key: old[key] for key in ("id", "previous_view_id", "root_view_id")}
        new = self._made(given) | kept
        old.clear()
        old.update(new)
        self.workspace.tell_person(self.owner[id], {"type": "modal_update", "view": dict(old)})
        return old

    def close(self, user: str, id: str) -> None:
        """Takes one modal from the stack, and what stands on it."""
        stack = self.stacks.get(user, [])
        if id in stack:
            at = stack.index(id)
            gone, self.stacks[user] = stack[at:], stack[:at]
            for view_id in reversed(gone):
                self._forget(view_id)
                self.workspace.tell_person(user, {"type": "modal_close", "view_id": view_id})

    def by_external_id(self, external_id: str) -> View | None:
        return next((v for v in self.by_id.values() if v["external_id"] == external_id), None)

    # --- App Home

    def publish(self, user: str, given: Mapping[str, Any], hash: str | None = None) -> View:
        """A person's App Home. Raises ViewError hash_conflict where the hash is not the one shown now."""
        old = self.homes.get(user)
        if old and hash and hash != old["hash"]:
            raise ViewError("hash_conflict")
        view = self._made(given)
        view["id"] = view["root_view_id"] = old["id"] if old else self.workspace.new_id("V")
        self.homes[user] = view
        self.workspace.tell_person(user, {"type": "home", "view": dict(view)})
        return view

    # ---

    def _need_own_external_id(self, given: Mapping[str, Any], but: str | None = None) -> None:
        external_id = given.get("external_id")
        if external_id and (found := self.by_external_id(external_id)) and found["id"] != but:
            raise ViewError("duplicate_external_id")

    def _put(self, user: str, given: Mapping[str, Any]) -> View:
        view = self._made(given)
        stack = self.stacks.setdefault(user, [])
        view["id"] = self.workspace.new_id("V")
        view["previous_view_id"] = stack[-1] if stack else None
        view["root_view_id"] = stack[0] if stack else view["id"]
        stack.append(view["id"])
        self.by_id[view["id"]], self.owner[view["id"]] = view, user
        self.workspace.tell_person(user, {"type": "modal_open", "view": dict(view)})
        return view

    def _made(self, given: Mapping[str, Any]) -> View:
        return {
            "id": "",
            "team_id": TEAM_ID,
            "type": given.get("type", "modal"),
            "blocks": with_block_ids(given["blocks"]),
            "private_metadata": given.get("private_metadata") or "",
            "callback_id": given.get("callback_id") or "",
            "state": {"values": {}},
            "hash": f"{int(self.workspace.clock.now())}.{self.workspace.new_id('')[-8:]}",
            "title": given.get("title"),
            "clear_on_close": bool(given.get("clear_on_close")),
            "notify_on_close": bool(given.get("notify_on_close")),
            "close": given.get("close"),
            "submit": given.get("submit"),
            "previous_view_id": None,
            "root_view_id": "",
            "app_id": APP_ID,
            "external_id": given.get("external_id") or "",
            "app_installed_team_id": TEAM_ID,
            "bot_id": BOT_ID,
        }

    def _forget(self, id: str) -> None:
        self.by_id.pop(id, None)
        self.owner.pop(id, None)
