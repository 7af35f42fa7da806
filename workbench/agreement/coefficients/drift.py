"""Drift: how agreement, and a rater's height on the scale, change over calendar time.

agreement: the slope, per 30 days, of how well two codings agree on a unit (categories: 1 or 0; numbers: minus
the absolute difference), so that below zero agreement falls. difference: the slope of rater − criterion,
so that above zero the rater goes higher; at the ordinal level in steps of the categories, as in `criterion`.
Least squares on the day (UTC) of each unit's coding: the hour says nothing here, and a report may leave it out.
Beside the slope, `details` hold calendar periods with κ or ICC and the signed difference of each, each with its
interval.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import numpy as np

from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.coefficients._slope import mean_interval, slope, slope_interval
from workbench.agreement.coefficients.cohen_kappa import COEFFICIENT as KAPPA
from workbench.agreement.coefficients.icc import COEFFICIENT as ICC
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.facts import day
from workbench.agreement.interval import Interval, Options
from workbench.agreement.result import Finding
from workbench.agreement.weights import QUADRATIC, UNWEIGHTED, codes_of

DAYS = 30
_DAY_MS = 86_400_000
# Longer than this many months, periods are quarters of a year.
MOST_MONTHS = 24


class Drift:
    id = "drift"
    variants = ("agreement", "difference")
    levels = frozenset(Level)
    pairwise = True
    takes_holes = True
    chance_corrected = False
    needs: ClassVar = {"agreement": ("dates",), "difference": ("dates", "criterion")}
    perfect: ClassVar = {"agreement": 0.0, "difference": 0.0}
    misleading_when = (
        "When harder sessions came later, agreement falls without any drift: only sessions coded a second time, "
        "unknown to the raters, tell the two apart. A straight line hides a change that came and went."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        if variant == "difference":
            return f"Drift of the signed difference (rater − criterion, per {DAYS} days)"
        what = "minus the absolute difference" if data.level in (Level.INTERVAL, Level.RATIO) else "exact agreement"
        return f"Drift of agreement ({what}, per {DAYS} days)"

    def forms(self, data: ReliabilityData) -> tuple[str, ...]:
        """A signed difference needs an order of the values."""
        return self.variants if data.level is not Level.NOMINAL and data.criterion else ("agreement",)

    def can(self, data: ReliabilityData) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        if len(data.raters) != 2:
            return f"drift is that of two codings; there are {len(data.raters)}: choose a pair, or name the criterion"
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        if not data.dates:
            return Finding(None, "the date of each unit's coding is not known")
        settings: dict[str, Any] = {"per_days": DAYS}
        if variant == "difference":
            if data.criterion is None:
                return Finding(None, "which coding the other is held against is not said: name a criterion")
            if data.level is Level.NOMINAL:
                return Finding(None, "a signed difference needs an order of the values; the level here is nominal")
        names = data.raters
        if data.criterion is not None:
            names = (*(r for r in data.raters if r != data.criterion), data.criterion)
            settings |= {"criterion": data.criterion, "rater": names[0]}
        pair = data.only(*names).at(np.flatnonzero(data.pairable_units).tolist())
        when = (np.array(pair.dates) // _DAY_MS).astype(np.float64)
        t = (when - when.mean()) / DAYS
        if float(np.ptp(t)) == 0:
            return Finding(None, f"every unit was coded on one day ({day(pair.dates[0])})", settings=settings)
        y = _compared(pair, variant)
        details = {
            "from": day(min(pair.dates)),
            "to": day(max(pair.dates)),
            "periods": _periods(pair, options),
        }
        constant = not np.ptp(y)
        interval = Interval(reason="every unit has the same value") if constant else slope_interval(pair, t, y, options)
        return Finding(0.0 if constant else slope(t, y), None, interval, details, settings)


def _compared(pair: ReliabilityData, variant: str) -> Numbers:
    """What is followed over time, for each unit: (n_units,)."""
    a, b = pair.values
    if variant == "difference":
        a, b = codes_of(pair).places_of(pair.values) if pair.level is Level.ORDINAL else (a, b)
        return np.asarray(a - b)
    if pair.level in (Level.INTERVAL, Level.RATIO):
        return np.asarray(-np.abs(a - b))
    return np.asarray((a == b).astype(np.float64))


def _periods(pair: ReliabilityData, options: Options) -> list[dict[str, Any]]:
    """Calendar months (or quarters) of UTC with units: agreement, κ or ICC, and the signed difference of each."""
    months = [_month(ms) for ms in pair.dates]
    length = 1 if max(months) - min(months) < MOST_MONTHS else 3
    places = np.array([m // length for m in months])
    return [
        _period(pair.at(np.flatnonzero(places == place).tolist()), int(place) * length, length, options)
        for place in np.unique(places)
    ]


def _month(ms: int) -> int:
    """Months since the year 0."""
    year, month, _ = day(ms).split("-")
    return int(year) * 12 + int(month) - 1


def _period(pair: ReliabilityData, first: int, length: int, options: Options) -> dict[str, Any]:
    measured = pair.level in (Level.INTERVAL, Level.RATIO)
    chosen: Any = ICC if measured else KAPPA
    form = "ICC(2,1)" if measured else QUADRATIC if pair.level is Level.ORDINAL else UNWEIGHTED
    reason = chosen.can(pair)
    found = Finding(None, reason) if reason else chosen.compute(pair, form, options)
    defined = found.value is not None
    row: dict[str, Any] = {
        "from": dt.date(first // 12, first % 12 + 1, 1).isoformat(),
        "months": length,
        "n": len(pair.units),
        "coefficient": f"{chosen.id} {form}",
        "value": found.value,
        "low": found.interval.low if defined else None,
        "high": found.interval.high if defined else None,
        "reason": found.reason,
    }
    if pair.level is not Level.NOMINAL and pair.criterion is not None:
        differences = _compared(pair, "difference")
        of_mean = mean_interval(pair, differences, options)
        row |= {"difference": float(differences.mean()), "difference_low": of_mean.low, "difference_high": of_mean.high}
    return row


COEFFICIENT = Drift()
