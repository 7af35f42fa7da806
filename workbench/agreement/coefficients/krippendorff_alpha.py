"""Krippendorff's α: agreement of any number of raters, at any level, with missing cells.

Krippendorff (2004), Content Analysis, 2nd ed., ch. 11; Krippendorff (2011), Computing Krippendorff's
Alpha-Reliability; Hayes & Krippendorff (2007). α = 1 − Do/De over the values that can be paired.

The library `krippendorff` computes the point value wherever it can. It needs units × values² numbers
at once, so measured data with many different values goes through `_disagreement`, whose cost is
linear in the units; so does the bootstrap. Intervals resample whole units or sessions: the pairs
within a unit are not independent, so drawing pairs (as the KALPHA macro does) is not followed.
"""

from __future__ import annotations

from importlib.metadata import version

import krippendorff
import numpy as np
from numpy.typing import NDArray

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.coefficients._disagreement import Disagreement, disagreement, scaled
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import Bounds, below_one, fisher
from workbench.agreement.resampling import over_sessions, over_units
from workbench.agreement.result import Finding

# Above this many numbers at once (units × values²; 40 MB), the library is not asked.
LIBRARY_LIMIT = 5_000_000
# De at the ratio level goes through every pair of different values.
RATIO_VALUES = 20_000
RATIO_VALUES_BOOTSTRAP = 2_000

RELY, TENTATIVE = 0.800, 0.667


class KrippendorffAlpha:
    id = "krippendorff_alpha"
    variants = ("alpha",)
    levels = frozenset(Level)
    pairwise = False
    takes_holes = True
    chance_corrected = True
    misleading_when = (
        "When one value is rare, a few disagreements move α far; and few units or sessions leave the interval "
        "wide: read the interval, not the point."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        return f"Krippendorff's α ({data.level})"

    def can(self, data: ReliabilityData) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        domain = data.domain()
        if len(domain) < 2:
            return f"every pairable value is {data.name(domain[0])}: without variation α is not defined"
        if data.level is Level.RATIO:
            if domain[0] < 0:
                return f"the ratio level needs values of 0 or more; the smallest is {domain[0]:g}"
            if len(domain) > RATIO_VALUES:
                return f"{len(domain)} different values are too many at the ratio level (at most {RATIO_VALUES})"
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        table = disagreement(data)
        own = float(table.statistic().at(np.ones((1, table.n_units)))[0])
        by_library = library_value(data, table.counts_for_library(LIBRARY_LIMIT))
        value = own if by_library is None else by_library
        if not np.isfinite(value):
            return Finding(None, "the values differ too little to be computed with")
        if data.level is Level.RATIO and len(table.domain) > RATIO_VALUES_BOOTSTRAP:
            many = f"more than {RATIO_VALUES_BOOTSTRAP} different values at the ratio level"
            interval = Interval(reason=f"{many} take too long to draw anew")
        else:
            interval = _interval(data, value, table, options)
        details = interval.probabilities((TENTATIVE, RELY))
        by = "own sums" if by_library is None else f"krippendorff {version('krippendorff')}"
        return Finding(value, interval=interval, details=details, settings={"computed_by": by}, notes=_notes(data))


def _interval(data: ReliabilityData, value: float, table: Disagreement, options: Options) -> Interval:
    """α is −1/(m − 1) at least where m values are the fewest in a unit; over units it spreads as an intraclass
    correlation does, whose least value is that of the mean number, a little less being taken."""
    least = -1 / (float(table.size.min()) - 1)
    if data.resample == "sessions":
        return over_sessions(value, table.statistic(), options, below_one(least), clusters(data))
    bounds = Bounds(least, 1.0, fisher(-1 / (float(table.size.mean()) - 1) - 0.05))
    return over_units(value, table.statistic(), options, bounds, order=table.order(), agreed=table.agreed)


def library_value(data: ReliabilityData, counts: NDArray[np.int64] | None) -> float | None:
    """α by the library from counts of shape (units, values), or None where it cannot."""
    if counts is None:
        return None
    domain = scaled(data.domain(), data.level)
    return float(krippendorff.alpha(value_counts=counts, value_domain=domain, level_of_measurement=data.level.value))


def _notes(data: ReliabilityData) -> tuple[str, ...]:
    if data.n_pairable == 1:
        return ("Of one unit α is 0 whatever the disagreement: what to expect by chance is known from no other.",)
    return _rare(data)


def _rare(data: ReliabilityData) -> tuple[str, ...]:
    """A warning when one of two values makes up less than 5 %."""
    if data.level is not Level.NOMINAL or len(domain := data.domain()) != 2:
        return ()
    present = data.pairable()
    present = present[~np.isnan(present)]
    share = float((present == domain[1]).mean())
    if min(share, 1 - share) >= 0.05:
        return ()
    rare = data.name(domain[1] if share < 0.5 else domain[0])
    return (f"Only {100 * min(share, 1 - share):.1f} % of the values are {rare!r}: a few units decide.",)


COEFFICIENT = KrippendorffAlpha()
