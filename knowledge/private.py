"""Numbers and texts that nobody should type into a chat: recognised, so that they are neither kept nor repeated.

Card numbers by their length and Luhn's check, My Number by its check digit (検査用数字, weights 2-7 then 2-6 from
the right), and a long text pasted under a mark of confidentiality (design.md §8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .text import normalise

LONG = 200  # characters; a shorter text under a mark is a sentence about the mark
_DIGITS = re.compile(r"(?<![\d.])\d(?:[ -]?\d){11,18}(?![\d.])")
_MARK = re.compile(
    r"社外秘|部外秘|関係者外秘|マル秘|丸秘|極秘|厳秘|取扱注意|取り扱い注意|confidential|strictly private"
)
_CARD_LENGTHS = (14, 15, 16)  # 12 digits are a My Number, 13 a bar code


@dataclass(frozen=True)
class Private:
    """What was recognised, by kind: `card`, `my_number`, `marked_text`. Empty where nothing was."""

    kinds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds)


def find_private(text: str) -> Private:
    """The kinds of private matter in a text as typed, each once; blank text has none."""
    plain = normalise(text).text
    kinds = []
    for match in _DIGITS.finditer(plain):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) == 12 and is_my_number(digits):
            kinds.append("my_number")
        elif len(digits) in _CARD_LENGTHS and is_card_number(digits):
            kinds.append("card")
    if len(plain) > LONG and _MARK.search(plain):
        kinds.append("marked_text")
    return Private(tuple(dict.fromkeys(kinds)))


def is_card_number(digits: str) -> bool:
    """Luhn's check; a row of one digit is none."""
    if len(set(digits)) == 1:
        return False
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_my_number(digits: str) -> bool:
    """The check digit of 12 digits: 11 - (sum of P(n) x Q(n)) mod 11, 0 where the remainder is 0 or 1."""
    if len(set(digits)) == 1:
        return False
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(digits[:-1]), 1))
    rest = total % 11
    return int(digits[-1]) == (0 if rest <= 1 else 11 - rest)
