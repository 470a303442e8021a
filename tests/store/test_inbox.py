"""The inbox: each delivery once, its payload sealed and emptied."""

import multiprocessing
import threading

import pytest

from bot.store import (
    Backlog,
    Dialogue,
    Planned,
    SealBroken,
    Sealer,
    dialogue,
    dm_channels,
    inbox,
    open_store,
    outbox,
    reached,
)
from bot.store.engine import write
from bot.store.schema import inbox as table

NOW = 1_800_000_000


def put(store, id="Ev1", payload=b"{}", **more):
    return inbox.receive(store, id, more.pop("kind", "event"), payload, **({"owner": "a", "now": NOW} | more))


def talk(id="d1", **more):
    return Dialogue(
        **({"id": id, "person": "U1", "channel": "D1", "state": {}, "opened_at": NOW, "updated_at": NOW} | more)
    )


def test_a_delivery_is_new_once_whatever_became_of_it(store):
    assert put(store)
    assert not put(store)
    inbox.finish(store, "Ev1", now=NOW)
    assert not put(store)
    assert put(store, "Ev2")
    inbox.expire(store, now=NOW + 900)
    assert not put(store, "Ev2")


def test_many_threads_bring_the_same_deliveries_and_each_is_new_once(store):
    gate, new = threading.Barrier(6), []

    def deliver():
        gate.wait()
        new.extend(id for i in range(20) if put(store, id := f"Ev{i}"))

    threads = [threading.Thread(target=deliver) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(new) == sorted(f"Ev{i}" for i in range(20))


def deliver(url, gate, results):
    store = open_store(url, Sealer([b"k" * 32]))
    gate.wait(30)
    results.put([id for i in range(40) if put(store, id := f"Ev{i}", owner="b")])
    store.close()


def test_processes_bring_the_same_deliveries_and_each_is_new_once(url):
    context = multiprocessing.get_context("spawn")
    gate, results = context.Barrier(2), context.Queue()
    processes = [context.Process(target=deliver, args=(url, gate, results)) for _ in range(2)]
    for process in processes:
        process.start()
    new = [id for _ in processes for id in results.get(timeout=60)]
    for process in processes:
        process.join(20)
    assert sorted(new) == sorted(f"Ev{i}" for i in range(40))


def test_finishing_empties_the_payload_saves_and_plans_in_one_go(store):
    put(store)
    row = Planned("n1", "notice", "U9", {"text": "お知らせ"}, NOW, lookup=True)
    assert inbox.finish(store, "Ev1", now=NOW, dialogues=[talk("d1"), talk("d2")], planned=[row])
    assert {each.id for each in dialogue.open_of(store, "U1", "D1")} == {"d1", "d2"}
    assert outbox.claim(store, owner="a", now=NOW).message == {"text": "お知らせ"}
    with store.begin() as tx:
        assert [
            tuple(row)
            for row in tx.connection.execute(table.select().with_only_columns(table.c.payload, table.c.state))
        ] == [(None, "done")]


def test_only_the_first_to_finish_changes_anything(store):
    put(store)
    assert inbox.finish(store, "Ev1", now=NOW)
    assert not inbox.finish(store, "Ev1", now=NOW, dialogues=[talk()])
    assert not inbox.finish(store, "never came", now=NOW, dialogues=[talk()])
    assert dialogue.load(store, "d1") is None


def test_what_fails_halfway_changes_nothing(store):
    put(store)
    with pytest.raises(TypeError):
        inbox.finish(
            store, "Ev1", now=NOW, dialogues=[talk()], planned=[Planned("n", "k", "U", {"x": object()}, NOW, True)]
        )
    assert dialogue.load(store, "d1") is None
    assert inbox.open_deliveries(store).open == 1


def test_a_lost_delivery_is_claimed_once_and_brings_its_payload(store):
    put(store, payload="図面".encode())
    assert inbox.claim_stale(store, owner="b", now=NOW + 59) == []
    [claimed] = inbox.claim_stale(store, owner="b", now=NOW + 60)
    assert (claimed.id, claimed.kind, claimed.payload, claimed.attempts, claimed.received_at) == (
        "Ev1",
        "event",
        "図面".encode(),
        2,
        NOW,
    )
    assert inbox.claim_stale(store, owner="c", now=NOW + 61) == []
    [again] = inbox.claim_stale(store, owner="c", now=NOW + 121)
    assert again.attempts == 3


def test_lost_deliveries_come_oldest_first_and_of_the_kinds_asked_for(store):
    put(store, "late", now=NOW + 2)
    put(store, "early")
    put(store, "click", kind="action")
    assert [each.id for each in inbox.claim_stale(store, owner="b", now=NOW + 90, limit=1)] == ["early"]
    assert [each.id for each in inbox.claim_stale(store, owner="b", now=NOW + 90)] == ["late"]
    assert [each.id for each in inbox.claim_stale(store, owner="b", now=NOW + 90, kinds=("action",))] == ["click"]


def test_threads_that_look_for_lost_deliveries_share_them(store):
    for i in range(12):
        put(store, f"Ev{i}")
    gate, claimed = threading.Barrier(4), []

    def look(owner):
        gate.wait()
        for _ in range(4):
            claimed.extend(each.id for each in inbox.claim_stale(store, owner=owner, now=NOW + 60, limit=2))

    threads = [threading.Thread(target=look, args=(f"w{i}",)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(f"Ev{i}" for i in range(12))


def test_a_payload_moved_to_another_row_is_given_up_and_the_rest_goes_on(store, caplog):
    put(store, "Ev1", b"one")
    put(store, "Ev2", b"two", now=NOW + 1)
    with write(store) as tx:
        stolen = table.select().with_only_columns(table.c.payload).where(table.c.id == "Ev2")
        tx.connection.execute(
            table.update().where(table.c.id == "Ev1").values(payload=tx.connection.execute(stolen).scalar())
        )
    assert [each.id for each in inbox.claim_stale(store, owner="b", now=NOW + 90)] == ["Ev2"]
    assert inbox.open_deliveries(store) == Backlog(open=1, expired=1, oldest_at=NOW + 1)
    assert "inbox/Ev1/payload" in caplog.text and "two" not in caplog.text


def test_old_payloads_are_emptied_and_counted(store):
    put(store, "old")
    put(store, "new", now=NOW + 1)
    put(store, "done")
    inbox.finish(store, "done", now=NOW)
    assert inbox.open_deliveries(store) == Backlog(open=2, expired=0, oldest_at=NOW)
    assert inbox.expire(store, now=NOW + 900) == 1
    assert inbox.open_deliveries(store) == Backlog(open=1, expired=1, oldest_at=NOW + 1)
    assert not inbox.finish(store, "old", now=NOW + 901)
    assert [each.id for each in inbox.claim_stale(store, owner="b", now=NOW + 901)] == ["new"]


def test_ids_are_forgotten_after_a_time_but_not_of_what_is_open(store):
    for id in ("done", "expired"):
        put(store, id)
    inbox.finish(store, "done", now=NOW)
    inbox.expire(store, now=NOW + 900)
    put(store, "open")
    put(store, "young", now=NOW + 100)
    inbox.finish(store, "young", now=NOW + 100)
    assert inbox.forget(store, before=NOW + 50) == 2
    assert put(store, "done") and not put(store, "young") and not put(store, "open")


def test_a_dm_is_remembered_by_its_latest_message(store):
    put(store, "1", channel="D1", ts="1800000000.000200", person="U1")
    put(store, "2", channel="D1", ts="1800000000.000100", person="U1")  # came late
    put(store, "3", channel="D2", ts="1800000005.000000", person="U2")
    put(store, "4", channel="C1", ts="1800000009.000000")  # no DM: nobody to catch up with
    assert dm_channels(store, NOW) == [("D2", "U2", "1800000005.000000"), ("D1", "U1", "1800000000.000200")]
    assert dm_channels(store, NOW + 5) == [("D2", "U2", "1800000005.000000")]
    reached(store, "D1", "1800000007.000000")
    reached(store, "D2", "1800000001.000000")
    reached(store, "D3", "1800000001.000000")
    assert dm_channels(store, 0) == [("D1", "U1", "1800000007.000000"), ("D2", "U2", "1800000005.000000")]


def test_a_duplicate_does_not_move_the_dm_on(store):
    put(store, "1", channel="D1", ts="1800000000.000100", person="U1")
    put(store, "1", channel="D1", ts="1800000099.000000", person="U1")
    assert dm_channels(store, 0) == [("D1", "U1", "1800000000.000100")]


def test_a_key_that_is_gone_shows_at_once(store, sealer):
    with pytest.raises(SealBroken):
        sealer.unseal(b"", place="inbox/x/payload")


def test_no_byte_of_a_payload_is_left_in_the_files(tmp_path, sealer):
    store = open_store(f"sqlite:///{tmp_path}/h.db", sealer)
    text = "極秘の図面をA社に送った".encode() * 40
    sealed = []
    for i in range(30):
        put(store, f"Ev{i}", text)
        with store.begin() as tx:
            sealed.append(
                tx.connection.execute(
                    table.select().with_only_columns(table.c.payload).where(table.c.id == f"Ev{i}")
                ).scalar()
            )
    files = lambda: b"".join(path.read_bytes() for path in sorted(tmp_path.iterdir()))  # noqa: E731
    assert text[:30] not in files() and sealed[0][:48] in files()
    for i in range(20):
        inbox.finish(store, f"Ev{i}", now=NOW)
    inbox.expire(store, now=NOW + 900)
    left = files()
    assert not [i for i, value in enumerate(sealed) if value[:24] in left or value[-24:] in left]
    store.close()
