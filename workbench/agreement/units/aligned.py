"""Events aligned by their onsets: those of two raters at most the tolerance apart mean the same moment.

Events of one code are paired first, as many as possible and of those the closest in time; what is left
is paired in the same way with events of other codes (`matching.match`). A unit is such a moment, or
an event that stands alone. The preference for the same code is the usual reading of a disagreement,
and it favours agreement: report the value for a smaller tolerance beside it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from workbench.agreement.compared import compared
from workbench.agreement.data import ReliabilityData
from workbench.agreement.matching import match
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study
from workbench.agreement.units import Way
from workbench.agreement.units._pairs import Beside, by_pairs
from workbench.model.coding import Event

TOLERANCE_MS = 2000


def build(
    study: Study,
    what: str,
    *,
    tolerance_ms: int = TOLERANCE_MS,
    compare: str = "code",
    among: Iterable[str] | None = None,
) -> ReliabilityData:
    """What each of two raters coded at each moment. Raises InputProblems for a negative tolerance."""
    if tolerance_ms < 0:
        raise InputProblems([f"the tolerance is {tolerance_ms} ms, expected 0 or more"])

    def put(a: list[Event], b: list[Event], excluded: Counter[str]) -> list[Beside]:
        found = match(a, b, tolerance_ms)
        alone: list[Beside] = [(x, None) for x in found.only_a]
        return [*found.matched, *found.confusions, *alone, *((None, y) for y in found.only_b)]

    notes = (f"Events of two raters at most {tolerance_ms / 1000:g} s apart are compared, the same codes first.",)
    return by_pairs(study, compared(what, compare, among), put, {"tolerance_ms": tolerance_ms}, notes)


WAY = Way("aligned", "events aligned by their onsets", "code", ("tolerance_ms", "compare", "among"), build)
