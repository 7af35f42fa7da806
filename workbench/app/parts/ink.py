"""The colours that plots are drawn with, for the page as it is shown, or for paper."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.app.parts.chart import is_dark
from workbench.app.streamlit_options import CHART_COLOURS, DARK, LIGHT


@dataclass(frozen=True, slots=True)
class Ink:
    """`series` tells several lines apart; `quiet` is for what stands back."""

    text: str
    quiet: str
    line: str
    primary: str
    background: str
    series: tuple[str, ...]


PAPER = Ink(LIGHT["textColor"], "#52616f", LIGHT["borderColor"], LIGHT["primaryColor"], "#ffffff", tuple(CHART_COLOURS))
_NIGHT = Ink(
    DARK["textColor"],
    "#a3b1be",
    DARK["borderColor"],
    DARK["primaryColor"],
    DARK["backgroundColor"],
    ("#5fa3dc", "#e39a2d", "#3fb891", "#b08fd8", "#e07fa2", "#a9b640"),
)
_DAY = Ink(
    LIGHT["textColor"],
    "#52616f",
    LIGHT["borderColor"],
    LIGHT["primaryColor"],
    LIGHT["backgroundColor"],
    tuple(CHART_COLOURS),
)


def ink() -> Ink:
    """The colours for the page as this person sees it."""
    return _NIGHT if is_dark() else _DAY
