"""Entries in one typed line, and one field of one: each part known by what it is, whatever the order."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.inventory.model import FIELDS, House, clean, default_classes, make
from dialogs.inventory.said import one, whole

HOUSE = House(default_classes(), (("経理部", "経理"),))


@pytest.mark.parametrize(
    "order", list(itertools.permutations(["マル秘", "経理", "電子データ", "2027年4月1日"])), ids=str
)
def test_the_parts_may_come_in_any_order(order):
    given_, rest = whole("、".join(["原価表", *order]), HOUSE)
    item, troubles = make(given_, HOUSE, id="a")
    assert not rest and not troubles
    assert (item.name, item.secrecy, item.department, item.media, item.review) == (
        "原価表",
        "秘",
        "経理部",
        ("データ",),
        "2027-04-01",
    )


def test_what_cannot_be_placed_is_given_back():
    assert whole("原価表、秘、経理、佐藤、何か", HOUSE)[1] == ["何か"]
    assert whole(" 、 ", HOUSE) == ({}, [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("区分 極秘", ("secrecy", "極秘")),
        ("担当部署：経理課", ("department", "経理課")),
        ("見直し日　2027-04-01", ("review", "2027-04-01")),
        ("備考 なし", ("note", "なし")),
        ("版 3", None),  # nobody sets it
        ("管理番号 x", None),
        ("この図面を送っていい？", None),
        ("区分", None),
    ],
)
def test_one_field_is_named_by_its_heading(text, found):
    assert one(text) == found


BETWEEN = "、,，;；/／\n"
PARTS = st.sampled_from(["原価表", "秘", "マル秘", "紙", "電子データ", "経理課", "2027年4月1日", "なし"]) | st.text(
    st.characters(exclude_characters=BETWEEN), max_size=12
)


@given(st.lists(PARTS, max_size=8), st.sampled_from(BETWEEN))
def test_nothing_of_a_line_is_lost_or_made_up(parts, between):
    given_, rest = whole(between.join(parts), HOUSE)
    placed = [part for value in given_.values() for part in value.split("、")]
    assert sorted([*placed, *rest]) == sorted(filter(None, map(clean, parts)))
    item, troubles = make(given_, HOUSE, id="a")
    assert (item is None) == bool(troubles)


@given(st.sampled_from(["区分", "備考", "版", ""]), st.text(max_size=40))
def test_a_field_is_one_that_can_be_set_and_its_value_is_as_typed(heading, text):
    if found := one(f"{heading} {text}"):
        assert found[0] in FIELDS and text.strip().endswith(found[1])
