"""The inventory in words and buttons: the list, an entry, what changes one. Every change is for who may make it.

A change is written before it is told, not in the commit that closes the delivery: only the write itself can tell
whether somebody else was faster. The same message again finds its change made, and makes none.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from dialogs.inventory import model, said
from dialogs.inventory.model import Item
from knowledge.text import normalise

from ... import blocks
from ...store import Dialogue, inventory
from ...store.inventory import Stale
from ..feature import Button
from . import shown
from .rights import Rights
from .shelf import Shelf, written
from .shown import PAGE, words

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from ...conversation import Conversation, Reply, Turn

LIST, ITEM = "inventory.list", "inventory.item"
_MOST_IDS = 200  # of a search, kept to go on through its pages
_MOST_OLDER = 12  # versions


@dataclass
class Talk:
    """client: for fetching files; there once the app listens."""

    conversation: Conversation
    shelf: Shelf
    client: WebClient | None = None

    @functools.cached_property
    def rights(self) -> Rights:
        return Rights(self.conversation.workplace.services.knowledge.company, self.shelf.house)

    # --- the list

    def command(self, turn: Turn, rest: str) -> Reply:
        """/himitsu 台帳: the list, or what the words after it name, or do (追加 …, 検索 …, ファイル)."""
        if turn.person.guest:
            return self.note(words()["errors"]["guest"])
        if not rest.strip():
            return self.overview(turn)
        return self.typed_anywhere(turn, rest) or self.search(turn, rest.strip())

    def said(self, turn: Turn, text: str) -> Reply | None:
        """「台帳 原価表」, 「台帳 追加 …」 in the DM, as behind the command; None for other words."""
        first, _, rest = text.replace("\u3000", " ").strip().partition(" ")
        named = _plain(first) in _called() and rest.strip() and not turn.person.guest
        return self.command(turn, rest) if named else None

    def overview(self, turn: Turn) -> Reply:
        """The first page of everything that the person may see."""
        if turn.person.guest:
            return self.note(words()["errors"]["guest"])
        if not self.rights.lists(turn.person):
            return self.note(words()["errors"]["no_list"])
        return self._page(turn, self._new(turn, LIST, {"page": 0}), self._seen(turn))

    def search(self, turn: Turn, asked: str) -> Reply:
        """Entries for some words. Who may not see the list is answered for names alone."""
        if turn.person.guest:
            return self.note(words()["errors"]["guest"])
        names = self.shelf.names()
        if not self.rights.lists(turn.person):
            found = [i for each in names.find(asked) for i in each.items]
            return self._known(found, asked)
        seen = set(self._seen(turn))
        found = [i for i in names.search(asked) if i in seen]
        if not found:
            return self.note(words()["list"]["nothing"].format(blocks.esc(blocks.clip(asked, 60))))
        there = self._new(turn, LIST, {"page": 0, "ids": [i.id for i in found[:_MOST_IDS]]})
        return self._page(turn, there, found[:_MOST_IDS], asked=asked, more=len(found) > _MOST_IDS)

    def due(self, turn: Turn) -> Reply:
        """Entries whose review date has come, as far as the person may see them."""
        if not self.rights.lists(turn.person):
            return self.note(words()["errors"]["no_list"])
        there = self._new(turn, LIST, {"page": 0, "due": True})
        return self._page(turn, there, self._of(turn, there))

    def page(self, turn: Turn, dialogue: str, page: int) -> Reply:
        """Another page of a list. NotThere where it is gone."""
        there = self.conversation.mine(turn, dialogue)
        kept = replace(there, state={**there.state, "page": page}, updated_at=int(turn.now))
        return self._page(turn, kept, self._of(turn, there))

    def _of(self, turn: Turn, there: Dialogue) -> list[Item]:
        """The entries of a list that are still there."""
        seen = self._seen(turn)
        if there.state.get("due"):
            return model.due(seen, self._today(turn))
        if "ids" not in there.state:
            return seen
        by_id = {i.id: i for i in seen}
        return [by_id[id] for id in there.state["ids"] if id in by_id]

    def _page(
        self, turn: Turn, there: Dialogue, items: Sequence[Item], *, asked: str = "", more: bool = False
    ) -> Reply:
        if not self.rights.lists(turn.person):
            return self.note(words()["errors"]["no_list"])
        said_ = words()["list"]
        pages = max(1, -(-len(items) // PAGE))
        page = min(max(0, int(there.state.get("page", 0))), pages - 1)
        today = self._today(turn)
        rows = [shown.row(i, n, today) for n, i in enumerate(items[page * PAGE : (page + 1) * PAGE], page * PAGE + 1)]
        due = len(model.due(items, today))
        lead = said_["found"].format(asked=blocks.esc(blocks.clip(asked, 60)), count=len(items)) if asked else ""
        return self.reply(
            "inventory_list",
            {
                "lead": lead or (shown.summary(items, self.shelf.house) if items else said_["none"]),
                "due": said_["due"].format(due) if due else "",
                "rows": rows,
                "dialogue": there.id,
                "page": said_["page"].format(page=page + 1, pages=pages) if pages > 1 else "",
                "more": said_["too_many"].format(_MOST_IDS) if more else "",
                "buttons": [b.to_view() for b in self._list_buttons(turn, there, page, pages)],
                "how": said_["how"] if turn.surface == "dm" else "",
            },
            replace(there, state={**there.state, "page": page}),
        )

    def _list_buttons(self, turn: Turn, there: Dialogue, page: int, pages: int) -> list[Button]:
        label = words()["button"]
        buttons = []
        if page:
            buttons.append(Button("inventory.before", label["before"], {"d": there.id, "p": page - 1}))
        if page < pages - 1:
            buttons.append(Button("inventory.next", label["next"], {"d": there.id, "p": page + 1}))
        if self.rights.edits(turn.person):
            buttons.append(Button("inventory.add", label["add"]))
        buttons += [Button("inventory.search", label["search"]), Button("inventory.file", label["file"])]
        if self.rights.edits(turn.person):
            buttons.append(Button("inventory.import", label["import"]))
        return buttons

    def _known(self, found: Sequence[Item], asked: str) -> Reply:
        """What everybody may know of what they name: class and owner."""
        if not found:
            return self.note(words()["list"]["nothing"].format(blocks.esc(blocks.clip(asked, 60))))
        line = words()["card"]["line"]
        told = [
            line.format(name=blocks.esc(i.name), secrecy=blocks.esc(i.secrecy), owner=shown.owner(i))
            for i in dict.fromkeys(found)
        ]
        return self.note("\n".join(told[:PAGE]))

    # --- one entry

    def open(self, turn: Turn, id: str, *, lead: str = "") -> Reply:
        """An entry with everything it says."""
        item = self.shelf.get(id)
        if item is None:
            return self.note(words()["item"]["gone"])
        return self.card(turn, item, lead=lead)

    def card(self, turn: Turn, item: Item, *, lead: str = "") -> Reply:
        if not self.rights.seen(turn.person, [item]):
            return self.note(words()["errors"]["no_list"])
        there = self._new(turn, ITEM, {"id": item.id})
        may = self.rights.may_edit(turn.person, item)
        values = {
            "lead": lead,
            "item": item,
            "fields": shown.fields(item),
            "how": words()["item"]["how"] if may and turn.surface == "dm" else "",  # where typed words are heard
            "buttons": self.item_buttons(item) if may else [],
        }
        return self.reply("inventory_item", values, there)

    @staticmethod
    def item_buttons(item: Item) -> list[dict[str, Any]]:
        """Below an entry; taking it out is asked once more."""
        label, value, sure = words()["button"], {"i": item.id, "v": item.version}, words()["sure"]
        remove = Button("inventory.remove", label["remove"], value, "danger").to_view()
        buttons = (
            Button("inventory.edit", label["edit"], value),
            Button("inventory.more", label["more"], value),
            Button("inventory.renew", label["renew"], value),
            Button("inventory.history", label["history"], value),
        )
        return [*(b.to_view() for b in buttons), remove | {"confirm": sure}]

    def history(self, turn: Turn, id: str) -> Reply:
        """Who changed an entry when, the latest first."""
        item = self.shelf.get(id)
        if item is None or not self.rights.seen(turn.person, [item]):
            return self.note(words()["item"]["gone"])
        editions = inventory.history(self.shelf.store, id)[::-1]
        pairs = list(zip(editions, [*editions[1:], None], strict=True))[:_MOST_OLDER]
        lines = [shown.edition(e, before, turn.person.zone) for e, before in pairs]
        if len(editions) > _MOST_OLDER:
            lines.append(words()["history"]["older"].format(len(editions) - _MOST_OLDER))
        title = words()["history"]["title"].format(blocks.esc(item.name))
        return self.note("\n".join([f"*{title}*", *lines]))

    # --- changing

    def add_line(self, turn: Turn, line: str) -> Reply:
        """「追加 原価表、秘、経理課」: an entry in one line."""
        if not self.rights.edits(turn.person):
            return self.note(words()["errors"]["no_edit" if self.rights.lists(turn.person) else "no_list"])
        form = words()["form"]
        if not line.strip():
            return self.note(form["how_add"])
        given, rest = said.whole(line, self.shelf.house)
        if rest:
            classes = "・".join(c.name for c in self.shelf.house.classes)
            return self.note(form["unknown"].format(blocks.esc(rest[0]), classes=classes))
        id = self.conversation.workplace.new_id(turn.now, turn.delivery)
        item, troubles = model.make(given, self.shelf.house, id=id)
        if item is None:
            return self.note("\n".join([*map(shown.trouble, troubles), form["how_add"]]))
        twin = next((i for i in self.shelf.items() if model.key_of(i) == model.key_of(item)), None)
        if twin:
            return self.card(turn, twin, lead=words()["item"]["added" if twin.id == id else "there"])
        return self.saved(turn, None, item)

    def set_field(self, turn: Turn, id: str, field: str, value: str) -> Reply:
        """「区分 極秘」: one field of an entry."""
        before = self.shelf.get(id)
        if before is None:
            return self.note(words()["item"]["gone"])
        item, troubles = model.make(model.as_texts(before) | {field: value}, self.shelf.house, id=id)
        if item is None:
            return self.note("\n".join(map(shown.trouble, troubles)))
        return self.saved(turn, before, item)

    def saved(self, turn: Turn, before: Item | None, after: Item, *, lead: str = "") -> Reply:
        """Writes an entry and shows it; where somebody else was faster, shows theirs and says so."""
        if not self.rights.may_change(turn.person, before, after):
            return self.note(words()["errors"]["no_edit"])
        say = words()["item"]
        if before and not model.changed(before, after):
            return self.card(turn, before, lead=say["same"])
        try:
            self.write(turn, before, after)
        except Stale:
            return self.open(turn, after.id, lead=say["stale"])
        return self.open(turn, after.id, lead=lead or say["saved" if before else "added"])

    def write(self, turn: Turn, before: Item | None, after: Item) -> None:
        """Raises Stale where `before` is not what is there."""
        inventory.save(self.shelf.store, [written(before, after)], by=turn.person.id, now=turn.now, origin="slack")

    def renew(self, turn: Turn, id: str, version: int | None = None, *, days: int = 365) -> Reply:
        """The entry was looked at: the next review in a year (days). version: the one that was seen."""
        before = self.shelf.get(id)
        if before is None:
            return self.note(words()["item"]["gone"])
        until = (self._today(turn) + timedelta(days=days)).isoformat()
        lead = words()["item"]["renewed"].format(until)
        if version is not None and version != before.version:  # pressed twice, or somebody was faster
            return self.card(turn, before, lead=lead if before.review == until else words()["item"]["stale"])
        return self.saved(turn, before, replace(before, review=until), lead=lead)

    def remove(self, turn: Turn, id: str, version: int | None = None) -> Reply:
        """Take an entry out."""
        before = self.shelf.get(id)
        if before is None:
            return self.note(words()["item"]["gone"])
        if not self.rights.may_edit(turn.person, before):
            return self.note(words()["errors"]["no_edit"])
        if version is not None and version != before.version:
            return self.card(turn, before, lead=words()["item"]["stale"])
        try:
            inventory.remove(self.shelf.store, id, before.version, by=turn.person.id, now=turn.now)
        except Stale:
            return self.open(turn, id, lead=words()["item"]["stale"])
        return self.note(words()["item"]["removed"].format(blocks.esc(before.name)))

    # --- typed

    def typed_in_list(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words while a list is open."""
        plain = _plain(text)
        if plain.isdecimal() and len(plain) <= 4:
            items = self._of(turn, there)
            n = int(plain)
            return self.open(turn, items[n - 1].id) if 1 <= n <= len(items) else None
        verb = verb_of(plain)
        if verb == "list" and there.state.get("due"):
            return self.page(turn, there.id, 0)
        if verb in ("next", "before"):
            return self.page(turn, there.id, int(there.state.get("page", 0)) + (1 if verb == "next" else -1))
        return self.typed_anywhere(turn, text)

    def typed_in_item(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words while an entry is open: 「区分 極秘」, 「見直した」, 「外す」 and a yes to it."""
        id, verb = str(there.state["id"]), verb_of(_plain(text))
        if there.state.get("ask") == "remove":
            if verb == "yes":
                return self.remove(turn, id)
            if verb == "no":
                return self.open(turn, id, lead=words()["item"]["not_removed"])
        if verb == "renew":
            return self.renew(turn, id)
        if verb == "history":
            return self.history(turn, id)
        if verb == "remove":
            item = self.shelf.get(id)
            if item is None:
                return self.note(words()["item"]["gone"])
            if not self.rights.may_edit(turn.person, item):
                return self.note(words()["errors"]["no_edit"])
            asked = replace(there, state={**there.state, "ask": "remove"}, updated_at=int(turn.now))
            return replace(self.note(words()["item"]["remove_ask"].format(blocks.esc(item.name))), dialogues=(asked,))
        if field := said.one(text):
            return self.set_field(turn, id, *field)
        return self.typed_anywhere(turn, text)

    def typed_anywhere(self, turn: Turn, text: str) -> Reply | None:
        """Words that do the same wherever one is in the inventory; None where they are something else."""
        from .moving import exported, how_to_import, template

        verb = verb_of(text)
        if verb in ("file", "csv"):
            return exported(self, turn, "csv" if verb == "csv" else "xlsx")
        if verb == "import":
            return how_to_import(self, turn)
        if verb == "template":
            return template(self, turn)
        if verb == "list":
            return self.overview(turn)
        first, _, rest = text.replace("\u3000", " ").strip().partition(" ")
        verb = verb or verb_of(first)
        if verb == "search" and rest.strip():
            return self.search(turn, rest.strip())
        return self.add_line(turn, rest) if verb == "add" else None

    # --- beside

    def kept(self, turn: Turn) -> list[str]:
        count = inventory.changed_by(self.shelf.store, turn.person.id)
        return [words()["mydata"].format(count)] if count else []

    def note(self, text: str) -> Reply:
        return self.conversation.note(text)

    def reply(self, view: str, values: dict[str, Any], there: Dialogue) -> Reply:
        from ...conversation import Reply

        return Reply(view, values, (there,))

    def _seen(self, turn: Turn) -> list[Item]:
        return self.rights.seen(turn.person, self.shelf.items())

    def _today(self, turn: Turn) -> date:
        return self.conversation.workplace.today(turn.now)

    def _new(self, turn: Turn, kind: str, state: Mapping[str, Any]) -> Dialogue:
        id = self.conversation.workplace.new_id(turn.now, turn.delivery)
        return Dialogue(id, turn.person.id, turn.channel, {"kind": kind, **state}, int(turn.now), int(turn.now))


def verb_of(plain: str) -> str:
    """What a typed word does in the inventory; blank where it is none of its words."""
    return _verbs().get(_plain(plain), "")


def _plain(text: str) -> str:
    return normalise(text).text.strip("。、．.!！?？ 「」[]［］番")


@functools.cache
def _called() -> frozenset[str]:
    return frozenset(_plain(word) for word in blocks.words()["command"]["names"]["inventory"])


@functools.cache
def _verbs() -> Mapping[str, str]:
    return {_plain(word): verb for verb, all_ in words()["typed"].items() for word in all_}
