"""Observed and expected disagreement of Krippendorff's α, for many weightings of the units at once.

With m values in unit u and difference δ², unit u adds Σ_{i≠j} δ²(x_i, x_j) / (m − 1) to Do·n, and
De·n = Σ_{c,k} n_c n_k δ²(c, k) / (n − 1) over all n pairable values. So a replicate needs only
weighted sums over units:

- nominal:  within = (m² − Σ c_v²)/(m − 1) and the counts n_v;
- interval: m, Σx, Σx² give both, with no table of values (Σ_{i≠j}(x_i − x_j)² = 2mΣx² − 2(Σx)²);
- ratio:    within, the counts, and the values' δ² among each other;
- ordinal:  δ is the distance of mid-ranks, which move with the counts n_v: few values go through
  coincidences (values²/2 sums), many values through one pass over the cells for each replicate.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.agreement.coefficients._sums import Table, beside, counted_codes
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.statistic import Additive, Smooth, Spread, Statistic, dense

# Ordinal data with more different values than this goes cell by cell.
FEW_VALUES = 12
_PAIR_ROWS = 2048


@dataclass(frozen=True, eq=False)
class Disagreement(ABC):
    """The pairable units of a data set.

    index (n_raters, n_units): position of each value in `domain`, −1 where missing. size (n_units,):
    values in each unit.
    """

    level: Level
    domain: Numbers
    index: NDArray[np.intp]
    size: Numbers

    @property
    def n_units(self) -> int:
        return len(self.size)

    @abstractmethod
    def statistic(self) -> Smooth:
        """α as a function of how often each unit counts; NaN where nothing varies."""

    def within(self, x: Numbers) -> Numbers:
        """Σ_{i≠j}(x_i − x_j)² / (m − 1) of each unit, from x of shape (n_raters, n_units), 0 where missing.

        From deviations within the unit, so that it is exactly 0 where all say the same.
        """
        deviation = np.where(self.index >= 0, x - x.sum(axis=0) / self.size, 0.0)
        return np.asarray(2 * self.size * (deviation**2).sum(axis=0) / (self.size - 1))

    @property
    def agreed(self) -> NDArray[np.bool_]:
        """Units of which all said the same: (n_units,)."""
        return np.asarray(self.index.max(axis=0) == np.where(self.index < 0, len(self.domain), self.index).min(axis=0))

    def order(self) -> Numbers:
        """Rows that sort units by what they hold, whoever said it: (n_units, n_raters)."""
        return np.sort(self.index, axis=0).T.astype(np.float64)

    def counts(self) -> Table:
        """How often each unit got each value: (n_units, n_values)."""
        return counted_codes(self.index, len(self.domain))

    def counts_for_library(self, limit: int) -> NDArray[np.int64] | None:
        """The counts as the library wants them, or None when it would need more than `limit` numbers."""
        if self.n_units * len(self.domain) ** 2 > limit:
            return None
        return dense(self.counts()).astype(np.int64)


def disagreement(data: ReliabilityData) -> Disagreement:
    """The table that fits the level of `data`, which must hold at least two different values."""
    values = data.pairable()
    domain = data.domain()
    present = ~np.isnan(values)
    index = np.full(values.shape, -1, dtype=np.intp)
    index[present] = np.searchsorted(domain, values[present])
    size = present.sum(axis=0).astype(np.float64)
    kind: type[Disagreement]
    match data.level:
        case Level.NOMINAL:
            kind = Nominal
        case Level.INTERVAL:
            kind = IntervalDifference
        case Level.RATIO:
            kind = Ratio
        case Level.ORDINAL:
            kind = FewRanks if len(domain) <= FEW_VALUES else ManyRanks
    return kind(data.level, domain, index, size)


def _one_minus(observed: Numbers, expected: Numbers, scale: Numbers) -> Numbers:
    """1 − observed/expected, NaN where expected is zero up to rounding against `scale`."""
    usable = expected > 1e-12 * np.maximum(scale, np.finfo(float).tiny)
    ratio = np.divide(observed, expected, out=np.full_like(expected, np.nan), where=usable)
    return 1.0 - ratio


def scaled(domain: Numbers, level: Level) -> Numbers:
    """The values with an origin and a unit that change no α of their level, but keep squares exact."""
    if level is Level.INTERVAL:
        spread = domain[-1] / 2 - domain[0] / 2
        middle = domain[-1] / 2 + domain[0] / 2
        return np.asarray((domain - middle) / spread)
    if level is Level.RATIO:
        return np.asarray(domain / domain[-1])
    return domain


class Nominal(Disagreement):
    def statistic(self) -> Smooth:
        counts = self.counts()
        squares = (counts * counts if isinstance(counts, np.ndarray) else counts.multiply(counts)).sum(axis=1)
        within = (self.size**2 - np.asarray(squares).ravel()) / (self.size - 1)

        def value_of(sums: Numbers) -> Numbers:
            observed, n_v = sums[:, 0], sums[:, 1:]
            return _of_counts(observed, n_v.sum(axis=1), (n_v**2).sum(axis=1))

        kind = Additive if isinstance(counts, np.ndarray) else _ManyCounts
        return kind(beside([within], counts), value_of)


def _of_counts(observed: Numbers, n: Numbers, squares: Numbers) -> Numbers:
    """α from Do·n, the number of values and Σ n_v²."""
    return _one_minus(observed, (n**2 - squares) / (n - 1), n)


class _ManyCounts(Additive):
    """α of so many values that what one value or one unit changes in Σ n_v² is added to it: no pass over all the
    values for each of them."""

    def _moved(self, step: Numbers) -> Numbers:
        observed, n_v, by = np.full(len(step), self._total[0]), self._total, step.copy()
        observed[0] += step[0]
        n_v[0] = by[0] = 0.0  # the first sum is Do·n, the others are counts
        return _of_counts(observed, n_v.sum() + by, (n_v**2).sum() + 2 * by * n_v + by**2)

    def _nudged(self, step: float) -> Numbers:
        observed, n_v = self._total[0], self._total[1:]
        within, counts = dense(self.sums[:, :1]).ravel(), sparse.csr_array(self.sums[:, 1:])
        own = np.asarray(counts.multiply(counts).sum(axis=1)).ravel()
        squares = (n_v**2).sum() + 2 * step * (counts @ n_v) + step**2 * own
        return _of_counts(observed + step * within, n_v.sum() + step * np.asarray(counts.sum(axis=1)), squares)


class IntervalDifference(Disagreement):
    def statistic(self) -> Smooth:
        return _of_numbers(self, self.domain)


def _of_numbers(table: Disagreement, values: Numbers) -> Additive:
    """α of squared differences, `values` (n_values,) standing for those of the domain."""
    x = np.append(scaled(values, Level.INTERVAL), 0.0)[table.index]

    def value_of(sums: Numbers) -> Numbers:
        observed, n, all_x, all_squares = sums.T
        return _one_minus(observed, (2 * n * all_squares - 2 * all_x**2) / (n - 1), n)

    return Additive(np.column_stack([table.within(x), table.size, x.sum(axis=0), (x**2).sum(axis=0)]), value_of)


class Ratio(Disagreement):
    def statistic(self) -> Smooth:
        within = np.zeros(self.n_units)
        for i in range(len(self.index) - 1):
            a, b = self.index[i], self.index[i + 1 :]
            distance = _ratio(self.domain[a], self.domain[b])
            within += np.where((a >= 0) & (b >= 0), 2 * distance, 0.0).sum(axis=0)
        within /= self.size - 1

        def value_of(sums: Numbers) -> Numbers:
            observed, n_v = sums[:, 0], sums[:, 1:]
            n = n_v.sum(axis=1)
            expected = np.zeros(len(n_v))
            for start in range(0, len(self.domain), _PAIR_ROWS):
                rows = slice(start, start + _PAIR_ROWS)
                distances = _ratio(self.domain[rows, None], self.domain[None, :])
                expected += ((n_v[:, rows] @ distances) * n_v).sum(axis=1)
            return _one_minus(observed, expected / (n - 1), n * 1e-6)

        return Additive(beside([within], self.counts()), value_of)


class FewRanks(Disagreement):
    def statistic(self) -> Smooth:
        counts = dense(self.counts())
        values = len(self.domain)
        low, high = np.triu_indices(values, k=1)
        together = 2 * counts[:, low] * counts[:, high] / (self.size - 1)[:, None]

        def value_of(sums: Numbers) -> Numbers:
            n_v, coincidences = sums[:, :values], sums[:, values:]
            rank = np.cumsum(n_v, axis=1) - n_v / 2
            observed = (coincidences * (rank[:, low] - rank[:, high]) ** 2).sum(axis=1)
            return _one_minus(observed, _expected_ranks(n_v, rank), n_v.sum(axis=1) ** 2)

        return Additive(np.column_stack([counts, together]), value_of)


class ManyRanks(Disagreement):
    def statistic(self) -> Smooth:
        return self

    def at(self, weights: Numbers) -> Numbers:
        n_v = Additive(self.counts(), lambda sums: sums).at(weights)
        rank = np.cumsum(n_v, axis=1) - n_v / 2
        observed = np.array(
            [row @ self.within(np.append(ranks, 0.0)[self.index]) for row, ranks in zip(weights, rank, strict=True)]
        )
        return _one_minus(observed, _expected_ranks(n_v, rank), n_v.sum(axis=1) ** 2)

    def influence(self) -> Numbers:
        return self._at_these_ranks().influence()

    def without(self) -> Numbers:
        return self._at_these_ranks().without()

    def in_order(self, place: NDArray[np.intp]) -> ManyRanks:
        return replace(self, index=self.index[:, place], size=self.size[place])

    def _at_these_ranks(self) -> Additive:
        """α of the mid-ranks as they are, taken for numbers: near enough for what one unit does to it."""
        n_v = np.asarray(self.counts().sum(axis=0), dtype=np.float64).ravel()
        return _of_numbers(self, np.cumsum(n_v) - n_v / 2)

    def grouped(self, index: NDArray[np.intp], groups: int) -> Statistic:
        return Spread(self, index)


def _expected_ranks(n_v: Numbers, rank: Numbers) -> Numbers:
    """De·n where the difference is that of mid-ranks: (2nΣn_v R² − 2(Σn_v R)²)/(n − 1)."""
    n = n_v.sum(axis=1)
    centred = rank - ((n_v * rank).sum(axis=1) / n)[:, None]
    return np.asarray(2 * n * (n_v * centred**2).sum(axis=1) / (n - 1))


def _ratio(a: Numbers, b: Numbers) -> Numbers:
    total = a + b
    return np.asarray(np.divide(a - b, total, out=np.zeros(np.broadcast(a, b).shape), where=total != 0) ** 2)
