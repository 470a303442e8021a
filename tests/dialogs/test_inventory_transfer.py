"""The inventory in and out of files: round trips are identical, bad files are refused whole with their lines."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialogs.inventory import files, model, table, transfer
from dialogs.inventory.model import House, Item, Secrecy, default_classes, make
from knowledge.company import TEMPLATE

HOUSE = House(default_classes(), (("経理部", "経理"), ("開発部", "開発")))
HEAD = "名前,区分,担当部署,媒体,見直し日"
COST = Item(
    "cost", "原価表", "秘", "経理部", media=("紙", "データ"), review="2027-03-31", variants=("原価一覧",), version=3
)


def plan(name, data, there=(), **more):
    ids = iter(f"new{n}" for n in range(10_000))
    return transfer.plan(name, data, there, HOUSE, lambda: next(ids), **more)


def wrong(made):
    assert made.does_nothing, "nothing is half-imported"
    return [(t.line, t.column, t.reason) for t in made.troubles]


def book(rows, merge=(), **more):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for cells in merge:
        made.active.merge_cells(cells)
    for name in more.get("sheets", ()):
        made.create_sheet(name)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


# --- reading


def test_headings_may_stand_in_any_order_under_a_title():
    rows = [
        ["情報資産管理台帳"],
        [],
        ["部門", "資産名", "番地", "機密区分"],
        ["経理", "原価表", "x", "マル秘"],
        [],
        ["開発", "図面集", "", "極秘"],
    ]
    made = plan("a.xlsx", book(rows, merge=["A1:D1"], sheets=["別紙"]))
    assert [(i.name, i.secrecy, i.department) for i in made.new] == [
        ("原価表", "秘", "経理部"),
        ("図面集", "極秘", "開発部"),
    ]
    assert made.unused == ("番地",) and made.troubles == () and made.other == ("別紙",)


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
def test_a_csv_is_read_in_the_codes_that_excel_writes(code):
    made = plan("a.csv", f"{HEAD}\r\n原価表,秘,経理,書類/電子データ,R9.3.31\r\n".encode(code))
    assert [(i.name, i.media, i.review) for i in made.new] == [("原価表", ("紙", "データ"), "2027-03-31")]


def test_tabs_and_dates_of_a_spreadsheet_are_read():
    assert plan("a.tsv", "名前\t区分\t担当部署\n原価表\t秘\t経理\n".encode()).new[0].name == "原価表"
    made = plan("a.xlsx", book([["名前", "区分", "担当部署", "見直し日"], ["原価表", "秘", 12.0, date(2027, 3, 31)]]))
    assert (made.new[0].review, made.new[0].department) == ("2027-03-31", "12")


def test_every_problem_is_told_with_its_line_and_column():
    text = "名前,区分,担当部署,見直し日,保管場初\n原価表,ひみつ,経理,3月末,棚\n,秘,,\n図,秘,開発,\n=1+1,秘,開発,\n型紙,秘,開発,\n型 紙,秘,開発,\n"
    assert wrong(plan("a.csv", text.encode())) == [
        (1, "保管場初", "heading_unknown"),
        (2, "secrecy", "no_such_class"),
        (2, "review", "no_date"),
        (3, "name", "missing"),
        (3, "department", "missing"),
        (4, "name", "too_short"),
        (5, "名前", "formula"),
        (7, "name", "twice"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.xlsm", b"PK", [(0, "", "macros")]),
        ("a.xls", b"\xd0\xcf\x11\xe0rest", [(0, "", "old_or_locked")]),
        ("a.pdf", b"%PDF-1.7", [(0, "", "unknown_kind")]),
        ("a.xlsx", b"PK\x03\x04 broken", [(0, "", "broken_xlsx")]),
        ("a.csv", b"\x80\x81\xff\xfe\x00", [(0, "", "unknown_letters")]),
        ("a.csv", f'{HEAD}\n"原価表,秘'.encode(), [(2, "", "broken_csv")]),
        ("a.csv", "商品,値段\nりんご,100\n".encode(), [(1, "", "no_heading")]),
        ("a.csv", b"", [(0, "", "no_heading")]),
        ("a.csv", HEAD.encode(), [(1, "", "no_rows")]),
        ("a.csv", "名前,名称,担当部署\nあい,あい,経理".encode(), [(1, "名前", "heading_twice"), (1, "区分", "heading_missing"), (2, "secrecy", "missing")]),
        ("a.csv", (HEAD + "\n原価表,秘,経理,," * 5_020).encode(), [(0, "", "too_many_rows")]),
        ("a.csv", b"x" * (table.MOST_BYTES + 1), [(0, "", "file_too_big")]),
    ],
    ids=lambda v: v if isinstance(v, str) else "",
)  # fmt: skip
def test_a_file_that_cannot_be_used_is_refused_whole(name, data, told):
    assert wrong(plan(name, data)) == told


def test_merged_cells_are_named_and_their_rows_not_guessed():
    rows = [["名前", "区分", "担当部署"], ["原価表", "秘", "経理"], ["図面集", None, "開発"], ["型紙", "秘", "開発"]]
    made = plan("a.xlsx", book(rows, merge=["B2:B3"]))
    assert wrong(made) == [(2, "", "merged")] and made.troubles[0].about["cells"] == "B2:B3"


def test_formulas_are_not_calculated():
    rows = [
        ["名前", "区分", "担当部署", "よその列"],
        ['=HYPERLINK("http://x.example","原価表")', "秘", "経理", "=1"],
        ["図面集", "秘", "+cmd|'/C calc'!A0", ""],
    ]
    assert wrong(plan("a.xlsx", book(rows))) == [(2, "名前", "formula"), (3, "担当部署", "formula")]


def test_a_hundred_thousand_rows_are_refused_within_seconds():
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet()
    for n in range(30_000):
        sheet.append([f"名{n}", "秘", "経理"] if n else ["名前", "区分", "担当部署"])
    out = io.BytesIO()
    made.save(out)
    assert wrong(plan("a.xlsx", out.getvalue())) == [(0, "", "too_many_rows")]


def packed(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def test_bombs_and_macros_inside_are_seen_before_anything_is_unpacked():
    types = b"<Types/>"
    assert wrong(plan("a.xlsx", packed(**{"[Content_Types].xml": types, "xl/a.xml": b"0" * 41_000_000}))) == [
        (0, "", "bomb")
    ]
    assert wrong(plan("a.xlsx", packed(**{"[Content_Types].xml": types, "xl/vbaProject.bin": b"x"}))) == [
        (0, "", "macros")
    ]
    assert wrong(plan("a.xlsx", packed(**{"a.txt": b"x"}))) == [(0, "", "unknown_kind")]


def test_entities_of_xml_are_not_followed():
    made = openpyxl.load_workbook(io.BytesIO(book([["名前", "区分", "担当部署"], ["原価表", "秘", "経理"]])))
    out = io.BytesIO()
    made.save(out)
    parts = {n: zipfile.ZipFile(out).read(n) for n in zipfile.ZipFile(out).namelist()}
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'<?xml version="1.0"?>', b"")
    parts["xl/worksheets/sheet1.xml"] = bomb + sheet[sheet.index(b"<worksheet") :]
    assert wrong(plan("a.xlsx", packed(**parts)))[0][2] in ("bomb", "broken_xlsx")


# --- what is there already


def test_a_row_belongs_to_the_entry_of_its_name_and_what_has_no_column_stays():
    made = plan("a.csv", "名称,区分,部署\n原 価 表,極秘,経理\n".encode(), [COST])
    [change] = made.changes
    assert (
        change.fields == ("name", "secrecy") and change.after.review == COST.review and change.after.media == COST.media
    )
    assert not made.new


def test_a_file_older_than_the_entry_does_not_overwrite_it():
    old = transfer.export_csv([COST])
    now = model.replace(COST, secrecy="極秘", version=4)
    assert wrong(plan("a.csv", old.replace("原価一覧".encode(), "原価早見".encode()), [now])) == [
        (2, "version", "changed_since")
    ]


def test_an_id_that_is_not_there_and_a_department_of_others_are_refused():
    text = "管理番号,名前,区分,担当部署\nx9,原価表,秘,経理\n,図面集,秘,開発\n"
    made = plan("a.csv", text.encode(), may=lambda item: item.department == "経理部")
    assert wrong(made) == [(2, "id", "no_such_id"), (3, "department", "not_yours")]


TEXTS = st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["=1+1", "'=x", "''-a(", "@佐藤", "-", "+81-3", '"引用"', "改\n行", "、読点", "0012", "1.0", "2027-01-01"]
)


@settings(max_examples=120, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(model.FIELDS), TEXTS), max_size=4))
def test_what_is_written_reads_back_the_same(rows):
    items = []
    for n, row in enumerate(rows):
        given_ = row | {"name": f"{row.get('name', '')}名{n}", "secrecy": "秘", "department": "経理", "review": ""}
        item, _ = make(given_, HOUSE, id=f"i{n}", version=n + 1)
        if item:
            items.append(item)
    for name, export in (("a.csv", transfer.export_csv), ("a.xlsx", transfer.export_xlsx)):
        if items:
            back = plan(name, export(items), items)
            assert (back.same, back.troubles, back.changes) == (len(items), (), ())


def test_nothing_that_is_written_runs_in_a_spreadsheet():
    item, _ = make({"name": '=HYPERLINK("x")', "secrecy": "秘", "department": "+1", "note": "@x(1)"}, HOUSE, id="a")
    cells = list(csv.reader(io.StringIO(transfer.export_csv([item]).decode("utf-8-sig"))))[1]
    assert not any(table.looks_like_formula(c) for c in cells)
    sheet = openpyxl.load_workbook(io.BytesIO(transfer.export_xlsx([item]))).active
    assert "f" not in {c.data_type for c in sheet[2]}


# --- entries and files


def test_private_numbers_are_not_taken():
    item, troubles = make(
        {"name": "名簿", "secrecy": "秘", "department": "経理", "note": "4111 1111 1111 1111"}, HOUSE, id="a"
    )
    assert item is None and [(t.column, t.reason) for t in troubles] == [("note", "private")]


@pytest.mark.parametrize(
    ("said", "date_"),
    [
        ("2027-3-1", "2027-03-01"),
        ("２０２７年３月１日", "2027-03-01"),
        ("令和元年5月1日", "2019-05-01"),
        ("2027/02/30", None),
        ("46112", None),
        ("", ""),
    ],
)
def test_dates_are_read_as_people_write_them(said, date_):
    assert model.read_date(said) == date_


def test_a_company_may_have_classes_of_its_own(tmp_path):
    (tmp_path / "inventory.yaml").write_text(
        "classes: [{name: A, also: [最重要]}, {name: Z, open: true}]\n"
        "items: [{id: x, name: 原価表, secrecy: 最重要, department: 経理, media: [書類], review: '2027-03-31'}]\n",
        encoding="utf-8",
    )
    seed = files.read(tmp_path)
    assert seed.house.classes[0] == Secrecy("A", also=("最重要",)) and seed.problems == ()
    assert [(i.id, i.secrecy, i.media, i.review) for i in seed.items] == [("x", "A", ("紙",), "2027-03-31")]


def test_a_wrong_file_names_every_place(tmp_path):
    (tmp_path / "inventory.yaml").write_text(
        "items:\n- {id: x, name: 原価表, secrecy: 極, department: 経理}\n- {id: x, name: あ, secrecy: 秘, department: 経理, owner: 佐藤}\n",
        encoding="utf-8",
    )
    seed = files.read(tmp_path)
    assert seed.items == () and any("owner" in p.reason for p in seed.problems)
    assert files.read(tmp_path / "nothing").problems == ()


def test_the_example_of_the_company_files_is_right_once_its_marks_are_taken_off(tmp_path):
    lines = (TEMPLATE / "inventory.yaml").read_text(encoding="utf-8").splitlines()
    (tmp_path / "inventory.yaml").write_text(
        "\n".join(n[1:] for n in lines if n.startswith("#") and not (n[1:2] == " " and n[2:3] != " ")), "utf-8"
    )
    seed = files.read(tmp_path)
    assert seed.problems == () and [i.name for i in seed.items] == ["原価表"] and len(seed.house.classes) == 4
