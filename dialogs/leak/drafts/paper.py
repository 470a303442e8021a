"""A draft as docx, to be written on, and as PDF."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from ...papers.pdf import Paper
from .made import Draft

_FONT = "Yu Gothic"  # Word has it in Japan, and takes the nearest elsewhere
_BULLET = "・"


def to_docx(draft: Draft, made_at: datetime) -> bytes:
    """made_at: aware; it stands in the file's data."""
    from docx import Document  # here: a bot does without until it writes one
    from docx.oxml.ns import qn
    from docx.shared import Pt

    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = _FONT, Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), _FONT)
    about = document.core_properties
    about.title, about.author, about.language = draft.title, "himitsu", "ja"
    about.created = about.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    document.add_heading(draft.title, level=0)
    for heading, lines in draft.parts():
        if heading:
            document.add_heading(heading, level=1)
        for line in lines:
            if line.startswith(_BULLET):
                document.add_paragraph(line.removeprefix(_BULLET), style="List Bullet")
            elif line:
                document.add_paragraph(line)
    for name in ("Title", "Heading 1", "List Bullet"):
        fonts = document.styles[name].element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(script), _FONT)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def to_pdf(draft: Draft, made_at: datetime) -> bytes:
    """made_at: aware; it stands in the foot."""
    paper = Paper(draft.title, made_at=made_at)
    for heading, lines in draft.parts():
        if heading:
            paper.heading(heading, level=2)
        bullets: list[str] = []
        for line in [*lines, ""]:
            if line.startswith(_BULLET):
                bullets.append(line.removeprefix(_BULLET))
                continue
            if bullets:
                paper.bullets(bullets)
                bullets = []
            paper.text(line)
    return paper.to_bytes()
