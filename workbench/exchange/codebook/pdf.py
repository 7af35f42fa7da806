"""A codebook as sheets to print: A4 or Letter, in letters as large as two sheets allow."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from workbench.exchange import typeset
from workbench.exchange.codebook import Codebook

Paper = Literal["a4", "us-letter"]

SHEETS = 2  # front and back of what lies beside the keyboard
_TEMPLATE = Path(__file__).with_name("codebook.typ")


@dataclass(frozen=True, slots=True)
class Setting:
    """`size` of the letters in points, and the air around them.

    `tight`: less of it, and the anchors of a rating run on in lines. `tightest`: margins of 8 mm, and the edition
    stands beside the title, a score's definition, the reasons, the origin and the words of a key in one run.
    """

    size: float
    air: Literal["open", "tight", "tightest"]


SETTINGS = (
    Setting(10, "open"),
    Setting(9.5, "open"),
    Setting(9, "open"),
    Setting(9, "tight"),
    Setting(8.5, "tight"),
    Setting(8.5, "tightest"),  # in smaller letters nobody reads for hours
)
_ROOMY = SETTINGS[1]
_MOST_ON_TWO = 60_000  # characters of JSON; two sheets hold about a third


def pdf(book: Codebook, paper: Paper = "a4") -> bytes:
    """The sheets. A codebook that does not fit on two in the smallest letters gets more, in larger ones."""
    return typeset.pdf(_template(), _content(book, paper, setting_for(book, paper)))


def sheets(book: Codebook, paper: Paper = "a4") -> int:
    """How many sheets `pdf` gives."""
    return typeset.pages(_template(), _content(book, paper, setting_for(book, paper)))


def setting_for(book: Codebook, paper: Paper = "a4") -> Setting:
    """The first setting, from the largest letters on, with which the codebook fits on two sheets."""
    if len(json.dumps(asdict(book), ensure_ascii=False)) > _MOST_ON_TWO:
        return _ROOMY
    for setting in SETTINGS:
        if typeset.pages(_template(), _content(book, paper, setting)) <= SHEETS:
            return setting
    return _ROOMY


def _content(book: Codebook, paper: Paper, setting: Setting) -> dict[str, Any]:
    return {"book": asdict(book), "paper": paper, **asdict(setting)}


def _template() -> str:
    return _TEMPLATE.read_text(encoding="utf-8")
