"""Which entries a message names: variants and typos yes, parts of other words never."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.inventory.model import Item
from dialogs.inventory.names import Names

ITEMS = (
    Item("cost", "原価表", "秘", "経理課"),
    Item("standard", "標準原価表", "極秘", "経理課"),
    Item("weld", "溶接条件一覧表", "秘", "製造部", variants=("溶接の条件シート",)),
    Item("spec_a", "A社仕様書", "秘", "開発部"),
    Item("spec_b", "B社仕様書", "秘", "開発部"),
    Item("pump", "新型ポンプの図面", "極秘", "開発部", variants=("ABC-200図面",)),
    Item("buyers", "仕入先リスト", "秘", "購買課"),
    Item("sellers", "仕入先リスト", "社外秘", "営業部"),
    Item("plan1", "上期販売計画書", "秘", "営業部"),
)
NAMES = Names(ITEMS)


def found(text):
    return [(sorted(i.id for i in f.items), f.said, f.sure) for f in NAMES.find(text)]


@pytest.mark.parametrize(
    ("text", "ids", "said"),
    [
        ("原価表を外注に送っていい？", ["cost"], "原価表"),
        ("【原価表】です", ["cost"], "原価表"),
        ("原価表.xlsx を送る", ["cost"], "原価表"),
        ("原価 表を見せる", ["cost"], "原価 表"),
        ("最新の原価表データを客に渡す", ["cost"], "原価表"),
        ("原価表送付していい？", ["cost"], "原価表"),
        ("2025年度原価表を見せたい", ["cost"], "原価表"),
        ("トヨタ向け原価表を見せたい", ["cost"], "原価表"),
        ("標準原価表は秘密？", ["standard"], "標準原価表"),  # the longest name, not the one inside it
        ("ＡＢＣ－２００図面を送る", ["pump"], "ＡＢＣ－２００図面"),
        ("溶接の条件シートは", ["weld"], "溶接の条件シート"),
        ("仕入先リストは秘密？", ["buyers", "sellers"], "仕入先リスト"),  # which of them, nobody can tell
    ],
)
def test_a_name_is_found_as_it_is_written(text, ids, said):
    assert found(text) == [(ids, said, True)]


@pytest.mark.parametrize(
    ("text", "ids", "said"),
    [
        ("原価票を送っていい？", ["cost"], "原価票"),  # by its sound
        ("減価表を送っていい？", ["cost"], "減価表"),
        ("溶接条件一欄表を見せる", ["weld"], "溶接条件一欄表"),  # 一覧, as an IME writes it
        ("溶接条件一覧を見せる", ["weld"], "溶接条件一覧"),  # a letter missing
        ("新型ポンプ図面を見せる", ["pump"], "新型ポンプ図面"),
        ("仕入れ先リストは？", ["buyers", "sellers"], "仕入れ先リスト"),
    ],
)
def test_a_slip_in_a_name_is_understood_and_said(text, ids, said):
    assert found(text) == [(ids, said, False)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "原価表示は秘密ですか",  # 表示 is the word there
        "製品別原価表を送っていい？",  # another table
        "原価表作成ソフトを買っていい？",  # a thing named after it
        "C社仕様書を見せていい？",  # a letter tells two things apart
        "ABC-300図面を送る",
        "下期販売計画書を見せる",
        "溶接上限一覧表を見せる",
        "原価を表にする",
    ],
)
def test_another_word_is_no_name(text):
    assert found(text) == []


def test_several_names_stand_in_their_order():
    assert found("B社仕様書とA社仕様書、それに原価表") == [
        (["spec_b"], "B社仕様書", True),
        (["spec_a"], "A社仕様書", True),
        (["cost"], "原価表", True),
    ]


def test_searching_looks_into_everything_but_the_notes():
    assert [i.id for i in NAMES.search("購買")] == ["buyers"]
    assert [i.id for i in NAMES.search("仕様書 開発")] == ["spec_a", "spec_b"]
    assert next(i.id for i in NAMES.search("原価票")) == "cost"
    assert len(NAMES.search(" ")) == len(ITEMS)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="原価表標準を はAＡ社仕様書。\n\U0001f600\ud800ｶﾞ", max_size=30))
def test_what_was_said_is_always_a_part_of_the_message(text):
    for each in NAMES.find(text):
        assert each.said and each.said in text and each.items


@given(st.text("あいうえ", min_size=5, max_size=9), st.data())
def test_with_one_letter_wrong_either_edge_of_a_name_is_left(name: str, data: st.DataObject) -> None:
    """What the quick look relies on: before each of a message's words is compared letter by letter."""
    at = data.draw(st.integers(0, len(name) - 1))
    other = data.draw(st.sampled_from("あいうえお"))
    swapped = name[:at] + name[at : at + 2][::-1] + name[at + 2 :]
    for said in (
        name[:at] + name[at + 1 :],
        name[:at] + other + name[at:],
        name[:at] + other + name[at + 1 :],
        swapped,
    ):
        assert said[:2] == name[:2] or said[-2:] == name[-2:]
