"""A rule that is new or changed is told to its audience; and once a week one may be talked over in a channel."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dialogs.rules import nudges as core
from dialogs.rules.calendar import ZONE, next_slot, tz
from dialogs.rules.models import Edition, Rule
from knowledge.handling import EVERYONE

from ...store import Planned, nudges, outbox, people, rules
from . import cards
from .directory import Directory
from .house import House

_HOLDS_S = 7 * core.DAY_S  # an announcement that could not go out for so long is left to the nudges
_HOUR = 10


class Telling:
    def __init__(self, house: House) -> None:
        self._house = house
        self._directory = Directory(house)
        self._talked = 0.0

    def announce(self, now: float) -> int:
        """Rows for everybody who is to be told of an edition; how many. Planned again, nothing doubles."""
        house, planned = self._house, 0
        for edition in rules.to_tell(house.store):
            rule = rules.get(house.store, edition.rule)
            if rule is None or not rule.in_force or edition.number < rule.asked:
                rules.told(house.store, edition.rule, edition.number)
                continue
            for place in (a for a in edition.content.audience if a != EVERYONE and a[0] in "CGS"):
                missing = self._directory.ask(place, now)
                nudges.set_setting(house.store, f"scope:{place}", missing, by="", now=now)
            audience = [p for p in house.audience(edition.content, now) if not house.gone(p)]
            if EVERYONE not in edition.content.audience:
                nudges.enrol(house.store, audience, announced=True, now=now)
            rows = self._rows(edition, audience, now) + self._posts(edition, rule, now)
            for n in range(0, len(rows), 500):
                outbox.plan_many(house.store, rows[n : n + 500])
            rules.told(house.store, edition.rule, edition.number)
            planned += len(rows)
        return planned

    def _rows(self, edition: Edition, audience: Sequence[str], now: float) -> list[Planned]:
        house = self._house
        numbers = [e for e in rules.editions(house.store, edition.rule) if e.number < edition.number]
        before = numbers[0].content if numbers else None
        card = cards.announcement(house, edition, before).message()
        rows = []
        for person in audience:
            kept = people.get(house.store, person)
            at = house.calendar.first_time(now, kept.tz if kept else ZONE, 0)
            if at is not None and person != edition.by:
                id = f"told:{edition.rule}:{edition.number}:{person}"
                rows.append(Planned(id, "rule.told", person, card, at, True, at + _HOLDS_S))
        return rows

    def _posts(self, edition: Edition, rule: Rule, now: float) -> list[Planned]:
        """In channels of the audience whose members are not known."""
        house = self._house
        known = rules.members(house.store)
        at = house.calendar.first_time(now, ZONE, 0)
        places = [a for a in edition.content.audience if a[0] in "CG" and not known.get(a)]
        if at is None:
            return []
        return [self.post(rule, place, f"told:{rule.id}:{rule.edition}:{place}", at) for place in places]

    def post(self, rule: Rule, channel: str, id: str, at: int) -> Planned:
        """A rule for a channel: nobody can look there, so it is posted once or shown to the manager."""
        card = cards.for_team(self._house, rule).message()
        return Planned(id, "rule.team", channel, card, at, False, at + _HOLDS_S)

    def talk(self, now: float) -> bool:
        """The week's rule in the channel the manager named, on Monday at ten; whether one was planned."""
        house = self._house
        if abs(now - self._talked) < 60:
            return False
        self._talked = now
        channel = nudges.setting(house.store, "team_channel", "")
        if not channel:
            return False
        slot = next_slot(house.calendar, ZONE, nudges.WEEKDAY, _HOUR, now - 12 * 3600)
        if slot is None or not slot.at <= now <= house.calendar.closes(slot.at, ZONE):
            return False
        in_force = [r for r in rules.every(house.store) if r.in_force]
        if not in_force:
            return False
        week = datetime.fromtimestamp(slot.at, tz(ZONE)).isocalendar()
        rule = in_force[(week.year * 53 + week.week) % len(in_force)]
        row = self.post(rule, channel, f"team:{channel}:{slot.week}", int(now))
        return outbox.plan_row(house.store, row)
