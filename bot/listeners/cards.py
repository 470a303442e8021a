"""Buttons of an answer: the options of its question, もどる, あとで, くわしく, もしかして, and asking without words."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from .. import home_tab
from ..conversation import NotThere, Reply, Turn
from ..shell import Shell, value_of

Make = Callable[[Turn, dict[str, Any]], Reply]
MakeView = Callable[[Turn, dict[str, Any]], dict[str, Any]]


def register(app: App, shell: Shell) -> None:
    talk = shell.conversation
    on(app, shell, re.compile(r"check\.choose\.\d+"), lambda t, v: talk.choose(t, v["d"], v["q"], v["n"]))
    on(app, shell, "check.back", lambda t, v: talk.back(t, v["d"]))
    on(app, shell, "check.later", lambda t, v: talk.later(t, v["d"]))
    on(app, shell, "card.more", lambda t, v: talk.more(t, v["d"]), replace=False)
    on(app, shell, re.compile(r"intent\.\w+"), lambda t, v: talk.answer(t, v["t"], intent=v["i"]))
    on(app, shell, "chips.open", lambda t, v: talk.chips(), replace=False)
    on(app, shell, re.compile(r"chips\.kind\.\w+"), lambda t, v: talk.chips(v["k"]))
    on(app, shell, re.compile(r"chips\.act\.\w+"), lambda t, v: talk.chip(t, v["k"], v["a"]))


def on(app: App, shell: Shell, action: str | re.Pattern[str], make: Make, *, replace: bool = True) -> None:
    """Listen to a button whose reply takes the place of the message it stands in, or stands below it."""

    @app.action(action)
    def on_press(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()

        def answer(turn: Turn) -> None:
            reply = shell.try_to(lambda: make(turn, value_of(body)))
            shell.answer_press(body, client, turn, reply, replace=replace)
            if turn.surface == "home":
                client.views_publish(user_id=turn.person.id, view=home_tab.view(shell, turn))

        shell.after_ack(body, context, client, answer)


def opens(app: App, shell: Shell, action: str | re.Pattern[str], make: MakeView) -> None:
    """Listen to a button that opens a modal; at once, since the trigger lives three seconds."""

    @app.action(action)
    def on_press(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()
        turn = shell.turn(context, body)
        try:
            with shell.workplace.in_turn(turn.person.id):  # a card may be posted a moment before it is kept
                view = make(turn, value_of(body))
        except NotThere as reason:
            shell.answer_press(body, client, turn, shell.conversation.refuse(str(reason)))
            return
        shell.open_modal(body, client, turn, view)
