"""Every view, with samples of every kind, is what Slack takes: limits, models, and a text beside the blocks."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot import blocks, render
from bot.conversation import Letter
from bot.features.feature import Button, Part
from bot.services import Services, with_index
from bot.tryout.slack import problems, view_problems
from knowledge import answer, content
from knowledge.models import Answered, Ask, Case, Contact, DeskView, Evidence, Reading, Step

LONG = "<長い>&" * 2000
HOSTILE = '<!channel> <@U02MANAGER> *太字* <https://example.com|ここ> & "引用" \\ \n{{ 7 * 7 }}'
TODAY = date(2026, 11, 27)
KINDS = ("card", "my_number", "marked_text")
CASES = Path(__file__).parent.parent / "cases"


def readings(services: Services) -> dict[str, Reading]:
    """One reading of each intent, and all that a question can lead to."""
    found = {
        text: services.read(text, today=TODAY)
        for text in (
            "A社さんから預かってる図面、外注先に渡していい？A社にはまだ何も言ってない",
            "先月出た公開公報の図をお客さんに見せてもいい？",
            "この資料、取引先に見せてもいいですか？",
            "顧客名簿をまちがえて別の会社に送った。1200人分",
            "ランサムウェアに感染した",
            "INPITの電話番号は？",
            "社内の窓口はどこですか",
            "社外秘の印は何のため？",
            "営業秘密とは何ですか",
            "自己チェックを始めたい",
            "毎週金曜の16時に知らせて",
            "明日の天気は？",
            "こんにちは",
            "",
        )
    }
    knowledge = services.knowledge
    for question in knowledge.questions.values():
        case = Case("review", question.id, sections=("A-1",))
        found[question.id] = answer.settle(case, knowledge)
        for option in question.options:
            found[f"{question.id}.{option.id}"] = answer.go_on(case, option.id, knowledge)
    for measure in knowledge.measures.values():  # every verdict with nothing known of the message
        found[measure.id] = answer.settle(
            Case(measure.verdict, concepts=measure.concepts, flags=measure.flags), knowledge
        )
    return found


def swollen(reading: Reading) -> Reading:
    """The same with texts far over what Slack takes, and with all that would be a call or a mention."""
    desk = DeskView(
        "x", "", LONG, LONG, (Contact("phone", LONG, HOSTILE),) * 5, LONG, True, LONG, (LONG,), (LONG,), "", True
    )
    return replace(
        reading,
        evidence=tuple(Evidence(text, "entrusted") for text in (HOSTILE, LONG, "図面")),
        title=LONG,
        why=LONG,
        rule_why=HOSTILE,
        steps=(Step(LONG), Step(HOSTILE, "tell"), *[Step("する")] * 30),
        would_change=(LONG, HOSTILE),
        duties=(LONG,),
        desk_views=(desk,) * 6,
        answered=(Answered(LONG, LONG), Answered("", HOSTILE)),
        ask=reading.ask
        and Ask(reading.ask.id, HOSTILE + LONG, tuple(f"{o}{HOSTILE}{LONG}" for o in reading.ask.options)),
        company=tuple(replace(c, name=LONG, contacts=c.contacts * 20) for c in reading.company),
        truncated=True,
    )


def check_message(made: dict[str, Any]) -> None:
    assert problems(made["blocks"], "message") == []
    assert 1 <= len(made["blocks"]) <= 50
    for block in made["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None and parsed.to_dict()
    assert 1 <= len(made["text"].strip()) <= 4000
    assert "<!" not in made["text"]


def check_view(made: dict[str, Any]) -> None:
    assert view_problems(made, made["type"]) == []
    assert 1 <= len(made["blocks"]) <= 100
    assert View(**made).to_dict()


def shown(services: Services, reading: Reading, **other: Any) -> dict[str, Any]:
    given = {
        "reading": reading,
        "dialogue": "0" * 20,
        "private": (),
        "chosen": (),
        "guest": False,
        "surface": "dm",
        "means": render.means(services.knowledge),
        "plain": services.answer(reading),
        "resume": None,
    }
    return given | other


@pytest.fixture(scope="module")
def vague(services: Services) -> dict[str, Any]:
    return {"reading": services.read("この資料、取引先に見せてもいいですか？"), "dialogue": "1" * 20}


def test_every_answer_is_a_valid_message_and_modal(services: Services, vague):
    for reading in readings(services).values():
        for guest, surface in itertools.product((False, True), ("dm", "channel", "modal")):
            values = shown(services, reading, guest=guest, surface=surface)
            made = blocks.message(reading.intent, **values)
            check_message(made)
            check_view(modal := blocks.modal(reading.intent, "これは秘密？", **values))
            assert modal["blocks"] == made["blocks"] and made["text"]
        values = shown(services, reading, private=KINDS, chosen=[LONG, HOSTILE], resume=vague)
        check_message(blocks.message(reading.intent, **values))


def test_long_and_hostile_texts_stay_within_the_limits(services: Services, vague):
    for reading in readings(services).values():
        if reading.intent == "help":
            continue
        values = shown(services, swollen(reading), private=KINDS, chosen=[LONG], resume=vague, plain=LONG)
        made = blocks.message(reading.intent, **values)
        check_message(made)
        assert "<@U02MANAGER>" not in made["text"] and "<https" not in made["text"]


def test_a_company_with_everything_long_stays_within_the_limits(tmp_path: Path):
    desk = {
        "id": "desk",
        "name": "情報管理担当" * 400,
        "slack": "C0123456",
        "mail": "a@example.com",
        "phones": [{"number": f"内線{1000 + n}", "note": "平日9〜18時" * 60} for n in range(40)],
    }
    (tmp_path / "company.yaml").write_text(yaml.safe_dump({"desks": [desk]}, allow_unicode=True), encoding="utf-8")
    services = with_index(content.load(tmp_path), None)
    for reading in readings(services).values():
        made = blocks.message(reading.intent, **shown(services, reading))
        check_message(made)
        guest = blocks.message(reading.intent, **shown(services, reading, guest=True, plain=""))
        assert "内線1000" not in json.dumps(guest, ensure_ascii=False) and "C0123456" not in guest["text"]


@pytest.mark.parametrize("kind", ["ask", "disagree", "leak"])
@pytest.mark.parametrize("note", ["", LONG[:1000], HOSTILE], ids=["none", "long", "hostile"])
@pytest.mark.parametrize("verdict", [None, "secret", "public", "review"])
def test_letters(kind, note, verdict):
    letter = Letter(f"{kind}:{'0' * 20}", kind, "U01EMPLOYEE", "leak", verdict, HOSTILE, ("a.b",) * 5, note)
    made = blocks.message("letter", letter=letter, done="")
    check_message(made)
    assert "<@U02MANAGER>" not in made["text"] and "<@U01EMPLOYEE>" in made["text"]
    everybody = [f"<@U{n:08}>" for n in range(300)]
    value = {"d": "0" * 20, "k": kind}
    buttons = [{"id": "letter.send", "label": "送る", "value": value, "style": "primary"}]
    check_message(blocks.message("confirm", letter=letter, to=everybody, buttons=buttons))
    metadata = blocks.packed({"d": "0" * 20, "k": kind, "w": "0" * 20, "n": note})
    check_view(
        blocks.modal(
            "confirm",
            "担当に聞く",
            callback="letter.confirm",
            submit="送る",
            metadata=metadata,
            letter=letter,
            to=everybody,
            buttons=[],
        )
    )
    check_view(
        blocks.modal(
            "write", "担当に聞く", submit="次へ", lead=" ".join(everybody), label="伝えたいこと", hint="ここに"
        )
    )


def test_the_other_views(services: Services, vague):
    chips = render.wording("chips.yaml")
    check_message(blocks.message("chips", chips=chips["kinds"], kind=None))
    for kind in chips["kinds"]:
        check_message(blocks.message("chips", chips=chips["acts"], kind=kind))
    leak = services.read(chips["any_event"], intent="leak")
    for guest in (False, True):
        check_message(blocks.message("leak_kinds", reading=leak, kinds=chips["events"], guest=guest))
    check_message(
        blocks.message("unclear", intents=("secret_check", "handbook", "desk"), text="あ" * 1000, resume=vague)
    )
    for text in blocks.words()["errors"].values():
        check_message(said := blocks.message("note", text=text, buttons=[]))
        assert said["text"] == text
    for counts in ((0, 0, False), (3, 2, True)):
        check_message(
            blocks.message("mydata", more=[], **dict(zip(("dialogues", "requests", "profile"), counts, strict=True)))
        )


def test_sources_in_full(services: Services):
    everything = content_sources(services)
    check_message(blocks.message("more", sources=()))
    check_message(blocks.message("search", facts=(), asked=""))
    assert {fact.certainty for fact in everything} == {"seed", "official", "secondary", "unverified"}
    for fact in everything:
        check_message(made := blocks.message("more", sources=[fact] * 6))
        assert blocks.esc(fact.title) in made["text"] and (fact.url or "") in blocks.unesc(made["text"])
        check_message(blocks.message("search", facts=[fact] * 5, asked=HOSTILE[:60]))
        check_message(blocks.message("search", facts=[replace(fact, text=LONG, title=LONG)] * 5, asked=""))


def content_sources(services: Services) -> list:
    from knowledge.cite import cite

    by_shape = {}
    for fact in services.knowledge.facts.values():
        cited = cite(fact, services.knowledge)
        by_shape.setdefault((cited.certainty, bool(cited.url), bool(cited.date), bool(cited.section)), cited)
    return list(by_shape.values())


@pytest.mark.parametrize("guest, manager", [(True, False), (False, False), (False, True)])
def test_home(vague, guest, manager):
    waiting = [
        {"id": f"ask:{n:020}", "kind": kind, "note": LONG[:1000], "when": "11/27 09:00"}
        for n, kind in enumerate(["ask", "disagree", "leak"] * 34)
    ]
    buttons = tuple(Button(f"x.{n}", LONG[:200], {"n": n}, "primary" if n == 1 else "") for n in range(7))
    part = Part(LONG, buttons, title=LONG).to_view()
    standing = {"part": part, "dialogue": "d"}
    for open, requests, parts in (([], [], []), ([vague, standing, vague], waiting, [part] * 3)):
        made = blocks.home(
            "home",
            guest=guest,
            manager=manager,
            open=open,
            requests=requests,
            troubles=3,
            parts=parts,
            company_known=not open,
        )
        check_view(made)
        shown = json.dumps(made, ensure_ascii=False)
        assert ("情報管理責任者の方へ" in shown) == manager
        assert ("request.done" in shown) == (manager and bool(requests))
        assert ("ゲストと社外の方" in shown) == guest


def test_every_choice_without_words_is_read_as_the_question_it_is(services: Services):
    chips = render.wording("chips.yaml")
    for kind, act in itertools.product(chips["kinds"], chips["acts"]):
        found = services.read(chips["joined"].format(kind=kind["text"], act=act["text"]), intent="secret_check")
        assert found.verdict in ("secret", "public", "review")
        if kind["id"] not in ("published", "unsure"):
            assert found.verdict == "secret", (kind["id"], act["id"])
    for event in chips["events"]:
        assert services.read(event["text"], intent="leak").steps


@pytest.mark.parametrize(
    "text, most, clipped", [("a&amp;bcd", 6, "a…"), ("a <@U012345> b", 8, "a …"), ("abc", 3, "abc"), ("abcd", 3, "ab…")]
)
def test_a_cut_leaves_no_part_of_an_entity_or_mention(text, most, clipped):
    assert blocks.clip(text, most) == clipped
