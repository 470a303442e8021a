"""Dialogues, people and requests: what is kept of a person, shown, and removed."""

import pytest

from bot.store import Dialogue, Person, SealBroken, channels, dialogue, inbox, mydata, outbox, people, requests
from bot.store.engine import write
from bot.store.schema import requests as requests_table

NOW = 1_800_000_000


def talk(id, **more):
    return Dialogue(
        **(
            {"id": id, "person": "U1", "channel": "D1", "state": {"choices": [1]}, "opened_at": NOW, "updated_at": NOW}
            | more
        )
    )


def test_a_dialogue_comes_back_as_it_was_saved(store):
    kept = talk(
        "d1", state={"concepts": ["図面", "drawing/done"], "asked": {"q": None}}, message_ts="1800000000.000100"
    )
    dialogue.save(store, kept)
    assert dialogue.load(store, "d1") == kept
    assert dialogue.load(store, "d2") is None


def test_saving_again_changes_it_but_an_older_state_does_not(store):
    dialogue.save(store, talk("d1"))
    dialogue.save(store, talk("d1", state={"choices": [1, 2]}, updated_at=NOW + 5, message_ts="1.000002"))
    dialogue.save(store, talk("d1", state={"choices": [9]}, updated_at=NOW + 4))
    assert dialogue.load(store, "d1") == talk(
        "d1", state={"choices": [1, 2]}, updated_at=NOW + 5, message_ts="1.000002"
    )


def test_what_is_open_comes_latest_first_and_of_that_person_and_channel(store):
    dialogue.save(store, talk("first"))
    dialogue.save(store, talk("second", updated_at=NOW + 1))
    dialogue.save(store, talk("closed", updated_at=NOW + 2))
    dialogue.save(store, talk("elsewhere", channel="C1"))
    dialogue.save(store, talk("other", person="U2"))
    assert dialogue.close(store, "closed", now=NOW + 3)
    assert not dialogue.close(store, "closed", now=NOW + 4)
    assert [each.id for each in dialogue.open_of(store, "U1", "D1")] == ["second", "first"]
    assert [each.id for each in dialogue.open_of(store, "U1", "D1", limit=1)] == ["second"]
    assert [each.id for each in dialogue.of_person(store, "U1")] == ["closed", "second", "first", "elsewhere"]
    assert [each.id for each in dialogue.latest(store, "U1", "D1", limit=2)] == ["closed", "second"]
    assert dialogue.load(store, "closed") == talk("closed", updated_at=NOW + 3, closed=True)


def test_dialogues_nobody_touched_are_forgotten(store):
    dialogue.save(store, talk("old"))
    dialogue.save(store, talk("new", updated_at=NOW + 10))
    assert dialogue.forget(store, before=NOW + 10) == 1
    assert [each.id for each in dialogue.of_person(store, "U1")] == ["new"]


PERSON = Person(
    "U1", "T1", "山田 花子", "Asia/Tokyo", guest=False, stranger=False, bot=False, deleted=False, fetched_at=NOW
)


def test_a_person_is_kept_as_slack_said_last(store):
    assert people.get(store, "U1") is None
    people.put(store, PERSON)
    assert people.get(store, "U1") == PERSON
    later = Person("U1", "T2", "山田", "", guest=True, stranger=True, bot=True, deleted=True, fetched_at=NOW + 1)
    people.put(store, later)
    assert people.get(store, "U1") == later


def test_a_request_is_kept_until_it_is_handled(store):
    first = requests.add(
        store,
        "ask",
        "U1",
        note="客先に出す前に見てほしい",
        rules=["r.a", "r.b"],
        verdict="review",
        intent="secret_check",
        now=NOW,
    )
    second = requests.add(store, "disagree", "U2", intent="leak", now=NOW + 1)
    assert [each.id for each in requests.open_requests(store)] == [first, second]
    asked = requests.get(store, first)
    assert (asked.kind, asked.person, asked.note, asked.rules, asked.verdict) == (
        "ask",
        "U1",
        "客先に出す前に見てほしい",
        ("r.a", "r.b"),
        "review",
    )
    assert requests.get(store, second).note == "" and requests.get(store, "none") is None
    assert requests.finish(store, first, by="U8", now=NOW + 9)
    assert not requests.finish(store, first, by="U9", now=NOW + 10)
    done = requests.get(store, first)
    assert (done.state, done.handled_by, done.handled_at) == ("done", "U8", NOW + 9)
    assert [each.id for each in requests.open_requests(store)] == [second]


def test_a_request_with_the_callers_id_is_kept_once(store):
    for note in ("one", "two"):
        assert requests.add(store, "ask", "U1", note=note, intent="desk", now=NOW, id="click-1") == "click-1"
    assert [each.note for each in requests.open_requests(store)] == ["one"]


def test_who_asked_and_what_they_wrote_is_sealed_and_bound_to_the_row(store):
    one = requests.add(store, "ask", "U1SECRET", note="図面の件", intent="desk", now=NOW)
    two = requests.add(store, "ask", "U2", note="b", intent="desk", now=NOW)
    with write(store) as tx:
        rows = {row.id: row for row in tx.connection.execute(requests_table.select())}
        assert b"U1SECRET" not in rows[one].person and "図面".encode() not in rows[one].note
        tx.connection.execute(requests_table.update().where(requests_table.c.id == two).values(person=rows[one].person))
    assert requests.get(store, one).person == "U1SECRET"
    with pytest.raises(SealBroken):
        requests.get(store, two)


def test_a_persons_data_is_removed_everywhere_and_others_stay(store):
    for person, dm in (("U1", "D1"), ("U2", "D2")):
        dialogue.save(store, talk(f"d-{person}", person=person))
        people.put(store, Person(person, "T1", person, "", False, False, False, False, NOW))
        requests.add(store, "ask", person, intent="desk", now=NOW)
        inbox.receive(
            store, person, "event", b"{}", owner="a", now=NOW, channel=dm, ts="1800000000.000100", person=person
        )
        outbox.plan(store, f"n-{person}", kind="nudge", target=person, message={"text": "x"}, due_at=NOW, lookup=True)
    (mine,) = requests.of_person(store, "U1")
    requests.finish(store, mine.id, by="U9", now=NOW)
    found = mydata.delete_person(store, "U1", own=["nudge"])
    assert found == {"dialogues": 1, "people": 1, "requests": 1, "channels": 1, "nameless": 0, "outbox": 1}
    assert not any(mydata.delete_person(store, "U1", own=["nudge"]).values())
    assert (
        dialogue.of_person(store, "U1") == []
        and requests.of_person(store, "U1") == []
        and people.get(store, "U1") is None
    )
    assert [each.person for each in requests.open_requests(store)] == ["U2"]
    assert dialogue.of_person(store, "U2") and people.get(store, "U2") and outbox.counts(store) == {"due": 1}


def test_what_others_still_need_loses_the_name_and_its_note_when_dealt_with(store):
    sent = requests.add(store, "leak", "U1", note="電車に忘れた", intent="leak", now=NOW)
    assert mydata.delete_person(store, "U1")["nameless"] == 1
    left = requests.get(store, sent)
    assert (left.person, left.note, left.state) == ("", "電車に忘れた", "open")
    assert requests.finish(store, sent, by="U9", now=NOW)
    assert requests.get(store, sent).note == ""


def test_what_waits_for_a_person_in_a_role_is_not_theirs_to_delete(store):
    for kind in ("letter", "direct", "nudge"):
        outbox.plan(store, kind, kind=kind, target="U9", message={"text": "x"}, due_at=NOW, lookup=True)
    row = outbox.claim(store, owner="a", now=NOW)  # the first of the three by id
    assert row.id == "direct" and outbox.mark_sent(store, row, channel="D9", ts="1.1")
    assert outbox.delete_person(store, "U9") == 1
    assert outbox.counts(store) == {"due": 2}
    assert outbox.delete_person(store, "U9", own=["nudge"]) == 1
    assert outbox.claim(store, owner="a", now=NOW).kind == "letter"


def test_a_dm_that_is_known_stays_as_far_as_it_was_read(store):
    assert channels.opened(store, "D1", "U1", "100.0")
    assert not channels.opened(store, "D1", "U1", "900.0")
    assert channels.dm_channels(store, 0) == [("D1", "U1", "100.0")]
