"""The parts of leak cases, and where they meet the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...conversation import Conversation, Reply, Turn
from ...store import Transaction, cases
from ..feature import Feature, Part
from .ask import Asking
from .change import FOLLOW, KIND
from .desk import Desk
from .files import Files
from .follow import Following
from .mine import Mine
from .notes import Notes
from .show import Showing
from .tell import Telling
from .typing import Typing
from .words import says
from .work import Work

if TYPE_CHECKING:
    from slack_bolt import App

    from ...shell import Shell
    from ...store import Store


class Cases:
    """The parts of the feature, each with one reason to change."""

    def __init__(self, conversation: Conversation):
        self.desk = Desk(conversation.workplace)
        self.showing = Showing(conversation, self.desk)
        self.mine = Mine(conversation, self.desk)
        self.work = Work(conversation, self.desk, self.showing)
        self.asking = Asking(conversation, self.desk, self.showing)
        self.telling = Telling(conversation, self.desk, self.asking, self.mine)
        self.notes = Notes(conversation, self.desk, self.mine, self.work)
        self.files = Files(conversation, self.work)
        self.following = Following(conversation.workplace, self.desk)
        self.typing = Typing(conversation, self)

    @property
    def store(self) -> Store:
        return self.desk.workplace.store

    def outlook(self, turn: Turn, id: str) -> Reply:
        """Desks and dates, for whoever of the two may see the case."""
        if self._is_mine(turn, id):
            return self.showing.outlook(turn, self.mine.case(turn, id), mine=True)
        return self.work.outlook(turn, id)

    def grounds(self, turn: Turn, id: str) -> Reply:
        case = self.mine.case(turn, id) if self._is_mine(turn, id) else self.work.case(turn, id)
        return self.showing.grounds(turn, case)

    def _is_mine(self, turn: Turn, id: str) -> bool:
        return cases.reporter(self.store, id) == turn.person.id

    def home(self, turn: Turn) -> Sequence[Part]:
        return [*self.mine.home(turn), *self.work.home(turn)]

    def kept(self, turn: Turn) -> Sequence[str]:
        """What is kept of a person as the one who reported."""
        found = cases.of_reporter(self.store, turn.person.id)
        return [says()["kept"].format(len(found))] if found else []

    def forget(self, tx: Transaction, person: str) -> int:
        """Who reported a closed case is removed; an open one needs to know whom to answer until its end."""
        over = [head.id for head in cases.of_reporter(tx, person) if head.state == "closed"]
        return sum(cases.forget_reporter(tx, id) for id in over)


def feature(conversation: Conversation) -> Feature:
    parts = Cases(conversation)

    def listening(app: App, shell: Shell) -> None:
        from .listen import register  # the listeners import the shell

        register(app, shell, parts)

    return Feature(
        "cases",
        listen=listening,
        typed={"tell": parts.typing.tell, KIND: parts.typing.case},
        resumed={KIND: parts.asking.resumed},
        commands={"case": parts.typing.command},
        verbs={"case": parts.typing.overview},
        about={"tell": parts.telling.preview, "mistake": parts.mine.mistake},
        home=parts.home,
        tick=parts.following.tick,
        due=parts.following.items,
        wanted={FOLLOW: parts.following.wanted},
        kept=parts.kept,
        forget=parts.forget,
    )


__all__ = ["Cases", "feature"]
