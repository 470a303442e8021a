"""Every view about rules and nudges, with the longest and most hostile words, is what Slack takes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot import blocks
from bot.conversation import Turn
from bot.features.rules import cards, forms
from bot.features.rules.answers import About, Answers
from bot.features.rules.manage import Manage
from bot.features.rules.preferences import Preferences
from bot.features.rules.register import Register
from bot.features.rules.telling import Telling
from bot.people import Person
from bot.services import Services
from bot.store import nudges, rules
from bot.tryout.slack import problems, view_problems
from dialogs.rules.models import Content
from dialogs.rules.nudges import Due, Seen, Standing
from knowledge.models import Settings

from .test_rules_planner import Desk, at

HOSTILE = "<!channel>&<@U02MANAGER> *太* "
LONG = Content((HOSTILE * 4)[:60], (HOSTILE * 40)[:400], "理由<b>&" * 40, "C-2", "U1", "U2", ("U1", "C9", "S9"), 30)
NOW = at("2026-11-30 10:00")


@pytest.fixture
def desk(tmp_path, sealer, services: Services):
    from bot.store import open_store

    store = open_store(f"sqlite:///{tmp_path}/himitsu.db", sealer)
    made = Desk(store, services)
    made.hire("U1", "U2", "U9AAAAA")
    for n in range(25):
        made.publish(replace(LONG, title=f"{n}{LONG.title}"[:60]), id=f"own.{n:02}")
    made.publish(replace(LONG, text="別の文です。" * 60), id="own.00", when="2026-10-02 09:00")
    rules.save_draft(store, "own.01", replace(LONG, text="下書きの文です。" * 50), by="U1", now=NOW)
    yield made
    store.close()


def manager() -> Turn:
    return Turn(Person("U9AAAAA", roles=frozenset({"manager"})), "D1", "dm", NOW, "x")


def fine(message: dict) -> None:
    assert problems(message["blocks"], "message") == [] and message["text"].strip()
    assert "<!channel>" not in json.dumps(message["blocks"])


def test_cards(desk: Desk) -> None:
    rule = rules.get(desk.store, "own.00")
    before = rules.edition(desk.store, "own.00", 1).content
    for kind in ("reread", "changed", "review"):
        due = Due(kind, rule.id, 0, rule.edition)
        for sent in range(3):
            card = cards.of_rule(
                desk.house,
                due,
                rule,
                "U1:2026-W49",
                before=before,
                standing=Standing(sent),
                seen=Seen(1, 1, 1, 1),
                owns=True,
            )
            fine(card.message())
    fine(cards.announcement(desk.house, rules.editions(desk.store, "own.00")[0], before).message())
    fine(cards.for_team(desk.house, rule).message())


def test_register_and_settings(desk: Desk) -> None:
    register, turn = Register(desk.house), manager()
    answers = Answers(desk.house)
    mine = Preferences(desk.house, desk.planner, answers)
    nudges.save_member(desk.store, nudges.Member("U9AAAAA", choice="on"))
    replies = [register.overview(turn, page) for page in (1, 2, 3)]
    replies += [register.card(turn, id) for id in ("own.00", "own.01")] + [register.versions(turn, "own.00")]
    replies += [mine.show(turn), mine.stop(turn), mine.pause(turn), mine.preview(turn)]
    replies += [mine.ask(turn, Settings(action="change", wants=what)) for what in ("day", "hour")]
    rule = rules.get(desk.store, "own.00")
    replies += [answers.ok(turn, About(rule, edition, None), "ok") for edition in (1, 2)]
    replies += [answers.comment(turn, About(rule, 2, None), HOSTILE, "w")]
    replies += [Manage(desk.house, Telling(desk.house)).show(turn)]
    for reply in replies:
        fine(reply.message())
        for row in reply.planned:
            fine(row.message)


def test_modals(desk: Desk) -> None:
    register, turn = Register(desk.house), manager()
    views = [
        register.form(turn, "own.00"),
        register.form(turn),
        register.check(turn, "own.00"),
        register.check(turn, "own.01"),
    ]
    views += [forms.comment(LONG.title, "U1", "{}"), forms.hand(LONG.title, "{}"), forms.when("mon", 10)]
    views += [forms.team(LONG.title, "{}", True)]
    for view in views:
        assert view_problems(view, "modal") == []
        assert "<!channel>" not in json.dumps([b for b in view["blocks"] if b["type"] != "input"])
    assert json.loads(register.form(turn, "own.00")["private_metadata"])["g"] == ["S9"]
    assert blocks.fallback(views[2]["blocks"])
