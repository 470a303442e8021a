"""Buttons of a case as typed words, and /himitsu 受付."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from knowledge.text import normalise

from ...conversation import Conversation, NotThere, Reply, Turn
from ...store import Dialogue, cases, dialogue
from .change import case_of, inside
from .words import says

if TYPE_CHECKING:
    from .parts import Cases

_RECEIPT = re.compile(r"(?:受付|no\.?)?(\d{1,2}-\d{1,2}-\d{1,4})")
_PREFIX = re.compile(r"\s*([^\s:：]{1,12})\s*[:：]\s*(.+)", re.DOTALL)
_EDGES = "。、 　「」[]［］!！?？"


class Typing:
    def __init__(self, conversation: Conversation, parts: Cases):
        self._conversation, self._parts = conversation, parts

    def tell(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words below 「担当に知らせる」."""
        plain = plain_of(text)
        verb = next((v for v, ways in says()["tell"]["words"].items() if plain in map(plain_of, ways)), "")
        return self._parts.telling.typed(turn, there, verb)

    def case(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words about the case that was talked of last, on whichever side of it the person is."""
        try:
            about = inside(self._parts.store, there)
        except NotThere:
            return None  # sealed with a key that is gone: what is typed is a new message
        role = about["role"]
        if cases.head(self._parts.store, about["case"]) is None:
            return None
        if role == "work":
            return self.work(turn, there, text)
        if role == "told" and (reply := self._parts.asking.typed(turn, there, text)):
            return reply
        return self.mine(turn, there, text)

    def mine(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words of the person who reported, about their report."""
        id = case_of(self._parts.store, there)
        mine = self._parts.mine
        if written := _prefixed(text, ("add",)):
            return self._parts.notes.typed(turn, id, "add", written[1])
        verb = verb_of(text)
        if verb in ("tell", "mistake") and not self._is_last(turn, there):
            return None  # it is about what was said since
        steps: Mapping[str, Callable[[], Reply]] = {
            "state": lambda: mine.status(turn, id),
            "outlook": lambda: self._parts.showing.outlook(turn, mine.case(turn, id), mine=True),
            "grounds": lambda: self._parts.showing.grounds(turn, mine.case(turn, id)),
            "name": lambda: mine.name(turn, id, not mine.case(turn, id).consent),
            "withdraw": lambda: mine.ask_withdraw(turn, id),
            "withdraw_sure": lambda: mine.withdraw(turn, id),
            "add": lambda: self._how("add"),
            "mistake": lambda: mine.mistake(turn, there.id),
            "tell": lambda: mine.status(turn, id, lead=says()["told"]["again"].format(mine.case(turn, id).receipt)),
        }
        if inside(self._parts.store, there)["role"] == "told":
            steps = {**steps, "go_on": lambda: self._parts.asking.go_on(turn, there.id)}
        return steps[verb]() if verb in steps else None

    def _is_last(self, turn: Turn, there: Dialogue) -> bool:
        """Whether nothing was talked about since."""
        last = dialogue.latest(self._parts.store, turn.person.id, turn.channel, turn.person.id, limit=1)
        return bool(last) and last[0].id == there.id

    def work(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words of the desk, about the case that was opened last."""
        return self._worked(turn, case_of(self._parts.store, there), text, str(there.state.get("draft", "")))

    def _worked(self, turn: Turn, id: str, text: str, draft: str = "") -> Reply | None:
        """draft: the kind of the letter that was shown last."""
        work, files = self._parts.work, self._parts.files
        if written := _prefixed(text, ("fact", "task", "told", "evidence", "say", "known", "close")):
            return self._parts.notes.typed(turn, id, *written)
        verb = verb_of(text)
        steps: Mapping[str, Callable[[], Reply]] = {
            "take": lambda: work.take(turn, id),
            "acting": lambda: work.status(turn, id, "acting"),
            "watching": lambda: work.status(turn, id, "watching"),
            "outlook": lambda: work.outlook(turn, id),
            "grounds": lambda: self._parts.showing.grounds(turn, work.case(turn, id)),
            "preliminary": lambda: work.reported(turn, id, "preliminary"),
            "final": lambda: work.reported(turn, id, "final"),
            "who": lambda: work.who(turn, id),
            "quiet": lambda: work.quiet(turn, id),
            "link": lambda: work.link(turn, id),
            "reopen": lambda: work.reopen(turn, id),
            "pdf": lambda: files.send(turn, id, "pdf"),
            "json": lambda: files.send(turn, id, "json"),
            "drafts": lambda: files.offered(turn, id),
            "close": lambda: self._parts.notes.typed(turn, id, "close", ""),
            "state": lambda: work.open(turn, id),
        }
        if verb in ("fact", "task", "told", "evidence", "say", "known"):
            return self._how(verb)
        if verb.startswith("letter_"):
            return files.draft(turn, id, verb.removeprefix("letter_"))
        if verb in ("docx", "draft_pdf") and draft:
            return files.draft_file(turn, id, draft, "docx" if verb == "docx" else "pdf")
        return steps[verb]() if verb in steps else None

    def _how(self, what: str) -> Reply:
        word = says()["button"][what]
        how = says()["mine"]["private_how"] if what == "add" else ""
        return self._conversation.note(f"{says()['work']['how'].format(word)}{how}")

    def overview(self, turn: Turn) -> Reply:
        """「受付」: the desk's list; for others their own reports, the newest one in full."""
        if turn.person.guest:
            raise NotThere("not_for_guests")
        if self._parts.work.may(turn):
            return self._parts.work.overview(turn)
        own = cases.of_reporter(self._parts.store, turn.person.id)
        return self._parts.mine.status(turn, own[0].id) if own else self._conversation.note(says()["mine"]["none"])

    def command(self, turn: Turn, rest: str) -> Reply:
        """/himitsu 受付 [番号 [すること]]."""
        if not rest.strip():
            return self.overview(turn)
        first, what = [*rest.split(maxsplit=1), ""][:2]
        said = _RECEIPT.fullmatch(normalise(first).text.strip())
        head = cases.by_receipt(self._parts.store, said[1]) if said else None
        if turn.person.guest or said is None or head is None:
            return self._conversation.note(says()["work"]["command_how"])
        if cases.reporter(self._parts.store, head.id) == turn.person.id and not self._may(turn, head.alternative):
            return self._parts.mine.status(turn, head.id)
        reply = self._worked(turn, head.id, what) if what else None
        return reply or self._parts.work.open(turn, head.id)

    def _may(self, turn: Turn, alternative: bool) -> bool:
        return self._parts.desk.may_open(turn.person, alternative)


def plain_of(text: str) -> str:
    """A word as it is compared."""
    return normalise(text).text.strip(_EDGES)


def verb_of(text: str) -> str:
    """The button that a text names, or blank."""
    plain = plain_of(text)
    return next((verb for verb, ways in says()["typed"].items() if plain in map(plain_of, ways)), "")


def _prefixed(text: str, of: tuple[str, ...]) -> tuple[str, str] | None:
    """(kind of note, its words) of 「事実: …」; None where it begins with none of these."""
    said = _PREFIX.fullmatch(text)
    if said is None:
        return None
    plain = plain_of(said[1])
    prefixes = says()["prefix"]
    what = next((w for w in of if plain in map(plain_of, prefixes[w])), "")
    return (what, said[2].strip()) if what else None
