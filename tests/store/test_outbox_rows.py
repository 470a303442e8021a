"""The outbox's rows: planned once, claimed by one, fenced, emptied."""

import threading

import pytest

from bot.store import Planned, outbox, push_back, take_slot
from bot.store.schema import outbox as table

NOW = 1_800_000_000


def plan(store, id="n1", **more):
    given = {"kind": "nudge", "target": "U1", "message": {"text": "今週の1件"}, "due_at": NOW, "lookup": True} | more
    return outbox.plan(store, id, **given)


def claim(store, now=NOW, owner="a"):
    return outbox.claim(store, owner=owner, now=now)


def kept(store, id="n1"):
    with store.begin() as tx:
        return tx.connection.execute(table.select().where(table.c.id == id)).one()


def in_threads(count, work):
    gate = threading.Barrier(count)

    def run(number):
        gate.wait()
        work(number)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_a_row_is_planned_once_whatever_became_of_it(store):
    assert plan(store)
    assert not plan(store, message={"text": "other"})
    outbox.mark_sent(store, claim(store), channel="D1", ts="1.000001")
    assert not plan(store)
    assert outbox.counts(store) == {"sent": 1}


def test_the_message_is_sealed_until_it_is_sent_and_then_gone(store):
    plan(store)
    assert "今週".encode() not in kept(store).message
    row = claim(store)
    assert row.message == {"text": "今週の1件"}
    assert outbox.mark_sent(store, row, channel="D1", ts="1.000001")
    assert (kept(store).message, kept(store).channel, kept(store).ts) == (None, "D1", "1.000001")
    assert outbox.known_channel(store, "U1") == "D1" and outbox.known_channel(store, "U2") is None


def test_a_row_is_claimed_when_it_is_due_and_the_longest_due_first(store):
    plan(store, "later", due_at=NOW + 10)
    plan(store, "sooner", due_at=NOW + 5)
    assert outbox.next_due(store) == NOW + 5
    assert claim(store, NOW + 4) is None
    assert claim(store, NOW + 20).id == "sooner"
    assert claim(store, NOW + 20).id == "later"
    assert claim(store, NOW + 20) is None
    assert outbox.next_due(store) == NOW + 20 + 120


def test_a_row_whose_owner_was_lost_is_claimed_again_as_perhaps_posted(store):
    plan(store)
    first = claim(store)
    assert (first.attempts, first.perhaps_posted, first.lease_until, first.first_try_at) == (1, False, NOW + 120, NOW)
    assert claim(store, NOW + 119, "b") is None
    second = claim(store, NOW + 120, "b")
    assert (second.attempts, second.perhaps_posted, second.first_try_at) == (2, True, NOW)


def test_only_the_last_owner_may_say_what_became_of_it(store):
    plan(store)
    old, new = claim(store), claim(store, NOW + 120, "b")
    assert not outbox.mark_sent(store, old, channel="D1", ts="1")
    assert not outbox.requeue(store, old, at=NOW, reason="x")
    assert (
        not outbox.park(store, old)
        and not outbox.fail(store, old, reason="x")
        and not outbox.skip(store, old, reason="x")
    )
    assert outbox.mark_sent(store, new, channel="D1", ts="2")
    assert not outbox.requeue(store, new, at=NOW, reason="x")


def test_a_row_that_was_surely_not_posted_is_no_doubt_later(store):
    plan(store)
    outbox.requeue(store, claim(store), at=NOW + 30, reason="ratelimited")
    assert claim(store, NOW + 29) is None
    again = claim(store, NOW + 30)
    assert (again.attempts, again.perhaps_posted, again.message) == (2, False, {"text": "今週の1件"})


def test_what_failed_or_is_unknown_is_shown_until_it_is_settled(store):
    for id in ("failed", "unknown", "skipped", "sent", "often"):
        plan(store, id)
    for _ in range(5):
        rows = {row.id: row for row in iter(lambda: claim(store), None)}
        if "failed" in rows:
            outbox.fail(store, rows["failed"], reason="channel_not_found")
            outbox.park(store, rows["unknown"])
            outbox.skip(store, rows["skipped"], reason="not_wanted")
            outbox.mark_sent(store, rows["sent"], channel="D1", ts="1")
        outbox.requeue(store, rows["often"], at=NOW, reason="token_revoked")
    found = {each.id: (each.state, each.reason, each.attempts) for each in outbox.troubles(store)}
    assert found == {
        "failed": ("failed", "channel_not_found", 1),
        "unknown": ("unknown", "unknown", 1),
        "often": ("due", "token_revoked", 5),
    }
    assert claim(store, NOW + 9999).id == "often"
    assert claim(store, NOW + 9999) is None
    assert kept(store, "skipped").message is None and kept(store, "failed").message is not None
    assert outbox.settle(store, "failed") and not outbox.settle(store, "failed") and not outbox.settle(store, "sent")
    assert kept(store, "failed").message is None and len(outbox.troubles(store)) == 2


def test_late_rows_are_skipped_together_but_not_those_being_sent(store):
    plan(store, "late", expires_at=NOW + 10)
    plan(store, "now", expires_at=NOW + 11)
    plan(store, "ever")
    plan(store, "busy", due_at=NOW - 1, expires_at=NOW + 1)
    assert claim(store).id == "busy"
    assert outbox.skip_late(store, now=NOW + 11) == 1
    assert outbox.counts(store) == {"skipped": 1, "due": 2, "sending": 1}
    assert (kept(store, "late").message, kept(store, "late").reason) == (None, "late")


def test_a_message_moved_to_another_row_fails_and_the_next_is_taken(store):
    plan(store, "a")
    plan(store, "b", due_at=NOW + 1)
    with store.begin() as tx:
        tx.connection.execute(table.update().where(table.c.id == "a").values(message=kept_in(tx, "b")))
    assert claim(store, NOW + 1).id == "b"
    assert [(each.id, each.reason) for each in outbox.troubles(store)] == [("a", "seal_broken")]


def kept_in(tx, id):
    return tx.connection.execute(table.select().with_only_columns(table.c.message).where(table.c.id == id)).scalar()


def test_old_rows_are_forgotten_but_not_what_waits_or_is_shown(store):
    for id in ("sent", "due", "failed"):
        plan(store, id)
    for row in [claim(store) for _ in range(3)]:
        {
            "sent": lambda r: outbox.mark_sent(store, r, channel="D", ts="1"),
            "due": lambda r: outbox.requeue(store, r, at=NOW, reason="x"),
            "failed": lambda r: outbox.fail(store, r, reason="x"),
        }[row.id](row)
    assert outbox.forget(store, before=NOW + 1) == 1
    assert outbox.counts(store) == {"due": 1, "failed": 1}


def test_threads_plan_a_row_once_and_claim_it_once(store):
    planned, claimed = [], []

    def work(number):
        planned.extend(i for i in range(15) if plan(store, f"n{i}"))
        claimed.extend(row.id for row in iter(lambda: claim(store, owner=f"w{number}"), None))

    in_threads(5, work)
    assert sorted(planned) == list(range(15))
    assert sorted(claimed) == sorted(f"n{i}" for i in range(15))


def test_a_planned_value_and_its_arguments_are_the_same(store):
    outbox.plan_row(store, Planned("n1", "letter", "C1", {"text": "x"}, NOW, lookup=False, expires_at=NOW + 5))
    row = claim(store)
    assert (row.kind, row.target, row.message, row.lookup, row.expires_at) == (
        "letter",
        "C1",
        {"text": "x"},
        False,
        NOW + 5,
    )


# --- pacing


def test_slots_come_one_after_another(store):
    assert take_slot(store, now=NOW, per_s=2) == 0
    assert take_slot(store, now=NOW + 0.1, per_s=2) == pytest.approx(0.4)
    assert take_slot(store, now=NOW + 0.5, per_s=2) == 0
    assert take_slot(store, now=NOW + 60, per_s=2) == 0  # a rest saves nothing up
    assert take_slot(store, now=NOW + 60.2, per_s=2) == pytest.approx(0.3)


def test_pushing_back_holds_everybody_and_only_ever_later(store):
    push_back(store, NOW + 30)
    push_back(store, NOW + 10)
    assert take_slot(store, now=NOW, per_s=1) == pytest.approx(30)
    assert take_slot(store, now=NOW + 30, per_s=1) == 0


def test_a_clock_that_is_put_back_does_not_stop_the_posts(store):
    assert take_slot(store, now=NOW + 7 * 86400, per_s=1) == 0
    assert take_slot(store, now=NOW, per_s=1) == 0
    assert take_slot(store, now=NOW, per_s=1) == 1


def test_threads_get_one_slot_between_them(store):
    got = []
    in_threads(6, lambda _: got.append(take_slot(store, now=NOW, per_s=1)))
    assert sorted(got)[:2] == [0, 1]


@pytest.mark.parametrize("per_s", [0, -1])
def test_no_speed_is_refused(store, per_s):
    with pytest.raises(ValueError):
        take_slot(store, now=NOW, per_s=per_s)
