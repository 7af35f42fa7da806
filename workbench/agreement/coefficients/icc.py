"""Intraclass correlation: reliability of ratings and totals; six forms, two systems of names.

Shrout & Fleiss (1979), Psychological Bulletin 86, 420–428; McGraw & Wong (1996), Psychological
Methods 1, 30–46. One-way ICC(1,·): each unit has raters of its own. Two-way random, absolute
agreement ICC(2,·): a rater who is always higher costs agreement. Two-way mixed, consistency
ICC(3,·): it costs nothing. (·,1) is a single rater, (·,k) the mean of the k raters.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.result import Finding

MCGRAW_WONG = {
    "ICC(2,1)": "ICC(A,1)",
    "ICC(2,k)": "ICC(A,k)",
    "ICC(3,1)": "ICC(C,1)",
    "ICC(3,k)": "ICC(C,k)",
    "ICC(1,1)": "ICC(1)",
    "ICC(1,k)": "ICC(k)",
}
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
    takes_holes = False
    chance_corrected = True
    misleading_when = (
        "It grows with the differences between the sessions that happen to be there, and the mean of k raters "
        "(·,k) is no guide when most sessions are rated once: then report (·,1)."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        raters = "single rater" if variant.endswith("1)") else f"mean of {len(data.raters)} raters"
        return f"{variant} = {MCGRAW_WONG[variant]}, {_MODEL[variant[4]]}, {raters}"

    def can(self, data: ReliabilityData) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        if data.level not in self.levels:
            return (
                f"ICC takes differences between values as equal steps; the level here is {data.level}. "
                "Choose the interval level if the steps can be taken as equal"
            )
        rated = data.rated
        used = rated.any(axis=0)
        if holes := int((~rated[:, used]).any(axis=0).sum()):
            return (
                f"{holes} of {int(used.sum())} rated units lack a rater, and the analysis of variance needs every "
                "unit rated by every rater; Krippendorff's α (interval) takes tables with holes"
            )
        if used.sum() < 2:
            return "there is one unit; differences between units need two or more"
        if np.ptp(data.values[:, used]) == 0:
            return (
                f"every value is {data.name(float(data.values[:, used].flat[0]))}: without variation ICC is undefined"
            )
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        table = data.values[:, data.rated.any(axis=0)].T
        squares = mean_squares(table)
        value, reason = _value(squares, variant)
        details: dict[str, float | str | None] = {"mcgraw_wong": MCGRAW_WONG[variant]}
        settings = {"model": _MODEL[variant[4]], "single_or_mean": variant[6]}
        if value is None:
            return Finding(None, reason, details=details, settings=settings)
        details |= {
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
        notes = (f"Only {squares.n} units.",) if squares.n < 15 else ()
        return Finding(value, None, _interval(squares, variant, options), details, settings, notes)


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
    single = variant[6] == "1"
    match variant[4]:
        case "1":
            top, bottom = s.units - s.within, s.units + (s.k - 1) * s.within if single else s.units
        case "2":
            shift = s.k * (s.raters - s.error) / s.n
            top = s.units - s.error
            bottom = s.units + (s.k - 1) * s.error + shift if single else s.units + shift / s.k
        case _:
            top, bottom = s.units - s.error, s.units + (s.k - 1) * s.error if single else s.units
    if bottom <= 1e-12 * (s.units + s.raters + s.error + s.within):
        return None, "the units do not differ from one another, so no share of the variance is theirs"
    return top / bottom, None


def _interval(s: MeanSquares, variant: str, options: Options) -> Interval:
    method = "F distribution (Shrout & Fleiss 1979)"
    single = variant[6] == "1"
    base = s.within if variant[4] == "1" else s.error
    if base == 0:
        return Interval(method=method, reason="no disagreement was seen to estimate its size from")
    if s.units == 0:
        return Interval(method=method, reason="the units do not differ from one another")
    upper = (1 + options.confidence) / 2
    n, k = s.n, s.k
    if variant[4] in "13":
        free = float(n * (k - 1) if variant[4] == "1" else (n - 1) * (k - 1))
        low_f = s.units / base / float(special.fdtri(n - 1, free, upper))
        high_f = s.units / base * float(special.fdtri(free, n - 1, upper))
        ends = [(f - 1) / (f + k - 1) if single else 1 - 1 / f for f in (low_f, high_f)]
    else:
        rho = _value(s, "ICC(2,1)")[0]
        if rho is None:
            return Interval(method=method, reason="the single-rater value is undefined")
        ratio = s.raters / s.error
        part = n * (1 + (k - 1) * rho) - k * rho
        free = ((k - 1) * (n - 1) * (k * rho * ratio + part) ** 2) / ((n - 1) * (k * rho * ratio) ** 2 + part**2)
        if not free > 0:
            return Interval(method=method, reason="its degrees of freedom cannot be computed for this table")
        f_low = float(special.fdtri(n - 1, free, upper))
        f_high = float(special.fdtri(free, n - 1, upper))
        mixed = k * s.raters + (k * n - k - n) * s.error
        low = n * (s.units - f_low * s.error) / (f_low * mixed + n * s.units)
        high = n * (f_high * s.units - s.error) / (mixed + n * f_high * s.units)
        if not single and 1 + low * (k - 1) <= 1e-9:
            return Interval(method=method, reason="its lower limit is without bound: the units differ too little")
        ends = [low, high] if single else [x * k / (1 + x * (k - 1)) for x in (low, high)]
    return Interval(low=ends[0], high=ends[1], method=method, scope="over units")


COEFFICIENT = Icc()
