"""In what each derived score is counted: events, percent, scale points …"""

from __future__ import annotations

from collections.abc import Mapping

from workbench.model.scheme import CodingScheme, DerivedScore, ScoreKind

EVENTS, POINTS, RATIO = "events", "scale points", "ratio"
PERCENT, PERCENTAGE_POINTS = "percent", "percentage points"
IN_PERCENT = (PERCENT, PERCENTAGE_POINTS)


def score_units(scheme: CodingScheme) -> dict[str, str]:
    """The unit of each score of a scheme, by its id."""
    units = {code.id: EVENTS for code in scheme.codes} | {scale.id: POINTS for scale in scheme.ratings}
    for score in scheme.scores:
        units[score.id] = unit_of(score, units)
    return {score.id: units[score.id] for score in scheme.scores}


def unit_of(score: DerivedScore, terms: Mapping[str, str]) -> str:
    """The unit of one score, given those of what it is made of: what is summed keeps its own.

    >>> unit_of(DerivedScore("open", "Open", ScoreKind.SHARE, of=("open",), to=("question",)), {})
    'percent'
    >>> unit_of(DerivedScore("r", "R", ScoreKind.RATE, per_minutes=10), {})
    'events in 10 min'
    """
    if score.kind is ScoreKind.COUNT or (score.kind is ScoreKind.SEQUENCE and score.counted):
        return EVENTS
    if score.kind is ScoreKind.RATE:
        return f"{EVENTS} in {score.per_minutes:g} min"
    if score.kind in (ScoreKind.TIME, ScoreKind.SEQUENCE, ScoreKind.SHARE):
        return PERCENT
    if score.kind is ScoreKind.RATIO:
        return RATIO
    own = terms.get(score.of[0], "") if score.of else ""
    return PERCENTAGE_POINTS if score.kind is ScoreKind.DIFFERENCE and own == PERCENT else own
