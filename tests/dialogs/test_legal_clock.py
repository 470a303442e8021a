"""The legal dates, against a table that was counted in another way, and against what the law pages say."""

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.leak import days, intake, legal_clock
from dialogs.leak.legal_clock import CASES, Answers, answers_of, run, tell
from knowledge.company import Company
from knowledge.content import load

DATA = Path(__file__).parent / "data"
TABLE = [
    {name: date.fromisoformat(value) for name, value in row.items()}
    for row in csv.DictReader((DATA / "legal_dates.csv").open(encoding="utf-8"))
]
NOBODY = Company()
LIST, STOLEN = Answers(personal="yes", over_1000="yes", malicious="no"), Answers(personal="yes", malicious="yes")


def texts(clock, **more):
    told = tell(clock, **more)
    lines = (told.why, *told.dates, *told.beside, *told.unsure)
    return "\n".join([told.headline, told.counted, *(line.text for line in lines)])


def test_the_table_has_every_start_day():
    assert [row["known"] for row in TABLE] == [date(2022, 4, 1) + timedelta(n) for n in range(2101)]
    assert TABLE[-1]["known"] == date(2027, 12, 31)


def test_every_start_day_has_the_dates_of_the_table():
    wrong = []
    for row in TABLE:
        other, act = run(row["known"], LIST, NOBODY), run(row["known"], STOLEN, NOBODY)
        for clock, final in ((other, "thirtieth"), (act, "sixtieth")):
            first, last = clock.dates
            if (first.first, first.last, last.last) != (row["third"], row["fifth"], row[final]):
                wrong.append((row["known"], final))
            assert (first.kind, last.kind) == ("preliminary", "final")
    assert wrong == []


def test_a_list_mailed_to_the_wrong_firm():
    answers = answers_of({"data": ["personal"], "duty": ["over_1000"]}, ["personal", "misdelivery"])
    clock = run(date(2026, 11, 23), answers, NOBODY)
    assert clock.duty == "yes" and clock.cases == ("over_1000",) and clock.later is None
    said = texts(clock)
    for words in (
        "11月25日(水)から11月27日(金)まで",
        "12月22日(火)まで(30日目)",
        "2026年11月23日(月)を1日目",
        "未確認",
    ):
        assert words in said
    assert {"law.L-111", "law.L-114", "law.L-115"} <= set(tell(clock).facts)


def test_exactly_a_thousand_is_not_over_a_thousand():
    assert answers_of({}, ["personal"], people=1000).over_1000 == "no"
    assert answers_of({}, ["personal"], people=1001).over_1000 == "yes"


@pytest.mark.parametrize("case", ["sensitive", "property", "over_1000"])
def test_sixty_days_are_for_what_was_done_on_purpose_only(case):
    assert run(date(2026, 4, 1), answers_of({"duty": [case]}), NOBODY).date("final").number == 30
    assert run(date(2026, 4, 1), answers_of({"duty": [case, "malicious"]}), NOBODY).date("final").number == 60


def test_while_it_is_open_whether_it_was_on_purpose_the_earlier_date_stands_and_the_later_one_is_told():
    clock = run(date(2026, 11, 1), Answers(personal="yes", sensitive="yes"), NOBODY)
    assert clock.date("final").last == date(2026, 11, 30)
    assert clock.later == date(2026, 12, 30)
    assert "12月30日(水)まで(60日目)" in texts(clock)


def test_where_only_purpose_is_possible_the_final_report_has_sixty_days():
    answers = Answers("yes", sensitive="no", property="no", malicious="unknown", over_1000="no")
    clock = run(date(2026, 11, 1), answers, NOBODY)
    assert clock.duty == "maybe" and clock.date("final").number == 60 and clock.later is None


def test_a_trade_secret_alone_starts_no_clock_and_says_by_which_rule():
    clock = run(date(2026, 11, 23), answers_of({"data": ["own"]}, ["technical", "insider"]), NOBODY)
    assert clock.duty == "none" and clock.dates == ()
    assert "個人情報保護法26条" in texts(clock) and "契約" in texts(clock)
    assert "law.L-111" in tell(clock).facts
    assert tell(clock).unsure == ()


def test_unasked_counts_as_personal_until_it_is_known():
    clock = run(date(2026, 11, 23), answers_of({}, ["lost_device"]), NOBODY)
    assert clock.duty == "unasked" and clock.date("preliminary").last == date(2026, 11, 27)


def test_my_number_is_told_apart():
    both = run(date(2026, 11, 23), answers_of({"duty": ["my_number", "over_1000"]}), NOBODY)
    alone = run(date(2026, 11, 23), answers_of({"duty": ["my_number"]}), NOBODY)
    assert both.duty == "yes" and "最初の質問" in texts(both)
    assert alone.duty == "apart" and alone.dates == () and "最初の質問" in texts(alone)
    assert "最初の質問" not in texts(run(date(2026, 11, 23), LIST, NOBODY))


def test_none_of_the_four_is_no_duty_and_says_what_would_change_it():
    clock = run(date(2026, 11, 23), answers_of({"data": ["personal"], "duty": ["none"]}), NOBODY)
    assert clock.duty == "no" and clock.dates == () and "数え直します" in texts(clock) and "未確認" in texts(clock)


def test_strong_encryption_takes_it_out_but_the_dates_stay_in_sight():
    answers = answers_of({"data": ["personal"], "protected": ["encrypted"], "duty": ["over_1000"]})
    clock = run(date(2026, 11, 23), answers, NOBODY)
    assert clock.duty == "exempt" and clock.date("final").last == date(2026, 12, 22)


def test_encryption_adds_no_date_where_none_would_run():
    answers = answers_of({"data": ["personal"], "protected": ["encrypted"], "duty": ["none"]})
    assert run(date(2026, 11, 23), answers, NOBODY).duty == "no"


def test_before_april_2022_nothing_is_counted():
    assert run(date(2022, 3, 31), LIST, NOBODY).duty == "before"
    assert run(date(2022, 3, 31), LIST, NOBODY).dates == ()
    assert run(date(2022, 4, 1), LIST, NOBODY).duty == "yes"


def test_who_was_entrusted_tells_the_one_who_entrusted_first():
    answers = answers_of({"data": ["personal", "entrusted"], "duty": ["over_1000"]})
    clock = run(date(2026, 11, 23), answers, NOBODY)
    known = datetime(2026, 11, 23, 17, 40, tzinfo=ZoneInfo("Asia/Tokyo"))
    said = texts(clock, contract=(known, 24))
    assert "委託元に通知すると" in said and "11月24日(火)17:40まで(知ってから24時間)" in said
    assert "law.L-130" in tell(clock).facts
    drawing = run(date(2026, 11, 23), answers_of({"data": ["entrusted"]}), NOBODY)
    assert "委託元" in texts(drawing) and "委託元に通知すると" not in texts(drawing)


def test_a_date_on_a_day_off_does_not_move_and_the_working_day_before_is_named():
    company = Company.model_validate({"holidays": [{"date": "2026-12-29", "name": "年末年始"}]})
    clock = run(date(2026, 11, 30), LIST, company)
    assert clock.date("final").last == date(2026, 12, 29)
    assert clock.date("final").safe == date(2026, 12, 28)
    assert "12月29日(火)は休みの日です(年末年始)" in texts(clock) and "12月28日(月)までに" in texts(clock)


def test_a_day_off_never_names_a_day_before_it_was_known():
    closed = [{"date": f"2026-12-{n}"} for n in range(28, 32)] + [{"date": "2027-01-04"}]
    clock = run(date(2026, 12, 31), LIST, Company.model_validate({"holidays": closed}))
    assert all(each.safe >= date(2026, 12, 31) for each in clock.dates)


def test_a_password_alone_is_no_protection():
    assert answers_of({"protected": ["password"]}).protected == "no"
    assert answers_of({"protected": ["encrypted"]}).protected == "yes"


def test_without_the_day_of_knowing_there_is_no_date_and_the_days_are_told():
    clock = run(None, LIST, NOBODY)
    assert clock.duty == "yes" and clock.dates == () and clock.later is None
    assert "知った日が分かると" in texts(clock) and "30日" in texts(clock)
    assert "知った日" not in texts(run(None, answers_of({"data": ["own"]}), NOBODY))


def test_what_was_read_stands_until_it_is_answered():
    assert answers_of({}, ["personal", "entrusted"]).personal == "yes"
    assert answers_of({"data": ["own"]}, ["personal", "entrusted"]).entrusted == "no"
    assert answers_of({"data": ["unknown"]}, ["personal"]).personal == "yes"
    assert answers_of({"data": []}, ["personal"]).personal == "yes"  # skipped


def test_the_options_it_counts_by_are_those_that_are_asked():
    asked = intake.book()
    assert {o.id for o in asked.question("duty").options} == {*CASES, "my_number", "none", "unknown"}
    assert {"personal", "entrusted", "unknown"} <= {o.id for o in asked.question("data").options}
    assert {"encrypted", "password", "open"} <= {o.id for o in asked.question("protected").options}


def test_what_the_event_points_to_is_suggested_not_decided():
    answers = answers_of({}, ["personal", "insider"])
    assert answers.suggested == ("malicious",) and answers.malicious == "unknown"
    assert answers_of({"duty": ["none"]}, ["personal", "insider"]).suggested == ()


def test_a_ticked_case_overrules_an_earlier_no():
    assert answers_of({"data": ["own"], "duty": ["property"]}).personal == "yes"


def test_options_of_another_version_are_passed_over():
    assert answers_of({"data": ["perhaps"], "duty": ["many"], "protected": ["so so"], "colour": ["red"]}) == Answers()


KNOWN = st.sampled_from(["yes", "no", "unknown"])


@settings(max_examples=500, deadline=None)
@given(
    st.dates(date(2022, 4, 1), date(2027, 12, 31)),
    st.builds(Answers, *[KNOWN] * 8),
)
def test_knowing_more_never_brings_an_earlier_final_date_than_was_told(known, answers):
    """What was told while something was open is the earliest that can come out of it."""
    clock = run(known, answers, NOBODY)
    told = clock.date("final")
    for case in (*CASES, "personal", "protected"):
        if getattr(answers, case) == "unknown":
            for value in ("yes", "no"):
                later = run(known, replace(answers, **{case: value}), NOBODY).date("final")
                assert later is None or (told is not None and told.last <= later.last)


def test_all_facts_that_are_cited_exist():
    book, facts = legal_clock.book(), load().facts
    cited = [f for c in book["counts"].values() for f in c["facts"]] + [f for w in book["why"].values() for f in w]
    assert [f for f in cited if f not in facts] == []


def test_what_rests_on_unverified_facts_says_so():
    facts = load().facts
    for answers in (LIST, STOLEN, answers_of({"data": ["personal"], "duty": ["none"]})):
        told = tell(run(date(2026, 11, 23), answers, NOBODY))
        for line in (told.why, *told.unsure):
            if line.facts and all(facts[f].certainty == "unverified" for f in line.facts):
                assert "未確認" in line.text


def test_holidays_are_those_of_the_cabinet_office():
    listed = {}
    for line in (DATA / "holidays.csv").read_text(encoding="utf-8").splitlines()[1:]:
        day, _, name = line.partition(",")
        listed[date.fromisoformat(day)] = name
    assert len(listed) == 219
    first, last = date(2016, 1, 1), date(2027, 12, 31)
    ours = {d for n in range((last - first).days + 1) if days.public_holiday(d := first + timedelta(n))}
    assert ours == set(listed)
