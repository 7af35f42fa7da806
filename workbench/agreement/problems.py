"""What is wrong with a user's data: every problem as a sentence, raised together."""

from __future__ import annotations

from collections.abc import Iterable


class InputProblems(ValueError):
    """Data that cannot be read as what it was said to be. `problems` holds one sentence for each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def listed(names: Iterable[object], limit: int = 8) -> str:
    """Names as people list them, cut after `limit`.

    >>> listed(["a", "b", "c"], limit=2)
    'a, b and 1 more'
    """
    texts = [str(n) for n in names]
    if len(texts) <= limit:
        return ", ".join(texts) or "none"
    return f"{', '.join(texts[:limit])} and {len(texts) - limit} more"
