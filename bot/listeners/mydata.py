"""わたしのデータ: what is kept of a person, and a button that deletes it."""

from __future__ import annotations

from slack_bolt import App

from .. import blocks
from ..conversation import Reply, Turn
from ..shell import Shell
from ..store import dialogue, mydata, people, requests
from .cards import on


def register(app: App, shell: Shell) -> None:
    on(app, shell, "home.mydata", lambda t, v: show(shell, t), replace=False)
    on(app, shell, "mydata.delete", lambda t, v: delete(shell, t))


def show(shell: Shell, turn: Turn) -> Reply:
    """Counts by kind; no words of anybody are kept, so there are none to show."""
    store = shell.workplace.store
    values = {
        "dialogues": len(dialogue.of_person(store, turn.person.id)),
        "requests": len(requests.of_person(store, turn.person.id)),
        "more": shell.conversation.features.kept(turn),
        "profile": people.get(store, turn.person.id) is not None,
    }
    return Reply("mydata", values)


def delete(shell: Shell, turn: Turn) -> Reply:
    """Delete all of it but what others still need, which loses the person's name."""
    features = shell.conversation.features
    with shell.workplace.store.begin() as tx:
        counts = mydata.delete_person(tx, turn.person.id, own=features.personal())
        counts["features"] = features.forget(tx, turn.person.id)
    shell.workplace.people.forget(turn.person.id)
    words = blocks.words()["mydata"]
    told = [words["deleted"] if any(counts.values()) else words["nothing"]]
    told += [words["nameless"].format(counts["nameless"])] if counts["nameless"] else []
    return shell.conversation.note("\n".join(told))
