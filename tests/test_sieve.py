"""What the sieve holds back cannot match."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import phrases, sieve
from knowledge.likely import KINDS
from knowledge.overruled import _SPANS
from knowledge.sieve import Sieve, needs_of
from knowledge.text import normalise

ALL = [p for _, p in (*phrases.PHRASES, *phrases.EVENTS, *KINDS)] + list(_SPANS.values())
SIEVE = Sieve(ALL)
CASES = Path(__file__).parent / "eval" / "dev.jsonl"
LETTERS = "たてないも社外秘、。図面 ab1"


def texts() -> list[str]:
    return [normalise(json.loads(line)["text"]).text for line in CASES.read_text(encoding="utf-8").splitlines() if line]


def test_every_pattern_that_matches_passes_and_most_others_do_not():
    passed = matched = 0
    for text in texts():
        matching = [n for n, pattern in enumerate(ALL) if pattern.search(text)]
        passing = SIEVE.passing(text)
        assert set(matching) <= set(passing), text
        assert passing == sorted(passing)
        passed, matched = passed + len(passing), matched + len(matching)
    assert matched <= passed < len(texts()) * len(ALL) / 4


@pytest.mark.parametrize(
    ("pattern", "passes", "held_back"),
    [
        ("図面", ["この図面は"], ["図と面", "図", ""]),
        ("(?:公開|発表)済み?", ["公開済", "発表済み"], ["公開", "済み", "開公済"]),
        ("秘(?:密)?", ["秘", "秘密"], ["密"]),
        ("[あ-う]か", ["いか"], ["か", "えか"]),
        ("[^か]", ["か", ""], []),  # nothing is sure
        ("か|", ["", "き"], []),
        ("か(?=れ)", ["かれ"], ["か"]),
        ("(?<=そ)れ(?!が)", ["それ"], ["れが"]),
        ("(?:かき){2,}", ["かきかき"], ["かく"]),
        ("(?:かき)*く", ["く"], ["かき"]),
        ("(?i:ab)c", ["ABc", "abc"], ["AB"]),
        (r"a\sb|\d{3}", ["a b", "", "123"], []),
    ],
)
def test_what_a_pattern_needs(pattern, passes, held_back):
    sieve = Sieve([re.compile(pattern)])
    assert [t for t in passes if not sieve.passing(t)] == []
    assert [t for t in held_back if sieve.passing(t)] == []


def test_letters_of_either_case_need_nothing():
    assert needs_of(re.compile("ab", re.IGNORECASE)) == []


_ATOMS = st.sampled_from(
    ["た", "てな", "[いも]", "[^外]", ".", "(?=社)", "(?<!秘)", "図?", "(?:面|。)", r"\w", "^", "$"]
)
_PATTERNS = st.recursive(
    _ATOMS,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map("".join)
        | st.lists(inner, min_size=1, max_size=3).map(lambda ways: f"(?:{'|'.join(ways)})")
        | inner.map(lambda p: f"(?:{p})*")
        | inner.map(lambda p: f"(?:{p}){{1,2}}")
    ),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(_PATTERNS, min_size=1, max_size=5), st.text(LETTERS, max_size=12))
def test_no_pattern_that_matches_is_held_back(patterns, text):
    compiled = [re.compile(p) for p in patterns]
    passing = Sieve(compiled).passing(text)
    assert {n for n, p in enumerate(compiled) if p.search(text)} <= set(passing)


def test_without_the_parser_every_pattern_is_tried(monkeypatch):
    monkeypatch.setattr(sieve, "_parser", None)
    assert Sieve([re.compile("図面"), re.compile("原価")]).passing("あ") == [0, 1]
