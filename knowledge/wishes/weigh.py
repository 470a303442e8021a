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
from .named import Named, days, hours, refused
from .signs import HERE, Said, speaks, told
from .when import around

FILE = "wishes/weights.yaml"
Action = Literal["on", "off", "pause", "resume", "change", "next", "status", "done"]
ACTIONS: tuple[str, ...] = get_args(Action)
SURE = 0.0  # a sum that tells the action where no sign but letters does
TIMED = ("on", "resume", "change")  # actions that may name a day or an hour


class WeightFile(Model):
    """`actions`: a sign, and what it adds to each action. `named`: what it adds to a day or an hour being wanted;
    `timed`: the same where the action is one of TIMED."""

    actions: Mapping[Str, Mapping[Action, Number]]
    named: Mapping[Str, Number]
    timed: Mapping[Str, Number]


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


def wanted(said: Said, named: list[Named], table: Mapping[str, float]) -> Named | None:
    """The day, or the hour, that it shall be; None where all are habit, date or refused."""
    best, most = None, 0.0
    for n, this in enumerate(named):
        sum_ = table.get("", 0.0) + sum(table.get(sign, 0.0) for sign in around(named, n, said))
        if sum_ > 0 and sum_ >= most:
            best, most = this, sum_
    return best


def read(said: Said) -> tuple[str | None, Named | None, Named | None]:
    """(action, day, hour); None where nothing in the message speaks of it."""
    all_days, all_hours = days(said.text), hours(said.text)
    first = weights().named
    what = action(said, wanted(said, all_days, first), wanted(said, all_hours, first))
    if what not in TIMED:
        return what, None, None
    return what, wanted(said, all_days, weights().timed), wanted(said, all_hours, weights().timed)


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
        signs |= {f"@set {f.sign.id}": 1 for f in said.found}
    return signs


def action(said: Said, day: Named | None, hour: Named | None) -> str | None:
    """What to do with the reminder; None where nothing in the message speaks of it."""
    by_names = named_signs(said, day, hour)
    signs = told(said) | by_names
    table = weights().actions
    sums: dict[str, float] = dict.fromkeys(ACTIONS, 0.0)
    for sign, value in ({"": 1.0} | signs).items():
        for name, weight in table.get(sign, {}).items():
            sums[name] += value * weight
    best = max(sums, key=lambda name: (sums[name], name))
    return best if by_names or speaks(said) or sums[best] > SURE else None
