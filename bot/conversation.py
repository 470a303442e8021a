"""What himitsu says to whom: a turn of a person in, a reply out. Knows no Slack client, only who said what where.

A reply names its view and the values for it, and what is to be kept: dialogues hold ids of content and choices, never
words of a message.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from knowledge import answer, cite, routes
from knowledge.models import Case, DeskView, Reading
from knowledge.private import find_private
from knowledge.search import search

from . import blocks, render
from .early import Early, Heard, hear
from .people import Person
from .services import Services
from .store import Dialogue, Planned, Transaction
from .store import dialogue as dialogues
from .store.requests import Kind
from .typed import ANYTIME, Typed, understand
from .workplace import Workplace

OPEN_FOR_S = 24 * 3600  # a question of yesterday is not answered by a number of today
SHOWN_FOR_S = 7 * 24 * 3600  # but it can be taken up again from App Home
_CARRIED = 1900  # characters of a message, packed, that a button can carry (Slack: 2,000 in a value)
_SEARCHED = 5
_SKEW_S = 300  # clocks of two replicas may be so far apart
_MISCONDUCT = ("caa_whistleblow", "houterasu")  # desks.yaml
_NOT_OURS = ("desk", "help", "out_of_scope")  # readings in which what troubles the person comes before them
_UNKEPT = ("distress",)  # signs that are answered and leave no trace, neither in the store nor in a case
_ANSWERS = ("send", "cancel", "number")  # they say nothing by themselves
_PLAIN = ("checklist", "reminder", "out_of_scope")  # shown as the terminal shows them


class NotThere(LookupError):
    """A dialogue that is gone, or that belongs to somebody else; the reason is a key of slack.yaml `errors`."""


@dataclass(frozen=True)
class Turn:
    """A person acting at one place. surface: dm, channel (ephemeral) or modal. delivery: the id of what came in.

    words: what they typed, for a feature that answers it; never kept. early: their words, read before the turn came.
    """

    person: Person
    channel: str
    surface: str
    now: float
    delivery: str = ""
    words: str = field(default="", repr=False)
    early: Early | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Reply:
    """A view with its values, and what it leaves behind once it is shown.

    direct: what else goes to the person's DM. letter, planned: for the managers' list, and for the outbox.
    refusal: it only says that something cannot be done, and takes no other message's place. keep: what a feature writes
    in the commit that closes the delivery. file: handed over in the DM after that. foot: what else is to be said below,
    whatever the view.
    """

    view: str
    values: dict[str, Any]
    dialogues: tuple[Dialogue, ...] = ()
    direct: Reply | None = None
    letter: Letter | None = None
    planned: tuple[Planned, ...] = ()
    refusal: bool = False
    keep: Callable[[Transaction], None] | None = None
    file: Handed | None = None
    log: dict[str, Any] = field(default_factory=dict)
    foot: str = ""

    def message(self) -> dict[str, Any]:
        return blocks.message(self.view, aside=self.foot, **self.values)


@dataclass(frozen=True)
class Handed:
    """A file for the person. make: its bytes, called when it is sent. done: kept once it is there."""

    name: str
    title: str
    make: Callable[[], bytes]
    done: Callable[[], None] | None = None


@dataclass(frozen=True)
class Letter:
    """What goes to the company's own people: ids of a reading, and a note written for it (letters.py).

    id: one a dialogue, kind and modal a note was written in, so that a second yes, or a repeated delivery, sends
    nothing more. person: blank where it is not to be shown. grounds: what people read in place of the rules' ids.
    """

    id: str
    kind: Kind
    person: str
    intent: str
    verdict: str | None
    title: str
    rules: tuple[str, ...]
    note: str = ""
    grounds: tuple[str, ...] = ()


class Conversation:
    """All turns but those that send something to other people (see letters.py)."""

    def __init__(self, workplace: Workplace):
        from . import features  # each of which knows this module

        self.workplace = workplace
        self.features = features.build(self)

    # --- words ---------------------------------------------------------------------------------------------------

    def hear(self, turn: Turn, text: str) -> Reply | Typed:
        """Words that a person typed: an answer to what stands open, a typed button (given back), or a new message."""
        text = blocks.unesc(text)
        recent = self._recent(turn)  # once: each look at the store waits for whoever is writing
        standing = next((d for d in recent if not d.closed and not d.state.get("paused")), None)
        if standing and (reply := self.features.typed(turn, standing, text)):
            return reply
        typed = understand(text, self._options(turn, recent))
        if typed and typed.verb == "choose":
            return self.choose(turn, typed.dialogue, typed.question, typed.number)
        if typed and (typed.verb in ANYTIME or self.features.verb(typed.verb)):
            return typed
        if typed and (recent or typed.verb in _ANSWERS):
            return self._about(turn, typed, recent)
        if reply := self.features.said(turn, text):
            return reply
        return self.answer(turn, text, recent=recent)

    def _about(self, turn: Turn, typed: Typed, recent: Sequence[Dialogue]) -> Reply | Typed:
        """A typed button with the dialogue it is about. A yes is one only right below the letter that waits for it."""
        if typed.verb == "number":
            return self.refuse("no_number")
        if typed.verb in ("send", "cancel"):
            if recent and recent[0].state.get("kind") == "letter":
                return replace(typed, dialogue=recent[0].id)
            return self.again(turn, typed.dialogue) if typed.dialogue else self.refuse("nothing_open")
        if typed.dialogue and typed.verb in ("back", "later"):
            return typed
        told = [d for d in recent if "rules" in d.state]  # an answer: not a letter, a list or a case
        return replace(typed, dialogue=told[0].id) if told else self.refuse("nothing_open")

    def answer(
        self,
        turn: Turn,
        text: str,
        *,
        intent: str = "",
        chosen: Sequence[str] = (),
        recent: Sequence[Dialogue] | None = None,
    ) -> Reply:
        """The reply to a new message. chosen: the choices it was put together from, where the person typed nothing.

        recent: the person's last dialogues here, where they were read already.
        """
        heard = self._heard(turn, text, intent)
        found, private, seen = heard.found, heard.private, heard.signs
        distress = "distress" in seen
        seen = tuple(sign for sign in seen if sign not in _UNKEPT)
        if distress and found.intent in _NOT_OURS:
            return Reply("distress", {"signs": seen}, log={"intent": found.intent})
        if "misconduct" in seen and found.intent in _NOT_OURS:
            return Reply("misconduct", {"desks": self._misconduct(turn)}, log={"intent": found.intent})
        if not private and (reply := self.features.intent(replace(turn, words=text), found)):
            return reply
        if not private and not turn.person.guest:
            found = self.features.regard(turn, text, found)
        if found.near and not private and len(blocks.packed({"t": text})) <= _CARRIED:
            return Reply("unclear", {"intents": found.near, "text": text})
        if private or chosen:
            found = replace(found, evidence=())  # what was recognised is not repeated
        reply = self._card(turn, found, private=private, chosen=chosen, recent=recent, seen=seen)
        return replace(reply, foot=render.wording("cases.yaml")["distress"]["short"]) if distress else reply

    def begin(self, person: Person, text: str) -> Early:
        """Have words read in the background; the turn in which they are answered comes later."""
        place = self.workplace
        return Early(place.early, text, self._services_of(person), place.today(place.clock.now()))

    def _heard(self, turn: Turn, text: str, intent: str) -> Heard:
        services, today = self.services(turn), self.workplace.today(turn.now)
        begun = turn.early.get(text, services, today) if turn.early and not intent else None
        return begun or hear(text, services, today, intent)

    def _misconduct(self, turn: Turn) -> list[DeskView]:
        """Where misconduct may be told outside; himitsu itself takes no such report."""
        desks = self.workplace.services.knowledge.desks
        return [routes.view(desks[id], today=self.workplace.today(turn.now)) for id in _MISCONDUCT if id in desks]

    def _card(
        self,
        turn: Turn,
        found: Reading,
        *,
        private: Sequence[str],
        chosen: Sequence[str],
        recent: Sequence[Dialogue] | None,
        seen: Sequence[str],
    ) -> Reply:
        to_dm = found.intent == "leak" and turn.surface == "channel"
        dialogue = Dialogue(
            self.workplace.new_id(turn.now, turn.delivery),
            turn.person.id,
            turn.person.id if to_dm else turn.channel,
            _state(found, chosen, seen),
            int(turn.now),
            int(turn.now),
        )
        dialogue = replace(dialogue, closed=found.ask is None)
        reply = self._shown(turn, found, dialogue, private=private, chosen=chosen, recent=recent)
        if not to_dm:
            return reply
        told = replace(found, evidence=())  # what waits to be sent holds none of the person's words
        return replace(reply, direct=self._shown(replace(turn, surface="dm"), told, dialogue, private=private))

    def _shown(
        self,
        turn: Turn,
        found: Reading,
        dialogue: Dialogue,
        *,
        private: Sequence[str] = (),
        chosen: Sequence[str] = (),
        recent: Sequence[Dialogue] | None = None,
    ) -> Reply:
        values = {
            "reading": found,
            "dialogue": dialogue.id,
            "private": private,
            "chosen": chosen,
            "guest": turn.person.guest,
            "surface": turn.surface,
            "means": self.services(turn).means,
            "plain": self.services(turn).answer(found) if found.intent in _PLAIN else "",
            "signs": dialogue.state.get("signs", ()),
            "today": self.workplace.today(turn.now).isoformat(),
            "resume": None if found.ask else self._resume(turn, but=dialogue.id, recent=recent),
        }
        log = {"intent": found.intent, "verdict": found.verdict, "rules": found.rules}
        return Reply(found.intent, values, (dialogue,), log=log)

    # --- buttons -------------------------------------------------------------------------------------------------

    def choose(self, turn: Turn, dialogue: str, question: str, number: int) -> Reply:
        """Option `number` of a question. A late or double press changes nothing and shows where things stand."""
        there = self.mine(turn, dialogue)
        case = self._case(there)
        knowledge = self.services(turn).knowledge
        if case.question != question:
            return self._as_it_stands(turn, there, case)
        options = knowledge.questions[question].options if question in knowledge.questions else ()
        if not 1 <= number <= len(options):
            raise NotThere("old")
        try:
            found = answer.go_on(case, options[number - 1].id, knowledge)
        except ValueError:
            raise NotThere("old") from None
        return self._moved(turn, there, found)

    def back(self, turn: Turn, dialogue: str) -> Reply:
        """The question before the last answer; nothing else is lost."""
        there = self.mine(turn, dialogue)
        try:
            found = answer.go_back(self._case(there), self.services(turn).knowledge)
        except ValueError:
            raise NotThere("old") from None
        return self._moved(turn, there, found)

    def later(self, turn: Turn, dialogue: str) -> Reply:
        """The question is put aside: numbers no longer answer it, App Home still shows it."""
        there = self.mine(turn, dialogue)
        kept = replace(there, state={**there.state, "paused": True}, updated_at=int(turn.now))
        return self.note(blocks.words()["later"], dialogues=(kept,))

    def again(self, turn: Turn, dialogue: str) -> Reply:
        """A question taken up again, as it stood."""
        there = self.mine(turn, dialogue)
        return self._as_it_stands(turn, there, self._case(there))

    def more(self, turn: Turn, dialogue: str) -> Reply:
        """The sources in full."""
        there = self.mine(turn, dialogue)
        return Reply("more", {"sources": cite.by_id(there.state.get("facts", ()), self.services(turn).knowledge)})

    def _as_it_stands(self, turn: Turn, there: Dialogue, case: Case) -> Reply:
        try:
            found = answer.settle(case, self.services(turn).knowledge)
        except ValueError:
            raise NotThere("old") from None
        return self._shown(turn, found, there, chosen=there.state.get("chosen", ()))

    def _moved(self, turn: Turn, there: Dialogue, found: Reading) -> Reply:
        chosen = there.state.get("chosen", ())
        state = _state(found, chosen, there.state.get("signs", ()))
        kept = replace(there, state=state, closed=found.ask is None, updated_at=int(turn.now))
        return self._shown(turn, found, kept, chosen=chosen)

    # --- the rest ------------------------------------------------------------------------------------------------

    def chips(self, kind: str = "") -> Reply:
        """Choices in place of words; kind: the first of the two, where it was made."""
        table = render.wording("chips.yaml")
        picked = next((k for k in table["kinds"] if k["id"] == kind), None)
        return Reply("chips", {"chips": table["acts"] if picked else table["kinds"], "kind": picked})

    def chip(self, turn: Turn, kind: str, act: str) -> Reply:
        """The answer to two choices. NotThere where one is gone."""
        table = render.wording("chips.yaml")
        picked = [
            next((row for row in table[name] if row["id"] == id), None) for name, id in (("kinds", kind), ("acts", act))
        ]
        if picked[0] is None or picked[1] is None:
            raise NotThere("old")
        text = table["joined"].format(kind=picked[0]["text"], act=picked[1]["text"])
        return self.answer(turn, text, intent="secret_check", chosen=[f"{picked[0]['label']} → {picked[1]['label']}"])

    def events(self, turn: Turn) -> Reply:
        """「漏えいかも」: what holds for every leak, and the kinds to choose from."""
        found = self.services(turn).read(render.wording("chips.yaml")["any_event"], intent="leak")
        kinds = render.wording("chips.yaml")["events"]
        return Reply("leak_kinds", {"reading": found, "kinds": kinds, "guest": turn.person.guest})

    def event(self, turn: Turn, id: str) -> Reply:
        """First steps for one kind of event that was chosen, not told."""
        row = next((e for e in render.wording("chips.yaml")["events"] if e["id"] == id), None)
        if row is None:
            raise NotThere("old")
        return self.answer(turn, row["text"], intent="leak", chosen=[row["label"]])

    def look_up(self, turn: Turn, asked: str) -> Reply:
        """Facts for some words; blank tells how to ask."""
        if not asked.strip():
            return self.note(blocks.words()["search"]["how"])
        services = self.services(turn)
        ids = [hit.id for hit in search(asked, services.index, limit=_SEARCHED)]
        shown = "" if find_private(asked) else blocks.clip(asked.strip(), 60)
        return Reply("search", {"facts": cite.by_id(ids, services.knowledge), "asked": shown})

    def refuse(self, reason: str) -> Reply:
        """Why something cannot be done; reason: a key of slack.yaml `errors`, or a feature's own sentence."""
        return replace(self.note(blocks.words()["errors"].get(reason, reason)), refusal=True)

    def help(self, turn: Turn) -> Reply:
        return Reply("help", {"guest": turn.person.guest, "resume": self._resume(turn)}, log={"intent": "help"})

    def thanks(self, turn: Turn) -> Reply:
        """A short line to somebody's thanks; the question that stands open is shown again."""
        values = {"text": blocks.words()["thanks"], "buttons": (), "resume": self._resume(turn)}
        return Reply("note", values, log={"intent": "thanks"})

    def note(self, text: str, *, buttons: Sequence[dict[str, Any]] = (), dialogues: tuple[Dialogue, ...] = ()) -> Reply:
        return Reply("note", {"text": text, "buttons": buttons}, dialogues)

    # --- what stands open ----------------------------------------------------------------------------------------

    def services(self, turn: Turn) -> Services:
        """Guests and people of other workspaces get general guidance: nothing of the company's files takes part."""
        return self._services_of(turn.person)

    def _services_of(self, person: Person) -> Services:
        return self.workplace.general if person.guest else self.workplace.services

    def mine(self, turn: Turn, dialogue: str) -> Dialogue:
        there = dialogues.load(self.workplace.store, dialogue)
        if there is None or there.state.get("kind") == "gone":
            raise NotThere("old")
        if there.person != turn.person.id:
            raise NotThere("not_yours")
        return there

    def going_on(self, turn: Turn, *, most: int = 3) -> list[dict[str, Any]]:
        """A person's open questions at every place, newest first, as views show them."""
        there = [d for d in dialogues.of_person(self.workplace.store, turn.person.id) if not d.closed]
        found = [self._resumed(turn, d) for d in there if d.updated_at > turn.now - SHOWN_FOR_S]
        return [f for f in found if f][:most]

    def _recent(self, turn: Turn) -> list[Dialogue]:
        # What was carried on in a DM is kept by the person's id, as the DM's own is not known before.
        # One of the future is of before the clock was set back: nothing that was said just now is about it.
        store, until = self.workplace.store, turn.now + _SKEW_S
        there = dialogues.latest(store, turn.person.id, turn.channel, turn.person.id, until=until)
        return [d for d in there if d.updated_at > turn.now - OPEN_FOR_S and d.state.get("kind") != "gone"]

    def _options(self, turn: Turn, recent: Sequence[Dialogue]) -> tuple[str, str, tuple[str, ...]] | None:
        """(dialogue, question, options) of the newest question that is still open."""
        for d in recent:
            if not d.closed and not d.state.get("paused"):
                shown = self._resumed(turn, d)
                if shown and "reading" in shown:
                    ask = shown["reading"].ask
                    return d.id, ask.id, ask.options
        return None

    def _resume(self, turn: Turn, but: str = "", recent: Sequence[Dialogue] | None = None) -> dict[str, Any] | None:
        """The question that was open just before, to be taken up again.

        Only once: after another answer it waits in App Home, or it would hang below every message.
        """
        there = self._recent(turn) if recent is None else recent
        before = next((d for d in there if d.id != but), None)
        if before is None or before.closed or before.state.get("paused"):
            return None
        return self._resumed(turn, before)

    def _resumed(self, turn: Turn, d: Dialogue) -> dict[str, Any] | None:
        if part := self.features.resumed(turn, d):
            return {"part": part.to_view(), "dialogue": d.id}
        try:
            found = answer.settle(self._case(d), self.services(turn).knowledge)
        except (NotThere, ValueError):
            return None
        return {"reading": found, "dialogue": d.id} if found.ask else None

    @staticmethod
    def _case(there: Dialogue) -> Case:
        try:
            return Case.from_json(there.state["case"])
        except (KeyError, TypeError, ValueError):
            raise NotThere("old") from None


def _state(found: Reading, chosen: Sequence[str], seen: Sequence[str]) -> dict[str, Any]:
    """What is kept of a reading: ids, and labels of our own. seen: ids of signs.yaml."""
    leak = {"family": found.family, "flags": list(found.flags)} if found.intent == "leak" else {}
    return {
        **leak,
        "signs": list(seen),
        "kind": found.intent,
        "case": found.case.to_json() if found.case else None,
        "verdict": found.verdict,
        "rules": list(found.rules),
        "facts": [s.id for s in found.sources],
        "title": found.title,
        "chosen": list(chosen),
    }
