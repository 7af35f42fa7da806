"""Ratings of one scale: a unit is a session, or a segment of it.

"No evidence" is an answer, not a missing rating, but it has no place on the scale: it is left out
of the table and counted. Sessions are taken as independent of each other; where sessions sit in
dyads, a pooled coefficient mostly shows differences between dyads.
"""

from __future__ import annotations

from collections import Counter

import numpy as np

from workbench.agreement.data import Level, ReliabilityData, level_of
from workbench.agreement.study import Study
from workbench.agreement.units import Way, counted

NO_EVIDENCE = "ratings of “no evidence”"


def build(study: Study, what: str, *, level: str = "interval") -> ReliabilityData:
    """The ratings of the scale `what`, by rater and session (and segment, where there are several).

    `level` is "interval" (the usual choice for ICC) or "ordinal". Raises InputProblems for others.
    """
    measured: Level = level_of(level)
    excluded: Counter[str] = Counter()
    found: dict[tuple[str, int], dict[str, float]] = {}
    for coding in study.codings:
        for rating in coding.ratings:
            if rating.scale != what:
                continue
            unit = found.setdefault((coding.session, rating.segment), {})
            if rating.no_evidence:
                excluded[NO_EVIDENCE] += 1
            elif rating.value is not None:
                unit[coding.rater] = float(rating.value)
    places = sorted(found)
    values = np.full((len(study.raters), len(places)), np.nan)
    for u, place in enumerate(places):
        for rater, value in found[place].items():
            values[study.raters.index(rater), u] = value
    segmented = any(segment for _, segment in places)
    return ReliabilityData(
        values=values,
        raters=study.raters,
        units=tuple(f"{s} segment {g}" if segmented else s for s, g in places),
        sessions=tuple(s for s, _ in places),
        level=measured,
        resample="sessions" if segmented else "units",
        excluded=counted(excluded),
        settings={"level": measured.value, "segments": segmented},
    )


WAY = Way("ratings", "ratings of sessions or segments", "scale", ("level",), build)
