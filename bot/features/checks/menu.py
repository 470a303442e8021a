"""What can be checked, and what somebody's words call for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from dialogs.checks import engine
from dialogs.checks.model import Checklist, Run
from dialogs.checks.score import asked

from ... import blocks
from ...conversation import NotThere, Reply, Turn
from ...store import Dialogue, checks
from ...typed import option
from ..feature import Button, DueItem, Part
from . import find
from .flow import Flow
from .words import Told, plain, reply, standing, verb_of, words

if TYPE_CHECKING:
    from knowledge.models import Reading

    from ...conversation import Conversation
    from .campaign import Campaigns
    from .gap import Gaps
    from .whole import Whole

KIND, REVIEW = "check_menu", "check_review"  # of the dialogues that numbers answer
_LEFT_S = 7 * 24 * 3600
_ORDER = ("full", "short", "item", "moment")


class Menu:
    def __init__(self, conversation: Conversation, flow: Flow, campaigns: Campaigns, whole: Whole, gap: Gaps) -> None:
        self._conversation, self._flow, self._gap = conversation, flow, gap
        self._campaigns, self._whole = campaigns, whole

    # --- words -------------------------------------------------------------------------------------------------------

    def command(self, turn: Turn, rest: str) -> Reply:
        """/himitsu チェック, with what stands behind it."""
        if turn.person.guest:
            raise Told(words()["menu"]["guests"])
        return self._called(turn, rest) if rest.strip() else self.show(turn)

    def said(self, turn: Turn, text: str) -> Reply | None:
        """Words that are nothing but a call for a check, or for going on with one."""
        if turn.person.guest:
            return None
        verb = verb_of(text)
        if verb == "company" and turn.person.manages:
            return self._campaigns.offer(turn)
        if id := find.called(text, self._flow.checklists(turn)):
            return self._flow.start(turn, id)
        if verb == "menu":
            return self.show(turn)
        if verb == "result" and any(r.finished_at for r in self._mine(turn)):
            return self.last(turn)
        if verb == "resume" and checks.open_of(self._conversation.workplace.store, turn.person.id, 1):
            return self._go_on(turn)
        return None

    def intent(self, turn: Turn, reading: Reading) -> Reply | None:
        """A message about checks: the one it names, else all of them."""
        if turn.person.guest:
            raise Told(words()["menu"]["guests"])
        return self._called(turn, turn.words) if turn.words else self.show(turn)

    def typed(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        """A number or a title, below the menu."""
        ids = [id for id in dialogue.state.get("ids", ()) if id in self._flow.checklists(turn)]
        number = option(plain(text), tuple(self._flow.checklists(turn)[id].title for id in ids))
        return self._flow.start(turn, ids[number - 1]) if number else None

    def typed_review(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        """The number of a question, below the list of answers."""
        ids = dialogue.state.get("questions", ())
        number = option(plain(text), tuple(str(n) for n in range(1, len(ids) + 1)))
        return self._flow.edit(turn, str(dialogue.state["run"]), ids[number - 1]) if number else None

    def typed_below_result(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        """A button of a result, or the number of a gap."""
        run = str(dialogue.state.get("run", ""))
        verb = verb_of(text)
        if run and verb == "review":
            return self.review(turn, run)
        if run and verb == "details":
            return self._flow.details(turn, run)
        if not run and verb == "details":
            return self._whole.details(turn, str(dialogue.state["scope"]))
        if run and verb == "department":
            there = self._flow.mine(turn, run)[0]
            return self._whole.result(turn, there.campaign, there.department) if there.campaign else None
        if run and verb in ("again", "fresh"):
            return self._flow.start(turn, self._flow.mine(turn, run)[0].checklist)
        if verb == "menu":
            return self.show(turn)
        if verb == "ask_somebody":
            return self._conversation.note(words()["asking"]["typed"])
        return self._gap.typed_below_result(turn, dialogue, text)

    def _called(self, turn: Turn, text: str) -> Reply:
        verb = verb_of(text)
        if verb == "resume" or (verb == "" and find.goes_on(text)):
            return self._go_on(turn)
        if verb == "result":
            return self.last(turn)
        if joined := self._campaigns.join_by_name(turn, text):
            return joined
        if verb == "company" and turn.person.manages:
            return self._campaigns.offer(turn)
        id = find.fitting(text, self._flow.checklists(turn))
        return self._flow.start(turn, id) if id else self.show(turn)

    def _go_on(self, turn: Turn) -> Reply:
        open_ = checks.open_of(self._conversation.workplace.store, turn.person.id, 1)
        if not open_:
            raise Told(words()["card"]["nothing_open"])
        return self._flow.resume(turn, open_[0].id)

    def last(self, turn: Turn) -> Reply:
        """The person's latest result."""
        known = [r for r in self._mine(turn) if r.finished_at and r.checklist in self._flow.checklists(turn)]
        if not known:
            raise Told(words()["card"]["no_result"])
        return self._flow.resume(turn, max(known, key=lambda r: r.updated_at).id)

    def _mine(self, turn: Turn) -> Sequence[Run]:
        return checks.of_person(self._conversation.workplace.store, turn.person.id)

    # --- showing -----------------------------------------------------------------------------------------------------

    def show(self, turn: Turn) -> Reply:
        """Everything that can be checked; what is under way first."""
        if turn.person.guest:
            raise Told(words()["menu"]["guests"])
        there = sorted(self._flow.checklists(turn).values(), key=lambda c: _ORDER.index(c.kind))
        plain_ones = [c for c in there if c.kind != "moment"]
        moments = [c for c in there if c.kind == "moment"]
        numbers = {c.id: n for n, c in enumerate([*plain_ones, *moments], 1)}
        dialogue = standing(turn, KIND, {"ids": list(numbers)})
        return reply(
            "checks_menu",
            title=words()["menu"]["title"],
            lead=words()["menu"]["lead"],
            open=[p.to_view() for p in [*self.open(turn), *self._campaigns.parts(turn)]],
            list=[_row(numbers[c.id], c) for c in plain_ones],
            moments=[f"{numbers[c.id]}. {c.title}" for c in moments],
            buttons=[_start(numbers[c.id], c) for c in plain_ones],
            moment_buttons=[_start(numbers[c.id], c) for c in moments],
            dialogues=(dialogue,),
        )

    def review(self, turn: Turn, run: str) -> Reply:
        """Every answer of a run, to choose one that is to be changed."""
        there, checklist = self._flow.mine(turn, run)
        at, w = engine.place(checklist, there.state), words()["review"]
        questions = asked(checklist, at.answers)
        lines, buttons = [], []
        for n, question in enumerate(questions, 1):
            given = at.answers.get(question.id)
            label = checklist.choices_of(question)[given.choice] if given else w["unanswered"]
            lines.append(w["row"].format(n=n, text=question.text, label=label))
            buttons.append(Button(f"checks.edit.{n}", str(n), {"r": run, "q": question.id}))
        dialogue = standing(turn, REVIEW, {"run": run, "questions": [q.id for q in questions]})
        back = Button("checks.resume", words()["button"]["result"], {"r": run})
        parts = [
            Part(w["lead"], title=w["title"]),
            *(Part("\n".join(lines[i : i + 10]), tuple(buttons[i : i + 10])) for i in range(0, len(lines), 10)),
            Part(words()["review"]["back"], (back,)),
        ]
        return reply("checks_list", parts=[p.to_view() for p in parts], small=[], dialogues=(dialogue,))

    def open(self, turn: Turn, *, most: int = 3, but: Collection[str] = ()) -> list[Part]:
        """What the person has begun and can go on with. but: runs that are shown elsewhere."""
        made = []
        for run in checks.open_of(self._conversation.workplace.store, turn.person.id):
            checklist = self._flow.checklists(turn).get(run.checklist)
            if checklist is None or run.id in but:
                continue
            text = self._standing(run, checklist)
            made.append(Part(text, (Button("checks.resume", words()["button"]["go_on"], {"r": run.id}, "primary"),)))
        return made[:most]

    def due(self, persons: Sequence[str], now: float) -> dict[str, list[DueItem]]:
        """Checks that were begun and left for a week."""
        found: dict[str, list[DueItem]] = {}
        known = self._conversation.workplace.services.knowledge.checklists
        for run in checks.stalled(self._conversation.workplace.store, persons, before=now - _LEFT_S):
            if checklist := known.get(run.checklist):
                button = Button("checks.resume", words()["button"]["go_on"], {"r": run.id}, "primary")
                text = self._standing(run, checklist)
                item = DueItem("check", f"check:{run.id}", run.updated_at + _LEFT_S, text, (button,))
                found.setdefault(run.person, []).append(item)
        return found

    def _standing(self, run: Run, checklist: Checklist) -> str:
        """Which check, and how far it is."""
        at = engine.place(checklist, run.state)
        title = _title(checklist, self._campaigns.name(run.department))
        return blocks.esc(words()["menu"]["open"].format(title=title, number=at.number, total=at.total))

    def resumed(self, turn: Turn, dialogue: Dialogue) -> Part | None:
        """A question that stands open, offered again below another answer and in App Home."""
        try:
            run, checklist = self._flow.mine(turn, str(dialogue.state["run"]))
        except NotThere:
            return None
        if engine.place(checklist, run.state).question is None:
            return None
        return Part(
            self._standing(run, checklist), (Button("checks.resume", words()["button"]["go_on"], {"r": run.id}),)
        )


def _title(checklist: Checklist, department: str) -> str:
    return f"{checklist.title}({department})" if department else checklist.title


def _row(number: int, checklist: Checklist) -> str:
    return str(
        words()["menu"]["row"].format(
            n=number, title=checklist.title, questions=len(checklist.questions), minutes=checklist.minutes
        )
    )


def _start(number: int, checklist: Checklist) -> dict[str, object]:
    return Button(f"checks.start.{number}", checklist.title, {"i": checklist.id}).to_view()
