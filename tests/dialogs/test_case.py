"""A case is the sum of its events."""

from datetime import date

import pytest

from dialogs.leak.case import REPORTER, Event, of_events

OPENED = Event(
    1,
    100,
    "opened",
    REPORTER,
    {"receipt": "11-27-3", "family": "taken", "flags": ["insider"], "known_on": "2026-11-27", "alternative": False},
)


def case_of(*rest):
    """The case after the opening and these (kind, data) by U3."""
    return of_events("c1", [OPENED, *(Event(n, 100 + n, kind, "U3", data) for n, (kind, data) in enumerate(rest, 2))])


def test_a_case_begins_with_what_was_told():
    case = case_of()
    assert (case.receipt, case.family, case.flags, case.status) == ("11-27-3", "taken", ("insider",), "new")
    assert case.known_on == date(2026, 11, 27) and case.open and not case.consent


def test_without_its_opening_there_is_no_case():
    with pytest.raises(ValueError, match="opened"):
        of_events("c1", [Event(1, 1, "fact", "U3", {"text": "x"})])


def test_events_are_put_in_their_order():
    second = Event(2, 200, "answered", REPORTER, {"question": "kind", "options": ["lost"]})
    third = Event(3, 300, "answered", REPORTER, {"question": "kind", "options": ["taken"]})
    assert of_events("c1", [third, OPENED, second]).answer("kind") == ("taken",)


def test_taking_handing_over_and_closing():
    assert case_of(("taken", {"owner": "U3"})).status == "taken"
    handed = case_of(("taken", {"owner": "U3"}), ("status", {"status": "acting"}), ("handed_over", {"owner": "U4"}))
    assert (handed.owner, handed.status) == ("U4", "acting")
    closed = case_of(("closed", {"outcome": "no_leak"}))
    assert (closed.status, closed.outcome, closed.open) == ("closed", "no_leak", False)
    again = case_of(("taken", {"owner": "U3"}), ("closed", {"outcome": "done"}), ("reopened", {}))
    assert again.open and again.status == "taken"


def test_another_desk_begins_anew():
    case = case_of(("taken", {"owner": "U3"}), ("desk", {"alternative": True, "reason": "concerned"}))
    assert (case.alternative, case.owner, case.status) == (True, "", "new")


def test_a_task_is_ticked_off_once():
    case = case_of(
        ("task", {"id": "t1", "text": "ログを残す", "due": "2026-11-30"}),
        ("task", {"id": "t2", "text": "電話"}),
        ("task_done", {"id": "t1"}),
        ("task_done", {"id": "t1"}),
    )
    assert [t.id for t in case.open_tasks] == ["t2"]
    assert case.tasks[0].due == date(2026, 11, 30) and case.tasks[0].done_at == 104


def test_each_look_at_who_reported_stays():
    assert case_of(("looked", {}), ("looked", {})).looks == ((102, "U3"), (103, "U3"))


def test_what_a_later_version_wrote_is_kept():
    case = case_of(("balloon", {"text": "x"}))
    assert case.events[-1].kind == "balloon" and case.status == "new" and case.updated_at == 102
