"""How many sessions and raters a study of ratings needs, before it begins: in words, and in Python."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.agreement import planning
from workbench.agreement.problems import counted


@dataclass(frozen=True, slots=True)
class Planned:
    """What is needed for a width of the interval, and for a reliability of the mean; lines of Python that say both."""

    sessions: str
    raters: str
    lines: str


def plan_study(icc: float, raters: int, width: float, wanted: float) -> Planned:
    """For a single-rater ICC expected to be `icc`: sessions, each rated by all `raters`, for a 95 % interval of
    `width`; raters whose mean has the reliability `wanted`. Raises InputProblems.

    >>> plan_study(0.85, 4, 0.2, 0.9).sessions
    '20 sessions, each rated by all 4 raters, give a 95 % interval about 0.20 wide (0.20 by the F distribution).'
    """
    wide = planning.sessions_for_width(icc, raters=raters, width=width)
    mean = planning.raters_for_reliability(icc, wanted=wanted)
    everybody = "both" if raters == 2 else f"all {raters}"
    if wide.needed is None:
        sessions = f"No number of sessions: {wide.reason}."
    else:
        f = wide.expects["width_of_the_f_interval"]
        sessions = (
            f"{counted(wide.needed, 'session')}, each rated by {everybody} raters, give a 95 % interval about "
            f"{wide.expects['width']:.2f} wide ({f:.2f} by the F distribution)."
        )
    if mean.needed is None:
        of_mean = f"No number of raters: {mean.reason}."
    elif mean.needed == 1:
        of_mean = f"One rater has a reliability of {icc:g} already."
    else:
        of_mean = f"The mean of {mean.needed} raters has a reliability of {mean.expects['reliability']:.2f}."
    lines = (
        "from workbench.agreement import planning\n"
        f"planning.sessions_for_width({icc!r}, raters={raters!r}, width={width!r})\n"
        f"planning.raters_for_reliability({icc!r}, wanted={wanted!r})\n"
    )
    return Planned(sessions, of_mean, lines)
