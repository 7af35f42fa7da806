"""Scores of an instrument that raters filled in: a unit is a session, or a segment or person in it; its value a score.

The reliability of a score is not that of its items: the score is what is reported, so it is what is
compared. Each rater's items are turned round where they are reversed and put together by the
instrument's key (`score_keys`): the score of a subscale, or the sum of several. An item answered "no evidence"
is left out of the key for that rater; of the others at least `minimum` must be answered, and the score is
prorated; else the rater has none.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from workbench.agreement.data import ReliabilityData
from workbench.agreement.problems import InputProblems, listed
from workbench.agreement.study import Study
from workbench.agreement.units import Way, counted
from workbench.agreement.units.ratings import NO_EVIDENCE, Unit, in_parts, level_of_ratings, named
from workbench.model.coding import Rating
from workbench.model.instrument import Instrument
from workbench.model.scheme import CodingScheme

SCORES = ("sum", "mean", "percent")
TOTAL = "total"
TOO_FEW = "scores with too few items answered"
# An item: its scale, the ends of the scale, whether it is turned round.
Item = tuple[str, float, float, bool]


def score_keys(of: Instrument | CodingScheme) -> dict[str, dict[str, Any]]:
    """The scores of an instrument (or of a scheme's rating scales) by name, with the settings that `units` takes.

    Of an instrument: each subscale and the total, as sums. Of a scheme: each dimension and the total of
    the scales that are scored, in percent of the maximum possible; what is rated of the session, of segments and
    of persons makes no score together.
    """
    keys: dict[str, dict[str, Any]] = {}
    if isinstance(of, Instrument):
        by_scale = {
            s.id: [(i.id, of.low, of.high, i.reversed) for i in of.items if i.subscale == s.id] for s in of.subscales
        }
        groups = list(by_scale.values()) or [[(i.id, of.low, of.high, i.reversed) for i in of.items]]
        common = {"score": "sum", "minimum": of.minimum_answered}
        keys |= {name: {"items": [items], **common} for name, items in by_scale.items()}
        return keys | {TOTAL: {"items": groups, **common}}
    scored = [r for r in of.ratings if r.scored]
    for dimension in dict.fromkeys(r.dimension for r in scored if r.dimension):
        of_it = [r for r in scored if r.dimension == dimension]
        if len({r.each for r in of_it}) == 1:
            keys[dimension] = {"items": [[(r.id, r.low, r.high, r.reversed) for r in of_it]], "score": "percent"}
    if len({r.each for r in scored}) == 1:
        keys[TOTAL] = {"items": [[(r.id, r.low, r.high, r.reversed) for r in scored]], "score": "percent"}
    return keys


def combined_scores(of: Instrument | CodingScheme) -> dict[str, dict[str, Any]]:
    """Those of `score_keys` that are made of several ratings: the score of a single one is that rating."""
    return {name: key for name, key in score_keys(of).items() if sum(map(len, key["items"])) > 1}


def build(
    study: Study,
    what: str,
    *,
    items: Sequence[Sequence[Item]],
    score: str = "mean",
    minimum: float = 0.75,
    level: str = "interval",
) -> ReliabilityData:
    """The score called `what`, by rater and session (and segment or person, where they are rated).

    items: for each subscale its items as (scale, low, high, reversed). score: "sum" or "mean" of the
    items, or "percent" of the maximum possible, each item by its own ends; several subscales are added ("mean",
    "percent": averaged). Raises InputProblems for a key that cannot be used and values off their scale.
    """
    key = [[(str(s), float(low), float(high), bool(turned)) for s, low, high, turned in group] for group in items]
    problems = _key_problems(key, score, minimum)
    measured = level_of_ratings(level)
    if problems:
        raise InputProblems(problems)
    wanted = {item[0]: item for group in key for item in group}
    excluded: Counter[str] = Counter()
    given: dict[Unit, dict[str, dict[str, Rating]]] = {}
    for coding in study.codings:
        for rating in coding.ratings:
            if rating.scale not in wanted:
                continue
            _, low, high, _ = wanted[rating.scale]
            if rating.value is not None and not low <= rating.value <= high:
                problems.append(
                    f"session {coding.session}, rater {coding.rater}: {rating.scale} is {rating.value:g}, "
                    f"expected {low:g} to {high:g}"
                )
            excluded[NO_EVIDENCE] += rating.no_evidence
            of_unit = given.setdefault((coding.session, rating.segment, rating.person), {})
            of_unit.setdefault(coding.rater, {})[rating.scale] = rating
    if problems:
        raise InputProblems(problems)
    places = sorted(given)
    values = np.full((len(study.raters), len(places)), np.nan)
    for u, place in enumerate(places):
        for rater, ratings in given[place].items():
            found = [_score(group, ratings, score, minimum) for group in key]
            if any(math.isnan(v) for v in found):
                excluded[TOO_FEW] += 1
            else:
                whole = math.fsum(found)
                values[study.raters.index(rater), u] = whole if score == "sum" else whole / len(found)
    segmented, persons = in_parts(places)
    return ReliabilityData(
        values=values,
        raters=study.raters,
        units=tuple(named(place, segmented) for place in places),
        sessions=tuple(session for session, *_ in places),
        level=measured,
        resample="sessions" if segmented or persons else "units",
        excluded=counted(excluded),
        settings={
            "items": [[list(item) for item in group] for group in key],
            "score": score,
            "minimum": minimum,
            "level": measured.value,
        },
    )


def _score(group: Sequence[Item], ratings: Mapping[str, Rating], score: str, minimum: float) -> float:
    """The score of one subscale by one rater, NaN where too few of its items are answered."""
    applicable = [item for item in group if not (item[0] in ratings and ratings[item[0]].no_evidence)]
    answered: list[float] = []
    for scale, low, high, turned in applicable:
        value = ratings[scale].value if scale in ratings else None
        if value is not None:
            value = low + high - value if turned else value
            answered.append(100 * (value - low) / (high - low) if score == "percent" else value)
    if not answered or len(answered) + 1e-9 < minimum * len(applicable):
        return math.nan
    mean = math.fsum(answered) / len(answered)
    return mean * len(group) if score == "sum" else mean


def _key_problems(key: Sequence[Sequence[Item]], score: str, minimum: float) -> list[str]:
    problems = []
    if score not in SCORES:
        problems.append(f"unknown score {score!r}; there are: {', '.join(SCORES)}")
    if not 0 < minimum <= 1:
        problems.append(f"the share of items to be answered is {minimum:g}, expected above 0 and up to 1")
    if not key or not all(key):
        problems.append("the key has a subscale without items" if key else "the key has no items")
    names = [item[0] for group in key for item in group]
    if twice := sorted({n for n in names if names.count(n) > 1}):
        problems.append(f"{listed(twice)} occurs more than once in the key")
    problems += [
        f"{scale} goes from {low:g} to {high:g}, expected a lower end below the upper"
        for group in key
        for scale, low, high, _ in group
        if not low < high
    ]
    return problems


WAY = Way("instrument", "scores of an instrument", "score", ("items", "score", "minimum", "level"), build)
