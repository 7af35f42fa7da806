"""Untimed sequences of events, aligned so that they agree best in their order.

Needleman & Wunsch (1970), for observers' protocols by Quera, Bakeman & Gnisci (2007), Behavior
Research Methods 39, 39–49: of all ways to set two sequences side by side, in order and with gaps, the
cheapest, where agreement costs nothing, two different codes beside each other `substitution`, and a code
beside a gap `gap`. Of equally cheap ones that with the fewest gaps is taken (their advice: favour
disagreements over missed events and false alarms), then that with the smallest differences in time.
κ depends on cost and gaps alone, so it does not depend on which of the remaining ones is taken.
(Times are compared in coarser steps than milliseconds where costs are high and sequences long.)

Only the order of onsets counts; how far apart they lie does not. A unit is a place of the alignment.
An alignment looks for agreement: two unrelated sequences agree more often than chance would have it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.compared import compared
from workbench.agreement.data import ReliabilityData
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study
from workbench.agreement.units import Way
from workbench.agreement.units._pairs import Beside, by_pairs
from workbench.model.coding import Event

# The table of two sequences of 5000 events takes 200 MB.
MOST_CELLS = 25_000_000


def build(
    study: Study,
    what: str,
    *,
    substitution: int = 1,
    gap: int = 1,
    compare: str = "code",
    among: Iterable[str] | None = None,
) -> ReliabilityData:
    """What each of two raters coded at each place of the alignment of their sequences.

    substitution, gap: the costs, whole numbers from 1 on. Raises InputProblems for other costs, and
    for sequences too long to be aligned.
    """
    if problems := [f"the cost of a {name} is {cost!r}, expected a whole number from 1 to 1000"
                    for name, cost in (("substitution", substitution), ("gap", gap))
                    if not (isinstance(cost, int) and 1 <= cost <= 1000)]:  # fmt: skip
        raise InputProblems(problems)
    asked = compared(what, compare, among)

    def put(a: list[Event], b: list[Event], excluded: Counter[str]) -> list[Beside]:
        a, b = sorted(a, key=_by_time), sorted(b, key=_by_time)
        if (len(a) + 1) * (len(b) + 1) > MOST_CELLS:
            raise InputProblems([f"sequences of {len(a)} and {len(b)} events are too long to be aligned"])
        places = aligned([e.code for e in a], [e.code for e in b], substitution, gap, _onsets(a), _onsets(b))
        return [(None if i is None else a[i], None if j is None else b[j]) for i, j in places]

    notes = ("Sequences are aligned by the order of their codes (Needleman & Wunsch 1970), whatever the time.",)
    return by_pairs(study, asked, put, {"substitution": substitution, "gap": gap}, notes)


def aligned(
    a: Sequence[str],
    b: Sequence[str],
    substitution: int = 1,
    gap: int = 1,
    onsets_a: Sequence[int] | None = None,
    onsets_b: Sequence[int] | None = None,
) -> list[tuple[int | None, int | None]]:
    """Places of both sequences side by side in their order, None for a gap.

    >>> aligned("ABCD", "ABD")
    [(0, 0), (1, 1), (2, None), (3, 2)]
    """
    n, m = len(a), len(b)
    codes = {code: at for at, code in enumerate(dict.fromkeys([*a, *b]))}
    x, y = (np.array([codes[c] for c in side], dtype=np.int64) for side in (a, b))
    apart = np.zeros((n, m), dtype=np.int64)
    if onsets_a is not None and onsets_b is not None:
        apart = np.abs(np.subtract.outer(np.asarray(onsets_a, np.int64), np.asarray(onsets_b, np.int64)))
    # one number for three things to be small, the first before the others: cost, gaps, time
    largest = 2 * max(substitution, gap) * (n + m + 1) ** 2
    apart //= 1 + int(apart.max(initial=0)) * min(n, m) // (2**62 // largest)  # coarser time where it would not fit
    per_gap = int(apart.max(initial=0)) * min(n, m) + 1
    per_cost = per_gap * (n + m + 1)
    beside = np.where(x[:, None] == y[None, :], 0, substitution * per_cost) + apart
    single = gap * per_cost + per_gap
    best = _table(beside, single)
    places: list[tuple[int | None, int | None]] = []
    i, j = n, m
    while i or j:
        if i and j and best[i, j] == best[i - 1, j - 1] + beside[i - 1, j - 1]:
            i, j = i - 1, j - 1
            places.append((i, j))
        elif i and best[i, j] == best[i - 1, j] + single:
            i -= 1
            places.append((i, None))
        else:
            j -= 1
            places.append((None, j))
    return places[::-1]


def _table(beside: NDArray[np.int64], single: int) -> NDArray[np.int64]:
    """The least cost of aligning the first i of one with the first j of the other; (n + 1, m + 1)."""
    n, m = beside.shape
    steps = single * np.arange(m + 1, dtype=np.int64)
    best = np.empty((n + 1, m + 1), dtype=np.int64)
    best[0] = steps
    for i in range(n):
        best[i + 1] = best[i] + single
        best[i + 1, 1:] = np.minimum(best[i + 1, 1:], best[i, :-1] + beside[i])
        # a gap in the first sequence comes from the left: the least of all starts to the left
        best[i + 1] = np.minimum.accumulate(best[i + 1] - steps) + steps
    return best


def _by_time(event: Event) -> tuple[int, bool, int, str, str]:
    return event.start_ms, event.end_ms is None, event.end_ms or 0, event.code, event.id


def _onsets(events: list[Event]) -> list[int]:
    return [e.start_ms for e in events]


WAY = Way(
    "sequence",
    "sequences of events, aligned by their order",
    "code",
    ("substitution", "gap", "compare", "among"),
    build,
)
