"""What was measured: a row of the table, from the values of several runs."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

RUNS = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """One row. `values` has the figure of each run; the median of them counts.

    goal: None where the row is only told. at_least: the goal is reached from below, as with frames a second.
    """

    what: str
    values: tuple[float, ...]
    unit: str
    goal: float | None = None
    at_least: bool = False
    digits: int = 0
    worst: float | None = None
    note: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def met(self) -> bool:
        if self.goal is None:
            return True
        return self.median >= self.goal if self.at_least else self.median <= self.goal

    def row(self) -> str:
        worst = self.worst
        if worst is None:
            worst = min(self.values) if self.at_least else max(self.values)
        goal = "" if self.goal is None else f"{'≥' if self.at_least else '≤'} {self.goal:g} {self.unit}"
        met = "" if self.goal is None else ("yes" if self.met else "**no**")
        cells = [self.what, self._shown(self.median), self._shown(worst), goal, met, self.note]
        return f"| {' | '.join(cells)} |"

    def _shown(self, value: float) -> str:
        return f"{value:,.{self.digits}f} {self.unit}"


HEAD = "| what | median | worst | goal | met | |\n| --- | --- | --- | --- | --- | --- |"


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which `part` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]
