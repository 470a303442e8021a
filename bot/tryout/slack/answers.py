"""What an app says with its ack, done as Slack does it: a command's answer, a modal's next step, a select's options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from . import blocks
from .hub import Ack
from .responses import Address, Responses
from .views import ViewError, Views
from .workspace import Workspace


class Answers:
    def __init__(self, workspace: Workspace, views: Views, responses: Responses) -> None:
        self.workspace, self.views, self.responses = workspace, views, responses

    def to_command(self, ack: Ack, user: str, channel: str) -> Ack:
        """Shows what came with the ack of a command: to the person alone, unless it says in_channel."""
        body = {"text": ack.response} if isinstance(ack.response, str) else ack.response
        if not body or not (body.get("text") or body.get("blocks")):
            return ack
        error = self.responses.answer(Address(user, channel, None, False, None, 0.0), body)
        return replace(ack, error="invalid_command_response" if error else None)

    def to_suggestion(self, ack: Ack) -> Ack:
        """An external select's options, or an error where they are none."""
        body = ack.response
        if not ack.acked:
            return ack
        if not isinstance(body, Mapping) or not ("options" in body or "option_groups" in body):
            return replace(ack, response=None, error="invalid_options")
        wrong = blocks.option_problems(body)
        return replace(ack, response=None, error="invalid_options") if wrong else ack

    def to_submission(self, ack: Ack, user: str, view_id: str) -> Ack:
        """What becomes of a sent modal. The ack's response: {"errors": …} or {}; `error`: the app's answer is none."""
        body = ack.response or {}
        act = body.get("response_action")
        refused = replace(ack, response={}, error="invalid_response")
        if act is None:
            if body:
                return refused
            self.views.close(user, view_id)
        elif act == "clear":
            self.views.close(user, self.views.by_id[view_id]["root_view_id"])
        elif act == "errors":
            return self._errors(replace(ack, response={}), view_id, body.get("errors"))
        elif act in ("update", "push"):
            if blocks.view_problems(body.get("view"), "modal"):
                return refused
            try:
                if act == "update":
                    self.views.update(view_id, body["view"])
                else:
                    self.views.push(user, body["view"])
            except ViewError:
                return refused
        else:
            return refused
        return replace(ack, response={})

    def _errors(self, ack: Ack, view_id: str, errors: Any) -> Ack:
        inputs = {b["block_id"] for b in self.views.by_id[view_id]["blocks"] if b["type"] == "input"}
        if not isinstance(errors, Mapping) or not errors or not set(errors) <= inputs:
            return replace(ack, error="invalid_response")
        return replace(ack, response={"errors": dict(errors)})
