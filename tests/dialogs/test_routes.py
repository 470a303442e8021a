"""Whom to go to, for the events that happen, in the order in which to go."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dialogs.leak import intake
from dialogs.leak.routes import Event, outside, route
from knowledge import links
from knowledge.content import load
from knowledge.errors import ContentError

COMPANY = Path("bot/tryout/company")
KNOWLEDGE, GENERAL = load(COMPANY), load(Path("no company here"))
NOW = datetime(2026, 11, 20, 18, 30, tzinfo=ZoneInfo("Asia/Tokyo"))  # a Friday; the Monday after is a holiday


def ids(knowledge=KNOWLEDGE, **event):
    return [stop.id for stop in route(Event(**event), knowledge, NOW)]


@pytest.mark.parametrize(
    "event, expected",
    [
        # The five stories of issue 5, as far as the words went.
        ({"flags": ("technical", "insider"), "family": "taken"}, "inpit police himawari"),
        ({"flags": ("cyber",), "family": "malware"}, "ipa jpcert police_cyber"),
        ({"flags": ("personal", "misdelivery"), "family": "mis_sent"}, "ppc"),
        ({"flags": ("lost_device",), "family": "lost_device"}, ""),
        ({"flags": ("technical",), "family": "partner"}, "inpit himawari"),
        # Others.
        ({"flags": ("cyber", "personal"), "family": "malware"}, "ipa jpcert ppc police_cyber"),
        ({"flags": ("past_dispute",), "family": "claim"}, "inpit himawari meti"),
        ({"flags": ("entrusted", "technical"), "family": "mis_sent"}, "inpit"),
    ],
)
def test_the_desks_of_an_event_in_their_order(event, expected):
    assert " ".join(outside(route(Event(**event), KNOWLEDGE, NOW))) == expected


def test_the_company_stands_first_and_its_deputy_next():
    assert ids(flags=("cyber",))[:2] == ["company", "deputy"]
    desk, deputy = route(Event(flags=("cyber",)), KNOWLEDGE, NOW)[:2]
    assert desk.name == "情報管理担当" and desk.contacts[0].value == "内線1234" and desk.people == ("U03RESPOND",)
    assert deputy.people == ("U04DEPUTY",)


def test_an_emergency_stands_before_everybody():
    assert ids(family="crime_now")[0] == "emergency"
    stop = route(Event(emergency=True), KNOWLEDGE, NOW)[0]
    assert stop.id == "emergency" and stop.contacts[0].value == "110" and stop.is_open


def test_the_owner_of_what_was_entrusted_stands_before_the_outside_desks():
    there = ids(flags=("entrusted", "technical"))
    assert there.index("owner") < there.index("inpit") and there.index("company") < there.index("owner")
    assert "owner" not in ids(flags=("technical",))


def test_a_lost_thing_is_asked_for_before_anything_outside():
    assert ids(flags=("lost_device",), family="lost_device")[2] == "lost_office"


def test_answers_take_the_place_of_what_was_read():
    event = {"flags": ("technical", "insider"), "family": "taken"}
    assert "police" not in ids(**event, answers={"kind": ("missent",)})
    assert "ppc" in ids(**event, answers={"data": ("personal", "own")})
    assert "ppc" not in ids(flags=("personal",), answers={"data": ("own",)})
    assert "ppc" in ids(flags=("personal",), answers={"data": ("unknown",)})
    assert ids(**event, answers={"kind": ("other",), "data": ()}) == ids(**event)


def test_a_private_device_has_the_desk_for_private_devices():
    assert "ipa_personal" in ids(flags=("cyber",), answers={"device": ("private",)})
    assert "ipa_personal" not in ids(flags=("cyber",), answers={"device": ("company",)})


def test_what_the_message_named_keeps_its_place():
    assert ids(flags=("cyber",), named=("police", "ipa")).count("police") == 1


def test_every_stop_says_why_and_an_outside_one_also_when_and_from_where():
    for stop in route(Event(("cyber", "personal", "insider", "past_dispute", "entrusted")), KNOWLEDGE, NOW):
        assert stop.reason
        if stop.kind == "outside":
            assert stop.opening and stop.grounds and stop.contacts and stop.bring


def test_opening_is_told_for_the_moment():
    by_id = {s.id: s for s in route(Event(("technical", "cyber")), KNOWLEDGE, NOW)}
    assert (
        by_id["inpit"].opening == "きょうの受付は終わりました。次は11月24日(火)9:00からです"
        and by_id["inpit"].is_open is False
    )
    assert by_id["ipa"].opening == "受付時間は分かっていません" and by_id["ipa"].is_open is None
    assert by_id["company"].opening == "きょうの受付は終わりました。次は11月24日(火)9:00からです"


def test_the_police_are_prepared_for_as_the_desk_itself_says():
    police = next(s for s in route(Event(("insider",)), KNOWLEDGE, NOW) if s.id == "police")
    assert police.bring[0] == "起きたことの時系列"


def test_without_a_registered_desk_that_is_said():
    first = route(Event(("cyber",)), GENERAL, NOW)[0]
    assert first.missing and "登録されていません" in first.reason and first.contacts == ()
    assert ids(GENERAL, flags=("cyber",))[1] == "ipa"  # nobody stands in


def test_a_report_about_the_desk_goes_to_the_other_one():
    first = route(Event(("insider",), alternative=True), KNOWLEDGE, NOW)[0]
    assert first.name == "監査役" and first.people == ()


def test_an_expired_entry_warns():
    late = datetime(2027, 6, 1, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    inpit = next(s for s in route(Event(("technical",)), KNOWLEDGE, late) if s.id == "inpit")
    assert any("2027-05-23" in line for line in inpit.grounds)


def test_conditions_name_options_that_are_asked():
    asked = intake.book()
    questions = {"kinds": "kind", "data": "data", "duty": "duty", "device": "device", "going": "going"}
    for stop in KNOWLEDGE.leak_steps.stops.values():
        for row in (*stop.when, *stop.unless):
            for key, question in questions.items():
                assert set(getattr(row, key)) <= {o.id for o in asked.question(question).options}


def test_every_desk_of_the_stops_exists():
    assert set(KNOWLEDGE.leak_steps.stops) - set(links.INSIDE) <= set(KNOWLEDGE.desks)


def test_a_company_adds_and_replaces_stops(tmp_path):
    (tmp_path / "leak_routes.yaml").write_text(
        """
stops:
  inpit: {urgency: 5, reason: 顧問の弁理士の次に, when: [{flags: [technical]}]}
  houterasu: {urgency: 61, reason: 個人の相談, when: [{flags: [insider]}]}
""",
        encoding="utf-8",
    )
    own = load(tmp_path)
    assert own.leak_steps.stops["inpit"].urgency == 5 and "police" in own.leak_steps.stops
    stops = route(Event(("technical", "insider")), own, NOW)
    assert stops[0].id == "inpit" and stops[0].reason == "顧問の弁理士の次に" and outside(stops)[-1] == "houterasu"


def test_a_stop_that_names_nothing_is_told(tmp_path):
    (tmp_path / "leak_routes.yaml").write_text(
        "stops:\n  inpitt: {urgency: 5, reason: x, when: [{flags: [tecnical], families: [nothing]}]}\n",
        encoding="utf-8",
    )
    with pytest.raises(ContentError) as told:
        load(tmp_path)
    said = str(told.value)
    assert "inpitt" in said and "tecnical" in said and "nothing" in said
