"""The parts of the feature, and where they meet the conversation."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ...store import Transaction, nudges, rules
from ..feature import Feature, Part
from .answers import Answers
from .delivery import Delivery
from .house import House, words
from .manage import Manage
from .planner import Planner
from .preferences import Preferences
from .presses import Presses
from .proof import Proofs
from .register import Register
from .telling import Telling

if TYPE_CHECKING:
    from ...conversation import Conversation, Turn

VERBS = ("nudge_ok", "nudge_read", "nudge_rethink", "nudge_later", "nudge_unchanged", "nudge_hand", "nudge_revise")


def feature(conversation: Conversation) -> Feature:
    """The feature; it asks nothing of the store before somebody acts or the clock ticks."""
    house = House(conversation)
    planner, delivery, answers = Planner(house), Delivery(house), Answers(house)
    preferences, register = Preferences(house, planner, answers), Register(house)
    manage = Manage(house, Telling(house))
    presses = Presses(house, answers, preferences, register, manage, Proofs(house))

    def home(turn: Turn) -> Sequence[Part]:
        return [*preferences.home(turn), manage.home(turn)]

    def kept(turn: Turn) -> Sequence[str]:
        said = words()["mydata"]
        count = nudges.of_person(house.store, turn.person.id)
        lines = [
            said["nudges"].format(count=count["nudges"]),
            said["seen"].format(count=count["rule_seen"]),
            said["comments"].format(count=rules.comments_of(house.store, turn.person.id)),
        ]
        stopped = nudges.member(house.store, turn.person.id).choice == "off"
        return [*lines, said["proof"], *([said["stopped"]] if stopped else [])]

    def forget(tx: Transaction, person: str) -> int:
        return nudges.delete_person(tx, person) + rules.delete_comments(tx, person)

    return Feature(
        "rules",
        listen=presses.listen,
        typed={
            "rules_card": presses.card_said,
            "rules_manage": presses.manage_said,
            "nudge_set": preferences.typed,
            "nudge_comment": presses.comment_said,
            "nudge_hand": presses.hand_said,
        },
        intents={"reminder": preferences.said},
        commands={"remind": preferences.command, "rules": register.command},
        verbs={
            **{name: presses.verb(name) for name in VERBS},
            "nudge_settings": preferences.show,
            "nudge_manage": manage.show,
            "rules_list": register.overview,
        },
        home=home,
        tick=planner.tick,
        wanted={"nudge": delivery.nudge, "rule.told": delivery.told},
        sent={"nudge": delivery.nudge_sent, "rule.told": delivery.told_sent, "rule.team": delivery.team_sent},
        personal=("nudge",),
        kept=kept,
        forget=forget,
    )
