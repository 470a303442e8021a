"""What becomes due by the clock: the files' rules, announcements, everybody's turn, a week's talk in a channel.

Every step may run on several replicas at once, stop anywhere and run again: a row of the outbox is planned once by its
id, in the commit that moves the person's turn on.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dialogs.rules import nudges as core
from dialogs.rules.calendar import ZONE, Slot, next_slot
from dialogs.rules.models import Content, Rule
from dialogs.rules.nudges import NEW, NOTHING_SEEN, Due, Seen, Standing

from ...store import Planned, Store, Transaction, nudges, rules
from ...store.nudges import Nudge, Turn
from ..feature import DueItem
from . import cards
from .directory import Directory
from .house import House
from .telling import Telling

logger = logging.getLogger(__name__)

BATCH = 500  # people in one commit: on SQLite nobody else writes meanwhile
_FILES_S, _CHARGES_S = 600, 60


@dataclass
class Round:
    """What holds for everybody in one round of planning."""

    rules: Mapping[str, Rule]
    charges: Mapping[str, str]
    members: Mapping[str, frozenset[str]]
    everyone: bool
    comments: Mapping[str, int]
    editions: dict[tuple[str, int], Content | None] = field(default_factory=dict)
    press: cards.Press = field(default_factory=cards.Press)


@dataclass
class People:
    """What holds for the people of one batch."""

    seen: Mapping[str, Mapping[str, Seen]]
    standing: Mapping[str, Mapping[tuple[str, str], Standing]]
    items: Mapping[str, Sequence[DueItem]]


@dataclass(frozen=True)
class Choice:
    """What somebody is reminded of, and what is let go: handed on to others after the last reminder."""

    due: Due | None
    item: DueItem | None = None
    let_go: tuple[Due, ...] = ()


class Planner:
    def __init__(self, house: House) -> None:
        self._house = house
        self._telling = Telling(house)
        self._directory = Directory(house)
        self._last: dict[str, float] = {}

    def tick(self, now: float) -> None:
        """Everything that has become due. Cheap where nothing has: it reads, and writes only what is new."""
        if self._time("files", now, _FILES_S):
            self.read_files(now)
        self._directory.refresh(now)
        if self._time("charges", now, _CHARGES_S):
            self.put_in_charge(now)
        self._telling.announce(now)
        self._telling.talk(now)
        self.reckon(now)
        self.again(now)
        self.plan(now)

    def _time(self, name: str, now: float, every_s: float) -> bool:
        if abs(now - self._last.get(name, -every_s)) < every_s:
            return False
        self._last[name] = now
        return True

    def read_files(self, now: float) -> None:
        """Rules of the files into the database, as far as nobody edited them in Slack."""
        found = self._house.place.services.knowledge.handling_rules.values()
        rules.from_files(self._house.store, [(r.id, Content.of_file(r), r.status) for r in found], now=now)

    def put_in_charge(self, now: float) -> None:
        """Owners and deputies of rules in force get nudges."""
        named = {p for r in rules.every(self._house.store) if r.in_force for p in (r.content.owner, r.content.deputy)}
        named |= set(self._house.in_charge(rules.every(self._house.store)).values())
        named.discard("")
        if named != nudges.charged(self._house.store):
            nudges.charge(self._house.store, sorted(named), now=now)

    # --- turns

    def reckon(self, now: float) -> None:
        """When it is whose turn, for everybody to be reminded of whom that is not known yet."""
        house, calendar = self._house, self._house.calendar
        everyone = house.everyone()
        while waiting := nudges.without_turn(house.store, everyone=everyone, now=now, limit=BATCH):
            rows = []
            for turn in waiting:
                zone = turn.zone or ZONE
                after = now if turn.member.active(now, everyone) else max(now, (turn.member.paused_until or 0) - 1)
                slot = next_slot(calendar, zone, turn.member.weekday, turn.member.hour, after)
                rows.append(_row(turn, zone, slot, now))
            with house.store.begin() as tx:
                nudges.set_turns(tx, rows)
            if len(waiting) < BATCH:
                break

    def plan(self, now: float) -> int:
        """A nudge for everybody whose turn has come and who has something due; how many."""
        store = self._house.store
        if not nudges.whose_turn(store, now=now, limit=1):
            return 0
        round, planned = self.round(now), 0
        while waiting := nudges.whose_turn(store, now=now, limit=BATCH):
            people = self.people([t.member.person for t in waiting], now)
            named = {t.member.person for t in waiting}
            done = [n for n in nudges.of_others(store, sorted(named)) if not _offered(n, people)]
            with store.begin() as tx:
                for nudge in done:
                    nudges.answer(tx, nudge.id, "done", now=now)
                    nudges.settled(tx, nudge.kind, nudge.subject, nudge.person)
                turns = [t for t in nudges.whose_turn(tx, now=now, limit=BATCH) if t.member.person in named]
                planned += self._plan(tx, turns, round, people, now)
            if not turns or len(waiting) < BATCH:
                break
        return planned

    def round(self, now: float) -> Round:
        store = self._house.store
        found = rules.every(store)
        return Round(
            {r.id: r for r in found},
            self._house.in_charge(found),
            rules.members(store),
            self._house.everyone(),
            {r.id: len(rules.comments(store, r.id, since=r.reviewed_at)) for r in found if r.in_force},
        )

    def people(self, persons: Sequence[str], now: float) -> People:
        store = self._house.store
        items = self._house.talk.features.due(persons, now)
        return People(nudges.seen(store, persons), nudges.standing(store, persons), items)

    def choice(self, person: str, round: Round, people: People, now: float) -> Choice:
        """What a person would be reminded of now."""
        standing = people.standing.get(person, {})
        places = {place for place, inside in round.members.items() if person in inside}
        due = core.of_rules(person, round.rules.values(), people.seen.get(person, {}), places, round.charges, now)
        offered: dict[tuple[str, str], DueItem] = {(i.kind, i.subject): i for i in people.items.get(person, ())}
        due += [Due(i.kind, i.subject, i.since) for i in offered.values()]
        given_up = tuple(d for d in due if core.to_let_go(standing.get((d.kind, d.subject), NEW)))
        picked = core.choose([d for d in due if d not in given_up], standing, now)
        return Choice(picked, offered.get((picked.kind, picked.subject)) if picked else None, given_up)

    def _plan(self, tx: Transaction, turns: Sequence[Turn], round: Round, people: People, now: float) -> int:
        calendar = self._house.calendar
        moved: list[tuple[str, str, str, int | None]] = []
        found: list[Nudge] = []
        rows: list[Planned] = []
        for turn in turns:
            member, zone = turn.member, turn.zone or ZONE
            if not member.active(now, round.everyone):
                moved.append((member.person, zone, "", None))  # reckoned anew once they want it again
                continue
            slot = next_slot(calendar, zone, member.weekday, member.hour, now)
            moved.append(_row(turn, zone, slot, now))
            if turn.gone or (slot and slot.week == member.week):  # moved on by another zone: still to come this week
                continue
            assert member.next_at is not None
            last = calendar.last_time(member.next_at, zone)
            at = calendar.first_time(max(now, member.next_at), zone, member.hour)
            if at is None or at >= last:
                continue  # too late: politely left out until the next week
            choice = self.choice(member.person, round, people, now)
            for gone in choice.let_go:
                before = people.standing[member.person][(gone.kind, gone.subject)]
                nudges.stand(tx, member.person, gone.kind, gone.subject, replace(before, let_go_at=int(now)))
            if choice.due:
                nudge = Nudge(
                    f"{member.person}:{member.week}",
                    member.person,
                    choice.due.kind,
                    choice.due.subject,
                    choice.due.edition,
                    "planned",
                    1,
                    at,
                    calendar.closes(at, zone),
                    last,
                )
                found.append(nudge)
                rows.append(self.row(tx, nudge, choice.item, zone, round, people))
        nudges.plan(tx, found, rows)
        nudges.set_turns(tx, moved)
        return len(found)

    def row(
        self, where: Store | Transaction, nudge: Nudge, item: DueItem | None, zone: str, round: Round, people: People
    ) -> Planned:
        """The nudge as a row of the outbox."""
        standing = people.standing.get(nudge.person, {}).get((nudge.kind, nudge.subject), NEW)
        if item:
            key: tuple[object, ...] = (item.kind, item.subject, nudge.person, standing.sent)
            message = round.press.message(key, nudge.id, lambda id: cards.of_item(item, id, standing))
        else:
            message = self._of_rule(where, nudge, standing, zone, round, people)
        return Planned(
            f"nudge:{nudge.id}:{nudge.tries}", "nudge", nudge.person, message, nudge.due_at, True, nudge.expires_at
        )

    def _of_rule(
        self, where: Store | Transaction, nudge: Nudge, standing: Standing, zone: str, round: Round, people: People
    ) -> str:
        house, rule = self._house, round.rules[nudge.subject]
        seen = people.seen.get(nudge.person, {}).get(rule.id, NOTHING_SEEN)
        known = core.known_before(seen, rule)
        before = self._edition(where, rule.id, known, round) if nudge.kind == "changed" else None
        owns = nudge.person in (rule.content.owner, rule.content.deputy)
        due = Due(nudge.kind, rule.id, 0, rule.edition)  # type: ignore[arg-type]
        comments = round.comments.get(rule.id, 0)
        confirmed_on = seen.confirmed_at // core.DAY_S if seen.confirmed else 0
        key = (nudge.kind, rule.id, rule.edition, standing.sent, known, confirmed_on, owns, zone, comments)
        return round.press.message(
            key,
            nudge.id,
            lambda id: cards.of_rule(
                house,
                due,
                rule,
                id,
                before=before,
                standing=standing,
                seen=seen,
                comments=comments,
                zone=zone,
                owns=owns,
            ),
        )

    @staticmethod
    def _edition(where: Store | Transaction, rule: str, number: int, round: Round) -> Content | None:
        if not number:
            return None
        if (rule, number) not in round.editions:
            found = rules.edition(where, rule, number)
            round.editions[(rule, number)] = found.content if found else None
        return round.editions[(rule, number)]

    # --- what did not go out in its hours

    def again(self, now: float) -> None:
        """A nudge whose hours ended before it could go out moves to the next working day, once or twice; not later."""
        house, calendar = self._house, self._house.calendar
        late = nudges.overdue(house.store, now=now)
        if not late:
            return
        round = self.round(now)
        for nudge, state, reason in late:
            if state in ("due", "sending", "sent"):
                continue  # the outbox has not looked at it yet
            if state != "skipped" or reason != "late":
                nudges.end(house.store, nudge.id, "skipped" if state == "skipped" else "failed")
                continue
            zone = house.person(nudge.person, now).zone
            at = calendar.first_time(now, zone, nudges.member(house.store, nudge.person).hour)
            people = self.people([nudge.person], now)
            choice = self.choice(nudge.person, round, people, now)
            same = choice.due and (choice.due.kind, choice.due.subject) == (nudge.kind, nudge.subject)
            if at is None or at >= nudge.last_at or not same:
                nudges.end(house.store, nudge.id, "skipped")
                continue
            moved = replace(nudge, tries=nudge.tries + 1, due_at=at, expires_at=calendar.closes(at, zone))
            row = self.row(house.store, moved, choice.item, zone, round, people)
            with house.store.begin() as tx:
                if nudges.again(tx, nudge, due_at=at, expires_at=moved.expires_at):
                    nudges.plan(tx, [moved], [row])
            logger.info("nudge moved to the next working time")


def _offered(nudge: Nudge, people: People) -> bool:
    """Whether what a nudge was about still waits."""
    return any((i.kind, i.subject) == (nudge.kind, nudge.subject) for i in people.items.get(nudge.person, ()))


def _row(turn: Turn, zone: str, slot: Slot | None, now: float) -> tuple[str, str, str, int | None]:
    """A turn to keep; with none within a year, somebody looks again in a month."""
    if slot is None:
        return turn.member.person, zone, "", int(now) + 30 * core.DAY_S
    return turn.member.person, zone, slot.week, slot.at
