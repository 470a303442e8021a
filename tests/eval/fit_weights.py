#!/usr/bin/env python3
"""Learn the weights of intents.yaml, cues.yaml, flag_cues.yaml and section_cues.yaml from the labelled messages. Needs scikit-learn.

    python tests/eval/fit_weights.py            cross-validate only: what the weights are worth on messages they have not seen
    python tests/eval/fit_weights.py --write    learn from all of them and write the four files

Rules and words are written by people; only how much each counts is learned, by logistic regression (L2, so that a cue seen
in a few messages counts little). Messages: tests/eval/dev.jsonl and tests/cases/*.jsonl. The unseen batches that the
README's table reports were scored before they came here.
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict

from bot.services import open_services
from knowledge.content import collect
from knowledge.lexicon import Message
from knowledge.likeness import likeness, verdict_signs
from knowledge.read import (
    FLAG_ENOUGH,
    FLAGGED,
    FLAGS,
    NO_EVENT,
    Books,
    best_intent,
    content_pairs,
    cue_words,
    draft,
    events_of,
    flag_signs,
    said_flags,
)
from knowledge.text import normalise
from knowledge.weights import Weights
from tests.test_verdicts import CASES

HERE = Path(__file__).parent
KNOWLEDGE = HERE.parents[1] / "knowledge"
CUE_SHARE = 1.0  # what a cue counts beside a rule; chosen by cross-validation among .35, .5, .7, 1
RARE = 3  # cues in fewer messages are left out
SECTION_RARE = 3
SECTION_WORTH = 2.5
FLAG_TRUST = 0.6  # the lower, the less a sign counts that few messages have; .4 and .7 do alike
FLAG_RARE = 4
FLAG_RARER = 6  # words with what is wanted before them (`leak:word`), which are many
FLAG_SIGNS = 2000  # the strongest, of each flag; all 5,700 do a little better
FLAG_UNHEARD = 0.4  # see fit_flags; .2 and .6 do nearly as well
RULE_WORTH = (
    2.0  # a rule's flag counts more than a word before anything is learned; chosen on two unseen batches, 1 to 5
)
# The lower, the less a sign counts that few messages have; for public .03, .1 and .3 do alike, for review .1 to 1.
VERDICT_TRUST = {"public": 0.1, "review": 0.3}
VERDICT_RARE = 5
VERDICT_SIGNS = {"public": 400, "review": 1000}  # the strongest; all 9,000 do no better
VERDICT_FOLDS = 24
EVENT_UNHEARD = 0.4  # how often a kind of event is gone the second time
LEAK_WEIGHT = (
    1.5  # a missed leak is worse than a false one; with 2.5 one more of 1,955 is missed, and eight more taken for one
)


def messages() -> list[dict]:
    files = [HERE / "dev.jsonl", *sorted((HERE.parent / "cases").glob("*.jsonl"))]
    return [json.loads(line) for f in files for line in f.read_text(encoding="utf-8").splitlines() if line.strip()]


def matrix(sets: list[set[str]], rare: int, value: float) -> tuple[csr_matrix, list[str]]:
    count = collections.Counter(w for s in sets for w in s)
    words = sorted(w for w, n in count.items() if n >= rare and not re.search(r"\d", w))
    place = {w: i for i, w in enumerate(words)}
    cells = [(n, place[w]) for n, s in enumerate(sets) for w in sorted(s) if w in place]
    return csr_matrix(
        (np.full(len(cells), value), tuple(zip(*cells, strict=True))), shape=(len(sets), len(words))
    ), words


def unheard(message: Message, chance: random.Random) -> Message:
    """The message as it would be read if no list had some of its words for events, and had not met them in messages.

    Changes the message. What is returned has neither the mentions nor the tokens (they leave a gap that no pair spans).
    """
    gone = {m.concept.id for m in message.mentions if m.concept.group == "event" and chance.random() < EVENT_UNHEARD}
    covered = {i for m in message.mentions if m.concept.id in gone for i in range(m.begin, m.end)}
    message.mentions = [m for m in message.mentions if m.concept.id not in gone]
    message.tokens = [
        replace(t, lemma=f"0{i}", surface=f"0{i}") if i in covered and t.is_content else t
        for i, t in enumerate(message.tokens)
    ]
    return message


def fit_intents(rows: list[dict], books: Books, write: bool) -> None:
    """Lists know the events of the messages they were written for, and miss words of those to come: each leak and each
    message with words of an event is learned a second time with some of them gone."""
    plain = replace(books, cues=Weights(), section_votes=None)
    path = KNOWLEDGE / "intents" / "intents.yaml"
    by_hand = set(
        re.findall(r"^- id: ([\w.]+)\n(?:  .*\n)*?  score: .*# by hand$", path.read_text(encoding="utf-8"), re.M)
    )
    ids = [rule.id for rule in books.intents.rules if rule.id not in by_hand]
    column = {rule: i for i, rule in enumerate(ids)}
    chance = random.Random(1)
    fired, cues, of = [], [], []
    told = []  # whether it is said that nothing has happened
    again: list[tuple[np.ndarray, set[str], int]] = []

    def signs_of(message: Message) -> tuple[np.ndarray, set[str]]:
        holds = np.zeros(len(ids))
        holds[[column[f.rule.id] for f in books.intents.fired(message) if f.rule.id in column]] = 1
        return holds, cue_words(message)

    for n, row in enumerate(rows):
        message = draft(normalise(row["text"]), plain).message
        holds, words = signs_of(message)
        fired.append(holds)
        cues.append(words)
        of.append(n)
        told.append(any(m.concept.id in NO_EVENT for m in message.mentions))
        before = len(message.mentions)
        if len(unheard(message, chance).mentions) < before:
            again.append((*signs_of(message), n))
    for holds, words, n in again:
        fired.append(holds)
        cues.append(words)
        of.append(n)
    cued, words = matrix(cues, RARE, CUE_SHARE)
    x = hstack([csr_matrix(np.array(fired)), cued]).tocsr()
    y = np.array([row["intent"] for row in rows])[of]
    weight = np.where(y == "leak", LEAK_WEIGHT, 1.0)
    twice = np.bincount(of, minlength=len(rows))[of]
    weight = weight / twice  # a message learned twice counts as one
    model = LogisticRegression(max_iter=3000, fit_intercept=False)
    folds = StratifiedKFold(10, shuffle=True, random_state=0)
    scores = np.zeros((len(rows), len(set(y))))
    for _, out in folds.split(np.zeros(len(rows)), y[: len(rows)]):
        these = ~np.isin(of, out)
        scores[out] = model.fit(x[these], y[these], sample_weight=weight[these]).decision_function(x[out])
    names = list(model.classes_)
    y_once = y[: len(rows)]
    got = np.array([best_intent(dict(zip(names, s, strict=True)), t) for s, t in zip(scores, told, strict=True)])
    missed = int(((y_once == "leak") & (got != "leak")).sum())
    false = int(((y_once != "leak") & (got == "leak")).sum())
    print(
        f"intent, 10-fold: {(got == y_once).mean():.4f} of {len(rows)}; missed leaks {missed} of "
        f"{(y_once == 'leak').sum()}, false {false}"
    )
    if not write:
        return
    model.fit(x, y, sample_weight=weight)
    coef, classes = model.coef_, list(model.classes_)
    write_scores(path, classes, {rule: coef[:, i] for rule, i in column.items()})
    table = {
        w: {
            k: round(float(v), 2)
            for k, v in zip(classes, coef[:, len(ids) + i] * CUE_SHARE, strict=True)
            if abs(v) >= 0.06
        }
        for i, w in enumerate(words)
    }
    write_cues(
        KNOWLEDGE / "intents" / "cues.yaml",
        "# Words and endings that tip a reading from one intent to another, with their weights (learned: tests/eval/README.md).\n"
        "# `a b` two words side by side, `a.` a word of the closing sentence, `=a` a concept, `=a/b` one with that status. They never decide a verdict, a flag or a desk.\n",
        table,
    )


def write_scores(path: Path, classes: list[str], weights: dict[str, np.ndarray]) -> None:
    """Put each rule's weights behind its `when`, in place of its score; a score marked `# by hand` stays."""
    lines: list[str] = []
    rule = ""
    for line in path.read_text(encoding="utf-8").split("\n"):
        found = re.match(r"- id: ([\w.]+)", line)
        rule = found[1] if found else rule
        if line.startswith("  score: ") and not line.endswith("# by hand"):
            continue
        lines.append(line)
        if line.startswith("  when: ") and rule in weights:
            pairs = [(k, round(float(v), 2)) for k, v in zip(classes, weights[rule], strict=True) if abs(v) >= 0.05]
            if pairs:
                lines.append("  score: {" + ", ".join(f"{k}: {v}" for k, v in sorted(pairs, key=lambda p: -p[1])) + "}")
    path.write_text("\n".join(lines), encoding="utf-8")


def fit_flags(rows: list[dict], books: Books, write: bool) -> None:
    """A rare sign counts more than a common one, as in a search. Word lists know every message they were written for, and
    miss words of those to come: each message is learned a second time with two of five names of kinds gone.

    Source: 414 questions and leaks at first sight, words of before: F1 .889, by rarity .902, with names gone .912.
    """
    plain = replace(books, flag_cues=Weights(), section_votes=None)
    asked = [r for r in rows if r["intent"] in FLAGGED]
    chance = random.Random(1)

    def signs_of(message: Message, intent: str) -> set[str]:
        events = events_of(message, intent, books.verdicts.fired(message), books)
        return flag_signs(message, intent, said_flags(message, events))

    signs, unheard = [], []
    for row in asked:
        message = draft(normalise(row["text"]), plain, row["intent"]).message
        signs.append(signs_of(message, row["intent"]))
        gone = {m.concept.id for m in message.mentions if m.concept.flags and chance.random() < FLAG_UNHEARD}
        message.mentions = [m for m in message.mentions if m.concept.id not in gone]
        unheard.append(signs_of(message, row["intent"]))
    count = collections.Counter(w for s in signs for w in s)
    rare = {w for w, n in count.items() if n < (FLAG_RARER if re.match("leak:|check:", w) else FLAG_RARE)}
    x, words = matrix([s & count.keys() - rare for s in signs + unheard], 1, 1.0)
    often = np.asarray(x[: len(asked)].sum(axis=0)).ravel().clip(1)
    worth = np.clip(np.log(len(asked) / often) / np.log(len(asked) / 50), 0.05, 3)
    worth *= np.array([RULE_WORTH if "?" in w else 1.0 for w in words])
    x = (x @ diags(worth)).tocsr()
    given = {f"={c.id}" for c in books.lexicon.concepts.values() if c.flags}
    fixed = np.array([w in given or "?" in w for w in words])
    gold = np.array([[flag in row.get("flags", ()) for flag in FLAGS] for row in asked])
    twice = np.vstack([gold, gold])
    files = np.array([r["id"].partition("-")[0] for r in asked])
    names = sorted(set(files))

    def learned(n: int, these: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        both = np.concatenate([these, these])
        model = LogisticRegression(C=FLAG_TRUST / 2, max_iter=1000, solver="liblinear", fit_intercept=False)
        tell = np.abs(model.fit(x[both], twice[both, n]).coef_[0]) * worth * np.sqrt(often)
        tell[fixed] = np.inf
        kept = np.sort(np.argsort(-tell, kind="stable")[:FLAG_SIGNS])
        return kept, model.fit(x[both][:, kept], twice[both, n]).coef_[0]

    got = np.zeros_like(gold)
    coef = np.zeros((len(FLAGS), len(words)))
    for n, flag in enumerate(FLAGS):
        for fold in range(9):
            out = np.isin(files, names[fold::9])
            kept, weights = learned(n, ~out)
            got[out, n] = x[: len(asked)][out][:, kept] @ weights > FLAG_ENOUGH[flag]
        if write:
            kept, weights = learned(n, np.full(len(asked), True))
            coef[n, kept] = weights * worth[kept]
    scored = np.array([r["intent"] in ("secret_check", "leak") for r in asked])
    for n, flag in enumerate(FLAGS):
        a, b = got[scored, n], gold[scored, n]
        print(
            f"  {flag:12} {2 * (a & b).sum() / (a.sum() + b.sum()):.3f}  too many {(a & ~b).sum()}, missing {(~a & b).sum()}"
        )
    a, b = got[scored], gold[scored]
    print(f"flags F1, file by file: {2 * (a & b).sum() / (a.sum() + b.sum()):.4f} of {len(b)} questions and leaks")
    if not write:
        return
    write_cues(
        KNOWLEDGE / "routing" / "flag_cues.yaml",
        "# Signs of a flag, with their weights (learned: tests/eval/README.md). A word in its dictionary form; `-表` what a row of kanji ends in;\n"
        "# `=` a concept, `/` its status; `leak:`, `leak=`, `check=`, `topic=` a word or concept where that is what the person wants; `leak?` a flag\n"
        "# that one word or a rule of flags.yaml gives by itself. They never decide a verdict.\n",
        {
            w: {
                flag: round(float(coef[n, i]), 2)
                for n, flag in enumerate(FLAGS)
                if abs(coef[n, i]) >= (0.01 if w in given else 0.05)
            }
            for i, w in enumerate(words)
        },
    )


def strongest(x: csr_matrix, y: np.ndarray, trust: float, most: int) -> tuple[np.ndarray, LogisticRegression]:
    """Columns of the signs that tell most, and a model of these alone. The first column, the constant, is kept."""
    model = LogisticRegression(C=trust, max_iter=1000, solver="liblinear", fit_intercept=False)
    tell = np.abs(model.fit(x, y).coef_[0]) * np.sqrt(np.asarray(x.sum(axis=0)).ravel())
    tell[0] = np.inf
    kept = np.sort(np.argsort(-tell, kind="stable")[:most])
    return kept, model.fit(x[:, kept], y)


def short_examples() -> list[dict]:
    """The examples of the verdict rules, and the sentences of tests/cases/verdicts, as labelled messages."""
    rules = collect(Path("none")).entries["verdicts"].values()
    return [
        {"id": f"rule-{rule.id}", "text": text, "verdict": rule.item.verdict}
        for rule in rules
        if rule.item and rule.item.verdict
        for text in rule.item.examples.match
    ] + [{"id": f"grammar{n % 20}-", "text": text, "verdict": verdict} for n, (verdict, text) in enumerate(CASES)]


def fit_verdicts(rows: list[dict], books: Books, write: bool) -> None:
    """Weights of what is public, and of what is a question rather than a secret. Left out in turn: one file of messages."""
    plain = replace(books, verdict_cues=Weights(), section_votes=None)
    asked = [r for r in rows if r["intent"] == "secret_check"]
    asked += 2 * short_examples()  # what the rules are said to mean counts twice
    drafts = [draft(normalise(r["text"]), plain, "secret_check") for r in asked]
    x, words = matrix([verdict_signs(d.asked, d.spans) for d in drafts], VERDICT_RARE, 1.0)
    first = words.index("=s_any")
    order = [first, *(i for i in range(len(words)) if i != first)]
    x, words = x[:, order], [words[i] for i in order]
    gold = np.array([r["verdict"] for r in asked])
    files = np.array([r["id"].partition("-")[0] for r in asked])
    # A question against a secret: what is public is left out of learning.
    among = {"public": np.full(len(asked), True), "review": gold != "public"}

    def learned(verdict: str, these: np.ndarray) -> tuple[np.ndarray, LogisticRegression]:
        these = these & among[verdict]
        return strongest(x[these], gold[these] == verdict, VERDICT_TRUST[verdict], VERDICT_SIGNS[verdict])

    odds = {verdict: np.zeros(len(asked)) for verdict in among}
    names = sorted(set(files))
    for fold in range(VERDICT_FOLDS):
        out = np.isin(files, names[fold::VERDICT_FOLDS])
        for verdict, log_odds in odds.items():
            kept, model = learned(verdict, ~out)
            log_odds[out] = model.decision_function(x[out][:, kept])
    tipped: collections.Counter[tuple[str, str, str]] = collections.Counter()
    for n, d in enumerate(drafts):
        cues = Weights({"=s_any": {verdict: float(log_odds[n]) for verdict, log_odds in odds.items()}})
        if likeness(d.deciding, d.asked, cues, d.spans):
            after = draft(d.message.source, replace(plain, verdict_cues=cues), "secret_check")
            tipped[str(d.verdict), str(after.verdict), gold[n]] += 1
    for (before, became, right), count in sorted(tipped.items()):
        if before != became:
            print(f"verdict, file by file: {before} becomes {became} where it is {right}: {count}")
    if not write:
        return
    table: dict[str, dict[str, float]] = collections.defaultdict(dict)
    for verdict in among:
        kept, model = learned(verdict, np.full(len(asked), True))
        for i, value in zip(kept, model.coef_[0], strict=True):
            if abs(value) >= 0.03:
                table[words[i]][verdict] = round(float(value), 2)
    write_cues(
        KNOWLEDGE / "routing" / "verdict_cues.yaml",
        "# Signs of what is public, and of what is a question rather than a secret (review), with their weights (learned:\n"
        "# tests/eval/README.md). A word in its dictionary form, `a b` two side by side, `a.` a word of the closing sentence, `=a` a\n"
        "# concept, `=a/b` one with that status, `=s_any` any message. Nothing becomes public by them (knowledge/likeness.py).\n",
        table,
    )


def fit_sections(rows: list[dict], books: Books, write: bool) -> None:
    order = list(books.section_order)
    asked = [r for r in rows if r["intent"] == "handbook"]
    read = [books.lexicon.read(normalise(r["text"])) for r in asked]
    x, words = matrix([content_pairs(m) for m in read], SECTION_RARE, CUE_SHARE)
    y = np.array([order.index(r["sections"][0]) for r in asked])
    model = LogisticRegression(max_iter=1000)
    got = cross_val_predict(model, x, y, cv=KFold(10, shuffle=True, random_state=0))
    right = np.mean([order[g] in r["sections"] for g, r in zip(got, asked, strict=True)])
    print(f"section by its cues alone, 10-fold: {right:.4f} of {len(asked)}")
    if not write:
        return
    model.fit(x, y)
    value = model.coef_ * CUE_SHARE * SECTION_WORTH
    table = {
        w: {order[k]: round(float(value[n, i]), 2) for n, k in enumerate(model.classes_) if abs(value[n, i]) >= 0.25}
        for i, w in enumerate(words)
    }
    write_cues(
        KNOWLEDGE / "routing" / "section_cues.yaml",
        "# Words that lead a handbook question to a section, beside the topics of sections.yaml, with their weights "
        "(learned: tests/eval/README.md).\n",
        table,
    )


def write_cues(path: Path, head: str, table: dict[str, dict[str, float]]) -> None:
    rows = [
        f"  {json.dumps(w, ensure_ascii=False)}: {{" + ", ".join(f"{k}: {v}" for k, v in table[w].items()) + "}\n"
        for w in sorted(table)
        if table[w]
    ]
    path.write_text(head + "cues:\n" + "".join(rows), encoding="utf-8")
    print(f"{path.name}: {len(rows)} cues")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write the weights")
    parser.add_argument(
        "--only", choices=("intents", "flags", "verdicts", "sections"), help="learn these weights alone"
    )
    given = parser.parse_args()
    rows = messages()
    books = open_services().knowledge.books
    for name, fit in (
        ("intents", fit_intents),
        ("flags", fit_flags),
        ("verdicts", fit_verdicts),
        ("sections", fit_sections),
    ):
        if given.only in (None, name):
            fit(rows, books, given.write)


if __name__ == "__main__":
    main()
