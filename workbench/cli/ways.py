"""Which coefficient is computed on which units: what `workbench agree` does with codings."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import typer

from workbench.cli.showing import hint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbench.agreement import Result, Study
    from workbench.agreement.coefficients import Coefficient

MS = {"ms": 1, "s": 1000}
# Ways to make units of codes whose values are numbers: they take coefficients of the interval level.
_TOTALS = "totals"
_OPTION = {"bin_ms": "--bin", "unit_ms": "--bin", "tolerance_ms": "--tolerance"}


@dataclass(frozen=True, slots=True)
class Cut:
    """How codings are cut into units, as it was asked for: None for what was not. bin, tolerance: in `time_unit`."""

    way: str | None = None
    bin: float | None = None
    tolerance: float | None = None
    overlap: float | None = None
    compare: str | None = None
    measure: str | None = None
    time_unit: str | None = None

    def settings(self) -> dict[str, Any]:
        """The settings that were given, as ways of making units take them. Raises BadParameter."""
        width, tolerance = self._ms("--bin", self.bin), self._ms("--tolerance", self.tolerance)
        asked: dict[str, Any] = {"bin_ms": width, "unit_ms": width, "tolerance_ms": tolerance, "overlap": self.overlap}
        asked |= {"compare": self.compare, "measure": self.measure}
        return {name: value for name, value in asked.items() if value is not None}

    def _ms(self, option: str, given: float | None) -> int | None:
        if given is not None and not math.isfinite(given):
            raise typer.BadParameter(f"{given} is no time", param_hint=option)
        return None if given is None else round(given * MS[self.time_unit or "ms"])


def ways_of(wanted: list[str] | None, cut: Cut, usual: str, *, numbers_are: str = _TOTALS) -> dict[str, list[str]]:
    """Coefficients of codes by the way of making units: the one that was asked for, else their own, else the
    usual one; those that compare numbers by `numbers_are`.

    Raises BadParameter for a way that is none of codes, for coefficients that it does not fit and for settings
    that none of the ways takes.
    """
    from workbench import agreement
    from workbench.agreement.coefficients import own_way
    from workbench.agreement.compute import FOR_CODES, FOR_CONTINUA, FOR_TOTALS, FOR_WAYS

    found = agreement.ways_found()
    way = cut.way or (_TOTALS if cut.measure is not None else None)
    if way is not None and (way not in found or found[way].compares != "code"):
        of_codes = ", ".join(w for w in found if found[w].compares == "code")
        raise typer.BadParameter(
            f"{way!r} is no way to make units of events; there are: {of_codes}", param_hint="--way"
        )
    groups: dict[str, list[str]] = {}
    for each in [agreement.coefficient(id) for id in wanted or ()]:
        if way is not None and (not takes_numbers(each) if way == _TOTALS else only_numbers(each)):
            raise typer.BadParameter(_misfit(each.id, way), param_hint="--coefficients")
        own = way or own_way(each) or (numbers_are if only_numbers(each) else usual)
        groups.setdefault(own, []).append(each.id)
    if not wanted:
        first = way or usual
        own_first = (FOR_WAYS[first][0],) if first in FOR_WAYS else ()
        groups[first] = list({"continua": FOR_CONTINUA, _TOTALS: FOR_TOTALS}.get(first, (*own_first, *FOR_CODES)))
    taken = {setting for each in groups if each in found for setting in found[each].settings}
    for setting in cut.settings():
        option = _OPTION.get(setting, f"--{setting}")
        same = {s for s, o in _OPTION.items() if o == option} or {setting}
        if not taken & same:
            raise typer.BadParameter(f"is not for units by {', '.join(groups)}", param_hint=option)
    return groups


def takes_numbers(chosen: Coefficient) -> bool:
    """Whether a coefficient has a meaning for numbers, as ICC and α have."""
    from workbench.agreement import Level

    return Level.INTERVAL in chosen.levels


def only_numbers(chosen: Coefficient) -> bool:
    """Whether it has one for nothing else, as ICC has not."""
    from workbench.agreement import Level

    return takes_numbers(chosen) and Level.NOMINAL not in chosen.levels


def _misfit(id: str, way: str) -> str:
    if way == _TOTALS:
        return f"{id} compares categories, and totals are numbers; icc and bland_altman are for them"
    return f"{id} compares numbers, and units by {way} are codes; --way totals compares how often each was coded"


def per_way(
    study: Study,
    codes: Sequence[str],
    groups: dict[str, list[str]],
    cut: Cut,
    by: str | None,
    options: dict[str, Any],
    usual: dict[str, Any] | None = None,
) -> list[Result]:
    """Each coefficient on units made in its way, for all codes at once and for each code against the rest.

    by: "pair", "rater" or "session" to have it of each. usual: settings where none were asked for.
    """
    from workbench import agreement

    found = agreement.ways_found()
    results: list[Result] = []
    for way, ids in groups.items():
        settings = {k: v for k, v in {**(usual or {}), **cut.settings()}.items() if k in found[way].settings}
        together = [agreement.ALL_CODES] if way != _TOTALS and len(codes) > 1 else []
        names = [*together, *codes]
        if way == _TOTALS and cut.way is None and cut.measure is None:
            measure = settings.get("measure", "per_minute").replace("_", " ")
            hint(f"Numbers are compared ({', '.join(ids)}): totals of sessions, {measure}; --measure names others.")
        results += of_parts(study, way, names, ids, by, options, settings)
    return results


def of_parts(
    study: Study,
    way: str,
    names: Sequence[str],
    ids: Sequence[str],
    by: Any,
    options: dict[str, Any],
    settings: dict[str, Any],
) -> list[Result]:
    """Each coefficient of each code or scale: of all raters and sessions, or of each part."""
    from workbench import agreement

    if by is None:
        return agreement.per_code(study, way, names, ids, **options, **settings)
    common = {name: value for name, value in options.items() if name != "all_variants"}
    return agreement.by_code(study, by, way, names, ids, **common, **settings)
