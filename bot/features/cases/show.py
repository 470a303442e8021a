"""Desks and dates, and how they were counted: the same for who reported and for the desk."""

from __future__ import annotations

from dialogs.leak.case import Case
from dialogs.leak.routes import Stop
from knowledge import cite

from ...conversation import Conversation, Reply, Turn
from ..feature import Button
from . import outlook
from .desk import Desk
from .words import label, moment, says, show

_MOST_STOPS = 6


class Showing:
    def __init__(self, conversation: Conversation, desk: Desk):
        self._conversation, self._desk = conversation, desk

    def outlook(self, turn: Turn, case: Case, *, mine: bool, d: str = "") -> Reply:
        """Dates and desks as of now. mine: for who reported; d: their dialogue, where questions are left."""
        words = says()["outlook"]
        told = outlook.told(case, self._desk.company)
        accused = case.answer("kind") == ("accused",)
        value = {"c": case.id}
        buttons = [Button("case.goon", label("go_on"), {"d": d}, "primary")] if d else []
        buttons += [Button("case.grounds", label("grounds"), value)]
        if mine:
            buttons += [
                Button("case.add", label("add"), value | {"w": "add"}),
                Button("case.state", label("state"), value),
            ]
        else:
            buttons += [Button("case.open", label("open"), value)]
        return show(
            "case_outlook",
            at=moment(turn.now, turn.person.zone),
            receipt=case.receipt,
            told=told,
            missing=words["accused"] if accused else "" if case.known_on else words["no_known"],
            stops=self._stops(turn, case)[:_MOST_STOPS],
            stale=self._stale(turn),
            emergency=says()["emergency"] if "emergency" in case.signs else "",
            buttons=[b.to_view() for b in buttons],
        )

    def grounds(self, turn: Turn, case: Case) -> Reply:
        """How the dates were counted, what is unsure, what to take along, and where all of it comes from."""
        told = outlook.told(case, self._desk.company)
        knowledge = self._desk.workplace.services.knowledge
        stops = [s for s in self._stops(turn, case) if s.bring or s.grounds]
        facts = [f for f in (told.facts if told else ()) if f in knowledge.facts]
        return show("case_grounds", told=told, stops=stops[:_MOST_STOPS], sources=cite.by_id(facts[:8], knowledge))

    def _stale(self, turn: Turn) -> set[str]:
        """Desks whose data have run out."""
        today = self._desk.workplace.today(turn.now).isoformat()
        desks = self._desk.workplace.services.knowledge.desks
        return {id for id, desk in desks.items() if today > desk.valid_until}

    def _stops(self, turn: Turn, case: Case) -> tuple[Stop, ...]:
        knowledge = self._desk.workplace.services.knowledge
        return outlook.stops(case, knowledge, turn.now, emergency="emergency" in case.signs)
