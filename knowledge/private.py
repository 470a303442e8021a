"""Numbers and texts that nobody should type into a chat: recognised, so that they are neither kept nor repeated.

Card numbers by their length and Luhn's check, My Number by its check digit (検査用数字, weights 2-7 then 2-6 from
the right), and a long text pasted under a mark of confidentiality (design.md §8).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .text import Text, normalise

LONG = 200  # characters; a shorter text under a mark is a sentence about the mark
# Groups of digits and what people put between them: spaces, a new line, dashes of all kinds, also ー of a Japanese IME.
_RUN = re.compile(r"\d+(?:(?: {1,2}|\n|[-‐‑‒–—−ー_/・.])\d+)*")
_MARK = re.compile(
    r"社外秘|部外秘|関係者外秘|マル秘|丸秘|極秘|厳秘|取扱注意|取り扱い注意|confidential|strictly private"
)
_CARD_LENGTHS = (14, 15, 16)  # 12 digits are a My Number, 13 a bar code
_CARD_GROUPS = {(16,), (15,), (14,), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4)}  # as they are written among other numbers
_MY_NUMBER_GROUPS = {(12,), (4, 4, 4)}


@dataclass(frozen=True)
class Private:
    """What was recognised, by kind: `card`, `my_number`, `marked_text`. Empty where nothing was."""

    kinds: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.kinds)


def find_private(text: str | Text) -> Private:
    """The kinds of private matter in a text as typed, or normalised already, each once; blank text has none."""
    plain = (text if isinstance(text, Text) else normalise(text)).text
    kinds = [kind for match in _RUN.finditer(plain) for kind in _numbers(match[0])]
    if len(plain) > LONG and _MARK.search(plain):
        kinds.append("marked_text")
    return Private(tuple(dict.fromkeys(kinds)))


def _numbers(run: str) -> list[str]:
    """The kinds of numbers in groups of digits: all of them together, or some of them, written as is usual."""
    parts = re.split(r"(\D+)", run)
    groups, gaps = parts[::2], parts[1::2]
    whole = "".join(groups)
    if "." not in run:  # else a decimal, a date, or an address
        if len(whole) in _CARD_LENGTHS and is_card_number(whole):
            return ["card"]
        if len(whole) == 12 and is_my_number(whole):
            return ["my_number"]
    found = []
    for at in range(len(groups)):
        for until in range(at + 1, min(at + 4, len(groups)) + 1):
            shape = tuple(map(len, groups[at:until]))
            digits = "".join(groups[at:until])
            if shape in _CARD_GROUPS and is_card_number(digits):
                found.append("card")
            elif shape in _MY_NUMBER_GROUPS and is_my_number(digits):
                # Three groups of four beside a fourth, divided alike, are part of something longer.
                ends = [n for n in (at - 1, until - 1) if 0 <= n < len(gaps) and gaps[n] == gaps[at]]
                if len(shape) == 1 or not any(len(groups[n if n < at else until]) == 4 for n in ends):
                    found.append("my_number")
    return found


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
