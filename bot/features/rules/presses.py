"""What the feature listens to: buttons and modals, and the same in words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient

from knowledge.models import Settings
from knowledge.private import find_private
from knowledge.text import normalise

from ... import blocks, home_tab
from ...conversation import NotThere, Reply, Turn
from ...files import hand_over
from ...listeners.cards import opens
from ...shell import Shell, modal, value_of
from ...store import Dialogue, nudges
from . import forms
from .answers import About, Answers
from .house import House, label_of, words
from .manage import Manage
from .preferences import Preferences
from .proof import FORMATS, Proofs, Wanted, to_file
from .register import PUBLISH, WRITE, Register

_CHANNEL = re.compile(r"<#([CG][A-Z0-9]+)(?:\|[^>]*)?>")
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
Make = Callable[[Turn, dict[str, Any]], Reply]


class Presses:
    """answers, preferences, register, manage, proofs: what the buttons do."""

    def __init__(
        self,
        house: House,
        answers: Answers,
        preferences: Preferences,
        register: Register,
        manage: Manage,
        proofs: Proofs,
    ) -> None:
        self._house, self._answers, self._preferences = house, answers, preferences
        self._register, self._manage, self._proofs = register, manage, proofs

    # --- listening

    def listen(self, app: App, shell: Shell) -> None:
        self._house.client = app.client
        self._listen_nudge(app, shell)
        self._listen_rules(app, shell)
        self._listen_modals(app, shell)

    def _listen_nudge(self, app: App, shell: Shell) -> None:
        answers, mine = self._answers, self._preferences
        _on(app, shell, "nudge.ok", lambda t, v: answers.ok(t, answers.about(t, v), str(v.get("h") or "ok")))
        _on(app, shell, "nudge.later", lambda t, v: answers.later(t, answers.about(t, v)))
        _on(app, shell, "nudge.unchanged", lambda t, v: answers.unchanged(t, answers.about(t, v)))
        opens(app, shell, "nudge.rethink", lambda t, v: self.comment_form(t, answers.about(t, v)))
        opens(app, shell, "nudge.hand", lambda t, v: self.hand_form(t, answers.about(t, v)))
        opens(app, shell, "nudge.revise", lambda t, v: self._register.form(t, str(v["r"])))
        opens(app, shell, "nudge.when", lambda t, v: self.when_form(t))
        _on(app, shell, "nudge.settings", lambda t, v: mine.show(t), below=True)
        _on(app, shell, "nudge.stop", lambda t, v: mine.stop(t))
        _on(app, shell, "nudge.start", lambda t, v: mine.start(t))
        _on(app, shell, "nudge.pause", lambda t, v: mine.pause(t))
        _on(app, shell, "nudge.pause.weeks", lambda t, v: mine.pause_for(t, 14))
        _on(app, shell, "nudge.pause.month", lambda t, v: mine.pause_for(t, 31))
        _on(
            app, shell, re.compile(r"nudge\.day\.\w+"), lambda t, v: mine.wish(t, Settings(str(v["w"]), None, "change"))
        )
        _on(
            app,
            shell,
            re.compile(r"nudge\.hour\.\d+"),
            lambda t, v: mine.wish(t, Settings(None, int(v["h"]), "change")),
        )

    def _listen_rules(self, app: App, shell: Shell) -> None:
        register, manage = self._register, self._manage
        _on(app, shell, "rules.list", lambda t, v: register.overview(t), below=True)
        _on(app, shell, "rules.page", lambda t, v: register.overview(t, int(v["p"])))
        _on(app, shell, "rules.open", lambda t, v: register.card(t, str(v["r"])), below=True)
        _on(app, shell, "rules.versions", lambda t, v: register.versions(t, str(v["r"])), below=True)
        _on(app, shell, "rules.back", lambda t, v: register.back(t, str(v["r"]), int(v["e"])))
        _on(app, shell, "rules.retire", lambda t, v: register.retire(t, str(v["r"])))
        opens(app, shell, "rules.new", lambda t, v: register.form(t))
        opens(app, shell, "rules.check", lambda t, v: register.check(t, str(v["r"])))
        opens(app, shell, "rules.team", lambda t, v: self.team_form(t, str(v["r"])))
        _on(app, shell, "manage.show", lambda t, v: manage.show(t), below=True)
        _on(app, shell, "manage.everyone", lambda t, v: manage.everyone(t, bool(v["on"])))
        _on(app, shell, "manage.settled", lambda t, v: manage.settle(t, list(v["ids"])))
        _on(app, shell, "manage.quiet", lambda t, v: manage.quiet(t))
        _on(app, shell, re.compile(r"proof\.(?:csv|xlsx|pdf)"), self._export, below=True, with_action=True)

    def _listen_modals(self, app: App, shell: Shell) -> None:
        _submitted(app, shell, WRITE, self._written)
        _submitted(app, shell, PUBLISH, lambda t, about, v: self._register.publish(t, about["r"], about["d"]))
        _submitted(app, shell, "nudge.comment", self._commented)
        _submitted(app, shell, "nudge.handed", self._handed)
        _submitted(app, shell, "nudge.timed", self._timed)
        _submitted(app, shell, "rules.talk", self._talked)

    # --- modals

    def comment_form(self, turn: Turn, about: About) -> dict[str, Any]:
        if about.rule is None or not about.rule.in_force:
            raise NotThere("old")
        owner = self._house.owner(about.rule.content)
        packed = blocks.packed(about.value | {"w": self._house.place.new_id(turn.now)})
        return forms.comment(about.rule.content.title, owner, packed)

    def hand_form(self, turn: Turn, about: About) -> dict[str, Any]:
        if about.rule is None or not about.rule.in_force:
            raise NotThere("old")
        if not self._answers.may_review(turn, about.rule):
            raise NotThere("no_rights")
        return forms.hand(about.rule.content.title, blocks.packed(about.value))

    def when_form(self, turn: Turn) -> dict[str, Any]:
        if turn.person.guest:
            raise NotThere("not_for_guests")
        member = nudges.member(self._house.store, turn.person.id)
        return forms.when(member.weekday, member.hour)

    def team_form(self, turn: Turn, rule: str) -> dict[str, Any]:
        found = self._register.to_edit(turn, rule)
        return forms.team(found.content.title, blocks.packed({"r": rule}), turn.person.manages)

    def _written(self, turn: Turn, about: dict[str, Any], values: Mapping[str, Any]) -> Any:
        found = self._register.written(turn, about, values)
        if isinstance(found, dict):
            return found
        wrong = {
            n: words()["answer"]["hand_guest"] for n in ("owner", "deputy") if self._outside(getattr(found, n), turn)
        }
        wrong |= _private({n: getattr(found, n) for n in ("title", "text", "reason")})
        if wrong:
            return wrong
        self._register.save(turn, about["r"], found)
        return self._register.check(turn, about["r"])

    def _outside(self, person: str, turn: Turn) -> bool:
        if not person:
            return False
        found = self._house.person(person, turn.now)
        return found.guest or found.deleted

    def _commented(self, turn: Turn, about: dict[str, Any], values: Mapping[str, Any]) -> Any:
        note = forms.value(values, "note") or ""
        if wrong := _private({"note": note}):
            return wrong
        return self._answers.comment(turn, self._answers.about(turn, about), note, str(about["w"]))

    def _handed(self, turn: Turn, about: dict[str, Any], values: Mapping[str, Any]) -> Reply:
        return self._answers.hand(turn, self._answers.about(turn, about), str(forms.value(values, "to") or ""))

    def _timed(self, turn: Turn, about: dict[str, Any], values: Mapping[str, Any]) -> Reply:
        wish = Settings(forms.value(values, "weekday"), int(forms.value(values, "hour") or 10), "change")
        return self._preferences.wish(turn, wish)

    def _talked(self, turn: Turn, about: dict[str, Any], values: Mapping[str, Any]) -> Reply:
        channel = str(forms.value(values, "channel") or "")
        return self._manage.talk(turn, about["r"], channel, bool(forms.value(values, "weekly")))

    def _export(self, turn: Turn, value: dict[str, Any]) -> Reply:
        return self.export(turn, str(value["action"]).rpartition(".")[2])

    def export(self, turn: Turn, form: str) -> Reply:
        """The proof as a file in the DM. form: csv, xlsx or pdf."""
        self._manage.allowed(turn)
        said = words()["proof"]
        proof = self._proofs.collect(Wanted(), turn.now)
        if not proof.rows or self._house.client is None:
            return self._house.talk.note(said["empty"])
        name = f"himitsu-rules-{proof.made[-16:-6]}.{form}"
        outcome = hand_over(
            self._house.client, turn.person.id, name, to_file(proof, form, turn.now), title=said["title"]
        )
        text = said["ready"].format(count=len(proof.rows)) if outcome == "sent" else said[outcome]
        return self._house.talk.note(text)

    # --- words

    def verb(self, name: str) -> Callable[[Turn], Reply]:
        """What a button's label does when it is typed: it is about the last nudge."""

        def act(turn: Turn) -> Reply:
            about = self._answers.latest(turn)
            if about is None or about.nudge is None:
                return self._house.talk.note(words()["answer"]["nothing_open"])
            return self._act(turn, about, name)

        return act

    def _act(self, turn: Turn, about: About, name: str) -> Reply:
        if name in ("nudge_ok", "nudge_read"):
            return self._answers.ok(turn, about, name.removeprefix("nudge_"))
        if name == "nudge_later":
            return self._answers.later(turn, about)
        if name == "nudge_unchanged":
            return self._answers.unchanged(turn, about)
        if name == "nudge_rethink":
            self.comment_form(turn, about)
            return self._answers.ask_words(turn, about, "nudge_comment", words()["answer"]["comment_ask"])
        if name == "nudge_hand":
            self.hand_form(turn, about)
            return self._answers.ask_words(turn, about, "nudge_hand", words()["answer"]["hand_ask"])
        if about.rule is None:
            return self._house.talk.note(words()["answer"]["gone"])
        return self._register.card(turn, about.rule.id)  # nudge_revise: writing needs the form behind its button

    def comment_said(self, turn: Turn, there: Dialogue, text: str) -> Reply:
        """The comment, typed after it was asked for."""
        plain = normalise(text).text.strip(" 。.")
        if plain in _CANCEL:
            return self._closed(turn, there, self._house.talk.note(words()["answer"]["cancelled"]))
        if private := find_private(text).kinds:
            return self._house.talk.note(blocks.private_note(private))
        note = "" if plain in _EMPTY else text
        about = self._answers.about(turn, there.state["about"])
        return self._closed(turn, there, self._answers.comment(turn, about, note, there.id))

    def hand_said(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """The new owner, named after that was asked for."""
        if normalise(text).text.strip(" 。.") in _CANCEL:
            return self._closed(turn, there, self._house.talk.note(words()["answer"]["cancelled"]))
        found = _PERSON.search(text)
        if found is None:
            return None
        about = self._answers.about(turn, there.state["about"])
        return self._closed(turn, there, self._answers.hand(turn, about, found[1]))

    def card_said(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """A button of a rule's card, typed below it; with a channel behind みんなで話し合う."""
        id = str(there.state["r"])
        channel = _CHANNEL.search(text)
        name = label_of(_CHANNEL.sub("", text))
        if name == "team" and channel:
            return self._manage.talk(turn, id, channel[1], weekly=False)
        if name == "ok":
            rule = self._register.rule(turn, id)
            return self._answers.ok(turn, About(rule, rule.edition, None), "ok")
        if name == "publish":
            rule = self._register.to_edit(turn, id)
            return self._register.publish(turn, id, rule.draft.digest if rule.draft else "")
        by_name = {"versions": self._register.versions, "retire": self._register.retire}
        if name in by_name:
            return by_name[name](turn, id)
        in_words = {"edit": "edit_here", "team": "team_here"}
        return self._house.talk.note(words()["answer"][in_words[name]]) if name in in_words else None

    def manage_said(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """A button of お知らせのようす, typed below it."""
        name, plain = label_of(text), normalise(text).text.strip(" 。.")
        if name in ("everyone_on", "everyone_off"):
            return self._manage.everyone(turn, name == "everyone_on")
        if plain in FORMATS:
            return self.export(turn, plain)
        if plain == normalise(words()["team"]["stop"]).text:
            return self._manage.quiet(turn)
        return self._manage.settle_all(turn) if name == "settled" else None

    @staticmethod
    def _closed(turn: Turn, there: Dialogue, reply: Reply) -> Reply:
        gone = replace(there, closed=True, state={"kind": "gone"}, updated_at=int(turn.now))
        return replace(reply, dialogues=(*reply.dialogues, gone))


_CANCEL = frozenset(normalise(w).text for w in ("やめる", "やめます", "キャンセル", "いいえ"))
_EMPTY = frozenset(normalise(w).text for w in ("このまま送る", "なし", "特になし"))


def _private(texts: Mapping[str, str]) -> dict[str, str]:
    """What must not be kept, by block."""
    found = {name: find_private(text).kinds for name, text in texts.items()}
    return {name: blocks.private_note(kinds) for name, kinds in found.items() if kinds}


def _on(
    app: App,
    shell: Shell,
    action: str | re.Pattern[str],
    make: Make,
    *,
    below: bool = False,
    with_action: bool = False,
) -> None:
    """A button. Its reply takes the message's place in the DM, or stands below it; a channel's post stays as it is."""

    @app.action(action)
    def on_press(ack: Ack, body: dict[str, Any], context: dict[str, Any], client: WebClient) -> None:
        ack()

        def answer(turn: Turn) -> None:
            value = value_of(body)
            if with_action:
                value["action"] = body["actions"][0]["action_id"]
            reply = shell.try_to(lambda: make(turn, value))
            shell.answer_press(body, client, turn, reply, replace=not below and turn.surface == "dm")
            if turn.surface == "home":
                client.views_publish(user_id=turn.person.id, view=home_tab.view(shell, turn))

        shell.after_ack(body, context, client, answer)


def _submitted(
    app: App, shell: Shell, callback: str, make: Callable[[Turn, dict[str, Any], Mapping[str, Any]], Any]
) -> None:
    """A modal's button. make gives a Reply, the next view, or what is wrong by block."""

    @app.view(callback)
    def on_submit(ack: Ack, body: dict[str, Any], context: dict[str, Any], view: dict[str, Any]) -> None:
        turn = shell.turn(context, body)
        about = json.loads(view.get("private_metadata") or "{}")
        with shell.workplace.in_turn(turn.person.id):
            try:
                made = make(turn, about, view["state"]["values"])
            except NotThere as reason:
                made = shell.conversation.refuse(str(reason))
            reply = made if isinstance(made, Reply) else Reply("modal", {})
            shell.finish(turn, reply)
        if isinstance(made, Reply):
            ack(response_action="update", view=modal(made))
        elif "type" in made:
            ack(response_action="update", view=made)
        else:
            ack(response_action="errors", errors=made)
