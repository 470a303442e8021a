"""When somebody may be reminded: zones, holidays, days off, gaps of summer time, moved weeks."""

import itertools
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.rules.calendar import WEEKDAYS, ZONE, Calendar, epoch, is_holiday, next_slot, tz

USUAL = Calendar()
NEW_YEAR = Calendar.make(
    ["mon", "tue", "wed", "thu", "fri"], "09:00", "18:00", ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-04"]
)
ZONES = ["Asia/Tokyo", "America/New_York", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]


def at(text: str, zone: str = ZONE) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()


def said(instant: float | None, zone: str = ZONE) -> str:
    return "" if instant is None else f"{datetime.fromtimestamp(instant, ZoneInfo(zone)):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("weekday", "hour", "after", "due", "week"),
    [
        ("mon", 10, "2026-11-27 12:00", "2026-11-30 10:00", "2026-W49"),
        ("mon", 10, "2026-11-22 12:00", "2026-11-24 10:00", "2026-W48"),  # Monday is 勤労感謝の日
        ("mon", 10, "2026-09-20 00:00", "2026-09-24 10:00", "2026-W39"),  # 敬老の日, 国民の休日, 秋分の日
        ("fri", 16, "2026-11-27 15:59", "2026-11-27 16:00", "2026-W48"),
        ("fri", 16, "2026-11-27 16:00", "2026-12-04 16:00", "2026-W49"),
        ("sat", 10, "2026-11-27 12:00", "2026-11-30 10:00", "2026-W48"),  # moved to Monday
        ("mon", 20, "2026-11-29 12:00", "2026-12-01 09:00", "2026-W49"),  # after hours: the next morning
        ("mon", 7, "2026-11-29 12:00", "2026-11-30 09:00", "2026-W49"),  # before hours
    ],
)
def test_the_next_turn(weekday, hour, after, due, week):
    found = next_slot(USUAL, ZONE, weekday, hour, at(after))
    assert (said(found.at), found.week) == (due, week)


def test_two_weeks_never_meet_after_a_long_holiday():
    found = list(itertools.islice(turns(NEW_YEAR, ZONE, "thu", 10, at("2026-12-20 12:00")), 3))
    # Thursday 31 December would move to Tuesday 5 January, right before Thursday the 7th: that week is left out.
    assert [said(f.at) for f in found] == ["2026-12-24 10:00", "2027-01-07 10:00", "2027-01-14 10:00"]


def turns(calendar, zone, weekday, hour, after):
    while found := next_slot(calendar, zone, weekday, hour, after):
        yield found
        after = found.at


def test_a_company_that_is_always_closed_has_no_turns():
    closed = Calendar(closed=frozenset(date(2026, 1, 1) + timedelta(n) for n in range(900)))
    assert next_slot(closed, ZONE, "mon", 10, at("2026-06-01 09:00")) is None
    assert closed.first_time(at("2026-06-01 09:00"), ZONE, 10) is None


def test_an_hour_that_summer_time_leaves_out_is_moved_on():
    # New York: 2:00 to 3:00 on 2026-03-08 does not exist; 1:30 on 2026-11-01 is there twice.
    zone = "America/New_York"
    assert said(epoch(date(2026, 3, 8), 150, zone), zone) == "2026-03-08 03:30"
    first = epoch(date(2026, 11, 1), 90, zone)
    assert datetime.fromtimestamp(first, UTC).hour == 5  # the first of the two, in summer time


def test_each_person_has_their_own_nine_o_clock():
    for zone in ZONES:
        found = next_slot(USUAL, zone, "wed", 10, at("2026-11-29 12:00"))
        assert said(found.at, zone) == "2026-12-02 10:00"


def test_an_unknown_zone_is_tokyo():
    assert tz("Mars/Olympus") == tz("") == ZoneInfo(ZONE)


def test_hours_that_make_no_day_are_the_usual_ones_and_weekends_stay_free():
    odd = Calendar.make(["sat", "sun"], "18:00", "09:00")
    assert (odd.days, odd.open, odd.close) == (USUAL.days, USUAL.open, USUAL.close)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ZONES),
    st.sampled_from(WEEKDAYS),
    st.integers(0, 23),
    st.integers(int(at("2024-01-01 00:00")), int(at("2027-11-30 00:00"))),
)
def test_every_turn_is_in_working_time_and_turns_keep_apart(zone, weekday, hour, start):
    found = list(itertools.islice(turns(NEW_YEAR, zone, weekday, hour, start), 8))
    assert len({f.week for f in found}) == 8
    for one, two in itertools.pairwise(found):
        assert two.at - one.at >= 40 * 3600
    for f in found:
        local = datetime.fromtimestamp(f.at, ZoneInfo(zone))
        assert NEW_YEAR.works(local.date()) and 9 <= local.hour < 18
        assert f.at > start


def test_what_is_late_moves_into_working_time_and_ends_on_the_next_working_day():
    friday_night = at("2026-11-27 21:00")
    assert said(USUAL.first_time(friday_night, ZONE, 10)) == "2026-11-30 10:00"
    assert said(USUAL.first_time(at("2026-11-27 14:30"), ZONE, 10)) == "2026-11-27 14:30"
    assert said(USUAL.last_time(at("2026-11-27 10:00"), ZONE)) == "2026-11-30 18:00"
    assert said(USUAL.closes(at("2026-11-27 14:30"), ZONE)) == "2026-11-27 18:00"


DATA = Path(__file__).parent / "data" / "holidays.csv"


def test_holidays_are_those_of_the_cabinet_office_on_every_day_from_2016_to_2027():
    listed = {date.fromisoformat(line.split(",")[0]) for line in DATA.read_text(encoding="utf-8").splitlines()[1:]}
    days = [date(2016, 1, 1) + timedelta(n) for n in range((date(2028, 1, 1) - date(2016, 1, 1)).days)]
    assert {d for d in days if is_holiday(d)} == listed and len(listed) == 219


@pytest.mark.parametrize("zone", ZONES)
def test_no_turn_of_twelve_years_falls_on_a_day_off_in_any_zone(zone):
    listed = {line.split(",")[0] for line in DATA.read_text(encoding="utf-8").splitlines()[1:]}
    after, seen = at("2015-12-31 23:59"), 0
    while (found := next_slot(USUAL, zone, "mon", 10, after)) and said(found.at, zone) < "2028":
        local = said(found.at, zone)
        assert local[:10] not in listed and date.fromisoformat(local[:10]).weekday() < 5 and local[11:] == "10:00"
        after, seen = found.at, seen + 1
    assert seen > 600
