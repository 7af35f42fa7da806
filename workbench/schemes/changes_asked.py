"""What differs in what two schemes ask of their raters, and in what they say of the version before, in words.

Each difference is a sentence with the texts before and after; wherever the two parts differ there is one at least.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from workbench.schemes.in_words import measure_name
from workbench.schemes.scheme_agreement import MEASURES
from workbench.schemes.yaml_text import Tree, is_nothing

Said = tuple[str, str, str]
Part = dict[str, Any]


def of_agreement(old: Tree, new: Tree, coefficient_name: Callable[[str], str]) -> Iterator[Said]:
    """What is reported of how far raters agree, kind by kind of data."""
    before, after = _part(old), _part(new)
    for kind in [*after, *(k for k in before if k not in after)]:
        one, other = _part(before.get(kind)), _part(after.get(kind))
        was, now = (", ".join(map(coefficient_name, each.get("coefficients", []))) for each in (one, other))
        what = f"Agreement on {kind}"
        if not other:
            yield f"{what}: nothing said now (was {was}).", was, ""
            continue
        if not one:
            yield f"{what}: to report: {now}.", "", now
            continue
        if one.get("coefficients") != other.get("coefficients"):
            yield f"{what}: to report: {was} → {now}.", was, now
        yield from _reason(what, one, other)


def of_certification(old: Tree, new: Tree) -> Iterator[Said]:
    """What a trainee must reach, limit by limit."""
    before, after = _part(old), _part(new)
    what = "Certification"
    if not after:
        yield f"{what}: no limits any more.", "", ""
        return
    was, now = (str(each.get("sessions", "")) for each in (before, after))
    if was != now:
        yield f"{what}: sessions with a criterion coding: {f'{was} → ' if was else ''}{now}.", was, now
    for kind in MEASURES:
        was, now = (_limit(_part(each.get(kind.value))) for each in (before, after))
        if was != now:
            said = f"{was} → {now}" if was and now else now or f"no limit now (was {was})"
            yield f"{what} on {kind}: {said}.", was, now
    yield from _reason(what, before, after)


def of_earlier(old: Tree, new: Tree) -> Iterator[Said]:
    """Which version a scheme follows, and what became of its codes, ratings and answers."""
    before, after = _part(old), _part(new)
    was, now = str(before.get("version", "")), str(after.get("version", ""))
    lines = list(_lines(after))
    said = "\n".join(lines)
    if not after:
        yield f"The scheme: it follows no version now (was {was}).", "", ""
    elif was == now:
        yield f"The scheme: what became of version {now} is said anew.", "\n".join(_lines(before)), said
    else:
        more = f", and says what became of {len(lines)} {'entry' if len(lines) == 1 else 'entries'}" if lines else ""
        yield f"The scheme: it follows version {now}{more}.", "", said


def _lines(earlier: Part) -> Iterator[str]:
    for part in ("codes", "ratings"):
        yield from (f"{old} → {_later(new)}" for old, new in _part(earlier.get(part)).items())
    for code, lines in _part(earlier.get("modifiers")).items():
        yield from (f"{code}, {old} → {_later(new)}" for old, new in _part(lines).items())


def _later(new: Tree) -> str:
    return "no equal" if is_nothing(new) else str(new)


def _limit(limit: Part) -> str:
    return f"{measure_name(str(limit['measure']))} from {limit['at_least']} on" if limit else ""


def _reason(what: str, before: Part, after: Part) -> Iterator[Said]:
    was, now = (str(each.get("reason", "")) for each in (before, after))
    if was and was != now:
        yield f"{what}: reason changed.", was, now


def _part(tree: Any) -> Part:
    return dict(tree) if isinstance(tree, dict) else {}
