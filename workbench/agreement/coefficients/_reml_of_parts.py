"""Restricted maximum likelihood of objects × raters with parts within the objects, with any cells missing.

Patterson & Thompson (1971), Biometrika 58, 545–554; with no component below zero, as lme4 has it (Bates et al. 2015,
Journal of Statistical Software 67). Parts and objects are eliminated one after the other, so that the likelihood
needs matrices of raters × raters only: the cost is linear in the cells.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse
from scipy.sparse import csgraph
from scipy.sparse import linalg as sparse_linalg

from workbench.agreement.coefficients._facet_cells import REML, Cells, Components
from workbench.agreement.data import Numbers

# The places of the ratios (component / error) in a vector.
OBJECT, PART, RATER, BOTH = range(4)
TOO_SPARSE = "the table has too few ratings beside each other to tell its components of variance apart"
_STEP = 1e-30
_LARGEST_RATIO = 1e9

Estimate = tuple[Components | None, str, Numbers | None]


def by_likelihood(table: Cells, start: Numbers | None) -> Estimate:
    """The components of a table of values up to 1, or why there are none; and the ratios, to start a similar one."""
    if (left := _left_over(table)) is not None:
        return left
    sums = _likelihood(table)
    found: Numbers | None = None if start is None else _newton(sums, start, 1e-7)
    if found is None:
        candidates = [_newton(sums, _descend(sums, scale)) for scale in (0.3, 3.0)]
        solved = [c for c in candidates if c is not None]
        if not solved:
            return None, TOO_SPARSE, None
        found = min(solved, key=lambda ratios: round(sums.at(ratios), 7))
    error = float(np.real(sums.deviance(found)[1]))
    object_, part, rater, both = (float(x) for x in found * error)
    return Components(object_, part, None if table.nested else rater, both, error, REML), "", found


@dataclass(frozen=True, eq=False)
class _Likelihood:
    """What the restricted likelihood needs of a table, summed once.

    sizes (m,): how many raters a part can have. n_of (m, n): parts of an object with that many.
    together (m, n, k, k), totals (m, n, k), squares (m, n): over such parts, who rated with whom, the
    part's total beside who rated it, the total squared. rated (n, k, k), sums (n, k), square: of single
    values. free: which ratios the design has.
    """

    sizes: Numbers
    n_of: Numbers
    together: Numbers
    totals: Numbers
    squares: Numbers
    rated: Numbers
    sums: Numbers
    square: float
    n_cells: int
    free: tuple[int, ...]

    def deviance(self, ratios: NDArray[Any]) -> tuple[Any, Any]:
        """Minus twice the restricted log-likelihood (but for a constant) and the error's variance, at
        ratios of shape (4,), real or complex; the deviance is +inf where it has no value."""
        object_, part, rater, both = ratios
        k = self.sums.shape[1]
        shrink = part / (1 + part * self.sizes)
        g = self.rated - np.einsum("m,mnij->nij", shrink, self.together)
        h = self.sums - np.einsum("m,mni->ni", shrink, self.totals)
        rest = self.square - shrink @ self.squares.sum(axis=1)
        size = (self.n_of.sum(axis=1) * np.log(1 + part * self.sizes)).sum()
        between = both * np.eye(k) + object_
        m = np.eye(k) + g @ between
        size = size + np.log(np.linalg.det(m)).sum()
        solved = np.linalg.solve(m, np.concatenate([g, h[:, :, None]], axis=2))
        rest = rest - np.einsum("ni,ij,nj->", h, between, solved[:, :, k])
        a, b = solved[:, :, :k].sum(axis=0), solved[:, :, k].sum(axis=0)
        m = np.eye(k) + rater * a
        size = size + np.log(np.linalg.det(m))
        u = np.linalg.solve(m, np.column_stack([a, b]))
        rest = rest - rater * (b @ u[:, k])
        weight, total = u[:, :k].sum(), u[:, k].sum()
        rest = rest - total**2 / weight
        if not (np.real(rest) > 0 and np.isfinite(rest) and np.isfinite(size)):
            return np.inf, np.nan
        left = self.n_cells - 1
        return size + np.log(weight) + left * np.log(rest), rest / left

    def at(self, ratios: Numbers) -> float:
        return float(self.deviance(ratios)[0])

    def slopes(self, ratios: Numbers) -> Numbers:
        """By each free ratio, exact to rounding (complex step)."""
        out = np.zeros(4)
        for j in self.free:
            z = ratios.astype(complex)
            z[j] += _STEP * 1j
            out[j] = np.imag(self.deviance(z)[0]) / _STEP
        return out


def _likelihood(table: Cells) -> _Likelihood:
    rated = ~np.isnan(table.values)
    d, y = rated.astype(float), np.nan_to_num(table.values)
    m, total = rated.sum(axis=1), y.sum(axis=1)
    sizes = np.unique(m[m > 0])
    same = [(m == size).astype(float) for size in sizes]
    k = y.shape[1]
    counts = d.sum(axis=2)
    return _Likelihood(
        sizes=sizes.astype(float),
        n_of=np.array([s.sum(axis=1) for s in same]),
        together=np.array([np.einsum("nis,njs,ns->nij", d, d, s, optimize=True) for s in same]),
        totals=np.array([np.einsum("nis,ns,ns->ni", d, total, s) for s in same]),
        squares=np.array([(s * total**2).sum(axis=1) for s in same]),
        rated=counts[:, :, None] * np.eye(k),
        sums=y.sum(axis=2),
        square=float((y**2).sum()),
        n_cells=int(rated.sum()),
        free=tuple(j for j in (OBJECT, PART, RATER, BOTH) if not (table.nested and j == RATER)),
    )


def _left_over(table: Cells) -> tuple[Components | None, str, None] | None:
    """Where parts and raters explain every rating, there is no error to relate the components to."""
    rated = ~np.isnan(table.values)
    n, k, s = rated.shape
    where = np.argwhere(rated)
    unit = np.unique(where[:, 0] * s + where[:, 2], return_inverse=True)[1]
    of_rater = np.unique(where[:, 0] * k + where[:, 1], return_inverse=True)[1]
    values = table.values[rated]
    residual, free = _additive(values, unit, of_rater)
    if residual > 1e-18:
        return None if free > 0 else (None, TOO_SPARSE, None)
    mean = np.bincount(unit, values) / np.bincount(unit)
    if float(((values - mean[unit]) ** 2).sum()) > 1e-18 or free <= 0:
        return None, "sessions and raters explain every rating exactly, which leaves no error to compare with", None
    # all who rated a part agree on it: only objects and their parts differ
    owner = np.zeros(len(mean), dtype=np.intp)
    owner[unit] = where[:, 0]
    count = np.bincount(owner, minlength=n)
    by_object = np.bincount(owner, mean, minlength=n) / count
    within = float(((mean - by_object[owner]) ** 2).sum()) / max(len(mean) - n, 1)
    n0 = (len(mean) - float((count**2).sum()) / len(mean)) / (n - 1)
    between = float((count * (by_object - mean.mean()) ** 2).sum()) / (n - 1)
    zero = None if table.nested else 0.0
    return Components(max((between - within) / n0, 0.0), within, zero, 0.0, 0.0, REML), "", None


def _additive(values: Numbers, unit: NDArray[np.intp], rater: NDArray[np.intp]) -> tuple[float, int]:
    """What units + raters leave over of the values (sum of squares), and its degrees of freedom."""
    n_units, n_raters = int(unit.max()) + 1, int(rater.max()) + 1
    design = sparse.coo_array((np.ones(len(values)), (unit, rater)), shape=(n_units, n_raters)).tocsr()
    per_unit = np.bincount(unit).astype(float)
    share = sparse.diags_array(1 / per_unit) @ design
    own = values - (np.bincount(unit, values) / per_unit)[unit]
    links = csgraph.connected_components(design.T @ design, directed=False)[0]
    free = len(values) - n_units - n_raters + int(links)
    columns = sparse.coo_array((np.ones(len(values)), (np.arange(len(values)), rater))).tocsr() - share[unit]
    fitted = sparse_linalg.lsqr(columns, own, atol=1e-15, btol=1e-15, iter_lim=20 * n_raters + 100)[0]
    return float(((own - columns @ fitted) ** 2).sum()), free


def _descend(sums: _Likelihood, scale: float) -> Numbers:
    """Ratios near the maximum of the likelihood, from all at `scale`. On their square roots, as lme4."""
    places = list(sums.free)

    def ratios(roots: Numbers) -> Numbers:
        out = np.zeros(4)
        out[places] = roots**2
        return out

    def fun(roots: Numbers) -> tuple[float, Numbers]:
        value = sums.at(ratios(roots))
        if not math.isfinite(value):
            return 1e10, np.zeros(len(places))
        return value, sums.slopes(ratios(roots))[places] * 2 * roots

    roots = np.full(len(places), math.sqrt(scale))
    bounds = [(0.0, math.sqrt(_LARGEST_RATIO))] * len(places)
    for _ in range(4):
        roots = optimize.minimize(fun, roots, jac=True, method="L-BFGS-B", bounds=bounds).x
        downhill = (roots < 1e-3) & (sums.slopes(ratios(np.where(roots < 1e-3, 0.0, roots)))[places] < -1e-6)
        if not downhill.any():
            break
        roots = np.where(downhill, 0.1, roots)  # at 0 the square root has no slope to follow
    return ratios(roots)


def _newton(sums: _Likelihood, start: Numbers, close: float = 1e-12) -> Numbers | None:
    """The maximum of the likelihood to rounding, with ratios of 0 where it lies at the edge; None where
    it has no maximum that a small change of the data would leave in place."""
    x = np.where(start < 1e-6, 0.0, start)
    inner = [j for j in sums.free if x[j] > 0]
    for _ in range(60):
        slope = sums.slopes(x)
        if back := [j for j in sums.free if j not in inner and slope[j] < -1e-7]:
            inner = sorted([*inner, *back])
            x[back] = 1e-4
            slope = sums.slopes(x)
        if not inner:
            return x
        curve = _curve(sums, x, inner)
        values, vectors = np.linalg.eigh(curve)
        scale = x[inner]
        step = -vectors @ ((vectors.T @ (slope[inner] * scale)) / np.maximum(np.abs(values), 1e-9))
        factor = np.exp(np.clip(step, -1.5, 1.5))
        before, tried = sums.at(x), x.copy()
        for _ in range(40):
            tried[inner] = scale * factor
            if sums.at(tried) <= before + 1e-12 * abs(before):
                break
            factor = np.sqrt(factor)
        x = tried
        small = [j for j in inner if x[j] < 1e-7]
        x[small] = 0.0
        inner = [j for j in inner if j not in small]
        if not small and float(np.abs(np.log(factor)).max()) < close:
            break
    if x.max() > _LARGEST_RATIO / 10:
        return None
    if inner:
        if np.linalg.eigvalsh(_curve(sums, x, inner))[0] < 1e-5:
            return None
        if float(np.abs(sums.slopes(x)[inner] * x[inner]).max()) > 1e-6:
            return None
    return x


def _curve(sums: _Likelihood, x: Numbers, inner: list[int]) -> Numbers:
    """Second derivatives by the logarithms of the ratios that are not 0."""
    columns = []
    for j in inner:
        ends = []
        for h in (1e-5, -1e-5):
            moved = x.copy()
            moved[j] *= math.exp(h)
            ends.append((sums.slopes(moved) * moved)[inner])
        columns.append((ends[0] - ends[1]) / 2e-5)
    both = np.array(columns)
    return np.asarray((both + both.T) / 2)
