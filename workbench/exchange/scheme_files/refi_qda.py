"""A REFI-QDA codebook (`.qdc`, XML, codebook 1.0), as NVivo, MAXQDA, ATLAS.ti and QualCoder read it. Written only.

The standard's rules: `Codes` holds one `Code` or more, each with `guid`, `name`, `isCodable`, perhaps a `color` of six
digits, then at most one `Description`, then codes within it; `Sets` name codes by `guid`. Codes stand under what they
bear on, options of modifiers under their code, ratings under a folder of their own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid5
from xml.sax.saxutils import escape, quoteattr

from workbench import __version__
from workbench.exchange.document.drawing import printable
from workbench.exchange.scheme_files import SchemeFormat, Written
from workbench.model.scheme import Code, CodingScheme, RatingScale
from workbench.schemes.in_words import about_code, about_rating, number, rated

_NAMESPACE = UUID("8f3c1c52-3a6b-5d0e-9a55-6b0c7e6a2f11")
_FOLDER = "#5b6b7f"


def write(scheme: CodingScheme) -> Written:
    """The codebook. A code has the same GUID in every version of the scheme."""
    groups: dict[str, list[Code]] = {}
    for code in scheme.codes:
        groups.setdefault(code.dimension, []).append(code)
    body: list[str] = []
    for dimension, codes in groups.items():
        within = [line for code in codes for line in _code(scheme, code)]
        if dimension:
            title = dimension.replace("_", " ").capitalize()
            body += _element(_guid(scheme, f"dimension/{dimension}"), title, False, _FOLDER, "", within)
        else:
            body += within
    if scheme.ratings:
        within = [line for scale in scheme.ratings for line in _rating(scheme, scale)]
        body += _element(_guid(scheme, "ratings"), "Ratings", False, _FOLDER, "Given on scales, not coded.", within)
    out = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin={_quoted(f"Alliance Workbench {__version__}")}>',
        "  <Codes>",
        *(f"    {line}" for line in body),
        "  </Codes>",
        *_sets(scheme),
        "</CodeBook>\n",
    ]
    return Written("\n".join(out).encode(), _lost(scheme))


def _code(scheme: CodingScheme, code: Code) -> list[str]:
    said = [about_code(code), code.definition]
    said += [f"Example: {code.example}"] if code.example else []
    said += [f"Near-miss: {code.near_miss}"] if code.near_miss else []
    said.append(f"Key: {code.key}")
    options = [
        line
        for modifier in code.modifiers
        for option in modifier.options
        for line in _element(
            _guid(scheme, f"code/{code.id}/{modifier.id}:{option.id}"),
            option.label,
            True,
            code.colour,
            modifier.label,
            (),
        )
    ]
    return _element(_guid(scheme, f"code/{code.id}"), code.label, True, code.colour, "\n".join(said), options)


def _rating(scheme: CodingScheme, scale: RatingScale) -> list[str]:
    anchors = [f"{number(value)}: {words}" for value, words in sorted(scale.anchors.items())]
    said = "\n".join([f"Of {rated(scale)}, {about_rating(scale)}", scale.definition, *anchors])
    return _element(_guid(scheme, f"rating/{scale.id}"), scale.label, False, "", said, ())


def _sets(scheme: CodingScheme) -> list[str]:
    """Codes that exclude each other, and whose behaviour they are."""
    sets: dict[tuple[str, str, str], list[Code]] = {}
    whose = {"": "Anybody’s", "both": "Anybody’s", "clients": "Of patient or family"}
    for code in scheme.codes:
        if code.group:
            said = "At most one of these at a time."
            sets.setdefault((f"group/{code.group}", f"Group: {code.group.replace('_', ' ')}", said), []).append(code)
        name = whose.get(code.who, f"Of the {code.who}")
        sets.setdefault((f"who/{code.who or 'both'}", name, "Whose behaviour it is."), []).append(code)
    if not sets:
        return []
    out = ["  <Sets>"]
    for (key, name, said), codes in sets.items():
        out.append(f'    <Set guid="{_guid(scheme, f"set/{key}")}" name={_quoted(name)}>')
        out.append(f"      <Description>{_text(said)}</Description>")
        out += [f'      <MemberCode guid="{_guid(scheme, f"code/{code.id}")}"/>' for code in codes]
        out.append("    </Set>")
    return [*out, "  </Sets>"]


def _element(guid: str, name: str, codable: bool, colour: str, said: str, within: Sequence[str]) -> list[str]:
    shade = f' color="{colour}"' if colour else ""
    head = f'<Code guid="{guid}" name={_quoted(name)} isCodable="{str(codable).lower()}"{shade}'
    inside = ([f"<Description>{_text(said)}</Description>"] if said else []) + list(within)
    return [f"{head}>", *_indented(inside), "</Code>"] if inside else [f"{head}/>"]


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]


def _guid(scheme: CodingScheme, of: str) -> str:
    return str(uuid5(_NAMESPACE, f"{scheme.name}/{of}")).upper()


def _quoted(text: str) -> str:
    return quoteattr(" ".join(printable(text).split()))


def _text(text: str) -> str:
    return escape(printable(text))


def _lost(scheme: CodingScheme) -> tuple[str, ...]:
    lost = ["Definition, example, near-miss and key of a code are one description there."]
    if any(code.modifiers for code in scheme.codes):
        lost.append("Options of modifiers are codes under their code; nothing asks for them.")
    if scheme.ratings:
        lost.append("Ratings are described and cannot be given there.")
    if scheme.scores or scheme.rules:
        lost.append("Scores, and rules between ratings and codes, stay here.")
    lost.append("Title, version, authors, source, rights and the way of working stay here.")
    return tuple(lost)


FORMAT = SchemeFormat("qdc", "qdc", "REFI-QDA codebook (.qdc)", write)
