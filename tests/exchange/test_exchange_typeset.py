"""PDF: the letters of the fonts, Arabic from the right, the same bytes each time, and words that stay words."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from workbench.exchange import typeset

LINES = """
#let content = json(bytes(sys.inputs.content))
#set page(width: 120mm, height: 40mm, margin: 5mm)
#set text(font: ("Inter", "Vazirmatn", "Noto Sans Hebrew"), lang: content.lang, size: 10pt)
#for line in content.lines { par(line); parbreak() }
#context [#metadata(counter(page).final()) <pages>]
"""


def _made(*lines: str, lang: str = "en") -> bytes:
    return typeset.pdf(LINES, {"lang": lang, "lines": lines})


def _glyphs(data: bytes) -> int:
    """How many letters are drawn: two bytes each in the strings of the pages' streams."""
    n = 0
    for raw in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL):
        try:
            drawn = zlib.decompress(raw)
        except zlib.error:
            continue
        if b" Tf " in drawn:
            for text in re.findall(rb"\(((?:\\.|[^\\()])*)\)", drawn, re.DOTALL):
                n += len(re.sub(rb"\\([0-7]{3}|.)", b"x", text, flags=re.DOTALL)) // 2
    return n


@pytest.mark.parametrize("font", sorted(typeset.FONTS.glob("*.ttf")), ids=lambda p: p.stem)
def test_what_is_said_to_be_in_the_fonts_is_in_them_in_both_weights(font: Path) -> None:
    has = set(TTFont(font).getBestCmap())
    other = font.with_name(font.name.replace("SemiBold", "Regular"))
    assert has == set(TTFont(other).getBestCmap())
    assert typeset.beyond_fonts("".join(map(chr, sorted(has)))) == ""


def test_nothing_else_is_said_to_be_in_the_fonts() -> None:
    has = {c for font in typeset.FONTS.glob("*.ttf") for c in TTFont(font).getBestCmap()}
    assert set(typeset._letters()) == has


def test_every_font_lies_beside_its_licence() -> None:
    families = {font.stem.partition("-")[0] for font in typeset.FONTS.glob("*.ttf")}
    for family in families:
        assert "SIL OPEN FONT LICENSE" in (typeset.FONTS / f"{family}-LICENSE.txt").read_text(encoding="utf-8")
    assert families == {"Inter", "Vazirmatn", "NotoSansHebrew"}


def test_the_same_words_give_the_same_bytes() -> None:
    assert _made("Trust", "ثقة") == _made("Trust", "ثقة")


def test_letters_come_from_the_fonts_that_ship() -> None:
    made = _made("Trust Łódź Ελλάδα день", "ثقة", "אמון")
    assert set(re.findall(rb"/BaseFont/[A-Z]{6}\+(\w+)-", made)) == {b"Inter", b"Vazirmatn", b"NotoSansHebrew"}


def test_words_that_look_like_markup_are_set_as_they_are() -> None:
    line = '#panic("x") *b* $x^2$ @ref <label> #read("/etc/passwd") \\ // = h'
    assert _glyphs(_made(line)) == len(line)


def test_a_letter_that_no_font_of_ours_has_does_not_stop_the_document() -> None:
    assert _glyphs(_made("Trust 今日 😀")) >= len("Trust")


def test_pages_are_counted() -> None:
    assert typeset.pages(LINES, {"lang": "en", "lines": ["Trust"]}) == 1
    assert typeset.pages(LINES, {"lang": "en", "lines": ["Trust"] * 12}) > 1
