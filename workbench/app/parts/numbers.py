"""Numbers as reports print them: fixed digits, a true minus, a dash where there is none."""

from __future__ import annotations

NONE = "–"


def number(value: float | None, digits: int = 2) -> str:
    """A number with fixed digits.

    >>> number(0.6875), number(-0.101), number(None), number(-0.001)
    ('0.69', '−0.10', '–', '0.00')
    """
    if value is None:
        return NONE
    text = f"{abs(value):,.{digits}f}"
    return f"−{text}" if value < 0 and float(text.replace(",", "")) else text


def interval(low: float | None, high: float | None, digits: int = 2) -> str:
    """An interval's ends.

    >>> interval(0.65, 0.72)
    '0.65 to 0.72'
    """
    return "" if low is None or high is None else f"{number(low, digits)} to {number(high, digits)}"


def percent(share: float | None, digits: int = 0) -> str:
    """A share of 1 in percent.

    >>> percent(0.0634, 1), percent(None)
    ('6.3 %', '–')
    """
    return NONE if share is None else f"{number(100 * share, digits)} %"


def seconds(ms: int) -> str:
    """Milliseconds as seconds, without idle digits.

    >>> seconds(5000), seconds(2500)
    ('5 s', '2.5 s')
    """
    return f"{ms / 1000:g} s"
