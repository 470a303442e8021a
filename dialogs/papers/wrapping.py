"""Lines of Japanese text: words of letters and numbers stay whole, and no line begins or ends with the wrong sign."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

_NOT_FIRST = set(
    "、。，．・：；？！ー～…‥）〕］｝〉》」』】〟’”ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮ々ゝゞ%),.:;?!]}°"
)
_NOT_LAST = set("（〔［｛〈《「『【〝‘“([{¥$#№")
_PIECE = re.compile(r"[!-~]+|.", re.S)  # a run of ASCII is one piece


def wrapped(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of a text; line breaks in it are kept.

    measure: how wide a text is, in the unit of width; two texts together are as wide as both.
    A piece that is wider than a line is broken where it must be. Blank text is one blank line.
    """
    return [line for part in text.split("\n") for line in _lines(part, width, measure)]


def _lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, here, wide = [], "", 0.0
    for piece, its in _pieces(text, width, measure):
        if not here or wide + its <= width:
            here, wide = here + piece, wide + its
            continue
        cut = _cut(here, piece)
        lines.append(here[:cut].rstrip(" "))
        here = (here[cut:] + piece).lstrip(" ")
        wide = measure(here)
    return [*lines, here]


def _cut(line: str, following: str) -> int:
    """Where a full line ends, so that the next one begins well; at most a few signs go along with it."""
    for back in range(min(4, len(line) - 1)):
        at = len(line) - back
        first = line[at] if back else following[0]
        whole = not (back and line[at - 1].isascii() and line[at].isascii() and line[at] != " " and line[at - 1] != " ")
        if whole and first not in _NOT_FIRST and line[at - 1] not in _NOT_LAST:
            return at
    return len(line)


def _pieces(text: str, width: float, measure: Callable[[str], float]) -> Iterator[tuple[str, float]]:
    """What is not broken, each with how wide it is."""
    known: dict[str, float] = {}
    for piece in _PIECE.findall(text):
        whole = known[piece] if piece in known else known.setdefault(piece, measure(piece))
        if whole <= width:
            yield piece, whole
        else:
            yield from ((sign, measure(sign)) for sign in piece)
