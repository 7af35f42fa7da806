"""A document to be handed in: headings, paragraphs, tables and drawings, written as HTML or for Word.

What it holds is text. Nothing in it is read as HTML, as a formula or as a field by what opens it.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.exchange.document.drawing import Drawing


@dataclass(frozen=True, slots=True)
class Heading:
    """level 1 begins a section, 2 a part of one."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """`quiet` is for what is read only when it is needed."""

    text: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list of sentences; `hanging` lines as in a list of references."""

    items: tuple[str, ...]
    hanging: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table as journals print them. `numeric`: columns (from 0) that are set to the right.

    Raises ValueError for a row that is not as long as the header.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()
    note: str = ""

    def __post_init__(self) -> None:
        if wrong := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"table {self.title!r}: {len(wrong[0])} cells for {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing. `alt` says in words what it shows, to those who do not see it."""

    title: str
    drawing: Drawing
    alt: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of a program, to be copied."""

    text: str


Block = Heading | Paragraph | Points | Table | Figure | Lines


@dataclass(frozen=True, slots=True)
class Document:
    """`facts` stand under the title, name and value; `foot` is the line at the bottom of each page."""

    title: str
    facts: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
    foot: str = ""
    language: str = "en"


def numbered(document: Document) -> list[tuple[Block, str]]:
    """Every block with its number: "Table 3", "Figure 1", else empty."""
    out: list[tuple[Block, str]] = []
    tables = figures = 0
    for block in document.blocks:
        number = ""
        if isinstance(block, Table):
            tables += 1
            number = f"Table {tables}"
        elif isinstance(block, Figure):
            figures += 1
            number = f"Figure {figures}"
        out.append((block, number))
    return out
