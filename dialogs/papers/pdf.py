"""PDF pages in Japanese: A4, one embedded font, headings, paragraphs, lists and tables (design §9)."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime

from .wrapping import wrapped

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells of every table it leaves out

_FONT = "noto"
_MARGIN_MM = 18
_SIZES = {0: 18, 1: 14, 2: 11.5}
_BODY, _SMALL = 10, 8
_LINE = 1.6  # of the size of the letters
_PT_MM = 0.3528
_PADDING_MM = 1
_SLACK_MM = 0.5  # so that fpdf never breaks a line once more
_GREY = (90, 90, 90)
_HEAD = (235, 240, 243)


class Paper:
    """A document that is written from top to bottom. made_at: aware; it stands in the foot and in the file's data.

    The same calls with the same made_at give the same bytes.
    """

    def __init__(self, title: str, *, made_at: datetime, foot: str = "himitsu") -> None:
        from .pages import FONT_PATH, Pages  # here: 30 MB that a bot does without until it draws

        self._pdf = Pages(_FONT, _SMALL, _GREY)
        self._pdf.set_creation_date(made_at)
        self._pdf.set_title(title)
        self._pdf.set_lang("ja")
        self._pdf.foot = f"{foot}  {made_at:%Y-%m-%d %H:%M}"
        self._pdf.set_margin(_MARGIN_MM)
        self._pdf.set_auto_page_break(True, margin=_MARGIN_MM)
        self._pdf.add_font(_FONT, fname=str(FONT_PATH))
        self._pdf.add_page()
        self.heading(title, level=0)

    def heading(self, text: str, level: int = 1, *, room_mm: float = 24) -> None:
        """level: 0 the document's title, 1 and 2 below it. It is never left alone at the foot of a page.

        room_mm: what has to stand below it on the same page.
        """
        size = _SIZES[level]
        if self._pdf.will_page_break(size * _PT_MM * _LINE + room_mm):
            self._pdf.add_page()
        if level:
            self._pdf.ln(3)
        self._write(text, size)
        if level < 2:
            y = self._pdf.get_y() + 0.5
            self._pdf.set_draw_color(*_GREY)
            self._pdf.line(_MARGIN_MM, y, self._pdf.w - _MARGIN_MM, y)
        self._pdf.ln(2)

    def text(self, text: str, *, small: bool = False) -> None:
        """A paragraph; line breaks are kept. Blank adds nothing."""
        if text.strip():
            self._write(text, _SMALL if small else _BODY)
            self._pdf.ln(1)

    def bullets(self, lines: Iterable[str], *, mark: str = "・") -> None:
        """A list. mark: `□` makes boxes to tick, `1` numbers."""
        for number, line in enumerate(lines, 1):
            head = f"{number}. " if mark == "1" else mark
            self._pdf.set_font(_FONT, size=_BODY)
            width = self._pdf.get_string_width(head) + 1
            height = _BODY * _PT_MM * _LINE
            lines_of = self._lines(line, self._pdf.epw - width - 2 * self._pdf.c_margin)
            if self._pdf.will_page_break(height * min(len(lines_of), 3)):
                self._pdf.add_page()
            self._pdf.cell(width, height, head)
            body = "\n".join(lines_of)
            self._pdf.multi_cell(self._pdf.epw - width, height, body, align="L", new_x="LMARGIN", new_y="NEXT")
        self._pdf.ln(1)

    def table(self, head: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[float] | None = None) -> None:
        """A table whose head is repeated on every page. widths: shares of the page; None makes them equal."""
        self._pdf.set_font(_FONT, size=_SMALL + 0.5)
        shares = tuple(widths) if widths else (1.0,) * len(head)
        inside = [self._pdf.epw * share / sum(shares) - 2 * _PADDING_MM for share in shares]
        from fpdf.fonts import FontFace

        with self._pdf.table(
            headings_style=FontFace(fill_color=_HEAD),
            col_widths=shares,
            line_height=(_SMALL + 0.5) * _PT_MM * _LINE,
            text_align="LEFT",
            padding=_PADDING_MM,
            v_align="TOP",
        ) as table:
            for values in [head, *rows]:
                row = table.row()
                for value, width in zip(values, inside, strict=True):
                    row.cell("\n".join(self._lines(value, width)))
        self._pdf.ln(2)

    def new_page(self) -> None:
        self._pdf.add_page()

    def svg(
        self,
        picture: str,
        *,
        width_mm: float = 120,
        size: tuple[float, float] | None = None,
        letters: Iterable[tuple[float, float, str, str]] = (),
    ) -> None:
        """A drawing (rect, line, path, polygon; letters in it are not drawn). It is never cut by the end of a page.

        size: of its view box, in whose units letters stand: (x, y of the base line, text, anchor: start, middle, end).
        """
        scale = width_mm / size[0] if size else 0.0
        if size and self._pdf.will_page_break(size[1] * scale):
            self._pdf.add_page()
        top = self._pdf.get_y()
        self._pdf.image(picture.encode(), w=width_mm, x=_MARGIN_MM)
        self._pdf.set_font(_FONT, size=_SMALL)
        for x, y, text, anchor in letters:
            back = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor] * self._pdf.get_string_width(text)
            self._pdf.text(_MARGIN_MM + x * scale - back, top + y * scale, text)
        self._pdf.ln(2)

    def pages(self) -> int:
        return self._pdf.page_no()

    def to_bytes(self) -> bytes:
        return bytes(self._pdf.output())

    def _write(self, text: str, size: float) -> None:
        self._pdf.set_font(_FONT, size=size)
        body = "\n".join(self._lines(text, self._pdf.epw - 2 * self._pdf.c_margin))
        self._pdf.multi_cell(0, size * _PT_MM * _LINE, body, align="L", new_x="LMARGIN", new_y="NEXT")

    def _lines(self, text: str, width: float) -> list[str]:
        """The lines of a text in the font that is set, broken as Japanese is; width: of the place, in mm."""
        return wrapped(text, width - _SLACK_MM, self._pdf.get_string_width)
