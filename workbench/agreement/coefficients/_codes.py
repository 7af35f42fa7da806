"""Coefficients of codes, weighted or not: what they ask of the data, and how they are told.

A file of this folder says its name and computes the value; weights, settings, notes and the reasons why there
is none are the same for all of them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

import numpy as np
from scipy import special

from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.problems import counted
from workbench.agreement.result import Finding
from workbench.agreement.weights import (
    LINEAR,
    MOST_CODES,
    OWN,
    QUADRATIC,
    RADICAL,
    UNWEIGHTED,
    Codes,
    OwnWeights,
    codes_of,
    weights_by_name,
)

CHANCE_EXPLAINS_ALL = "chance alone explains full agreement"
NO_DISAGREEMENT = "no disagreement was seen, and a standard error of 0 is no certainty"
NONE_COUNTS = "no disagreement was seen that counts: those there are have a weight of 1, like an agreement"
# A table of each category by each has as many cells as the square of this: 128 MB of numbers.
MOST_CATEGORIES = 4_000
# Below so many units an interval from a standard error is rough.
ENOUGH_UNITS = 30


class OfCodes(ABC):
    """A coefficient of codes."""

    id: str
    name: str
    variants: tuple[str, ...] = (UNWEIGHTED, LINEAR, QUADRATIC)
    levels = frozenset({Level.NOMINAL, Level.ORDINAL})
    pairwise = False
    takes_holes = True
    chance_corrected = True
    takes_weights = True
    misleading_when: str
    # its value depends on how many codes the scheme has
    depends_on_codes = False

    @abstractmethod
    def of_codes(
        self, data: ReliabilityData, codes: Codes, weights: Numbers | None, variant: str, options: Options
    ) -> Finding:
        """The value and its interval. `weights` of shape (codes, codes), None: every disagreement counts alike."""

    def title(self, data: Any, variant: str) -> str:
        return f"{self.name} ({variant}{'' if variant == UNWEIGHTED else ' weights'})"

    def forms(self, data: ReliabilityData) -> tuple[str, ...]:
        """Weights need an order of the codes."""
        return (
            self.variants
            if data.level is Level.ORDINAL
            else tuple(v for v in self.variants if v == UNWEIGHTED) or self.variants[:1]
        )

    def can(self, data: Any) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        if self.pairwise and len(data.raters) != 2:
            return f"{self.name} compares two raters; there are {len(data.raters)}: choose a pair"
        if data.level not in self.levels:
            return f"{self.name} compares categories; the level here is {data.level}"
        if self.depends_on_codes:
            if len(codes_of(data)) < 2:
                return (
                    f"the only code that occurs is {data.name(data.domain()[0])} and the codes of the scheme are not "
                    "stated; with one code there is nothing to agree on"
                )
        elif len(domain := data.domain()) < 2:
            return f"every pairable value is {data.name(domain[0])}: without variation {self.name} is not defined"
        return None

    def compute(self, data: Any, variant: str, options: Options) -> Finding:
        codes = codes_of(data)
        weights = weights_for(data, variant, codes, options.weights)
        if isinstance(weights, str):
            return Finding(None, weights)
        found = self.of_codes(data, codes, weights, variant, options)
        notes = self.notes(data, codes, variant) if found.value is not None else ()
        return replace(found, settings=settings_of(variant, weights), notes=(*notes, *found.notes))

    def notes(self, data: ReliabilityData, codes: Codes, variant: str) -> tuple[str, ...]:
        """What a reader of the value has to know about these data."""
        notes: list[str] = []
        if self.depends_on_codes and not codes.stated:
            notes.append(
                f"{self.name} depends on the number of codes in the scheme. None were stated, so the {len(codes)} that "
                "occur were counted; state `categories`."
            )
        if len(domain := data.domain()) == 1:
            notes.append(
                f"Every pairable value is {data.name(domain[0])}: whether raters can tell codes apart was not seen."
            )
        if data.level is Level.ORDINAL and variant == UNWEIGHTED:
            notes.append("Unweighted: a disagreement by one step counts as much as one by many.")
        if variant in (LINEAR, QUADRATIC, RADICAL) and not codes.stated and len(codes) > 2:
            notes.append(
                "No categories were stated: the distance of two values is the difference of their numbers. State "
                "`categories` where the steps between them are not even."
            )
        return tuple(notes)


def too_many(data: ReliabilityData) -> str | None:
    """Why values are no categories of a table of each by each; None where they can be."""
    if (n := len(data.domain())) <= MOST_CATEGORIES:
        return None
    return (
        f"{n:,} different values are too many categories to be compared with each other (at most "
        f"{MOST_CATEGORIES:,}); if they are numbers, the level is interval or ratio"
    )


def weights_for(data: ReliabilityData, variant: str, codes: Codes, own: OwnWeights | None) -> Numbers | str | None:
    """The table of weights of a variant, None for unweighted, or one sentence why there is none."""
    if variant == UNWEIGHTED:
        return None
    if variant == OWN:
        return "no table of weights was given" if own is None else own.over(codes)
    if data.level is not Level.ORDINAL:
        return f"{variant} weights need an order of the codes; the level here is {data.level}"
    if len(codes) > MOST_CODES:
        return f"{len(codes)} different values are too many for weights (at most {MOST_CODES})"
    return weights_by_name(variant, codes)


def settings_of(variant: str, weights: Numbers | None) -> dict[str, Any]:
    if variant == OWN and weights is not None:
        return {"weights": OWN, "weights_table": weights.tolist()}
    return {"weights": "none" if variant == UNWEIGHTED else variant}


def no_interval(all_agreed: bool) -> Interval:
    """Why there is none where every agreement is full; `all_agreed`: nobody disagreed, whatever the weights."""
    return Interval(reason=NO_DISAGREEMENT if all_agreed else NONE_COUNTS)


def t_interval(value: float, error: float, n: int, options: Options, how: str, least: float = -1.0) -> Interval:
    """value ± t(n − 1) standard errors over n independent units, within `least` and 1."""
    method = f"t({n - 1}), {how}"
    if n < 2:
        return Interval(method=method, reason="one unit is too few for an interval")
    quantile = float(special.stdtrit(n - 1, (1 + options.confidence) / 2))
    return _around(value, error, n, quantile, method, least)


def normal_interval(value: float, error: float, n: int, options: Options, how: str) -> Interval:
    """value ± z standard errors over n independent units, within −1 and 1."""
    quantile = float(special.ndtri((1 + options.confidence) / 2))
    return _around(value, error, n, quantile, f"normal, {how}", -1.0)


def _around(value: float, error: float, n: int, quantile: float, method: str, least: float) -> Interval:
    if error < 1e-9:
        return Interval(method=method, reason="the standard error is 0 for these data, which is no certainty")
    few = n < ENOUGH_UNITS
    notes = (f"Only {counted(n, 'unit')}: an interval from a standard error is rough there.",) if few else ()
    low, high = min(max(value - quantile * error, least), value), min(value + quantile * error, 1.0)
    return Interval(low, high, method, "over units", notes=notes)


def standard_error_of_mean(influence: Numbers) -> float:
    """Of a mean over units, from what each unit adds to it beside the value: (units,)."""
    n = len(influence)
    return float(np.sqrt((influence**2).sum() / (n * (n - 1)))) if n > 1 else 0.0
