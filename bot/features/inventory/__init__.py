"""The inventory on Slack: /himitsu 台帳, App Home, files in the DM; 「これは秘密？」 is asked of it first."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dialogs.inventory import model

from ...store import dialogue as dialogues
from ..feature import Button, Feature, Part
from . import answer, listen, moving, talk
from .due import KIND as REVIEW
from .due import Reviews
from .shelf import Shelf
from .shown import words

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from ...conversation import Conversation, Reply, Turn

_EXPECTED_S = 3600


def make(conversation: Conversation) -> Feature:
    """The feature. Nothing is read here: the database is looked at when the first person needs it."""
    shelf = Shelf(conversation.workplace)
    spoken = talk.Talk(conversation, shelf)
    reviews = Reviews(shelf, conversation.workplace)
    return Feature(
        "inventory",
        listen=lambda app, shell: listen.register(app, shell, spoken),
        typed={
            talk.LIST: spoken.typed_in_list,
            talk.ITEM: spoken.typed_in_item,
            moving.KIND: functools.partial(listen.typed_in_import, spoken),
        },
        said=spoken.said,
        regards=functools.partial(answer.regard, shelf),
        receives=functools.partial(_received, spoken),
        commands={"inventory": spoken.command},
        verbs={"inventory": spoken.overview},
        home=functools.partial(_home, spoken),
        tick=reviews.tick,
        due=reviews.late,
        wanted={REVIEW: reviews.wanted},
        sent={REVIEW: reviews.sent},
        kept=spoken.kept,
    )


def _received(
    spoken: talk.Talk, turn: Turn, text: str, files: Sequence[Mapping[str, Any]], client: WebClient
) -> Reply | None:
    store = spoken.shelf.store
    last = dialogues.latest(store, turn.person.id, turn.channel, limit=1)
    expected = bool(last and last[0].state.get("kind") == moving.KIND and last[0].updated_at > turn.now - _EXPECTED_S)
    return moving.received(spoken, turn, text, files, client, expected=expected)


def _home(spoken: talk.Talk, turn: Turn) -> list[Part]:
    if not spoken.rights.lists(turn.person):
        return []
    say, label = words()["home"], words()["button"]
    items = spoken.rights.seen(turn.person, spoken.shelf.items())
    due = len(model.due(items, spoken.conversation.workplace.today(turn.now)))
    text = say["text"].format(count=len(items), due=say["due"].format(due) if due else "")
    buttons = [Button("inventory.list", label["list"])]
    if spoken.rights.edits(turn.person):
        buttons.append(Button("inventory.add", label["add"]))
    buttons.append(Button("inventory.file", label["file"]))
    return [Part(text, tuple(buttons), words()["title"])]
