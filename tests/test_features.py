"""How features meet the conversation: by name, one for each."""

import pytest

from bot.features import DueItem, Feature, Features


def test_each_name_is_answered_by_one_feature():
    with pytest.raises(ValueError, match=r"commands.*check"):
        Features(
            (Feature("a", commands={"check": lambda t, r: None}), Feature("b", commands={"check": lambda t, r: None}))
        )


def test_what_nobody_answers_for_is_left_to_the_conversation():
    nothing = Features((Feature("a"),))
    assert nothing.command("check") is None and nothing.home(None) == [] and nothing.kept(None) == []


def test_forgetting_goes_through_every_feature():
    both = Features((Feature("a", forget=lambda tx, person: 2), Feature("b", forget=lambda tx, person: 3)))
    assert both.forget(None, "U1") == 5


def test_what_is_due_is_gathered_by_person():
    one = DueItem("task", "gap-1", 5, "x")
    two = DueItem("check", "run-1", 6, "y")
    both = Features(
        (
            Feature("a", due=lambda persons, now: {p: [one] for p in persons}),
            Feature("b"),
            Feature("c", due=lambda persons, now: {"U1": [two]}),
        )
    )
    assert both.due(["U1", "U2"], 0) == {"U1": [one, two], "U2": [one]}


def test_what_is_for_a_person_alone_is_gathered():
    both = Features((Feature("a", personal=("nudge",)), Feature("b"), Feature("c", personal=("note", "card"))))
    assert both.personal() == ["nudge", "note", "card"]
