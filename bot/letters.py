"""What a person sends to the company's own people: shown first, exactly, and sent only after a yes.

A letter holds the reading's ids and a note the person wrote for it; never the message that was read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from . import blocks
from .conversation import Conversation, Letter, NotThere, Reply, Turn
from .store import Dialogue, Planned, requests
from .store import dialogue as dialogues
from .store.requests import Kind

MOST_NOTE = 1000  # characters
_WHO = {"ask": "managers", "disagree": "managers", "leak": "responders"}  # leak: of before there were cases


class Letters:
    def __init__(self, conversation: Conversation):
        self._conversation = conversation
        self._workplace = conversation.workplace

    def recipients(self, kind: Kind) -> tuple[str, ...]:
        """Slack ids that get a letter: the people named for it, else the managers, else the desk's own place."""
        company = self._workplace.services.knowledge.company
        named: Sequence[str] = getattr(company, _WHO[kind]) or company.managers
        desk = company.company_desk()
        # The managers' list has no other readers, and nothing can be posted to a user group (S…).
        elsewhere = desk.slack if desk and desk.slack and kind != "disagree" and desk.slack[0] != "S" else None
        return tuple(named) or ((elsewhere,) if elsewhere else ())

    def draft(self, turn: Turn, kind: Kind, dialogue: str, note: str = "", written: str = "") -> Letter:
        """The letter about a dialogue. written: an id of the modal its note was written in.

        NotThere where that is gone or not the person's, the person is a guest, or there is nobody to send it to.
        """
        if turn.person.guest:
            raise NotThere("not_for_guests")
        if not self.recipients(kind):
            raise NotThere("nobody")
        there = self._conversation.mine(turn, dialogue)
        note = blocks.clip(note.strip(), MOST_NOTE)
        rules = tuple(there.state.get("rules", ()))[:5]
        return Letter(
            f"{kind}:{dialogue}:{written}" if note and written else f"{kind}:{dialogue}",
            kind,
            turn.person.id,
            there.state["kind"],
            there.state.get("verdict"),
            self._title(there.state["kind"], there),
            rules,
            note,
            self._grounds(rules),
        )

    def preview(self, turn: Turn, kind: Kind, dialogue: str) -> Reply:
        """What would be sent, with a button to send it and one to leave it; both may be typed."""
        letter = self.draft(turn, kind, dialogue)
        words = blocks.words()["button"]
        about = {"d": dialogue, "k": kind}
        buttons = [
            {"id": "letter.send", "label": words["send"], "value": about, "style": "primary"},
            {"id": "letter.cancel", "label": words["cancel"], "value": about},
        ]
        there = self._conversation.mine(turn, dialogue)
        waiting = Dialogue(
            self._workplace.new_id(turn.now, turn.delivery),
            turn.person.id,
            turn.channel,
            {"kind": "letter", "letter": kind, "about": there.id},
            int(turn.now),
            int(turn.now),
            closed=True,
        )
        return Reply("confirm", {"letter": letter, "to": self._mentions(kind), "buttons": buttons}, (waiting,))

    def modal(self, turn: Turn, kind: Kind, dialogue: str) -> dict[str, Any]:
        """The modal in which a note may be added. NotThere where nobody would get it."""
        if kind != "disagree" and not self.recipients(kind):
            raise NotThere("nobody")
        self.draft(turn, kind, dialogue)
        words = blocks.words()
        own = words["disagree"] if kind == "disagree" else words["ask"]
        lead = own.get("lead") or f"{own['to']}: {' '.join(self._mentions(kind))}"
        return blocks.modal(
            "write",
            own["title"],
            callback="letter.write",
            submit=words["modal"]["send_now" if kind == "disagree" else "submit"],
            metadata=blocks.packed({"d": dialogue, "k": kind, "w": self._workplace.new_id(turn.now)}),
            lead=lead,
            label=own["note_label"],
            hint=own["note_hint"],
        )

    def confirm_modal(self, turn: Turn, kind: Kind, dialogue: str, note: str, written: str) -> dict[str, Any]:
        """The same letter, shown as it will be sent. The note rides on the modal, not in our store."""
        letter = self.draft(turn, kind, dialogue, note)
        words = blocks.words()
        return blocks.modal(
            "confirm",
            words["ask"]["title"],
            callback="letter.confirm",
            submit=words["modal"]["send"],
            metadata=blocks.packed({"d": dialogue, "k": kind, "w": written, "n": letter.note}),
            letter=letter,
            to=self._mentions(kind),
            buttons=[],
        )

    def send(self, turn: Turn, kind: Kind, dialogue: str, note: str = "", written: str = "") -> Reply:
        """Says that it was sent; with the letter for the managers' list, and what the outbox is to bring to whom.

        The same once more sends nothing, and is told so; with another note it is something new.
        """
        letter = self.draft(turn, kind, dialogue, note, written)
        words = blocks.words()
        if requests.get(self._workplace.store, letter.id):
            return self._note(words["ask"]["sent_before"])
        if kind == "disagree":
            return replace(self._note(f"{words['disagree']['done']}\n{words['disagree']['until']}"), letter=letter)
        message = blocks.message("letter", letter=letter, done="")
        planned = tuple(
            Planned(f"letter:{letter.id}:{to}", "letter", to, message, int(turn.now), lookup=to[0] in "UW")
            for to in self.recipients(kind)
        )
        return replace(self._note(words["ask"]["sent"]), letter=letter, planned=planned)

    def send_waiting(self, turn: Turn, waiting: str) -> Reply:
        """「はい」, typed below a preview. NotThere where nothing waits to be sent."""
        there = self._conversation.mine(turn, waiting)
        if there.state.get("kind") != "letter":
            raise NotThere("nothing_open")
        gone = replace(there, state={"kind": "gone"}, updated_at=int(turn.now))
        return replace(self.send(turn, there.state["letter"], there.state["about"]), dialogues=(gone,))

    def cancel(self, turn: Turn, waiting: str) -> Reply:
        """「いいえ」: nothing is sent. waiting: the preview, or the dialogue it was about."""
        there = self._conversation.mine(turn, waiting)
        if there.state.get("kind") != "letter":
            return self._note(blocks.words()["ask"]["cancelled"])
        gone = replace(there, state={"kind": "gone"}, updated_at=int(turn.now))
        return replace(self._note(blocks.words()["ask"]["cancelled"]), dialogues=(gone,))

    def done(self, turn: Turn, request: str) -> Reply:
        """A manager or responder has dealt with a letter: it stands there as it came, without the button.

        App Home does not say who sent it, and neither does the answer there.
        """
        if turn.person.guest or not turn.person.roles & {"manager", "responder", "deputy"}:
            raise NotThere("no_rights")
        words = blocks.words()["ask"]
        there = requests.get(self._workplace.store, request)
        if there is None:
            raise NotThere("old")
        first = requests.finish(self._workplace.store, request, by=turn.person.id, now=turn.now)
        letter = Letter(
            there.id,
            there.kind,
            there.person if turn.surface == "dm" else "",
            there.intent,
            there.verdict,
            self._title(there.intent, dialogues.load(self._workplace.store, _about(there.id))),
            there.rules,
            there.note,
            self._grounds(there.rules),
        )
        return Reply("letter", {"letter": letter, "done": words["done" if first else "done_before"]})

    @staticmethod
    def _title(intent: str, about: Dialogue | None) -> str:
        """What a letter is about: the kind of event, or else of question. about: None where the dialogue is gone."""
        title: str = (about.state.get("title") if about else "") or blocks.words()["ask"]["intents"].get(intent, "")
        return title

    def _grounds(self, rules: Sequence[str]) -> tuple[str, ...]:
        """Rules, and answers that were chosen, as people read them. What has no words of its own is left out."""
        knowledge = self._workplace.services.knowledge
        answers = {f"{q.id}.{o.id}": o.label for q in knowledge.questions.values() for o in q.options}
        written = {id: knowledge.rules[id] for id in rules if id in knowledge.rules}
        told = [
            answers.get(id) or (written[id].title or getattr(written[id], "why", "") if id in written else "")
            for id in rules
        ]
        return tuple(dict.fromkeys(t for t in told if t))

    def _note(self, text: str) -> Reply:
        return self._conversation.note(text)

    def _mentions(self, kind: Kind) -> list[str]:
        return [blocks.mention(to) for to in self.recipients(kind)]


def _about(letter: str) -> str:
    """The id of the dialogue that a letter is about."""
    return letter.partition(":")[2].partition(":")[0]
