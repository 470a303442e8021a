"""The two drawings of a result: a radar of its areas and a line of the last times. Their letters apart: a PDF sets its
own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

SIZE = (420, 300)  # of a radar, in its own units
LINE = (420, 180)
_RADIUS, _CENTRE = 100, (210, 150)
_RINGS = (25, 50, 75, 100)
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 390, 24, 140


@dataclass(frozen=True)
class Letters:
    """A text and where it stands: its base line at y; anchor: start, middle or end at x."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    small: bool = False


@dataclass(frozen=True)
class Drawing:
    """shapes: svg elements whose classes (grid, mark, line, dot) say what they are. size: of the view box."""

    size: tuple[int, int]
    shapes: tuple[str, ...]
    letters: tuple[Letters, ...]


def radar(scores: Sequence[tuple[str, int]]) -> Drawing:
    """One corner for each (title, score), clockwise from the top. ValueError where there are fewer than three."""
    if len(scores) < 3:
        raise ValueError("A radar needs three corners.")
    count = len(scores)
    grid = [_polygon([_at(n, count, ring) for n in range(count)], "grid") for ring in _RINGS]
    spokes = [_line(_CENTRE, _at(n, count, 100), "grid") for n in range(count)]
    corners = [_at(n, count, score) for n, (_, score) in enumerate(scores)]
    dots = [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in corners]
    letters = [_label(n, count, title, score) for n, (title, score) in enumerate(scores)]
    return Drawing(SIZE, (*grid, *spokes, _polygon(corners, "mark"), *dots), tuple(letters))


def trend(points: Sequence[tuple[str, int]]) -> Drawing:
    """A line through (day, score), the oldest at the left. ValueError where there are fewer than two."""
    if len(points) < 2:
        raise ValueError("A line needs two points.")
    step = (_RIGHT - _LEFT - 40) / (len(points) - 1)
    spots = [(_LEFT + 20 + n * step, _height(score)) for n, (_, score) in enumerate(points)]
    grid = [_line((_LEFT, _height(v)), (_RIGHT, _height(v)), "grid") for v in (0, 50, 100)]
    path = " ".join(f"{'L' if n else 'M'}{x:.1f} {y:.1f}" for n, (x, y) in enumerate(spots))
    dots = [f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>' for x, y in spots]
    letters = [Letters(_LEFT - 6, _height(v) + 4, str(v), "end", True) for v in (0, 50, 100)]
    for (x, y), (when, score) in zip(spots, points, strict=True):
        letters += [Letters(x, y - 9, str(score)), Letters(x, _BOTTOM + 22, when, small=True)]
    return Drawing(LINE, (*grid, f'<path class="line" d="{path}"/>', *dots), tuple(letters))


def plain(drawing: Drawing) -> str:
    """The shapes with their colours in them and no letters, as a PDF takes them."""
    paint = {
        'class="grid"': 'fill="none" stroke="#b8c2c8" stroke-width="0.7"',
        'class="mark"': 'fill="#cfe3ee" stroke="#1f5f86" stroke-width="2"',
        'class="line"': 'fill="none" stroke="#1f5f86" stroke-width="2"',
        'class="dot"': 'fill="#1f5f86" stroke="none"',
    }
    # The area first: what is painted later covers what lies below, and a PDF here knows no see-through.
    body = "".join(sorted(drawing.shapes, key=lambda s: 'class="mark"' not in s))
    for name, style in paint.items():
        body = body.replace(name, style)
    width, height = drawing.size
    box = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{body}</svg>'


def _at(n: int, count: int, score: float) -> tuple[float, float]:
    angle = 2 * math.pi * n / count - math.pi / 2
    reach = _RADIUS * score / 100
    return _CENTRE[0] + reach * math.cos(angle), _CENTRE[1] + reach * math.sin(angle)


def _label(n: int, count: int, title: str, score: int) -> Letters:
    x, y = _at(n, count, 113)
    side = x - _CENTRE[0]
    anchor = "middle" if abs(side) < 12 else "start" if side > 0 else "end"
    drop = 4 + (6 if y > _CENTRE[1] + _RADIUS else 0)
    return Letters(x, y + drop, f"{title} {score}", anchor, True)


def _height(score: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * score / 100


def _polygon(points: Sequence[tuple[float, float]], name: str) -> str:
    return f'<polygon class="{name}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in points)}"/>'


def _line(a: tuple[float, float], b: tuple[float, float], name: str) -> str:
    return f'<line class="{name}" x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}"/>'
