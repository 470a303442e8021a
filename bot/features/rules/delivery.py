"""Right before a row is posted, and in the commit that marks it as sent: is it still wanted, and the proof of it."""

from __future__ import annotations

from dataclasses import replace

from dialogs.rules.nudges import DAY_S, NEW, NOTHING_SEEN, listens

from ...store import Row, Transaction, audit, nudges, rules
from ...store.nudges import Nudge
from .house import House

RULES = ("reread", "changed", "review")


class Delivery:
    def __init__(self, house: House) -> None:
        self._house = house

    # --- wanted

    def nudge(self, row: Row) -> bool:
        """Still somebody's, not answered, not stopped, and about something that holds."""
        house, now = self._house, self._house.place.clock.now()
        nudge = nudges.get(house.store, row.id.removeprefix("nudge:").rpartition(":")[0])
        if nudge is None or nudge.state != "planned" or not self._reachable(row.target, now, stops=True):
            return False
        if nudge.kind in RULES:
            return self._holds(nudge)
        items = house.talk.features.due([nudge.person], now).get(nudge.person, ())
        return any((i.kind, i.subject) == (nudge.kind, nudge.subject) for i in items)

    def told(self, row: Row) -> bool:
        """The edition is the one in force, and the person did not stop what comes unasked."""
        _, id, number, person = row.id.split(":")
        rule = rules.get(self._house.store, id)
        if rule is None or not rule.in_force or int(number) < rule.asked:
            return False
        if nudges.seen_of(self._house.store, person, id).confirmed >= rule.asked:
            return False
        return self._reachable(person, self._house.place.clock.now(), stops=False)

    def _reachable(self, id: str, now: float, *, stops: bool) -> bool:
        """stops: nothing goes to who gets no nudges at all; else only a stop or a pause of their own counts."""
        person = self._house.place.people.find(id, now, fresh_s=DAY_S)
        if person.guest or person.deleted:
            return False
        member = nudges.member(self._house.store, id)
        if stops:
            return member.active(now, self._house.everyone())
        return member.choice in ("", "on") or member.active(now, everyone=True)

    def _holds(self, nudge: Nudge) -> bool:
        rule = rules.get(self._house.store, nudge.subject)
        if rule is None or not rule.in_force or nudge.edition < rule.asked:
            return False
        if nudge.kind == "review":
            over = rule.reviewed_at + rule.content.review_days * DAY_S <= nudge.due_at
            return over and self._house.in_charge([rule]).get(rule.id) == nudge.person
        seen = nudges.seen(self._house.store, [nudge.person]).get(nudge.person, {}).get(rule.id, NOTHING_SEEN)
        since = nudge.due_at - rule.content.review_days * DAY_S
        known = seen.confirmed >= rule.asked and seen.confirmed_at > since
        return not known and listens(nudge.person, rule.content.audience, self._house.places_of(nudge.person))

    # --- sent

    def nudge_sent(self, tx: Transaction, row: Row) -> None:
        now = self._house.place.clock.now()
        nudge = nudges.mark_sent(tx, row.id.removeprefix("nudge:").rpartition(":")[0], now=now)
        if nudge is None:
            return
        before = nudges.standing_of(tx, nudge.person, nudge.kind, nudge.subject)
        fresh = NEW if before.let_go_at else before
        stands = replace(fresh, sent=fresh.sent + 1, last_at=int(now))
        nudges.stand(tx, nudge.person, nudge.kind, nudge.subject, stands)
        if nudge.kind in RULES:
            self._shown(tx, nudge.person, nudge.subject, nudge.edition, "nudge", now)

    def told_sent(self, tx: Transaction, row: Row) -> None:
        _, id, number, person = row.id.split(":")
        self._shown(tx, person, id, int(number), "announcement", self._house.place.clock.now())

    def team_sent(self, tx: Transaction, row: Row) -> None:
        """Posted in a channel: who read it there, nobody can tell, and the proof does not say so."""
        kind, id, number, *_ = row.id.split(":")
        now = self._house.place.clock.now()
        if kind == "told":
            data = self._about(tx, id, int(number)) | {"channel": row.target, "how": "team"}
            audit.append(tx, "rule.shown", id, actor="", now=now, data=data)

    def _shown(self, tx: Transaction, person: str, rule: str, edition: int, how: str, now: float) -> None:
        nudges.shown(tx, person, rule, edition, now=now)
        data = self._about(tx, rule, edition) | {"person": person, "how": how}
        audit.append(tx, "rule.shown", rule, actor="", now=now, data=data)

    @staticmethod
    def _about(tx: Transaction, rule: str, edition: int) -> dict[str, object]:
        return {"edition": edition, "digest": rules.digest(tx, rule, edition)}
