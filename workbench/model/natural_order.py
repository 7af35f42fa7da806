"""Names in the order in which people count: R2 before R10, session 9 before session 10."""

from __future__ import annotations

import re
from collections.abc import Iterable

_DIGITS = re.compile(r"(\d+)")
Key = tuple[tuple[tuple[str, int], ...], str]


def natural(name: str) -> Key:
    """What to sort a name by: runs of digits as numbers, letters whatever their case; of equal ones as they stand.

    >>> sorted(["R10", "R2", "ben", "Anna", "R1"], key=natural)
    ['Anna', 'ben', 'R1', 'R2', 'R10']
    """
    parts = _DIGITS.split(name)
    number = (*(int(digits[-300:]) for digits in parts[1::2]), 0)
    return tuple(zip((text.casefold() for text in parts[::2]), number, strict=True)), name


def in_natural_order(names: Iterable[str]) -> tuple[str, ...]:
    """Each name once, in natural order."""
    return tuple(sorted(set(names), key=natural))
