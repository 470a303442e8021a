"""The 初動カード: one page for the wall and the phone, for the day on which Slack itself is down.

`contents` says what stands on it; `to_pdf` draws that, smaller where much is to be said, on one page of A4.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from fpdf import FPDF
from noto_cjk_sans_jp_regular import FONT_PATH

from knowledge import routes

from ..papers.wrapping import wrapped
from .legal_clock import book as clock_book

if TYPE_CHECKING:
    from knowledge.company import CompanyDesk, WorkingHours
    from knowledge.content import Knowledge


@functools.cache
def words() -> Mapping[str, Any]:
    """card.yaml."""
    found: Mapping[str, Any] = yaml.safe_load((Path(__file__).parent / "card.yaml").read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Box:
    """A part of the card. lines: small texts; numbered: they are steps. big: read from across the room."""

    title: str
    lines: tuple[str, ...]
    big: tuple[str, ...] = ()
    numbered: bool = False


@dataclass(frozen=True)
class Card:
    """What stands on it, from top to bottom. missing: what the company has not registered."""

    title: str
    lead: str
    first: tuple[str, ...]
    danger: str
    desk: Box
    down: Box
    kinds: tuple[Box, ...]
    outside: tuple[tuple[str, str, str], ...]  # (what for, who, how to reach)
    note: str
    dates: Box
    missing: tuple[str, ...]
    foot: str


def contents(knowledge: Knowledge, today: date) -> Card:
    """The card of a company, from its files and ours."""
    said, company = words(), knowledge.company
    verified = max((knowledge.desks[id].verified_on for id in said["desks"] if id in knowledge.desks), default="")
    return Card(
        title=said["title"],
        lead=f"{company.name}　{said['lead']}" if company.name else said["lead"],
        first=tuple(said["first"]),
        danger=said["danger"],
        desk=_desk(knowledge),
        down=Box(said["slack_down"], tuple(said["slack_down_steps"]), numbered=True),
        kinds=tuple(_kinds(knowledge)),
        outside=tuple(_outside(knowledge, today)),
        note=said["seed_note"],
        dates=_dates(),
        missing=tuple(_missing(knowledge)),
        foot=said["foot"].format(day=today.isoformat(), verified=verified),
    )


def _desk(knowledge: Knowledge) -> Box:
    said, company = words(), knowledge.company
    desk, other = company.company_desk(), company.alternative_desk()
    if desk is None:
        return Box(said["desk"], (), ("________________", "☎ ________________"))
    lines = [_hours(desk.hours or company.working_hours)]
    lines += [desk.mail] if desk.mail else []
    if other:
        numbers = "、".join(phone.number for phone in other.phones)
        lines.append(f"{said['alternative']}: {other.name} {numbers}".rstrip())
    return Box(said["desk"], tuple(lines), (desk.name, *_phones(desk)))


def _phones(desk: CompanyDesk) -> tuple[str, ...]:
    said = words()["phone"]
    found = tuple("☎ " + said.format(number=phone.number, note=phone.note).strip() for phone in desk.phones)
    return found or ("☎ ________________",)


def _hours(hours: WorkingHours) -> str:
    said = words()
    if hours.days == ("mon", "tue", "wed", "thu", "fri"):
        named = said["weekdays"]
    else:
        named = said["everyday"] if len(hours.days) == 7 else "・".join(said["days"][day] for day in hours.days)
    text: str = said["hours"].format(days=named, open=hours.open, close=hours.close)
    return text


def _kinds(knowledge: Knowledge) -> Iterable[Box]:
    steps = {entry.id: entry.steps for entry in knowledge.leak_steps.steps}
    for event in words()["events"]:
        if event["family"] in steps:
            yield Box(event["label"], tuple(steps[event["family"]]), numbered=True)


def _outside(knowledge: Knowledge, today: date) -> Iterable[tuple[str, str, str]]:
    """The page of a desk first, then a number: numbers get old. What only the leaflet says carries its mark."""
    said = words()
    for id in said["desks"]:
        if id not in knowledge.desks:
            continue
        view = routes.view(knowledge.desks[id], today=today)
        ways = [c for c in view.contacts if c.value != "110"]
        ways = [w for w in ways if w.value not in view.hours]
        shown = [w for w in ways if w.kind == "web"][:1] + [w for w in ways if w.kind != "web"][:1]
        marked = [w.value + (said["seed_mark"] if said["seed"] in w.note else "") for w in shown]
        hours = view.hours + (said["seed_mark"] if view.hours_seed else "")
        yield said["desk_for"][id], view.name, "　".join([*marked, hours]).rstrip()


def _dates() -> Box:
    said, counts = words(), clock_book()["counts"]
    text = said["dates_text"].format(
        first=counts["preliminary"]["first"],
        last=counts["preliminary"]["last"],
        final=counts["final"]["last"],
        malicious=counts["final_malicious"]["last"],
    )
    return Box(said["dates"], (text, said["fill"]))


def _missing(knowledge: Knowledge) -> Iterable[str]:
    said, company = words(), knowledge.company
    desk = company.company_desk()
    if desk is None:
        yield said["missing_desk"]
    elif not desk.phones:
        yield said["missing_phone"]
    elif len(desk.phones) == 1:
        yield said["missing_after"]
    if company.alternative_desk() is None:
        yield said["missing_alternative"]
    if not company.name:
        yield said["missing_name"]


# --- drawing

_MARGIN, _WIDTH, _HEIGHT = 10.0, 190.0, 277.0  # mm, of A4 within its margins
_GUTTER = 4.0
_PT = 0.3528  # mm
Colour = tuple[int, int, int]
_RED, _DARK, _GREY, _PALE, _WHITE = (168, 28, 28), (30, 30, 30), (95, 95, 95), (243, 244, 246), (255, 255, 255)
_LINE = (215, 215, 215)
_SCALES = (1.15, 1.1, 1.05, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.6, 0.55, 0.5)


class TooMuch(ValueError):
    """What is to stand on the card does not fit on a page, however small."""


def to_pdf(card: Card, made_at: datetime) -> bytes:
    """One page of A4. made_at: aware. Raises TooMuch where the company's own texts are too long for it."""
    sheet = _Sheet(made_at)
    if not any(sheet.fits(card, scale) for scale in _SCALES):
        raise TooMuch("The card does not fit on a page: shorten the names and notes of company.yaml.")
    sheet.draw(card)
    return bytes(sheet.pdf.output())


class _Sheet:
    """Draws top to bottom; `bottom` is how far down it came (mm), also past the page's end."""

    def __init__(self, made_at: datetime) -> None:
        self.pdf = FPDF(format="A4")
        self.pdf.set_creation_date(made_at)
        self.pdf.set_title(words()["title"])
        self.pdf.set_lang("ja")
        self.pdf.set_margin(_MARGIN)
        self.pdf.set_auto_page_break(False)
        self.pdf.add_font("noto", fname=str(FONT_PATH))
        self.pdf.add_page()
        self.scale, self.bottom, self._dry = 1.0, _MARGIN, False

    def fits(self, card: Card, scale: float) -> bool:
        """Whether the card fits on the page at a scale, which then stays. Nothing is drawn."""
        self.scale, self._dry = scale, True
        self.draw(card)
        self._dry = False
        return self.bottom <= _MARGIN + _HEIGHT

    def draw(self, card: Card) -> None:
        self.bottom = _MARGIN
        self._banner(card)
        self._pair(card.desk, card.down)
        self._title(words()["kinds"])
        boxes = list(card.kinds)
        for n in range(0, len(boxes), 3):
            self._row(boxes[n : n + 3], 3, size=8.5)
        self._title(words()["outside"])
        self._desks(card)
        self._text(card.note, 8, colour=_GREY)
        self.bottom += 1.5 * self.scale
        self._row([card.dates], 1, size=9)
        if card.missing:
            self._text(f"{words()['missing']}: {'、'.join(card.missing)}", 9, colour=_RED)
        self._text(card.foot, 7, colour=_GREY)

    def _banner(self, card: Card) -> None:
        """White on red, to be seen from the other end of the room."""
        top, pad = self.bottom, 3 * self.scale
        high = pad + sum(
            self._block(text, _MARGIN + pad, top, _WIDTH - 2 * pad, points, _WHITE, dry=True)
            for text, points in ((card.title, 25), (card.lead, 11.5))
        )
        self._fill(_MARGIN, top, _WIDTH, high, _RED)
        at = top + pad * 0.4
        at += self._block(card.title, _MARGIN + pad, at, _WIDTH - 2 * pad, 25, _WHITE)
        self._block(card.lead, _MARGIN + pad, at, _WIDTH - 2 * pad, 11.5, _WHITE)
        self.bottom = top + high + 2 * self.scale
        for number, line in enumerate(card.first, 1):
            self.bottom += self._block(line, _MARGIN, self.bottom, _WIDTH, 15, _DARK, head=f"{number}. ")
        self._text(card.danger, 11.5, colour=_RED)
        self.bottom += 1.5 * self.scale

    def _pair(self, left: Box, right: Box) -> None:
        self._row([left, right], 2, size=9.5, big=15)

    def _title(self, text: str) -> None:
        self.bottom += 1.5 * self.scale
        self._text(text, 12, colour=_RED)

    def _row(self, boxes: list[Box], columns: int, *, size: float, big: float = 13) -> None:
        """Boxes side by side, all as high as the highest."""
        width = (_WIDTH - _GUTTER * (columns - 1)) / columns
        top = self.bottom
        height = max(self._box(box, 0, top, width, size, big, dry=True) for box in boxes)
        for n, box in enumerate(boxes):
            x = _MARGIN + n * (width + _GUTTER)
            self._fill(x, top, width, height, _PALE)
            self._box(box, x, top, width, size, big)
        self.bottom = top + height + 2 * self.scale

    def _box(
        self, box: Box, x: float, top: float, width: float, size: float, big: float, *, dry: bool = False
    ) -> float:
        """Draws a box's texts, or only measures them; its height in mm."""
        pad = 2 * self.scale
        at = top + pad * 0.6
        texts = [("", box.title, size + 2, _RED), *(("", line, big, _DARK) for line in box.big)]
        texts += [(f"{n}. " if box.numbered else "", line, size, _DARK) for n, line in enumerate(box.lines, 1)]
        for head, text, points, colour in texts:
            at += self._block(text, x + pad, at, width - 2 * pad, points, colour, head=head, dry=dry)
        return at - top + pad * 0.6

    def _desks(self, card: Card) -> None:
        """What for, who and how to reach, a line each."""
        for reason, name, reach in card.outside:
            top, first = self.bottom, 44.0
            left = self._block(reason, _MARGIN, top, first, 8.5, _DARK)
            right = self._block(f"{name}　{reach}", _MARGIN + first + 2, top, _WIDTH - first - 2, 8.5, _DARK)
            self.bottom = top + max(left, right) + 0.4 * self.scale
            self._fill(_MARGIN, self.bottom, _WIDTH, 0.2, _LINE)
            self.bottom += 0.4 * self.scale
        self.bottom += 1.5 * self.scale

    def _fill(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        if not self._dry:
            self.pdf.set_fill_color(*colour)
            self.pdf.rect(x, y, width, height, style="F")

    def _text(self, text: str, points: float, *, colour: Colour = _DARK) -> None:
        self.bottom += self._block(text, _MARGIN, self.bottom, _WIDTH, points, colour)

    def _block(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        points: float,
        colour: Colour,
        *,
        head: str = "",
        dry: bool = False,
    ) -> float:
        """A paragraph at a place; its height in mm. head: stands before it, and its lines below each other."""
        size = points * self.scale
        line = size * _PT * 1.36
        self.pdf.set_font("noto", size=size)
        self.pdf.set_text_color(*colour)
        indent = self.pdf.get_string_width(head)
        lines = wrapped(text, width - indent, self.pdf.get_string_width)
        if not (dry or self._dry):
            for n, each in enumerate(lines):
                base = y + n * line + size * _PT * 1.08
                if head and n == 0:
                    self.pdf.text(x, base, head)
                self.pdf.text(x + indent, base, each)
        return len(lines) * line
