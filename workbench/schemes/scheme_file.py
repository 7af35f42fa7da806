"""A coding scheme's YAML → `CodingScheme`."""

from __future__ import annotations

import re

from workbench.model.scheme import Code, CodeKind, CodingScheme, RatingScale
from workbench.schemes.fields import ANY_BOUNDS, PARAGRAPH, Fields, Report, describe
from workbench.schemes.nodes import Mapping, Node, Scalar

TOP = [
    "scheme",
    "title",
    "version",
    "description",
    "authors",
    "source",
    "rights",
    "language",
    "unit",
    "parallel_form",
    "show_transcript",
    "speed_cap",
    "bin_seconds",
    "tolerance_seconds",
    "codes",
    "ratings",
]
CODE = [
    "id",
    "label",
    "kind",
    "key",
    "who",
    "dimension",
    "valence",
    "group",
    "colour",
    "definition",
    "example",
    "near_miss",
]
RATING = [
    "id",
    "label",
    "low",
    "high",
    "start",
    "no_evidence",
    "reversed",
    "scored",
    "dimension",
    "definition",
    "anchors",
]

_VALENCE = {"positive": 1, "negative": -1, "neutral": 0}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def read_scheme(root: Node, report: Report) -> CodingScheme:
    """The scheme in `root`; every problem goes to `report`, and then the result means nothing."""
    top = Fields(root, "the scheme", TOP, report)
    codes = tuple(_code(node, n, report) for n, node in enumerate(top.nodes("codes"), 1))
    ratings = tuple(_rating(node, n, report) for n, node in enumerate(top.nodes("ratings"), 1))
    if not codes and not ratings and isinstance(root, Mapping):
        report.add(root, "the scheme has neither codes nor ratings")
    each_once(top, "codes", "id", report)
    each_once(top, "codes", "label", report)
    each_once(top, "codes", "key", report)
    each_once(top, "ratings", "id", report)
    each_once(top, "ratings", "label", report)
    _groups_exclude_something(top, codes, report)
    return CodingScheme(
        name=top.ident("scheme"),
        title=top.text("title", required=True),
        version=top.text("version", required=True, raw=True),
        description=top.text("description", required=True, limit=PARAGRAPH),
        source=top.text("source", limit=PARAGRAPH),
        rights=top.text("rights", limit=PARAGRAPH),
        authors=top.texts("authors"),
        codes=codes,
        ratings=ratings,
        unit=top.choice("unit", ("event", "utterance"), default="event"),
        show_transcript=top.flag("show_transcript", default=True),
        speed_cap=top.number("speed_cap", 0.5, 3.0, default=3.0),
        bin_ms=_milliseconds(top, "bin_seconds", 0.1, 600, default=5),
        tolerance_ms=_milliseconds(top, "tolerance_seconds", 0, 60, default=2),
        language=language(top),
        parallel_form=top.ident("parallel_form", required=False),
    )


def language(top: Fields) -> str:
    """The language of the file's words, as BCP 47 writes it: `en`, `ar`, `pt-BR`."""
    text = top.text("language") or "en"
    if not _LANGUAGE.fullmatch(text):
        top.note("language", f"language is {text!r}, expected a code such as en, ar or pt-BR")
    return text


def each_once(top: Fields, part: str, name: str, report: Report) -> None:
    """Notes where two entries of the list `part` share the value of `name` (letter case ignored)."""
    seen: dict[str, int] = {}
    for entry in top.nodes(part):
        for key, value in entry.entries if isinstance(entry, Mapping) else ():
            if key.text != name or not isinstance(value, Scalar):
                continue
            word = value.text.strip().casefold()
            if word in seen:
                report.add(value, f"{part}: {name} {value.text!r} is used twice (first in line {seen[word]})")
            else:
                seen[word] = value.line


def _code(node: Node, n: int, report: Report) -> Code:
    code = Fields(node, f"code {_called(node, n)}", CODE, report)
    kind = CodeKind(code.choice("kind", tuple(CodeKind)))
    key = code.text("key", required=True, raw=True)
    if key and (len(key) != 1 or not (key.isalpha() or key.isdecimal()) or key != key.lower()):
        code.note("key", f"key is {key!r}, expected one small letter or digit")
    colour = code.text("colour") or "#5b6b7f"
    if not _COLOUR.fullmatch(colour):
        code.note("colour", f"colour is {colour!r}, expected six hexadecimal digits in quotes such as '#2f7d5b'")
    if kind is CodeKind.POINT and code.has("group"):
        code.note("group", "group is for states, which stay open; a point event excludes nothing")
    return Code(
        id=code.ident("id"),
        label=code.text("label", required=True),
        kind=kind,
        key=key,
        definition=code.text("definition", required=True, limit=PARAGRAPH),
        example=code.text("example", limit=PARAGRAPH),
        near_miss=code.text("near_miss", limit=PARAGRAPH),
        dimension=code.ident("dimension", required=False),
        valence=_VALENCE[code.choice("valence", tuple(_VALENCE), default="neutral")],
        who=code.choice("who", ("patient", "provider", "family", "both"), default="both"),
        group=code.ident("group", required=False) or None,
        colour=colour.lower(),
    )


def _rating(node: Node, n: int, report: Report) -> RatingScale:
    rating = Fields(node, f"rating {_called(node, n)}", RATING, report)
    low, high = bounds(rating)
    start = rating.whole("start", low, high) if rating.has("start") else None
    return RatingScale(
        id=rating.ident("id"),
        label=rating.text("label", required=True),
        low=low,
        high=high,
        definition=rating.text("definition", required=True, limit=PARAGRAPH),
        anchors=rating.by_value("anchors", low, high),
        start=start,
        no_evidence=rating.flag("no_evidence", default=False),
        dimension=rating.ident("dimension", required=False),
        reversed=rating.flag("reversed", default=False),
        scored=rating.flag("scored", default=True),
    )


def bounds(fields: Fields) -> tuple[int, int]:
    """The ends of a scale, `low` below `high`; `ANY_BOUNDS` where they cannot be used."""
    low, high = fields.whole("low", *ANY_BOUNDS), fields.whole("high", *ANY_BOUNDS)
    if low is None or high is None:
        return ANY_BOUNDS
    if not 1 <= high - low <= 100:
        fields.note("high", f"the scale goes from {low} to {high}, expected low below high by 1 to 100")
        return ANY_BOUNDS
    return low, high


def _milliseconds(top: Fields, name: str, low: float, high: float, *, default: float) -> int:
    seconds = top.number(name, low, high, default=default)
    if abs(seconds * 1000 - round(seconds * 1000)) > 1e-6:
        top.note(name, f"{name} is {seconds:g}, expected at most three decimals")
    return round(seconds * 1000)


def _groups_exclude_something(top: Fields, codes: tuple[Code, ...], report: Report) -> None:
    members = [code.group for code in codes]
    for node, code in zip(top.nodes("codes"), codes, strict=True):
        if code.group and members.count(code.group) == 1:
            report.add(node, f"code {code.id!r}: it is alone in the group {code.group!r}, which then excludes nothing")


def _called(node: Node, n: int) -> str:
    """How a problem names an entry: by its id where it has one, else by its place in the list."""
    for key, value in node.entries if isinstance(node, Mapping) else ():
        if key.text == "id" and isinstance(value, Scalar) and value.text:
            return describe(Scalar(value.line, value.column, value.text, "str"))
    return f"number {n}"
