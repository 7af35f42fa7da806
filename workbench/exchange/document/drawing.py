"""Drawings of lines, dots, boxes and words, as SVG for a page and as PNG for a Word file."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import workbench

if TYPE_CHECKING:
    from PIL import ImageDraw
    from PIL.ImageFont import FreeTypeFont

INK, QUIET, RULE, ACCENT = "#1b2733", "#52616f", "#c3ccd4", "#1d5c8f"
Anchor = Literal["start", "middle", "end"]
_NOT_IN_XML = re.compile("[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_FONT = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    colour: str = INK
    width: float = 1.0
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    radius: float = 3.0
    colour: str = INK
    hollow: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """`opacity` 0 to 1, over white."""

    x: float
    y: float
    width: float
    height: float
    colour: str = RULE
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """y is the baseline."""

    x: float
    y: float
    text: str
    size: float = 10.0
    colour: str = INK
    anchor: Anchor = "start"


Shape = Line | Dot | Box | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in points, from the upper left corner."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def svg(drawing: Drawing, alt: str) -> str:
    """The drawing as an `<svg>` element that stands by itself."""
    body = "".join(_svg_of(shape) for shape in drawing.shapes)
    return (
        f'<svg role="img" aria-label="{_text(alt)}" viewBox="0 0 {drawing.width:g} {drawing.height:g}" '
        f'style="max-width: {1.5 * drawing.width:.0f}px" xmlns="http://www.w3.org/2000/svg" '
        f'font-family="{_FONT}">{body}</svg>'
    )


def png(drawing: Drawing, dots_per_point: float = 3.0) -> bytes:
    """The drawing as a picture on white, 216 dots per inch unless told otherwise."""
    from PIL import Image, ImageDraw

    k = dots_per_point
    image = Image.new("RGB", (round(drawing.width * k), round(drawing.height * k)), "white")
    canvas = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        _paint(canvas, shape, k)
    out = io.BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(72 * k, 72 * k))
    return out.getvalue()


def printable(text: str) -> str:
    """Text without the characters that XML cannot hold."""
    return _NOT_IN_XML.sub("\ufffd", text)


def cut(text: str, most: int) -> str:
    """A label that keeps to its room.

    >>> cut("Withdrawal: minimal response", 12)
    'Withdrawal:…'
    """
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _text(text: str) -> str:
    return escape(printable(text), quote=True)


def _svg_of(shape: Shape) -> str:
    match shape:
        case Line():
            dash = ' stroke-dasharray="3 3"' if shape.dashed else ""
            return (
                f'<line x1="{shape.x1:.1f}" y1="{shape.y1:.1f}" x2="{shape.x2:.1f}" y2="{shape.y2:.1f}" '
                f'stroke="{shape.colour}" stroke-width="{shape.width:g}"{dash}/>'
            )
        case Dot():
            fill = "white" if shape.hollow else shape.colour
            return (
                f'<circle cx="{shape.x:.1f}" cy="{shape.y:.1f}" r="{shape.radius:g}" fill="{fill}" '
                f'stroke="{shape.colour}"/>'
            )
        case Box():
            return (
                f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" height="{shape.height:.1f}" '
                f'fill="{shape.colour}" fill-opacity="{shape.opacity:g}"/>'
            )
        case Words():
            return (
                f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:g}" fill="{shape.colour}" '
                f'text-anchor="{shape.anchor}">{_text(shape.text)}</text>'
            )


def _paint(canvas: ImageDraw.ImageDraw, shape: Shape, k: float) -> None:
    match shape:
        case Line():
            _paint_line(canvas, shape, k)
        case Dot():
            r = shape.radius
            box = [(shape.x - r) * k, (shape.y - r) * k, (shape.x + r) * k, (shape.y + r) * k]
            canvas.ellipse(box, "white" if shape.hollow else shape.colour, shape.colour, round(k))
        case Box():
            ends = [shape.x * k, shape.y * k, (shape.x + shape.width) * k, (shape.y + shape.height) * k]
            canvas.rectangle(ends, _over_white(shape.colour, shape.opacity))
        case Words():
            runs = _runs(printable(shape.text), round(shape.size * k))
            whole = sum(font.getlength(part) for font, part in runs)
            x = shape.x * k - {"start": 0.0, "middle": whole / 2, "end": whole}[shape.anchor]
            for font, part in runs:
                canvas.text((x, shape.y * k), part, shape.colour, font, anchor="ls")
                x += font.getlength(part)


def _paint_line(canvas: ImageDraw.ImageDraw, shape: Line, k: float) -> None:
    width = max(1, round(shape.width * k))
    if not shape.dashed:
        canvas.line([shape.x1 * k, shape.y1 * k, shape.x2 * k, shape.y2 * k], shape.colour, width)
        return
    dx, dy = shape.x2 - shape.x1, shape.y2 - shape.y1
    length = (dx**2 + dy**2) ** 0.5
    at = 0.0
    while at < length:
        a, b = at / length, min(at + 3.0, length) / length
        ends = [shape.x1 + a * dx, shape.y1 + a * dy, shape.x1 + b * dx, shape.y1 + b * dy]
        canvas.line([v * k for v in ends], shape.colour, width)
        at += 6.0


def _over_white(colour: str, opacity: float) -> tuple[int, int, int]:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return tuple(round(255 - opacity * (255 - c)) for c in (red, green, blue))  # type: ignore[return-value]


# Inter comes in pieces: each draws its own letters.
_PIECES: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("latin-ext", lambda c: "\u0100" <= c <= "\u02ff" or "\u1e00" <= c <= "\u1eff"),
    ("greek", lambda c: "\u0370" <= c <= "\u03ff"),
)


def _runs(text: str, size: int) -> list[tuple[FreeTypeFont, str]]:
    """The text in stretches that one font can draw."""
    out: list[tuple[FreeTypeFont, str]] = []
    last = ""
    for c in text:
        piece = next((name for name, has in _PIECES if has(c)), "latin")
        if out and piece == last:
            out[-1] = (out[-1][0], out[-1][1] + c)
        else:
            out.append((_font(piece, size), c))
        last = piece
    return out


@cache
def _font(piece: str, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    file = Path(workbench.__file__).parent / "app" / "static" / f"inter-{piece}-wght-normal.woff2"
    font = ImageFont.truetype(str(file), size)
    font.set_variation_by_axes([400])
    return font
