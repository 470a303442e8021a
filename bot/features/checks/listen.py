"""Buttons and modals of self-checks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...listeners.cards import on
from ...shell import modal, value_of
from .gap import ASK_DAYS
from .outcome import TAKE_DAYS
from .words import due_in, words

if TYPE_CHECKING:
    from slack_bolt import Ack, App
    from slack_sdk import WebClient

    from ...shell import Shell
    from .parts import Checks

_Opens = Callable[[Turn, dict[str, Any]], dict[str, Any]]
_Sends = Callable[[Turn, dict[str, Any], Callable[[str], str]], Reply]


def register(app: App, shell: Shell, the: Checks) -> None:
    flow, gap, campaigns = the.flow, the.gap, the.campaigns
    on(app, shell, "checks.menu", lambda t, v: the.menu.show(t))
    on(app, shell, re.compile(r"checks\.start\.\d+"), lambda t, v: flow.start(t, v["i"]))
    on(app, shell, "checks.again", lambda t, v: flow.start(t, v["i"]))
    on(app, shell, "checks.fresh", lambda t, v: flow.start(t, v["i"], fresh=True))
    on(app, shell, "checks.resume", lambda t, v: flow.resume(t, v["r"]))
    on(app, shell, re.compile(r"checks\.answer\.\w+"), lambda t, v: flow.answer(t, v["r"], v["q"], v["c"], v["m"]))
    on(app, shell, "checks.why", lambda t, v: flow.why(t, v["r"], v["q"]))
    on(app, shell, "checks.back", lambda t, v: flow.back(t, v["r"]))
    on(app, shell, "checks.later", lambda t, v: flow.later(t, v["r"]))
    on(app, shell, "checks.details", lambda t, v: flow.details(t, v["r"]))
    on(app, shell, "checks.whole", lambda t, v: campaigns.details(t, v["s"]))
    on(app, shell, "checks.review", lambda t, v: the.menu.review(t, v["r"]))
    on(app, shell, re.compile(r"checks\.edit\.\d+"), lambda t, v: flow.edit(t, v["r"], v["q"]))
    on(app, shell, "checks.take", lambda t, v: gap.take(t, v["s"], v["q"], v["c"], v["t"]))
    on(app, shell, "checks.done", lambda t, v: gap.done(t, v["g"]))
    on(app, shell, "checks.postpone", lambda t, v: gap.postpone(t, v["g"]))
    on(app, shell, re.compile(r"checks\.reply\.\w+"), lambda t, v: gap.answered(t, v["g"], v["c"]))
    on(app, shell, "checks.company", lambda t, v: campaigns.offer(t))
    on(app, shell, "checks.begin", lambda t, v: campaigns.begin(t, v["t"]))
    on(app, shell, re.compile(r"checks\.join\.\d+"), lambda t, v: campaigns.join(t, v["k"], v["d"]))
    on(app, shell, "checks.progress", lambda t, v: campaigns.progress(t, v["k"]))
    on(app, shell, "checks.merged", lambda t, v: campaigns.result(t, v["k"]))
    on(app, shell, "checks.remind", lambda t, v: campaigns.remind(t, v["k"]), replace=False)
    on(app, shell, "checks.close", lambda t, v: campaigns.close(t, v["k"]))
    on(app, shell, "checks.files", lambda t, v: the.files.offer(t, v["s"]), replace=False)
    on(app, shell, re.compile(r"checks\.file\.\w+"), lambda t, v: the.files.file(t, v["s"], v["f"]), replace=False)
    _modals(app, shell, the)


def _modals(app: App, shell: Shell, the: Checks) -> None:
    """Each button that opens a modal, and what the modal sends."""
    _opens(app, shell, "checks.note", lambda t, v: _note_modal(the, t, v))
    _opens(app, shell, "checks.give", lambda t, v: _give_modal(the, t, v))
    _opens(app, shell, "checks.ask", lambda t, v: _ask_modal(the, t, v))
    _opens(app, shell, "checks.evidence", lambda t, v: _evidence_modal(the, t, v))
    _opens(app, shell, "checks.choose", lambda t, v: the.campaigns.modal(t))
    _sends(app, shell, "checks.noted", lambda t, v, f: the.flow.note(t, v["r"], v["q"], f("note"), f("evidence")))
    _sends(
        app,
        shell,
        "checks.given",
        lambda t, v, f: the.gap.give_from_modal(t, v["s"], v.get("q") or f("question"), v["c"], f("owner"), f("due")),
    )
    _sends(app, shell, "checks.proved", lambda t, v, f: the.gap.done(t, v["g"], f("evidence")))
    _sends(app, shell, "checks.departments", lambda t, v, f: the.campaigns.begin(t, f("due"), f("departments").split()))


def _opens(app: App, shell: Shell, action: str, make: _Opens) -> None:
    @app.action(action)
    def on_press(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()
        turn = shell.turn(context, body)
        try:
            view = make(turn, value_of(body))
        except NotThere as reason:
            shell.answer_press(body, client, turn, shell.conversation.refuse(str(reason)))
            return
        shell.open_modal(body, client, turn, view)


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
        submit=blocks.words()["modal"]["keep"],
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
