"""knowledge/private.py: what nobody should type into a chat."""

import pytest

from knowledge.private import find_private

LONG = "配合は次のとおりです。" * 20


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("カードは4111 1111 1111 1111です", ("card",)),
        ("４１１１－１１１１－１１１１－１１１１", ("card",)),  # full width
        ("5555555555554444 と 378282246310005", ("card",)),
        ("4111 1111 1111 1112", ()),  # Luhn fails
        ("0000 0000 0000 0000", ()),
        ("マイナンバーは1234 5678 9018です", ("my_number",)),
        ("123456789018", ("my_number",)),
        ("123456789012", ()),  # check digit fails
        ("JANコードは4901234567894", ()),  # 13 digits are a bar code
        ("電話は03-1234-5678", ()),
        ("社外秘の資料を送っていい？", ()),  # about the mark, not the text itself
        (f"【社外秘】{LONG}", ("marked_text",)),
        (f"CONFIDENTIAL {LONG}", ("marked_text",)),
        (f"㊙ {LONG}", ("marked_text",)),
        (LONG, ()),
        (f"社外秘 4111111111111111 {LONG}", ("card", "marked_text")),
        ("", ()),
    ],
)
def test_private_matter_is_recognised_by_its_form(text, kinds):
    assert find_private(text).kinds == kinds


@pytest.mark.parametrize("dash", [*"- ‐ ‑ – — − ー _ / ・ .".split(), "\n", "  ", "\u3000"])
def test_a_card_number_is_recognised_however_it_is_divided(dash):
    assert find_private(f"番号{dash.join(['4111', '1111', '1111', '1111'])}です").kinds == ("card",)


@pytest.mark.parametrize(
    "text, kinds",
    [
        ("1 4111 1111 1111 1111", ("card",)),  # an item of a list
        ("03-1234-5678 4111 1111 1111 1111", ("card",)),
        ("4111 1111 1111 1111 12/27 123", ("card",)),
        ("4111 1111 1111 1111.", ("card",)),
        ("No.4111111111111111", ("card",)),
        ("03-1234-5678\n1234-5678-9018", ("my_number",)),
        ("2026-11-27 12:34 03-1234-5678 内線 5678", ()),
        ("3.14159 26535", ()),
    ],
)
def test_a_number_is_found_among_others(text, kinds):
    assert find_private(text).kinds == kinds
