"""Nudges: what each person set, whose turn is when, what was planned, sent and answered."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from dialogs.rules.nudges import NEW, NOTHING_SEEN, Seen, Standing

from . import engine
from .engine import Store, Transaction, insert_new, read, write
from .outbox import Planned, plan_many
from .schema import outbox, people
from .schema_rules import nudge_people, nudge_settings, nudge_standing, nudges, rule_seen

WEEKDAY, HOUR = "mon", 10
_CHUNK = 500  # values in one IN (…)


@dataclass(frozen=True)
class Member:
    """What holds for a person. choice: on, off, paused, or blank. paused_until: epoch s, None: until undone.

    next_at: when their turn is, for `zone`; None where it has not been reckoned. week: of that turn.
    """

    person: str
    choice: str = ""
    weekday: str = WEEKDAY
    hour: int = HOUR
    paused_until: int | None = None
    announced: bool = False
    charged: bool = False
    zone: str = ""
    week: str = ""
    next_at: int | None = None
    changed_at: int = 0

    def active(self, now: float, everyone: bool) -> bool:
        """Whether anything is sent. A stop holds until it is undone; a pause ends by itself where it says when."""
        if self.choice == "on":
            return True
        if self.choice == "paused":
            return self.paused_until is not None and self.paused_until <= now
        return self.choice == "" and (self.announced or self.charged or everyone)


@dataclass(frozen=True)
class Nudge:
    """One week's nudge of a person. id: person:week. state: planned, sent, answered, skipped or failed."""

    id: str
    person: str
    kind: str
    subject: str
    edition: int
    state: str
    tries: int
    due_at: int
    expires_at: int
    last_at: int
    sent_at: int | None = None
    answer: str = ""
    answered_at: int | None = None


@dataclass(frozen=True)
class Turn:
    """A person whose turn has come, with what Slack said of them (gone: deactivated, a guest, a bot, or unknown)."""

    member: Member
    zone: str
    gone: bool


# --- settings of the company


def setting(where: Store | Transaction, name: str, default: Any = None) -> Any:
    """A setting of the manager's: `everyone`, `team_channel`, …"""
    with read(where) as tx:
        row = tx.connection.execute(sa.select(nudge_settings.c.value).where(nudge_settings.c.name == name)).first()
    return default if row is None else row.value


def set_setting(where: Store | Transaction, name: str, value: Any, *, by: str, now: float) -> None:
    with write(where) as tx:
        row = {"name": name, "value": value, "by": by, "at": int(now)}
        engine.put(tx, nudge_settings, row, changing=("value", "by", "at"))


def take(where: Store | Transaction, name: str, *, now: float, every_s: float) -> bool:
    """Whether a job is ours now: nobody has taken it for so long. Of several replicas one gets it."""
    with write(where) as tx:
        row = {"name": f"job:{name}", "value": 0, "by": "", "at": 0}
        insert_new(tx, nudge_settings, row)
        free = sa.and_(
            nudge_settings.c.name == f"job:{name}",
            sa.or_(nudge_settings.c.at <= int(now - every_s), nudge_settings.c.at > int(now) + 3600),
        )
        return tx.connection.execute(sa.update(nudge_settings).where(free).values(at=int(now))).rowcount == 1


def release(where: Store | Transaction, name: str) -> None:
    """A job is to be done again at the next look."""
    with write(where) as tx:
        tx.connection.execute(sa.update(nudge_settings).where(nudge_settings.c.name == f"job:{name}").values(at=0))


# --- people


def member(where: Store | Transaction, person: str) -> Member:
    """What a person set; the usual where nothing is kept."""
    with read(where) as tx:
        row = tx.connection.execute(sa.select(nudge_people).where(nudge_people.c.person == person)).one_or_none()
    return Member(**row._mapping) if row else Member(person)


def save_member(where: Store | Transaction, member: Member) -> None:
    """Write what a person set. Their turn is reckoned anew where next_at is None."""
    values = asdict(member)
    with write(where) as tx:
        engine.put(tx, nudge_people, values, changing=tuple(n for n in values if n != "person"))


def enrol(where: Store | Transaction, persons: Iterable[str], *, announced: bool = False, now: float) -> None:
    """Rows for people; announced: they are in an audience that is told a rule. What they chose stays."""
    rows = [asdict(Member(p, announced=announced, changed_at=int(now))) for p in dict.fromkeys(persons)]
    if not rows:
        return
    with write(where) as tx:
        tx.connection.execute(engine.insert_or_ignore(tx, nudge_people), rows)
        if announced:
            for some in _chunks([r["person"] for r in rows]):
                named = nudge_people.c.person.in_(some)
                fresh = sa.and_(named, nudge_people.c.announced.is_(False))
                tx.connection.execute(sa.update(nudge_people).where(fresh).values(announced=True))


def charge(where: Store | Transaction, persons: Collection[str], *, now: float) -> None:
    """Exactly these are owners or deputies of rules in force."""
    with write(where) as tx:
        enrol(tx, persons, now=now)
        named = nudge_people.c.person.in_(list(persons))
        tx.connection.execute(sa.update(nudge_people).where(named).values(charged=True))
        rest = sa.update(nudge_people).where(nudge_people.c.charged.is_(True), sa.not_(named))
        tx.connection.execute(rest.values(charged=False))


def charged(where: Store | Transaction) -> set[str]:
    """Who is kept as an owner or a deputy."""
    with read(where) as tx:
        query = sa.select(nudge_people.c.person).where(nudge_people.c.charged.is_(True))
        return set(tx.connection.execute(query).scalars())


def without_turn(where: Store | Transaction, *, everyone: bool, now: float, limit: int) -> list[Turn]:
    """People to be reminded, now or after a pause that ends, whose turn has not been reckoned yet."""
    ends = sa.and_(nudge_people.c.choice == "paused", nudge_people.c.paused_until.is_not(None))
    return _turns(where, sa.and_(nudge_people.c.next_at.is_(None), sa.or_(ends, _active(everyone, now))), limit)


def whose_turn(where: Store | Transaction, *, now: float, limit: int) -> list[Turn]:
    """People whose turn has come, reminded or not, the earliest first."""
    return _turns(where, nudge_people.c.next_at <= int(now), limit)


def _turns(where: Store | Transaction, condition: Any, limit: int) -> list[Turn]:
    about = (people.c.tz, people.c.guest, people.c.stranger, people.c.bot, people.c.deleted)
    query = sa.select(nudge_people, *about).outerjoin(people, people.c.id == nudge_people.c.person).where(condition)
    order = (nudge_people.c.next_at, nudge_people.c.person)
    locked = query.order_by(*order).limit(limit).with_for_update(of=nudge_people, skip_locked=True)
    names = [c.name for c in nudge_people.columns]
    with read(where) as tx:
        rows = tx.connection.execute(locked if isinstance(where, Transaction) else query.limit(limit)).all()
    found = []
    for row in rows:
        kept = row._mapping
        gone = kept["guest"] is None or any(kept[n] for n in ("guest", "stranger", "bot", "deleted"))
        found.append(Turn(Member(**{n: kept[n] for n in names}), kept["tz"] or "", gone))
    return found


def _active(everyone: bool, now: float) -> Any:
    c = nudge_people.c
    named = sa.true() if everyone else sa.or_(c.announced.is_(True), c.charged.is_(True))
    over = sa.and_(c.choice == "paused", c.paused_until.is_not(None), c.paused_until <= int(now))
    return sa.or_(c.choice == "on", over, sa.and_(c.choice == "", named))


def listeners(where: Store | Transaction, *, everyone: bool, now: float) -> list[str]:
    """Ids of people who get nudges; with everyone, of all that Slack named and who did not stop them."""
    c = nudge_people.c
    query = sa.select(c.person).where(_active(everyone, now)).order_by(c.person)
    with read(where) as tx:
        found = list(tx.connection.execute(query).scalars())
        if everyone:
            chose = set(tx.connection.execute(sa.select(c.person)).scalars())
            found += [id for id in staff(tx) if id not in chose]
    return found


def staff(where: Store | Transaction) -> list[str]:
    """Ids of everybody Slack named who is no guest, no bot and not deactivated."""
    c = people.c
    outside = sa.or_(c.guest.is_(True), c.stranger.is_(True), c.bot.is_(True), c.deleted.is_(True))
    with read(where) as tx:
        return list(tx.connection.execute(sa.select(c.id).where(sa.not_(outside)).order_by(c.id)).scalars())


def set_turns(tx: Transaction, turns: Sequence[tuple[str, str, str, int | None]]) -> None:
    """(person, zone, week, next_at) of many at once."""
    if not turns:
        return
    mine = sa.update(nudge_people).where(nudge_people.c.person == sa.bindparam("p"))
    values: dict[str, Any] = {"zone": sa.bindparam("z"), "week": sa.bindparam("w"), "next_at": sa.bindparam("n")}
    rows = [{"p": person, "z": zone, "w": week, "n": at} for person, zone, week, at in turns]
    tx.connection.execute(mine.values(**values), rows)


def forget_turns(where: Store | Transaction, persons: Collection[str] | None = None) -> None:
    """Turns to be reckoned anew: of these people, or of all."""
    again = sa.update(nudge_people).values(next_at=None)
    with write(where) as tx:
        tx.connection.execute(again if persons is None else again.where(nudge_people.c.person.in_(list(persons))))


def counts(where: Store | Transaction, *, everyone: bool, now: float) -> dict[str, int]:
    """How many are reminded (`active`), stopped (`off`) and paused."""
    c = nudge_people.c
    queries = {
        "active": _active(everyone, now),
        "off": c.choice == "off",
        "paused": sa.and_(c.choice == "paused", sa.or_(c.paused_until.is_(None), c.paused_until > int(now))),
    }
    with read(where) as tx:
        return {
            name: int(tx.connection.execute(sa.select(sa.func.count()).where(q).select_from(nudge_people)).scalar_one())
            for name, q in queries.items()
        }


# --- what people saw, and what waits for them


def seen(where: Store | Transaction, persons: Sequence[str]) -> dict[str, dict[str, Seen]]:
    """By person and rule."""
    c = rule_seen.c
    found: dict[str, dict[str, Seen]] = {}
    with read(where) as tx:
        for some in _chunks(persons):
            query = sa.select(c.person, c.rule, c.shown, c.shown_at, c.confirmed, c.confirmed_at)
            for person, rule, *rest in tx.connection.execute(query.where(c.person.in_(some))):
                found.setdefault(person, {})[rule] = Seen(*rest)
    return found


def seen_by(where: Store | Transaction, rule: str) -> dict[str, Seen]:
    """By person, of one rule."""
    c = rule_seen.c
    query = sa.select(c.person, c.shown, c.shown_at, c.confirmed, c.confirmed_at).where(c.rule == rule)
    with read(where) as tx:
        return {person: Seen(*rest) for person, *rest in tx.connection.execute(query)}


def put_seen(tx: Transaction, person: str, rule: str, seen: Seen) -> None:
    values = {"person": person, "rule": rule, **asdict(seen)}
    engine.put(tx, rule_seen, values, changing=("shown", "shown_at", "confirmed", "confirmed_at"))


def shown(tx: Transaction, person: str, rule: str, edition: int, *, now: float) -> None:
    """An edition was put before a person."""
    before = seen_of(tx, person, rule)
    put_seen(tx, person, rule, Seen(max(edition, before.shown), int(now), before.confirmed, before.confirmed_at))


def confirmed(tx: Transaction, person: str, rule: str, edition: int, *, now: float) -> None:
    """A person said that they read it, or that they keep to it."""
    before = seen_of(tx, person, rule)
    number = max(edition, before.confirmed)
    put_seen(tx, person, rule, Seen(max(edition, before.shown), before.shown_at or int(now), number, int(now)))


def seen_of(where: Store | Transaction, person: str, rule: str) -> Seen:
    return seen(where, [person]).get(person, {}).get(rule, NOTHING_SEEN)


def standing(where: Store | Transaction, persons: Sequence[str]) -> dict[str, dict[tuple[str, str], Standing]]:
    """By person and (kind, subject)."""
    c = nudge_standing.c
    found: dict[str, dict[tuple[str, str], Standing]] = {}
    with read(where) as tx:
        for some in _chunks(persons):
            query = sa.select(c.person, c.kind, c.subject, c.sent, c.last_at, c.later_until, c.let_go_at)
            for person, kind, subject, *rest in tx.connection.execute(query.where(c.person.in_(some))):
                found.setdefault(person, {})[(kind, subject)] = Standing(*rest)
    return found


def standing_on(where: Store | Transaction, kind: str) -> dict[str, dict[str, Standing]]:
    """By subject and person, of one kind."""
    c = nudge_standing.c
    query = sa.select(c.subject, c.person, c.sent, c.last_at, c.later_until, c.let_go_at).where(c.kind == kind)
    found: dict[str, dict[str, Standing]] = {}
    with read(where) as tx:
        for subject, person, *rest in tx.connection.execute(query):
            found.setdefault(subject, {})[person] = Standing(*rest)
    return found


def let_go(where: Store | Transaction, *, since: float) -> list[tuple[str, str, str]]:
    """(kind, subject, person) of what nobody answered, after all reminders."""
    c = nudge_standing.c
    query = sa.select(c.kind, c.subject, c.person).where(c.let_go_at > int(since)).order_by(c.kind, c.subject)
    with read(where) as tx:
        return [(kind, subject, person) for kind, subject, person in tx.connection.execute(query)]


def stand(where: Store | Transaction, person: str, kind: str, subject: str, standing: Standing) -> None:
    values = {"person": person, "kind": kind, "subject": subject, **asdict(standing)}
    with write(where) as tx:
        engine.put(tx, nudge_standing, values, changing=("sent", "last_at", "later_until", "let_go_at"))


def standing_of(where: Store | Transaction, person: str, kind: str, subject: str) -> Standing:
    return standing(where, [person]).get(person, {}).get((kind, subject), NEW)


def settled(tx: Transaction, kind: str, subject: str, person: str = "") -> None:
    """Answered: nothing stands any more, for a person or, where none is named, for anybody."""
    c = nudge_standing.c
    gone = sa.delete(nudge_standing).where(c.kind == kind, c.subject == subject)
    tx.connection.execute(gone.where(c.person == person) if person else gone)


def settled_review(where: Store | Transaction, rule: str) -> None:
    """A rule was published anew: nobody has to look it through for now."""
    with write(where) as tx:
        settled(tx, "review", rule)


# --- nudges


def plan(tx: Transaction, found: Sequence[Nudge], rows: Sequence[Planned]) -> None:
    """Nudges with their rows in the outbox, each once: what was planned before stays as it is."""
    if found:
        tx.connection.execute(engine.insert_or_ignore(tx, nudges), [dict(vars(n)) for n in found])
        plan_many(tx, rows)


def get(where: Store | Transaction, id: str) -> Nudge | None:
    with read(where) as tx:
        row = tx.connection.execute(sa.select(nudges).where(nudges.c.id == id)).one_or_none()
    return Nudge(**row._mapping) if row else None


def latest(where: Store | Transaction, person: str) -> Nudge | None:
    """The last one that reached a person."""
    query = sa.select(nudges).where(nudges.c.person == person, nudges.c.sent_at.is_not(None))
    with read(where) as tx:
        row = tx.connection.execute(query.order_by(nudges.c.sent_at.desc()).limit(1)).first()
    return Nudge(**row._mapping) if row else None


def mark_sent(tx: Transaction, id: str, *, now: float) -> Nudge | None:
    """It reached the person; the nudge as it is then, None where it is gone."""
    mine = sa.update(nudges).where(nudges.c.id == id, nudges.c.state.in_(("planned", "skipped", "failed")))
    tx.connection.execute(mine.values(state="sent", sent_at=int(now)))
    return get(tx, id)


def answer(tx: Transaction, id: str, answer: str, *, now: float) -> bool:
    """What the person said to it. False where it was answered before."""
    mine = sa.update(nudges).where(nudges.c.id == id, nudges.c.state != "answered")
    return tx.connection.execute(mine.values(state="answered", answer=answer, answered_at=int(now))).rowcount == 1


def of_others(where: Store | Transaction, persons: Sequence[str]) -> list[Nudge]:
    """Nudges about what other features offer that nobody answered here: it may have been done there."""
    c = nudges.c
    query = sa.select(nudges).where(c.state == "sent", c.kind.in_(("task", "desk", "check")))
    with read(where) as tx:
        rows = [row for some in _chunks(persons) for row in tx.connection.execute(query.where(c.person.in_(some)))]
    return [Nudge(**row._mapping) for row in rows]


def overdue(where: Store | Transaction, *, now: float, limit: int = 500) -> list[tuple[Nudge, str, str]]:
    """Planned nudges whose hours are over, with the state and reason of their row in the outbox (blank: gone)."""
    row_id = sa.literal("nudge:") + nudges.c.id + sa.literal(":") + sa.cast(nudges.c.tries, sa.Text)
    query = (
        sa.select(nudges, outbox.c.state.label("row_state"), outbox.c.reason)
        .outerjoin(outbox, outbox.c.id == row_id)
        .where(nudges.c.state == "planned", nudges.c.expires_at < int(now))
        .order_by(nudges.c.expires_at)
        .limit(limit)
    )
    names = [c.name for c in nudges.columns]
    with read(where) as tx:
        rows = tx.connection.execute(query).all()
    return [
        (Nudge(**{n: r._mapping[n] for n in names}), r._mapping["row_state"] or "", r._mapping["reason"] or "")
        for r in rows
    ]


def again(tx: Transaction, nudge: Nudge, *, due_at: int, expires_at: int) -> bool:
    """A try that came too late is planned once more. False where another process did so."""
    mine = sa.update(nudges).where(nudges.c.id == nudge.id, nudges.c.tries == nudge.tries, nudges.c.state == "planned")
    changed = mine.values(tries=nudge.tries + 1, due_at=due_at, expires_at=expires_at)
    return tx.connection.execute(changed).rowcount == 1


def end(where: Store | Transaction, id: str, state: str) -> None:
    """skipped or failed."""
    with write(where) as tx:
        tx.connection.execute(
            sa.update(nudges).where(nudges.c.id == id, nudges.c.state == "planned").values(state=state)
        )


def sent_between(where: Store | Transaction, since: float, until: float) -> list[Nudge]:
    """Those that reached people, the earliest first."""
    query = sa.select(nudges).where(nudges.c.sent_at >= int(since), nudges.c.sent_at < int(until))
    with read(where) as tx:
        rows = tx.connection.execute(query.order_by(nudges.c.sent_at, nudges.c.id))
        return [Nudge(**row._mapping) for row in rows]


# --- わたしのデータ


def of_person(where: Store | Transaction, person: str) -> dict[str, int]:
    """How many nudges and rules are kept of a person."""
    with read(where) as tx:
        count = {
            table.name: int(
                tx.connection.execute(
                    sa.select(sa.func.count()).select_from(table).where(table.c.person == person)
                ).scalar_one()
            )
            for table in (nudges, rule_seen)
        }
    return count


def delete_person(tx: Transaction, person: str) -> int:
    """Remove nudges and reading marks. A stop stays, or the next week would begin anew; the audit log stays."""
    gone = sum(
        tx.connection.execute(sa.delete(table).where(table.c.person == person)).rowcount
        for table in (nudges, nudge_standing, rule_seen)
    )
    c = nudge_people.c
    kept = sa.delete(nudge_people).where(c.person == person, c.choice != "off")
    return gone + tx.connection.execute(kept).rowcount


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[n : n + _CHUNK] for n in range(0, len(values), _CHUNK))
