"""`himitsu eval`: the figures are those of tests/eval/score.py and variants.py, which stay as they were given to us."""

import importlib.util
import json
import random
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import evaluate

EVAL = Path(__file__).parent / "eval"
GOLD = evaluate.labelled(EVAL / "dev.jsonl")


def given_to_us(name):
    """A module of tests/eval, which is no package."""
    spec = importlib.util.spec_from_file_location(f"given_{name}", EVAL / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCORE, VARIANTS = given_to_us("score"), given_to_us("variants")


def wrong_in_places(seed):
    """A reading of every message, with the mistakes that a bot makes: seeded."""
    r = random.Random(seed)

    def maybe(value, others):
        return value if r.random() < 0.7 else r.choice(others)

    got = {}
    for i, row in GOLD.items():
        intent = maybe(row["intent"], evaluate.INTENTS)
        verdict = maybe(row["verdict"], ["secret", "public", "review"]) if intent == "secret_check" else None
        got[i] = {
            "id": i,
            "intent": intent,
            "verdict": verdict,
            "flags": [f for f in evaluate.FLAGS if r.random() < (0.8 if f in row["flags"] else 0.1)],
            "desks": maybe(row["desks"], [[], ["inpit"], ["ppc", "inpit"]]),
            "sections": maybe(row.get("sections"), [[], ["B-1"], ["E-1", "C-1", "B-2"], None]),
            "evidence": maybe([{"text": row["text"][:3]}], [[], [{"text": "本文にない文字列"}]]),
            "ask": maybe({"question": "?", "options": []}, [None]) if verdict == "review" else None,
        }
    return got


@pytest.mark.parametrize("seed", range(5))
def test_the_figures_are_those_of_the_script_given_to_us(seed):
    got = wrong_in_places(seed)
    figures, sizes, misses = evaluate.score(GOLD, got)
    assert (figures, sizes, misses) == SCORE.score(GOLD, got)
    assert [evaluate.interval(figures[name], n) for name, n in sizes.items()] == [
        SCORE.interval(figures[name], n) for name, n in sizes.items()
    ]


def test_the_figures_of_perfect_readings_are_perfect():
    asked = {i: row | {"ask": {"question": "?", "options": []}} for i, row in GOLD.items()}
    figures, _, misses = evaluate.score(GOLD, asked)
    assert misses == []
    assert {v for v in figures.values() if isinstance(v, float)} == {1.0}
    assert figures["wrong_public"] == figures["missed_leak"] == figures["false_leak"] == 0


def test_an_empty_share_is_null_and_not_a_perfect_one():
    row = {"id": "x", "text": "こんにちは", "intent": "help"}
    figures, sizes, _ = evaluate.score({"x": row}, {"x": row})
    assert figures["verdict"] is None and sizes["verdict"] == 0
    assert evaluate.interval(None, 0) is None


def test_the_variants_are_those_of_the_script_given_to_us(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["variants.py", str(EVAL / "dev.jsonl")])
    VARIANTS.main()
    theirs = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    ours = [(f"{i}~{kind}", text) for i, row in GOLD.items() for kind, text in evaluate.variants(row)]
    assert ours == [(row["id"], row["text"]) for row in theirs]
    assert [*evaluate.KINDS] == [kind.__name__ for kind in VARIANTS.KINDS]


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from(
            "公開資料をはがにサーバー図面ABc１9いいですかましたくださいしまいました。？ \n!まだないひらがな"
        ),
        max_size=60,
    )
)
def test_any_text_has_the_variants_of_the_script_given_to_us(text):
    row = {"id": "x", "text": text}
    theirs = [(kind.__name__, kind(text, random.Random(f"x{kind.__name__}"))) for kind in VARIANTS.KINDS]
    assert evaluate.variants(row) == [(kind, said) for kind, said in theirs if said != text]


def test_robustness_compares_each_variant_with_the_message_itself():
    rows = {
        "a": {"id": "a", "text": "サーバーの図面、見せてもいいですか？"},
        "b": {"id": "b", "text": "ファイル共有、いいですか？"},
    }

    def reader(text):
        return {"intent": "secret_check", "verdict": "review" if "ですか" in text else "public", "desks": []}

    figures, misses = evaluate.robustness(rows, {i: reader(row["text"]) for i, row in rows.items()}, reader)
    assert figures["politeness"] == 0.0 and figures["filler"] == 1.0
    assert figures["fullwidth"] is None  # nothing in them to change
    assert figures["total"] == round(1 - len(misses) / figures["variants"], 4)
    assert {miss.split()[0] for miss in misses} <= {"politeness", "typo"}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "JSON"),
        ("[1]", "JSON"),
        ("[" * 100_000, "JSON"),
        ('{"text": "x", "intent": "help"}', "id"),
        ('{"id": "a", "text": "x", "intent": "help"}\n{"id": "a", "text": "y", "intent": "help"}', "2回"),
        ('{"id": "a", "intent": "help"}', "text"),
        ('{"id": "a", "text": "x", "intent": "chat"}', "out_of_scope"),
        ('{"id": "a", "text": "x", "intent": "secret_check"}', "verdict"),
        ('{"id": "a", "text": "x", "intent": "leak", "desks": "inpit"}', "desks"),
        ('{"id": "a", "text": "x", "intent": "leak", "flags": ["spy"]}', "spy"),
        ("\n\n", "1件も"),
    ],
)
def test_a_line_that_cannot_be_used_is_named(tmp_path, line, reason):
    path = tmp_path / "gold.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(evaluate.LabelError, match=reason) as caught:
        evaluate.labelled(path)
    assert str(path) in str(caught.value)


def test_all_bad_lines_are_named_at_once(tmp_path):
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": "a", "text": "x", "intent": "help"}\r\nx\n\n{}\n')
    with pytest.raises(evaluate.LabelError) as caught:
        evaluate.labelled(path)
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == [f"{path}:2", f"{path}:4"]
