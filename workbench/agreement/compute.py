"""From reliability data to results: one coefficient, several, for each code, for each pair of raters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from workbench import registry
from workbench.agreement.coefficients import Coefficient, coefficient
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import DEFAULT_SEED, Options
from workbench.agreement.result import Finding, Result, result_of
from workbench.agreement.study import Study
from workbench.agreement.units import found as ways
from workbench.agreement.units import units

FOR_CODES = ("krippendorff_alpha", "cohen_kappa", "percent_agreement")
FOR_RATINGS = ("icc", "krippendorff_alpha")


def compute(
    id: str,
    data: ReliabilityData,
    *,
    variant: str | None = None,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
) -> Result:
    """One coefficient on one set of reliability data: a value with its interval, or the reason for none.

    `variant` names one of several forms ("ICC(2,1)"); left out, it is the usual one. `replicates` 0
    leaves a bootstrap out. Raises registry.UnknownName for an id or a variant that does not exist,
    ValueError for options out of range; never because of the data.

    >>> from workbench.agreement import reliability
    >>> compute("krippendorff_alpha", reliability([[1, 2, 3, 3], [1, 2, 3, 3]], level="nominal")).value
    1.0
    """
    chosen = coefficient(id)
    form = _variant(chosen, variant)
    return _result(chosen, data, form, Options(confidence, replicates, seed))


def compute_all(
    ids: Iterable[str],
    data: ReliabilityData,
    *,
    all_variants: bool = True,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
) -> list[Result]:
    """Several coefficients on one set of data; those that compare two raters go through every pair.

    With `all_variants`, every form of a coefficient (all six ICC), the usual one first.
    """
    options = Options(confidence, replicates, seed)
    out: list[Result] = []
    for chosen in [coefficient(id) for id in ids]:
        parts: Sequence[ReliabilityData] = [data]
        if chosen.pairwise and len(data.raters) > 2:
            parts = [data.only(*pair) for pair in combinations(data.raters, 2)]
        forms = chosen.variants if all_variants else chosen.variants[:1]
        out += [_result(chosen, part, form, options) for part in parts for form in forms]
    return out


def per_code(
    study: Study,
    way: str = "bins",
    codes: Iterable[str] | None = None,
    coefficients: Iterable[str] = FOR_CODES,
    *,
    sessions: Iterable[str] | None = None,
    raters: Iterable[str] | None = None,
    all_variants: bool = False,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
    **settings: Any,
) -> list[Result]:
    """Each coefficient for each code against the rest (or, with way "ratings", for each scale).

    `codes` left out are those that somebody used; give the scheme's to see the unused ones too.
    Coefficients for two raters go through every pair.
    `settings` are the way's: bin_ms and tolerance_ms for "bins". Raises what `units` raises.
    """
    chosen = registry.get("way of making units", way, ways())
    sessions, raters = (None if x is None else tuple(x) for x in (sessions, raters))
    if chosen.compares == "scale" and codes is None:
        codes = study.scales
    wanted = [coefficient(id) for id in coefficients]
    options = {"all_variants": all_variants, "confidence": confidence, "replicates": replicates, "seed": seed}
    part = study.only(sessions, raters) if sessions is not None or raters is not None else study
    out: list[Result] = []
    for code in part.codes if codes is None else codes:
        data = units(study, chosen.id, code, sessions=sessions, raters=raters, **settings)
        for each in wanted:
            if each.pairwise and len(data.raters) > 2:
                # units of their own: the time two raters share is not what they share with a third
                for pair in combinations(data.raters, 2):
                    of_pair = units(study, chosen.id, code, sessions=sessions, raters=pair, **settings)
                    out += compute_all([each.id], of_pair, **options)  # type: ignore[arg-type]
            else:
                out += compute_all([each.id], data, **options)  # type: ignore[arg-type]
    return out


def per_scale(study: Study, scales: Iterable[str] | None = None, **options: Any) -> list[Result]:
    """ICC (all six) and Krippendorff's α for each rating scale. `options` as for `per_code`."""
    asked: dict[str, Any] = {"coefficients": FOR_RATINGS, "all_variants": True, **options}
    return per_code(study, "ratings", scales, **asked)


def recommended(data: ReliabilityData) -> tuple[str, str]:
    """The coefficient to report for this kind of data, and why, in one sentence."""
    if data.level in (Level.INTERVAL, Level.RATIO):
        complete = bool(data.rated[:, data.rated.any(axis=0)].all())
        if data.level is Level.INTERVAL and complete:
            return "icc", "Ratings of every unit by every rater: ICC separates units, raters and error."
        return "krippendorff_alpha", "α keeps the size of differences and takes tables with missing cells."
    if data.level is Level.ORDINAL:
        return "krippendorff_alpha", "α keeps the order of the categories and takes missing cells."
    return "krippendorff_alpha", "α is one measure for any number of raters and takes missing cells."


def _variant(chosen: Coefficient, variant: str | None) -> str:
    if variant is None:
        return chosen.variants[0]
    return registry.get(f"variant of {chosen.id}", variant, {v: v for v in chosen.variants})


def _result(chosen: Coefficient, data: ReliabilityData, variant: str, options: Options) -> Result:
    reason = chosen.can(data)
    finding = Finding(None, reason) if reason else chosen.compute(data, variant, options)
    return result_of(
        finding,
        data,
        id=chosen.id,
        title=chosen.title(data, variant),
        variant=variant,
        misleading_when=chosen.misleading_when,
        confidence=options.confidence,
    )
