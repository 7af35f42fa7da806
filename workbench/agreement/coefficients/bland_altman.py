"""Bland and Altman's limits of agreement: how far two raters' values of one unit lie apart, on the scale itself.

Bland & Altman (1986), Lancet 327, 307–310; (1999), Statistical Methods in Medical Research 8, 135–160. The
bias is the mean difference d̄; 95 % of the differences are expected between d̄ − 1.96 s and d̄ + 1.96 s.
Values are in units of the scale: agreement is 0, not 1.

Direction: rater less criterion coding, where one of the two is the criterion; else the rater with the
higher mean less the other, so that it does not depend on who comes first (with equal means the median of the
differences decides, then their third moment). `difference` names it.

Intervals over independent units: t for the bias, the exact one by the noncentral t for a limit
(Carkeet 2015, Optometry and Vision Science 92, e71–e80), which for few units is wider above than
below; Bland & Altman's own approximation, standard error √(3s²/n), is in the details.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar

import numpy as np
from scipy import special

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.coefficients._slope import mean_interval
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import UNBOUNDED
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive

# The share of differences that the limits are to hold; not the confidence of their intervals.
SHARE = 0.95
NO_SPREAD = "the differences do not vary, so nothing can be said of how far they would"
BY_THE_DATA = (
    "The rater with the higher mean comes first, so the bias is never below zero; its interval is one for a direction "
    "chosen beforehand.",
)
# Below so many units a trend over the scale is not spoken of.
FEW_FOR_TREND = 10
_Z = float(special.ndtri((1 + SHARE) / 2))
_TITLE = {
    "bias": "Bland–Altman bias (mean difference)",
    "lower_limit": "Bland–Altman lower limit of agreement",
    "upper_limit": "Bland–Altman upper limit of agreement",
}
_SIGN = {"bias": 0.0, "lower_limit": -_Z, "upper_limit": _Z}


class BlandAltman:
    id = "bland_altman"
    variants = ("bias", "lower_limit", "upper_limit")
    levels = frozenset({Level.INTERVAL, Level.RATIO})
    pairwise = True
    takes_holes = True
    chance_corrected = False
    perfect: ClassVar = dict.fromkeys(variants, 0.0)
    misleading_when = (
        "The limits take the differences as of one size over the whole scale: look at the plot, and where they grow "
        "with the mean, the limits are too wide below and too narrow above."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        return _TITLE[variant]

    def can(self, data: ReliabilityData | Continua) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        assert isinstance(data, ReliabilityData)
        if data.level not in self.levels:
            return f"limits of agreement are differences between values; the level here is {data.level}"
        if len(data.raters) != 2:
            return f"limits of agreement compare two raters; there are {len(data.raters)}: choose a pair"
        if data.n_pairable < 2:
            return "there is one unit that both rated; the spread of differences needs two or more"
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        first, second = directed(data)
        pair = data.only(first, second).pairable()
        difference = pair[0] - pair[1]
        n, bias, sd = len(difference), float(difference.mean()), float(difference.std(ddof=1))
        settings = {"difference": f"{first} − {second}", "share_within_limits": SHARE}
        details: dict[str, Any] = {
            "bias": bias,
            "sd": sd,
            "lower_limit": bias - _Z * sd,
            "upper_limit": bias + _Z * sd,
            "standard_error_of_bias": sd / math.sqrt(n) or None,  # 0 is no certainty
            "standard_error_of_limit": sd * math.sqrt(3 / n) or None,
            "within_limits": int((np.abs(difference - bias) <= _Z * sd).sum()),
            "of": n,
        } | _trend(difference, pair.mean(axis=0))
        value = bias + _SIGN[variant] * sd
        if data.resample == "sessions":
            details = {name: v for name, v in details.items() if not name.startswith(("standard_error", "p_"))}
            interval = _over_sessions(data, difference, variant, options)
        else:
            for name in self.variants:
                of_name = _interval(data, difference, name, options)
                details |= {f"{name}_low": of_name.low, f"{name}_high": of_name.high}
            interval = _interval(data, difference, variant, options)
        notes = _notes(details, n) + (BY_THE_DATA if variant == "bias" and data.criterion is None else ())
        return Finding(value, None, interval, details, settings, notes)


def directed(data: ReliabilityData) -> tuple[str, str]:
    """The two raters in the order of the difference, first less second, whatever they are called: that with the higher
    mean first, where the means are the same by the median and skewness of the differences, then who spreads more."""
    a, b = data.raters
    if data.criterion in (a, b):
        return (b, a) if data.criterion == a else (a, b)
    x, y = data.pairable()
    spread = math.fsum((x - x.mean()) ** 2) - math.fsum((y - y.mean()) ** 2)
    lean = (math.fsum(x - y), float(np.median(x - y)), math.fsum((x - y) ** 3), spread)
    return (b, a) if next((way for way in lean if way), 0.0) < 0 else (a, b)


def _interval(data: ReliabilityData, difference: Numbers, variant: str, options: Options) -> Interval:
    n, bias, sd = len(difference), float(difference.mean()), float(difference.std(ddof=1))
    if sd == 0:
        return Interval(reason=NO_SPREAD)
    if variant == "bias":
        return mean_interval(data, difference, options)
    ends = (1 - options.confidence) / 2, (1 + options.confidence) / 2
    step = sd / math.sqrt(n)
    near, far = (float(special.nctdtrit(n - 1, _Z * math.sqrt(n), p)) for p in ends)
    method = f"exact, noncentral t({n - 1}) (Carkeet 2015)"
    if not (math.isfinite(near) and math.isfinite(far)):
        return Interval(method=method, reason="the noncentral t cannot be computed for so many units")
    if variant == "lower_limit":
        return Interval(bias - far * step, bias - near * step, method, "over units")
    return Interval(bias + near * step, bias + far * step, method, "over units")


def _over_sessions(data: ReliabilityData, difference: Numbers, variant: str, options: Options) -> Interval:
    """From sums of the differences over units; sessions are what is drawn."""
    middle = float(difference.mean())
    size = float(np.abs(difference - middle).max())
    if size == 0:
        return Interval(reason=NO_SPREAD)
    if variant == "bias":
        return mean_interval(data, difference, options)
    d = (difference - middle) / size

    def value_of(sums: Numbers) -> Numbers:
        n, total, squares = sums.T
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = total / n
            spread = np.sqrt(np.maximum(squares - n * mean**2, 0.0) / (n - 1))
            return np.asarray(mean + _SIGN[variant] * spread)

    statistic = Additive(np.column_stack([np.ones(len(d)), d, d**2]), value_of)
    value = _SIGN[variant] * float(d.std(ddof=1))
    return over_sessions(value, statistic, options, UNBOUNDED, clusters(data)).moved(middle, size)


def _trend(difference: Numbers, mean: Numbers) -> dict[str, float | None]:
    """The correlations that Bland & Altman ask for: of the difference, and of its size, with the mean."""
    out: dict[str, float | None] = {}
    for name, y in (("difference", difference), ("size_of_difference", np.abs(difference - difference.mean()))):
        varies = min(float(np.ptp(y)), float(np.ptp(mean))) > 1e-12 * max(float(np.abs(mean).max()), 1e-300)
        r = None
        if varies and len(y) > 2:
            a, b = y - y.mean(), mean - mean.mean()
            a, b = a / np.abs(a).max(), b / np.abs(b).max()
            r = float(np.clip((a * b).sum() / math.sqrt(float((a**2).sum() * (b**2).sum())), -1, 1))
        out[f"r_{name}_with_mean"] = r
        if r is not None:
            free = len(y) - 2
            t = abs(r) * math.sqrt(free / max(1 - r**2, 1e-300))
            out[f"p_{name}_with_mean"] = 2 * float(special.stdtr(free, -t))
    return out


def _notes(details: dict[str, Any], n: int) -> tuple[str, ...]:
    notes: tuple[str, ...] = ()
    if n < 30:
        notes = (f"Only {n} units: limits of agreement need many more; read their intervals.",)
    if n < FEW_FOR_TREND:
        return notes
    if (p := details.get("p_size_of_difference_with_mean")) is not None and p < 0.05:
        notes += ("The size of the differences changes with the mean: one pair of limits does not fit the scale.",)
    if (p := details.get("p_difference_with_mean")) is not None and p < 0.05:
        notes += ("The difference changes with the mean: one bias does not fit the whole scale.",)
    return notes


COEFFICIENT = BlandAltman()
