"""Buttons and modals of the inventory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from ...conversation import NotThere, Reply, Turn
from ...shell import Shell, modal, value_of
from . import form, moving
from .shown import words
from .talk import Talk, verb_of

if TYPE_CHECKING:
    from ...store import Dialogue


def register(app: App, shell: Shell, talk: Talk) -> None:
    from ...listeners.cards import on

    talk.client = app.client
    on(app, shell, "inventory.list", lambda t, v: talk.overview(t))
    on(app, shell, "inventory.due", lambda t, v: talk.due(t), replace=False)
    on(app, shell, "inventory.next", lambda t, v: talk.page(t, v["d"], v["p"]))
    on(app, shell, "inventory.before", lambda t, v: talk.page(t, v["d"], v["p"]))
    on(app, shell, "inventory.open", lambda t, v: talk.open(t, v["i"]), replace=False)
    on(app, shell, "inventory.renew", lambda t, v: talk.renew(t, v["i"], v["v"]))
    on(app, shell, "inventory.later", lambda t, v: talk.renew(t, v["i"], v["v"], days=30))
    on(app, shell, "inventory.history", lambda t, v: talk.history(t, v["i"]), replace=False)
    on(app, shell, "inventory.remove", lambda t, v: talk.remove(t, v["i"], v["v"]))
    on(app, shell, "inventory.file", lambda t, v: moving.exported(talk, t), replace=False)
    on(app, shell, "inventory.import", lambda t, v: moving.how_to_import(talk, t), replace=False)
    on(app, shell, "inventory.template", lambda t, v: moving.template(talk, t), replace=False)
    on(app, shell, "inventory.leave", lambda t, v: moving.leave(talk, t, v["d"]))
    on(app, shell, "inventory.take", lambda t, v: moving.take(talk, t, v["d"]))
    for action in ("inventory.add", "inventory.edit", "inventory.more", "inventory.search"):
        _on_form(app, shell, talk, action)

    @app.view("inventory.find")
    def on_looked_for(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        turn = shell.turn(context, body)
        with shell.workplace.in_turn(turn.person.id):
            reply = form.found(talk, turn, view)
            shell.finish(turn, reply)
            ack(response_action="update", view=modal(reply))

    @app.view("inventory.save")
    def on_saved(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        turn = shell.turn(context, body)
        with shell.workplace.in_turn(turn.person.id):
            try:
                reply = form.save(talk, turn, view)
            except form.Wrong as wrong:
                ack(response_action="errors", errors=dict(wrong.errors))
                shell.finish(turn, Reply("modal", {}))
                return
            shell.finish(turn, reply)
            ack(response_action="update", view=modal(reply))


def _on_form(app: App, shell: Shell, talk: Talk, action: str) -> None:
    @app.action(action)
    def on_press(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()
        turn = shell.turn(context, body)
        try:
            view = _form(talk, turn, action, value_of(body))
        except NotThere as reason:
            shell.answer_press(body, client, turn, shell.conversation.refuse(str(reason)))
            return
        if isinstance(view, Reply):
            shell.answer_press(body, client, turn, view, replace=False)
        else:
            shell.open_modal(body, client, turn, view)


def _form(talk: Talk, turn: Turn, action: str, value: dict[str, Any]) -> dict[str, Any] | Reply:
    """The modal, or why there is none."""
    if action == "inventory.search":
        return form.search_modal() if talk.rights.lists(turn.person) else talk.note(words()["errors"]["no_list"])
    if action == "inventory.add":
        return (
            form.modal(talk, turn, None) if talk.rights.edits(turn.person) else talk.note(words()["errors"]["no_list"])
        )
    item = talk.shelf.get(value["i"])
    if item is None:
        return talk.note(words()["item"]["gone"])
    if not talk.rights.may_edit(turn.person, item):
        return talk.note(words()["errors"]["no_edit"])
    return form.modal(talk, turn, item, more=action == "inventory.more")


def typed_in_import(talk: Talk, turn: Turn, there: Dialogue, text: str) -> Reply | None:
    """Words while an import waits for a yes."""
    verb = verb_of(text)
    if "file" not in there.state:
        return talk.typed_anywhere(turn, text)
    if verb in ("yes", "import"):
        return moving.take(talk, turn, there.id)
    return moving.leave(talk, turn, there.id) if verb == "no" else talk.typed_anywhere(turn, text)
