"""What is wrong with a user's data: every problem as a sentence, raised together."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable


class InputProblems(ValueError):
    """Data that cannot be read as what it was said to be. `problems` holds one sentence for each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def in_order(problems: Iterable[str]) -> list[str]:
    """Problems of a file by their rows, as one goes through it; those of no row last.

    >>> in_order(["no unit", "row 10: no rater", "row 9, column value: 'x' is text"])
    ["row 9, column value: 'x' is text", 'row 10: no rater', 'no unit']
    """

    def row(problem: str) -> float:
        found = re.match(r"row (\d+)", problem)
        return int(found[1]) if found else math.inf

    return sorted(problems, key=row)


def counted(n: int, noun: str) -> str:
    """A number with what it counts, in the singular or in the plural.

    >>> counted(1, "session"), counted(3, "session"), counted(0, "pairable unit")
    ('1 session', '3 sessions', '0 pairable units')
    """
    return f"{n} {noun}{'s' * (n != 1)}"


def listed(names: Iterable[object], limit: int = 8) -> str:
    """Names as people list them, cut after `limit`.

    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    texts = [str(n) for n in names]
    if len(texts) <= limit:
        return ", ".join(texts) or "none"
    return f"{', '.join(texts[:limit])} and {len(texts) - limit} more"
