"""Bootstrap: an interval from thousands of replicates that draw what is independent anew, with replacement.

Expanded: the plain percentile interval of n draws is too narrow even at 20 or 30 (simulated: 91 %),
because a bootstrap has the spread of n instead of n − 1 and a normal instead of a t tail. The
percentiles are moved outward by that much (Hesterberg 2015, The American Statistician 69, 371–386).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy import special  # its quantiles are those of scipy.stats, which takes 25 MB more to load

from workbench.agreement.clusters import Clusters
from workbench.agreement.data import Numbers
from workbench.agreement.interval import NOT_ASKED_FOR, Interval, Options
from workbench.agreement.statistic import Statistic

BY_REPLICATES = "share of the bootstrap replicates"
SAME_VALUE = "every replicate has the same value, so resampling shows no spread"
# Weights are made in pieces of this many numbers: they stay in the processor's cache and the
# memory needed does not grow with the replicates.
_PIECE = 1_000_000


def expanded_tail(confidence: float, n: int) -> float:
    """The share of the replicates to leave out on each side (Hesterberg 2015).

    >>> round(expanded_tail(0.95, 20), 4), round(expanded_tail(0.95, 2000), 4)
    (0.0159, 0.0249)
    """
    if n < 2:
        return 0.0
    t = float(special.stdtrit(n - 1, (1 + confidence) / 2))
    return float(special.ndtr(-math.sqrt(n / (n - 1)) * t))


def block_length(n: int) -> int:
    """Units in a block: the cube root of the number of units, rounded up (Bühlmann & Künsch 1999)."""
    return max(2, math.ceil(round(math.cbrt(n), 9)))


def pieces(n: int, options: Options) -> Iterator[int]:
    """How many replicates of n weights to make at once, and again, until all are made."""
    rows = max(1, _PIECE // n)
    for start in range(0, options.replicates, rows):
        yield min(rows, options.replicates - start)


def draws(n: int, options: Options) -> Iterator[Numbers]:
    """Multinomial weights in pieces of shape (some replicates, n), each row summing to n."""
    rng = np.random.default_rng(options.seed)
    for r in pieces(n, options):
        drawn = rng.integers(0, n, size=(r, n), dtype=np.int64)
        drawn += np.arange(r, dtype=np.int64)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=r * n).reshape(r, n).astype(np.float64)


def block_draws(within: Clusters, options: Options) -> Iterator[Numbers]:
    """Weights that draw runs of neighbouring units within each session, wrapping at its end.

    Neighbours are those in time where the order in time is known, else those that were given beside each other.
    """
    rng = np.random.default_rng(options.seed)
    order = np.arange(within.n_units) if within.order is None else within.order
    places = [order[within.index[order] == s] for s in range(within.count)]
    for r in pieces(within.n_units, options):
        weights = np.zeros((r, within.n_units))
        for place in places:
            n = len(place)
            length = min(block_length(n), n)
            starts = rng.integers(0, n, size=(r, math.ceil(n / length)))
            lengths = np.full(starts.shape[1], length)
            lengths[-1] = n - (len(lengths) - 1) * length  # the last run is cut so that n are drawn
            weights[:, place] = _runs(starts, lengths, n)
        yield weights


def _runs(starts: NDArray[np.int64], lengths: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """How often runs from `starts` (replicates, runs) on, of `lengths` (runs,), hold each of n places in a circle."""
    rows = len(starts)
    ends = starts + lengths
    wrapped = ends >= n
    of_row = np.arange(rows)[:, None] * n
    change = np.bincount((starts + of_row).ravel(), minlength=rows * n)
    change -= np.bincount((np.where(wrapped, ends - n, ends) + of_row).ravel(), minlength=rows * n)
    change = change.reshape(rows, n)
    change[:, 0] += wrapped.sum(axis=1)
    return np.cumsum(change, axis=1, out=change)


def percentile(
    weights: Iterator[Numbers],
    statistic: Statistic,
    options: Options,
    method: str,
    scope: str,
    independent: int,
    notes: tuple[str, ...] = (),
) -> Interval:
    """From replicates that drew `independent` things (units, sessions, blocks) anew."""
    if options.replicates == 0:
        return Interval(reason=NOT_ASKED_FOR)
    drawn = np.concatenate([statistic.at(w) for w in weights])
    defined = np.sort(drawn[np.isfinite(drawn)])
    undefined = len(drawn) - len(defined)

    def found(low: float | None, high: float | None, reason: str | None = None) -> Interval:
        return Interval(
            low,
            high,
            f"{method}, expanded percentile",
            scope,
            reason,
            options.replicates,
            options.seed,
            undefined,
            notes,
            None if low is None else lambda x: float(np.searchsorted(defined, x, side="left") / len(defined)),
            "" if low is None else BY_REPLICATES,
        )

    if len(defined) <= len(drawn) / 2:
        return found(None, None, f"{undefined} of {len(drawn)} replicates have no value: too little varies")
    if undefined:
        notes = (*notes, f"{undefined} of {len(drawn)} replicates had no value and were left out.")
    if defined[-1] - defined[0] <= 1e-12 * max(1.0, abs(float(defined[0]))):
        return found(None, None, SAME_VALUE)
    tail = expanded_tail(options.confidence, independent)
    low, high = np.quantile(defined, [tail, 1 - tail])
    return found(float(low), float(high))
