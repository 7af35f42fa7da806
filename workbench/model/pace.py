"""How far a rater is in a coding, and how long the rest takes at the pace they have worked at so far.

Only what was measured is said: working time over observed time of codings handed in on the same scheme.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.model.assignment import Assignment
from workbench.model.coding import CodingState
from workbench.model.span import TimeSpan

# Before this much of a recording is behind one, its pace says little.
_TELLING_MS = 3 * 60_000
_FINISHED = (CodingState.SUBMITTED, CodingState.LOCKED)


@dataclass(frozen=True, slots=True)
class Pace:
    """Working time as a multiple of observed time, over `codings` of them; `slowest` and `fastest` of one."""

    times: float
    codings: int
    fastest: float
    slowest: float


def pace(assignments: Iterable[Assignment], scheme_hash: str) -> Pace | None:
    """The pace of one rater's codings on a scheme that were handed in; None when there is none to go by.

    Live codings are left out: they take as long as the session does.
    """
    done = [
        a
        for a in assignments
        if a.scheme_hash == scheme_hash
        and a.coding_state in _FINISHED
        and not a.live
        and a.time_spent_ms > 0
        and a.window_ms > 0
    ]
    if not done:
        return None
    each = [a.time_spent_ms / a.window_ms for a in done]
    whole = sum(a.time_spent_ms for a in done) / sum(a.window_ms for a in done)
    return Pace(whole, len(done), min(each), max(each))


def covered_ms(windows: Iterable[TimeSpan], position_ms: int) -> int:
    """How much of an observation window lies before a position.

    >>> covered_ms([TimeSpan(0, 1000), TimeSpan(5000, 6000)], 5500)
    1500
    """
    return sum(min(w.length_ms, max(0, position_ms - w.start_ms)) for w in windows)


def progress(assignment: Assignment) -> float:
    """How far a coding is, 0 to 1: where its rater stopped in what is observed; 1 once it is handed in."""
    if assignment.coding_state in _FINISHED:
        return 1.0
    if assignment.coding_state is None or assignment.window_open or not assignment.window_ms:
        return 0.0
    return covered_ms(assignment.windows, assignment.position_ms) / assignment.window_ms


def pace_so_far(assignment: Assignment) -> float | None:
    """Working time over observed time of a coding that is being worked on; None while that says little."""
    covered = covered_ms(assignment.windows, assignment.position_ms)
    if assignment.coding_state is not CodingState.DRAFT or assignment.live or covered < _TELLING_MS:
        return None
    return assignment.time_spent_ms / covered if assignment.time_spent_ms else None


def left_ms(assignment: Assignment, usual: Pace | None) -> int | None:
    """How much work is left, at the rater's own pace; None when nothing is left or there is nothing to go by.

    A coding that is well under way goes by its own pace so far.
    """
    if assignment.coding_state in _FINISHED or assignment.live or not assignment.window_ms:
        return None
    times = pace_so_far(assignment) or (usual.times if usual else None)
    return None if times is None else round(times * assignment.window_ms * (1 - progress(assignment)))
