"""From reliability data to results: one coefficient, several, for each code, for each pair of raters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from workbench import registry
from workbench.agreement.coefficients import (
    NIL_IS_TAKEN_FOR_POSSIBLE,
    Coefficient,
    coefficient,
    forms,
    lacking,
    takes,
    takes_weights,
)
from workbench.agreement.coefficients import found as coefficients_found
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import DEFAULT_SEED, Options
from workbench.agreement.naming import name_of
from workbench.agreement.problems import InputProblems
from workbench.agreement.result import Finding, Result, result_of
from workbench.agreement.study import Study
from workbench.agreement.units import found as ways
from workbench.agreement.units import units
from workbench.agreement.weights import OWN, OwnWeights, own_weights

FOR_CODES = ("krippendorff_alpha", "cohen_kappa", "percent_agreement")
FOR_CONTINUA = ("unitizing_alpha",)
FOR_WAYS = {
    "time_units": ("time_unit_kappa", "It says for how much of the time two records agree, with a tolerance."),
    "linked": ("easydiag_kappa", "Raters found the events themselves: an event that one alone saw counts too."),
    "sequence": ("alignment_kappa", "It compares the order of codes, and an event that one alone saw counts too."),
    "aligned": ("alignment_kappa", "Raters found the events themselves: an event that one alone saw counts too."),
}
FOR_RATINGS = ("icc", "krippendorff_alpha")
FOR_LEVELS = {
    Level.NOMINAL: FOR_CODES,
    Level.ORDINAL: ("krippendorff_alpha", "percent_agreement"),
    Level.INTERVAL: FOR_RATINGS,
    Level.RATIO: FOR_RATINGS,
}
FOR_TOTALS = ("icc", "bland_altman", "lin_ccc", "krippendorff_alpha")


def compute(
    id: str,
    data: ReliabilityData | Continua,
    *,
    variant: str | None = None,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
    weights: Any = None,
) -> Result:
    """One coefficient on reliability data or continua: a value with its interval, or the reason for none.

    `variant` names one of several forms ("ICC(2,1)"); left out, it is the usual one. `replicates` 0
    leaves a bootstrap out. `weights` is a table of your own for a weighted coefficient (see
    `workbench.agreement.weights.own_weights`). Raises registry.UnknownName for an id or a variant that
    does not exist, ValueError for options out of range, InputProblems for weights that are none, TypeError
    for a table that was not made reliability data; never because of what data hold.

    >>> from workbench.agreement import reliability
    >>> compute("krippendorff_alpha", reliability([[1, 2, 3, 3], [1, 2, 3, 3]], level="nominal")).value
    1.0
    """
    chosen = coefficient(id)
    _made(data)
    own = None if weights is None else own_weights(weights)
    form = _variant(chosen, data, variant, own)
    return _result(chosen, data, form, Options(confidence, replicates, seed, own))


def compute_all(
    ids: Iterable[str],
    data: ReliabilityData | Continua,
    *,
    all_variants: bool = True,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
    weights: Any = None,
) -> list[Result]:
    """Several coefficients on one set of data; those that compare two raters go through every pair.

    With `all_variants`, every form of a coefficient that has a meaning at the level of the data (all six
    ICC), the usual one first; not those that need facts which the data lack (dyads, dates, a criterion).
    With a criterion, a coefficient that needs it compares each rater with the criterion. With `weights`,
    coefficients that take a table of your own use it. Of several pairs of raters, those who share no unit are
    left out; the results of the others say how many.
    """
    _made(data)
    own = None if weights is None else own_weights(weights)
    options = Options(confidence, replicates, seed, own)
    out: list[Result] = []
    for chosen in [coefficient(id) for id in ids]:
        every = _pairs(chosen, data) if chosen.pairwise and len(data.raters) > 2 else []
        shared = [part for pair in every if comparable(part := data.only(*pair))]
        parts: Sequence[ReliabilityData | Continua] = shared or [data]
        results: list[Result] = []
        for part in parts:
            of_part = (OWN,) if own is not None and takes_weights(chosen) else forms(chosen, part)
            results += [_result(chosen, part, form, options) for form in (of_part if all_variants else of_part[:1])]
        left_out = pairs_left_out(len(every) - len(shared), len(every), "unit") if shared else ""
        out += with_note(results, left_out)
    return out


def comparable(data: ReliabilityData | Continua) -> bool:
    """Whether two of its raters have something of the same: a unit, or for continua a session."""
    return any(data.pairable_sessions) if isinstance(data, Continua) else bool(data.n_pairable)


def pairs_left_out(n: int, of: int, what: str) -> str:
    """How many of the pairs of raters are not listed, in a sentence; empty where all are."""
    return f"{n} of {of} pairs of raters share no {what}; they are not listed." if n > 0 else ""


def with_note(results: list[Result], note: str) -> list[Result]:
    """The results, each with one more note (an empty one is none)."""
    return [replace(r, notes=(*r.notes, note)) for r in results] if note else results


def per_code(
    study: Study,
    way: str = "bins",
    codes: Iterable[str] | None = None,
    coefficients: Iterable[str] | None = None,
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

    `codes` left out are those that somebody used; give the scheme's to see the unused ones too. ALL_CODES
    among them compares all at once. `coefficients` left out are those that fit the way.
    Coefficients for two raters go through every pair that shares a session; the results say how many do not.
    `settings` are the way's: bin_ms and tolerance_ms for "bins". Raises what `units` raises.
    """
    sessions, raters = (None if x is None else tuple(x) for x in (sessions, raters))
    part = study.only(sessions, raters) if sessions is not None or raters is not None else study
    ids, codes = usual_for(part, way, codes, coefficients)
    wanted = [coefficient(id) for id in ids]
    options = {"all_variants": all_variants, "confidence": confidence, "replicates": replicates, "seed": seed}
    out: list[Result] = []
    for code in codes:
        made: dict[tuple[str, ...] | None, ReliabilityData | Continua] = {}
        for each in wanted:
            # units of their own: the time two raters share is not what they share with a third
            apart = each.pairwise and len(part.raters) > 2 and bool(part.pairs)
            results: list[Result] = []
            for who in part.pairs if apart else [raters]:
                if who not in made:
                    made[who] = units(study, way, code, sessions=sessions, raters=who, **settings)
                results += compute_all([each.id], made[who], **options)  # type: ignore[arg-type]
            every = math.comb(len(part.raters), 2) if apart else 0
            out += with_note(results, pairs_left_out(every - len(part.pairs), every, "session"))
    return out


def usual_for(
    study: Study, way: str, codes: Iterable[str] | None = None, coefficients: Iterable[str] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The coefficients and the codes (or scales) to compute by a way of making units: those that are named, else
    the usual coefficients, and the codes that somebody used. Raises registry.UnknownName."""
    compares = registry.get("way of making units", way, ways()).compares
    usual = {"continua": FOR_CONTINUA, "totals": FOR_TOTALS, "ratings": FOR_RATINGS, "instrument": FOR_RATINGS}
    ids = tuple(usual.get(way, FOR_CODES) if coefficients is None else coefficients)
    if codes is not None:
        return ids, tuple(codes)
    return ids, study.scales if compares == "scale" else study.codes


def per_scale(study: Study, scales: Iterable[str] | None = None, **options: Any) -> list[Result]:
    """ICC (all six) and Krippendorff's α for each rating scale. `options` as for `per_code`."""
    asked: dict[str, Any] = {"coefficients": FOR_RATINGS, "all_variants": True, **options}
    return per_code(study, "ratings", scales, **asked)


def per_score(study: Study, keys: Mapping[str, Mapping[str, Any]], **options: Any) -> list[Result]:
    """ICC (all six) and Krippendorff's α for each score of an instrument. `keys` are those of `score_keys`;
    `options` as for `per_code`."""
    asked: dict[str, Any] = {"coefficients": FOR_RATINGS, "all_variants": True, **options}
    return [r for name, key in keys.items() for r in per_code(study, "instrument", [name], **asked, **key)]


def fitting(data: ReliabilityData | Continua) -> tuple[str, ...]:
    """The coefficients that this data set has (those for two raters: that some pair of its raters has), by id;
    not those that need facts which it lacks (dates, a criterion)."""
    parts = [data.only(*pair) for pair in combinations(data.raters, 2)] or [data]
    return tuple(
        id
        for id, each in sorted(coefficients_found().items())
        if any(not lacking(each, variant, data) for variant in each.variants)
        and any(each.can(part) is None for part in (parts if each.pairwise else [data]))
    )


def recommended(data: ReliabilityData | Continua) -> tuple[str, str]:
    """The coefficient to report for this kind of data, and why, in one sentence."""
    if isinstance(data, Continua):
        return "unitizing_alpha", "Raters found the units themselves: uα counts where they begin and end, and the code."
    if (way := data.settings.get("way")) in FOR_WAYS:
        return FOR_WAYS[way]
    return recommended_for(data.level, complete=bool(data.rated[:, data.rated.any(axis=0)].all()))


def recommended_for(level: Level, *, complete: bool) -> tuple[str, str]:
    """The same for a level of measurement; `complete`: every rater rated every unit that somebody rated."""
    if level in (Level.INTERVAL, Level.RATIO):
        if level is Level.INTERVAL and complete:
            return "icc", "Ratings of every unit by every rater: ICC separates units, raters and error."
        if level is Level.INTERVAL:
            return "icc", "ICC separates units, raters and error, also where not every rater rated every unit."
        return "krippendorff_alpha", "α keeps the size of differences and takes tables with missing cells."
    if level is Level.ORDINAL:
        return "krippendorff_alpha", "α keeps the order of the categories and takes missing cells."
    return "krippendorff_alpha", "α is one measure for any number of raters and takes missing cells."


def _pairs(chosen: Coefficient, data: ReliabilityData | Continua) -> list[tuple[str, str]]:
    """Every pair of raters, or each rater with the criterion where that is what is compared."""
    criterion, needs = getattr(data, "criterion", None), getattr(chosen, "needs", {})
    if criterion is not None and any("criterion" in needed for needed in needs.values()):
        return [(rater, criterion) for rater in data.raters if rater != criterion]
    if criterion is None and needs and all("criterion" in needs.get(v, ()) for v in chosen.variants):
        return []
    return list(combinations(data.raters, 2))


def _made(data: object) -> None:
    """Raises TypeError for what is neither reliability data nor continua, and says how they are made."""
    if not isinstance(data, ReliabilityData | Continua):
        raise TypeError(
            f"expected reliability data, not {type(data).__name__}: make them with agreement.reliability(table, "
            'level="nominal") or another level, or with agreement.from_csv, units or continua'
        )


def _variant(chosen: Coefficient, data: ReliabilityData | Continua, variant: str | None, own: OwnWeights | None) -> str:
    if own is not None and variant in (None, OWN):
        if not takes_weights(chosen):
            able = ", ".join(sorted(c.id for c in coefficients_found().values() if takes_weights(c)))
            raise InputProblems([f"{chosen.id} takes no weights of your own; these do: {able}"])
        return OWN
    if variant is None:
        return chosen.variants[0]
    return registry.get(f"variant of {chosen.id}", variant, {v: v for v in (*chosen.variants, *forms(chosen, data))})


def _result(chosen: Coefficient, data: ReliabilityData | Continua, variant: str, options: Options) -> Result:
    reason = chosen.can(data)
    # what the title says of the data can only be said of the kind that the coefficient takes
    fits = (takes(chosen) == "continua") == isinstance(data, Continua)
    finding = Finding(None, reason) if reason else chosen.compute(data, variant, options)
    if getattr(data, "nil", None) and chosen.chance_corrected and not getattr(chosen, "takes_nil", False):
        finding = replace(finding, notes=(*finding.notes, NIL_IS_TAKEN_FOR_POSSIBLE))
    return result_of(
        finding,
        data,
        id=chosen.id,
        title=chosen.title(data, variant) if fits else name_of(chosen.id),
        variant=variant,
        misleading_when=chosen.misleading_when,
        confidence=options.confidence,
    )
