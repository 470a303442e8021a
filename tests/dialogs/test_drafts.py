"""Drafts: what is known stands there, what is not is blank, and nothing leaves the house that nobody released."""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from dialogs.leak import drafts, intake, legal_clock
from dialogs.leak.case import Event, of_events
from dialogs.leak.drafts.content import words
from knowledge.company import Company
from knowledge.content import load

TOKYO = ZoneInfo("Asia/Tokyo")
OPENED = datetime(2026, 11, 23, 17, 40, tzinfo=TOKYO)
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=TOKYO)
COMPANY = load(Path("bot/tryout/company")).company
SECRET = "原価は1個あたり482円の部品表"


def case_of(*steps, **opened):
    about = {
        "family": "mis_sent",
        "title": "まちがった相手に送った、見せた",
        "flags": ["personal", "misdelivery"],
        "receipt": "11-23-1",
    }
    rows = [("opened", about | {"known_on": "2026-11-23"} | opened), *steps]
    return of_events(
        "c",
        [
            Event(n, int(OPENED.timestamp()) + 60 * n, kind, "U03RESPOND", data)
            for n, (kind, data) in enumerate(rows, 1)
        ],
    )


FULL = case_of(
    ("answered", {"question": "kind", "options": ["missent"]}),
    ("answered", {"question": "data", "options": ["personal"]}),
    ("answered", {"question": "duty", "options": ["over_1000", "sensitive"]}),
    ("answered", {"question": "going", "options": ["stopped"]}),
    ("fact", {"text": f"{SECRET}を\n別の会社に送った", "happened": "2026-11-23T16:05"}),
    ("fact", {"text": "■ 見出しのような文 {{ 7 * 7 }}", "happened": "2026-11-22"}),
    ("task", {"id": "t1", "text": "削除を頼む", "due": "2026-11-24"}),
    ("task", {"id": "t2", "text": "ログを残す"}),
    ("task_done", {"id": "t2"}),
    ("told", {"who": "送り先の総務", "how": "電話"}),
    ("lesson", {"id": "l1", "text": "2人で確かめる", "due": "", "owner": ""}),
)
EMPTY = case_of(family="any", title="", flags=[], known_on="")


def text(kind, case=FULL, company=COMPANY):
    return drafts.draft(kind, drafts.content_of(case, company, NOW)).text


def test_the_company_gets_what_is_known_with_its_times():
    said = text("company")
    for part in (
        "受付番号: 11-23-1", "・11月23日(月)16:05 " + SECRET, "2026年11月23日(月)", "・ログを残す", "・削除を頼む(11月24日(火)まで)",
        "11月25日(水)から11月27日(金)まで", "12月22日(火)まで", "電話 内線1234(平日9〜18時)", "公益通報",
    ):  # fmt: skip
        assert part in said, part


def test_the_nine_items_are_those_of_the_rule():
    fact = load().facts["law.L-118"].text
    named = re.search(r"報告事項は、(.+?)です", fact)[1].split("、")
    headings = [line for line in text("ppc").splitlines() if line.startswith("■ ")]
    assert len(headings) == len(named) == 9
    keys = ["概要", "項目", "本人の数", "原因", "二次被害", "本人への対応", "公表", "再発防止", "そのほか"]
    for n, (heading, key, name) in enumerate(zip(headings, keys, named, strict=True), 1):
        assert heading.startswith(f"■ {n}. ") and key in heading and (name[:2] in heading or key == "そのほか")


def test_the_report_takes_over_answers_and_says_that_they_are_answers():
    said = text("ppc")
    assert "(1)病歴などの要配慮個人情報、(4)本人の数が1,000人を超える" in said
    assert "・本人の数が1,000人を超える(聞き取りの答え)" in said and "・2人で確かめる" in said
    assert "送り先の総務(電話)" in said and "マイナンバー" not in said
    assert "マイナンバー" in text("ppc", case_of(("answered", {"question": "duty", "options": ["my_number"]})))


@pytest.mark.parametrize("kind", ["partner", "recipient"])
def test_what_was_written_down_inside_does_not_go_out(kind):
    said = text(kind)
    for inside in (SECRET, "見出しのような文", "削除を頼む", "ログを残す", "2人で確かめる", "11-23-1", "U03RESPOND"):
        assert inside not in said, inside
    assert "【未記入】 御中" in said or "【未記入】 様" in said


def test_that_it_still_goes_on_is_not_told_to_a_partner_by_itself():
    going = case_of(("answered", {"question": "going", "options": ["going"]}))
    assert "まだ続いている" not in text("partner", going) and "まだ続いている" in text("company", going)


@pytest.mark.parametrize("kind", drafts.KINDS)
def test_a_case_of_which_nothing_is_known_is_all_blanks(kind):
    made = drafts.draft(kind, drafts.content_of(EMPTY, Company(), NOW))
    assert made.blanks >= 5
    known = "2026年11月24日(火)"  # of the draft itself
    assert not re.search(r"\d+月\d+日", made.text.replace(known, ""))
    assert "None" not in made.text and "None" not in made.title


@pytest.mark.parametrize("kind", drafts.KINDS)
def test_each_known_thing_takes_a_blank_away(kind):
    empty = drafts.draft(kind, drafts.content_of(EMPTY, Company(), NOW)).blanks
    full = drafts.draft(kind, drafts.content_of(FULL, COMPANY, NOW)).blanks
    assert full < empty


def test_words_of_people_are_text_and_never_a_template_or_a_heading():
    made = drafts.draft("company", drafts.content_of(FULL, COMPANY, NOW))
    assert "{{ 7 * 7 }}" in made.text and "49" not in made.text
    assert [heading for heading, _ in made.parts() if "見出しのような文" in heading] == []


def test_a_trade_secret_alone_has_no_date_and_no_report():
    drawing = case_of(("answered", {"question": "data", "options": ["own"]}), flags=["technical"], family="taken")
    clock = legal_clock.run(drawing.known_on, legal_clock.answers_of(drawing.answers, drawing.flags), COMPANY)
    assert drafts.offered(drawing, clock) == ["company", "partner"]
    assert "国への報告の期限はありません" in text("company", drawing)


def test_a_wrong_recipient_is_offered_a_letter():
    clock = legal_clock.run(FULL.known_on, legal_clock.answers_of(FULL.answers, FULL.flags), COMPANY)
    assert drafts.offered(FULL, clock) == list(drafts.KINDS)


def test_answers_that_are_unknown_say_nothing():
    unsure = case_of(
        *[("answered", {"question": q, "options": ["unknown"]}) for q in ("data", "duty", "going", "seen", "protected")]
    )
    assert "わからない" not in text("company", unsure) and text("company", unsure) == text(
        "company", case_of(flags=["misdelivery", "personal"])
    )


def test_every_option_has_words_or_says_nothing():
    silent = {"unknown", "none", "not_seen", "not_told"}
    for table, question in (
        ("kinds", "kind"),
        ("data", "data"),
        ("duty", "duty"),
        ("going", "going"),
        ("protected", "protected"),
    ):
        options = {o.id for o in intake.book().question(question).options}
        assert options - set(words()[table]) <= silent, question
        assert set(words()[table]) <= options, question


@pytest.mark.parametrize("kind", drafts.KINDS)
def test_it_comes_as_docx_and_pdf_too(kind):
    made = drafts.draft(kind, drafts.content_of(FULL, COMPANY, NOW))
    document = Document(io.BytesIO(drafts.to_docx(made, NOW)))
    there = "\n".join(p.text for p in document.paragraphs)
    for line in made.text.splitlines():
        assert line.removeprefix("■ ").removeprefix("・") in there
    assert document.core_properties.author == "himitsu"
    assert drafts.to_pdf(made, NOW).startswith(b"%PDF")


def test_a_docx_names_a_japanese_font_for_every_style():
    made = drafts.to_docx(drafts.draft("company", drafts.content_of(FULL, COMPANY, NOW)), NOW)
    styles = zipfile.ZipFile(io.BytesIO(made)).read("word/styles.xml").decode()
    assert styles.count('w:eastAsia="Yu Gothic"') >= 4


def test_a_kind_that_is_none_is_refused():
    with pytest.raises(ValueError):
        drafts.draft("../company", drafts.content_of(FULL, COMPANY, NOW))
