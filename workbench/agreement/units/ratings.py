"""Ratings of one scale: a unit is a session, a segment of it, or a person in it.

"No evidence" is an answer, not a missing rating, but it has no place on the scale: it is left out
of the table and counted. Sessions are taken as independent of each other; where sessions sit in
dyads, a pooled coefficient mostly shows differences between dyads.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

import numpy as np

from workbench.agreement.data import Level, ReliabilityData, level_of
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study
from workbench.agreement.units import Way, counted

# Session, segment (0: the session) and person (empty: no single one).
Unit = tuple[str, int, str]
NO_EVIDENCE = "ratings of “no evidence”"


def build(study: Study, what: str, *, level: str = "interval") -> ReliabilityData:
    """The ratings of the scale `what`, by rater and session (and segment or person, where they are rated).

    `level` is "interval" (the usual choice for ICC), "ordinal" or "ratio". Raises InputProblems for others.
    """
    measured = level_of_ratings(level)
    excluded: Counter[str] = Counter()
    found: dict[Unit, dict[str, float]] = {}
    for coding in study.codings:
        for rating in coding.ratings:
            if rating.scale != what:
                continue
            unit = found.setdefault((coding.session, rating.segment, rating.person), {})
            if rating.no_evidence:
                excluded[NO_EVIDENCE] += 1
            elif rating.value is not None:
                unit[coding.rater] = float(rating.value)
    places = sorted(found)
    values = np.full((len(study.raters), len(places)), np.nan)
    for u, place in enumerate(places):
        for rater, value in found[place].items():
            values[study.raters.index(rater), u] = value
    segmented, persons = in_parts(places)
    return ReliabilityData(
        values=values,
        raters=study.raters,
        units=tuple(named(place, segmented) for place in places),
        sessions=tuple(session for session, *_ in places),
        level=measured,
        resample="sessions" if segmented or persons else "units",
        excluded=counted(excluded),
        settings={"level": measured.value, "segments": segmented} | ({"persons": True} if persons else {}),
    )


def in_parts(places: Collection[Unit]) -> tuple[bool, bool]:
    """Whether segments are rated, and whether persons are."""
    return any(segment for _, segment, _ in places), any(person for *_, person in places)


def named(place: Unit, segmented: bool) -> str:
    """What a unit is called: by session, segment and person, as far as they tell units apart."""
    session, segment, person = place
    return f"{session}{f' segment {segment}' if segmented else ''}{f' {person}' if person else ''}"


def level_of_ratings(level: str) -> Level:
    """The level of that name. Raises InputProblems for one that no scale has."""
    if (measured := level_of(level)) is Level.NOMINAL:
        raise InputProblems(["ratings are of the ordinal, interval or ratio level, not nominal"])
    return measured


WAY = Way("ratings", "ratings of sessions, segments or persons", "scale", ("level",), build)
