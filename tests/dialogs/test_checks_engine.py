"""A run: whatever way one goes, the last answers count."""

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dialogs.checks import engine, score
from dialogs.checks.model import ANSWERS, Checklist, Event, State
from knowledge.content import load

KNOWLEDGE = load(Path("no-company"))
FULL, ITEM = KNOWLEDGE.checklists["full"], KNOWLEDGE.checklists["item"]
BOOK = score.Book({id: s.title for id, s in KNOWLEDGE.sections.items()}, KNOWLEDGE.countermeasures)
LEAVING = KNOWLEDGE.checklists["leaving"]


def straight(checklist: Checklist, choices: dict[str, str]) -> State:
    """Every question in its order, answered once."""
    state = State()
    while question := engine.place(checklist, state).question:
        event = engine.answer(checklist, state, question.id, choices[question.id], question.meaning, at=1, by="U1")
        state = engine.apply(state, event)
    return state


def result(checklist: Checklist, state: State) -> score.Result:
    return score.result(checklist, engine.valid(checklist, state), BOOK, at=9)


moves = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from(ANSWERS)),
        st.tuples(st.just("elsewhere"), st.sampled_from(FULL.questions), st.sampled_from(ANSWERS)),
        st.tuples(st.just("edit"), st.sampled_from(FULL.questions)),
        st.sampled_from([("back",), ("later",), ("resumed",), ("restart",), ("twice",)]),
    ),
    max_size=60,
)


@given(moves, st.lists(st.sampled_from(ANSWERS), min_size=28, max_size=28))
def test_any_way_through_gives_the_result_of_the_straight_one(way, rest):
    """Answers, going back, edits, presses on old cards, あとで and restarts; what is left is answered at the end."""
    state, last = State(), {}
    for move, *of in way:
        here = engine.place(FULL, state)
        event = None
        if move == "answer" and here.question:
            event = engine.answer(FULL, state, here.question.id, of[0], here.question.meaning, at=1, by="U1")
        elif move == "elsewhere":  # a card of before, perhaps on another device
            event = engine.answer(FULL, state, of[0].id, of[1], of[0].meaning, at=1, by="U1")
        elif move == "edit":
            event = Event("edit", of[0].id)
        elif move == "back":
            event = engine.back(FULL, state, at=1, by="U1")
        elif move in ("later", "resumed"):
            event = Event(move)
        elif move == "restart":
            state = engine.from_json(json.loads(json.dumps(engine.to_json(state))))
        elif move == "twice" and last:
            question, choice = next(reversed(last.items()))
            event = engine.answer(FULL, state, question, choice, 1, at=1, by="U1")
        if event:
            state = engine.apply(state, event)
            if event.kind == "answered":
                last[event.question] = event.choice
    steps = iter(rest)
    while question := engine.place(FULL, replace(state, cursor="")).question:
        choice = next(steps)
        last[question.id] = choice
        state = engine.apply(state, engine.answer(FULL, state, question.id, choice, 1, at=1, by="U1"))
    filled = {q.id: last.get(q.id, "unknown") for q in FULL.questions}
    assert result(FULL, state) == result(FULL, straight(FULL, filled))


@given(st.lists(st.sampled_from(ANSWERS), min_size=1, max_size=28), st.integers(1, 40))
def test_going_back_loses_nothing(choices, steps):
    state = State()
    for choice in choices:
        question = engine.place(FULL, state).question
        if question is None:
            break
        state = engine.apply(state, engine.answer(FULL, state, question.id, choice, 1, at=1, by="U1"))
    before = state.answers
    for _ in range(steps):
        if event := engine.back(FULL, state, at=1, by="U1"):
            state = engine.apply(state, event)
    assert state.answers == before


def test_back_goes_one_question_at_a_time_and_an_answer_goes_on_where_one_was():
    state = State()
    for question in LEAVING.questions[:3]:
        state = engine.apply(state, engine.answered(question, "done", at=1, by="U1"))
    for expected in ("returned", "outside", "rights"):
        state = engine.apply(state, engine.back(LEAVING, state, at=1, by="U1"))
        assert engine.place(LEAVING, state).question.id == expected
    assert engine.back(LEAVING, state, at=1, by="U1") is None
    state = engine.apply(state, engine.answer(LEAVING, state, "rights", "not_done", 1, at=2, by="U1"))
    assert engine.place(LEAVING, state).question.id == "own"


def test_a_question_that_depends_on_another_is_asked_only_then():
    state = straight(FULL, {q.id: "done" for q in FULL.questions})
    assert len(engine.valid(FULL, state)) == len(FULL.questions)
    state = engine.apply(state, engine.answer(FULL, state, "list", "not_done", 1, at=2, by="U1"))
    assert "list_forms" not in {r.question for r in result(FULL, state).rows}
    state = engine.apply(state, engine.answer(FULL, state, "list", "partly", 1, at=3, by="U1"))
    assert {r.question: r.choice for r in result(FULL, state).rows}["list_forms"] == "done"  # it was kept


def test_the_number_of_questions_ahead_never_grows():
    state, totals = State(), []
    while question := engine.place(FULL, state).question:
        totals.append(engine.place(FULL, state).total)
        state = engine.apply(state, engine.answered(question, "not_done", at=1, by="U1"))
    assert totals == sorted(totals, reverse=True) and totals[0] == len(FULL.questions)


def test_a_double_press_adds_nothing():
    state = engine.apply(State(), engine.answered(FULL.questions[0], "done", at=1, by="U1"))
    assert engine.answer(FULL, state, "list", "done", 1, at=2, by="U1") is None


def test_of_two_devices_the_last_press_counts():
    first = engine.answered(FULL.questions[0], "done", at=1, by="U1")
    second = engine.answer(FULL, engine.fold([first]), "list", "partly", 1, at=1, by="U1")
    assert engine.fold([first, second]).answers["list"].choice == "partly"


def test_an_answer_is_kept_while_its_question_means_the_same():
    state = straight(FULL, {q.id: "done" for q in FULL.questions})
    reworded = FULL.questions[0].model_copy(update={"text": "大事な情報の一覧はありますか。"})
    other = FULL.questions[2].model_copy(update={"meaning": 2})
    new = FULL.model_copy(update={"version": 2, "questions": (reworded, FULL.questions[1], other, *FULL.questions[3:])})
    assert engine.outdated(new, state) == ("tidy",)
    assert engine.place(new, state).question.id == "tidy"
    assert engine.answer(new, state, "tidy", "done", 1, at=2, by="U1") is None, "a card of the old version"
    state = engine.apply(state, engine.answer(new, state, "tidy", "partly", 2, at=2, by="U1"))
    assert engine.place(new, state).question is None


def test_a_press_for_a_question_that_is_gone_or_an_answer_that_is_not_offered_does_nothing():
    for question, choice in (("gone", "done"), ("list", "sometimes"), ("list_forms", "done")):
        assert engine.answer(FULL, State(), question, choice, 1, at=1, by="U1") is None
    assert engine.answer(ITEM, State(), "limited", "not_applicable", 1, at=1, by="U1") is None


def test_a_note_stays_with_its_question():
    noted = Event("noted", "list", noted=True, evidence=True)
    answer = engine.answered(FULL.questions[0], "done", at=1, by="U1")
    for order in (
        [noted, answer],
        [answer, noted],
        [noted, answer, engine.answered(FULL.questions[0], "partly", at=2, by="U1")],
    ):
        given = engine.fold(order).answers["list"]
        assert given.noted and given.evidence


def test_later_stops_and_the_same_question_comes_again():
    state = engine.fold([engine.answered(FULL.questions[0], "done", at=1, by="U1"), Event("later")])
    assert state.paused and engine.place(FULL, state).question.id == "list_forms"
    assert not engine.apply(state, Event("resumed")).paused
