"""Buttons and modals of cases, on Slack."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App

from knowledge.private import find_private

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...listeners.cards import on, opens
from ...shell import Shell, modal
from .notes import Invalid

if TYPE_CHECKING:
    from .parts import Cases


def register(app: App, shell: Shell, parts: Cases) -> None:
    """Every listener of the feature."""
    _of_reporter(app, shell, parts)
    _of_desk(app, shell, parts)
    _tell(app, shell, parts)
    _write(app, shell, parts)
    _files(app, shell, parts)


def _of_reporter(app: App, shell: Shell, parts: Cases) -> None:
    telling, asking, mine = parts.telling, parts.asking, parts.mine
    on(app, shell, "case.send.plain", lambda t, v: telling.send(t, v["d"]))
    on(app, shell, "case.send.named", lambda t, v: telling.send(t, v["d"], named=True))
    on(app, shell, "case.send.other", lambda t, v: telling.send(t, v["d"], other=True))
    on(app, shell, "case.cancel", lambda t, v: telling.cancel(t, v["d"]))
    on(app, shell, "leak.mistake", lambda t, v: mine.mistake(t, v["d"]))
    on(app, shell, re.compile(r"case\.pick\.\d+"), lambda t, v: asking.pick(t, v["d"], v["q"], v["o"]))
    on(app, shell, re.compile(r"case\.toggle\.\d+"), lambda t, v: asking.toggle(t, v["d"], v["q"], v["o"], v["p"]))
    on(app, shell, "case.next", lambda t, v: asking.next(t, v["d"], v["q"], v["p"]))
    on(app, shell, "case.skip", lambda t, v: asking.skip(t, v["d"], v["q"]))
    on(app, shell, "case.back", lambda t, v: asking.back(t, v["d"], v["q"]))
    on(app, shell, "case.later", lambda t, v: asking.later(t, v["d"]))
    on(app, shell, "case.goon", lambda t, v: asking.go_on(t, v["d"]))
    on(app, shell, "case.state", lambda t, v: mine.status(t, v["c"]), replace=False)
    on(app, shell, "case.name", lambda t, v: mine.name(t, v["c"], bool(v["on"])), replace=False)
    on(app, shell, "case.withdraw", lambda t, v: mine.withdraw(t, v["c"]))
    on(app, shell, "case.outlook", lambda t, v: parts.outlook(t, v["c"]), replace=False)
    on(app, shell, "case.grounds", lambda t, v: parts.grounds(t, v["c"]), replace=False)


def _of_desk(app: App, shell: Shell, parts: Cases) -> None:
    work = parts.work
    on(app, shell, "case.list", lambda t, v: work.overview(t))
    on(app, shell, "case.open", lambda t, v: work.open(t, v["c"]))
    on(app, shell, "case.take", lambda t, v: work.take(t, v["c"]))
    on(app, shell, "case.acting", lambda t, v: work.status(t, v["c"], "acting"))
    on(app, shell, "case.watching", lambda t, v: work.status(t, v["c"], "watching"))
    on(app, shell, "case.preliminary", lambda t, v: work.reported(t, v["c"], "preliminary"))
    on(app, shell, "case.final", lambda t, v: work.reported(t, v["c"], "final"))
    on(app, shell, "case.who", lambda t, v: work.who(t, v["c"]), replace=False)
    on(app, shell, "case.quiet", lambda t, v: work.quiet(t, v["c"]))
    on(app, shell, "case.reopen", lambda t, v: work.reopen(t, v["c"]))
    on(app, shell, "case.link", lambda t, v: work.link(t, v["c"]), replace=False)
    on(app, shell, re.compile(r"case\.link\.\d+"), lambda t, v: work.link(t, v["c"], v["o"]))
    on(app, shell, re.compile(r"case\.tick\.\d+"), lambda t, v: work.tick(t, v["c"], v["t"]))


def _tell(app: App, shell: Shell, parts: Cases) -> None:
    """担当に知らせる: who will see what, and a note, in a modal."""

    def first(turn: Turn, about: dict[str, Any]) -> dict[str, Any]:
        again = parts.telling.again(turn, about["d"])
        return modal(again) if again else parts.telling.modal(turn, about["d"])

    opens(app, shell, "leak.tell", first)

    @app.view("case.tell")
    def on_told(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        turn, about, values = _submitted(shell, body, context, view)
        note = str(values.get("note", {}).get("note", {}).get("value") or "").strip()
        ticked = {o["value"] for o in values.get("how", {}).get("case.how", {}).get("selected_options") or ()}
        if private := find_private(note).kinds:
            _refuse(shell, ack, turn, "note", blocks.private_note(private))
            return

        def sent() -> Reply:
            return parts.telling.send(turn, about["d"], named="named" in ticked, other="other" in ticked, note=note)

        with shell.workplace.in_turn(turn.person.id):
            reply = shell.try_to(sent)
            shell.finish(turn, reply)
        ack(response_action="update", view=modal(reply))


def _write(app: App, shell: Shell, parts: Cases) -> None:
    """The modals in which something is written."""

    opens(app, shell, re.compile(r"case\.(?:add|write\.\w+)"), lambda t, v: parts.notes.modal(t, v["c"], v["w"]))

    @app.view("case.write")
    def on_written(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        turn, about, values = _submitted(shell, body, context, view)
        fields = {block: _said(element) for block, actions in values.items() for element in actions.values()}
        with shell.workplace.in_turn(turn.person.id):
            try:
                reply = parts.notes.write(turn, about["c"], about["w"], fields)
            except Invalid as wrong:
                _refuse(shell, ack, turn, wrong.field, str(wrong))
                return
            except NotThere as reason:
                reply = shell.conversation.refuse(str(reason))
            shell.finish(turn, reply)
        ack(response_action="update", view=modal(reply))


def _said(element: Mapping[str, Any]) -> str:
    """What stands in a field, as text."""
    chosen = element.get("selected_option") or {}
    return str(element.get("value") or element.get("selected_date") or chosen.get("value") or "")


def _refuse(shell: Shell, ack: Ack, turn: Turn, field: str, reason: str) -> None:
    ack(response_action="errors", errors={field: reason})
    shell.finish(turn, Reply("modal", {}))


def _submitted(
    shell: Shell, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]
) -> tuple[Turn, dict[str, Any], dict[str, Any]]:
    """The turn, what the modal is about, and the values in it."""
    about: dict[str, Any] = json.loads(view["private_metadata"])
    return shell.turn(context, body), about, view["state"]["values"]


def _files(app: App, shell: Shell, parts: Cases) -> None:
    """Files and drafts of a case; files come into the DM of who asks for them."""
    files = parts.files
    on(app, shell, "case.pdf", lambda t, v: files.send(t, v["c"], "pdf"), replace=False)
    on(app, shell, "case.json", lambda t, v: files.send(t, v["c"], "json"), replace=False)
    on(app, shell, "case.drafts", lambda t, v: files.offered(t, v["c"]), replace=False)
    on(app, shell, re.compile(r"case\.draft\.\w+"), lambda t, v: files.draft(t, v["c"], v["k"]), replace=False)
    on(app, shell, "case.draft_docx", lambda t, v: files.draft_file(t, v["c"], v["k"], "docx"), replace=False)
    on(app, shell, "case.draft_pdf", lambda t, v: files.draft_file(t, v["c"], v["k"], "pdf"), replace=False)
