"""The parts of self-checks, and where they meet the conversation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...conversation import SHOWN_FOR_S, Conversation, Reply, Turn
from ...store import Dialogue, Transaction, checks, gaps
from ...store import dialogue as dialogues
from ..feature import Button, DueItem, Feature, Part
from . import campaign, flow, gap, menu, outcome, presses
from .campaign import Campaigns
from .files import Files
from .flow import Flow
from .gap import Gaps
from .menu import Menu
from .outcome import Outcome
from .results import Results
from .whole import Whole
from .words import words

if TYPE_CHECKING:
    from slack_bolt import App

    from ...shell import Shell


class Checks:
    """The parts of the feature, each with one reason to change."""

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.results = Results(conversation)
        self.outcome = Outcome(conversation, self.results)
        self.flow = Flow(conversation, self.results, self.outcome.finished)
        self.campaigns = Campaigns(conversation, self.flow, self.results)
        self.whole = Whole(conversation, self.flow, self.outcome, self.results)
        self.gap = Gaps(conversation, self.flow, self.outcome, self.whole)
        self.menu = Menu(conversation, self.flow, self.campaigns, self.whole, self.gap)
        self.files = Files(conversation, self.results, self.gap)

    def typed_below_result(self, turn: Turn, dialogue: Dialogue, text: str) -> Reply | None:
        return self.files.typed(turn, dialogue, text) or self.menu.typed_below_result(turn, dialogue, text)

    def listen(self, app: App, shell: Shell) -> None:
        from .listen import register  # it imports the listeners, which import the shell, which imports the features

        register(app, shell, self)

    def home(self, turn: Turn) -> Sequence[Part]:
        """How to begin and go on, what is due, and for managers how far the departments are."""
        w = words()
        start = [Button("checks.menu", w["home"]["start"], style="primary")]
        if turn.person.manages:
            start.append(Button("checks.company", w["menu"]["manager"]))
        going_on = self.menu.open(turn, but=self._offered(turn))
        text = "\n".join(p.text for p in going_on[:1])
        buttons = [b for p in going_on[:1] for b in p.buttons]
        first = Part(text or w["home"]["lead"], (*buttons, *start), w["home"]["title"])
        return [first, *going_on[1:], *self.gap.home(turn), *self.campaigns.home(turn)]

    def _offered(self, turn: Turn) -> set[str]:
        """Runs whose question stands open: the conversation itself offers to go on with them in App Home."""
        there = dialogues.of_person(self.conversation.workplace.store, turn.person.id)
        fresh = [d for d in there if not d.closed and d.updated_at > turn.now - SHOWN_FOR_S]
        return {str(d.state["run"]) for d in fresh if d.state.get("kind") == flow.KIND}

    def due(self, persons: Sequence[str], now: float) -> Mapping[str, Sequence[DueItem]]:
        """Gaps past their day, and checks that were begun and left: for the nudge of the week."""
        found = self.gap.due(persons, now)
        for person, items in self.menu.due(persons, now).items():
            found.setdefault(person, []).extend(items)
        return found

    def kept(self, turn: Turn) -> list[str]:
        store, w = self.conversation.workplace.store, words()["mydata"]
        runs, owned = len(checks.of_person(store, turn.person.id)), len(gaps.of_owner(store, turn.person.id))
        return [*([w["runs"].format(runs)] if runs else []), *([w["gaps"].format(owned)] if owned else [])]


def forget(tx: Transaction, person: str) -> int:
    return checks.delete_person(tx, person) + gaps.delete_person(tx, person)


def feature(conversation: Conversation) -> Feature:
    the = Checks(conversation)
    return Feature(
        "checks",
        listen=the.listen,
        typed={
            flow.KIND: the.flow.typed,
            menu.KIND: the.menu.typed,
            menu.REVIEW: the.menu.typed_review,
            outcome.KIND: the.typed_below_result,
            gap.KIND: the.gap.typed,
            presses.KIND: lambda turn, dialogue, text: presses.typed(the, turn, dialogue, text),
        },
        resumed={flow.KIND: the.menu.resumed},
        said=the.menu.said,
        intents={"checklist": the.menu.intent},
        commands={"check": the.menu.command},
        home=the.home,
        wanted=dict.fromkeys((gap.DUE, gap.GIVEN, gap.ASKED), the.gap.wanted) | {campaign.LETTER: the.campaigns.wanted},
        sent=dict.fromkeys((gap.DUE, gap.GIVEN, gap.ASKED), the.gap.sent),
        due=the.due,
        personal=(gap.DUE, gap.GIVEN, gap.ASKED, gap.TOLD),
        kept=the.kept,
        forget=forget,
    )
