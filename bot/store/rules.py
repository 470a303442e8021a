"""Handling rules and their editions. Their words are the company's: sealed. What is done to them: the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from dialogs.rules.models import Content, Edition, Rule, Status

from . import audit, engine
from .engine import Store, Transaction, insert_new, read, write
from .schema_rules import handling_rules, rule_comments, rule_editions, rule_places


@dataclass(frozen=True)
class Comment:
    """見直したい: what somebody wrote to a rule's owner. text may be blank."""

    id: str
    rule: str
    edition: int
    person: str
    text: str
    at: int


def every(where: Store | Transaction) -> list[Rule]:
    """All rules, by id."""
    query = (
        sa.select(handling_rules, rule_editions.c.content)
        .outerjoin(
            rule_editions,
            sa.and_(rule_editions.c.rule == handling_rules.c.id, rule_editions.c.number == handling_rules.c.edition),
        )
        .order_by(handling_rules.c.id)
    )
    with read(where) as tx:
        return [_rule(tx, row) for row in tx.connection.execute(query)]


def get(where: Store | Transaction, id: str) -> Rule | None:
    return next((rule for rule in every(where) if rule.id == id), None)


def editions(where: Store | Transaction, id: str) -> list[Edition]:
    """Every edition of a rule, the latest first."""
    query = sa.select(rule_editions).where(rule_editions.c.rule == id).order_by(rule_editions.c.number.desc())
    with read(where) as tx:
        return [_edition(tx, row) for row in tx.connection.execute(query)]


def edition(where: Store | Transaction, id: str, number: int) -> Edition | None:
    return next((e for e in editions(where, id) if e.number == number), None)


def digest(where: Store | Transaction, id: str, number: int) -> str:
    """Of an edition's words; blank where there is none."""
    query = sa.select(rule_editions.c.digest).where(rule_editions.c.rule == id, rule_editions.c.number == number)
    with read(where) as tx:
        return tx.connection.execute(query).scalar() or ""


def seed(where: Store | Transaction, id: str, content: Content, status: Status, *, now: float) -> bool:
    """What a file says of a rule: new, or changed since it was read last and never edited in Slack.

    Whether anything was written. A published rule gets an edition; of the first one nobody is told.
    """
    digest = f"{content.digest}.{status}"
    with write(where) as tx:
        row = tx.connection.execute(
            sa.select(handling_rules).where(handling_rules.c.id == id).with_for_update()
        ).first()
        if row is not None and (row.edited or row.file_digest == digest):
            return False
        values = _new(id, digest, now)
        if row is None and not insert_new(tx, handling_rules, values):
            return False
        before = int(row.edition) if row else 0
        changes: dict[str, Any] = {"file_digest": digest, "status": status, "updated_at": int(now)}
        latest = edition(tx, id, before) if before else None
        if status == "published" and (latest is None or latest.content != content):
            number = _next(tx, id)
            alike = latest is not None and latest.content.reads_like(content)
            told = "wanted" if latest and _concerns(latest.content, content) else "none"
            _add_edition(tx, id, number, content, by="", now=now, told=told)
            changes |= {"edition": number, "reviewed_at": int(now)} | ({} if alike else {"asked": number})
        elif status == "draft":
            changes |= {"draft": _sealed(tx, content, f"handling_rules/{id}/draft"), "draft_by": ""}
        tx.connection.execute(sa.update(handling_rules).where(handling_rules.c.id == id).values(**changes))
        return True


def save_draft(where: Store | Transaction, id: str, content: Content, *, by: str, now: float) -> None:
    """What somebody wrote, kept beside what is in force. A rule that is not there yet is made."""
    with write(where) as tx:
        insert_new(tx, handling_rules, _new(id, "", now))
        values = {"draft": _sealed(tx, content, f"handling_rules/{id}/draft"), "draft_by": by, "edited": True}
        _update(tx, id, now, **values)
        audit.append(tx, "rule.drafted", id, actor=by, now=now, data={"digest": content.digest})


def publish(where: Store | Transaction, id: str, *, by: str, now: float, tell: bool = True) -> Edition | None:
    """The draft becomes the edition in force. None where there is no draft, or it says what is in force already.

    tell: its audience is to be told.
    """
    with write(where) as tx:
        rule = _locked(tx, id)
        if rule is None or rule.draft is None or (rule.in_force and rule.draft == rule.content):
            return None
        return _in_force(tx, rule, rule.draft, by=by, now=now, told="wanted" if tell else "none")


def roll_back(where: Store | Transaction, id: str, number: int, *, by: str, now: float) -> Edition | None:
    """An older edition's words, in force again as a new edition. None where it is the one in force or not there."""
    with write(where) as tx:
        rule, older = _locked(tx, id), edition(tx, id, number)
        if rule is None or older is None or (rule.in_force and older.content == rule.content):
            return None
        return _in_force(tx, rule, older.content, by=by, now=now, told="wanted", of=number)


def retire(where: Store | Transaction, id: str, *, by: str, now: float) -> bool:
    """Out of force; its editions and what people were told stay. False where it is so already."""
    with write(where) as tx:
        rule = _locked(tx, id)
        if rule is None or rule.status == "retired":
            return False
        _update(tx, id, now, status="retired", edited=rule.edited or bool(by))
        audit.append(tx, "rule.retired", id, actor=by, now=now)
        return True


def drop_draft(where: Store | Transaction, id: str, *, by: str, now: float) -> bool:
    """The draft is thrown away; what is in force stays."""
    with write(where) as tx:
        rule = _locked(tx, id)
        if rule is None or rule.draft is None or not rule.edition:
            return False
        _update(tx, id, now, draft=None, draft_by="")
        return True


def reviewed(where: Store | Transaction, id: str, *, by: str, now: float) -> bool:
    """変更なし: looked through and left as it is."""
    with write(where) as tx:
        rule = _locked(tx, id)
        if rule is None or not rule.in_force:
            return False
        _update(tx, id, now, reviewed_at=int(now))
        audit.append(tx, "rule.reviewed", id, actor=by, now=now, data={"edition": rule.edition})
        return True


def hand(where: Store | Transaction, id: str, owner: str, deputy: str, *, by: str, now: float) -> bool:
    """Another owner for a rule in force, and for its draft. Of the new edition nobody is told: it reads the same."""
    with write(where) as tx:
        rule = _locked(tx, id)
        if rule is None or not rule.in_force or rule.content.owner == owner:
            return False
        changed = replace(rule.content, owner=owner, deputy=deputy)
        number = _next(tx, id)
        _add_edition(tx, id, number, changed, by=by, now=now, told="none")
        values: dict[str, Any] = {"edition": number, "edited": True}
        if rule.draft:
            draft = replace(rule.draft, owner=owner, deputy=deputy)
            values["draft"] = _sealed(tx, draft, f"handling_rules/{id}/draft")
        _update(tx, id, now, **values)
        audit.append(tx, "rule.handed", id, actor=by, now=now, data={"to": owner, "edition": number})
        return True


def to_tell(where: Store | Transaction) -> list[Edition]:
    """Editions whose audience has to be told yet. Of one rule only the latest: what was replaced is told to nobody."""
    query = sa.select(rule_editions).where(rule_editions.c.told == "wanted").order_by(rule_editions.c.number)
    with read(where) as tx:
        found = [_edition(tx, row) for row in tx.connection.execute(query)]
    return list({e.rule: e for e in found}.values())


def told(where: Store | Transaction, id: str, number: int) -> None:
    """Everybody of the audience has a row in the outbox."""
    planned = sa.update(rule_editions).where(rule_editions.c.rule == id, rule_editions.c.number <= number)
    with write(where) as tx:
        tx.connection.execute(planned.where(rule_editions.c.told == "wanted").values(told="planned"))


# --- comments


def comment(where: Store | Transaction, comment: Comment) -> bool:
    """Keep what somebody wrote to the owner; False where it is kept already."""
    with write(where) as tx:
        values = {
            "id": comment.id,
            "rule": comment.rule,
            "edition": comment.edition,
            "person": comment.person,
            "comment": tx.sealer.seal(comment.text.encode(), place=f"rule_comments/{comment.id}/comment"),
            "at": comment.at,
        }
        return insert_new(tx, rule_comments, values)


def comments(where: Store | Transaction, id: str, *, since: float = 0) -> list[Comment]:
    """What was written about a rule, the latest first."""
    query = sa.select(rule_comments).where(rule_comments.c.rule == id, rule_comments.c.at >= int(since))
    with read(where) as tx:
        rows = tx.connection.execute(query.order_by(rule_comments.c.at.desc(), rule_comments.c.id)).all()
        return [
            Comment(
                r.id,
                r.rule,
                r.edition,
                r.person,
                tx.sealer.unseal(r.comment, place=f"rule_comments/{r.id}/comment").decode(),
                r.at,
            )
            for r in rows
        ]


def comments_of(where: Store | Transaction, person: str) -> int:
    """How many comments somebody wrote."""
    with read(where) as tx:
        query = sa.select(sa.func.count()).where(rule_comments.c.person == person)
        return int(tx.connection.execute(query).scalar_one())


# --- groups and channels


def members(where: Store | Transaction) -> dict[str, frozenset[str]]:
    """Who was seen in which group or channel last."""
    found: dict[str, set[str]] = {}
    with read(where) as tx:
        for place, person in tx.connection.execute(sa.select(rule_places.c.place, rule_places.c.person)):
            found.setdefault(place, set()).add(person)
    return {place: frozenset(people) for place, people in found.items()}


def put_members(where: Store | Transaction, place: str, people: Iterable[str], *, now: float) -> None:
    """Who is in a group or channel, in place of who was."""
    rows = [{"place": place, "person": p, "seen_at": int(now)} for p in sorted(set(people))]
    with write(where) as tx:
        tx.connection.execute(sa.delete(rule_places).where(rule_places.c.place == place))
        if rows:
            tx.connection.execute(sa.insert(rule_places), rows)


# ---


def _new(id: str, digest: str, now: float) -> dict[str, Any]:
    return {
        "id": id,
        "status": "draft",
        "edition": 0,
        "asked": 0,
        "draft": None,
        "draft_by": "",
        "edited": False,
        "file_digest": digest,
        "reviewed_at": 0,
        "updated_at": int(now),
    }


def _in_force(
    tx: Transaction, rule: Rule, content: Content, *, by: str, now: float, told: str, of: int | None = None
) -> Edition:
    number = _next(tx, rule.id)
    alike = rule.in_force and content.reads_like(rule.content)
    if rule.in_force and not _concerns(rule.content, content):
        told = "none"
    _add_edition(tx, rule.id, number, content, by=by, now=now, told=told, of=of)
    changes: dict[str, Any] = {"edition": number, "status": "published", "edited": True, "reviewed_at": int(now)}
    changes |= {} if alike else {"asked": number}
    _update(tx, rule.id, now, draft=None, draft_by="", **changes)
    return Edition(rule.id, number, content, by, int(now), of)


def _concerns(before: Content, after: Content) -> bool:
    """Whether the audience has to hear of it: other words, or other people."""
    return not after.reads_like(before) or set(after.audience) != set(before.audience)


def _add_edition(
    tx: Transaction, id: str, number: int, content: Content, *, by: str, now: float, told: str, of: int | None = None
) -> None:
    values = {
        "rule": id,
        "number": number,
        "content": _sealed(tx, content, _place(id, number)),
        "digest": content.digest,
        "by": by,
        "at": int(now),
        "of": of,
        "told": told,
    }
    tx.connection.execute(sa.insert(rule_editions), values)
    data = {"edition": number, "digest": content.digest} | ({"of": of} if of else {})
    audit.append(tx, "rule.published", id, actor=by, now=now, data=data)


def _next(tx: Transaction, id: str) -> int:
    last = sa.select(sa.func.max(rule_editions.c.number)).where(rule_editions.c.rule == id)
    return int(tx.connection.execute(last).scalar() or 0) + 1


def _update(tx: Transaction, id: str, now: float, **values: Any) -> None:
    mine = sa.update(handling_rules).where(handling_rules.c.id == id)
    tx.connection.execute(mine.values(updated_at=int(now), **values))


def _locked(tx: Transaction, id: str) -> Rule | None:
    """The rule, with its row held: two people who publish at once make two editions, not one twice."""
    tx.connection.execute(sa.select(handling_rules.c.id).where(handling_rules.c.id == id).with_for_update())
    return get(tx, id)


def _rule(tx: Transaction, row: Any) -> Rule:
    draft = _opened(tx, row.draft, f"handling_rules/{row.id}/draft") if row.draft else None
    content = _opened(tx, row.content, _place(row.id, row.edition)) if row.content else draft
    if content is None:  # no row is written without one of the two
        raise engine.StoreError(f"The handling rule {row.id} has no words.")
    return Rule(
        row.id,
        row.status,
        row.edition,
        content,
        row.asked,
        draft,
        row.draft_by,
        bool(row.edited),
        row.file_digest,
        row.reviewed_at,
    )


def _edition(tx: Transaction, row: Any) -> Edition:
    return Edition(row.rule, row.number, _opened(tx, row.content, _place(row.rule, row.number)), row.by, row.at, row.of)


def _sealed(tx: Transaction, content: Content, place: str) -> bytes:
    return tx.sealer.seal(json.dumps(content.to_json(), ensure_ascii=False).encode(), place=place)


def _opened(tx: Transaction, sealed: bytes, place: str) -> Content:
    return Content.from_json(json.loads(tx.sealer.unseal(sealed, place=place)))


def _place(id: str, number: int) -> str:
    return f"rule_editions/{id}:{number}/content"


def delete_comments(tx: Transaction, person: str) -> int:
    """Remove what somebody wrote to owners. How many."""
    return tx.connection.execute(sa.delete(rule_comments).where(rule_comments.c.person == person)).rowcount


def from_files(where: Store | Transaction, rows: Sequence[tuple[str, Content, Status]], *, now: float) -> int:
    """seed() of every rule of the files. A rule that only a file held and that left it goes out of force. How many."""
    named = {id for id, _, _ in rows}
    with write(where) as tx:
        changed = sum(seed(tx, id, content, status, now=now) for id, content, status in rows)
        gone = sa.select(handling_rules.c.id).where(
            handling_rules.c.edited.is_(False), handling_rules.c.status != "retired", handling_rules.c.file_digest != ""
        )
        for id in [id for id in tx.connection.execute(gone).scalars() if id not in named]:
            changed += retire(tx, id, by="", now=now)
            _update(tx, id, now, file_digest="")
    return changed
