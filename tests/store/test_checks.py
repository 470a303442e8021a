"""Runs, campaigns and gaps as they are kept. On SQLite and PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from bot.store import checks, gaps, open_store
from bot.store.checks import Campaign, Note
from bot.store.gaps import Kept
from bot.store.schema_checks import notes
from dialogs.checks import engine
from dialogs.checks.model import Event, Past, Run


def run(id: str = "r1", person: str = "U1", **more) -> Run:
    return Run(id, "full", 1, person, 100, **more)


def answered(question: str, choice: str, at: int = 101) -> Event:
    return Event("answered", question, choice, 1, at, "U1")


def add(store, id: str, *happened: Event, complete: bool = False, score: int | None = None):
    return checks.add(store, id, happened, version=1, outcome=lambda state: (complete, score))


def test_a_run_is_begun_once_and_its_state_is_what_its_events_come_to(store):
    assert checks.start(store, run()) and not checks.start(store, run())
    add(store, "r1", answered("list", "done"), Event("noted", "list", at=102, by="U1", noted=True))
    kept = add(store, "r1", answered("tidy", "partly", 103), Event("later", at=104, by="U1"))
    assert kept == checks.get(store, "r1")
    assert kept.state.paused and kept.updated_at == 104 and kept.state.answers["list"].noted
    assert [e.kind for e in checks.events_of(store, "r1")] == ["answered", "noted", "answered", "later"]
    assert engine.fold(checks.events_of(store, "r1")).answers["tidy"] == kept.state.answers["tidy"]
    assert add(store, "gone", answered("list", "done")) is None


def test_presses_of_two_devices_are_all_kept(store, url, sealer):
    checks.start(store, run())
    others = [open_store(url, sealer) for _ in range(2)]

    def press(n: int) -> None:
        add(others[n % 2], "r1", answered(f"q{n}", "done"))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(press, range(40)))
    for other in others:
        other.close()
    assert len(checks.get(store, "r1").state.answers) == 40
    assert len(checks.events_of(store, "r1")) == 40


def test_what_is_finished_leaves_the_open_ones_and_makes_history(store):
    for n, score in enumerate((40, 60, 55, 70, 80)):
        checks.start(store, run(f"r{n}"))
        add(store, f"r{n}", answered("list", "done", 200 + n), complete=True, score=score)
    checks.start(store, run("open"))
    assert [r.id for r in checks.open_of(store, "U1")] == ["open"]
    assert checks.history(store, "U1", "full", before=204) == [Past(201, 60), Past(202, 55), Past(203, 70)]
    changed = add(store, "r0", answered("list", "partly", 300), complete=True, score=20)
    assert (changed.finished_at, changed.score) == (200, 20)


def test_notes_are_sealed(store):
    checks.start(store, run())
    checks.put_note(store, "r1", "list", Note("棚の裏", "台帳.xlsx"), now=1)
    checks.put_note(store, "r1", "list", Note("", "台帳2.xlsx"), now=2)
    assert checks.notes_of(store, "r1") == {"list": Note("", "台帳2.xlsx")}
    with store.begin(reads=True) as tx:
        row = tx.connection.execute(sa.select(notes)).one()
    assert "台帳".encode() not in row.evidence


def test_a_campaign_goes_on_until_it_is_closed_once(store):
    campaign = Campaign("c1", "full", ("dev", "sales"), "U2", 50, "2026-12-18")
    assert checks.start_campaign(store, campaign) and not checks.start_campaign(store, campaign)
    checks.start(store, run("c1-a", campaign="c1", department="dev"))
    assert checks.open_campaigns(store) == [campaign]
    assert [r.id for r in checks.of_campaign(store, "c1")] == ["c1-a"]
    assert checks.close_campaign(store, "c1", score=68, version=1, now=99)
    assert not checks.close_campaign(store, "c1", score=1, version=1, now=100)
    assert checks.open_campaigns(store) == []
    assert [(c.score, c.closed_at) for c in checks.closed_campaigns(store, "full")] == [(68, 99)]


def gap(question: str = "list", owner: str = "U1", **more) -> Kept:
    return Kept(gaps.id_of("r1", question), "r1", "full", question, "not_done", owner, "2026-12-10", "U1", 5, **more)


def test_a_gap_is_given_moved_and_done(store):
    gaps.assign(store, gap())
    gaps.assign(store, gap(owner="U2"))
    assert gaps.of_owner(store, "U1") == [] and len(gaps.of_owner(store, "U2")) == 1
    id = gap().id
    assert gaps.postpone(store, id, due="2026-12-17") and gaps.get(store, id).due == "2026-12-17"
    assert gaps.finish(store, id, now=9) and not gaps.finish(store, id, now=10)
    assert gaps.finish(store, id, evidence="写真", now=11) and gaps.get(store, id).evidence == "写真"
    assert not gaps.postpone(store, id, due="2027-01-01")
    gaps.assign(store, gap())
    assert gaps.of_scope(store, "r1")["list"].state == "planned" and gaps.get(store, id).evidence == ""


def test_a_person_can_be_removed_and_the_departments_answers_stay(store):
    checks.start(store, run())
    checks.start(store, run("c1-a", campaign="c1", department="dev"))
    for id in ("r1", "c1-a"):
        add(store, id, answered("list", "done"), Event("noted", "list", at=102, by="U1", noted=True))
        checks.put_note(store, id, "list", Note("x"), now=1)
    gaps.assign(store, gap())
    gaps.assign(store, gap("tidy"))
    gaps.assign(store, gap("label", owner="U2"))
    assert checks.delete_person(store, "U1") == 2 and gaps.delete_person(store, "U1") == 2
    assert checks.get(store, "r1") is None
    left = checks.get(store, "c1-a")
    assert left.person == "" and left.state.answers["list"].choice == "done" and not left.state.answers["list"].noted
    assert checks.notes_of(store, "c1-a") == {} and "U1" not in str(checks.events_of(store, "c1-a"))
    assert [k.question for k in gaps.of_scope(store, "r1").values()] == ["label"]
