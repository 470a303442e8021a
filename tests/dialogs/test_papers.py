"""PDF pages and tables: Japanese that can be copied out again, the same bytes each time, no formulas."""

import csv
import io
import os
import subprocess
from datetime import UTC, datetime

import openpyxl
import pytest

from dialogs.papers.pdf import Paper
from dialogs.papers.tables import neutral, to_csv, to_xlsx

AT = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def paper() -> Paper:
    made = Paper("初動カード", made_at=AT)
    made.heading("最初にすること")
    made.bullets(["線を抜く。電源は切らない", "窓口に知らせる"], mark="1")
    made.table(["窓口", "電話"], [["情報管理担当", "内線1234"]] * 60, [2, 1])
    return made


def test_a_pdf_is_the_same_each_time_and_holds_its_words(tmp_path):
    assert paper().to_bytes() == paper().to_bytes()
    assert paper().pages() >= 2
    file = tmp_path / "a.pdf"
    file.write_bytes(paper().to_bytes())
    try:
        said = subprocess.run(["pdftotext", file, "-"], capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("pdftotext (poppler-utils) is not installed")
    assert "電源は切らない" in said and said.count("内線1234") == 60


@pytest.mark.parametrize("value", ["=HYPERLINK(1)", "+1", "-3", "@a", "\t=1", " =1", "＝1", "\r=1"])
def test_what_a_spreadsheet_would_run_is_text(value):
    assert str(neutral(value)).startswith("'")
    [[said]] = list(csv.reader(io.StringIO(to_csv(["見出し"], [[value]]).decode("utf-8-sig"))))[1:]
    assert said == neutral(value)
    cell = openpyxl.load_workbook(io.BytesIO(to_xlsx({"表": (["見出し"], [[value]])})))["表"]["A2"]
    assert cell.data_type == "s" and str(cell.value).startswith("'")


def test_numbers_dates_and_plain_words_stay_as_they_are():
    assert [neutral(v) for v in (-3, 1.5, AT.date(), "原価表", None)] == [-3, 1.5, AT.date(), "原価表", None]
    assert neutral("あ\x00い") == "あい"
