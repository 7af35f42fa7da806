"""Intervals of quantities in units of the scale: a mean difference, and a slope over time.

Independent units: the usual t interval. Units of sessions: as for every other coefficient (`resampling`), but on
the scale itself, for such a quantity has no least or largest value; and a slope speaks of time, which one or two
sessions say nothing of, so for it sessions are left out one by one.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import special

from workbench.agreement.clusters import clusters
from workbench.agreement.data import Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import UNBOUNDED
from workbench.agreement.resampling import leave_one_out, over_sessions
from workbench.agreement.statistic import Additive, ratio

NO_SPREAD = "the differences show no spread to estimate an error from"


def mean_interval(data: ReliabilityData, x: Numbers, options: Options) -> Interval:
    """Of the mean of x (n_pairable,)."""
    if len(x) < 2:
        return Interval(reason="one pairable unit is too few for an interval")
    value, size = float(x.mean()), float(np.abs(x).max())
    if float(np.ptp(x)) <= 1e-14 * size:
        return Interval(reason=NO_SPREAD)
    if data.resample == "sessions":
        y = x / size  # in units of one size, so that what is rounding can be told
        of_y = over_sessions(value / size, ratio(y, np.ones_like(y)), options, UNBOUNDED, clusters(data))
        return of_y.moved(0.0, size)
    return _t(value, float(x.std(ddof=1)) / math.sqrt(len(x)), size, len(x) - 1, options)


def slope_interval(data: ReliabilityData, t: Numbers, y: Numbers, options: Options) -> Interval:
    """Of the slope of y on t, both (n_pairable,); both must vary."""
    value = slope(t, y)
    if data.resample == "sessions":
        wide, high = float(np.abs(t).max()), float(np.abs(y).max())
        u, z = t / wide, y / high  # t varies, and so does y
        sums = np.column_stack([np.ones_like(u), u, z, u * u, u * z])
        of_z = leave_one_out(value * wide / high, Additive(sums, _slopes), options, UNBOUNDED, clusters(data))
        return of_z.moved(0.0, high / wide)
    if len(t) < 3:
        return Interval(reason="two units always lie on a line; an interval needs three or more")
    u = t - t.mean()
    left = y - y.mean() - value * u
    error = math.sqrt(float(left @ left) / (len(t) - 2) / float(u @ u))
    return _t(value, error, float(np.abs(y).max() / np.abs(u).max()), len(t) - 2, options)


def slope(t: Numbers, y: Numbers) -> float:
    """Least squares; t must vary."""
    u = t - t.mean()
    return float(u @ (y - y.mean()) / (u @ u))


def _slopes(sums: Numbers) -> Numbers:
    n, t, y, tt, ty = sums.T
    room = n * tt - t * t
    usable = room > 1e-9 * n * tt
    return np.asarray(np.divide(n * ty - t * y, room, out=np.full_like(room, np.nan), where=usable))


def _t(value: float, error: float, size: float, free: int, options: Options) -> Interval:
    method = f"t({free})"
    if error <= 1e-14 * size:
        return Interval(method=method, reason=NO_SPREAD)
    reach = float(special.stdtrit(free, (1 + options.confidence) / 2)) * error
    return Interval(value - reach, value + reach, method, "over units")
