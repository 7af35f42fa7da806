"""Lin's concordance correlation: how closely the values of two raters follow the line of equality.

Lin (1989), Biometrics 45, 255–268: ρc = 2 s_xy / (s_x² + s_y² + (x̄ − ȳ)²), with variances over n. It is
Pearson's r (precision) times C_b (accuracy). Interval: Fisher's z of ρc with the standard error as
corrected in Lin (2000), Biometrics 56, 324–325. On ranks or categories it is quadratically weighted κ.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from scipy import special

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import KAPPA
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive

_ROUNDING = 1e-14


class LinCcc:
    id = "lin_ccc"
    variants = ("ccc",)
    levels = frozenset({Level.INTERVAL, Level.RATIO})
    pairwise = True
    takes_holes = True
    chance_corrected = True
    misleading_when = (
        "It grows with the differences between the sessions that happen to be there: over a wide range of sessions "
        "it is high although two raters differ by much; read it beside the limits of agreement."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        return "Lin's concordance correlation coefficient"

    def can(self, data: ReliabilityData | Continua) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        assert isinstance(data, ReliabilityData)
        if data.level not in self.levels:
            return (
                f"Lin's concordance takes differences between values as equal steps; the level here is {data.level}: "
                "weighted κ compares categories"
            )
        if len(data.raters) != 2:
            return f"Lin's concordance compares two raters; there are {len(data.raters)}: choose a pair"
        if data.n_pairable < 2:
            return "there is one unit that both rated; differences between units need two or more"
        if len(domain := data.domain()) < 2:
            return f"every value is {data.name(float(domain[0]))}: without variation there is no concordance"
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        pairs = data.pairable()
        middle = pairs.min() / 2 + pairs.max() / 2
        x, y = (pairs - middle) / np.abs(pairs - middle).max()
        statistic = Additive(np.column_stack([np.ones(len(x)), x, y, x * x, y * y, x * y]), _of_sums)
        value = float(statistic.at(np.ones((1, len(x))))[0])
        if not math.isfinite(value):
            return Finding(None, "the values differ too little to be computed with")
        sd_x, sd_y = float(x.std()), float(y.std())
        details: dict[str, Any] = {}
        interval = Interval(reason="a rater gave the same value to every unit, so there is no correlation")
        if min(sd_x, sd_y) > _ROUNDING:
            r = float(np.clip(((x - x.mean()) * (y - y.mean())).mean() / (sd_x * sd_y), -1, 1))
            shift = float(x.mean() - y.mean()) / math.sqrt(sd_x * sd_y)
            details = {
                "pearson_r": r,
                "bias_correction": 2 / (sd_x / sd_y + sd_y / sd_x + shift**2),
                # without their direction, so that they do not depend on which rater comes first
                "location_shift": abs(shift),
                "scale_shift": max(sd_x, sd_y) / min(sd_x, sd_y),
            }
            interval = fisher_z(value, r, shift, len(x), options)
        if data.resample == "sessions":
            interval = over_sessions(value, statistic, options, KAPPA, clusters(data))
        notes = (f"Only {len(x)} units: the interval is rough there.",) if len(x) < 15 else ()
        return Finding(value, interval=interval, details=details, notes=notes)


def _of_sums(sums: Numbers) -> Numbers:
    """ρc from n, Σx, Σy, Σx², Σy², Σxy, (replicates, 6); NaN where nothing varies."""
    n, x, y, xx, yy, xy = sums.T
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_x, mean_y = x / n, y / n
        covariance = xy / n - mean_x * mean_y
        whole = (xx + yy) / n - 2 * mean_x * mean_y
        return np.asarray(np.where(whole > _ROUNDING, 2 * covariance / whole, np.nan))


def standard_error(value: float, r: float, shift: float, n: int) -> float:
    """The standard error of Fisher's z of ρc (Lin 2000); `shift` is (x̄ − ȳ)/√(s_x s_y), n at least 3."""
    first = (1 - r**2) * value**2 / ((1 - value**2) * r**2)
    second = 2 * value**3 * (1 - value) * shift**2 / (r * (1 - value**2) ** 2)
    third = value**4 * shift**4 / (2 * r**2 * (1 - value**2) ** 2)
    return math.sqrt(max(first + second - third, 0.0) / (n - 2))


def fisher_z(value: float, r: float, shift: float, n: int, options: Options) -> Interval:
    """The interval of ρc on the scale of Fisher's z, over independent units."""
    method = "Fisher z, standard error by Lin (1989, corrected 2000)"
    if value >= 1 - 1e-12:
        return Interval(method=method, reason="no disagreement was seen, and a standard error of 0 is no certainty")
    if n < 3:
        return Interval(method=method, reason="two units are too few for an interval")
    if abs(r) < 1e-9 or value <= -1 + 1e-12:
        return Interval(method=method, reason="its standard error does not exist for this table")
    error = standard_error(value, r, shift, n)
    if error < 1e-9:
        return Interval(method=method, reason="the standard error is 0 for this table, which is no certainty")
    reach = float(special.ndtri((1 + options.confidence) / 2)) * error
    z = math.atanh(value)
    return Interval(math.tanh(z - reach), math.tanh(z + reach), method, "over units")


COEFFICIENT = LinCcc()
