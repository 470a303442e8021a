"""Buttons and modals of self-checks."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...listeners.cards import on, opens
from ...shell import modal
from .gap import ASK_DAYS
from .outcome import TAKE_DAYS
from .presses import presses
from .words import due_in, words

if TYPE_CHECKING:
    from slack_bolt import Ack, App

    from ...shell import Shell
    from .parts import Checks

_Sends = Callable[[Turn, dict[str, Any], Callable[[str], str]], Reply]


def register(app: App, shell: Shell, the: Checks) -> None:
    for press in presses(the):
        on(app, shell, press.action, press.make, replace=press.replace)
    _modals(app, shell, the)


def _modals(app: App, shell: Shell, the: Checks) -> None:
    """Each button that opens a modal, and what the modal sends."""
    opens(app, shell, "checks.note", lambda t, v: _note_modal(the, t, v))
    opens(app, shell, "checks.give", lambda t, v: _give_modal(the, t, v))
    opens(app, shell, "checks.ask", lambda t, v: _ask_modal(the, t, v))
    opens(app, shell, "checks.evidence", lambda t, v: _evidence_modal(the, t, v))
    opens(app, shell, "checks.choose", lambda t, v: the.campaigns.modal(t))
    _sends(app, shell, "checks.noted", lambda t, v, f: the.flow.note(t, v["r"], v["q"], f("note"), f("evidence")))
    _sends(
        app,
        shell,
        "checks.given",
        lambda t, v, f: the.gap.give_from_modal(t, v["s"], v.get("q") or f("question"), v["c"], f("owner"), f("due")),
    )
    _sends(app, shell, "checks.proved", lambda t, v, f: the.gap.done(t, v["g"], f("evidence")))
    _sends(app, shell, "checks.departments", lambda t, v, f: the.campaigns.begin(t, f("due"), f("departments").split()))


def _sends(app: App, shell: Shell, callback: str, make: _Sends) -> None:
    @app.view(callback)
    def on_sent(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        """Keep first, then say so."""
        turn = shell.turn(context, body)
        about = json.loads(view["private_metadata"] or "{}")
        with shell.workplace.in_turn(turn.person.id):
            reply = shell.try_to(lambda: make(turn, about, lambda name: _field(view, name)))
            shell.finish(turn, reply)
            ack(response_action="update", view=modal(reply))


def _field(view: dict[str, Any], name: str) -> str:
    """What was put into a field, as text: several choices with spaces between."""
    put = view["state"]["values"].get(name, {}).get(name, {})
    several = " ".join(str(o["value"]) for o in put.get("selected_options") or ())
    one = (put.get("selected_option") or {}).get("value")
    return str(put.get("value") or put.get("selected_user") or put.get("selected_date") or one or several or "").strip()


def _note_modal(the: Checks, turn: Turn, about: dict[str, Any]) -> dict[str, Any]:
    run, checklist = the.flow.mine(turn, about["r"])
    question = checklist.question(about["q"])
    if question is None:
        raise NotThere("old")
    written = the.flow.notes(run).get(question.id)
    w = words()["note"]
    return blocks.modal(
        "checks_note",
        w["title"],
        callback="checks.noted",
        submit=blocks.words()["modal"]["keep"],
        metadata=blocks.packed({"r": run.id, "q": question.id}),
        w=words(),
        question=question.text,
        lead=w["lead"],
        note=written.note if written else "",
        evidence=written.evidence if written else "",
    )


def _give_modal(the: Checks, turn: Turn, about: dict[str, Any]) -> dict[str, Any]:
    scope = the.gap.scope(turn, about["s"])
    question = scope.checklist.question(about["q"])
    if question is None:
        raise NotThere("old")
    company = the.conversation.workplace.services.knowledge.company
    return blocks.modal(
        "checks_give",
        words()["gap"]["title"],
        callback="checks.given",
        submit=words()["gap"]["submit"],
        metadata=blocks.packed({"s": scope.id, "q": question.id, "c": about["c"]}),
        w=words(),
        text=blocks.esc(question.text),
        label=words()["gap"]["owner"],
        owner=turn.person.id,
        due=due_in(TAKE_DAYS, turn.now, company),
        select=[],
    )


def _ask_modal(the: Checks, turn: Turn, about: dict[str, Any]) -> dict[str, Any]:
    run, checklist = the.flow.mine(turn, about["r"])
    unknown = the.results.of_run(turn, run, checklist).unknown
    if not unknown:
        raise NotThere("old")
    w = words()["asking"]
    questions = [q for q in checklist.questions if q.id in unknown]
    company = the.conversation.workplace.services.knowledge.company
    return blocks.modal(
        "checks_give",
        w["title"],
        callback="checks.given",
        submit=blocks.words()["modal"]["send_now"],
        metadata=blocks.packed({"s": run.id, "c": "unknown"}),
        w=words(),
        text=w["lead"],
        label=w["who"],
        owner="",
        due=due_in(ASK_DAYS, turn.now, company),
        select=[(q.id, q.text) for q in questions],
    )


def _evidence_modal(the: Checks, turn: Turn, about: dict[str, Any]) -> dict[str, Any]:
    kept = the.gap.own(turn, about["g"])
    w = words()["gap"]
    return blocks.modal(
        "checks_evidence",
        w["note_title"],
        callback="checks.proved",
        submit=blocks.words()["modal"]["keep"],
        metadata=blocks.packed({"g": kept.id}),
        label=w["evidence"],
        hint=w["hint"],
    )
