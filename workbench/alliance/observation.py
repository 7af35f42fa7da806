"""Observers' ratings of one session → one observer score, observers averaged first.

Per rating scale the observers' values are averaged; the average becomes a percentage of maximum
possible; the score is the mean over the scales that the scheme scores. "No evidence" is an answer,
not a gap: an observer who gives it adds no value to the scale's average, and a scale for which
nobody saw evidence is left out of the score and named. Of the scales that are left at least 75 %
must have a value. What is rated of each person counts as the observer's mean over those who have a value.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from workbench.alliance.pomp import mirrored, pomp
from workbench.model.coding import Rating
from workbench.model.scheme import CodingScheme, RatingScale

WHOLE_SESSION = 0
MINIMUM_RATED = 0.75


@dataclass(frozen=True, slots=True)
class ScaleRatings:
    """One rating scale of one session over its observers.

    `mean` is on the scale itself as rated (reversed scales are not turned round), `value` is in
    percent of maximum possible with reversed scales turned round; both None where nobody gave a value.
    """

    scale: str
    label: str
    low: int
    high: int
    scored: bool
    by_rater: Mapping[str, float | None]
    n_values: int
    n_no_evidence: int
    mean: float | None
    value: float | None


@dataclass(frozen=True, slots=True)
class ObserverScore:
    """The observers' score of one session, 0 to 100, or None and why; `raw` is the mean rating where
    all scored scales share their ends (`raw_low`, `raw_high`)."""

    value: float | None
    reason: str
    raw: float | None
    raw_low: float | None
    raw_high: float | None
    scales: tuple[ScaleRatings, ...]
    left_out: tuple[str, ...]
    by_rater: Mapping[str, float | None]

    @property
    def n_observers(self) -> int:
        """How many observers gave at least one value that counts."""
        return sum(value is not None for value in self.by_rater.values())


def score_observers(scheme: CodingScheme, ratings: Mapping[str, Iterable[Rating]]) -> ObserverScore:
    """The score of one session from each rater's ratings (of the whole session; segments are not used).

    Raises KeyError for a scale that the scheme does not have, ValueError for a value off its scale.
    """
    own = {rater: _of_session(scheme, given) for rater, given in ratings.items()}
    scales = tuple(_scale(scale, own) for scale in scheme.ratings)
    value, reason, left_out = _mean_of_scored(scales)
    by_rater = {rater: _mean_of_scored([_scale(s, {rater: own[rater]}) for s in scheme.ratings])[0] for rater in own}
    if not own:
        reason = "No observer has submitted ratings."
    counted = [s for s in scales if s.scored and s.value is not None]
    ends = {(s.low, s.high) for s in counted}
    raw = low = high = None
    if value is not None and len(ends) == 1:
        low, high = ends.pop()
        raw = low + value / 100 * (high - low)
    return ObserverScore(value, reason, raw, low, high, scales, left_out, by_rater)


def _of_session(scheme: CodingScheme, given: Iterable[Rating]) -> dict[str, Rating]:
    found: dict[str, list[Rating]] = {}
    for rating in given:
        scale = scheme.rating(rating.scale)
        if rating.value is not None and not scale.low <= rating.value <= scale.high:
            raise ValueError(f"{scheme.name}: {scale.id} is {rating.value}, expected {scale.low} to {scale.high}")
        if rating.segment == WHOLE_SESSION:
            found.setdefault(scale.id, []).append(rating)
    return {scale: _as_one(answers) for scale, answers in found.items()}


def _as_one(answers: Sequence[Rating]) -> Rating:
    """The answer of one observer on one scale: of several persons the mean of those who have a value."""
    if len(answers) == 1:
        return answers[0]
    values = [a.value for a in answers if a.value is not None]
    mean = math.fsum(values) / len(values) if values else None
    return Rating(answers[0].scale, WHOLE_SESSION, mean, mean is None and any(a.no_evidence for a in answers))


def _scale(scale: RatingScale, own: Mapping[str, Mapping[str, Rating]]) -> ScaleRatings:
    answers = {rater: ratings[scale.id] for rater, ratings in own.items() if scale.id in ratings}
    by_rater = {rater: None if a.no_evidence else a.value for rater, a in answers.items()}
    values = [v for v in by_rater.values() if v is not None]
    mean = math.fsum(values) / len(values) if values else None
    turned = mirrored(mean, scale.low, scale.high) if mean is not None and scale.reversed else mean
    return ScaleRatings(
        scale=scale.id,
        label=scale.label,
        low=scale.low,
        high=scale.high,
        scored=scale.scored,
        by_rater=by_rater,
        n_values=len(values),
        n_no_evidence=sum(a.no_evidence for a in answers.values()),
        mean=mean,
        value=None if turned is None else pomp(turned, scale.low, scale.high),
    )


def _mean_of_scored(scales: Iterable[ScaleRatings]) -> tuple[float | None, str, tuple[str, ...]]:
    """The mean in percent, or None and why, and the scales without evidence."""
    scored = [s for s in scales if s.scored]
    left_out = tuple(s.label for s in scored if s.value is None and s.n_no_evidence)
    values = [s.value for s in scored if s.value is not None]
    applicable = len(scored) - len(left_out)
    if not scored:
        return None, "The scheme has no ratings that are scored.", ()
    if not applicable:
        return None, "No observer saw evidence on any scored rating.", left_out
    if not values or len(values) + 1e-9 < MINIMUM_RATED * applicable:
        needed = f"at least {100 * MINIMUM_RATED:g} % are needed"
        return None, f"{len(values)} of {applicable} scored ratings have a value; {needed}.", left_out
    return math.fsum(values) / len(values), "", left_out
