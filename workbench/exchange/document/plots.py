"""Plots as drawings: values with their intervals, differences against means, a matrix of shares.

No colours that judge. What has no value is said in words in its place.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.exchange.document.drawing import ACCENT, INK, QUIET, RULE, Box, Dot, Drawing, Line, Shape, Words, cut

WIDTH = 500.0
_ROW = 17.0
_LABELS, _NUMBERS = 150.0, 118.0


@dataclass(frozen=True, slots=True)
class Row:
    """One line of an interval plot. `reason` stands where there is no value; `second` is a further value
    (with another setting), drawn hollow."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    reason: str = ""
    second: float | None = None


def intervals(rows: Sequence[Row], x_title: str, marks: Sequence[float] = ()) -> Drawing:
    """Values with their intervals, one line each, the numbers beside. `marks`: thin upright lines."""
    known = [v for r in rows for v in (r.low, r.value, r.second) if v is not None]
    floor = max(-1.0, math.floor(min([0.0, *known]) * 5) / 5)
    left, right = _LABELS + 8, WIDTH - _NUMBERS
    bottom = 8 + _ROW * len(rows)

    def x(value: float) -> float:
        return left + (min(max(value, floor), 1.0) - floor) / (1 - floor) * (right - left)

    shapes: list[Shape] = []
    step = 0.2 if floor >= -0.2 else 0.5
    for tick in [round(i * step, 1) for i in range(math.ceil(floor / step - 1e-9), round(1 / step) + 1)]:
        shapes += [
            Line(x(tick), 4, x(tick), bottom, RULE, 1.1 if tick == 0 else 0.5),
            Words(x(tick), bottom + 12, _number(tick, 1), 8, QUIET, "middle"),
        ]
    shapes += [Line(x(mark), 4, x(mark), bottom, QUIET, 0.7, dashed=True) for mark in marks]
    for n, row in enumerate(rows):
        y = 8 + _ROW * (n + 0.5)
        shapes.append(Words(_LABELS, y + 3, cut(row.label, 30), 9, INK, "end"))
        if row.value is None:
            shapes.append(Words(left + 3, y + 3, cut(f"undefined: {row.reason}", 62), 8, QUIET))
            continue
        if row.low is not None and row.high is not None:
            shapes.append(Line(x(row.low), y, x(row.high), y, ACCENT, 1.4))
            shapes += [
                Line(x(end), y - 3, x(end), y + 3, ACCENT, 1.4) for end in (row.low, row.high) if floor <= end <= 1
            ]
        if row.second is not None:
            shapes.append(Dot(x(row.second), y, 3, QUIET, hollow=True))
        shapes.append(Dot(x(row.value), y, 3, ACCENT))
        said = _number(row.value, 2)
        if row.low is not None and row.high is not None:
            said += f"  [{_number(row.low, 2)}, {_number(row.high, 2)}]"
        shapes.append(Words(right + 12, y + 3, said, 9))
    shapes.append(Words((left + right) / 2, bottom + 26, x_title, 9, QUIET, "middle"))
    return Drawing(WIDTH, bottom + 32, tuple(shapes))


@dataclass(frozen=True, slots=True)
class Limits:
    """The mean difference and its limits of agreement, each with its interval where there is one."""

    bias: float
    lower: float
    upper: float
    bias_interval: tuple[float, float] | None = None
    lower_interval: tuple[float, float] | None = None
    upper_interval: tuple[float, float] | None = None


def differences(
    points: Sequence[tuple[float, float]], limits: Limits, x_title: str, y_title: str, width: float = 245.0
) -> Drawing:
    """Differences (y) against means (x), with the limits of agreement (Bland & Altman 1986). The more points
    fall on one place, the larger its dot."""
    height, left, top = 190.0, 42.0, 10.0
    right, bottom = width - 44, height - 34
    counts: dict[tuple[float, float], int] = {}
    for point in points:
        counts[point] = counts.get(point, 0) + 1
    bands = [limits.bias_interval, limits.lower_interval, limits.upper_interval]
    ys = [y for _, y in counts] + [limits.lower, limits.upper] + [e for band in bands if band for e in band]
    x_low, x_high = _ends([x for x, _ in counts])
    y_low, y_high = _ends([*ys, 0.0])

    def x(value: float) -> float:
        return left + (value - x_low) / (x_high - x_low) * (right - left)

    def y(value: float) -> float:
        return bottom - (value - y_low) / (y_high - y_low) * (bottom - top)

    shapes: list[Shape] = []
    for band in bands:
        if band:
            shapes.append(Box(left, y(band[1]), right - left, y(band[0]) - y(band[1]), ACCENT, 0.13))
    shapes.append(Line(left, y(0), right, y(0), RULE, 0.8))
    placed: list[float] = []
    for value, dashed in ((limits.upper, True), (limits.bias, False), (limits.lower, True)):
        shapes.append(Line(left, y(value), right, y(value), ACCENT, 1.1, dashed))
        at = y(value) + 3
        if placed and at - placed[-1] < 9:
            at = placed[-1] + 9
        placed.append(at)
        shapes.append(Words(right + 4, at, _signed(value), 8, ACCENT))
    for (at_x, at_y), n in sorted(counts.items()):
        shapes.append(Dot(x(at_x), y(at_y), min(2.0 * math.sqrt(n), 7.0), INK))
    shapes += [Line(left, bottom, right, bottom, INK, 0.8), Line(left, top, left, bottom, INK, 0.8)]
    shapes += [Words(x(t), bottom + 11, f"{t:g}", 8, QUIET, "middle") for t in _ticks(x_low, x_high)]
    shapes += [Words(left - 4, y(t) + 3, _signed(t, plus=False), 8, QUIET, "end") for t in _ticks(y_low, y_high)]
    shapes.append(Words((left + right) / 2, height - 8, cut(x_title, 44), 8, QUIET, "middle"))
    shapes.append(Words(4, 7, cut(y_title, 52), 8, QUIET))
    return Drawing(width, height, tuple(shapes))


def beside(drawings: Sequence[Drawing], gap: float = 10.0) -> Drawing:
    """Drawings of equal height next to each other, in as many rows as they need."""
    shapes: list[Shape] = []
    x = y = width = row = 0.0
    for drawing in drawings:
        if x and x + drawing.width > WIDTH + 0.1:
            x, y = 0.0, y + row + gap
            row = 0.0
        shapes += [_moved(shape, x, y) for shape in drawing.shapes]
        x += drawing.width + gap
        width, row = max(width, x - gap), max(row, drawing.height)
    return Drawing(width, y + row, tuple(shapes))


def matrix(names: Sequence[str], shares: Sequence[Sequence[float | None]], said: Sequence[Sequence[str]]) -> Drawing:
    """A square of shares (0 to 1), darker where larger, with the words of each cell."""
    n = len(names)
    left, top = 110.0, 20.0
    longest = max((len(name) for name in names), default=0)
    side = min(max(44.0, 5.0 * longest + 8), (WIDTH - left) / max(n, 1))
    high = min(side, 26.0)
    shapes: list[Shape] = []
    for i, name in enumerate(names):
        shapes.append(Words(left - 6, top + high * (i + 0.5) + 3, cut(name, 20), 9, INK, "end"))
        shapes.append(Words(left + side * (i + 0.5), top - 6, cut(name, max(3, int(side / 4.8))), 8, INK, "middle"))
        for j in range(n):
            share = shares[i][j]
            if share is not None:
                shapes.append(Box(left + side * j, top + high * i, side - 1, high - 1, ACCENT, 0.06 + 0.5 * share))
            middle = (left + side * (j + 0.5), top + high * (i + 0.5) + 3)
            shapes.append(Words(*middle, said[i][j], 8, INK, "middle"))
    return Drawing(left + side * n, top + high * n + 4, tuple(shapes))


def _moved(shape: Shape, dx: float, dy: float) -> Shape:
    match shape:
        case Line():
            ends = (shape.x1 + dx, shape.y1 + dy, shape.x2 + dx, shape.y2 + dy)
            return Line(*ends, shape.colour, shape.width, shape.dashed)
        case Dot():
            return Dot(shape.x + dx, shape.y + dy, shape.radius, shape.colour, shape.hollow)
        case Box():
            return Box(shape.x + dx, shape.y + dy, shape.width, shape.height, shape.colour, shape.opacity)
        case Words():
            return Words(shape.x + dx, shape.y + dy, shape.text, shape.size, shape.colour, shape.anchor)


def _ends(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = 0.08 * (high - low) or 0.5
    return low - room, high + room


def _ticks(low: float, high: float, about: int = 5) -> list[float]:
    raw = (high - low) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * m for m in (1, 2, 5, 10) if power * m >= raw)
    return [round(i * step, 10) for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _number(value: float, digits: int) -> str:
    text = f"{abs(value):.{digits}f}"
    return f"−{text}" if value < 0 and float(text) else text


def _signed(value: float, plus: bool = True) -> str:
    text = f"{abs(value):.2f}" if plus else f"{abs(value):g}"
    return f"−{text}" if value < 0 and float(text) else f"+{text}" if plus and float(text) else text
