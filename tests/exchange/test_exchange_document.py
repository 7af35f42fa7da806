"""Documents to hand in: whatever their text is, it stays text, on the page and in Word."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree import ElementTree

import docx
import pytest
from PIL import Image

from workbench.exchange.document import Document, Figure, Heading, Lines, Paragraph, Points, Table, plots
from workbench.exchange.document.drawing import png, printable, svg
from workbench.exchange.document.html import html
from workbench.exchange.document.word import word

NASTY = "=cmd() </table><script>alert(1)</script><img src=x onerror=y> \"' & κ \x00\x1b\ud800"
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROWS = [
    plots.Row(NASTY, 0.7, 0.5, 0.9, second=0.75),
    plots.Row("b", None, reason=NASTY),
    plots.Row("c", -0.4, -1.0, 0.1),
]
POINTS = [(3.0, 1.0), (3.0, 1.0), (4.0, -1.0), (5.0, 0.0)]
DRAWINGS = {
    "intervals": plots.intervals(ROWS, NASTY, (0.667,)),
    "differences": plots.differences(POINTS, plots.Limits(0.2, -1.6, 2.0, (0.0, 0.4)), NASTY, NASTY),
    "equal": plots.differences([(3.0, 0.0)] * 3, plots.Limits(0.0, 0.0, 0.0), "x", "y"),
    "matrix": plots.matrix(["a", NASTY], [[None, 0.4], [0.4, None]], [["", "40 %"], ["40 %", ""]]),
}
DOCUMENT = Document(
    NASTY,
    ((NASTY, NASTY),),
    (
        Heading(NASTY),
        Paragraph(NASTY),
        Points((NASTY,), hanging=True),
        Table(NASTY, ("code", "value"), ((NASTY, NASTY), ("b", "0.5")), frozenset({1}), NASTY),
        Figure(NASTY, DRAWINGS["intervals"], NASTY, NASTY),
        Lines(NASTY),
    ),
    NASTY,
)


class Tags(HTMLParser):
    """The tags and attributes of a page, and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def page() -> Tags:
    tags = Tags()
    tags.feed(html(DOCUMENT).decode())
    return tags


def test_nothing_in_the_text_becomes_markup() -> None:
    tags = page()
    names = {name for name, _ in tags.seen}
    assert not names & {"script", "img", "iframe", "object", "link", "a", "form", "base"}
    assert not [key for _, attrs in tags.seen for key in attrs if key.startswith("on")]
    assert tags.text.count("<script>alert(1)</script>") >= 8


def test_the_page_loads_nothing_and_forbids_it() -> None:
    text = html(DOCUMENT).decode()
    assert "default-src 'none'" in text
    assert not re.search(r"url\(|@import|\bsrc=\"|href=", text)
    assert next(a for name, a in page().seen if name == "svg")["xmlns"] == "http://www.w3.org/2000/svg"


def test_a_table_says_what_its_cells_belong_to_and_every_drawing_has_words() -> None:
    tags = page()
    scopes = [a["scope"] for name, a in tags.seen if name == "th"]
    assert scopes == ["col", "col", "row", "row"]
    assert all(a["aria-label"] for name, a in tags.seen if name == "svg")


def test_the_word_file_holds_the_same_text_and_no_field_but_the_page_number() -> None:
    data = word(DOCUMENT, AT)
    file = docx.Document(io.BytesIO(data))
    shown = printable(NASTY)
    assert file.paragraphs[0].text == shown
    assert file.tables[1].rows[1].cells[1].text == shown
    assert file.tables[1].rows[2].cells[1].text == "0.5"
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        xml = {name: parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml")}
    assert "fldSimple" not in xml["word/document.xml"] and "instrText" not in xml["word/document.xml"]
    assert sum(x.count("w:fldSimple ") for x in xml.values()) == 1
    # in the order that the schema prescribes, or Word calls the file damaged
    assert re.search(r"<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>", xml["word/document.xml"])


def test_a_picture_in_the_word_file_has_its_words() -> None:
    with zipfile.ZipFile(io.BytesIO(word(DOCUMENT, AT))) as parts:
        root = ElementTree.fromstring(parts.read("word/document.xml"))
        pictures = [name for name in parts.namelist() if name.startswith("word/media/")]
    said = [e.get("descr") for e in root.iter() if e.tag.endswith("}docPr")]
    assert len(pictures) == 1 and said == [printable(NASTY)]


@pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=list(DRAWINGS))
def test_a_drawing_is_well_formed_and_keeps_within_its_frame(drawing: plots.Drawing) -> None:
    root = ElementTree.fromstring(svg(drawing, NASTY))
    for shape in root.iter():
        for key in ("x", "x1", "x2", "cx"):
            assert -0.1 <= float(shape.get(key, 0)) <= drawing.width + 0.1, ElementTree.tostring(shape)
        for key in ("y", "y1", "y2", "cy"):
            assert -0.1 <= float(shape.get(key, 0)) <= drawing.height + 0.1
    picture = Image.open(io.BytesIO(png(drawing, 2)))
    assert picture.size == (round(2 * drawing.width), round(2 * drawing.height))


def test_greek_letters_are_drawn_and_not_as_empty_boxes() -> None:
    def drawn(text: str) -> bytes:
        words = plots.Drawing(30, 20, (plots.Words(5, 15, text, 10),))
        return Image.open(io.BytesIO(png(words))).tobytes()

    assert len({drawn(c) for c in "ακγρ"}) == 4


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="1 cells for 2 columns"):
        Table("t", ("a", "b"), (("x",),))
