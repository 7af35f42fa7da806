"""Ratings of a session as BORIS's independent variables ("value from set"), and back where they were written so."""

from __future__ import annotations

import re
from typing import Any

from workbench.exchange.scheme_files import NO_DEFINITION
from workbench.exchange.scheme_files._boris_values import word
from workbench.exchange.scheme_files._making import Making, ident_of, idents, named
from workbench.exchange.scheme_files._said import lines, split
from workbench.model.scheme import CodingScheme, Each, RatingScale

VARIABLES = "independent_variables"
_NO_EVIDENCE = "no evidence"
_SCALE = re.compile(
    r"(-?\d{1,3}) to (-?\d{1,3})(?:; begins at (-?\d{1,3}))?(; or no evidence)?(; high is weak)?(; not scored)?"
)
_ANCHOR = re.compile(r"(-?\d{1,3}) = (.+)")
_NAMES = ("Rating", "Anchors", "Dimension", "Id")


def variables_of(scheme: CodingScheme) -> dict[str, Any]:
    """A variable for each rating of the whole session."""
    scales = [scale for scale in scheme.ratings if scale.each is Each.SESSION]
    return {str(n): _variable(scale) for n, scale in enumerate(scales)}


def ratings_of(variables: Any, making: Making) -> tuple[RatingScale, ...]:
    """The variables that say that they are ratings; the others are noted."""
    rows = [row for row in variables.values() if isinstance(row, dict)] if isinstance(variables, dict) else []
    found: list[tuple[str, str, dict[str, str], re.Match[str]]] = []
    others: list[str] = []
    for row in rows:
        text, said = split(word(row.get("description")), _NAMES)
        scale = _SCALE.fullmatch(said.get("Rating", ""))
        if scale and -100 <= int(scale[1]) < int(scale[2]) <= 100:
            found.append((word(row.get("label")) or "Rating", making.paragraph(text, "a rating"), said, scale))
        elif label := word(row.get("label")):
            others.append(label[:60])
    if others:
        making.note(f"Independent variables belong to an observation and are left out: {named(others)}.")
    taken: set[str] = set()
    labels = [making.label(label, taken) for label, *_ in found]
    ids = idents([(said.get("Id", ""), label) for label, (_, _, said, _) in zip(labels, found, strict=True)], "rating")
    return tuple(
        _scale(ident, label, text, said, scale)
        for ident, label, (_, text, said, scale) in zip(ids, labels, found, strict=True)
    )


def _scale(ident: str, label: str, text: str, said: dict[str, str], scale: re.Match[str]) -> RatingScale:
    low, high = int(scale[1]), int(scale[2])
    pairs = [_ANCHOR.fullmatch(part.strip()) for part in said.get("Anchors", "").split(";;")]
    anchors = {int(pair[1]): pair[2].strip()[:120] for pair in pairs if pair and low <= int(pair[1]) <= high}
    start = int(scale[3]) if scale[3] and low <= int(scale[3]) <= high else None
    dimension = ident_of(said.get("Dimension", ""))
    return RatingScale(
        id=ident,
        label=label,
        low=low,
        high=high,
        definition=text or NO_DEFINITION,
        anchors=dict(sorted(anchors.items())) if {low, high} <= set(anchors) else {},
        start=start,
        no_evidence=bool(scale[4]),
        dimension=dimension if dimension[:1].isalpha() else "",
        reversed=bool(scale[5]),
        scored=not scale[6],
    )


def _variable(scale: RatingScale) -> dict[str, Any]:
    said = f"{scale.low} to {scale.high}"
    said += f"; begins at {scale.start}" if scale.start is not None else ""
    said += "; or no evidence" if scale.no_evidence else ""
    said += "; high is weak" if scale.reversed else ""
    said += "" if scale.scored else "; not scored"
    anchors = " ;; ".join(f"{value} = {words}" for value, words in sorted(scale.anchors.items()))
    named_ = {
        "Rating": said,
        "Anchors": anchors,
        "Dimension": scale.dimension,
        "Id": "" if ident_of(scale.label) == scale.id else scale.id,
    }
    values = [str(value) for value in range(scale.low, scale.high + 1)] + ([_NO_EVIDENCE] if scale.no_evidence else [])
    return {
        "label": scale.label,
        "description": lines(scale.definition, named_),
        "type": "value from set",
        "default value": "",
        "possible values": ",".join(values),
    }
