"""Fixed time bins over the declared observation window.

Half-open bins [start, start + width) from the beginning of each stretch of the window that all
raters of the session were to observe. A last bin that is shorter than the width stays if it has at
least half of it. A bin that touches a stretch that somebody could not observe is taken out.

A point event counts in the bin of its onset, a state event in every bin that it overlaps; a state
without an end, and one without length, count as points. With a tolerance, onsets (and ends) of one
code by different raters that lie within it are first set to the earliest of them
(`matching.together`), so that an event does not become a disagreement by falling on the other side
of a bin's edge. With all codes at once, the value of a bin is what the rater coded in it: nothing, one
code, or a set of several, which is a category of its own.

Neighbouring bins depend on each other, so intervals resample sessions, never bins.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from workbench.agreement.compared import compared
from workbench.agreement.data import ReliabilityData
from workbench.agreement.study import Study
from workbench.agreement.units import Way
from workbench.agreement.units._cells import NO_WINDOW as NO_WINDOW
from workbench.agreement.units._cells import NOT_SHARED as NOT_SHARED
from workbench.agreement.units._cells import OUTSIDE as OUTSIDE
from workbench.agreement.units._cells import Milliseconds, Places, Words, cells

WORDS = Words("bin")
DARK, IN_DARK, SHORT = WORDS.dark, WORDS.in_dark, WORDS.short


def build(
    study: Study,
    what: str,
    *,
    bin_ms: int = 5000,
    tolerance_ms: int = 0,
    compare: str = "code",
    among: Iterable[str] | None = None,
) -> ReliabilityData:
    """Presence (1) or absence (0) of the code `what` in each bin, by rater; with ALL_CODES, what was coded.

    Raises InputProblems for a width below 1 ms or a negative tolerance.
    """
    data = cells(study, compared(what, compare, among), bin_ms, overlapped, WORDS, tolerance_ms)
    return replace(data, settings={"bin_ms": bin_ms, "tolerance_ms": tolerance_ms, **data.settings})


def overlapped(
    begin: Milliseconds, end: Milliseconds, starts: Milliseconds, ends: Milliseconds
) -> tuple[Places, Places]:
    """First and last bin that each half-open span overlaps; a span without length counts as a point."""
    first = np.searchsorted(ends, begin, side="right")
    last = np.searchsorted(starts, np.maximum(end, begin + 1), side="left") - 1
    return first, last


WAY = Way("bins", "fixed time bins", "code", ("bin_ms", "tolerance_ms", "compare", "among"), build)
