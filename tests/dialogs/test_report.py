"""Results as files: the same figures in each, one page for partners without a gap in it, nothing of small groups."""

import csv
import io
import os
import re
import subprocess
from dataclasses import replace
from datetime import UTC, datetime

import openpyxl
import pytest

from dialogs.checks import merge, report, report_files, report_svg, score
from dialogs.checks.model import Answer, Filled, Gap, Merged, Past
from knowledge.content import load

AT = int(datetime(2026, 11, 27, 0, 0, tzinfo=UTC).timestamp())
COVER = report.Cover("ひみつ工業", datetime(2026, 11, 27, 9, 30, tzinfo=UTC), "鈴木まもる", {"U1": "佐藤<b>あおい"})
CHOICES = ("done", "done", "partly", "not_done", "unknown", "not_applicable")
DAY = 86_400


@pytest.fixture(scope="module")
def knowledge():
    return load()


@pytest.fixture(scope="module")
def full(knowledge):
    return knowledge.checklists["full"]


@pytest.fixture(scope="module")
def book(knowledge):
    return score.Book({id: s.title for id, s in knowledge.sections.items()}, knowledge.countermeasures)


def answers(checklist, shift=0, choice=None):
    return {
        q.id: Answer(q.id, choice or CHOICES[(n + shift) % len(CHOICES)], q.meaning, AT, "U1", evidence=n % 3 == 0)
        for n, q in enumerate(checklist.questions)
    }


@pytest.fixture(scope="module")
def company(full, book):
    filled = [
        Filled(id, name, answers(full, n))
        for n, (id, name) in enumerate([("s", "営業部"), ("d", "開発部"), ("p", "製造課")])
    ]
    history = [Past(AT - n * 90 * DAY, 70 - 10 * n) for n in (3, 2, 1)]
    kept = {"list": Gap("list", "", "", "partly", "", id="g", owner="U1", due="2026-12-11", state="done")}
    return merge.merge(full, filled, book, at=AT, scope="会社全体", history=history, kept=kept)


def text_of(pdf, tmp_path):
    file = tmp_path / "a.pdf"
    file.write_bytes(pdf)
    try:
        said = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("pdftotext (poppler-utils) is not installed")
    return said


def test_every_file_tells_the_same_figures(company, tmp_path):
    points = f"{company.result.figures.score}点"
    assert f"<p>{report.score_line(company.result)}</p>" in report_files.html(company, COVER).decode()
    assert points in text_of(report_files.pdf(company, COVER), tmp_path)
    book = openpyxl.load_workbook(io.BytesIO(report_files.xlsx(company, COVER)))
    assert points in str(book["まとめ"]["A4"].value)
    assert book["答えの一覧"].max_row == len(company.result.rows) + 1
    rows = list(csv.reader(io.StringIO(report_files.csv(company, COVER).decode("utf-8-sig"))))
    assert len(rows) == len(company.result.rows) + 1 and all(len(r) == len(rows[0]) for r in rows)


def test_a_page_asks_nothing_of_other_machines_and_holds_no_code(company):
    page = report_files.html(company, COVER).decode()
    assert not re.search(r"<script|\son\w+=|https?://|url\(|@import|<link|<img", page)
    assert "佐藤&lt;b&gt;あおい" in page and "<b>あおい" not in page
    assert "default-src 'none'" in page and 'lang="ja"' in page and page.count("<svg") == 2


def test_what_was_done_without_evidence_is_said_so(company):
    rows = next(s for s in report.document(company, COVER).sections if s.id == "gaps").table.rows
    [done] = [r for r in rows if r[0].startswith("会社にある大事な情報")]
    assert done[3:6] == ("佐藤<b>あおい", "2026-12-11", "済み(根拠の記録なし)")


def test_departments_and_their_differences_are_told(company):
    sections = {s.id: s for s in report.document(company, COVER).sections}
    assert [r[0] for r in sections["parts"].table.rows] == ["営業部", "開発部", "製造課"]
    assert "実施している: " in sections["differences"].table.rows[0][1]


def test_the_page_for_partners_tells_what_is_in_place_and_nothing_else(company, full, book, tmp_path):
    said = text_of(report_files.partner(company, COVER), tmp_path).replace(" ", "")
    result = company.result
    assert "鈴木まもる" in said and "2026-11-27" in said
    assert not re.search(r"\d+点|していない|わからない|担当なし", said)
    for gap in result.gaps:
        assert gap.text.removesuffix("か。").replace(" ", "") not in said.replace("\n", "")
    everything = Merged(score.result(full, answers(full, choice="done"), book, at=AT))
    pages = subprocess.run(
        ["pdfinfo", "-"], input=report_files.partner(everything, COVER), capture_output=True, check=True
    )
    assert re.search(rb"Pages: +1\b", pages.stdout)
    assert sum(len(lines) for _, lines in report_files.in_place_of(everything)) == len(full.questions)


def test_a_page_without_anything_is_not_made(full, book):
    nothing = Merged(score.result(full, answers(full, choice="not_done"), book, at=AT))
    with pytest.raises(report_files.NothingToSay, match="まだありません"):
        report_files.partner(nothing, COVER)


@pytest.mark.parametrize("people", [4, 5])
def test_figures_about_fewer_than_five_people_are_in_no_file(knowledge, book, people, tmp_path):
    short = knowledge.checklists["short"]
    some = [Filled("s", "営業部", answers(short, n)) for n in range(people)]
    merged = merge.merge(short, some, book, at=AT, scope="営業部")
    files = [
        report_files.html(merged, COVER).decode(),
        text_of(report_files.pdf(merged, COVER), tmp_path),
        " ".join(
            str(c.value)
            for s in openpyxl.load_workbook(io.BytesIO(report_files.xlsx(merged, COVER)))
            for r in s.rows
            for c in r
        ),
    ]
    for said in files:
        assert ("5人未満" in said) == (people < 5)
        assert bool(re.search(r"\d点\(", said)) == (people >= 5)
    assert len(report_files.csv(merged, COVER).splitlines()) == 1


@pytest.mark.parametrize("kind", ["html", "xlsx", "csv", "partner"])
def test_names_of_files_tell_what_and_when(kind, company):
    name = report_files.name(kind, company, COVER)
    assert name.endswith(f"_20261127.{ {'partner': 'pdf'}.get(kind, kind) }")
    assert report_files.content(kind, company, COVER)


def test_a_check_of_one_thing_or_moment_makes_files_too(knowledge, book):
    for checklist in knowledge.checklists.values():
        merged = Merged(score.result(checklist, answers(checklist), book, at=AT))
        page = report_files.html(merged, COVER).decode()
        assert all(row.text in page for row in merged.result.rows)
        assert report_files.xlsx(merged, COVER) and report_files.csv(merged, COVER)


def test_drawings_stay_in_their_box():
    for count in range(3, 13):
        drawing = report_svg.radar([(f"C-{n}", n * 100 // count) for n in range(count)])
        spots = [(float(x), float(y)) for x, y in re.findall(r"([\d.]+),([\d.]+)", " ".join(drawing.shapes))]
        spots += [(t.x, t.y) for t in drawing.letters]
        assert all(0 <= x <= drawing.size[0] and 0 <= y <= drawing.size[1] for x, y in spots)
    line = report_svg.trend([("2026-01-01", 0), ("2026-04-01", 100)])
    assert 'd="M60.0 140.0 L370.0 24.0"' in line.shapes[3]
    with pytest.raises(ValueError):
        report_svg.radar([("a", 1), ("b", 2)])
    with pytest.raises(ValueError):
        report_svg.trend([("a", 1)])


def test_a_result_of_nothing_but_not_applicable_has_no_figures(full, book):
    merged = Merged(replace(score.result(full, answers(full, choice="not_applicable"), book, at=AT)))
    page = report_files.html(merged, COVER).decode()
    assert "点数はありません" in page and "<svg" not in page
