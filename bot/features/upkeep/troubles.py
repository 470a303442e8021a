"""届かなかった知らせ: messages that failed, or of which nobody knows, told to the manager, who settles them."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from ... import blocks, render
from ...conversation import NotThere, Reply, Turn
from ...listeners.cards import on
from ...store import Dialogue, Transaction, Trouble, audit, outbox
from ...typed import understand
from ..feature import Button, Part

if TYPE_CHECKING:
    from slack_bolt import App

    from ...conversation import Conversation
    from ...shell import Shell

KIND = "troubles"  # of a dialogue's state
_SHOWN = 5
_ENDED = ("failed", "unknown")  # states that can be settled


class Troubles:
    def __init__(self, conversation: Conversation) -> None:
        self._talk = conversation
        self._store = conversation.workplace.store

    def listen(self, app: App, shell: Shell) -> None:
        on(
            app,
            shell,
            re.compile(r"upkeep\.settle(?:\.\d+)?"),
            lambda turn, value: self.settle(turn, value["o"]),
            replace=False,
        )

    def home(self, turn: Turn) -> Sequence[Part]:
        """A part each, for managers."""
        if not turn.person.manages:
            return []
        found = outbox.troubles(self._store)
        parts = [Part(_line(t, turn), _buttons(t)) for t in found[:_SHOWN]]
        if not parts:
            return []
        words = _words()
        rest = [Part(words["more"].format(len(found) - _SHOWN))] if len(found) > _SHOWN else []
        return [Part(f"{words['lead']}\n{words['how']}", title=words["title"]), *parts, *rest]

    def command(self, turn: Turn, rest: str) -> Reply:
        """The list, each with its number. NotThere where the person is no manager."""
        _may(turn)
        return self._list(turn, self._dialogue(turn))

    def typed(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """A number settles what stands at it."""
        ids: Sequence[str] = there.state.get("rows", ())
        found = understand(text, (there.id, KIND, tuple(f"#{n}" for n in range(len(ids)))))
        if found is None or found.verb != "choose":
            return None
        try:
            return self.settle(turn, ids[found.number - 1])
        except NotThere as reason:
            return self._talk.refuse(str(reason))

    def settle(self, turn: Turn, id: str) -> Reply:
        """A message is done with: it is never sent. NotThere where the person is no manager."""
        _may(turn)
        words = _words()
        there = next((t for t in outbox.troubles(self._store) if t.id == id), None)
        if there is None:
            return self._talk.note(words["settled_before"])
        if there.state not in _ENDED:
            return self._talk.note(words["still_trying"])

        def keep(tx: Transaction) -> None:
            if outbox.settle(tx, id):
                about = {"kind": there.kind, "state": there.state, "reason": there.reason or ""}
                audit.append(tx, "outbox.settled", id, actor=turn.person.id, now=turn.now, data=about)

        return Reply("note", {"text": words["settled"], "buttons": []}, keep=keep)

    def _list(self, turn: Turn, there: Dialogue) -> Reply:
        words = _words()
        found = outbox.troubles(self._store)
        if not found:
            return self._talk.note(words["none"])
        lines = [f"{n}. {_line(t, turn)}" for n, t in enumerate(found[:_SHOWN], 1)]
        if len(found) > _SHOWN:
            lines.append(words["more"].format(len(found) - _SHOWN))
        text = "\n\n".join([f"*{words['title']}*\n{words['lead']}", *lines, words["how"] + words["by_number"]])
        buttons = [b.to_view() for n, t in enumerate(found[:_SHOWN], 1) for b in _buttons(t, n)]
        state = {"kind": KIND, "rows": [t.id for t in found[:_SHOWN]]}
        kept = Dialogue(there.id, there.person, there.channel, state, there.opened_at, there.updated_at)
        return self._talk.note(text, buttons=buttons, dialogues=(kept,))

    def _dialogue(self, turn: Turn) -> Dialogue:
        id = self._talk.workplace.new_id(turn.now, turn.delivery)
        return Dialogue(id, turn.person.id, turn.channel, {}, int(turn.now), int(turn.now))


def _may(turn: Turn) -> None:
    if not turn.person.manages:
        raise NotThere("no_rights")


def _buttons(trouble: Trouble, number: int = 0) -> tuple[Button, ...]:
    """number: its place in a list, where several stand side by side."""
    if trouble.state not in _ENDED:
        return ()
    label = _words()["settle"]
    about = {"o": trouble.id}
    if number:
        return (Button(f"upkeep.settle.{number}", f"{number}. {label}", about),)
    return (Button("upkeep.settle", label, about),)


def _line(trouble: Trouble, turn: Turn) -> str:
    """What it was, for whom, when, and what is known of why. Nothing of what it says."""
    words = _words()
    kind = next((k for k in words["what"] if trouble.kind.startswith(k)), "other")
    hidden = any(trouble.kind.startswith(k) for k in words["hide"])
    when = datetime.fromtimestamp(trouble.due_at, ZoneInfo(turn.person.zone))
    state = words["state"].get(trouble.state) or words["state"]["trying"].format(trouble.attempts)
    reason = words["why"].get(trouble.reason or "", words["why"]["other"].format(blocks.esc(trouble.reason or "?")))
    said: str = words["line"].format(
        what=words["what"][kind],
        to=words["hidden"] if hidden else words["to"].format(blocks.mention(trouble.target)),
        when=f"{when.month}/{when.day} {when:%H:%M}",
        why=f"{state}。{reason}。" if trouble.reason not in (None, "", "unknown") else f"{state}。",
    )
    return said


@functools.cache
def _words() -> Mapping[str, Any]:
    return render.wording("upkeep.yaml")
