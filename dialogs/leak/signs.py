"""Signs in a message that change what is said beside the first steps. Only their ids leave this module."""

from __future__ import annotations

import functools
import re
from pathlib import Path

import yaml

from knowledge.text import Text, normalise

OVER = 1000  # persons; the legal case is *more than* so many (law.L-210)
_COUNT = re.compile(r"(\d[\d,]*(?:\.\d+)?)(千|万)?(?:人|名|件|社員分|世帯)")
_TIMES = {"千": 1000, "万": 10_000}


def signs(text: str | Text) -> tuple[str, ...]:
    """Ids of signs.yaml that a message holds, and `over_1000` where it counts more persons than that; () for blank.

    text: as typed, or normalised already.
    """
    plain = (text if isinstance(text, Text) else normalise(text)).text
    found = [id for id, rows in _table().items() if all(any(word in plain for word in row) for row in rows)]
    if any(_number(match) > OVER for match in _COUNT.finditer(plain)):
        found.append("over_1000")
    return tuple(found)


def _number(match: re.Match[str]) -> float:
    return float(match[1].replace(",", "")) * _TIMES.get(match[2] or "", 1)


@functools.cache
def _table() -> dict[str, list[list[str]]]:
    rows: dict[str, list[list[str]]] = yaml.safe_load((Path(__file__).parent / "signs.yaml").read_text("utf-8"))
    return {id: [[normalise(word).text for word in row] for row in rows] for id, rows in rows.items()}
