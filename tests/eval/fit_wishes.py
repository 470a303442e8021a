#!/usr/bin/env python3
"""Learn the weights of knowledge/wishes/weights.yaml from the labelled sentences about the weekly reminder. Needs scikit-learn.

    python tests/eval/fit_wishes.py             cross-validate only, leaving out one author at a time
    python tests/eval/fit_wishes.py --write     learn from all of them and write the file

Signs and endings are written by people; only how much each counts is learned, by logistic regression (L2). Sentences:
tests/cases/wishes/*.jsonl and tests/cases/nudge_ways.txt. What a file was worth before it was learned from is in the README.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from knowledge.settings import spelt
from knowledge.wishes import named, signs, weigh, when

HERE = Path(__file__).parent
CASES = HERE.parent / "cases"
TRUST = 8.0  # the higher, the more a sign counts that few sentences have; 4 and 20 do alike
UNHEARD = 0.3  # see unheard(); .2 and .4 do alike
TIMES = 3  # so often; once does nearly as well, and hangs more on chance
WHEN_TRUST = 1.0
RARE = 2  # signs in fewer sentences are left out
RARE_LETTERS = 5
LEAST = 0.1  # smaller weights are left out; at .2 one sentence of 200 more goes wrong


@dataclass
class Row:
    text: str
    weekday: str | None
    hour: int | None
    action: str
    by: str


def sentences() -> list[Row]:
    """Every labelled sentence once; the first to say it counts."""
    rows = []
    for file in sorted((CASES / "wishes").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows.append(Row(row["text"], row["weekday"], row["hour"], row["action"], row.get("by", file.stem)))
    for line in (CASES / "nudge_ways.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            text, day, hour, action, _ = line.split("|")
            rows.append(Row(text, day or None, int(hour) if hour else None, action, "ways"))
    return list({row.text: row for row in reversed(rows)}.values())[::-1]


class Learned:
    """One weight for each sign, and a constant, for one yes or no."""

    def __init__(self, rows: Sequence[Mapping[str, float]], yes: Sequence[bool], trust: float):
        self.signs = sorted({sign for row in rows for sign in row})
        place = {sign: n for n, sign in enumerate(self.signs)}
        cells = [(n, place[s], v) for n, row in enumerate(rows) for s, v in row.items()]
        at, column, value = zip(*cells, strict=True)
        x = csr_matrix((value, (at, column)), shape=(len(rows), len(self.signs)))
        x.indices, x.indptr = x.indices.astype(np.int32), x.indptr.astype(np.int32)
        model = LogisticRegression(C=trust, solver="liblinear", max_iter=500)
        model.fit(x, np.array(yes))
        self.weights = dict(zip(self.signs, map(float, model.coef_[0]), strict=True)) | {"": float(model.intercept_[0])}

    def says(self, row: Mapping[str, float]) -> float:
        return self.weights[""] + sum(self.weights.get(sign, 0.0) * value for sign, value in row.items())


def named_rows(row: Row, said: signs.Said) -> list[tuple[str, named.Named, dict[str, float], bool]]:
    """(kind, day or hour, its signs, whether it is wanted) of all that are named."""
    found = []
    for kind, all_ in (("weekday", named.days(said.text)), ("hour", named.hours(said.text))):
        for n, one in enumerate(all_):
            around = dict.fromkeys(when.around(all_, n, said), 1.0)
            found.append((kind, one, around, one.value == getattr(row, kind)))
    return found


Names = list[tuple[str, named.Named, dict[str, float], bool]]


def learn_when(names: list[Names]) -> Learned:
    flat = [(around, yes) for found in names for _, _, around, yes in found]
    return Learned([a for a, _ in flat], [y for _, y in flat], WHEN_TRUST)


def pick(model: Learned, found: Names, kind: str) -> named.Named | None:
    best, most = None, 0.0
    for k, one, around, _ in found:
        value = model.says(around)
        if k == kind and value > 0 and value >= most:
            best, most = one, value
    return best


def thinned(told: list[list[dict[str, float]]]) -> list[dict[str, float]]:
    count = collections.Counter(sign for some in told for row in some for sign in row)
    kept = {s for s, n in count.items() if n >= len(told) * (RARE_LETTERS if s[0] == "~" else RARE)}
    return [{s: v for s, v in row.items() if s in kept} for some in told for row in some]


def unheard(said: signs.Said, chance: random.Random) -> signs.Said:
    """A message with some of its signs gone.

    Word lists know every message they were written for, and miss words of those to come: each message is learned
    again so. Source: 670 sentences that the word lists had not seen, .899 of the actions; with signs gone .907.
    """
    gone = {f.sign.id for f in said.found if chance.random() < UNHEARD}
    return signs.Said(said.text, said.reading, tuple(f for f in said.found if f.sign.id not in gone))


def learn_actions(told: list[list[dict[str, float]]], rows: Sequence[Row]) -> dict[str, Learned]:
    """told: the signs of all rows, and again with some of them gone."""
    kept, times = thinned(told), len(told)
    return {name: Learned(kept, [row.action == name for row in rows] * times, TRUST / times) for name in weigh.ACTIONS}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument("--show", action="store_true", help="show the sentences that are read wrongly")
    given = parser.parse_args()
    rows = sentences()
    said = [signs.look(spelt(row.text)) for row in rows]
    names = [named_rows(row, s) for row, s in zip(rows, said, strict=True)]
    authors = np.array([row.by for row in rows])
    days: list[named.Named | None] = [None] * len(rows)
    hours: list[named.Named | None] = [None] * len(rows)
    later: list[tuple[named.Named | None, named.Named | None]] = [(None, None)] * len(rows)
    timed = np.array([row.action in weigh.TIMED for row in rows])
    for author in sorted(set(authors)):
        others = authors != author
        model = learn_when([names[i] for i in np.flatnonzero(others)])
        again = learn_when([names[i] for i in np.flatnonzero(others & timed)])
        for i in np.flatnonzero(~others):
            days[i], hours[i] = pick(model, names[i], "weekday"), pick(model, names[i], "hour")
            later[i] = pick(again, names[i], "weekday"), pick(again, names[i], "hour")
    chance = random.Random(1)
    heard = [said, *([unheard(s, chance) for s in said] for _ in range(TIMES))]
    told = [
        [signs.told(s) | weigh.named_signs(s, d, h) for s, d, h in zip(some, days, hours, strict=True)]
        for some in heard
    ]
    right = np.zeros(len(rows), bool)
    for author in sorted(set(authors)):
        out = authors == author
        others = np.flatnonzero(~out)
        models = learn_actions([[t[i] for i in others] for t in told], [rows[i] for i in others])
        for i in np.flatnonzero(out):
            row, sums = rows[i], {name: model.says(told[0][i]) for name, model in models.items()}
            action = max(sums, key=lambda name: sums[name])
            got = (action, *(n.value if n and action in weigh.TIMED else None for n in later[i]))
            right[i] = got == (row.action, row.weekday, row.hour)
            if given.show and not right[i]:
                print(
                    f"{author}: {(row.action, row.weekday, row.hour)} read as {got}: {row.text}  {[f.told for f in said[i].found]}"
                )
        print(f"{author}: {right[out].sum()} of {out.sum()} = {right[out].mean():.3f}")
    print(f"all, author by author: {right.mean():.4f} of {len(rows)}")
    if given.write:
        timed_names = [n for n, t in zip(names, timed, strict=True) if t]
        write(
            learn_actions(told, rows),
            {"named": learn_when(names), "timed": learn_when(timed_names)},
        )


def write(actions: Mapping[str, Learned], when_: Mapping[str, Learned]) -> None:
    table: dict[str, dict[str, float]] = collections.defaultdict(dict)
    for name, model in actions.items():
        for sign, weight in model.weights.items():
            if abs(weight) >= LEAST:
                table[sign][name] = round(weight, 2)
    lines = [
        "# How much each sign tells, learned from labelled sentences (tests/eval/fit_wishes.py): of what to do with the reminder, and\n",
        "# of whether a day or an hour that is named is wanted. knowledge/wishes/{signs,when}.py say what the signs are.\n",
        "actions:\n",
        *(
            f"  {json.dumps(s, ensure_ascii=False)}: {{{', '.join(f'{k}: {v}' for k, v in ((json.dumps(k) if k in ('on', 'off') else k, v) for k, v in table[s].items()))}}}\n"
            for s in sorted(table)
        ),
    ]
    for key, model in when_.items():
        kept = [(s, round(w, 2)) for s, w in sorted(model.weights.items()) if abs(w) >= LEAST]
        lines += [f"{key}:\n", *(f"  {json.dumps(s, ensure_ascii=False)}: {w}\n" for s, w in kept)]
    path = HERE.parents[1] / "knowledge" / weigh.FILE
    path.write_text("".join(lines), encoding="utf-8")
    print(f"{path.name}: {len(table)} signs of actions")


if __name__ == "__main__":
    main()
