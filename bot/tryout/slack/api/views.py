"""views.*: modals and App Home."""

from __future__ import annotations

from typing import Any

from .. import blocks
from ..views import ViewError
from .base import Answer, ApiError, Arguments, Context, method, need, refused, structure


def _view(arguments: Arguments, surface: str) -> dict[str, Any]:
    view = structure(arguments, "view", "invalid_arguments")
    if view is None:
        need(arguments, "view")
    if blocks.too_large(view):
        raise ApiError("view_too_large")
    if found := blocks.view_problems(view, surface):
        raise refused("invalid_arguments", found)
    return dict(view)


def _trigger(arguments: Arguments) -> str:
    return str(arguments.get("trigger_id") or arguments.get("interactivity_pointer") or need(arguments, "trigger_id"))


@method("views.open")
def open_(context: Context, arguments: Arguments) -> Answer:
    view = _view(arguments, "modal")
    try:
        trigger = context.views.use(_trigger(arguments))
        return {"view": dict(context.views.open(trigger.user, view))}
    except ViewError as error:
        raise ApiError(str(error)) from None


@method("views.push")
def push(context: Context, arguments: Arguments) -> Answer:
    view = _view(arguments, "modal")
    try:
        trigger = context.views.use(_trigger(arguments))
        if not trigger.in_modal:
            raise ApiError("invalid_trigger_id")
        return {"view": dict(context.views.push(trigger.user, view))}
    except ViewError as error:
        raise ApiError(str(error)) from None


@method("views.update")
def update(context: Context, arguments: Arguments) -> Answer:
    view = _view(arguments, "modal")
    id = str(arguments.get("view_id") or "")
    if external_id := arguments.get("external_id"):
        found = context.views.by_external_id(str(external_id))
        id = found["id"] if found else ""
    elif not id:
        need(arguments, "view_id")
    try:
        return {"view": dict(context.views.update(id, view, arguments.get("hash")))}
    except ViewError as error:
        raise ApiError(str(error)) from None


@method("views.publish")
def publish(context: Context, arguments: Arguments) -> Answer:
    if not context.workspace.app.home_tab:
        raise ApiError("not_enabled")
    user = str(need(arguments, "user_id"))
    if user not in context.workspace.people:
        raise ApiError("invalid_arguments")
    view = _view(arguments, "home")
    try:
        return {"view": dict(context.views.publish(user, view, arguments.get("hash")))}
    except ViewError as error:
        raise ApiError(str(error)) from None
