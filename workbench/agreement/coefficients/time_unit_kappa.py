"""Time-unit κ with tolerance: agreement of two raters' records, unit of time by unit of time.

Bakeman, Quera & Gnisci (2009), Observer agreement for timed-event sequential data, Behavior Research
Methods 41, 137–147, as GSEQ computes it. Each unit of time of one rater is a tally: an agreement if the
other has the same category at some unit at most the tolerance away, else the two categories at this very unit. κ
is Cohen's on these tallies. It makes a difference whose units are gone through, so there are two values;
both are reported, and the value here is their mean, which does not depend on who comes first. Without
tolerance the two are one. Tolerance raises observed agreement and hardly touches what is expected by
chance: report the value without tolerance beside it.

"At most the tolerance away": a unit of time counts from its beginning, so with 2 s and units of 1 s two
units before and two after are looked at. Nothing is looked at in another session.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients import _structural_zero
from workbench.agreement.coefficients._structural_zero import Tallies, kappa, tallies
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import KAPPA
from workbench.agreement.problems import listed
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive

WAY = "time_units"
NOT_INDEPENDENT = "units of time are no independent observations: an interval needs the session of each"


class TimeUnitKappa:
    id = "time_unit_kappa"
    variants = ("mean of both directions",)
    levels = frozenset({Level.NOMINAL})
    pairwise = True
    takes_holes = True
    chance_corrected = True
    way = WAY
    misleading_when = (
        "Long states weigh more than short ones, and a second is no independent observation: it says how much of the "
        "time raters agree, not on how many events. Report an event-based κ beside it."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        tolerance = data.settings.get("tolerance_ms", 0) / 1000 if data.settings.get("way") == WAY else 0
        return f"Time-unit κ (tolerance {tolerance:g} s)" if tolerance else "Time-unit κ (no tolerance)"

    def can(self, data: ReliabilityData) -> str | None:
        way = data.settings.get("way", "table")
        if way not in (WAY, "table"):
            return f"time-unit κ is for units of time (units by “time_units”); these are units by “{way}”"
        return _structural_zero.why_not(data, "time-unit κ", self.levels)

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        table = tallies(data)
        tolerance_ms = int(data.settings.get("tolerance_ms", 0)) if data.settings.get("way") == WAY else 0
        through_first, through_second = _agreed_nearby(data, table, tolerance_ms)
        ways = [
            replace(table, second=np.where(through_first, table.first, table.second)),
            replace(table, first=np.where(through_second, table.second, table.first)),
        ]
        sums = sparse.hstack([each.sums for each in ways]).tocsr()

        def mean(total: Numbers) -> Numbers:
            width = total.shape[1] // 2
            return (kappa(total[:, :width], nil=False) + kappa(total[:, width:], nil=False)) / 2

        value = float(mean(sums.sum(axis=0)[None])[0])
        through = [float(kappa(each.sums.sum(axis=0)[None], nil=False)[0]) for each in ways]
        details = _structural_zero.details(table)
        details["by_direction"] = [
            {"through": rater, "kappa": round(each, 12) if np.isfinite(each) else None}
            for rater, each in zip(data.raters, through, strict=True)
        ]
        details["kappa_without_tolerance"] = float(kappa(table.sums.sum(axis=0)[None], nil=False)[0])
        settings = {"tolerance_ms": tolerance_ms}
        if not np.isfinite(value):
            whose = listed(r for r, each in zip(data.raters, through, strict=True) if not np.isfinite(each))
            reason = (
                f"with this tolerance every unit of {whose} agrees on one category, which chance alone explains: that "
                "direction has no κ, and so the mean of both is not defined"
            )
            return Finding(None, reason, details=details, settings=settings)
        interval = Interval(reason=NOT_INDEPENDENT)
        if data.resample == "sessions":
            interval = over_sessions(value, Additive(sums, mean), options, KAPPA, clusters(data))
        return Finding(value, interval=interval, details=details, settings=settings)


def _agreed_nearby(data: ReliabilityData, table: Tallies, tolerance_ms: int) -> list[NDArray[np.bool_]]:
    """Whether the other rater has the same category nearby, going through the first rater's units and the second's."""
    agreed = [table.first == table.second, table.first == table.second]
    if not tolerance_ms or not data.starts:
        return agreed
    keep = np.flatnonzero(data.pairable_units)
    starts = np.asarray(data.starts)[keep]
    sessions = np.unique(np.asarray(data.sessions, dtype=object)[keep].astype(str), return_inverse=True)[1]
    order = np.lexsort([starts, sessions])
    first, second, starts, sessions = table.first[order], table.second[order], starts[order], sessions[order]
    found = [agreed[0][order], agreed[1][order]]
    for step in range(1, len(order)):
        near = (sessions[step:] == sessions[:-step]) & (starts[step:] - starts[:-step] <= tolerance_ms)
        if not near.any():
            break
        for own, other, hit in ((first, second, found[0]), (second, first, found[1])):
            hit[:-step] |= near & (own[:-step] == other[step:])
            hit[step:] |= near & (own[step:] == other[:-step])
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return [hit[back] for hit in found]


COEFFICIENT = TimeUnitKappa()
