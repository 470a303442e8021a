"""Sums of learned weights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.weights import Weights

WEIGHTS = st.integers(-9_999, 9_999).map(lambda hundredths: hundredths / 100)
TABLES = st.dictionaries(st.text(max_size=3), st.dictionaries(st.sampled_from("abcde"), WEIGHTS, max_size=5))


@given(TABLES)
def test_they_read_like_the_mapping_they_are_made_from(table):
    said = {sign: {name: weight for name, weight in row.items() if weight} for sign, row in table.items()}
    assert Weights(table) == said
    assert len(Weights(table)) == len(table)


@given(TABLES, st.sets(st.text(max_size=3)), st.data())
def test_a_total_is_exact_for_each_name(table, others, data):
    names = {name for row in table.values() for name in row}
    signs = others | data.draw(st.sets(st.sampled_from(sorted(table)))) if table else others
    hundredths = {
        name: sum(round(row.get(name, 0) * 100) for sign, row in table.items() if sign in signs) for name in names
    }
    assert Weights(table).total(signs) == {name: total / 100 for name, total in hundredths.items()}


def test_nothing_is_said_without_weights():
    assert Weights().total({"図面", "=plan"}) == {}
    assert not Weights()


def test_a_weight_beyond_all_reason_is_refused():
    with pytest.raises(OverflowError, match="図面"):
        Weights({"図面": {"leak": 1001.0}, "名簿": {"leak": 1.0}})
