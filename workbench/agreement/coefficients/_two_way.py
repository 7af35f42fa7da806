"""Ratings by units and raters, with cells that may be missing: the likelihood of variance components.

The model is y_ij = μ + unit_i + rater_j + error_ij. Raters are random ("random"), fixed ("fixed") or
left in the error ("one-way"). Patterson & Thompson (1971), Biometrika 58, 545–554. With
V = I + θ_u G_u + θ_r G_r (θ: variances relative to the error's, G: who shares a unit or a rater), a
unit of m ratings needs only m, its total and who rated it, so everything comes down to sums over
units of equal m and matrices of raters × raters: the cost is linear in units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from workbench.agreement.data import Numbers

Model = Literal["random", "fixed", "one-way"]


@dataclass(frozen=True, eq=False)
class Point:
    """The likelihood at one pair of ratios: deviance, its slopes, y'Py."""

    deviance: float
    slope_units: float
    slope_raters: float
    rest: float


@dataclass(frozen=True, eq=False)
class TwoWay:
    """A table of shape (n units, k raters) as sums over its units; NaN where missing.

    m (s,): the numbers of ratings a unit can have. n_of (s,): units with that many. together
    (s, k, k): how often two raters share such a unit. totals (s, k): sum over a rater's units of the
    unit's total. squares (s,): Σ total². columns (k,): each rater's total. within: Σ(y − unit mean)².
    """

    n_cells: float
    m: Numbers
    n_of: Numbers
    together: Numbers
    totals: Numbers
    squares: Numbers
    columns: Numbers
    within: float
    parts: int

    @property
    def n(self) -> float:
        return float(self.n_of.sum())

    @property
    def k(self) -> int:
        return len(self.columns)

    def free(self, model: Model) -> float:
        """Degrees of freedom of the error: cells less units (and raters, in each connected part)."""
        return self.n_cells - self.n - (0 if model == "one-way" else self.k - self.parts)

    def free_units(self, model: Model) -> float:
        """Degrees of freedom of the units, given the raters where the model has them."""
        return self.n - (1 if model == "one-way" else self.parts)

    def raters_per_unit(self) -> float:
        """k of the expected mean square of units given raters, σ²e + k σ²u (Henderson's method 3)."""
        return (self.n_cells - self.k) / (self.n - self.parts)

    def units_per_rater(self) -> float:
        """n of the expected mean square of raters given units, σ²e + n σ²r."""
        return (self.n_cells - self.n) / (self.k - self.parts)

    def error_sum(self, model: Model) -> float:
        """Sum of squares that units (and raters) leave over."""
        if model == "one-way":
            return self.within
        a = self._a(1 / self.m)
        b = self.columns - (self.totals / self.m[:, None]).sum(axis=0)
        return max(self.within - float(b @ np.linalg.pinv(a, rcond=1e-10, hermitian=True) @ b), 0.0)

    def spread(self, model: Model) -> tuple[float, float]:
        """Variances of the units and (0 where the model is "one-way") of the raters, where the two explain every
        value and every rater is linked with every other."""
        raters = np.zeros(self.k)
        if model != "one-way":
            b = self.columns - (self.totals / self.m[:, None]).sum(axis=0)
            raters = np.linalg.pinv(self._a(1 / self.m), rcond=1e-10, hermitian=True) @ b
        shared = np.einsum("sii->si", self.together) @ raters
        squares = self.squares - 2 * self.totals @ raters + np.einsum("i,sij,j->s", raters, self.together, raters)
        mean = float(((self.totals.sum(axis=1) / self.m - shared) / self.m).sum()) / self.n
        units = max(float((squares / self.m**2).sum()) - self.n * mean**2, 0.0) / (self.n - 1)
        return units, float(raters.var(ddof=1)) if model != "one-way" else 0.0

    def rest(self, model: Model, units: float) -> float:
        """y'Py at the ratio σ²u/σ²e = `units`: the generalised residual sum of squares."""
        point = self.at(model, units, 0.0)
        return math.nan if point is None else point.rest

    def _a(self, shrink: Numbers) -> Numbers:
        """Σ over units of diag(who rated it) − shrink × who rated it with whom."""
        shared = np.einsum("s,sij->ij", shrink, self.together)
        return np.asarray(np.diag(np.einsum("sii->i", self.together)) - shared)

    def at(self, model: Model, units: float, raters: float) -> Point | None:
        """The likelihood at these ratios, or None outside of where V is positive definite."""
        grown = 1 + units * self.m
        if grown.min() <= 1e-12:
            return None
        one = np.ones(self.k)
        a = self._a(units / grown)
        b = self.columns - (units / grown) @ self.totals
        # y'W y, with W the inverse of I + θ_u G_u
        whole = self.within + float((self.squares / (self.m * grown)).sum())
        size = float((self.n_of * np.log(grown)).sum())
        spread = float(self.n_of @ (self.m / grown))
        if model == "fixed":
            sign, log_a = np.linalg.slogdet(a)
            if sign <= 0:
                return None
            inverse = np.linalg.inv(a)
            fitted = inverse @ b
            p, rest, size = self.k, whole - float(b @ fitted), size + float(log_a)
            trace_units = spread - float(np.einsum("ij,sij,s->", inverse, self.together, grown**-2))
            return self._point(p, rest, size, fitted, grown, trace_units, 0.0, 0.0)
        # freed of the mean, so that only differences between raters must have a positive variance
        h = float(one @ a @ one)
        share = a @ one / h
        between, d = a - h * np.outer(share, share), b - share * b.sum()
        values = np.linalg.eigvalsh(np.eye(self.k) + raters * between)
        if values[0] <= 1e-12:
            return None
        inverse = np.linalg.inv(np.eye(self.k) + raters * between)
        q = inverse @ d
        rest = whole - float(b.sum()) ** 2 / h - raters * float(d @ q)
        size += float(np.log(values).sum()) + math.log(h)
        mean = (float(b.sum()) - raters * float(one @ a @ q)) / h
        pairs = np.einsum("sij,s->ij", self.together, grown**-2)
        free_of_mean = np.eye(self.k) - np.outer(one, share)
        trace_units = (
            spread
            - float(one @ pairs @ one) / h
            - raters * float(np.trace(inverse @ free_of_mean.T @ pairs @ free_of_mean))
        )
        trace_raters = float(np.trace(between @ inverse))
        return self._point(1, rest, size, mean + raters * q, grown, trace_units, trace_raters, float(q @ q))

    def _point(
        self,
        p: int,
        rest: float,
        size: float,
        fitted: Numbers,
        grown: Numbers,
        trace_units: float,
        trace_raters: float,
        raters_square: float,
    ) -> Point | None:
        if rest <= 0:
            return None
        left = self.squares - 2 * self.totals @ fitted + np.einsum("i,sij,j->s", fitted, self.together, fitted)
        units_square = float((left / grown**2).sum())
        free = self.n_cells - p
        return Point(
            size + free * math.log(rest),
            trace_units - free * units_square / rest,
            trace_raters - free * raters_square / rest,
            rest,
        )


def two_way(table: Numbers, weights: Numbers | None = None) -> TwoWay:
    """The sums of a table of shape (n units, k raters), each unit counted `weights` times (0 or more)."""
    rated = ~np.isnan(table)
    counts = np.ones(len(table)) if weights is None else weights
    size = rated.sum(axis=1)
    used = (size > 0) & (counts > 0)
    rated, counts, size = rated[used].astype(float), counts[used], size[used]
    y = np.where(rated > 0, np.nan_to_num(table[used]), 0.0)
    total = y.sum(axis=1)
    raters = np.flatnonzero(rated.any(axis=0))
    rated, y = rated[:, raters], y[:, raters]
    m = np.unique(size)
    same = [size == s for s in m]
    mean = total / size
    return TwoWay(
        n_cells=float(counts @ size),
        m=m.astype(float),
        n_of=np.array([counts[s].sum() for s in same]),
        together=np.array([(rated[s] * counts[s][:, None]).T @ rated[s] for s in same]),
        totals=np.array([(counts[s] * total[s]) @ rated[s] for s in same]),
        squares=np.array([float((counts[s] * total[s] ** 2).sum()) for s in same]),
        columns=np.asarray(counts @ y),
        within=float((counts[:, None] * (rated * (y - mean[:, None])) ** 2).sum()),
        parts=_connected(rated),
    )


def _connected(rated: Numbers) -> int:
    """Sets of raters that no unit links with each other."""
    return int(csgraph.connected_components(sparse.csr_array(rated.T @ rated), directed=False)[0])


def in_canonical_order(table: Numbers) -> Numbers:
    """The table with units and raters sorted by what stands in them, so that the same data in another
    order give the same sums to the last bit."""
    n, k = table.shape
    code = np.unique(table, return_inverse=True, equal_nan=True)[1].reshape(n, k)
    unit, rater = np.zeros(n, dtype=np.intp), np.zeros(k, dtype=np.intp)
    for _ in range(3):
        unit = np.unique(np.sort(code * k + rater, axis=1), axis=0, return_inverse=True)[1].ravel()
        rater = np.unique(np.sort(code.T * n + unit, axis=1), axis=0, return_inverse=True)[1].ravel()
    return np.asarray(table[np.argsort(unit, kind="stable")][:, np.argsort(rater, kind="stable")])
