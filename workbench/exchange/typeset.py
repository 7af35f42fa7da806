"""PDF, by the one renderer that the program has: Typst, a compiler that comes as one wheel and needs no system library.

It shapes Arabic and sets lines from the right, breaks lines and columns, and tags what it writes for screen readers.
A template is ours; a document's words reach it as JSON and are set as text: nothing in them is read as markup, opens
a file or asks the network. The same content gives the same bytes: letters come from the fonts beside this module
(Latin, Greek, Cyrillic, Arabic and Hebrew scripts), and no clock is read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.exchange.document.drawing import printable

if TYPE_CHECKING:
    import typst

FONTS = Path(__file__).parent / "fonts"


def pdf(template: str, content: Mapping[str, Any]) -> bytes:
    """The PDF that `template` makes of `content`, which it finds as JSON in `sys.inputs.content`.

    Letters that the program's fonts do not have are taken from the fonts of this computer; one that is nowhere
    becomes an empty box.
    """
    import typst

    made = typst.compile(
        template.encode(), format="pdf", timestamp=0, font_paths=_fonts_for(content), sys_inputs=_inputs(content)
    )
    assert isinstance(made, bytes)
    return made


def pages(template: str, content: Mapping[str, Any]) -> int:
    """How many pages `pdf` would give. The template says so: `#context [#metadata(counter(page).final()) <pages>]`."""
    import typst

    said = typst.query(
        template.encode(), "<pages>", field="value", font_paths=_fonts_for(content), sys_inputs=_inputs(content)
    )
    return int(json.loads(said)[0][0])


def beyond_fonts(text: str) -> str:
    """The characters of `text` that the program's fonts do not have, each once, in order.

    >>> beyond_fonts("Łódź, يوم, יום, день")
    ''
    >>> beyond_fonts("今日 yes")
    '今日'
    """
    has = _letters()
    return "".join(c for c in dict.fromkeys(text) if ord(c) not in has and not c.isspace())


def _inputs(content: Mapping[str, Any]) -> dict[str, str]:
    return {"content": printable(json.dumps(content, ensure_ascii=False))}


def _fonts_for(content: Mapping[str, Any]) -> typst.Fonts:
    return _fonts(bool(beyond_fonts(json.dumps(content, ensure_ascii=False))))


@cache
def _fonts(of_this_computer: bool) -> typst.Fonts:
    import typst

    return typst.Fonts(include_system_fonts=of_this_computer, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _letters() -> frozenset[int]:
    """The code points of the fonts: ranges in hexadecimal, one a line, written when the fonts were cut to size."""
    found: set[int] = set()
    for line in (FONTS / "coverage.txt").read_text(encoding="ascii").split():
        first, _, last = line.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return frozenset(found)
