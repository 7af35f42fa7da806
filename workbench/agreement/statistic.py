"""A coefficient as a function of how often each unit counts: what every way of resampling asks for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.agreement.data import Numbers

# Slopes are taken over this share of a unit.
_NUDGE = 0.01
# Sums are changed in pieces of this many numbers.
_PIECE = 1_000_000


class Statistic(Protocol):
    """A coefficient as a function of how often each pairable unit counts."""

    def at(self, weights: Numbers) -> Numbers:
        """Weights of shape (replicates, units) → values of shape (replicates,), NaN where undefined."""

    def grouped(self, index: NDArray[np.intp], groups: int) -> Statistic:
        """The same with weights of groups: unit u belongs to group index[u]."""


class Smooth(Statistic, Protocol):
    """A statistic that also says what each unit does to it."""

    def influence(self) -> Numbers:
        """n times the slope of the value along the weight of each unit, where all count once: (units,)."""

    def without(self) -> Numbers:
        """The value without each unit in turn: (units,), NaN where undefined."""

    def in_order(self, place: NDArray[np.intp]) -> Smooth:
        """The same of units[place]."""


@dataclass(frozen=True, eq=False)
class Additive:
    """A statistic of sums over units: `sums` of shape (units, p), dense or sparse, and `value_of`
    from weighted sums of shape (replicates, p) to values of shape (replicates,)."""

    sums: Numbers | sparse.csr_array
    value_of: Callable[[Numbers], Numbers]

    def at(self, weights: Numbers) -> Numbers:
        if isinstance(self.sums, np.ndarray):
            return self.value_of(weights @ self.sums)
        return self.value_of(np.asarray((self.sums.T @ weights.T).T))

    def influence(self) -> Numbers:
        n, p = self.sums.shape
        if n <= p:
            return np.asarray(n * (self._nudged(_NUDGE) - self._nudged(-_NUDGE)) / (2 * _NUDGE))
        largest = abs(self.sums).max(axis=0)
        step = _NUDGE * dense(largest).ravel()
        step[step == 0] = 1.0
        slope = (self._moved(step) - self._moved(-step)) / (2 * step)
        return np.asarray(n * (self.sums @ slope))

    def without(self) -> Numbers:
        return self._nudged(-1.0)

    def in_order(self, place: NDArray[np.intp]) -> Additive:
        return replace(self, sums=self.sums[place])

    @property
    def _total(self) -> Numbers:
        return np.asarray(self.sums.sum(axis=0), dtype=np.float64).ravel()

    def _moved(self, step: Numbers) -> Numbers:
        """The value where each of the weighted sums in turn is larger by its step: (p,), from (p,)."""
        p, total = len(step), self._total
        value = np.empty(p)
        for at in range(0, p, max(1, _PIECE // p)):
            some = np.arange(at, min(p, at + max(1, _PIECE // p)))
            moved = np.zeros((len(some), p))
            moved[np.arange(len(some)), some] = step[some]
            value[some] = self.value_of(total + moved)
        return value

    def _nudged(self, step: float) -> Numbers:
        """The value where each unit in turn counts 1 + step: (units,)."""
        n, p = self.sums.shape
        total, rows = self._total, max(1, _PIECE // p)
        found = [self.value_of(total + step * dense(self.sums[at : at + rows])) for at in range(0, n, rows)]
        return np.concatenate(found)

    def grouped(self, index: NDArray[np.intp], groups: int) -> Additive:
        n = len(index)
        member = sparse.csr_array((np.ones(n), (index, np.arange(n))), shape=(groups, n))
        added = member @ self.sums
        return Additive(added if isinstance(self.sums, np.ndarray) else added.tocsr(), self.value_of)


@dataclass(frozen=True, eq=False)
class Spread:
    """A statistic that is no function of sums: weights of groups are handed to each unit."""

    whole: Statistic
    index: NDArray[np.intp]

    def at(self, weights: Numbers) -> Numbers:
        return self.whole.at(weights[:, self.index])

    def grouped(self, index: NDArray[np.intp], groups: int) -> Statistic:
        return Spread(self.whole, index[self.index])


def ratio(part: Numbers, whole: Numbers) -> Additive:
    """Σ part / Σ whole, both (units,); with a whole of ones the mean of the part."""
    return Additive(np.column_stack([part, whole]), lambda sums: np.asarray(sums[:, 0] / sums[:, 1]))


def dense(sums: Numbers | sparse.sparray) -> Numbers:
    """A table as an array."""
    return sums if isinstance(sums, np.ndarray) else np.asarray(sums.toarray())
