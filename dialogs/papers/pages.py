"""The pages that pdf.py writes on: what fpdf2 has to be told of each of them."""

from __future__ import annotations

from fpdf import FPDF
from noto_cjk_sans_jp_regular import FONT_PATH

__all__ = ["FONT_PATH", "Pages"]


class Pages(FPDF):
    """A4, with a foot of small letters: what `foot` says, and the number of the page."""

    def __init__(self, font: str, size: float, colour: tuple[int, int, int]) -> None:
        super().__init__(format="A4")
        self.foot = ""
        self._foot_font, self._foot_size, self._foot_colour = font, size, colour

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(self._foot_font, size=self._foot_size)
        self.set_text_color(*self._foot_colour)
        self.cell(0, 6, f"{self.foot}  {self.page_no()} / {{nb}}", align="R")
        self.set_text_color(0, 0, 0)
