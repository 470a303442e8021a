"""担当に知らせる: who will see what comes first; a yes makes the case, once, and tells the desk."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dialogs.leak import intake
from dialogs.leak.case import BOT, REPORTER, Case

from ... import blocks
from ...conversation import Conversation, NotThere, Reply, Turn
from ...store import Dialogue, Planned, Transaction, cases, outbox
from ..feature import Button
from . import outlook
from .change import about, case_of, date_again
from .desk import Desk
from .opening import opened
from .words import answered, label, moment, on, says, show, title

if TYPE_CHECKING:
    from .ask import Asking
    from .mine import Mine

_ALIKE_S = 7 * 86_400  # reports of one event rarely lie further apart
_MOST_ALIKE = 3


class Telling:
    def __init__(self, conversation: Conversation, desk: Desk, asking: Asking, mine: Mine):
        self._conversation, self._desk, self._asking, self._mine = conversation, desk, asking, mine

    @property
    def _store(self) -> Any:
        return self._desk.workplace.store

    # --- before it is sent

    def preview(self, turn: Turn, dialogue: str) -> Reply:
        """Who will see what, with the ways to send it; each may be typed."""
        if again := self.again(turn, dialogue):
            return again
        self._checked(turn, dialogue)
        value = {"d": dialogue}
        buttons = [
            Button("case.send.plain", label("send"), value, "primary"),
            Button("case.send.named", label("send_named"), value),
            Button("case.send.other", label("send_other"), value),
            Button("case.cancel", label("cancel"), value),
        ]
        waiting = Dialogue(
            self._desk.workplace.new_id(turn.now, turn.delivery),
            turn.person.id,
            turn.channel,
            {"kind": "tell", "about": dialogue},
            int(turn.now),
            int(turn.now),
        )
        values = self._seen(turn, dialogue) | {"buttons": [b.to_view() for b in buttons], "options": []}
        return replace(show("case_tell", **values), dialogues=(waiting,))

    def modal(self, turn: Turn, dialogue: str) -> dict[str, Any]:
        """The same with boxes to tick and a note. NotThere where it cannot be told (any more)."""
        self._checked(turn, dialogue)
        words = says()["tell"]
        other = self._desk.name(True)
        rows = [("named", words["named"], words["named_hint"])]
        if other:
            rows.append(("other", words["other"], words["other_hint"].format(other)))
        options = [
            {
                "text": {"type": "plain_text", "text": text},
                "description": {"type": "plain_text", "text": blocks.clip(hint, 75)},
                "value": id,
            }
            for id, text, hint in rows
        ]
        return blocks.modal(
            "case_tell",
            words["title"],
            callback="case.tell",
            submit=words["submit"],
            metadata=blocks.packed({"d": dialogue}),
            says=says(),
            **(self._seen(turn, dialogue) | {"buttons": [], "options": options}),
        )

    def typed(self, turn: Turn, waiting: Dialogue, verb: str) -> Reply | None:
        """A word below the preview; None where it is none of its own."""
        dialogue = str(waiting.state.get("about"))
        gone = replace(waiting, state={"kind": "gone"}, closed=True, updated_at=int(turn.now))
        if verb == "cancel":
            return self.cancel(turn, dialogue, gone)
        if verb not in ("send", "named", "other"):
            return None
        reply = self.send(turn, dialogue, named=verb == "named", other=verb == "other")
        return replace(reply, dialogues=(*reply.dialogues, gone))

    def cancel(self, turn: Turn, dialogue: str, *gone: Dialogue) -> Reply:
        self._conversation.mine(turn, dialogue)
        return self._conversation.note(says()["tell"]["cancelled"], dialogues=gone)

    def _checked(self, turn: Turn, dialogue: str) -> Dialogue:
        if turn.person.guest:
            raise NotThere("not_for_guests")
        there = self._conversation.mine(turn, dialogue)
        if "rules" not in there.state:
            raise NotThere("nothing_open")
        return there

    def _seen(self, turn: Turn, dialogue: str) -> dict[str, Any]:
        """What is said of who sees what."""
        words = says()["tell"]
        there = self._conversation.mine(turn, dialogue)
        told = self._desk.told(False, turn.now, but=turn.person.id)
        contact = self._desk.contact(False)
        name = self._desk.name(False)
        filling = {"desk": blocks.esc(name), "contact": blocks.mention(contact)}
        lines = [line for line in words["sees"] if contact or "{contact}" not in line]
        return {
            "to": [blocks.mention(id) for id in told],
            "desk": name,
            "lines": [line.format(**filling).replace("()", "") for line in lines],
            "no_contact": not contact,
            "no_other": not self._desk.name(True),
            "signs": there.state.get("signs", ()),
        }

    # --- sending

    def send(self, turn: Turn, dialogue: str, *, named: bool = False, other: bool = False, note: str = "") -> Reply:
        """Make the case and tell the desk. The same once more tells the receipt again.

        The case is made before the answer is shown: where the answer is lost, pressing again shows the same receipt.
        """
        if again := self.again(turn, dialogue):
            return again
        there = self._checked(turn, dialogue)
        told = self._desk.told(other, turn.now, but=turn.person.id)
        channel = self._desk.channel(other)
        alone = not told and turn.person.id in self._desk.members(other)
        if not told and not channel and not alone:
            return self._nobody(other)
        id = self._opened(turn, there, told, channel, named=named, other=other, note=note)
        if id is None:
            return self.again(turn, dialogue) or self._conversation.refuse("old")
        gone = replace(there, state={"kind": "gone"}, closed=True, updated_at=int(turn.now))
        return self._answered(turn, id, gone, alone=alone)

    def _answered(self, turn: Turn, id: str, gone: Dialogue, *, alone: bool) -> Reply:
        case = cases.load(self._store, id)
        assert case is not None
        now_about = about(
            self._store, turn.person.id, "told", id, id=self._desk.workplace.new_id(turn.now), now=turn.now
        )
        head = {"receipt": case.receipt, "alone": alone, **self._reach(case)}
        asked = self._asking.ask(turn, case, now_about, head=head)
        if turn.surface == "dm":
            return replace(asked, dialogues=(*asked.dialogues, gone))
        words = says()["told"]
        text = f"*{words['title'].format(case.receipt)}*\n{words['go_on_in_dm']}"
        note = self._conversation.note(text, dialogues=(*asked.dialogues, gone))
        return replace(note, direct=asked)

    def _reach(self, case: Case) -> dict[str, Any]:
        return {"desk": self._desk.name(case.alternative), "phones": self._desk.phones(case.alternative)}

    def again(self, turn: Turn, dialogue: str) -> Reply | None:
        """What stands of something that was told before, for the person who told it."""
        there = cases.of_origin(self._store, dialogue)
        if there is None:
            return None
        if cases.reporter(self._store, there.id) != turn.person.id:
            raise NotThere("not_yours")
        return self._mine.status(turn, there.id, lead=says()["told"]["again"].format(there.receipt))

    def _nobody(self, other: bool) -> Reply:
        words = says()["tell"]
        desk = self._desk.registered(other)
        if other:
            first = words["other_no_slack"].format(desk=blocks.esc(desk.name)) if desk else words["other_nobody"]
        else:
            first = words["nobody"]
        lines = [first]
        if desk and (phones := self._desk.phones(other)):
            lines.append(words["nobody_phone"].format(desk=blocks.esc(desk.name), phones=blocks.esc("、".join(phones))))
        return self._conversation.note("\n".join(lines))

    def _opened(
        self, turn: Turn, there: Dialogue, told: Sequence[str], channel: str, *, named: bool, other: bool, note: str
    ) -> str | None:
        """The new case's id; None where somebody else's press made it right now."""
        id, state = uuid.uuid4().hex, there.state
        day = self._desk.workplace.today(turn.now).isoformat()
        data = {
            "family": state.get("family", ""),
            "title": state.get("title", "") if state.get("kind") == "leak" else "",
            "flags": list(state.get("flags", ())),
            "signs": list(state.get("signs", ())),
            "rules": list(state.get("rules", ())),
            "known_on": day,
            "alternative": other,
        }
        with self._store.begin() as tx:
            receipt = cases.open_case(
                tx, id, day=day, reporter=turn.person.id, origin=there.id, data=data, now=turn.now
            )
            if receipt is None:
                return None
            self._first_events(tx, id, state, turn, named=named, note=note)
            date_again(tx, self._desk, id, turn.now)
            case = cases.load(tx, id)
            assert case is not None
            message = self.notice(case, turn.person.id, self._alike(tx, case))
            for person in told:
                plan(tx, f"case:{id}:new:{person}", person, message, turn.now)
            if channel:
                text = says()["desk"]["in_channel"].format(receipt)
                plan(tx, f"case:{id}:new:{channel}", channel, blocks.message("note", text=text, buttons=[]), turn.now)
        return id

    @staticmethod
    def _first_events(
        tx: Transaction, id: str, state: Mapping[str, Any], turn: Turn, *, named: bool, note: str
    ) -> None:
        """What the words have said already, and what was ticked and written."""
        said = intake.filled(state.get("family", ""), state.get("flags", ()), state.get("signs", ()))
        for question, options in said.items():
            if not intake.book().question(question).confirm:
                data = {"question": question, "options": list(options)}
                cases.add(tx, id, "answered", by=BOT, data=data, now=turn.now)
        if named:
            cases.add(tx, id, "consent", by=REPORTER, data={"given": True}, now=turn.now)
        if note:
            cases.add(tx, id, "said", by=REPORTER, data={"to": "desk", "text": note}, now=turn.now)

    # --- what the desk gets

    def notice(self, case: Case, reporter: str, alike: Sequence[str]) -> dict[str, Any]:
        """The first message to the people of the desk. The name stands in it only by consent."""
        words = says()["desk"]
        value = {"c": case.id}
        buttons = [
            Button("case.take", label("take"), value, "primary"),
            Button("case.open", label("open"), value),
        ]
        return blocks.message(
            "case_notice",
            says=says(),
            headline=words["new_other" if case.alternative else "new"].format(case.receipt),
            other=case.alternative,
            title=title(case),
            answers=answered(case.answers, ("kind", "data")),
            when=moment(case.opened_at),
            who=blocks.mention(reporter) if case.consent else words["unnamed"],
            note=case.said[0].text if case.said else "",
            alike=alike,
            dates=[
                f"{says()['date_names'][d.kind]}: {on(d.last)}" for d in outlook.running_dates(case, self._desk.company)
            ],
            buttons=[b.to_view() for b in buttons],
        )

    def _alike(self, tx: Transaction, case: Case) -> list[str]:
        return [other.receipt for other in alike(tx, case)]


def alike(where: Any, case: Case) -> list[Case]:
    """Open cases of the same desk and kind, reported not long before or after: perhaps the same event."""
    found = []
    near = (case.opened_at - _ALIKE_S, case.opened_at + _ALIKE_S)
    for there in cases.open_heads(where, alternative=case.alternative, opened=near):
        if there.id == case.id:
            continue
        other = opened(where, there.id)
        if other and title(other) == title(case) and other.id not in [id for id, _ in case.linked]:
            found.append(other)
    return sorted(found, key=lambda c: -c.opened_at)[:_MOST_ALIKE]


def plan(tx: Transaction, id: str, target: str, message: dict[str, Any], now: float) -> None:
    """Something for the desk, to be brought at once."""
    outbox.plan_row(tx, Planned(id, "case.desk", target, message, int(now), lookup=target[0] in "UW"))


__all__ = ["Telling", "alike", "case_of", "plan"]
