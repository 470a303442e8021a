"""A run from its first question to its last: cards, answers, back and later. A step reads one row and writes once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from dialogs.checks import engine, score
from dialogs.checks.model import Checklist, Event, Question, Run, State
from knowledge import cite

from ... import render
from ...conversation import NotThere, Reply, Turn
from ...store import Dialogue, Transaction, checks
from ...typed import option
from ..feature import Button
from .results import Results
from .words import Told, note_in, plain, refuse_private, reply, standing, verb_of, words

if TYPE_CHECKING:
    from ...conversation import Conversation

KIND = "check"  # of the dialogue that typed words answer


class Finished(Protocol):
    """Makes the reply when every question is answered. details: with everything that belongs to it."""

    def __call__(self, turn: Turn, run: Run, checklist: Checklist, *, details: bool = False) -> Reply: ...


class Flow:
    def __init__(self, conversation: Conversation, results: Results, finished: Finished) -> None:
        self._conversation, self._results = conversation, results
        self._finished = finished

    # --- what there is -----------------------------------------------------------------------------------------------

    def checklists(self, turn: Turn) -> Mapping[str, Checklist]:
        return self._conversation.services(turn).knowledge.checklists

    def mine(self, turn: Turn, run: str) -> tuple[Run, Checklist]:
        """A run of the person's own with its checklist. NotThere where it is gone or another's, or the checklist is."""
        there = checks.get(self._conversation.workplace.store, run)
        if there is None:
            raise NotThere("old")
        if there.person != turn.person.id or turn.person.guest:
            raise NotThere("not_yours")
        return there, self.checklist(turn, there.checklist)

    def checklist(self, turn: Turn, id: str) -> Checklist:
        found = self.checklists(turn).get(id)
        if found is None:
            raise Told(words()["card"]["gone"])
        return found

    # --- going through it --------------------------------------------------------------------------------------------

    def start(self, turn: Turn, id: str, *, department: str = "", campaign: str = "", fresh: bool = False) -> Reply:
        """The first question; or the one where the person stopped. fresh: what was begun before is put aside."""
        place = self._conversation.workplace
        checklist = self.checklist(turn, id)
        before = None
        if campaign:
            before = checks.get(place.store, run_id(campaign, department, turn.person.id))
        else:
            open_ = checks.open_of(place.store, turn.person.id)
            before = next((r for r in open_ if r.checklist == id and not r.campaign), None)
        if before and not fresh:
            return self.resume(turn, before.id)
        new = Run(
            run_id(campaign, department, turn.person.id) if campaign else place.new_id(turn.now, turn.delivery),
            id,
            checklist.version,
            turn.person.id,
            int(turn.now),
            department,
            campaign,
            int(turn.now),
        )

        def keep(tx: Transaction) -> None:
            if before and not campaign:
                checks.drop(tx, before.id)
            checks.start(tx, new)

        said = words()["card"]["dropped"] if before else checklist.lead
        shown = self.card(turn, new, checklist, hint=f"{said}{words()['card']['by_number']}")
        return replace(shown, keep=keep)

    def resume(self, turn: Turn, run: str) -> Reply:
        """The question where a run stands, or its result."""
        there, checklist = self.mine(turn, run)
        if engine.place(checklist, there.state).question is None:
            return self._finished(turn, there, checklist)
        outdated = engine.outdated(checklist, there.state)
        hint = words()["card"]["old" if outdated else "resumed"]
        if there.state.paused or there.version != checklist.version:
            event = Event("resumed", at=int(turn.now), by=turn.person.id)
            return self._moved(turn, there, checklist, event, hint=hint, fresh=not there.campaign)
        return self.card(turn, there, checklist, hint=hint, fresh=not there.campaign)

    def answer(self, turn: Turn, run: str, question: str, choice: str, meaning: int) -> Reply:
        """The next question. A press that comes twice, late or from an old version shows where things stand."""
        there, checklist = self.mine(turn, run)
        event = engine.answer(checklist, there.state, question, choice, meaning, at=turn.now, by=turn.person.id)
        if event is None:
            now = checklist.question(question)
            known = now is not None and now.meaning == meaning
            return self.shown(turn, there, checklist, hint="" if known else words()["card"]["old"])
        return self._moved(turn, there, checklist, event)

    def back(self, turn: Turn, run: str) -> Reply:
        there, checklist = self.mine(turn, run)
        event = engine.back(checklist, there.state, at=turn.now, by=turn.person.id)
        if event is None:
            return self.card(turn, there, checklist, hint=words()["card"]["first"])
        return self._moved(turn, there, checklist, event)

    def edit(self, turn: Turn, run: str, question: str) -> Reply:
        """A question that was answered, once more."""
        there, checklist = self.mine(turn, run)
        return self._moved(turn, there, checklist, Event("edit", question, at=int(turn.now), by=turn.person.id))

    def why(self, turn: Turn, run: str, question: str = "") -> Reply:
        """The same card with its reason, example and source. question: the card's; another one stands open by now."""
        there, checklist = self.mine(turn, run)
        now = engine.place(checklist, there.state).question
        if now is None or question not in ("", now.id):
            return self.shown(turn, there, checklist)
        return self.card(turn, there, checklist, why=True)

    def notes(self, run: Run) -> dict[str, checks.Note]:
        return checks.notes_of(self._conversation.workplace.store, run.id)

    def details(self, turn: Turn, run: str) -> Reply:
        """The result with everything that belongs to it; the question that stands open, where there is none yet."""
        there, checklist = self.mine(turn, run)
        if engine.place(checklist, there.state).question:
            return self.card(turn, there, checklist)
        return self._finished(turn, there, checklist, details=True)

    def later(self, turn: Turn, run: str) -> Reply:
        there, checklist = self.mine(turn, run)
        at = engine.place(checklist, there.state)
        text = words()["card"]["paused"].format(number=at.number, total=at.total)
        button = Button("checks.resume", words()["button"]["go_on"], {"r": run}).to_view()
        shown = self._conversation.note(
            text, buttons=[button], dialogues=(standing(turn, KIND, {"run": there.id}, closed=True),)
        )
        return replace(shown, keep=self._keep(there, checklist, Event("later", at=int(turn.now), by=turn.person.id)))

    def note(self, turn: Turn, run: str, question: str, note: str, evidence: str) -> Reply:
        """Keep what was written to a question; blank parts keep what was there."""
        there, checklist = self.mine(turn, run)
        refuse_private(f"{note}\n{evidence}")
        if not (note or evidence) or checklist.question(question) is None:
            return self._conversation.note(words()["note"]["nothing"])
        before = checks.notes_of(self._conversation.workplace.store, run).get(question, checks.Note())
        written = checks.Note(note or before.note, evidence or before.evidence)
        event = Event(
            "noted",
            question,
            at=int(turn.now),
            by=turn.person.id,
            noted=bool(written.note),
            evidence=bool(written.evidence),
        )
        add = self._keep(there, checklist, event)

        def keep(tx: Transaction) -> None:
            checks.put_note(tx, run, question, written, now=turn.now)
            add(tx)

        return replace(self._conversation.note(words()["note"]["kept"]), keep=keep)

    def typed(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        """Words while a question stands open; None where they are none of ours."""
        there, checklist = self.mine(turn, str(dialogue.state["run"]))
        question = engine.place(checklist, there.state).question
        if question is None:
            return None
        kind, written = note_in(text)
        if kind:
            noted = self.note(turn, there.id, question.id, *((written, "") if kind == "note" else ("", written)))
            card = self.card(turn, there, checklist, hint=words()["note"]["kept"])
            return replace(card, keep=noted.keep)
        if choice := choice_of(text, checklist, question):
            return self.answer(turn, there.id, question.id, choice, question.meaning)
        if text.strip().isdecimal():
            last = len(checklist.choices_of(question))
            return self.card(turn, there, checklist, hint=words()["card"]["numbers"].format(last))
        acts: dict[str, Callable[[], Reply]] = {
            "why": lambda: self.why(turn, there.id),
            "back": lambda: self.back(turn, there.id),
            "later": lambda: self.later(turn, there.id),
            "resume": lambda: self.resume(turn, there.id),
            "fresh": lambda: self.anew(turn, there, checklist),
            "note": lambda: self.card(turn, there, checklist, hint=words()["card"]["note_how"]),
        }
        act = acts.get(verb_of(text))
        return act() if act else None

    def anew(self, turn: Turn, there: Run, checklist: Checklist) -> Reply:
        """Asked by word to begin anew: the button is shown, which asks once more. A department's check goes on."""
        hint = "" if there.campaign else words()["card"]["fresh_sure"]
        return self.card(turn, there, checklist, hint=hint, fresh=not there.campaign)

    # --- showing -----------------------------------------------------------------------------------------------------

    def shown(self, turn: Turn, run: Run, checklist: Checklist, *, hint: str = "", fresh: bool = False) -> Reply:
        """Where a run stands: its question, or its result."""
        if engine.place(checklist, run.state).question is None:
            return self._finished(turn, run, checklist)
        return self.card(turn, run, checklist, hint=hint, fresh=fresh)

    def card(
        self, turn: Turn, run: Run, checklist: Checklist, *, why: bool = False, hint: str = "", fresh: bool = False
    ) -> Reply:
        """The question where a run stands. fresh: it may also be begun anew."""
        at = engine.place(checklist, run.state)
        question = at.question
        if question is None:
            raise NotThere("old")
        w, labels = words()["card"], checklist.choices_of(question)
        own = any(area.id == question.area for area in checklist.areas)
        head = w["head_own" if own else "head"].format(
            area=question.area,
            title=self._results.book(turn).title(checklist, question.area),
            number=at.number,
            total=at.total,
        )
        given = at.answers.get(question.id)
        lines = [w["given"].format(labels[given.choice])] if given else []
        if run.state.notes.get(question.id, (False, False)) != (False, False):
            lines.append(w["noted"])
        return reply(
            "checks_question",
            head=head,
            text=question.text,
            given="\n".join(lines),
            more=self._reasons(turn, question) if why else [],
            answers=answer_buttons(run, question, labels),
            tools=_tools(run, question, back=bool(at.previous), why=not why, fresh=fresh),
            hint=hint,
            dialogues=(standing(turn, KIND, {"run": run.id}),),
        )

    def _reasons(self, turn: Turn, question: Question) -> list[str]:
        w = words()["card"]
        lines = [w["why"].format(question.why)]
        lines += [w["example"].format(question.example)] if question.example else []
        lines += [w["evidence"].format(question.evidence)] if question.evidence else []
        cited = cite.by_id(question.source[:2], self._conversation.services(turn).knowledge)
        return [*lines, w["source"].format("、".join(dict.fromkeys(origin(c) for c in cited)))]

    def _moved(
        self, turn: Turn, run: Run, checklist: Checklist, event: Event, *, hint: str = "", fresh: bool = False
    ) -> Reply:
        """After an event: what comes next, and the event to be kept with it."""
        state = engine.apply(run.state, event)
        complete, points = outcome(checklist)(state)
        moved = replace(run, state=state, updated_at=int(turn.now), version=checklist.version)
        if complete:
            moved = replace(moved, finished_at=run.finished_at or int(turn.now), score=points)
        return replace(
            self.shown(turn, moved, checklist, hint=hint, fresh=fresh),
            keep=self._keep(run, checklist, event),
            log={"check": checklist.id, "event": event.kind},
        )

    @staticmethod
    def _keep(run: Run, checklist: Checklist, event: Event) -> Callable[[Transaction], None]:
        def keep(tx: Transaction) -> None:
            checks.add(tx, run.id, [event], version=checklist.version, outcome=outcome(checklist))

        return keep


def outcome(checklist: Checklist) -> checks.Outcome:
    """Of a state: whether all is answered, and the score."""

    def of(state: State) -> tuple[bool, int | None]:
        answers = engine.valid(checklist, state)
        questions = score.asked(checklist, answers)
        return all(q.id in answers for q in questions), score.count(questions, answers).score

    return of


def run_id(campaign: str, department: str, person: str) -> str:
    """One run a person, department and campaign: joining twice goes on with it."""
    return f"{campaign}:{department}:{person}"


def choice_of(text: str, checklist: Checklist, question: Question) -> str:
    """The answer that a number or its label names, or blank."""
    given = checklist.choices_of(question)
    number = option(plain(text), tuple(given.values()))
    return list(given)[number - 1] if number else ""


def answer_buttons(run: Run, question: Question, labels: Mapping[Any, str]) -> list[dict[str, Any]]:
    about = {"r": run.id, "q": question.id, "m": question.meaning}
    return [
        Button(f"checks.answer.{choice}", f"{n} {label}", about | {"c": choice}).to_view()
        for n, (choice, label) in enumerate(labels.items(), 1)
    ]


def _tools(run: Run, question: Question, *, back: bool, why: bool, fresh: bool) -> list[dict[str, Any]]:
    """What else can be done with a question; to begin anew, which takes the answers away, is asked once more."""
    w, about = words()["button"], {"r": run.id}
    made = [
        Button("checks.why", w["why"], about | {"q": question.id}) if why else None,
        Button("checks.back", w["back"], about) if back else None,
        Button("checks.later", w["later"], about),
        Button("checks.note", w["note"], {"r": run.id, "q": question.id}),
    ]
    anew = [Button("checks.fresh", w["fresh"], {"i": run.checklist}).to_view() | {"confirm": words()["sure"]}]
    return [*(button.to_view() for button in made if button), *(anew if fresh else [])]


def origin(cited: Any) -> str:
    """A source in a few words, with how sure it is where that is not plain."""
    labels = render.labels()["certainty"]
    if cited.certainty == "unverified":
        return str(labels["unverified"])
    if cited.certainty == "seed":
        return f"リーフレット {cited.section}".strip()
    return f"{cited.statute or cited.title}({labels[cited.certainty]})"
