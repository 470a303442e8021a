"""How features meet the conversation: by name, one for each."""

import pytest

from bot.features import Feature, Features


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
