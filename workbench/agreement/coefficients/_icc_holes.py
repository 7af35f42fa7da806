"""Intraclass correlation of tables with holes: variance components by REML, and their intervals.

ICC(3,·) has raters as fixed effects, ICC(2,·) as random ones, ICC(1,·) leaves them in the error; all
rated cells are used. On a complete table all this is the analysis of variance, but for ICC(2,·) where the raters'
variance would come out below zero: here it is taken as 0, as in lme4.

Intervals. ICC(1,·) and ICC(3,·): exact for normal errors, holes or not: at the true ratio of
variances the sum of squares that units explain, against what is left over, follows F (Wald 1947,
Annals of Mathematical Statistics 18, 586–589; Seely & El-Bassiouni 1983, Annals of Statistics 11,
197–210; Harville & Fenech 1985, Biometrics 41, 137–152). On a complete table that is Shrout & Fleiss's.
ICC(2,·): the interval of McGraw & Wong (1996) with Satterthwaite degrees of freedom, from the mean squares
that the REML components are expected to give with the mean numbers of raters in a unit and of units
of a rater (Henderson 1953, method 3); approximate.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

from workbench.agreement.coefficients._icc_limits import absolute_limits, stepped_up
from workbench.agreement.coefficients._reml import ROUNDING, Components, components
from workbench.agreement.coefficients._two_way import Model, TwoWay, in_canonical_order, two_way
from workbench.agreement.data import Numbers
from workbench.agreement.interval import NO_INTERVAL, Interval, Options
from workbench.agreement.statistic import Spread, Statistic

_MODEL: dict[str, Model] = {"1": "one-way", "2": "random", "3": "fixed"}
ALIKE = "the units do not differ from one another, so no share of the variance is theirs"
NO_DISAGREEMENT = "no disagreement was seen to estimate its size from"
BY_A_CONSTANT = "raters differ by a constant only; nothing is left over to estimate the size of chance differences from"
WITHOUT_BOUND = "its lower limit is without bound: the units differ too little"


@dataclass(frozen=True)
class Found:
    """A value or the reason for none, by either estimator, before what the data say about the interval."""

    value: float | None
    reason: str | None = None
    interval: Interval = NO_INTERVAL
    details: dict[str, Any] = field(default_factory=dict)
    estimator: str = "REML"
    notes: tuple[str, ...] = ()
    start: Components | None = None


def find(table: Numbers, variant: str, options: Options) -> Found:
    """The coefficient of a table of shape (n units, k raters), NaN where missing, both at least 2."""
    centred = in_canonical_order(table - np.nanmean(table))
    scale = float(np.nanmax(np.abs(centred)))
    sums = two_way(centred / scale)
    model, k = _MODEL[variant[4]], 1 if variant[6] == "1" else sums.k
    parts = components(sums, model)
    if isinstance(parts, str):
        return Found(None, parts)
    if parts.error == 0:
        return _without_error(table, sums, model, parts, k)
    value = parts.share(k)
    if value is None:
        return Found(None, ALIKE)
    free, left = sums.free(model), sums.error_sum(model)
    without_units: Model = "one-way" if model == "one-way" else "fixed"
    f = (sums.rest(without_units, 0.0) - left) / sums.free_units(model) / (left / free)
    details: dict[str, Any] = {
        "variance_units": parts.units * scale**2,
        "variance_raters": parts.raters * scale**2 if model == "random" else None,
        "variance_error": parts.error * scale**2,
        "f": f,
        "df1": int(sums.free_units(model)),
        "df2": int(free),
        "p": float(special.fdtrc(sums.free_units(model), free, max(f, 0.0))),
        "raters_per_unit": sums.n / float((sums.n_of / sums.m).sum()),
    }
    notes = _notes(table, sums, model, parts, k, details["raters_per_unit"])
    interval = _exact(sums, model, k, left, options) if model != "random" else _approximate(sums, parts, k, options)
    return Found(value, None, interval, details, "REML", notes, parts)


def _without_error(table: Numbers, sums: TwoWay, model: Model, parts: Components, k: float) -> Found:
    """What is left where units (and raters) explain every value."""
    agreed = sums.within <= ROUNDING * sums.n_cells
    value = parts.share(k)
    if value is None or (model != "random" and sums.rest(model, 0.0) <= ROUNDING * sums.n_cells):
        return Found(None, ALIKE)
    raters_per_unit = sums.n / float((sums.n_of / sums.m).sum())
    notes = () if agreed else _notes(table, sums, model, parts, k, raters_per_unit)
    return Found(value, None, Interval(reason=NO_DISAGREEMENT if agreed else BY_A_CONSTANT), notes=notes)


def _notes(
    table: Numbers, sums: TwoWay, model: Model, parts: Components, k: float, raters_per_unit: float
) -> tuple[str, ...]:
    holes = int(np.isnan(table).sum())
    notes = [f"{holes} of {table.size} cells are missing: variance components by REML."]
    if once := int(sums.n_of[sums.m == 1].sum()):
        notes.append(f"{once} of {len(table)} units were rated once; they say something of raters and units together.")
    if sums.parts > 1:
        notes.append(
            f"The raters fall into {sums.parts} sets that share no unit: differences between raters of different sets "
            "cannot be told from differences between their units."
        )
    if k > 1 and (mean := parts.share(raters_per_unit)) is not None:
        notes.append(
            f"For the mean of all {k:g} raters; a unit was rated by {raters_per_unit:.2f} (harmonic mean), and for "
            f"the mean of as many it is {mean:.3f}."
        )
    if model == "random" and parts.raters == 0:
        notes.append("No variance of raters beyond error was found; it is taken as 0, as in lme4.")
    if parts.units < 0:
        notes.append(
            "The variance of units is estimated below zero: the raters agree less than by chance. Programs that stop "
            "at zero (lme4) show 0."
        )
    return tuple(notes)


def _exact(sums: TwoWay, model: Model, k: float, left: float, options: Options) -> Interval:
    """Ratios of variances at which the F of the units lies in the middle of its distribution."""
    method = "exact F for tables with holes (Wald 1947; Harville & Fenech 1985)"
    free, free_units = sums.free(model), sums.free_units(model)
    lowest = -1 / (float(sums.m.max()) - 1)
    ends = []
    for share in ((1 + options.confidence) / 2, (1 - options.confidence) / 2):
        wanted = float(special.fdtri(free_units, free, share)) * left / free * free_units

        def beyond(x: float, wanted: float = wanted) -> float:
            return sums.rest(model, x / (1 - x)) - left - wanted

        near, far = lowest + 1e-9 * (1 - lowest), 1 - 1e-12
        if not beyond(near) > 0 > beyond(far):
            return Interval(method=method, reason="the units differ too little for one of its limits")
        at = optimize.brentq(beyond, near, far, xtol=1e-15)
        limit = Components(at, 0.0, 1 - at, 0.0).share(k)
        if limit is None:
            return Interval(method=method, reason=WITHOUT_BOUND)
        ends.append(limit)
    return Interval(low=ends[0], high=ends[1], method=method, scope="over units")


def _approximate(sums: TwoWay, parts: Components, k: float, options: Options) -> Interval:
    method = "F distribution with REML components (McGraw & Wong 1996, Satterthwaite), approximate"
    if sums.n <= sums.parts or sums.k <= sums.parts:
        return Interval(method=method, reason="raters and units have no degrees of freedom of their own")
    per_unit, per_rater = sums.raters_per_unit(), sums.units_per_rater()
    units, raters = parts.error + per_unit * parts.units, parts.error + per_rater * parts.raters
    rho = parts.share(1)
    if rho is None or units <= 0:
        return Interval(method=method, reason="the units do not differ from one another")
    free = (sums.free_units("random"), sums.k - sums.parts, sums.free("random"))
    limits = absolute_limits(units, raters, parts.error, rho, per_rater, per_unit, free, options.confidence)
    if limits is None:
        return Interval(method=method, reason="its degrees of freedom cannot be computed for this table")
    low, high = (stepped_up(x, k) for x in limits)
    if low is None:
        return Interval(method=method, reason=WITHOUT_BOUND)
    return Interval(low=low, high=high, method=method, scope="over units")


@dataclass(frozen=True, eq=False)
class Refitted:
    """The coefficient as a function of how often each unit counts: REML anew for each set of weights."""

    table: Numbers
    variant: str
    start: Components | None

    def at(self, weights: Numbers) -> Numbers:
        scaled = self.table - np.nanmean(self.table)
        scaled = scaled / np.nanmax(np.abs(scaled))
        model = _MODEL[self.variant[4]]
        return np.array([self._one(two_way(scaled, counts), model) for counts in weights])

    def _one(self, sums: TwoWay, model: Model) -> float:
        if sums.n < 2 or sums.m.max() < 2:
            return math.nan
        parts = components(sums, model, self.start)
        value = None if isinstance(parts, str) else parts.share(1 if self.variant[6] == "1" else self.table.shape[1])
        return math.nan if value is None else value

    def grouped(self, index: NDArray[np.intp], groups: int) -> Statistic:
        return Spread(self, index)
