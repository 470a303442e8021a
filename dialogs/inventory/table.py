"""A file as rows of texts: csv and xlsx, read without running anything in it. What cannot be used is refused whole.

Lines are counted as a spreadsheet shows them, from 1. A formula is not calculated: it is refused, with its place.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from .model import Trouble

MOST_BYTES = 5_000_000
MOST_ROWS = 5_000  # entries
_MOST_LINES = 20_000  # with blank ones
_MOST_COLUMNS = 100
_MOST_CELL = 10_000  # characters
_MOST_UNPACKED = 40_000_000  # bytes of all parts of an xlsx
_MOST_PARTS = 500
_OLE = b"\xd0\xcf\x11\xe0"  # the old .xls, and any Office file with a password
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_FORMULA = re.compile(r"[ \u3000]*(?:[=＝]|[+\-@＋－＠].*[(|!])", re.S)


class Refused(ValueError):
    """The file cannot be read; troubles says why and where."""

    def __init__(self, troubles: Sequence[Trouble]):
        super().__init__(", ".join(t.reason for t in troubles))
        self.troubles = tuple(troubles)


@dataclass(frozen=True)
class Row:
    """line: as a spreadsheet shows it. cells: texts; a date as 2026-11-30."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """rows: those that are not blank. merged: (first, last) lines of cells that are joined, and their name. formulas:
    (line, column from 0). other: sheets of the file that were not read."""

    rows: tuple[Row, ...]
    merged: tuple[tuple[int, int, str], ...] = ()
    formulas: tuple[tuple[int, int], ...] = ()
    other: tuple[str, ...] = ()


def read(name: str, data: bytes) -> Sheet:
    """The table in a file. name: tells by its ending what it is. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise _refused("file_too_big", most_mb=MOST_BYTES // 1_000_000)
    ending = name.rpartition(".")[2].lower()
    if ending in ("xlsm", "xlsb", "xltm", "xlam"):
        raise _refused("macros", ending=ending)
    if data.startswith(_OLE):
        raise _refused("old_or_locked")
    if data.startswith(b"PK"):
        return _xlsx(data)
    if ending in ("csv", "tsv", "txt"):
        return _csv(data)
    raise _refused("unknown_kind", ending=ending)


def _refused(reason: str, line: int = 0, column: str = "", **about: Any) -> Refused:
    return Refused([Trouble(line, column, reason, about)])


def looks_like_formula(text: str) -> bool:
    """Whether a spreadsheet would run it: it begins with =, or calls something after + - or @."""
    return bool(_FORMULA.match(text))


# --- csv


def _csv(data: bytes) -> Sheet:
    text = _decoded(data)
    head = text.lstrip().partition("\n")[0]
    delimiter = "\t" if head.count("\t") > head.count(",") else ","
    rows: list[Row] = []
    formulas: list[tuple[int, int]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 0
    try:
        for line, cells in enumerate(reader, 1):
            row = _row(line, cells, len(rows))
            if row:
                rows.append(row)
                formulas += [(line, n) for n, cell in enumerate(row.cells) if looks_like_formula(cell)]
    except csv.Error:
        raise _refused("broken_csv", line + 1) from None
    return Sheet(tuple(rows), formulas=tuple(formulas))


def _decoded(data: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, Shift_JIS as Excel for Windows writes it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        codes: tuple[str, ...] = ("utf-16",)
    else:
        codes = ("utf-8-sig", "cp932")
    for code in codes:
        try:
            text = data.decode(code)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _refused("unknown_letters")


def _row(line: int, cells: Sequence[str], so_far: int) -> Row | None:
    """The row, or None for a blank one. Raises Refused where there are too many, or one is too long."""
    if line > _MOST_LINES or so_far > MOST_ROWS + 10:  # a few for a title and the heading
        raise _refused("too_many_rows", most=MOST_ROWS)
    if len(cells) > _MOST_COLUMNS:
        if any(c.strip() for c in cells[_MOST_COLUMNS:]):
            raise _refused("too_many_columns", line, most=_MOST_COLUMNS)
        cells = cells[:_MOST_COLUMNS]
    if any(len(c) > _MOST_CELL for c in cells):
        raise _refused("cell_too_long", line, most=_MOST_CELL)
    return Row(line, tuple(cells)) if any(c.strip() for c in cells) else None


# --- xlsx


def _xlsx(data: bytes) -> Sheet:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _look_at(parts)
        from openpyxl import load_workbook  # here: 20 MB that a bot does without until somebody sends a table

        book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
        try:
            return _first_sheet(book, data)
        finally:
            book.close()
    except (Refused, MemoryError):
        raise
    except DefusedXmlException:
        raise _refused("bomb") from None
    except Exception as error:  # openpyxl lets through whatever a broken file makes it stumble over
        raise _refused("broken_xlsx") from error


def _look_at(parts: zipfile.ZipFile) -> None:
    """Before anything is unpacked: how much it would be, and whether there is something to run in it."""
    listed = parts.infolist()
    if len(listed) > _MOST_PARTS or sum(p.file_size for p in listed) > _MOST_UNPACKED:
        raise _refused("bomb")
    names = {p.filename.lower() for p in listed}
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in names):
        raise _refused("macros", ending="xlsm")
    if "[content_types].xml" not in names or not any(n.startswith("xl/") for n in names):
        raise _refused("unknown_kind", ending="zip")
    if b"macroEnabled" in parts.read("[Content_Types].xml"):
        raise _refused("macros", ending="xlsm")


def _first_sheet(book: Any, data: bytes) -> Sheet:
    """The first sheet that is shown and holds something."""
    shown = [s for s in book.worksheets if s.sheet_state == "visible"]
    for place, sheet in enumerate(shown):
        sheet.reset_dimensions()  # what the file says of its size may be wrong
        rows, formulas = _rows(sheet)
        if rows:
            other = tuple(s.title for s in shown[place + 1 :])
            return Sheet(tuple(rows), _merged(data, sheet), tuple(formulas), other)
    raise _refused("empty")


def _rows(sheet: Any) -> tuple[list[Row], list[tuple[int, int]]]:
    rows: list[Row] = []
    formulas: list[tuple[int, int]] = []
    for at, cells in enumerate(sheet.iter_rows(), 1):
        line = next((c.row for c in cells if getattr(c, "row", None)), at)
        row = _row(line, [_text(cell.value) for cell in cells], len(rows))
        if row is None:
            continue
        rows.append(row)
        formulas += [
            (line, n)
            for n, c in enumerate(cells)
            if c.data_type == "f" or (isinstance(c.value, str) and looks_like_formula(c.value))
        ]
    return rows, formulas


def _text(value: Any) -> str:
    """A cell as text: a date in ISO form, a whole number without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _merged(data: bytes, sheet: Any) -> tuple[tuple[int, int, str], ...]:
    """Cells that are joined, which openpyxl does not tell of when it reads row by row."""
    from openpyxl.utils import range_boundaries

    found = []
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        path = str(sheet._worksheet_path)
        with parts.open(path) as part:
            for _, element in iterparse(part):
                if element.tag == f"{_SHEET}mergeCell" and (name := element.get("ref")):
                    _, first, _, last = range_boundaries(name)
                    found.append((int(first or 0), int(last or 0), name))
                if element.tag == f"{_SHEET}row":
                    element.clear()
    return tuple(found)


def troubles_of(sheet: Sheet, head_line: int, heads: Mapping[int, str]) -> Iterator[Trouble]:
    """What cannot be used below the heading: joined cells, and formulas in the columns that are read (by number)."""
    for first, last, name in sheet.merged:
        if last > head_line:
            yield Trouble(max(first, head_line), "", "merged", {"cells": name, "last": last})
    for line, n in sheet.formulas:
        if line > head_line and n in heads:
            yield Trouble(line, heads[n], "formula", {})
