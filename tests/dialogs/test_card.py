"""The card for the wall: one page whatever the company wrote, the right numbers, and what is missing is said."""

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.leak import card
from dialogs.papers.wrapping import wrapped
from knowledge.company import Company
from knowledge.content import load

TODAY, NOW = date(2026, 11, 27), datetime(2026, 11, 27, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
OURS = load(Path("bot/tryout/company"))
NOBODY = load(Path("no company here"))


def pages(pdf):
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


def test_it_is_one_page_and_the_same_twice():
    page = card.contents(OURS, TODAY)
    made = card.to_pdf(page, NOW)
    assert made.startswith(b"%PDF") and pages(made) == 1
    assert card.to_pdf(page, NOW) == made


def test_the_companys_numbers_stand_in_large_letters():
    desk = card.contents(OURS, TODAY).desk
    assert desk.big == ("情報管理担当", "☎ 内線1234　平日9〜18時", "☎ 090-0000-0000　時間外")
    assert "受付 平日 09:00〜18:00" in desk.lines and any("監査役 内線5678" in line for line in desk.lines)
    assert card.contents(OURS, TODAY).missing == ()


def test_every_kind_of_event_has_its_first_steps_of_our_content():
    kinds = card.contents(OURS, TODAY).kinds
    assert len(kinds) == len(card.words()["events"]) == 9
    steps = {s for entry in OURS.leak_steps.steps for s in entry.steps}
    assert all(box.lines and set(box.lines) <= steps for box in kinds)


def test_outside_desks_carry_their_page_first_and_the_leaflets_mark():
    by_name = {name.split()[0]: reach for _, name, reach in card.contents(OURS, TODAY).outside}
    assert by_name["INPIT"].startswith("http") and by_name["INPIT"].count("※") == 3
    assert by_name["個人情報保護委員会"].count("※") == 0 and "03-6457-9849" in by_name["個人情報保護委員会"]
    assert "#9110" in by_name["都道府県警察"] and "10:00" not in by_name["日弁連"]  # hours of an old source


def test_the_legal_dates_are_those_of_the_clock():
    text = card.contents(OURS, TODAY).dates.lines[0]
    assert "3〜5日目" in text and "30日目" in text and "60日目" in text and "未確認" in text


def test_what_is_not_registered_is_said_and_left_to_be_filled_in():
    page = card.contents(NOBODY, TODAY)
    assert len(page.missing) == 3 and "company.yaml" in page.missing[0]
    assert page.desk.big[1].startswith("☎ ____")
    assert pages(card.to_pdf(page, NOW)) == 1


@pytest.mark.parametrize(
    "desk, expected",
    [
        ({"phones": []}, "窓口の電話番号"),
        ({"phones": ["内線11"]}, "時間外の電話番号"),
        ({"phones": ["内線11", "090-11"]}, None),
    ],
)
def test_missing_numbers_are_named(desk, expected):
    company = Company.model_validate(
        {"name": "A", "desks": [{"id": "a", "name": "窓口", **desk}, {"id": "b", "name": "b", "alternative": True}]}
    )
    found = card.contents(replace(NOBODY, company=company), TODAY).missing
    assert found == ((expected,) if expected else ())


def test_much_text_is_written_smaller_and_too_much_is_refused():
    def of(times):
        phones = [{"number": f"03-0000-{n:04}", "note": "夜間と休日の当番の人につながります"} for n in range(times)]
        company = Company.model_validate(
            {"name": "会社" * 30, "desks": [{"id": "a", "name": "窓口" * 40, "phones": phones}]}
        )
        return card.contents(replace(NOBODY, company=company), TODAY)

    assert pages(card.to_pdf(of(8), NOW)) == 1
    with pytest.raises(card.TooMuch):
        card.to_pdf(of(80), NOW)


# --- lines


def width(text):
    return sum(1.0 if c.isascii() else 2.0 for c in text)


@pytest.mark.parametrize(
    "text, wide, expected",
    [
        ("あいうえお、かき", 10, ["あいうえ", "お、かき"]),  # 「、」 begins no line
        ("あいう(かき)", 8, ["あいう", "(かき)"]),  # 「(」 ends no line
        ("図面USBを", 8, ["図面USB", "を"]),
        ("図面をUSBに", 8, ["図面を", "USBに"]),  # a word stays whole
        ("a" * 25, 10, ["a" * 10, "a" * 10, "a" * 5]),
        ("", 10, [""]),
        ("あ\n\nい", 10, ["あ", "", "い"]),
    ],
)
def test_lines_begin_and_end_as_they_should(text, wide, expected):
    assert wrapped(text, wide, width) == expected


@given(st.text(alphabet="あ漢カー、。(「）aB1 /.-", max_size=80), st.integers(8, 40))
def test_nothing_is_lost_and_no_line_is_much_too_wide(text, wide):
    lines = wrapped(text, wide, width)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= wide for line in lines)
