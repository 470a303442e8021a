"""Checklists as data: the leaflet is covered, a phone holds them, and every mistake in them is told at once."""

from pathlib import Path

import pytest

from knowledge.checklists import ANSWERS, LIMITS
from knowledge.content import load
from knowledge.errors import ContentError

KNOWLEDGE = load(Path("no-company"))
FULL = KNOWLEDGE.checklists["full"]
# Facts of A-D that are no item of the sheet: where the handbook is, and what the picture has lost.
NOT_ASKED = (".ref", ".ref_use", ".ref_balance", ".figure", ".only", ".illustrative")


def bullets() -> list[str]:
    """Every heading and bullet of the leaflet, A to D."""
    ids = [i for i in KNOWLEDGE.facts if i.startswith("leaflet.") and i.split(".")[1][0] in "ABCD"]
    return [i for i in ids if not any(mark in i for mark in NOT_ASKED)]


@pytest.mark.parametrize("fact", bullets())
def test_each_bullet_of_the_leaflet_is_asked_about(fact: str):
    assert [q.id for q in FULL.questions if fact in q.source]


def test_each_of_the_numbered_items_and_the_two_of_disputes_is_an_area_of_the_full_check():
    areas = list(dict.fromkeys(q.area for q in FULL.questions))
    assert areas == ["A-1", "B-1", "B-2", "C-1", "C-2", "C-3", "C-4", "C-5", "D-1", "D-2"]


def test_the_checks_are_as_long_as_promised():
    by_kind: dict[str, list[int]] = {}
    for checklist in KNOWLEDGE.checklists.values():
        by_kind.setdefault(checklist.kind, []).append(len(checklist.questions))
    assert 22 <= by_kind["full"][0] <= 28 and by_kind["short"] == [5]
    assert len(by_kind["moment"]) == 8 and all(3 <= n <= 6 for n in by_kind["moment"])
    assert {a.id for a in KNOWLEDGE.checklists["item"].areas} >= {"managed", "useful", "unknown_outside"}


def test_measures_stand_for_every_purpose_and_audience_and_each_is_led_to():
    cells = {(m.purpose, a) for m in KNOWLEDGE.countermeasures.values() for a in (m.audience, *m.also)}
    audiences = ("employees", "leavers", "partners", "outsiders")
    assert {(p, a) for p in ("access", "carry_out", "visibility", "awareness", "trust") for a in audiences} <= cells
    named = {m for c in KNOWLEDGE.checklists.values() for q in c.questions for m in q.measures}
    assert set(KNOWLEDGE.countermeasures) - named == set(), "a measure that no answer leads to is never proposed"


def test_the_check_of_an_item_never_says_public():
    item = KNOWLEDGE.checklists["item"]
    said = " ".join([*(a.met + a.missing for a in item.areas), *(w for q in item.questions for w in q.warn.values())])
    assert "公開" not in said and "秘密ではありません" not in said


# --- company files

CHECKLIST = """
id: ours
version: 1
kind: moment
title: 入荷のとき
lead: 荷物が届いたときに、確かめることです。
minutes: 1
choices: {done: すんだ, not_done: まだ}
questions:
  - id: seal
    area: C-1
    text: 封は切れていませんか。
    why: 途中で開けられたことが分かります。
    source: [leaflet.C-1.1]
    measures: [access.minimum]
"""


def folder(tmp_path: Path, text: str, name: str = "ours.yaml") -> Path:
    (tmp_path / "checklists").mkdir()
    (tmp_path / "checklists" / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_company_adds_a_checklist_and_takes_the_place_of_ours(tmp_path: Path):
    there = load(folder(tmp_path, CHECKLIST.replace("id: ours", "id: leaving")))
    assert there.checklists["leaving"].title == "入荷のとき" and len(there.checklists) == len(KNOWLEDGE.checklists)
    assert "leaving" in there.company_ids


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(folder(tmp_path, text))
    return [str(p) for p in caught.value.problems]


def test_every_mistake_is_told_at_once(tmp_path: Path):
    wrong = (
        CHECKLIST.replace("area: C-1", "area: C-9")
        .replace("[leaflet.C-1.1]", "[leaflet.C-1.99]")
        .replace("[access.minimum]", "[access.minimal]")
        .replace("    text: 封は", "    when: {later: [done]}\n    text: " + "長" * 40 + "封は")
    )
    wrong += wrong.split("questions:\n")[1].replace("id: seal", "id: later").replace("later: [done]", "seal: [partly]")
    told = "\n".join(problems(tmp_path, wrong))
    assert "there is no section 'C-9'" in told
    assert "there is no fact 'leaflet.C-1.99'" in told
    assert "there is no countermeasure 'access.minimal'. Did you mean 'access.minimum'?" in told
    assert "questions[0] (seal).when: 'later' is asked later." in told
    assert "'partly' is no answer to that question. Given can be: done, not_done." in told
    assert f"at most {LIMITS['text']} fit a phone" in told


@pytest.mark.parametrize(
    ("left_out", "told"),
    [
        ("    why: 途中で開けられたことが分かります。\n", "the key 'why' is missing"),
        ("    source: [leaflet.C-1.1]\n", "the key 'source' is missing"),
        ("    measures: [access.minimum]\n", "leads to no measure"),
        ("version: 1\n", "the key 'version' is missing"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, left_out: str, told: str):
    assert any(told in p for p in problems(tmp_path, CHECKLIST.replace(left_out, "")))


def test_an_answer_that_does_not_exist_is_refused(tmp_path: Path):
    assert any("yes" in p for p in problems(tmp_path, CHECKLIST.replace("done: すんだ", '"yes": すんだ')))


def test_answers_stand_in_their_usual_order():
    for checklist in KNOWLEDGE.checklists.values():
        for question in checklist.questions:
            given = list(checklist.choices_of(question))
            assert given == [a for a in ANSWERS if a in given] and "done" in given and "not_done" in given
