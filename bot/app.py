"""The Bolt app: one middleware, the listeners, and one place for what goes wrong."""

from __future__ import annotations

import functools
import json
import logging
import re
from collections.abc import Sequence
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_sdk import WebClient
from slack_sdk.web.client import WebClient as _Client

from . import deliveries, listeners
from .conversation import Conversation
from .edge import refer
from .letters import Letters
from .shell import Shell, modal
from .socket_mode import Listeners

_JSON: dict[str, str | Sequence[str]] = {"content-type": "application/json;charset=utf-8"}
THREADS = 20  # five, Bolt's own number, let five slow answers block everybody's buttons


def build_app(
    client: _Client, conversation: Conversation, *, signing_secret: str = "", executor: Listeners | None = None
) -> App:
    """The app on a client. signing_secret: for HTTP; in Socket Mode the socket itself is what is trusted.

    Raises ValueError where the client could post an answer twice, or after another process took the message over.
    """
    workplace = conversation.workplace
    if client.retry_handlers or client.timeout * 2 >= workplace.lease_s:
        raise ValueError(f"The app needs a WebClient(retry_handlers=[], timeout=under {workplace.lease_s / 2}).")
    executor = executor or Listeners(THREADS, thread_name_prefix="listener")
    app = App(
        client=client,
        signing_secret=signing_secret or "unused in Socket Mode",
        request_verification_enabled=bool(signing_secret),
        token_verification_enabled=False,  # serve has asked auth.test before
        listener_executor=executor,
        logger=logging.getLogger("himitsu.bolt"),
    )
    shell = Shell(workplace, conversation, Letters(conversation), client)
    deliveries.keep(app, workplace, functools.partial(listeners.messages.begin, conversation), executor)
    listeners.register(app, shell)
    _unknown_buttons(app, shell)
    _errors(app, shell)
    return app


def _unknown_buttons(app: App, shell: Shell) -> None:
    """Buttons and modals of an old version: said kindly. Registered last, so that every known one comes first."""

    @app.action(re.compile(".*"))
    def on_unknown(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()
        turn = shell.turn(context, body)
        shell.answer_press(body, client, turn, shell.conversation.refuse("old"))

    @app.view(re.compile(".*"))
    def on_unknown_view(ack: Ack, body: dict[str, Any], context: dict[str, Any]) -> None:
        reply = shell.conversation.refuse("old")
        ack(response_action="update", view=modal(reply))
        shell.finish(shell.turn(context, body), reply)


def _errors(app: App, shell: Shell) -> None:
    @app.error
    def on_error(
        error: Exception, body: dict[str, Any], context: dict[str, Any], client: WebClient
    ) -> BoltResponse | None:
        incoming = context.get("incoming")
        if incoming is None:
            refer(error)
            return None  # not kept, so not acked: Slack sends it again, and shows a press as failed
        said = shell.failed(error, body, context, client)
        if incoming.kind == "command":
            return BoltResponse(
                status=200, body=json.dumps({"response_type": "ephemeral", "text": said}), headers=_JSON
            )
        return None
