"""What answers come to: the rule of the score, gaps in their order, many as one."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.checks.merge import FEWEST_PEOPLE, combine, merge
from dialogs.checks.model import ANSWERS, POINTS, Answer, Figures, Filled, Gap, Past
from dialogs.checks.score import FIRST, Book, band, result
from knowledge.content import load

KNOWLEDGE = load(Path("no-company"))
FULL, SHORT = KNOWLEDGE.checklists["full"], KNOWLEDGE.checklists["short"]
BOOK = Book({id: s.title for id, s in KNOWLEDGE.sections.items()}, KNOWLEDGE.countermeasures)


def answers(checklist=FULL, choice: str = "done", **other: str) -> dict[str, Answer]:
    return {q.id: Answer(q.id, other.get(q.id, choice)) for q in checklist.questions}


def of(given: dict[str, Answer], **more):
    return result(FULL, given, BOOK, at=9, **more)


@pytest.mark.parametrize(
    ("figures", "score"),
    [
        (Figures(done=3), 100),
        (Figures(done=1, not_done=1), 50),
        (Figures(partly=1, unknown=1), 25),
        (Figures(done=1, partly=1, not_applicable=5), 75),
        (Figures(done=5, not_done=3), 63),  # 62.5: halves up
        (Figures(partly=1, not_done=3), 13),  # 12.5
        (Figures(not_applicable=4), None),
        (Figures(unanswered=4), None),
    ],
)
def test_the_score_follows_the_rule(figures: Figures, score: int | None):
    assert figures.score == score


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=40))
def test_the_score_is_the_share_of_what_could_be_reached(choices):
    figures = Figures(**{a: choices.count(a) for a in ANSWERS})
    counted = [c for c in choices if c != "not_applicable"]
    exact = 100 * sum(POINTS[c] for c in counted) / (2 * len(counted)) if counted else None
    assert (figures.score is None) == (exact is None)
    assert exact is None or abs(figures.score - exact) <= 0.5


def test_bands():
    assert [band(s) for s in (100, 80, 79, 60, 59, 40, 39, 0, None)] == [
        "good", "good", "fair", "fair", "weak", "weak", "poor", "poor", "none",
    ]  # fmt: skip


def test_at_most_three_gaps_come_first_the_weightiest_of_them():
    found = of(answers(choice="not_done"))
    weights = [FULL.question(g.question).first for g in found.gaps]
    assert weights == sorted(weights) and len(found.first) == FIRST and found.first == found.gaps[:FIRST]
    assert of(answers()).gaps == ()


def test_what_is_half_done_comes_after_what_is_not_done_of_the_same_weight():
    found = of(answers(usb="partly", label="not_done", rule="unknown"))
    assert [g.question for g in found.gaps] == ["label", "usb", "rule"]
    assert found.unknown == ("rule",)


def test_a_gap_that_is_dealt_with_keeps_its_owner_and_leaves_the_first_three_when_done():
    kept = {
        "label": Gap("label", "", "", "not_done", "", id="g1", owner="U1", due="2026-12-10", state="planned"),
        "usb": Gap("usb", "", "", "not_done", "", id="g2", owner="U1", state="done"),
    }
    found = of(answers(label="not_done", usb="not_done"), kept=kept)
    assert [(g.question, g.owner) for g in found.first] == [("label", "U1")]
    assert {g.question: g.state for g in found.gaps} == {"label": "planned", "usb": "done"}
    assert all("usb" not in p.questions for p in found.proposals)


def test_measures_answer_the_firms_own_gaps():
    found = of(answers(usb="not_done", antivirus="not_done", update="not_done"))
    assert {p.purpose for p in found.proposals} == {"access", "carry_out"}
    three = next(p for p in found.proposals if p.id == "access.three")
    assert set(three.questions) == {"antivirus", "update"}
    assert of(answers()).proposals == ()


def test_too_much_is_warned_of():
    assert any("印が多すぎる" in w for w in of(answers(label_only="partly")).warnings)
    assert any("きびしすぎ" in w for w in of(answers(balance="not_done")).warnings)
    assert of(answers()).warnings == ()


def test_done_without_evidence_is_named():
    with_evidence = {**answers(), "list": Answer("list", "done", evidence=True)}
    assert "list" in of(answers()).without_evidence and "list" not in of(with_evidence).without_evidence
    assert "tidy" not in of(answers()).without_evidence  # nothing to show is asked there


def test_the_last_four_are_compared():
    past = [Past(n, 40 + n) for n in range(5)]
    assert of(answers(), history=past).history == tuple(past[-3:])


def test_who_knows_counts_before_who_does_not_and_the_careful_one_of_two():
    one, two = answers(list="unknown", usb="done", label="not_applicable"), answers(usb="partly", label="unknown")
    both, differing = combine([one, two])
    assert (both["list"].choice, both["usb"].choice, both["label"].choice) == ("done", "partly", "unknown")
    assert set(differing) == {"list", "usb", "label"}
    assert combine([two, one])[0].keys() == both.keys()


def filled(**by_department: dict[str, Answer]) -> list[Filled]:
    return [Filled(id, id.upper(), given) for id, given in by_department.items()]


def test_departments_count_alike_and_differences_are_shown():
    merged = merge(FULL, filled(dev=answers(), sales=answers(usb="not_done"), lab=answers(usb="partly")), BOOK, at=9)
    assert merged.result.figures.done == 3 * len(FULL.questions) - 2
    assert [(d.question, dict(d.choices)) for d in merged.differences] == [
        ("usb", {"dev": "done", "sales": "not_done", "lab": "partly"})
    ]
    assert [(g.question, g.departments) for g in merged.result.gaps] == [("usb", 2)]
    assert all(p.complete for p in merged.parts)


def test_done_without_evidence_is_named_in_the_whole_as_well():
    shown = {**answers(), "list": Answer("list", "done", evidence=True)}
    assert "list" not in merge(FULL, filled(a=shown, b=shown), BOOK, at=9).result.without_evidence
    assert "list" in merge(FULL, filled(a=shown, b=answers()), BOOK, at=9).result.without_evidence


def test_what_several_lack_comes_before_what_one_lacks():
    merged = merge(
        FULL, filled(a=answers(list="not_done"), b=answers(label="not_done"), c=answers(label="not_done")), BOOK, at=9
    )
    assert [g.question for g in merged.result.gaps] == ["label", "list"]


def test_nobody_gives_a_result_without_figures():
    merged = merge(FULL, [], BOOK, at=9)
    assert merged.result.figures.score is None and merged.parts == ()


@pytest.mark.parametrize(("people", "hidden"), [(FEWEST_PEOPLE - 1, True), (FEWEST_PEOPLE, False)])
def test_figures_about_few_people_are_hidden(people: int, hidden: bool):
    several = [Filled("", "", answers(SHORT, "partly")) for _ in range(people)]
    found = merge(SHORT, several, BOOK, at=9).result
    assert found.hidden is hidden and (found.figures.score is None) is hidden
    assert not found.rows and bool(found.areas) is not hidden


def test_a_departments_own_full_check_is_not_hidden():
    assert merge(FULL, filled(dev=answers()), BOOK, at=9).result.figures.score == 100


def test_two_hundred_departments_are_merged_within_a_second():
    """Six hundred people in them."""
    many = [
        Filled(f"d{n}", f"部署{n}", answers(**{q.id: ANSWERS[(n + i) % 5] for i, q in enumerate(FULL.questions)}))
        for n in range(200)
        for _ in range(3)
    ]
    started = time.perf_counter()
    merged = merge(FULL, many, BOOK, at=9)
    assert time.perf_counter() - started <= 1.0
    assert len(merged.parts) == 200 and merged.result.people == 600
