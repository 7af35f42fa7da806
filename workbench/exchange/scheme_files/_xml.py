"""XML from a stranger, read into elements that know their line.

A document type is refused, and with it every entity: no bomb unfolds and no file or address is opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from workbench.exchange.formats import FormatError

_MOST_BYTES = 4 * 1024 * 1024
_MOST_DEPTH = 40


@dataclass(slots=True)
class Element:
    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)

    def every(self, name: str) -> Iterator[Element]:
        """Every element of that name within, at any depth, in order; letter case ignored."""
        for child in self.children:
            if child.name.lower() == name.lower():
                yield child
            yield from child.every(name)


def parse(data: bytes) -> Element:
    """The root element. Raises FormatError."""
    if len(data) > _MOST_BYTES:
        raise FormatError(f"the file has {len(data) / 1e6:,.1f} MB, at most {_MOST_BYTES // 1024**2} MB are read")
    parser = expat.ParserCreate()
    root = Element("", {}, 0)
    open_: list[Element] = [root]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(open_) > _MOST_DEPTH:
            raise FormatError(f"line {parser.CurrentLineNumber}: nested deeper than {_MOST_DEPTH} elements")
        element = Element(name, attributes, parser.CurrentLineNumber)
        open_[-1].children.append(element)
        open_.append(element)

    def end(name: str) -> None:
        open_.pop()

    def refuse(*_: object) -> None:
        raise FormatError(
            f"line {parser.CurrentLineNumber}: the file declares a document type or entities, which are not read"
        )

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        why = expat.ErrorString(error.code)
        if error.code == expat.errors.codes[expat.errors.XML_ERROR_INVALID_TOKEN]:
            why += " (where it is a letter, the file is in another encoding than its first line says)"
        raise FormatError(f"line {error.lineno}: this is not XML: {why}") from None
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise FormatError(f"this XML cannot be read: {error}") from None
    return root.children[0]
