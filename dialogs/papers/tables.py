"""Tables as csv and xlsx that a spreadsheet opens without running anything in them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

Cell = str | int | float | date | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MOST_WIDTH = 60
_LINE_PT = 15
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what xlsx cannot hold
_SHEET_NAME = str.maketrans({c: " " for c in "[]:*?/\\"})


def neutral(value: Cell) -> Cell:
    """Text that a spreadsheet would take for a formula gets a quote before it (OWASP: CSV injection); control
    characters, which xlsx cannot hold, go. Numbers and dates stay."""
    if not isinstance(value, str):
        return value
    plain: str = _ILLEGAL.sub("", value)
    return "'" + plain if plain.lstrip(" \u3000\n").startswith(_FORMULA) or plain.startswith(("\t", "\r")) else plain


def to_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, by which Excel recognises it; CRLF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([neutral(v) for v in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def to_xlsx(sheets: Mapping[str, tuple[Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """sheets: by name, (head, rows). The head stays in sight, and columns are as wide as their texts."""
    from openpyxl import Workbook  # here: 20 MB that a bot does without until it writes a table
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.properties import PageSetupProperties

    book, top = Workbook(), Alignment(vertical="top", wrap_text=True)
    book.remove(book.active)
    for name, (head, rows) in sheets.items():
        sheet = book.create_sheet(name.translate(_SHEET_NAME)[:31] or "1")
        sheet.append(list(head))
        widths = [_width(h) for h in head]
        for place, row in enumerate(rows, 2):  # not sheet[max_row], which looks through all cells each time
            values = [neutral(v) for v in row]
            sheet.append(values)
            for n, value in enumerate(values[: len(widths)]):
                widths[n] = max(widths[n], _width(value))
            for n in range(1, len(values) + 1):
                cell = sheet.cell(place, n)
                cell.alignment = top
                if isinstance(cell.value, str):
                    cell.data_type = "s"  # also text that begins with "="
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for n, width in enumerate(widths, 1):
            sheet.column_dimensions[sheet.cell(1, n).column_letter].width = min(width + 2, _MOST_WIDTH)
        for line in sheet.iter_rows():  # what is wrapped is seen whole, also where the program does not make room
            needed = max((_lines(c.value, widths[n]) for n, c in enumerate(line[: len(widths)])), default=1)
            if needed > 1:
                sheet.row_dimensions[line[0].row].height = _LINE_PT * needed
        sheet.freeze_panes = "A2"
        sheet.print_title_rows = "1:1"
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToHeight = 0  # as many pages as it takes, each as wide as the table
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _lines(value: Cell, width: int) -> int:
    """How many lines a text takes in a column of that width."""
    room = max(1, min(width, _MOST_WIDTH - 2))
    return sum(max(1, -(-_width(line) // room)) for line in str(value or "").splitlines()) or 1


def _width(value: Cell) -> int:
    """In half-width characters."""
    return max(_wide(line) for line in str(value if value is not None else "").splitlines() or [""])


def _wide(line: str) -> int:
    return len(line) if line.isascii() else sum(2 if ord(c) > 0xFF else 1 for c in line)
