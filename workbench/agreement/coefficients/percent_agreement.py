"""Percent agreement: how often raters said exactly the same. Three definitions go by the name.

pairs: agreeing pairs of raters among all pairs, over all units (a unit with more raters counts more).
per_unit: the mean over units of the share of agreeing pairs (Fleiss 1971, P̄).
unanimous: the share of units in which all who rated agree.
With two raters and no missing cells the three are the same.
"""

from __future__ import annotations

import numpy as np
from scipy import special

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import SHARE
from workbench.agreement.resampling import over_sessions, over_units
from workbench.agreement.result import Finding
from workbench.agreement.statistic import ratio


class PercentAgreement:
    id = "percent_agreement"
    variants = ("pairs", "per_unit", "unanimous")
    levels = frozenset(Level)
    pairwise = False
    takes_holes = True
    chance_corrected = False
    misleading_when = (
        "It is not corrected for chance: where a code is rare, raters agree on most units by both not using it."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        # with owners it is one rater beside each of the others: two values a column
        if variant == "unanimous" and data.owners:
            return "Percent agreement (pairs of values that agree)"
        return {
            "pairs": "Percent agreement (agreeing pairs among all pairs)",
            "per_unit": "Percent agreement (mean of units)",
            "unanimous": "Percent agreement (units in which all agree)",
        }[variant]

    def can(self, data: ReliabilityData) -> str | None:
        return why_not_pairable(data)

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        agreeing, pairs = pair_counts(data)
        part, whole = {
            "pairs": (agreeing, pairs),
            "per_unit": (agreeing / pairs, np.ones_like(pairs)),
            "unanimous": ((agreeing == pairs).astype(float), np.ones_like(pairs)),
        }[variant]
        statistic = ratio(part, whole)
        value = float(part.sum() / whole.sum())
        if data.resample == "sessions":
            interval = over_sessions(value, statistic, options, SHARE, clusters(data))
        elif len(data.raters) == 2 or variant == "unanimous":
            interval = clopper_pearson(round(float(part.sum())), len(part), options)
        else:
            interval = over_units(value, statistic, options, SHARE, order=statistic.sums, agreed=agreeing == pairs)
        return Finding(value, interval=interval, details={"agreeing": float(part.sum()), "of": float(whole.sum())})


def pair_counts(data: ReliabilityData) -> tuple[Numbers, Numbers]:
    """Agreeing pairs and pairs of raters in each pairable unit: two arrays (n_pairable,)."""
    values = data.pairable()
    agreeing = np.zeros(values.shape[1])
    pairs = np.zeros(values.shape[1])
    for i in range(len(values) - 1):
        agreeing += (values[i] == values[i + 1 :]).sum(axis=0)
        pairs += (~np.isnan(values[i]) & ~np.isnan(values[i + 1 :])).sum(axis=0)
    return agreeing, pairs


def clopper_pearson(hits: int, n: int, options: Options) -> Interval:
    """The exact binomial interval of `hits` of `n` independent units (Clopper & Pearson 1934)."""
    tail = (1 - options.confidence) / 2
    low = 0.0 if hits == 0 else float(special.betaincinv(hits, n - hits + 1, tail))
    high = 1.0 if hits == n else float(special.betaincinv(hits + 1, n - hits, 1 - tail))
    return Interval(low=low, high=high, method="exact binomial (Clopper & Pearson 1934)", scope="over units")


COEFFICIENT = PercentAgreement()
