"""Percent of maximum possible: every scale on 0 to 100, its own ends kept.

POMP = 100 (x − min) / (max − min) (Cohen, Cohen, Aiken & West 1999, Multivariate Behavioral
Research 34, 315–346).
"""

from __future__ import annotations


def pomp(value: float, low: float, high: float) -> float:
    """`value` on a scale from `low` to `high`, in percent of what the scale allows.

    Raises ValueError where low is not below high, or the value lies outside the scale.

    >>> pomp(4, 1, 7)
    50.0
    """
    if not low < high:
        raise ValueError(f"not a scale: from {low} to {high}")
    # means of values that all stand at one end may miss it by a rounding error
    slack = 1e-9 * (high - low)
    if not low - slack <= value <= high + slack:
        raise ValueError(f"{value} lies outside the scale from {low} to {high}")
    return min(100.0, max(0.0, 100 * (value - low) / (high - low)))


def mirrored(value: float, low: float, high: float) -> float:
    """A reversed item's value turned round: `low` becomes `high`."""
    return low + high - value
