"""An interval: its ends and how it was made, or the reason for none; and how one is asked for.

How it is made stands in `workbench.agreement.resampling`, and with the coefficients whose standard error is known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from workbench.agreement.weights import OwnWeights

DEFAULT_SEED = 2011
MOST_REPLICATES = 1_000_000


@dataclass(frozen=True)
class Options:
    """How intervals are made, and weights of one's own. Raises ValueError for what cannot be."""

    confidence: float = 0.95
    replicates: int = 2000
    seed: int = DEFAULT_SEED
    weights: OwnWeights | None = None

    def __post_init__(self) -> None:
        if not 0 < self.confidence < 1:
            raise ValueError(f"confidence is {self.confidence}, expected a share between 0 and 1, such as 0.95")
        if not 0 <= self.replicates <= MOST_REPLICATES:
            raise ValueError(f"replicates is {self.replicates}, expected 0 to {MOST_REPLICATES}")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}, expected a whole number from 0 on")


@dataclass(frozen=True)
class Interval:
    """low and high, or the reason for none; how it was made and what it speaks of.

    below: the probability that the coefficient is below a number, and below_by how it was found: "share of
    the bootstrap replicates", or the name of a distribution where nothing was drawn.
    """

    low: float | None = None
    high: float | None = None
    method: str = "none"
    scope: str = ""
    reason: str | None = None
    replicates: int = 0
    seed: int | None = None
    undefined: int = 0
    notes: tuple[str, ...] = ()
    below: Callable[[float], float] | None = field(default=None, compare=False, repr=False)
    below_by: str = ""

    def moved(self, shift: float, times: float) -> Interval:
        """The interval of shift + times · x, from that of x; `times` is above zero."""
        if self.low is None or self.high is None:
            return self
        below = self.below
        again = None if below is None else lambda y: below((y - shift) / times)
        return replace(self, low=shift + times * self.low, high=shift + times * self.high, below=again)

    def probabilities(self, limits: Iterable[float]) -> dict[str, Any]:
        """P(coefficient < limit) for each limit, as details of a result that say how they were found."""
        if self.below is None:
            return {}
        return {f"p_below_{limit:.3f}": self.below(limit) for limit in limits} | {"p_below_by": self.below_by}


NO_INTERVAL = Interval()
NOT_ASKED_FOR = "no replicates were asked for"
