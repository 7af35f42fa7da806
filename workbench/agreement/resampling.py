"""Intervals by resampling what is independent: units, or sessions where units hang together.

Never pairs of values, never time bins as if they were independent. Which way is taken:

- units that do not hang together: Bayesian bootstrap of units, corrected for bias and skewness
  (`bayesian_bootstrap`), however many there are and however few of them are not agreed on;
- sessions, 40 or more: bootstrap of sessions, expanded percentile interval;
- sessions, 3 to 39: percentile intervals are too narrow over few (simulated coverage 75 % with 3
  sessions, 83 % with 6, 89 % with 10), so: delete-one-session jackknife, t with sessions − 1
  degrees of freedom, on a scale that keeps the interval within what the coefficient can be. From 20
  sessions on both cover alike, but there their lower ends are .01 apart (median of simulated studies,
  α .83), at 40 half of that: the change from one to the other is made where it hardly shows;
- 1 or 2 sessions: nothing can be said of other sessions; a circular block bootstrap (Politis &
  Romano 1992) of units in their order in time speaks of "within this session only", and says so.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.bayesian_bootstrap import over_independent
from workbench.agreement.bootstrap import block_draws, block_length, draws, percentile
from workbench.agreement.clusters import Clusters
from workbench.agreement.data import Numbers
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import BY_T, Bounds, jackknifed
from workbench.agreement.problems import counted
from workbench.agreement.statistic import Additive, Smooth, Statistic

ENOUGH_SESSIONS = 40
NEAR = 5  # this near to it, a result says that the way to its interval changes there
FEW_SESSIONS = 20
FEWEST_SESSIONS = 3
ROUGH_UNITS = 20
FEWEST_UNITS_FOR_BLOCKS = 10
ONE_VALUE_AGREED = (
    "the units that are agreed on hardly differ from one another, so nothing shows how far raters agree on other values"
)
NO_DISAGREEMENT = "no disagreement was seen, so resampling cannot show how much there could be"


def over_units(
    value: float, statistic: Smooth, options: Options, bounds: Bounds, *, order: Numbers, agreed: NDArray[np.bool_]
) -> Interval:
    """The interval over independent units of a coefficient whose value is `value`.

    `statistic` is over units; `order` of shape (units, any) sorts them before they are drawn, so that the same
    data in another order draws the same replicates; `agreed` (units,): whether all said the same of it.
    """
    n = len(agreed)
    if value >= bounds.most:
        return Interval(reason=NO_DISAGREEMENT)
    if n < 2:
        return Interval(reason="one pairable unit is too few for an interval")
    if 2 * agreed.sum() > n and not math.isfinite(float(statistic.at(agreed[None, :].astype(np.float64))[0])):
        return Interval(reason=ONE_VALUE_AGREED)
    return over_independent(value, statistic, options, bounds, order=order, notes=_rough(n))


def _rough(n: int) -> tuple[str, ...]:
    return (f"Only {n} pairable units: the interval is rough there.",) if n < ROUGH_UNITS else ()


def over_sessions(value: float, statistic: Statistic, options: Options, bounds: Bounds, sessions: Clusters) -> Interval:
    """The interval over sessions (1 or 2: within them) of a coefficient; `statistic` is over rows of `sessions`."""
    count, kind = sessions.count, sessions.kind
    if value >= bounds.most:
        return Interval(reason=NO_DISAGREEMENT)
    if kind == "unit" and count > 1 and isinstance(of_each := sessions.of_clusters(statistic), Additive):
        by_name = np.arange(count, dtype=np.float64)[:, None]
        return over_independent(value, of_each, options, bounds, order=by_name, notes=_rough(count))
    if count >= ENOUGH_SESSIONS:
        method, scope, said = f"bootstrap of {kind}s", f"over {kind}s", _near(count, kind)
        return percentile(draws(count, options), sessions.of_clusters(statistic), options, method, scope, count, said)
    if count >= FEWEST_SESSIONS or kind == "unit":
        found = leave_one_out(value, statistic, options, bounds, sessions)
        return found if found.low is None else replace(found, notes=(*found.notes, *_near(count, kind)))
    n = sessions.n_units
    if n < FEWEST_UNITS_FOR_BLOCKS:
        within = f"{counted(count, kind)} with {n} pairable {sessions.of}"
        return Interval(reason=f"{within}: too few for an interval, which needs {FEWEST_UNITS_FOR_BLOCKS} or more")
    notes = ["It says nothing about other sessions."]
    if sessions.order is None:
        notes.append(f"Neighbouring {sessions.of} are drawn together, in the order in which they were given.")
    length = block_length(n // count)
    return percentile(
        block_draws(sessions, options),
        sessions.of_units(statistic),
        options,
        f"circular block bootstrap, blocks of {length} {sessions.of}",
        "within this session only" if count == 1 else "within these 2 sessions only",
        sum(math.ceil(m / block_length(m)) for m in np.bincount(sessions.index).tolist()),
        tuple(notes),
    )


def leave_one_out(value: float, statistic: Statistic, options: Options, bounds: Bounds, sessions: Clusters) -> Interval:
    """The interval over sessions by leaving out one after the other, however many there are."""
    count, kind = sessions.count, sessions.kind
    if value >= bounds.most:
        return Interval(reason=NO_DISAGREEMENT)
    if count < FEWEST_SESSIONS:
        reason = f"{counted(count, kind)}: too few for an interval over {kind}s, which needs {FEWEST_SESSIONS} or more"
        return Interval(reason=reason)
    left = sessions.of_clusters(statistic).at(1.0 - np.eye(count))
    method = f"delete-one-{kind} jackknife, t({count - 1})"
    if not np.isfinite(left).all():
        without = sessions.names[int(np.flatnonzero(~np.isfinite(left))[0])]
        return Interval(method=method, reason=f"without {kind} {without} the value is undefined")
    found = _left_out(value, left, options, bounds, kind, _few(count, kind))
    return found or Interval(method=method, reason=f"every {kind} has the same value, so {kind}s show no spread")


def _few(count: int, kind: str) -> tuple[str, ...]:
    return (f"{count} {kind}s are few: one more can move the interval.",) if count < FEW_SESSIONS else ()


def _near(count: int, kind: str) -> tuple[str, ...]:
    """Where one session more or less would change the way to the interval, that it would."""
    if abs(2 * (count - ENOUGH_SESSIONS) + 1) > 2 * NEAR:
        return ()
    return (
        f"With {ENOUGH_SESSIONS} {kind}s or more these are bootstrapped, with fewer each is left out in turn: of "
        f"{count} {kind}s the other way gives nearly the same interval, not quite.",
    )


def _left_out(
    value: float, left: Numbers, options: Options, bounds: Bounds, kind: str, notes: tuple[str, ...]
) -> Interval | None:
    """From the values without each thing in turn; None where one is undefined or all are the same."""
    found = jackknifed(value, left, bounds, options.confidence) if np.isfinite(left).all() else None
    if found is None:
        return None
    if found.scale is not bounds.scale:
        notes = (*notes, f"One {kind} alone makes the value what it is, so the interval is rough.")
    return Interval(
        found.low,
        found.high,
        f"delete-one-{kind} jackknife{found.scale.said}, t({len(left) - 1})",
        f"over {kind}s",
        replicates=len(left),
        notes=notes,
        below=found.below,
        below_by=BY_T,
    )
