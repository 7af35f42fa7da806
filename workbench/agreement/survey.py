"""Every coefficient that a study allows, on every code and scale: what a report is made of.

Codes are compared by one main way of making units; coefficients that name another way (`way`, or that
they take continua) are computed on that. Ratings are taken at the interval level, then at the ordinal
one. What gives a value nowhere is listed with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.agreement.coefficients import Coefficient, coefficient, found, own_way, takes
from workbench.agreement.compared import ALL_CODES
from workbench.agreement.compute import compute_all
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import DEFAULT_SEED
from workbench.agreement.problems import InputProblems
from workbench.agreement.result import Result
from workbench.agreement.study import Study
from workbench.agreement.units import found as ways
from workbench.agreement.units import units

MAIN = "krippendorff_alpha"
# Minutes for what the others do in seconds: only when asked for.
SLOW = frozenset({"gamma"})
LEFT_OUT = "it takes long and was not asked for"
# With more raters, pairs that are matched event by event are compared on all codes at once, unless asked for.
FEW_RATERS = 3
ONLY_TOGETHER = "with so many pairs of raters it is given for all codes at once; ask for it to have each code"

Data = ReliabilityData | Continua


@dataclass(frozen=True, slots=True)
class Refusal:
    """A coefficient that has no value for any code (or scale), and why."""

    id: str
    compares: str
    reason: str


@dataclass(frozen=True, slots=True)
class Survey:
    """Results in the order: codes (main way, with tolerance, other ways), then scales; the coefficients of each
    code together. `refused`: coefficients without any value."""

    results: tuple[Result, ...]
    refused: tuple[Refusal, ...]
    way: str
    settings: Mapping[str, Any] = field(default_factory=dict)

    def of(self, way: str, id: str | None = None, **settings: Any) -> list[Result]:
        """The results of one way (and coefficient), with these settings."""
        return [
            r
            for r in self.results
            if r.settings.get("way") == way
            and id in (None, r.id)
            and all(r.settings.get(name) == value for name, value in settings.items())
        ]


def survey(
    study: Study,
    codes: Iterable[str] | None = None,
    scales: Iterable[str] | None = None,
    *,
    way: str = "bins",
    settings: Mapping[str, Any] | None = None,
    tolerances_ms: Iterable[int] = (),
    coefficients: Iterable[str] | None = None,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
) -> Survey:
    """Every coefficient (or those of `coefficients`) on the codes by `way` and on the ratings of `scales`.

    `settings` are the way's. Krippendorff's α is computed once more with each of `tolerances_ms`, where the
    way has a tolerance; other ways take the first of them. All codes at once are compared before each one.
    Codes and scales left out are those that somebody used. Coefficients for two raters go through every
    pair that shares a session, on its units. Raises UnknownName, InputProblems and ValueError as `compute`
    and `units` do.
    """
    options = {"confidence": confidence, "replicates": replicates, "seed": seed}
    asked = None if coefficients is None else [coefficient(id).id for id in coefficients]
    wanted = [c for c in found().values() if (c.id not in SLOW if asked is None else c.id in asked)]
    given = dict(settings or {})
    every_code = list(study.codes if codes is None else codes)
    only_together: list[str] = []
    whole = [ALL_CODES, *every_code] if len(every_code) > 1 else every_code
    of_codes, left = _fitting(study, way, given, whole, wanted, options) if every_code else ([], {})
    tolerances = list(tolerances_ms)
    if every_code and "tolerance_ms" in ways()[way].settings:
        again = [c for c in wanted if c.id == MAIN]
        for tolerance in tolerances:
            of_codes += _fitting(study, way, {**given, "tolerance_ms": tolerance}, whole, again, options)[0]
    for other in ways().values():
        trying = [c for c in wanted if c.id in left and own_way(c) == other.id]
        if trying and other.compares == "code" and other.id != way:
            with_it = {"tolerance_ms": tolerances[0]} if tolerances and "tolerance_ms" in other.settings else {}
            together = [c for c in trying if asked is None and c.pairwise and len(study.raters) > FEW_RATERS]
            still: dict[str, str] = {}
            for some, names in ((trying, [ALL_CODES]), ([c for c in trying if c not in together], every_code)):
                more, without = _fitting(study, other.id, with_it, names, some, options)
                of_codes += more
                still |= without
            of_whole = {r.id for r in of_codes}
            still = {id: reason for id, reason in still.items() if id not in of_whole}
            only_together += [c.id for c in together if c.id in of_whole]
            done = {c.id for c in trying} - set(still)
            left = {id: still.get(id, reason) for id, reason in left.items() if id not in done}
    of_scales, unrated = _of_scales(study, list(study.scales if scales is None else scales), wanted, options)
    valued = {r.id for r in of_codes + of_scales if r.defined}
    refused = [Refusal(id, "codes", reason) for id, reason in sorted(left.items()) if id not in valued]
    refused += [Refusal(id, "ratings", reason) for id, reason in sorted(unrated.items()) if id not in valued]
    refused += [Refusal(id, "single codes", ONLY_TOGETHER) for id in only_together]
    if asked is None:
        refused += [Refusal(id, "codes", LEFT_OUT) for id in sorted(SLOW & set(found()))]
    return Survey(tuple(of_codes + of_scales), tuple(refused), way, given)


def _of_scales(
    study: Study, scales: list[str], wanted: list[Coefficient], options: Mapping[str, Any]
) -> tuple[list[Result], dict[str, str]]:
    if not scales:
        return [], {}
    out: list[Result] = []
    left: dict[str, str] = {c.id: "" for c in wanted}
    for settings in ({}, {"level": "ordinal"}):
        trying = [c for c in wanted if c.id in left]
        more, still = _fitting(study, "ratings", settings, scales, trying, options)
        out += more
        left = {id: left[id] or reason for id, reason in still.items()}
    place = {scale: n for n, scale in enumerate(scales)}
    return sorted(out, key=lambda r: place[r.settings["what"]]), left


def _fitting(
    study: Study,
    way: str,
    settings: Mapping[str, Any],
    names: list[str],
    wanted: list[Coefficient],
    options: Mapping[str, Any],
) -> tuple[list[Result], dict[str, str]]:
    """The results of those coefficients that have a value for at least one of `names`, and for the others
    the reason that came first."""
    by_id: dict[str, list[Result]] = {c.id: [] for c in wanted}
    reasons: dict[str, str] = {}
    for name in names:
        cut = _cutter(study, way, name, settings)
        for chosen in wanted:
            try:
                results = [r for data in cut(chosen) for r in _computed(chosen, data, options)]
            except InputProblems as problem:
                reasons.setdefault(chosen.id, problem.problems[0])
                continue
            by_id[chosen.id] += results
            undefined = next((r.reason for r in results if r.reason), None)
            if undefined:
                reasons.setdefault(chosen.id, undefined)
    fit = {id for id, results in by_id.items() if any(r.defined for r in results)}
    place = {name: n for n, name in enumerate(names)}
    out = [r for id in by_id if id in fit for r in by_id[id]]
    out.sort(key=lambda r: place[r.settings["what"]])
    return out, {id: reasons.get(id, "there is nothing to compare") for id in by_id if id not in fit}


def _computed(chosen: Coefficient, data: Data, options: Mapping[str, Any]) -> list[Result]:
    several = data.level is not Level.NOMINAL or takes(chosen) == "continua"
    return compute_all([chosen.id], data, all_variants=several, **options)


def _cutter(study: Study, way: str, what: str, settings: Mapping[str, Any]) -> Callable[[Coefficient], Iterator[Data]]:
    """The data of one code or scale for a coefficient: of all raters, or of each pair. Each is made once."""
    kept: dict[tuple[str, ...] | None, Data | InputProblems] = {}

    def made(raters: tuple[str, ...] | None) -> Data:
        if raters not in kept:
            try:
                kept[raters] = units(study, way, what, raters=raters, **settings)
            except InputProblems as problem:
                kept[raters] = problem
        data = kept[raters]
        if isinstance(data, InputProblems):
            raise data
        return data

    def cut(chosen: Coefficient) -> Iterator[Data]:
        if not chosen.pairwise or len(study.raters) <= 2:
            yield made(None)
            return
        for pair in study.pairs:
            yield made(pair)

    return cut
