"""Intervals by resampling what is independent: units, or sessions where units hang together.

Never pairs of values, never time bins as if they were independent. Which way is taken:

- units that do not hang together: bootstrap of units, expanded percentile interval;
- sessions, 20 or more: bootstrap of sessions, expanded percentile interval;
- sessions, 3 to 19: percentile intervals are too narrow there (simulated coverage 75 % with 3
  sessions, 83 % with 6, 89 % with 10), so: delete-one-session jackknife, t with sessions − 1
  degrees of freedom, on the scale −log(1 − x) that keeps the interval below 1;
- 1 or 2 sessions: nothing can be said of other sessions; a circular block bootstrap (Politis &
  Romano 1992) speaks of "within this session only", and says so.

Expanded: the plain percentile interval of n draws is too narrow even at 20 or 30 (simulated: 91 %),
because a bootstrap has the spread of n instead of n − 1 and a normal instead of a t tail. The
percentiles are moved outward by that much (Hesterberg 2015, The American Statistician 69, 371–386).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, special  # its quantiles are those of scipy.stats, which takes 25 MB more to load

from workbench.agreement.data import Numbers, ReliabilityData

ENOUGH_SESSIONS = 20
FEWEST_SESSIONS = 3
FEWEST_UNITS_FOR_BLOCKS = 10
DEFAULT_SEED = 2011

# Weights are made in pieces of this many numbers: they stay in the processor's cache and the
# memory needed does not grow with the replicates.
_PIECE = 1_000_000


class Statistic(Protocol):
    """A coefficient as a function of how often each pairable unit counts."""

    def at(self, weights: Numbers) -> Numbers:
        """Weights of shape (replicates, units) → values of shape (replicates,), NaN where undefined."""

    def grouped(self, index: NDArray[np.intp], groups: int) -> Statistic:
        """The same with weights of groups: unit u belongs to group index[u]."""


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


@dataclass(frozen=True)
class Options:
    """How intervals are made. Raises ValueError for what cannot be."""

    confidence: float = 0.95
    replicates: int = 2000
    seed: int = DEFAULT_SEED

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence is {self.confidence}, expected a share between 0 and 1, such as 0.95")
        if not 0 <= self.replicates <= 1_000_000:
            raise ValueError(f"replicates is {self.replicates}, expected 0 to 1000000")


@dataclass(frozen=True)
class Interval:
    """low and high, or the reason for none; how it was made and what it speaks of."""

    low: float | None = None
    high: float | None = None
    method: str = "none"
    scope: str = ""
    reason: str | None = None
    replicates: int = 0
    seed: int | None = None
    undefined: int = 0
    notes: tuple[str, ...] = ()
    below: Callable[[float], float] | None = field(default=None, compare=False, repr=False)
    """Share of the replicates below a value (P(α < .667)), where there are replicates."""


NO_INTERVAL = Interval()


def resampled(
    data: ReliabilityData,
    value: float,
    statistic: Statistic,
    options: Options,
    order: Numbers,
    upper: float = 1.0,
) -> Interval:
    """The interval of a coefficient whose value is `value`.

    `statistic` is over the pairable units in the order of `data`; `order` of shape (pairable units,
    any) sorts them before units are drawn, so that the same data in another order draws the same
    replicates. `upper` is the coefficient's largest value.
    """
    if options.replicates == 0:
        return Interval(reason="no replicates were asked for")
    if value >= upper:
        return Interval(reason="no disagreement was seen, so resampling cannot show how much there could be")
    n = order.shape[0]
    if data.resample == "units":
        if n < 2:
            return Interval(reason="one pairable unit is too few for an interval")
        place = np.lexsort(order.T[::-1]) if order.shape[1] else np.arange(n)
        rank = np.empty(n, dtype=np.intp)
        rank[place] = np.arange(n)
        few = (f"Only {n} pairable units: the interval is rough there.",) if n < 20 else ()
        return _percentile(
            (w[:, rank] for w in _draws(n, options)), statistic, options, "bootstrap of units", "over units", n, few
        )
    every, names = pd.factorize(np.asarray(data.sessions, dtype=object)[data.pairable_units], sort=True)
    index = np.asarray(every, dtype=np.intp)
    if len(names) >= ENOUGH_SESSIONS:
        by_session = statistic.grouped(index, len(names))
        return _percentile(
            _draws(len(names), options), by_session, options, "bootstrap of sessions", "over sessions", len(names)
        )
    if len(names) >= FEWEST_SESSIONS:
        return _jackknife(value, statistic.grouped(index, len(names)), options, [str(name) for name in names])
    if n < FEWEST_UNITS_FOR_BLOCKS:
        return Interval(reason=f"{n} pairable units of {len(names)} session(s) are too few for an interval")
    scope = "within this session only" if len(names) == 1 else "within these 2 sessions only"
    return _percentile(
        _blocks(index, len(names), options),
        statistic,
        options,
        f"circular block bootstrap, blocks of {block_length(n // len(names))} units",
        scope,
        sum(math.ceil(m / block_length(m)) for m in np.bincount(index).tolist()),
        ("It says nothing about other sessions.",),
    )


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


def _draws(n: int, options: Options) -> Iterator[Numbers]:
    """Multinomial weights in pieces of shape (some replicates, n), each row summing to n."""
    rng = np.random.default_rng(options.seed)
    rows = max(1, _PIECE // n)
    for start in range(0, options.replicates, rows):
        r = min(rows, options.replicates - start)
        drawn = rng.integers(0, n, size=(r, n), dtype=np.int64)
        drawn += np.arange(r, dtype=np.int64)[:, None] * n
        yield np.bincount(drawn.ravel(), minlength=r * n).reshape(r, n).astype(np.float64)


def _blocks(index: NDArray[np.intp], n_sessions: int, options: Options) -> Iterator[Numbers]:
    """Weights that draw runs of neighbouring units within each session, wrapping at its end."""
    rng = np.random.default_rng(options.seed)
    rows = max(1, _PIECE // len(index))
    places = [np.flatnonzero(index == s) for s in range(n_sessions)]
    for start in range(0, options.replicates, rows):
        r = min(rows, options.replicates - start)
        weights = np.zeros((r, len(index)))
        for place in places:
            n = len(place)
            length = min(block_length(n), n)
            n_blocks = math.ceil(n / length)
            starts = rng.integers(0, n, size=(r, n_blocks))
            runs = (starts[:, :, None] + np.arange(length)) % n
            drawn = runs.reshape(r, -1)[:, :n] + np.arange(r)[:, None] * n
            weights[:, place] = np.bincount(drawn.ravel(), minlength=r * n).reshape(r, n)
        yield weights


def _percentile(
    weights: Iterator[Numbers],
    statistic: Statistic,
    options: Options,
    method: str,
    scope: str,
    independent: int,
    notes: tuple[str, ...] = (),
) -> Interval:
    """From replicates that drew `independent` things (units, sessions, blocks) anew."""
    drawn = np.concatenate([statistic.at(w) for w in weights])
    defined = np.sort(drawn[np.isfinite(drawn)])
    undefined = len(drawn) - len(defined)
    common = {"scope": scope, "replicates": options.replicates, "seed": options.seed, "undefined": undefined}
    if len(defined) <= len(drawn) / 2:
        reason = f"{undefined} of {len(drawn)} replicates have no value: too little varies"
        return Interval(method=f"{method}, expanded percentile", reason=reason, notes=notes, **common)  # type: ignore[arg-type]
    if undefined:
        notes = (*notes, f"{undefined} of {len(drawn)} replicates had no value and were left out.")
    tail = expanded_tail(options.confidence, independent)
    low, high = np.quantile(defined, [tail, 1 - tail])
    return Interval(
        low=float(low),
        high=float(high),
        method=f"{method}, expanded percentile",
        notes=notes,
        below=lambda x: float(np.searchsorted(defined, x, side="left") / len(defined)),
        **common,  # type: ignore[arg-type]
    )


def _jackknife(value: float, by_session: Statistic, options: Options, names: list[str]) -> Interval:
    count = len(names)
    left = by_session.at(1.0 - np.eye(count))
    method = f"delete-one-session jackknife, t({count - 1})"
    note = f"{count} sessions are few; from {ENOUGH_SESSIONS} on, sessions are bootstrapped."
    if not np.isfinite(left).all():
        without = names[int(np.flatnonzero(~np.isfinite(left))[0])]
        return Interval(method=method, reason=f"without session {without} the value is undefined")
    logarithmic = bool((left < 1).all()) and value < 1

    def to_scale(x: float) -> float:
        return -math.log1p(-x) if logarithmic and x < 1 else (math.inf if logarithmic else x)

    scaled = np.array([to_scale(float(x)) for x in left])
    error = math.sqrt((count - 1) / count * float(((scaled - scaled.mean()) ** 2).sum()))
    if error == 0:
        return Interval(method=method, reason="every session has the same value, so sessions show no spread")
    centre = to_scale(value)
    reach = float(special.stdtrit(count - 1, (1 + options.confidence) / 2)) * error
    ends = [-math.expm1(-(centre + s * reach)) if logarithmic else centre + s * reach for s in (-1, 1)]
    return Interval(
        low=ends[0],
        high=min(ends[1], 1.0),
        method=method,
        scope="over sessions",
        replicates=count,
        notes=(note,),
        below=lambda x: float(special.stdtr(count - 1, (to_scale(x) - centre) / error)),
    )
