"""The questions after a report, one at a time, each skippable; desks and dates after the first three."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from dialogs.leak import intake
from dialogs.leak.case import REPORTER, Case
from dialogs.leak.intake import Question
from knowledge.text import normalise

from ... import blocks
from ...conversation import Conversation, NotThere, Reply, Turn
from ...store import Dialogue, cases
from ...typed import understand
from ..feature import Button, Part
from .change import Change, case_of, inside, moved
from .desk import Desk
from .opening import the_case
from .words import answered, label, says, show, title

if TYPE_CHECKING:
    from .show import Showing

_SHOWN = "-"  # in place of a question: desks and dates stand there now
_SEVERAL = re.compile(r"\d(?:[\s,、・と]*\d)*")


class Asking:
    def __init__(self, conversation: Conversation, desk: Desk, showing: Showing):
        self._conversation, self._desk, self._showing = conversation, desk, showing

    @property
    def _store(self) -> Any:
        return self._desk.workplace.store

    # --- showing

    def ask(
        self,
        turn: Turn,
        case: Case,
        there: Dialogue,
        *,
        question: Question | None = None,
        picked: Sequence[str] | None = None,
        head: Mapping[str, Any] | None = None,
    ) -> Reply:
        """A question of a case, the next one where none is given; where none is left, the thanks."""
        asked = question or intake.next_question(case.answers)
        if asked is None:
            gone = replace(there, state={"kind": "gone"}, closed=True, updated_at=int(turn.now))
            return replace(self._done(case, head), dialogues=(gone,))
        chosen = tuple(picked) if picked is not None else self._beforehand(case, asked)
        there = replace(moved(self._store, there, at=asked.id, p=list(chosen)), updated_at=int(turn.now))
        reply = show(
            "case_question",
            head=head,
            read=answered(case.answers, ("kind", "data")) if head else [],
            question=asked,
            chosen=[asked.option(o).label for o in chosen] if asked.many else [],
            listed=any(blocks.short(o.label) != o.label for o in asked.options),
            left=len(intake.open_questions(case.answers)),
            rows=[[b.to_view() for b in row] for row in self._buttons(case, there.id, asked, chosen)],
        )
        return replace(reply, dialogues=(there,))

    def _done(self, case: Case, head: Mapping[str, Any] | None) -> Reply:
        buttons = [
            Button("case.outlook", label("outlook"), {"c": case.id}),
            Button("case.state", label("state"), {"c": case.id}),
        ]
        return show("case_done", head=head, buttons=[b.to_view() for b in buttons])

    def _beforehand(self, case: Case, question: Question) -> tuple[str, ...]:
        """What is chosen when a question is shown: its answer of before, else what the words have said of it."""
        if question.id in case.answers:
            return case.answer(question.id)
        if not question.confirm:
            return ()
        return intake.filled(case.family, case.flags, case.signs, case.answer("kind")).get(question.id, ())

    def _buttons(self, case: Case, d: str, asked: Question, chosen: Sequence[str]) -> list[list[Button]]:
        at = {"d": d, "q": asked.id}
        if asked.many:
            options = [
                Button(
                    f"case.toggle.{n}",
                    f"{n} {'✓ ' if o.id in chosen else ''}{blocks.short(o.label)}",
                    {**at, "o": o.id, "p": list(chosen)},
                )
                for n, o in enumerate(asked.options, 1)
            ]
            options.append(Button("case.next", label("next"), {**at, "p": list(chosen)}, "primary"))
        else:
            options = [
                Button(f"case.pick.{n}", f"{n} {blocks.short(o.label)}", {**at, "o": o.id})
                for n, o in enumerate(asked.options, 1)
            ]
        steps = [Button("case.skip", label("skip"), at)]
        if intake.before(asked.id, case.answers):
            steps.append(Button("case.back", label("back"), at))
        steps += [
            Button("case.later", label("later"), at),
            Button("case.outlook", label("outlook"), {"c": case.id}),
            Button("case.add", label("add"), {"c": case.id, "w": "add"}),
        ]
        return [options, steps, [Button("leak.mistake", label("mistake"), {"d": d})]]

    def resumed(self, turn: Turn, there: Dialogue) -> Part | None:
        """The open question, to go on with from App Home."""
        try:
            if self._inside(there)["role"] != "told":
                return None
            case = self._case(there)
        except NotThere:
            return None
        asked = self._asked(there, case) or intake.next_question(case.answers)
        if asked is None or not case.open:
            return None
        text = f"*{blocks.esc(asked.text)}*\n{blocks.numbered([blocks.esc(o.label) for o in asked.options])}"
        rows = self._buttons(case, there.id, asked, self._beforehand(case, asked))
        return Part(text, (*rows[0], *rows[1][:1]), says()["receipt"].format(case.receipt))

    # --- answering

    def pick(self, turn: Turn, d: str, q: str, option: str) -> Reply:
        """One option of a question that takes one."""
        return self._answer(turn, d, q, (option,))

    def toggle(self, turn: Turn, d: str, q: str, option: str, so_far: Sequence[str]) -> Reply:
        """One more press on one of many: nothing is kept before 「次へ」."""
        there, case, question = self._at(turn, d, q)
        try:
            chosen = intake.pick(question, so_far, option)
        except KeyError:
            raise NotThere("old") from None
        return self.ask(turn, case, there, question=question, picked=chosen)

    def next(self, turn: Turn, d: str, q: str, chosen: Sequence[str]) -> Reply:
        """「次へ」: what was chosen of many; nothing chosen is skipping it."""
        return self._answer(turn, d, q, tuple(chosen))

    def skip(self, turn: Turn, d: str, q: str) -> Reply:
        return self._answer(turn, d, q, ())

    def back(self, turn: Turn, d: str, q: str) -> Reply:
        """The question before it, with its answer; nothing is lost."""
        there, case, _ = self._at(turn, d, q)
        before = intake.before(q, case.answers)
        if before is None:
            raise NotThere("old")
        return self.ask(turn, case, there, question=before)

    def later(self, turn: Turn, d: str) -> Reply:
        there = self._conversation.mine(turn, d)
        kept = replace(there, state={**there.state, "paused": True}, updated_at=int(turn.now))
        return self._conversation.note(says()["told"]["later"], dialogues=(kept,))

    def go_on(self, turn: Turn, d: str) -> Reply:
        """What is still to be asked."""
        there = self._conversation.mine(turn, d)
        return self.ask(turn, self._case(there), there)

    def _answer(self, turn: Turn, d: str, q: str, options: tuple[str, ...]) -> Reply:
        there, case, question = self._at(turn, d, q)
        known = {o.id for o in question.options}
        if not set(options) <= known:
            raise NotThere("old")
        change = Change(self._desk, turn, case)
        if q not in case.answers or case.answer(q) != options:
            change.add("answered", REPORTER, question=q, options=list(options))
            if q == "known":
                day = intake.known_on(change.case.answers, self._reported_on(case))
                change.add("known", REPORTER, known_on=day.isoformat() if day else "")
        elif not any(e.kind == "answered" and e.by == REPORTER and e.data["question"] == q for e in case.events):
            change.add("answered", REPORTER, question=q, options=list(options))  # what was read, confirmed
        return self._after(turn, there, change)

    def _after(self, turn: Turn, there: Dialogue, change: Change) -> Reply:
        """Desks and dates once the first three are answered, or nothing is left; else the next question."""
        case = change.case
        rest = intake.open_questions(case.answers)
        shown_at = intake.book().first
        asked = len(asked_of(case))
        first_time = change.added and (asked == shown_at or (not rest and asked < shown_at))
        if first_time or (change.added and not rest):
            words = says()["desk"]["answered"].format(case.receipt)
            value = {"c": case.id}
            change.tell(
                self._told(case, turn),
                "case_note",
                text=f"{words}\n{_lines(case)}",
                quoted="",
                buttons=[Button("case.open", label("open"), value).to_view()],
            )
        if first_time:
            kept = replace(moved(self._store, there, at=_SHOWN), updated_at=int(turn.now), closed=not rest)
            reply = self._showing.outlook(turn, case, mine=True, d=there.id if rest else "")
            return change.on(replace(reply, dialogues=(kept,)))
        return change.on(self.ask(turn, case, there))

    def _told(self, case: Case, turn: Turn) -> tuple[str, ...]:
        if case.owner:
            return self._desk.active((case.owner,), turn.now)
        return self._desk.told(case.alternative, turn.now, but=turn.person.id)

    def _reported_on(self, case: Case) -> Any:
        return self._desk.workplace.today(case.opened_at)

    # --- words

    def typed(self, turn: Turn, there: Dialogue, text: str) -> Reply | None:
        """Words while a question stands open: a number, an option's words, or a button's; None for a new message."""
        case = self._case(there)
        question = self._asked(there, case)
        if question is None or not case.open:
            return None
        if question.many and (numbers := _numbers(text, len(question.options))):
            return self._answer(turn, there.id, question.id, self._several(question, numbers))
        said = understand(text, (there.id, question.id, tuple(o.label for o in question.options)))
        if said and said.verb == "choose":
            return self._answer(turn, there.id, question.id, (question.options[said.number - 1].id,))
        plain = normalise(text).text.strip("。、 ")
        verb = next((v for v, ways in says()["typed"].items() if plain in map(_plain, ways)), "")
        steps = {
            "skip": lambda: self.skip(turn, there.id, question.id),
            "next": lambda: self.next(turn, there.id, question.id, self._inside(there).get("p", ())),
            "back": lambda: self.back(turn, there.id, question.id),
            "later": lambda: self.later(turn, there.id),
            "outlook": lambda: self._showing.outlook(turn, case, mine=True, d=there.id),
        }
        return steps[verb]() if verb in steps else None

    @staticmethod
    def _several(question: Question, numbers: Sequence[int]) -> tuple[str, ...]:
        chosen: tuple[str, ...] = ()
        for number in numbers:
            if question.options[number - 1].id not in chosen:
                chosen = intake.pick(question, chosen, question.options[number - 1].id)
        return chosen

    # --- where it stands

    def _case(self, there: Dialogue) -> Case:
        return the_case(self._store, case_of(self._store, there))

    def _at(self, turn: Turn, d: str, q: str) -> tuple[Dialogue, Case, Question]:
        """The dialogue, its case and a question. NotThere where one is gone, or is somebody else's."""
        there = self._conversation.mine(turn, d)
        case = self._case(there)
        if not case.open or cases.reporter(self._store, case.id) != turn.person.id:
            raise NotThere("old")
        try:
            return there, case, intake.book().question(q)
        except KeyError:
            raise NotThere("old") from None

    def _inside(self, there: Dialogue) -> dict[str, Any]:
        return inside(self._store, there)

    def _asked(self, there: Dialogue, case: Case) -> Question | None:
        """The question that words answer; None below desks and dates, where none is shown."""
        at = str(self._inside(there).get("at", ""))
        if at == _SHOWN:
            return None
        try:
            return intake.book().question(at)
        except KeyError:
            return intake.next_question(case.answers)


def asked_of(case: Case) -> set[str]:
    """Questions that the person who reported has answered or skipped."""
    return {e.data["question"] for e in case.events if e.kind == "answered" and e.by == REPORTER}


def _numbers(text: str, most: int) -> list[int]:
    """「1 3」, 「1、3」: options of many, [] where it is something else."""
    plain = normalise(text).text.strip("。 ")
    if not _SEVERAL.fullmatch(plain):
        return []
    found = [int(n) for n in re.findall(r"\d", plain)]
    return found if all(1 <= n <= most for n in found) else []


def _plain(word: str) -> str:
    return normalise(word).text


def _lines(case: Case) -> str:
    rows = [("", title(case)), *answered(case.answers)]
    return "\n".join(blocks.esc(f"{name}: {text}" if name else text) for name, text in rows)
