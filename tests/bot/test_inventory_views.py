"""The inventory's views are what Slack takes, whatever an entry says."""

from dataclasses import replace
from datetime import date

import pytest

from bot import blocks
from bot.features.inventory import answer, due, form, shown
from bot.features.inventory.talk import Talk
from dialogs.inventory import model
from dialogs.inventory.model import House, Item, default_classes
from knowledge.models import Listed

from .conftest import MANAGER
from .test_views import HOSTILE, TODAY, check_message, check_view
from .test_views import shown as card

HOUSE = House(default_classes(), (("開発部", "開発"),))
LONG = "長" * 200
ITEMS = (
    Item("a", "原価表", "秘", "経理課"),
    Item(
        "b", HOSTILE[:80], "極秘", HOSTILE, HOSTILE, HOSTILE, ("紙", "金型", HOSTILE[:20]), HOSTILE, HOSTILE, HOSTILE,
        (HOSTILE[:80],) * 10, HOSTILE, "2020-01-01", HOSTILE, 3,
    ),
    Item("c", "名" * 80, "社外秘", LONG, LONG, LONG, ("媒" * 20,) * 6, LONG, LONG, LONG, ("別" * 80,) * 10, LONG, "2030-01-01", LONG, 9),
)  # fmt: skip


@pytest.mark.parametrize("item", ITEMS, ids=["short", "hostile", "long"])
def test_an_entry_and_what_is_asked_about_it(item):
    values = {
        "lead": "書きました。",
        "item": item,
        "fields": shown.fields(item),
        "how": "打って直せます。",
        "buttons": Talk.item_buttons(item),
    }
    check_message(made := blocks.message("inventory_item", **values))
    check_view(blocks.modal("inventory_item", "台帳", **values))
    assert "<@U02MANAGER>" not in made["text"] and "<https" not in made["text"]
    planned = due.planned(MANAGER, [item], 0)
    check_message(planned.message)
    assert "<@U02MANAGER>" not in planned.message["text"]


def test_a_page_of_the_list_and_many_that_are_due():
    rows = [shown.row(i, n, TODAY) for n, i in enumerate(ITEMS * 2, 1)]
    buttons = [{"id": f"inventory.{n}", "label": "x", "value": {}} for n in "abcdefg"]
    values = {
        "lead": "",
        "due": "",
        "rows": rows,
        "dialogue": "d",
        "page": "",
        "more": "",
        "buttons": buttons,
        "how": "h",
    }
    check_message(blocks.message("inventory_list", **(values | {"lead": shown.summary(ITEMS, HOUSE)})))
    check_view(blocks.modal("inventory_list", "台帳", **(values | {"lead": "x" * 200})))
    check_message(due.planned(MANAGER, ITEMS * 40, 0).message)


@pytest.mark.parametrize("item", [None, *ITEMS], ids=["new", "short", "hostile", "long"])
def test_the_forms(item):
    class Everything:
        class shelf:
            house = HOUSE

        class rights:
            departments = staticmethod(lambda person: ("開発部",))

    class Turn:
        class person:
            manages = False

    for more in (False, True):
        made = form.modal(Everything, Turn, item, more=more)
        check_view(made)
        if item and not more:
            names = {b["block_id"]: b["element"] for b in made["blocks"] if b["type"] == "input"}
            assert names["name"]["initial_value"] == item.name and set(names) == set(form.FIRST)
    check_view(form.search_modal())


def test_what_is_registered_stands_on_the_card(services):
    reading = services.read("原価表を外注先に送っていい？", today=TODAY)
    listed = [
        Listed(HOSTILE, HOSTILE, sure, HOSTILE, HOSTILE, id, "2020-01-01", several=True)
        for sure, id in ((True, ""), (False, "U05EMPLOYE2"))
    ] * 2
    for surface in ("dm", "channel", "modal"):
        values = card(
            services, replace(reading, listed=tuple(listed), listed_note=HOSTILE), surface=surface, today="2026-11-27"
        )
        check_message(made := blocks.message("secret_check", **values))
        assert "<@U02MANAGER>" not in made["text"] and "を過ぎています" in made["text"]
        assert "<@U05EMPLOYE2>" in made["text"]
        assert made["text"].count("4 件あります") == 1


@pytest.mark.parametrize("reason", sorted(set(shown.words()["problems"]) - {"place", "place_line", "place_column"}))
def test_every_problem_can_be_told(reason):
    about = {
        "most": 5,
        "length": 9,
        "said": "x",
        "classes": ["秘"],
        "first": 3,
        "now": 4,
        "cells": "A1:B2",
        "heads": ["名前"],
        "meant": "区分",
        "ending": "xls",
        "most_mb": 5,
        "last": 3,
    }
    said = shown.trouble(model.Trouble(3, "secrecy", reason, about))
    assert said.startswith("3行目 区分: ") and "{" not in said


def test_a_secret_entry_makes_the_card_secret_and_says_both(services):
    entry = Item("a", "総合カタログ", "秘", "営業部", entrusted_by="A社")

    class Shelf:
        house = HOUSE

        @staticmethod
        def names():
            from dialogs.inventory.names import Names

            return Names([entry])

    class Turn:
        class person:
            guest = False

    text = "昨日ホームページで公開した総合カタログを客先に渡していい？"
    before = services.read(text, today=date(2026, 11, 27))
    after = answer.regard(Shelf, Turn, text, before)
    assert (before.verdict, after.verdict, after.ask, after.rules[0]) == ("public", "secret", None, answer.RULE)
    assert (
        "慎重なほう" in after.listed_note
        and "預かった相手の承諾" in after.steps[1].text
        and "A社" not in str(after.steps)
    )
    entry = replace(entry, secrecy="公開")
    assert answer.regard(Shelf, Turn, text, before).verdict == "public"
    Turn.person.guest = True
    assert answer.regard(Shelf, Turn, text, before) is before
