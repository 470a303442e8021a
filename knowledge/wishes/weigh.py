"""What the signs of a message tell together: the action, and which of the days and hours named are wanted.

Words and endings are written by people; how much each counts is learned from labelled sentences (weights.yaml,
tests/eval/fit_wishes.py).
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Literal, get_args

from ..datafile import check, read_yaml
from ..errors import ContentError
from ..schema import Model, Number, Str
from .signs import HERE, Said, speaks, told
from .when import Named, around, days, hours, refused

FILE = "wishes/weights.yaml"
Action = Literal["on", "off", "pause", "resume", "change", "next", "status", "done"]
ACTIONS: tuple[str, ...] = get_args(Action)
TIMED = ("on", "resume", "change")  # actions that may name a day or an hour


class WeightFile(Model):
    """`actions`: a sign, and what it adds to each action. `when`: what it adds to a day or an hour being wanted."""

    actions: Mapping[Str, Mapping[Action, Number]]
    when: Mapping[Str, Number]


@functools.cache
def weights() -> WeightFile:
    """Raises ContentError with every problem of weights.yaml."""
    path, name = HERE / "weights.yaml", f"knowledge/{FILE}"
    raw, problems = read_yaml(path, name)
    file, wrong = check(raw, WeightFile, path, name)
    if problems or wrong:
        raise ContentError([*problems, *wrong])
    found: WeightFile = file
    return found


def wanted(said: Said, named: list[Named]) -> Named | None:
    """The day, or the hour, that it shall be; None where all are habit, date or refused."""
    table = weights().when
    best, most = None, 0.0
    for n, this in enumerate(named):
        sum_ = table.get("", 0.0) + sum(table.get(sign, 0.0) for sign in around(named, n, said))
        if sum_ > 0 and sum_ >= most:
            best, most = this, sum_
    return best


def named_signs(said: Said, day: Named | None, hour: Named | None) -> dict[str, float]:
    """What the days and hours of a message say of the action. day, hour: the ones that are wanted."""
    signs: dict[str, float] = {}
    all_days, all_hours = days(said.text), hours(said.text)
    for kind, one, all_ in (("day", day, all_days), ("hour", hour, all_hours)):
        if one or all_:
            signs[f"@{kind}" if one else f"@{kind}?"] = 1
    if any(refused(said.text, n.end) for n in (*all_days, *all_hours)):
        signs["@refused"] = 1
    if day or hour:
        signs["@set"] = 1
        signs |= {f"@set {f.sign}": 1 for f in said.found}
    return signs


def action(said: Said, day: Named | None, hour: Named | None) -> str | None:
    """What to do with the reminder; None where nothing in the message speaks of it."""
    by_names = named_signs(said, day, hour)
    if not by_names and not speaks(said):
        return None
    signs = told(said) | by_names
    table: Mapping[str, Mapping[str, float]] = weights().actions
    sums = dict.fromkeys(ACTIONS, 0.0)
    for sign, value in ({"": 1.0} | signs).items():
        for name, weight in table.get(sign, {}).items():
            sums[name] += value * weight
    return max(sums, key=lambda name: (sums[name], name))
