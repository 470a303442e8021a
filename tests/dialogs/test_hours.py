"""Open now, or opens when: by hand for the odd moments, by an oracle for all the others."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.leak import days, hours
from knowledge.company import Company
from knowledge.content import load
from knowledge.schema import Desk

TOKYO = ZoneInfo("Asia/Tokyo")
DESKS = load().desks


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=TOKYO)


def said(desk, text):
    now = moment(text)
    return hours.say(hours.at(hours.of_desk(DESKS[desk]), now), now)


@pytest.mark.parametrize(
    "desk, now, expected",
    [
        ("inpit", "2026-11-24 08:59", "まだ開いていません。9:00からです"),
        ("inpit", "2026-11-24 09:00", "いま開いています(17:30まで)"),
        ("inpit", "2026-11-24 17:29", "いま開いています(17:30まで)"),
        (
            "inpit",
            "2026-11-24 17:30",
            "きょうの受付(17:30まで)は終わりました。次はあした9:00からです",
        ),  # 受付17:30まで、17:45まで
        ("inpit", "2026-11-24 17:45", "きょうの受付は終わりました。次はあした9:00からです"),
        ("inpit", "2026-11-23 17:40", "きょうは休みです(勤労感謝の日)。次はあした9:00からです"),
        ("inpit", "2026-11-20 18:30", "きょうの受付は終わりました。次は11月24日(火)9:00からです"),  # 金曜、月曜は祝日
        ("inpit", "2026-11-21 10:00", "きょうは休みです(土曜日)。次は11月24日(火)9:00からです"),
        ("inpit", "2026-09-22 10:00", "きょうは休みです(国民の休日)。次は9月24日(木)9:00からです"),
        ("caa_whistleblow", "2026-11-24 12:29", "いま開いています(12:30から13:30まで休み)"),
        ("caa_whistleblow", "2026-11-24 12:30", "いまは休みの時間です。13:30からです"),
        ("caa_whistleblow", "2026-11-24 13:30", "いま開いています(17:30まで)"),
        (
            "ppc",
            "2026-12-29 10:00",
            "年末年始は休みのことがあります。公式サイトで確かめてください。確かなのは1月5日(火)9:30からです",
        ),
        ("police", "2026-11-24 08:30", "いま開いています(17:15まで)"),
        ("ipa", "2026-11-24 10:00", "受付時間は分かっていません"),
        ("himawari", "2026-11-24 10:30", "受付時間は分かっていません"),  # 古い出典の時間は使わない
    ],
)
def test_what_is_said_of_a_desk_at_a_moment(desk, now, expected):
    assert said(desk, now) == expected


def test_every_desk_has_an_answer():
    now = moment("2026-11-24 10:00")
    open_now = {id for id, desk in DESKS.items() if hours.at(hours.of_desk(desk), now).is_open}
    unknown = {id for id, desk in DESKS.items() if hours.at(hours.of_desk(desk), now).state == "unknown"}
    assert open_now == {"inpit", "inpit_regional", "police", "ppc", "caa_whistleblow"}
    assert unknown == set(DESKS) - open_now


def test_the_moment_is_japans_wherever_it_was_taken():
    here = datetime(2026, 11, 24, 0, 0, tzinfo=ZoneInfo("UTC"))
    assert hours.at(hours.of_desk(DESKS["inpit"]), here).is_open
    assert not hours.at(hours.of_desk(DESKS["inpit"]), here - timedelta(minutes=1)).is_open


COMPANY = Company.model_validate(
    {
        "desks": [{"id": "a", "name": "窓口"}],
        "working_hours": {"days": ["mon", "tue", "wed", "thu", "fri"], "open": "09:00", "close": "18:00"},
        "holidays": [{"date": "2026-12-29", "name": "年末年始"}],
    }
)


def at_company(company, text):
    now = moment(text)
    return hours.say(hours.at(hours.of_company(company, company.company_desk()), now), now)


def test_the_companys_desk_keeps_its_own_hours_and_days_off():
    assert at_company(COMPANY, "2026-11-24 17:59") == "いま開いています(18:00まで)"
    assert at_company(COMPANY, "2026-12-29 10:00") == "きょうは休みです(年末年始)。次はあした9:00からです"
    assert at_company(COMPANY, "2026-11-23 10:00") == "きょうは休みです(勤労感謝の日)。次はあした9:00からです"


def own(**changed):
    every = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return COMPANY.model_copy(
        update={"working_hours": COMPANY.working_hours.model_copy(update={"days": every, **changed}), "holidays": ()}
    )


def test_a_night_desk_is_open_past_midnight():
    night = own(open="22:00", close="06:00")
    assert at_company(night, "2026-11-25 05:59") == "いま開いています(6:00まで)"
    assert at_company(night, "2026-11-25 06:00") == "まだ開いていません。22:00からです"
    # The day after a holiday's eve: the night that began before goes on, the one of the holiday does not begin.
    assert at_company(night, "2026-11-23 05:00") == "いま開いています(6:00まで)"
    assert at_company(night, "2026-11-23 23:00").startswith("きょうは休みです(勤労感謝の日)")


def test_around_the_clock_is_said_so():
    desk = Desk.model_validate(
        {
            "id": "x", "name": "x", "for": ["x"], "verified_on": "2026-11-23", "valid_until": "2027-05-23",
            "hours": {"text": "24時間", "open": "00:00", "close": "24:00", "days": "everyday", "holidays_closed": False, "mark": "new", "show": True},
        }
    )  # fmt: skip
    for text in ("2026-11-24 03:00", "2027-01-01 12:00", "2026-11-23 23:59"):
        assert hours.at(hours.of_desk(desk), moment(text)).state == "always"


def test_a_company_that_never_works_has_no_next_day():
    assert at_company(own(days=()), "2026-11-24 10:00") == "次に開く日は分かりません。公式サイトで確かめてください"


def test_an_own_zone_is_kept_and_a_wrong_one_is_japans():
    abroad = own(timezone="America/New_York")
    assert not hours.at(hours.of_company(abroad), moment("2026-11-25 10:00")).is_open
    assert hours.at(hours.of_company(own(timezone="Asia/Nowhere")), moment("2026-11-25 10:00")).is_open


def test_source_and_date_are_shown_and_age_is_warned_of():
    knowledge = load()
    seed = hours.grounds(DESKS["inpit"], knowledge.sources, date(2026, 11, 24))
    assert (
        seed[0] == "時間はリーフレット記載(2015〜16年頃)です"
        and seed[1] == "2026-11-23に確かめました"
        and len(seed) == 2
    )
    new = hours.grounds(DESKS["ppc"], knowledge.sources, date(2026, 11, 24))
    assert "個人情報保護" in new[0]
    assert hours.grounds(DESKS["ppc"], knowledge.sources, date(2027, 5, 23)) == new  # the last good day
    unknown = hours.grounds(DESKS["ipa"], knowledge.sources, date(2026, 11, 24))
    assert "2025-04-15" in unknown[0] and unknown[1] == "2026-11-23に確かめました"
    assert all(hours.grounds(desk, knowledge.sources, date(2026, 11, 24)) for desk in DESKS.values())
    assert "2027-05-23" in hours.grounds(DESKS["ppc"], knowledge.sources, date(2027, 5, 24))[-1]


@settings(deadline=None)
@given(
    st.sampled_from(["inpit", "inpit_regional", "police", "ppc", "caa_whistleblow"]),
    st.datetimes(datetime(2026, 1, 5), datetime(2027, 12, 27)),
)
def test_open_and_next_agree_with_the_printed_hours(desk, now):
    """An oracle that reads the printed hours minute by minute."""
    here, now = DESKS[desk].hours, now.replace(second=0, microsecond=0, tzinfo=TOKYO)

    def answers(at):
        clock, day = f"{at:%H:%M}", at.date()
        if day.weekday() > 4 or days.public_holiday(day) or f"{day:%m-%d}" >= "12-28" or f"{day:%m-%d}" <= "01-04":
            return False
        resting = any(b.start <= clock < b.end for b in here.breaks)
        return here.open <= clock < (here.last_call or here.close) and not resting

    found = hours.at(hours.of_desk(DESKS[desk]), now)
    assert found.is_open == answers(now)
    if found.is_open:
        assert answers(found.until - timedelta(minutes=1)) and not answers(found.until)
    else:
        assert found.next > now and answers(found.next) and not answers(found.next - timedelta(minutes=1))
