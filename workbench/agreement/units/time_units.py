"""Time units: what each rater's record says at each second (or other short unit) of the observation window.

Bakeman, Quera & Gnisci (2009), Behavior Research Methods 41, 137–147. Units are half-open and laid as the
way "bins" lays them. A state holds the units whose middle it covers, so that states that follow each
other do not share one; a state that covers no middle, and a point event, count in the unit of their
onset. With all codes at once, the value of a unit is nothing, one code, or a set of several.

The tolerance does not change the units: `time_unit_kappa` looks as far around each unit.
Neighbouring units depend on each other, so intervals resample sessions, never units of time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from workbench.agreement.compared import compared
from workbench.agreement.data import ReliabilityData
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study
from workbench.agreement.units import Way
from workbench.agreement.units._cells import Milliseconds, Places, Words, cells
from workbench.agreement.units.bins import overlapped

WORDS = Words("time unit")


def build(
    study: Study,
    what: str,
    *,
    unit_ms: int = 1000,
    tolerance_ms: int = 0,
    compare: str = "code",
    among: Iterable[str] | None = None,
) -> ReliabilityData:
    """What each rater coded at each unit of time. Raises InputProblems for a width below 1 ms, a negative tolerance."""
    if tolerance_ms < 0:
        raise InputProblems([f"the tolerance is {tolerance_ms} ms, expected 0 or more"])
    data = cells(study, compared(what, compare, among), unit_ms, held, WORDS)
    notes = data.notes
    if tolerance_ms:
        notes = (*notes, f"Of all coefficients time_unit_kappa alone applies the tolerance of {tolerance_ms} ms.")
    settings = {"unit_ms": unit_ms, "tolerance_ms": tolerance_ms, **data.settings}
    return replace(data, settings=settings, notes=notes)


def held(begin: Milliseconds, end: Milliseconds, starts: Milliseconds, ends: Milliseconds) -> tuple[Places, Places]:
    """First and last unit whose middle lies in each half-open span, or the unit of its onset."""
    middles = starts + ends
    first = np.searchsorted(middles, 2 * begin, side="left")
    last = np.searchsorted(middles, 2 * end, side="left") - 1
    at_onset = overlapped(begin, begin, starts, ends)
    holds = first <= last
    return np.where(holds, first, at_onset[0]), np.where(holds, last, at_onset[1])


WAY = Way("time_units", "units of time", "code", ("unit_ms", "tolerance_ms", "compare", "among"), build)
