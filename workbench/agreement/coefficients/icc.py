"""Intraclass correlation: reliability of ratings and totals; six forms, two systems of names.

Shrout & Fleiss (1979), Psychological Bulletin 86, 420–428; McGraw & Wong (1996), Psychological
Methods 1, 30–46. One-way ICC(1,·): each unit has raters of its own. Two-way random, absolute
agreement ICC(2,·): a rater who is always higher costs agreement. Two-way mixed, consistency
ICC(3,·): it costs nothing. (·,1) is a single rater, (·,k) the mean of the k raters.

A complete table goes through the analysis of variance, one with holes through REML (`_icc_holes`).
Where the units of a session hang together (segments), the interval resamples sessions.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients import _icc_holes, why_not_pairable
from workbench.agreement.coefficients._icc_holes import ALIKE, BY_A_CONSTANT, NO_DISAGREEMENT, WITHOUT_BOUND
from workbench.agreement.coefficients._icc_limits import F_METHOD, absolute_limits, consistency_limits, stepped_up
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import below_one
from workbench.agreement.problems import counted
from workbench.agreement.resampling import leave_one_out, over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive, Statistic

MCGRAW_WONG = {
    "ICC(2,1)": "ICC(A,1)",
    "ICC(2,k)": "ICC(A,k)",
    "ICC(3,1)": "ICC(C,1)",
    "ICC(3,k)": "ICC(C,k)",
    "ICC(1,1)": "ICC(1)",
    "ICC(1,k)": "ICC(k)",
}
# From so many units on, nothing is said of their number.
ENOUGH = 15
_MODEL = {
    "1": "one-way random",
    "2": "two-way random, absolute agreement",
    "3": "two-way mixed, consistency",
}


class Icc:
    id = "icc"
    variants = tuple(MCGRAW_WONG)
    levels = frozenset({Level.INTERVAL, Level.RATIO})
    pairwise = False
    takes_holes = True
    chance_corrected = True
    misleading_when = (
        "It grows with the differences between the sessions that happen to be there, and the mean of k raters "
        "(·,k) is no guide when most sessions are rated once: then report (·,1)."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        silent = int((~data.rated.any(axis=1)).sum())
        k = len(data.raters) - silent or len(data.raters)
        raters = "single rater" if variant.endswith("1)") else f"mean of {k} raters"
        return f"{variant} = {MCGRAW_WONG[variant]}, {_MODEL[variant[4]]}, {raters}"

    def can(self, data: ReliabilityData | Continua) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        assert isinstance(data, ReliabilityData)
        if data.level not in self.levels:
            return (
                f"ICC takes differences between values as equal steps; the level here is {data.level}. "
                "Choose the interval level if the steps can be taken as equal"
            )
        used = data.rated.any(axis=0)
        if used.sum() < 2:
            return "there is one unit; differences between units need two or more"
        values = data.values[data.rated]
        if np.ptp(values) == 0:
            return f"every value is {data.name(float(values[0]))}: without variation ICC is undefined"
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        units, raters = np.asarray(data.rated.any(axis=0)), np.asarray(data.rated.any(axis=1))
        table = data.values[raters][:, units].T
        details: dict[str, Any] = {"mcgraw_wong": MCGRAW_WONG[variant]}
        settings = {"model": _MODEL[variant[4]], "single_or_mean": variant[6]}
        notes = few_of(len(table), "unit")
        if silent := [r for r, any_ in zip(data.raters, raters.tolist(), strict=True) if not any_]:
            notes += (f"Without any value, and left out: {', '.join(silent)}.",)
        holes = bool(np.isnan(table).any())
        found = _icc_holes.find(table, variant, options) if holes else _complete(table, variant, options)
        details |= found.details
        settings["estimator"] = found.estimator
        if found.value is None:
            return Finding(None, found.reason, details=details, settings=settings)
        interval = found.interval
        if data.resample == "sessions" and found.value < 1:
            # the F of the units takes those of one session for independent
            details = {name: v for name, v in details.items() if name not in ("f", "df1", "df2", "p")}
            over_units: Statistic
            if holes:
                over_units = _icc_holes.Refitted(table, variant, found.start)
            else:
                over_units = _over_units(table, variant)
            # that of one rater is −1/(k − 1) at least, that of a mean has no least value
            bounds = below_one(-1 / (table.shape[1] - 1) if variant[6] == "1" and table.shape[1] > 1 else -math.inf)
            by = leave_one_out if holes else over_sessions  # REML is too slow for thousands of replicates
            interval = by(found.value, over_units, options, bounds, clusters(data, units))
        return Finding(found.value, None, interval, details, settings, notes + found.notes)


def few_of(n: int, noun: str) -> tuple[str, ...]:
    """What follows from few objects of measurement."""
    if n >= ENOUGH:
        return ()
    return (f"Only {counted(n, noun)}: how much they differ is hardly known, and so is their share of the variance.",)


def _complete(table: Numbers, variant: str, options: Options) -> _icc_holes.Found:
    """The coefficient of a complete table of shape (n units, k raters), by the analysis of variance."""
    squares = mean_squares(table)
    value, reason = _value(squares, variant)
    if value is None:
        return _icc_holes.Found(None, reason, estimator="analysis of variance")
    details: dict[str, Any] = {
        "ms_units": squares.units * squares.scale,
        "ms_raters": squares.raters * squares.scale,
        "ms_error": squares.error * squares.scale,
        "ms_within": squares.within * squares.scale,
    }
    base = squares.within if variant[4] == "1" else squares.error
    if base > 0:
        free = squares.n * (squares.k - 1) if variant[4] == "1" else (squares.n - 1) * (squares.k - 1)
        f = squares.units / base
        details |= {"f": f, "df1": squares.n - 1, "df2": free, "p": float(special.fdtrc(squares.n - 1, free, f))}
    interval = _interval(squares, variant, options)
    return _icc_holes.Found(
        value, None, interval, details, "analysis of variance", _below_zero(squares, variant, value)
    )


def _below_zero(s: MeanSquares, variant: str, value: float) -> tuple[str, ...]:
    """Shrout & Fleiss's formula keeps a raters' variance below zero, REML and Φ do not: said where it shows."""
    if variant[4] != "2" or s.raters >= s.error:
        return ()
    without = _value(s, f"ICC(3{variant[5:]}")[0]
    if without is None or abs(without - value) < 0.0005:
        return ()
    return (
        "The variance of raters is estimated below zero, and kept so as the formula of Shrout and Fleiss has it. Taken "
        f"as 0, as Φ and tables with holes take it, the value is {without:.3f}.",
    )


def _over_units(table: Numbers, variant: str) -> Additive:
    """The coefficient of a complete table as a function of how often each unit counts."""
    x = table - table.mean()
    x = x / np.abs(x).max()
    k = x.shape[1]
    sums = np.column_stack([np.ones(len(x)), x, x.mean(axis=1) ** 2, (x**2).sum(axis=1)])

    def value_of(total: Numbers) -> Numbers:
        n, columns, rows, squares = total[:, 0], total[:, 1 : k + 1], total[:, k + 1], total[:, k + 2]
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = columns.mean(axis=1) / n
            between = k * (rows - n * mean**2)
            raters = n * ((columns / n[:, None] - mean[:, None]) ** 2).sum(axis=1)
            within = squares - k * rows
            error = np.maximum(within - raters, 0.0)
            each = between / (n - 1), raters / (k - 1), error / ((n - 1) * (k - 1)), within / (n * (k - 1))
            of = MeanSquares(n, k, *each, scale=1.0)  # type: ignore[arg-type]  # arrays, one number a replicate
            top, bottom = _fraction(of, variant)
            usable = bottom > 1e-12 * (of.units + of.raters + of.error + of.within)
            return np.asarray(np.where(usable, top / bottom, np.nan))

    return Additive(sums, value_of)


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares of an n × k table: between units, between raters, residual, within units.

    They are those of values divided by the largest deviation from the mean; times `scale` they are
    those of the table.
    """

    n: int
    k: int
    units: float
    raters: float
    error: float
    within: float
    scale: float


def mean_squares(table: Numbers) -> MeanSquares:
    """From a complete table of shape (n units, k raters), both at least 2."""
    n, k = table.shape
    x = table - table.mean()
    scale = float(np.abs(x).max())
    x = x / scale if scale > 0 else x
    row, column = x.mean(axis=1), x.mean(axis=0)
    residual = x - row[:, None] - column[None, :]
    units = k * float((row**2).sum()) / (n - 1)
    raters = n * float((column**2).sum()) / (k - 1)
    error = float((residual**2).sum()) / ((n - 1) * (k - 1))
    within = float(((x - row[:, None]) ** 2).sum()) / (n * (k - 1))
    # what is left of a difference of equal numbers is rounding, not error
    units, raters, error, within = (0.0 if ms < 1e-24 else ms for ms in (units, raters, error, within))
    return MeanSquares(n, k, units, raters, error, within, scale**2)


def _value(s: MeanSquares, variant: str) -> tuple[float | None, str | None]:
    top, bottom = _fraction(s, variant)
    if bottom <= 1e-12 * (s.units + s.raters + s.error + s.within):
        return None, ALIKE
    return top / bottom, None


def _fraction(s: MeanSquares, variant: str) -> tuple[float, float]:
    """What is the units', and that together with what is not; for several tables at once where `s` holds arrays."""
    single = variant[6] == "1"
    match variant[4]:
        case "1":
            return s.units - s.within, s.units + (s.k - 1) * s.within if single else s.units
        case "2":
            shift = s.k * (s.raters - s.error) / s.n
            return s.units - s.error, s.units + (s.k - 1) * s.error + shift if single else s.units + shift / s.k
        case _:
            return s.units - s.error, s.units + (s.k - 1) * s.error if single else s.units


def _interval(s: MeanSquares, variant: str, options: Options) -> Interval:
    base = s.within if variant[4] == "1" else s.error
    if base == 0:
        return Interval(method=F_METHOD, reason=BY_A_CONSTANT if s.raters > 0 else NO_DISAGREEMENT)
    if s.units == 0:
        return Interval(method=F_METHOD, reason="the units do not differ from one another")
    n, k = s.n, s.k
    if variant[4] in "13":
        free = n * (k - 1) if variant[4] == "1" else (n - 1) * (k - 1)
        limits: tuple[float, float] | None = consistency_limits(s.units / base, (n - 1, free), k, options.confidence)
    else:
        rho = _value(s, "ICC(2,1)")[0]
        if rho is None:
            return Interval(method=F_METHOD, reason="the single-rater value is undefined")
        limits = absolute_limits(
            s.units, s.raters, s.error, rho, n, k, (n - 1, k - 1, (n - 1) * (k - 1)), options.confidence
        )
    if limits is None:
        return Interval(method=F_METHOD, reason="its degrees of freedom cannot be computed for this table")
    low, high = limits if variant[6] == "1" else (stepped_up(x, k) for x in limits)
    if low is None:
        return Interval(method=F_METHOD, reason=WITHOUT_BOUND)
    return Interval(low=low, high=high, method=F_METHOD, scope="over units")


COEFFICIENT = Icc()
