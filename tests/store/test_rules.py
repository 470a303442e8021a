"""Handling rules and nudges in the database. On SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import sqlalchemy as sa

from bot.store import Planned, audit, nudges, outbox, people, rules
from bot.store.nudges import Member, Nudge
from bot.store.people import Person
from bot.store.rules import Comment
from bot.store.schema_rules import handling_rules, rule_comments, rule_editions
from dialogs.rules.models import Content
from dialogs.rules.nudges import Seen, Standing

USB = Content("私物のUSB", "つなぎません。", "持ち出しを防ぎます。", "C-2", "U1", "U2", ("all",), 180)
STRICTER = replace(USB, text="つなぎません。拾ったものも同じです。")


def person(id, **more):
    fields = {"team": "T1", "name": id, "tz": "Asia/Tokyo", "guest": False, "stranger": False, "bot": False}
    return Person(id, **{**fields, "deleted": False, "fetched_at": 1, **more})


def publish(store, content=USB, id="c2.usb", now=100.0):
    rules.save_draft(store, id, content, by="U1", now=now)
    return rules.publish(store, id, by="U1", now=now)


def test_a_draft_is_published_changed_and_rolled_back(store):
    assert publish(store).number == 1
    assert publish(store, STRICTER, now=200).number == 2
    rule = rules.get(store, "c2.usb")
    assert (rule.status, rule.edition, rule.asked, rule.content, rule.draft) == ("published", 2, 2, STRICTER, None)
    back = rules.roll_back(store, "c2.usb", 1, by="U2", now=300)
    assert (back.number, back.of, back.content) == (3, 1, USB)
    assert [e.number for e in rules.editions(store, "c2.usb")] == [3, 2, 1]
    assert rules.roll_back(store, "c2.usb", 1, by="U2", now=301) is None  # it says so already
    assert rules.publish(store, "c2.usb", by="U1", now=302) is None  # no draft
    kinds = [e.kind for e in audit.entries(store, subject="c2.usb")]
    assert kinds == ["rule.drafted", "rule.published"] * 2 + ["rule.published"]


def test_only_the_latest_words_are_told_and_other_owners_to_nobody(store):
    publish(store)
    publish(store, STRICTER, now=200)
    assert [(e.rule, e.number) for e in rules.to_tell(store)] == [("c2.usb", 2)]
    rules.told(store, "c2.usb", 2)
    assert rules.to_tell(store) == []
    assert rules.hand(store, "c2.usb", "U9", "U2", by="U1", now=300)
    assert not rules.hand(store, "c2.usb", "U9", "U2", by="U1", now=301)
    rule = rules.get(store, "c2.usb")
    assert (rule.edition, rule.asked, rule.content.owner) == (3, 2, "U9") and rules.to_tell(store) == []


def test_files_seed_and_what_was_edited_in_slack_wins(store):
    assert rules.from_files(store, [("c2.usb", USB, "published"), ("c4.mark", USB, "draft")], now=1) == 2
    assert rules.from_files(store, [("c2.usb", USB, "published"), ("c4.mark", USB, "draft")], now=2) == 0
    assert rules.to_tell(store) == []  # of what was there from the start nobody is told by post
    assert rules.from_files(store, [("c2.usb", STRICTER, "published"), ("c4.mark", USB, "draft")], now=3) == 1
    assert (rules.get(store, "c2.usb").edition, [e.number for e in rules.to_tell(store)]) == (2, [2])
    rules.save_draft(store, "c2.usb", USB, by="U1", now=4)
    assert rules.from_files(store, [("c2.usb", replace(USB, text="別"), "published")], now=5) == 1  # c4.mark is gone
    assert rules.get(store, "c2.usb").content == STRICTER and rules.get(store, "c4.mark").status == "retired"


def test_words_are_sealed_and_bound_to_their_row(store):
    publish(store)
    rules.comment(store, Comment("x", "c2.usb", 1, "U5", "秘密の声", 9))
    with store.begin() as tx:
        rows = [*tx.connection.execute(sa.select(rule_editions)), *tx.connection.execute(sa.select(rule_comments))]
        rows += [*tx.connection.execute(sa.select(handling_rules))]
    assert not [row for row in rows if "つなぎ" in str(row) or "声".encode() in str(row).encode()]
    assert rules.comments(store, "c2.usb")[0].text == "秘密の声"
    assert not rules.comment(store, Comment("x", "c2.usb", 1, "U5", "もう一度", 10))


def test_two_who_publish_at_once_make_one_edition(store):
    rules.save_draft(store, "c2.usb", USB, by="U1", now=1)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda n: rules.publish(store, "c2.usb", by=f"U{n}", now=2), range(4)))
    assert [e.number for e in made if e] == [1]


@pytest.mark.parametrize(
    ("member", "everyone", "active"),
    [
        (Member("U1"), False, False),
        (Member("U1"), True, True),
        (Member("U1", announced=True), False, True),
        (Member("U1", charged=True), False, True),
        (Member("U1", choice="on"), False, True),
        (Member("U1", choice="off", announced=True, charged=True), True, False),  # a stop is final
        (Member("U1", choice="paused"), True, False),
        (Member("U1", choice="paused", paused_until=1001), True, False),
        (Member("U1", choice="paused", paused_until=1000), False, True),
    ],
)
def test_who_is_reminded_is_the_same_in_python_and_in_sql(store, member, everyone, active):
    nudges.save_member(store, member)
    people.put(store, person("U1"))
    assert member.active(1000, everyone) is active
    turns = nudges.without_turn(store, everyone=everyone, now=1000, limit=9)
    ends = member.choice == "paused" and member.paused_until is not None
    assert [t.member.person for t in turns] == (["U1"] if active or ends else [])
    assert nudges.listeners(store, everyone=everyone, now=1000) == (["U1"] if active else [])


def test_everyone_leaves_out_guests_bots_and_the_gone(store):
    for id, more in {"U1": {}, "U2": {"guest": True}, "U3": {"deleted": True}, "U4": {"bot": True}}.items():
        people.put(store, person(id, **more))
    nudges.save_member(store, Member("U5", choice="off"))
    people.put(store, person("U5"))
    assert nudges.listeners(store, everyone=True, now=1) == ["U1"]


def test_enrolling_again_leaves_what_was_chosen(store):
    nudges.save_member(store, Member("U1", choice="off", weekday="fri"))
    nudges.enrol(store, ["U1", "U2"], announced=True, now=5)
    assert nudges.member(store, "U1") == Member("U1", choice="off", weekday="fri", announced=True)
    assert nudges.member(store, "U2").announced
    nudges.charge(store, ["U2", "U3"], now=6)
    assert nudges.charged(store) == {"U2", "U3"}
    nudges.charge(store, [], now=7)
    assert nudges.charged(store) == set()


def nudge(id="U1:2026-W49", **more):
    fields = {"state": "planned", "tries": 1, "due_at": 100, "expires_at": 200, "last_at": 300}
    return Nudge(id, id.partition(":")[0], "reread", "c2.usb", 1, **{**fields, **more})


def row(found):
    return Planned(f"nudge:{found.id}:{found.tries}", "nudge", found.person, {"text": "x"}, found.due_at, True, 200)


def test_a_week_is_planned_once_and_answered_once(store):
    with store.begin() as tx:
        nudges.plan(tx, [nudge(), nudge()], [row(nudge()), row(nudge())])
    with store.begin() as tx:
        nudges.plan(tx, [nudge(due_at=999)], [row(nudge(due_at=999))])
    assert outbox.counts(store) == {"due": 1}
    with store.begin() as tx:
        assert nudges.mark_sent(tx, "U1:2026-W49", now=120).sent_at == 120
        assert nudges.answer(tx, "U1:2026-W49", "ok", now=130)
        assert not nudges.answer(tx, "U1:2026-W49", "later", now=140)
    assert nudges.latest(store, "U1").answer == "ok" and nudges.latest(store, "U2") is None


def test_what_came_too_late_is_tried_once_more_by_one_process(store):
    with store.begin() as tx:
        nudges.plan(tx, [nudge()], [row(nudge())])
    assert nudges.overdue(store, now=150) == []
    outbox.skip_late(store, now=250)
    [(late, state, reason)] = nudges.overdue(store, now=250)
    assert (late.id, state, reason) == ("U1:2026-W49", "skipped", "late")
    with store.begin() as tx:
        assert nudges.again(tx, late, due_at=260, expires_at=290)
        assert not nudges.again(tx, late, due_at=260, expires_at=290)
    assert nudges.get(store, late.id).tries == 2
    nudges.end(store, late.id, "skipped")
    assert nudges.overdue(store, now=999) == []


def test_one_replica_gets_a_job(store):
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda n: nudges.take(store, "directory", now=1000, every_s=500), range(8))) == 1
    assert not nudges.take(store, "directory", now=1400, every_s=500)
    assert nudges.take(store, "directory", now=1500, every_s=500)
    assert nudges.take(store, "directory", now=100_000, every_s=500)
    assert nudges.take(store, "directory", now=1600, every_s=500)  # the clock was put back


def test_what_was_seen_and_what_stands(store):
    with store.begin() as tx:
        nudges.shown(tx, "U1", "c2.usb", 2, now=10)
        nudges.confirmed(tx, "U1", "c2.usb", 1, now=20)  # a button of the older edition
    assert nudges.seen_of(store, "U1", "c2.usb") == Seen(2, 10, 1, 20)
    assert nudges.seen_by(store, "c2.usb") == {"U1": Seen(2, 10, 1, 20)}
    nudges.stand(store, "U1", "review", "c2.usb", Standing(3, 5, 0, 6))
    assert nudges.let_go(store, since=0) == [("review", "c2.usb", "U1")]
    assert nudges.standing_on(store, "review") == {"c2.usb": {"U1": Standing(3, 5, 0, 6)}}
    nudges.settled_review(store, "c2.usb")
    assert nudges.let_go(store, since=0) == []


def test_deleting_leaves_a_stop_and_the_proof(store):
    publish(store)
    nudges.save_member(store, Member("U1", choice="off"))
    with store.begin() as tx:
        nudges.plan(tx, [nudge()], [row(nudge())])
        nudges.shown(tx, "U1", "c2.usb", 1, now=10)
        assert nudges.of_person(tx, "U1") == {"nudges": 1, "rule_seen": 1}
        assert nudges.delete_person(tx, "U1") == 2
    assert nudges.member(store, "U1").choice == "off"
    assert len(audit.entries(store, subject="c2.usb")) == 2 and audit.verify(store) is None
