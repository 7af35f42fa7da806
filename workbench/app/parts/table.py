"""Small tables to read and to print. Cells are text; whatever stands in them stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

_STYLE = Path(__file__).resolve().parent.parent / "static" / "measures.css"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, whether it holds numbers (set flush right), an explanation, and its width in CSS."""

    title: str
    numeric: bool = False
    about: str = ""
    width: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with something quiet under it."""

    text: str
    under: str = ""
    strong: bool = False


def styled() -> None:
    """The look of tables, plots' captions and sheets; once in each screen that uses them."""
    st.html(_STYLE)


def table(columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], *, caption: str = "") -> None:
    """Draw a table."""
    st.html(markup(columns, rows, caption=caption))


def markup(columns: Sequence[Column], rows: Iterable[Sequence[str | Cell]], *, caption: str = "") -> str:
    """The table as HTML.

    >>> "&lt;3" in markup([Column("n", numeric=True)], [["<3"]])
    True
    """
    kinds = [' class="n"' if c.numeric else "" for c in columns]
    head = "".join(
        f"<th{kind}{f' title={chr(34)}{escape(c.about)}{chr(34)}' if c.about else ''}>{escape(c.title)}</th>"
        for c, kind in zip(columns, kinds, strict=True)
    )
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{_inner(cell)}</td>" for cell, kind in zip(row, kinds, strict=True)) + "</tr>"
        for row in rows
    )
    widths = "".join(f'<col style="width:{escape(c.width)}">' if c.width else "<col>" for c in columns)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    whole = f"{said}<colgroup>{widths}</colgroup><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
    return f'<div class="wb-table"><table>{whole}</table></div>'


def _inner(cell: str | Cell) -> str:
    if isinstance(cell, str):
        return escape(cell)
    text = f"<b>{escape(cell.text)}</b>" if cell.strong else escape(cell.text)
    return text + (f"<small>{escape(cell.under)}</small>" if cell.under else "")
