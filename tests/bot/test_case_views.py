"""Every view of a case is what Slack takes, as a message and as a modal, whatever people wrote into it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import pytest

from bot.conversation import Conversation, NotThere, Reply, Turn
from bot.features.cases.parts import Cases
from bot.people import Person
from bot.services import Services
from bot.shell import modal
from bot.store import Dialogue, Sealer, cases, dialogue, open_store
from bot.workplace import Workplace
from dialogs.leak import intake
from knowledge.company import Company, CompanyDesk

from .test_case_dates import TOKYO
from .test_views import HOSTILE, LONG, check_message, check_view

NOW = datetime(2026, 11, 27, 18, 30, tzinfo=TOKYO).timestamp()
ME, DESK, OTHER = "U00REPORTER", "U00RESPOND", "U00AUDITOR"
LONG_NAME = "情報管理の窓口" * 60
COMPANY = Company(
    name="会社",
    responders=(DESK, *(f"U00R{n:04}" for n in range(120))),
    deputies=("U00DEPUTY1",),
    desks=(
        CompanyDesk(id="d", name=LONG_NAME, phones=({"number": "内線1234", "note": LONG_NAME},), slack=DESK),
        CompanyDesk(id="o", name=LONG_NAME, slack=OTHER, alternative=True),
    ),
)


@pytest.fixture
def parts(tmp_path, services: Services) -> Any:
    store = open_store(f"sqlite:///{tmp_path}/x.db", Sealer([b"k" * 32]))
    mine = replace(services, knowledge=replace(services.knowledge, company=COMPANY))
    people = SimpleNamespace(find=lambda id, now, soon=False: Person(id))
    place = Workplace(mine, lambda: mine, store, SimpleNamespace(now=lambda: NOW), people, "owner")  # type: ignore[arg-type]
    yield Cases(Conversation(place))
    store.close()


def turn(person: str, surface: str = "dm") -> Turn:
    return Turn(Person(person), "D1", surface, NOW)


def keep(parts: Cases, reply: Reply) -> Reply:
    """What the shell keeps of a reply."""
    with parts.store.begin() as tx:
        if reply.keep:
            reply.keep(tx)
        for each in reply.dialogues:
            dialogue.save(tx, each)
    return reply


def told(parts: Cases, n: int = 1) -> str:
    """A case told with hostile words; its id."""
    state = {
        "kind": "leak",
        "family": "mis_sent",
        "flags": ["personal"],
        "signs": ["quiet"],
        "title": HOSTILE,
        "rules": [],
    }
    dialogue.save(parts.store, Dialogue(f"leak{n}", ME, "D1", state, int(NOW), int(NOW)))
    keep(parts, parts.telling.send(turn(ME), f"leak{n}", named=True, note=HOSTILE + LONG))
    return cases.of_reporter(parts.store, ME)[0].id


def filled(parts: Cases) -> str:
    """A case in which everything was written that can be, long and hostile."""
    id = told(parts)
    events: list[tuple[str, dict[str, Any]]] = [
        ("taken", {"owner": DESK}),
        ("fact", {"text": LONG, "happened": "2026-11-20"}),
        ("told", {"who": HOSTILE, "how": LONG}),
        ("evidence", {"what": LONG, "holder": HOSTILE, "place": LONG}),
        ("said", {"to": "reporter", "text": HOSTILE + LONG}),
        ("linked", {"case": "c9", "receipt": "11-27-9"}),
        ("looked", {}),
        ("reported", {"date": "preliminary"}),
    ]
    events += [("fact", {"text": HOSTILE})] * 30
    events += [("task", {"id": f"t{n}", "text": LONG, "due": "2026-12-01"}) for n in range(9)]
    events += [("lesson", {"id": f"l{n}", "text": HOSTILE, "due": "2027-01-29", "owner": DESK}) for n in range(3)]
    with parts.store.begin() as tx:
        for kind, data in events:
            cases.add(tx, id, kind, by=DESK, data=data, now=NOW)
    return id


def check(reply: Reply) -> None:
    check_message(reply.message())
    check_view(modal(reply))


def test_before_it_is_told(parts):
    state = {"kind": "leak", "rules": [], "signs": ["emergency", "desk_concerned", "quiet"]}
    dialogue.save(parts.store, Dialogue("leak1", ME, "D1", state, int(NOW), int(NOW)))
    check(parts.telling.preview(turn(ME), "leak1"))
    check_view(parts.telling.modal(turn(ME), "leak1"))


def test_every_question(parts):
    id = told(parts)
    case = cases.load(parts.store, id)
    there = next(d for d in dialogue.of_person(parts.store, ME) if d.state["kind"] == "case")
    for question in intake.book().questions:
        everything = [o.id for o in question.options if not o.alone]
        for picked in ((), everything if question.many else ()):
            head = {"receipt": case.receipt, "desk": LONG_NAME, "phones": [LONG_NAME] * 3, "alone": False}
            check(parts.asking.ask(turn(ME), case, there, question=question, picked=picked, head=head))
    part = parts.asking.resumed(turn(ME), there)
    assert part and len(part.buttons) <= 25
    whole = replace(case, answers={q.id: () for q in intake.book().questions})
    check(parts.asking.ask(turn(ME), whole, there))


def test_a_case_full_of_long_and_hostile_words(parts):
    id = filled(parts)
    check(parts.work.open(turn(DESK), id, lead=HOSTILE.replace("<", "").replace(">", "")))
    check(parts.work.overview(turn(DESK)))
    check(parts.mine.status(turn(ME), id))
    for mine in (True, False):
        case = cases.load(parts.store, id)
        check(parts.showing.outlook(turn(ME if mine else DESK), case, mine=mine, d="x"))
        check(parts.showing.grounds(turn(ME), case))
    check(parts.files.offered(turn(DESK), id))
    for kind in ("company", "partner", "recipient", "ppc"):
        check(parts.files.draft(turn(DESK), id, kind))
    assert all(len(p.buttons) <= 5 for p in (*parts.home(turn(DESK)), *parts.home(turn(ME))))


def test_every_modal_to_write_in(parts):
    id = filled(parts)
    for what in ("fact", "task", "told", "evidence", "say", "known", "hand", "close"):
        check_view(parts.notes.modal(turn(DESK), id, what))
    check_view(parts.notes.modal(turn(ME), id, "add"))
    with pytest.raises(NotThere):
        parts.notes.modal(turn(DESK), id, "balloon")


def test_the_first_notice_and_every_follow_up(parts):
    id = filled(parts)
    case = cases.load(parts.store, id)
    check_message(parts.telling.notice(case, ME, ["11-27-9"] * 3))
    dates = cases.dates_of(parts.store, id)
    assert dates
    for due in dates:
        check_message(parts.following.message(case, due, NOW))


def test_what_people_wrote_calls_nobody(parts):
    id = filled(parts)
    for reply in (parts.work.open(turn(DESK), id), parts.mine.status(turn(ME), id)):
        texts = [b["text"]["text"] for b in reply.message()["blocks"] if b["type"] == "section"]
        assert any("&lt;!channel&gt;" in t for t in texts)
        assert not any("<!channel>" in t or "<@U02MANAGER>" in t for t in texts)
