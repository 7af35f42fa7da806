"""Delete-one jackknife: an interval from the values that are left when each independent thing is left out once.

On a scale on which the values spread evenly; with n things, t with n − 1 degrees of freedom (Efron &
Tibshirani 1993, An Introduction to the Bootstrap, chapters 11 and 12).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import special

from workbench.agreement.data import Numbers

BY_T = "t distribution of the jackknife"
# Values on a scale are about 1 in size; what differs by less than this is rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True)
class Scale:
    """`to` a scale and `back` from it; `to` is infinite where a value has no place on it. said: as methods name it."""

    to: Callable[[float], float]
    back: Callable[[float], float]
    said: str = ""


PLAIN = Scale(lambda x: x, lambda x: x)
_LARGEST = 700.0  # e to a larger power is no float
BELOW_ONE = Scale(lambda x: -math.log1p(-x) if x < 1 else math.inf, lambda y: -math.expm1(min(-y, _LARGEST)))


def fisher(lower: float, said: str = " on Fisher’s z") -> Scale:
    """Fisher's z for a coefficient between `lower` and 1, as intraclass correlations are; with 0 half a logit."""

    def to(x: float) -> float:
        if x >= 1:
            return math.inf
        return 0.5 * math.log((x - lower) / (1 - x)) if x > lower else -math.inf

    return Scale(to, lambda z: 1 - (1 - lower) * float(special.expit(-2 * z)), said)


@dataclass(frozen=True)
class Bounds:
    """The least and the largest value that a coefficient can have, and the scale on which it spreads evenly."""

    least: float
    most: float
    scale: Scale


def below_one(least: float = -math.inf) -> Bounds:
    """Of a coefficient that is 1 at best and spreads the more, the lower it is."""
    return Bounds(least, 1.0, BELOW_ONE)


def share_like(least: float = 0.0) -> Bounds:
    """Of a share, or of one moved to `least` to 1: as near to an end as it comes, it spreads less."""
    return Bounds(least, 1.0, fisher(least, " on logits"))


KAPPA = below_one(-1.0)
SHARE = share_like()
UNBOUNDED = Bounds(-math.inf, math.inf, PLAIN)


@dataclass(frozen=True)
class Jackknifed:
    """The ends, the probability of being below a value, and the scale: the plain one where a value has no place
    on that of the coefficient."""

    low: float
    high: float
    below: Callable[[float], float]
    scale: Scale


def jackknifed(value: float, left: Numbers, bounds: Bounds, confidence: float) -> Jackknifed | None:
    """The interval of `value` from `left` of shape (n,), the finite values without each thing in turn.

    It keeps within the bounds. None where every value is the same.
    """
    n, scale = len(left), bounds.scale
    scaled = np.array([scale.to(float(x)) for x in (*left, value)])
    if not np.isfinite(scaled).all():
        scale, scaled = PLAIN, np.array([*left, value])
    left, centre = scaled[:-1], float(scaled[-1])
    error = math.sqrt((n - 1) / n * float(((left - left.mean()) ** 2).sum()))
    if error <= _ROUNDING * max(1.0, float(np.abs(left).max())):
        return None
    reach = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * error

    def below(x: float) -> float:
        return float(special.stdtr(n - 1, (scale.to(x) - centre) / error))

    # A value that was estimated below what can be (as an ICC may be) stays within its interval.
    low, high = max(scale.back(centre - reach), min(bounds.least, value)), min(scale.back(centre + reach), bounds.most)
    return Jackknifed(low, high, below, scale)
