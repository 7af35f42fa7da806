"""The mean of what patient, provider and observers say of one session: combined score 2.

Equal weights, at least two perspectives. It describes; it has no norms. A point from two
perspectives must not be joined to one from three without a mark: `complete` is that mark.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.alliance.perspective import PerspectiveScore
from workbench.model.instrument import Perspective


@dataclass(frozen=True, slots=True)
class Composite:
    """`value` 0 to 100 or None and why; `present` says which perspectives went in; `low`, `high` and
    `sd` (with n − 1) describe how far they lie apart."""

    value: float | None
    reason: str
    present: tuple[Perspective, ...]
    absent: tuple[Perspective, ...]
    low: float | None
    high: float | None
    sd: float | None
    note: str = "descriptive"

    @property
    def n(self) -> int:
        return len(self.present)

    @property
    def complete(self) -> bool:
        return not self.absent


def session_composite(scores: Iterable[PerspectiveScore]) -> Composite:
    """The composite of one session's perspective scores; one without a value counts as absent.

    Raises ValueError when a perspective comes twice.
    """
    by_perspective = one_each(scores)
    values = {p: s.value for p, s in by_perspective.items() if s.value is not None}
    present = tuple(p for p in Perspective if p in values)
    absent = tuple(p for p in Perspective if p not in values)
    if len(values) < 2:
        found = f"only the {present[0]}'s score is there" if present else "no score is there"
        return Composite(None, f"At least two perspectives are needed; {found}.", present, absent, None, None, None)
    known = list(values.values())
    return Composite(
        value=math.fsum(known) / len(known),
        reason="",
        present=present,
        absent=absent,
        low=min(known),
        high=max(known),
        sd=statistics.stdev(known),
        note="descriptive" if not absent else f"descriptive; incomplete, without the {' and '.join(absent)}",
    )


def one_each(scores: Iterable[PerspectiveScore]) -> dict[Perspective, PerspectiveScore]:
    """The scores by perspective. Raises ValueError when a perspective comes twice."""
    found: dict[Perspective, PerspectiveScore] = {}
    for score in scores:
        if score.perspective in found:
            raise ValueError(f"two scores of the {score.perspective} for one session")
        found[score.perspective] = score
    return found
