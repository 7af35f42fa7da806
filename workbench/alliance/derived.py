"""What a scheme's own formulas make of one coding: counts, rates, shares, ratios, means, sequences, levels.

Events count as `counts.counted_events` gives them and where the coding could observe them. Of ratings the value
counts as it was given, turned round where the scheme says `reversed`; a rating of segments is the mean over the
segments that have a value. What cannot be computed has a reason and no value: nothing was observed, nothing to
divide by, a rating that is missing or without evidence.

- count: how many events. rate: how many per `per_minutes` of observed time.
- time: the percentage of the observed time that any of the states is on.
- sequence: the percentage of events of `events` in whose course, or at most `within_ms` after their end, one of
  `then` begins. Where that time was not observed to its end, the event is left out, answered or not: to keep the
  answered ones alone would raise the percentage. `counted`, how many are answered, all of them.
- sum and mean of `of`; difference: sum of `of` minus sum of `to`; ratio: sum of `of` by sum of `to`; share: the same
  in percent. A mean is of the terms that have a value, where at least `minimum_answered` of them have one.
- `each_segment`: such a formula over the ratings of one segment, averaged over the segments where it has a value.

What is not known of an event leaves it out, and is said: who did it to whom where the score asks for it; the end of
a state in a sequence or in a share of time.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from workbench.alliance.derived_events import MINUTE_MS, ObservedEvents
from workbench.alliance.found import Found, resting_on, told
from workbench.alliance.pomp import mirrored
from workbench.model.coding import CodingContent, Place
from workbench.model.rated import ratings_asked
from workbench.model.scheme import CodingScheme, DerivedScore, ScoreKind
from workbench.model.score_units import score_units
from workbench.model.segments import segments_of
from workbench.model.span import TimeSpan, without
from workbench.model.units import Unit

_OF_EVENTS = (ScoreKind.COUNT, ScoreKind.TIME, ScoreKind.SEQUENCE)


@dataclass(frozen=True, slots=True)
class ScoreValue:
    """A derived score of one coding: its value in `unit`, or None and why.

    `level`: the level of competence reached ("below Fair" under the lowest), empty where the scheme has none.
    What the value rests on: `n_events` events; `n_ratings` ratings out of `n_asked`, in `n_segments` segments;
    None where it is not about them. `left_out`: events that could not be used, and `left_out_why`; None where
    none ever is. `by_person`: the same of the ratings of each person alone, where all of it is of persons.
    """

    score: DerivedScore
    value: float | None
    reason: str = ""
    level: str = ""
    unit: str = ""
    n_events: int | None = None
    n_ratings: int | None = None
    n_asked: int | None = None
    n_segments: int | None = None
    left_out: int | None = None
    left_out_why: str = ""
    by_person: Mapping[str, float] = field(default_factory=dict)


def derived_scores(
    scheme: CodingScheme, content: CodingContent, windows: Iterable[TimeSpan], units: Sequence[Unit] = ()
) -> tuple[ScoreValue, ...]:
    """Every score of the scheme, in its order. `units`: those of the transcript as this rater split and merged
    them, where utterances are coded. Raises KeyError for codes and ratings that the scheme does not have."""
    coding, counted_in = _Coding(scheme, content, tuple(windows), units), score_units(scheme)
    for score in scheme.scores:
        coding.found[score.id] = coding.compute(score)
    return tuple(_value(score, coding.found[score.id], counted_in[score.id]) for score in scheme.scores)


class _Coding:
    def __init__(
        self, scheme: CodingScheme, content: CodingContent, windows: tuple[TimeSpan, ...], units: Sequence[Unit]
    ) -> None:
        self.scheme = scheme
        self.events = ObservedEvents(scheme, content, windows, units)
        spans = segments_of(scheme, windows)
        dark = without(windows, self.events.observed)
        self.segments = [n for n, span in enumerate(spans, 1) if without([span], dark)]
        self.ratings = {
            r.place: r.value
            for r in ratings_asked(scheme, content, windows)
            if not r.segment or r.segment in self.segments
        }
        self.found: dict[str, Found] = {}

    def compute(self, score: DerivedScore) -> Found:
        for needed in score.needs:
            rating = self._rating(needed)
            if rating.value is None:
                return Found(reason=rating.reason)
        if score.each_segment:
            return self._each_segment(score)
        if score.kind in _OF_EVENTS or (score.kind is ScoreKind.RATE and not score.of):
            return self.events.score(score)
        of, to = [self._term(term) for term in score.of], [self._term(term) for term in score.to]
        value, reason = self._formula(score, [t.value for t in of], [t.value for t in to], [t.reason for t in of + to])
        by_person: dict[str, float] = {}
        for person in {p for t in of + to for p in t.by_person} if all(t.by_person for t in of + to) else ():
            alone = [t.by_person.get(person) for t in of + to]
            own, _ = self._formula(score, alone[: len(of)], alone[len(of) :], [])
            if own is not None:
                by_person[person] = own
        return replace(resting_on(of + to, value, reason), by_person=dict(sorted(by_person.items())))

    def _formula(
        self, score: DerivedScore, of: list[float | None], to: list[float | None], reasons: list[str]
    ) -> tuple[float | None, str]:
        """The value of a formula, or the reason why there is none."""
        known = [v for v in of + to if v is not None]
        if len(known) < max(1, math.ceil(score.minimum_answered * len(of + to) - 1e-9)):
            why = "; ".join(dict.fromkeys(r for r in reasons if r))
            few = f"only {len(known)} of {len(of)} have a value: " if score.minimum_answered < 1 else ""
            return None, f"{few}{why}"
        first, second = (math.fsum(v for v in side if v is not None) for side in (of, to))
        if score.kind is ScoreKind.MEAN:
            return first / len(known), ""
        if score.kind is ScoreKind.DIFFERENCE:
            return first - second, ""
        if score.kind is ScoreKind.RATE:
            return first * score.per_minutes * MINUTE_MS / self.events.observed_ms, ""
        if score.kind is ScoreKind.SUM:
            return first, ""
        if second == 0:
            return None, f"nothing to divide by: no {' and no '.join(self._label(t) for t in score.to)}"
        return first / second * (100 if score.kind is ScoreKind.SHARE else 1), ""

    def _each_segment(self, score: DerivedScore) -> Found:
        terms = [self._term(term) for term in (*score.of, *score.to)]
        resting = resting_on(terms, None, "")
        by_segment: dict[int, float] = {}
        for segment in self.segments:
            there = [t.by_segment.get(segment) for t in terms]
            value, _ = self._formula(score, there[: len(score.of)], there[len(score.of) :], [])
            if value is not None:
                by_segment[segment] = value
        if not by_segment:
            missing = "; ".join(dict.fromkeys(t.reason for t in terms if t.reason))
            return replace(resting, reason=missing or "no segment has enough of the ratings")
        used = frozenset(place for place in resting.ratings or () if place.segment in by_segment)
        mean = math.fsum(by_segment.values()) / len(by_segment)
        return replace(resting, value=mean, ratings=used, by_segment=by_segment)

    def _term(self, term: str) -> Found:
        if term in self.found:
            return self.found[term]
        return self.events.of_code(term) if term in self.events.codes else self._rating(term)

    def _rating(self, scale_id: str) -> Found:
        scale = self.scheme.rating(scale_id)
        given = {place: value for place, value in self.ratings.items() if place.scale == scale_id}
        asked = {Place(scale_id, n) for n in self.segments} if scale.each_segment else set(given) or {Place(scale_id)}
        values = {
            place: mirrored(value, scale.low, scale.high) if scale.reversed else float(value)
            for place, value in given.items()
            if value is not None
        }
        ratings, of_it = frozenset(values), frozenset(asked)
        if not values:
            reason = f"{scale.label}: no evidence" if given else f"{scale.label} was not rated"
            return Found(None, reason, ratings=ratings, asked=of_it)
        by_segment = {place.segment: value for place, value in values.items()} if scale.each_segment else {}
        by_person = {place.person: value for place, value in values.items() if place.person}
        mean = math.fsum(values.values()) / len(values)
        return Found(mean, ratings=ratings, asked=of_it, by_segment=by_segment, by_person=by_person)

    def _label(self, term: str) -> str:
        for score in self.scheme.scores:
            if score.id == term:
                return score.label
        code = self.events.codes.get(term)
        return code.label if code else self.scheme.rating(term).label


def _value(score: DerivedScore, found: Found, unit: str) -> ScoreValue:
    rated = found.ratings is not None
    why = Counter((found.left_out or {}).values())
    return ScoreValue(
        score=score,
        value=found.value,
        reason=found.reason,
        level=_level(score, found.value),
        unit=unit,
        n_events=None if found.events is None else len(found.events),
        n_ratings=len(found.ratings or ()) if rated else None,
        n_asked=len(found.asked) if rated else None,
        n_segments=len({r.segment for r in found.ratings or ()} - {0}) if any(r.segment for r in found.asked) else None,
        left_out=None if found.left_out is None else len(found.left_out),
        left_out_why=told(why),
        by_person=found.by_person,
    )


def _level(score: DerivedScore, value: float | None) -> str:
    if value is None or not score.levels:
        return ""
    # 39.999999999999996 is 40: what was summed and divided must not miss a level by the last digit
    reached = [level.label for level in score.levels if value >= level.at_least - 1e-9 * max(1, abs(value))]
    return reached[-1] if reached else f"below {score.levels[0].label}"
