"""Variance components of a table of units and raters by restricted maximum likelihood (REML).

The units' variance may be estimated below zero as long as V stays positive definite, so that a negative
coefficient stays negative. The raters' variance stops at zero, as in lme4: below it, the likelihood of a table
with holes can grow without bound beside points where V is singular. On a complete table whose mean square
of raters is not below that of error, the components are those of the analysis of variance.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from workbench.agreement.coefficients._two_way import Model, TwoWay


@dataclass(frozen=True)
class Components:
    """Variances of units, raters (0 where the model has none) and error; deviance: minus twice the REML
    log-likelihood, up to a constant."""

    units: float
    raters: float
    error: float
    deviance: float

    @property
    def ratio(self) -> float:
        return self.units / self.error

    def share(self, k: float) -> float | None:
        """The units' share of the variance of means over k raters (ICC), None where they have none."""
        whole = self.units + (self.raters + self.error) / k
        return self.units / whole if whole > 1e-12 * (abs(self.units) + self.error) else None


# sums of squares of values up to 1, which are differences of larger sums, are rounding below this
ROUNDING = 1e-13
NOTHING_LEFT = "too few units were rated by two raters or more: nothing is left over to estimate the error"
NO_MAXIMUM = "the likelihood of the variance components has no maximum: too few values, or units alike"
APART = (
    "raters differ by a constant and by nothing else, and some share no unit with the others, so their differences "
    "cannot be told from those of their units"
)


def components(sums: TwoWay, model: Model, start: Components | None = None) -> Components | str:
    """The components of a table of values up to 1, or one sentence why there are none.

    Where units and raters explain every value, the error is 0 and the components are the variances of what units
    and raters add, which is what both estimators come to when the error goes to 0.
    """
    if sums.free(model) < 1:
        return NOTHING_LEFT
    if sums.error_sum(model) > ROUNDING * sums.n_cells:
        return fit(sums, model, start) or (fit(sums, model) if start else None) or NO_MAXIMUM
    if model == "random" and sums.within <= ROUNDING * sums.n_cells:
        model = "one-way"  # the raters of every unit say the same
    if model == "random" and sums.parts > 1:
        return APART
    units, raters = sums.spread(model)
    units = 0.0 if units <= ROUNDING else units
    return Components(units, raters if model == "random" else 0.0, 0.0, -math.inf)


def fit(sums: TwoWay, model: Model, start: Components | None = None) -> Components | None:
    """The REML estimates, or None where the likelihood has no maximum with positive definite V.

    `start` saves the search over a grid (for a table that differs little from one already fitted).
    """
    if model == "random":
        edge = fit(sums, "one-way")
        inside, without = _fit_two(sums, start), edge and _components(sums, "random", edge.ratio, 0.0)
        return min((c for c in (inside, without) if c is not None), key=lambda c: c.deviance, default=None)
    shares = _grid(sums)
    slopes = [_slope(sums, model, share) for share in shares]
    found: list[Components] = []
    for low, high, before, after in zip(shares, shares[1:], slopes, slopes[1:], strict=False):
        if before < 0 <= after:
            try:
                root = optimize.brentq(lambda x: _slope(sums, model, x), low, high, xtol=1e-16, rtol=1e-15)
            except ValueError:  # V is singular, or nothing is left over, in between
                continue
            found += [c for c in [_components(sums, model, root / (1 - root), 0.0)] if c is not None]
    return min(found, key=lambda c: c.deviance, default=None)


def _components(sums: TwoWay, model: Model, units: float, raters: float) -> Components | None:
    point = sums.at(model, units, raters)
    if point is None:
        return None
    error = point.rest / (sums.n_cells - (sums.k if model == "fixed" else 1))
    return Components(units * error, raters * error, error, point.deviance)


def _grid(sums: TwoWay) -> list[float]:
    """Shares σ²u/(σ²u + σ²e) from just above the lowest possible to just below 1."""
    lowest = -1 / (float(sums.m.max()) - 1)
    near = np.geomspace(1e-9, 0.03, 7)
    span = np.linspace(0.03, 0.97, 24)
    return [float(lowest + (1 - lowest) * x) for x in np.concatenate([near, span[1:-1], 1 - near[::-1]])]


def _slope(sums: TwoWay, model: Model, share: float) -> float:
    point = sums.at(model, share / (1 - share), 0.0)
    return math.nan if point is None else point.slope_units


def _fit_two(sums: TwoWay, start: Components | None) -> Components | None:
    """Newton's method on the shares of units and raters, from the best of a grid; None where it leads to
    raters without variance, or nowhere."""
    if start is not None:
        total = start.units + start.raters + start.error
        starts = [(start.units / total, start.raters / total)]
    else:
        steps = (0.001, 0.05, 0.2, 0.4, 0.6, 0.8, 0.95)
        starts = [(u, r) for u in (-0.1, *steps) for r in steps if u + r < 0.99]
    begun = [(d, s) for s in starts if (d := _deviance(sums, s)) < math.inf]
    if not begun:
        return None
    deviance, here = min(begun)
    x = np.array(here)
    for _ in range(60):
        slope = _slopes(sums, x)
        curve = _curve(sums, x)
        if slope is None or curve is None or (x[1] < 1e-7 and slope[1] > 0):
            return None
        values, vectors = np.linalg.eigh(curve)
        step = -vectors @ ((vectors.T @ slope) / np.maximum(np.abs(values), 1e-12))
        if float(np.abs(step).max()) < 1e-14:
            break
        for halving in range(30):
            trial = x + step / 2**halving
            new = _deviance(sums, (trial[0], trial[1]))
            if new <= deviance + 1e-12 * abs(deviance):
                break
        else:
            break
        moved = float(np.abs(trial - x).max())
        x, deviance = trial, new
        if moved < 1e-15:
            break
    slope, curve = _slopes(sums, x), _curve(sums, x)
    if slope is None or curve is None or np.linalg.eigvalsh(curve)[0] <= 0:
        return None
    if float(np.abs(np.linalg.solve(curve, slope)).max()) > 1e-9:
        return None
    return _components(sums, "random", *_ratios(x))


def _ratios(x: NDArray[np.float64]) -> tuple[float, float]:
    error = 1 - x[0] - x[1]
    return float(x[0] / error), float(x[1] / error)


def _deviance(sums: TwoWay, shares: tuple[float, float]) -> float:
    if shares[0] + shares[1] >= 1 or shares[1] < 0:
        return math.inf
    point = sums.at("random", *_ratios(np.array(shares)))
    return math.inf if point is None else point.deviance


def _slopes(sums: TwoWay, x: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The slopes by the shares, from those by the ratios."""
    error = 1 - x[0] - x[1]
    point = sums.at("random", *_ratios(x)) if error > 0 else None
    if point is None:
        return None
    by_units = ((1 - x[1]) * point.slope_units + x[1] * point.slope_raters) / error**2
    by_raters = (x[0] * point.slope_units + (1 - x[0]) * point.slope_raters) / error**2
    return np.array([by_units, by_raters])


def _curve(sums: TwoWay, x: NDArray[np.float64]) -> NDArray[np.float64] | None:
    """The second derivatives, from differences of the slopes."""
    columns = []
    for i in range(2):
        h = 1e-5 * (1 - x[0] - x[1])
        up, down = (_slopes(sums, x + s * h * np.eye(2)[i]) for s in (1, -1))
        if up is None or down is None:
            return None
        columns.append((up - down) / (2 * h))
    both = np.array(columns)
    return np.asarray((both + both.T) / 2)
