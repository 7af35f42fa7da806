"""A document as a Word file (DOCX, A4), with real headings, tables whose header repeats, and drawings as pictures.

Text goes in as text runs: Word reads no fields and no markup from it.
"""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

from workbench.exchange.document import Block, Document, Figure, Heading, Lines, Paragraph, Points, Table, numbered
from workbench.exchange.document.drawing import png, printable

_TEXT_WIDTH_CM = 21.0 - 2 * 2.0
_FONT, _MONO = "Calibri", "Consolas"


def word(document: Document, made_at: datetime) -> bytes:
    """The file. `made_at` is the instant in its properties, so that the same document gives the same text."""
    import docx
    from docx.shared import Cm

    file: Any = docx.Document()
    page = file.sections[0]
    page.page_width, page.page_height = Cm(21.0), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.0)
    page.top_margin = page.bottom_margin = Cm(2.0)
    _styles(file)
    properties = file.core_properties
    properties.title, properties.author, properties.comments = printable(document.title), "", ""
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    properties.language = document.language
    file.add_paragraph(printable(document.title), style="Title")
    _facts(file, document)
    for block, number in numbered(document):
        _add(file, block, number)
    _foot(page, document.foot)
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def _styles(file: Any) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Pt, RGBColor

    ink = RGBColor(0x1B, 0x27, 0x33)
    for name, size, before, after in (
        ("Normal", 10, 0, 6),
        ("Title", 20, 0, 10),
        ("Heading 1", 14, 18, 6),
        ("Heading 2", 11.5, 12, 4),
        ("Caption", 9.5, 10, 3),
        ("List Bullet", 10, 0, 3),
    ):
        style = file.styles[name]
        style.font.name, style.font.size, style.font.color.rgb = _FONT, Pt(size), ink
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(kind), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    file.styles["Caption"].font.bold = False
    file.styles["Caption"].paragraph_format.keep_with_next = True
    borders = file.styles["Title"].element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:
        borders.getparent().remove(borders)


def _facts(file: Any, document: Document) -> None:
    from docx.shared import Cm

    if not document.facts:
        return
    table = file.add_table(rows=0, cols=2)
    table.autofit = False
    for name, value in document.facts:
        cells = table.add_row().cells
        for cell, text, width in zip(cells, (name, value), (4.2, _TEXT_WIDTH_CM - 4.2), strict=True):
            cell.width = Cm(width)
            _fill(cell, text, quiet=text is name)


def _add(file: Any, block: Block, number: str) -> None:
    from docx.shared import Cm, Pt

    match block:
        case Heading():
            file.add_paragraph(printable(block.text), style=f"Heading {block.level}")
        case Paragraph():
            run = file.add_paragraph().add_run(printable(block.text))
            if block.quiet:
                _quiet(run)
        case Points():
            for item in block.items:
                line = file.add_paragraph(style=None if block.hanging else "List Bullet")
                line.add_run(printable(item))
                if block.hanging:
                    line.paragraph_format.left_indent, line.paragraph_format.first_line_indent = Cm(0.8), Cm(-0.8)
        case Lines():
            run = file.add_paragraph().add_run(printable(block.text.strip()))
            run.font.name, run.font.size = _MONO, Pt(8)
        case Table():
            _caption(file, number, block.title)
            _table(file, block)
            _note(file, block.note)
        case Figure():
            _caption(file, number, block.title)
            picture = (
                file.add_paragraph()
                .add_run()
                .add_picture(
                    io.BytesIO(png(block.drawing)), width=Cm(min(_TEXT_WIDTH_CM, block.drawing.width / 72 * 2.54))
                )
            )
            picture._inline.docPr.set("descr", printable(block.alt))
            _note(file, block.note)


def _caption(file: Any, number: str, title: str) -> None:
    line = file.add_paragraph(style="Caption")
    line.add_run(f"{number}. ").bold = True
    line.add_run(printable(title))


def _note(file: Any, note: str) -> None:
    line = file.add_paragraph()
    if note:
        _quiet(line.add_run(printable(note)))


def _quiet(run: Any) -> None:
    from docx.shared import Pt, RGBColor

    run.font.size, run.font.color.rgb = Pt(8.5), RGBColor(0x52, 0x61, 0x6F)


def _fill(cell: Any, text: str, *, quiet: bool = False, bold: bool = False, right: bool = False) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(1)
    run = line.add_run(printable(_unbroken(text)))
    run.font.size, run.bold = Pt(8.5), bold
    if quiet:
        _quiet(run)
    if right:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _table(file: Any, table: Table) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Cm

    made = file.add_table(rows=0, cols=len(table.columns))
    made.autofit = False
    widths = _widths(table)
    for n, cells in enumerate((table.columns, *table.rows)):
        row = made.add_row()
        for kind in ("w:cantSplit", "w:tblHeader")[: 2 if n == 0 else 1]:
            row._tr.get_or_add_trPr().append(OxmlElement(kind))
        for at, (cell, text) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Cm(widths[at])
            _fill(cell, text, bold=n == 0, right=at in table.numeric)
            rules = {"top", "bottom"} if n == 0 else {"bottom"} if n == len(table.rows) else set()
            if rules:
                borders = OxmlElement("w:tcBorders")
                for side in ("top", "bottom"):
                    if side in rules:
                        border = OxmlElement(f"w:{side}")
                        for key, value in (("val", "single"), ("sz", "8"), ("space", "0"), ("color", "1B2733")):
                            border.set(qn(f"w:{key}"), value)
                        borders.append(border)
                cell._tc.get_or_add_tcPr().append(borders)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)


def _widths(table: Table) -> list[float]:
    """Centimetres for each column: room for its longest word, so that no number is broken, and what is left by what
    stands in it."""
    needs, wants = [], []
    for at, head in enumerate(table.columns):
        cells = [row[at] for row in table.rows]
        words = max((len(w) for text in cells for w in _unbroken(text).split(" ")), default=1)
        needs.append(max(_wide(words), _wide(max(map(len, head.split()), default=1), bold=True)))
        wants.append(max(needs[-1], _wide(min(max(map(len, cells), default=1), 46))))
    spare = _TEXT_WIDTH_CM - sum(needs)
    over = [want - need for want, need in zip(wants, needs, strict=True)]
    if spare <= 0 or not sum(over):
        return [_TEXT_WIDTH_CM * need / sum(needs) for need in needs]
    return [need + spare * more / sum(over) for need, more in zip(needs, over, strict=True)]


def _unbroken(text: str) -> str:
    """The text with the ends of an interval on one line.

    >>> _unbroken("0.58 [0.56, 0.62]").split(" ")
    ['0.58', '[0.56,\\xa00.62]']
    """
    return re.sub(r"(\[[^\[\] ]+,) (?=[^\[\] ]+\])", "\\1\N{NO-BREAK SPACE}", text)


def _wide(letters: int, bold: bool = False) -> float:
    """Centimetres that letters of a table take, with the margins of a cell."""
    return (0.205 if bold else 0.17) * letters + 0.42


def _foot(page: Any, text: str) -> None:
    """The line and the page's number, the only field of the file."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    line = page.footer.paragraphs[0]
    _quiet(line.add_run(f"{printable(text)} · " if text else ""))
    number = OxmlElement("w:fldSimple")
    number.set(qn("w:instr"), "PAGE")
    run = line.add_run("1")
    _quiet(run)
    number.append(run._r)
    line._p.append(number)
