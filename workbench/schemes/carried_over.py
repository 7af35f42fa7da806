"""What a new version still has to say of the one before: what has no counterpart by its id, and what it could be now.

A code, rating, modifier or answer that kept its id goes on by itself. For what did not, the version says what it
became, or that it has no equal; of what it says nothing, that is not decided yet.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.model.scheme import Code, CodingScheme, Modifier, RatingScale
from workbench.schemes.earlier_answers import answers
from workbench.schemes.in_words import quoted
from workbench.schemes.scheme_earlier import fitting
from workbench.schemes.yaml_text import is_nothing

Lines = Mapping[str, Any]
NO_EQUAL = "~"  # what a line says then; no id is that


@dataclass(frozen=True, slots=True)
class Gone:
    """Something of the version before that is not here by its id, or of which a line speaks.

    `path`: of its line below `from_version`. `what` names it: "Code “Joke”". `options`: what it could have become, by
    id with labels; `now`: what the line says, NO_EQUAL or an id, empty where there is none: it is not decided yet.
    """

    path: tuple[str, ...]
    what: str
    options: Mapping[str, str]
    now: str = ""


def gone(before: CodingScheme, later: CodingScheme, said: Lines) -> list[Gone]:
    """Codes, ratings, modifiers and answers of which `later` says, or could say, what they became.

    `said`: what stands under `from_version`, not yet judged. A line on what the version before does not have is
    there too, with what it names.
    """
    codes, ratings = _lines(said, "codes"), _lines(said, "ratings")
    here = {code.id: code for code in later.codes}
    scales = {scale.id for scale in later.ratings}
    found = []
    for code in before.codes:
        if code.id in codes or code.id not in here:
            what = f"Code {quoted(code.label)}"
            found.append(Gone(("codes", code.id), what, fitting(before, code, later), codes.get(code.id, "")))
    found += _strays(("codes",), "Code", codes, [code.id for code in before.codes], _labels(later.codes))
    for code in before.codes:
        if (now := here.get(codes.get(code.id, code.id))) is not None:
            found += _of_modifiers(before, code, now, _lines(said, "modifiers", code.id))
    for scale in before.ratings:
        if scale.id in ratings or scale.id not in scales:
            what = f"Rating {quoted(scale.label)}"
            found.append(Gone(("ratings", scale.id), what, fitting(before, scale, later), ratings.get(scale.id, "")))
    known = [scale.id for scale in before.ratings]
    return found + _strays(("ratings",), "Rating", ratings, known, _labels(later.ratings))


def lines_alone(later: CodingScheme, said: Lines) -> list[Gone]:
    """Every line on a code or rating, where the version before is not at hand."""
    codes = _strays(("codes",), "Code", _lines(said, "codes"), (), _labels(later.codes))
    return codes + _strays(("ratings",), "Rating", _lines(said, "ratings"), (), _labels(later.ratings))


def _of_modifiers(before: CodingScheme, code: Code, now: Code, lines: Mapping[str, str]) -> list[Gone]:
    """The modifiers and answers of a code that became `now`. Answers are asked for where their modifier goes on."""
    modifiers = {modifier.id: modifier.label for modifier in now.modifiers}
    labels = {f"{m.id}:{o.id}": f"{m.label}: {o.label}" for m in now.modifiers for o in m.options}
    found = []
    for modifier in code.modifiers:
        asked = f"{quoted(modifier.label)} of {quoted(code.label)}"
        path = ("modifiers", code.id, modifier.id)
        later = lines.get(modifier.id, modifier.id)
        if modifier.id in lines or (modifier.id not in modifiers and not _has_lines(modifier, lines)):
            found.append(Gone(path, f"Modifier {asked}", modifiers, lines.get(modifier.id, "")))
        goes_on = later in modifiers or (later != NO_EQUAL and _has_lines(modifier, lines))
        for option in modifier.options:
            name = f"{modifier.id}:{option.id}"
            if name in lines or (goes_on and f"{later}:{option.id}" not in labels):
                what = f"Answer {quoted(option.label)} to {asked}"
                found.append(Gone(("modifiers", code.id, name), what, labels, lines.get(name, "")))
    known = {m.id for m in code.modifiers} | answers(code)
    return [*found, *_strays(("modifiers", code.id), "Line", lines, known, modifiers | labels)]


def _has_lines(modifier: Modifier, lines: Mapping[str, str]) -> bool:
    return any(f"{modifier.id}:{option.id}" in lines for option in modifier.options)


def _strays(
    place: tuple[str, ...], what: str, lines: Mapping[str, str], known: Collection[str], options: Mapping[str, str]
) -> list[Gone]:
    """Lines on what the version before does not have, as they stand."""
    return [Gone((*place, old), f"{what} “{old}”", options, now) for old, now in lines.items() if old not in known]


def _labels(entries: Iterable[Code | RatingScale]) -> dict[str, str]:
    return {entry.id: entry.label for entry in entries}


def _lines(said: Any, *path: str) -> dict[str, str]:
    """The lines at a path, those that are text or say that there is no equal."""
    for step in path:
        said = said.get(step) if isinstance(said, Mapping) else None
    lines = said if isinstance(said, Mapping) else {}
    return {old: NO_EQUAL if is_nothing(new) else new for old, new in lines.items() if isinstance(new, str)}
