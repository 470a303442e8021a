"""Response rates by week, drawn: as blocks for Slack, as bars for a page. Groups under five are left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST = 5  # people; fewer could be told apart
_BLOCKS = 10
_WIDTH, _HEIGHT, _GAP = 600, 160, 6
_FILL, _REST, _LINE = "#1f5f86", "#dfe7ec", "#5a5a5a"


@dataclass(frozen=True)
class Week:
    """How many people got a nudge in a week, and answered it. week: 2026-W48."""

    week: str
    sent: int
    answered: int

    @property
    def shown(self) -> bool:
        return self.sent >= FEWEST

    @property
    def percent(self) -> int:
        return round(100 * self.answered / self.sent) if self.sent else 0


def line(week: Week) -> str:
    """■■■□□□□□□□; blank where it is not shown."""
    full = round(week.percent / 100 * _BLOCKS)
    return "■" * full + "□" * (_BLOCKS - full) if week.shown else ""


def bars(weeks: Sequence[Week]) -> str:
    """SVG without letters: a bar a week, its answered part filled, a line at half. A week not shown is a gap."""
    wide = (_WIDTH - _GAP * (len(weeks) + 1)) / max(1, len(weeks))
    drawn = []
    for n, week in enumerate(weeks):
        if week.shown:
            x, high = _GAP + n * (wide + _GAP), _HEIGHT * week.percent / 100
            drawn.append(f'<rect x="{x:.1f}" y="0" width="{wide:.1f}" height="{_HEIGHT}" fill="{_REST}"/>')
            drawn.append(
                f'<rect x="{x:.1f}" y="{_HEIGHT - high:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{_FILL}"/>'
            )
    marks = "".join(
        f'<line x1="0" y1="{y}" x2="{_WIDTH}" y2="{y}" stroke="{_LINE}" stroke-width="1"/>'
        for y in (_HEIGHT // 2, _HEIGHT)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT + 2}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT + 2}">{"".join(drawn)}{marks}</svg>'
    )
