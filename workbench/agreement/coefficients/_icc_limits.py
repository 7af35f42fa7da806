"""Limits of the intraclass correlation by the F distribution, and the step from one rater to a mean of several.

Shrout & Fleiss (1979), Psychological Bulletin 86, 420–428; McGraw & Wong (1996), Psychological Methods 1,
30–46; Spearman (1910) and Brown (1910), British Journal of Psychology 3, 271–295 and 296–322.
"""

from __future__ import annotations

import math

from scipy import special

F_METHOD = "F distribution (Shrout & Fleiss 1979)"


def stepped_up(single: float | None, raters: float) -> float | None:
    """The reliability of a mean of `raters` raters from that of one (Spearman–Brown), or None where there is none.

    >>> stepped_up(0.5, 3), stepped_up(-0.5, 4), stepped_up(None, 4)
    (0.75, None, None)
    """
    if single is None or not 1 + (raters - 1) * single > 1e-9:
        return None
    return raters * single / (1 + (raters - 1) * single)


def consistency_limits(f: float, free: tuple[float, float], k: float, confidence: float) -> tuple[float, float]:
    """Both limits of ICC(1,1) or ICC(3,1) from the F of the units, its degrees of freedom and k raters of a unit."""
    upper = (1 + confidence) / 2
    ends = f / float(special.fdtri(*free, upper)), f * float(special.fdtri(free[1], free[0], upper))
    low, high = ((x - 1) / (x + k - 1) for x in ends)
    return low, high


def absolute_limits(
    units: float,
    raters: float,
    error: float,
    rho: float,
    n: float,
    k: float,
    free: tuple[float, float, float],
    confidence: float,
) -> tuple[float, float] | None:
    """The limits of ICC(2,1) from mean squares of units, raters and error and their degrees of freedom `free`.

    McGraw & Wong (1996), table 7; n units of a rater, k raters of a unit. None where the
    Satterthwaite degrees of freedom do not exist.
    """
    upper = (1 + confidence) / 2
    of_raters, of_error = k * rho * raters, (n * (1 + (k - 1) * rho) - k * rho) * error
    below = of_raters**2 / free[1] + of_error**2 / free[2]
    v = (of_raters + of_error) ** 2 / below if below > 0 else 0.0
    if not v > 0:
        return None
    f_low, f_high = float(special.fdtri(free[0], v, upper)), float(special.fdtri(v, free[0], upper))
    mixed = k * raters + (k * n - k - n) * error
    low = n * (units - f_low * error) / (f_low * mixed + n * units)
    high = n * (f_high * units - error) / (mixed + n * f_high * units)
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low <= high else None
