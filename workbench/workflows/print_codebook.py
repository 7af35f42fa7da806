"""The printable codebook of a coding scheme, for whoever learns to code with it: one HTML file, or sheets as PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from json import dumps

from workbench.exchange.codebook import codebook_of
from workbench.exchange.codebook.html import html
from workbench.exchange.codebook.pdf import pdf
from workbench.exchange.typeset import beyond_fonts
from workbench.model.ruling import CodebookRuling
from workbench.model.scheme import CodingScheme


class Form(StrEnum):
    HTML = "html"
    PDF = "pdf"


class Paper(StrEnum):
    A4 = "a4"
    LETTER = "letter"


MIME = {Form.HTML: "text/html", Form.PDF: "application/pdf"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A codebook as a file. `remark` says what may look wrong in it, empty where nothing does."""

    name: str
    data: bytes
    remark: str = ""


def print_codebook(
    scheme: CodingScheme, form: Form, *, paper: Paper = Paper.A4, rulings: Sequence[CodebookRuling] = ()
) -> Printed:
    """The codebook of `scheme`, with the `rulings` that hold for it. The same scheme gives the same bytes."""
    book = codebook_of(scheme, rulings)
    if form is Form.HTML:
        return Printed(file_name(scheme, form), html(book))
    data = pdf(book, "a4" if paper is Paper.A4 else "us-letter")
    return Printed(file_name(scheme, form), data, remark(scheme, rulings))


def file_name(scheme: CodingScheme, form: Form) -> str:
    """What the file is called where nobody said."""
    return f"{scheme.name}-codebook.{form}"


def remark(scheme: CodingScheme, rulings: Sequence[CodebookRuling] = ()) -> str:
    """What may look wrong in the PDF, in a sentence; empty where nothing does."""
    foreign = beyond_fonts(dumps(asdict(codebook_of(scheme, rulings)), ensure_ascii=False))
    if not foreign:
        return ""
    some = foreign if len(foreign) <= 12 else foreign[:12] + " …"
    return (
        f"The PDF's own fonts lack {some}: such letters come from this computer's fonts, and are empty boxes where "
        "those lack them too. The HTML shows what the reader's computer has."
    )
