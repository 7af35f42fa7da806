"""Any scores of any coding, held against a slow and obvious way: each millisecond looked at, exact fractions.

Windows that meet or overlap, what could not be observed, states left open, people who were not named, segments,
persons, missing ratings, scores that stand on scores: all of it at once. Nothing of `alliance` is used to expect it.
Coding units are in `test_alliance_derived_units`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from small_scheme import SCHEME

from workbench.alliance import ScoreValue, derived_scores
from workbench.model.coding import NOT_OBSERVABLE, CodingContent, Event, Rating
from workbench.model.scheme import Code, CodeKind, CodingScheme, DerivedScore, RatingScale, ScoreKind, Selection
from workbench.model.span import TimeSpan

END, SEGMENT = 40, 10
KINDS = ("patient", "provider", "family")
CODES = (
    Code("rupture", "Rupture", CodeKind.STATE, "x", "", who="patient", ask=("whom",)),
    Code("calm", "Calm", CodeKind.STATE, "z", "", who="clients", ask=("who",)),
    Code("repair", "Repair", CodeKind.POINT, "c", "", who="provider", ask=("whom",)),
    Code("aside", "Aside", CodeKind.POINT, "v", "", who="both", ask=("who", "whom")),
)
STATES = ("rupture", "calm")
RATINGS = (
    RatingScale("warmth", "Warmth", 1, 5, "", no_evidence=True),
    RatingScale("strain", "Strain", 1, 5, "", reversed=True),
    RatingScale("pace", "Pace", -3, 3, "", each_segment=True, reversed=True),
    RatingScale("aim", "Aim", 0, 10, "", each_segment=True, no_evidence=True),
    RatingScale("near", "Near", -3, 3, "", of=("patient", "family"), no_evidence=True),
    RatingScale("safe", "Safe", -3, 3, "", of=("patient", "family"), reversed=True),
)
WHOLE = replace(SCHEME, codes=CODES, ratings=RATINGS, segment_ms=SEGMENT)
OF_SEGMENTS, OF_PERSONS = ("pace", "aim"), ("near", "safe")

moments = st.integers(0, END - 1)
people = st.sampled_from(["", "", "patient", "patient-2", "provider", "family", "family-1"])
EVENTS = st.lists(
    st.builds(
        lambda code, at, long, marks, who, whom: (code, at, None if long is None else at + long, marks, who, whom),
        st.sampled_from([*STATES, "repair", "aside"] * 3 + [NOT_OBSERVABLE]),
        moments,
        st.integers(-1, 20) | st.none(),
        st.sampled_from([(), ("tone:warm",), ("tone:warm", "form:joke")]),
        people,
        people,
    ),
    min_size=2,
    max_size=12,
)
WINDOWS = st.lists(st.tuples(moments, st.integers(0, 40)), min_size=1, max_size=3)
PLACES = [(scale, 0, "") for scale in ("warmth", "strain")]
PLACES += [(scale, n, "") for scale in OF_SEGMENTS for n in range(1, 7)]
PLACES += [(scale, 0, person) for scale in OF_PERSONS for person in ("patient", "family-1", "family-2")]
STRAY = [("warmth", 1, ""), ("pace", 0, ""), ("aim", 1, "patient"), ("near", 0, ""), ("safe", 0, "provider")]
MISSING = -1
one_value = st.sampled_from([1, 2, 3, 1, 2, 3, None, MISSING])  # None: no evidence
RATED = st.fixed_dictionaries(
    dict.fromkeys(PLACES, one_value) | {place: st.sampled_from([MISSING, 3]) for place in STRAY}
)
some_kinds = st.sampled_from([(), (), (), *((kind,) for kind in KINDS), ("patient", "family")])
OF_EVENTS = (ScoreKind.COUNT, ScoreKind.TIME, ScoreKind.RATE, ScoreKind.SEQUENCE)
TWO_SIDED = (ScoreKind.DIFFERENCE, ScoreKind.RATIO, ScoreKind.SHARE)


@st.composite
def selections(draw: st.DrawFn, codes: tuple[str, ...]) -> Selection:
    return Selection(
        tuple(draw(st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True))),
        draw(st.sampled_from([(), (), (), ("tone:warm",), ("form:joke", "tone:warm")])),
        draw(some_kinds),
        draw(some_kinds),
    )


@st.composite
def schemes(draw: st.DrawFn) -> CodingScheme:
    """The small scheme with one to six scores, each of what stands above it."""
    scores: list[DerivedScore] = []
    in_events = [code.id for code in CODES]
    in_segments = list(OF_SEGMENTS)
    in_persons: list[str] = []
    for n in range(draw(st.integers(1, 6))):
        kind, name = draw(st.sampled_from(ScoreKind)), f"s{n}"
        needs = draw(st.sampled_from([(), (), (), (), (), ("warmth",), ("aim",), ("near",)]))
        made = DerivedScore(name, name.upper(), kind, needs=needs, per_minutes=draw(st.sampled_from([60.0, 10.0])))
        if kind is ScoreKind.RATE and draw(st.booleans()):
            made = replace(made, of=draw(terms(in_events)))
        elif kind in OF_EVENTS:
            codes = STATES if kind is ScoreKind.TIME else tuple(code.id for code in CODES)
            made = replace(made, events=draw(selections(codes)), then=draw(selections(codes)))
            made = replace(made, within_ms=draw(st.integers(1, 20)), counted=draw(st.booleans()))
            if kind is ScoreKind.COUNT:
                in_events.append(name)
        else:
            by_segment = draw(st.booleans())
            names = in_segments if by_segment else [c.id for c in CODES] + [r.id for r in RATINGS]
            if not by_segment:
                names = draw(st.sampled_from([[*names, *(s.id for s in scores)], [*OF_PERSONS, *in_persons]]))
            made = replace(made, of=draw(terms(names)), to=draw(terms(names)) if kind in TWO_SIDED else ())
            made = replace(made, each_segment=by_segment)
            if kind is ScoreKind.MEAN:
                made = replace(made, minimum_answered=draw(st.sampled_from([0.5, 0.6, 0.75, 1.0])))
            if by_segment:
                in_segments.append(name)
            elif {*made.of, *made.to} <= {*OF_PERSONS, *in_persons}:
                in_persons.append(name)
        scores.append(made)
    return replace(WHOLE, scores=tuple(scores))


@st.composite
def sequences(draw: st.DrawFn) -> CodingScheme:
    """Eight scores of events, sequences above all: whether one is answered hangs on a millisecond."""
    codes = st.lists(st.sampled_from([code.id for code in CODES]), min_size=1, max_size=3, unique=True).map(tuple)
    scores = [
        DerivedScore(
            f"s{n}",
            f"S{n}",
            ScoreKind.SEQUENCE,
            events=Selection(draw(codes)),
            then=Selection(draw(codes)),
            within_ms=draw(st.integers(1, 15)),
            counted=n % 4 == 0,
        )
        for n in range(6)
    ]
    scores += [DerivedScore("t", "T", ScoreKind.TIME, events=Selection(STATES))]
    scores += [DerivedScore("r", "R", ScoreKind.RATE, events=Selection(draw(codes)))]
    return replace(WHOLE, scores=tuple(scores))


def terms(names: list[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True).map(tuple)


@dataclass
class Expected:
    """A number and what it rests on; no value where there is none."""

    value: Fraction | None
    events: set[str] | None = None
    rated: set[tuple[str, int, str]] | None = None
    asked: set[tuple[str, int, str]] = field(default_factory=set)
    left_out: set[str] | None = None
    by_segment: dict[int, Fraction] = field(default_factory=dict)
    by_person: dict[str, Fraction] = field(default_factory=dict)


class ByHand:
    def __init__(self, scheme: CodingScheme, said: CodingContent, windows: tuple[TimeSpan, ...]) -> None:
        self.scheme, self.said = scheme, said
        lit = {ms for w in windows for ms in range(w.start_ms, w.end_ms)}
        dark: set[int] = set()
        for event in (e for e in said.events if e.code == NOT_OBSERVABLE):
            until = event.end_ms
            if until is None:  # as long as the window in which it begins
                until = next((w.end_ms for w in windows if event.start_ms in range(w.start_ms, w.end_ms)), None)
                until = max(w.end_ms for w in windows) if until is None else until
            dark |= set(range(event.start_ms, until))
        self.observed = lit - dark
        self.events = [e for e in said.events if e.code != NOT_OBSERVABLE and self.is_seen(e)]
        segments: list[range] = []
        for window in windows:
            at = window.start_ms
            while window.end_ms - at >= SEGMENT + SEGMENT / 2:
                segments.append(range(at, at + SEGMENT))
                at += SEGMENT
            segments.append(range(at, window.end_ms))
        self.segments = [n for n, each in enumerate(segments, 1) if set(each) & self.observed]
        self.known: dict[str, Expected] = {}

    def is_seen(self, event: Event) -> bool:
        last = event.end_ms if event.code in STATES and event.end_ms is not None else event.start_ms
        return bool({event.start_ms, *range(event.start_ms, last)} & self.observed)

    def never_ended(self, event: Event) -> bool:
        return event.code in STATES and (event.end_ms is None or event.end_ms < event.start_ms)

    def wanted(self, of: Selection) -> tuple[list[Event], set[str]]:
        """The events that are meant, and the ids of those that may be."""
        meant, perhaps = [], set()
        for event in self.events:
            if event.code not in of.codes or any(m not in event.modifiers for m in of.modifiers):
                continue
            own = next(c.who for c in CODES if c.id == event.code)
            did = event.who.split("-")[0] or (own if own in KINDS else "")
            answers = ["yes" if not of.who or did in of.who else "no" if did else "?"]
            answers.append("yes" if not of.whom or event.whom.split("-")[0] in of.whom else "no" if event.whom else "?")
            if answers == ["yes", "yes"]:
                meant.append(event)
            elif "no" not in answers:
                perhaps.add(event.id)
        return meant, perhaps

    def of_events(self, score: DerivedScore) -> Expected:
        if not self.observed:
            return Expected(None)
        meant, perhaps = self.wanted(score.events)
        if score.kind is ScoreKind.SEQUENCE:
            then, perhaps_then = self.wanted(score.then)
            used, answered, left = set(), 0, perhaps | perhaps_then
            for event in meant:
                until = (event.end_ms if event.code in STATES and event.end_ms else event.start_ms) + score.within_ms
                whole = set(range(event.start_ms, until)) <= self.observed
                if self.never_ended(event) or not (whole or score.counted):
                    left.add(event.id)
                    continue
                used.add(event.id)
                answered += any(e is not event and e.start_ms in range(event.start_ms, until + 1) for e in then)
            value = Fraction(answered) if score.counted else Fraction(100 * answered, len(used)) if used else None
            return Expected(value, used, left_out=left)
        asks = score.events.who or score.events.whom
        if score.kind is ScoreKind.TIME:
            perhaps |= {e.id for e in meant if self.never_ended(e)}
            meant = [e for e in meant if not self.never_ended(e)]
            on = {ms for e in meant for ms in range(e.start_ms, e.end_ms or 0)} & self.observed
            return Expected(Fraction(100 * len(on), len(self.observed)), {e.id for e in meant}, left_out=perhaps)
        value = Fraction(len(meant))
        if score.kind is ScoreKind.RATE:
            value *= Fraction(score.per_minutes) * 60_000 / len(self.observed)
        return Expected(value, {e.id for e in meant}, left_out=perhaps if asks else None)

    def rating(self, name: str) -> Expected:
        scale = next(r for r in RATINGS if r.id == name)

        def is_asked(r: Rating) -> bool:
            if name in OF_SEGMENTS:
                return r.segment in self.segments and not r.person
            whose = r.person.split("-")[0] in ("patient", "family") if name in OF_PERSONS else not r.person
            return r.segment == 0 and whose

        given = {(r.scale, r.segment, r.person): r.value for r in self.said.ratings if r.scale == name and is_asked(r)}
        asked = {(name, n, "") for n in self.segments} if name in OF_SEGMENTS else set(given) or {(name, 0, "")}
        there = {
            place: Fraction(scale.low + scale.high - int(value) if scale.reversed else int(value))
            for place, value in given.items()
            if value is not None
        }
        return Expected(
            sum(there.values(), Fraction()) / len(there) if there else None,
            rated=set(there),
            asked=asked,
            by_segment={n: v for (_, n, _), v in there.items() if n},
            by_person={who: v for (_, _, who), v in there.items() if who},
        )

    def term(self, name: str) -> Expected:
        if name in self.known:
            return self.known[name]
        if any(name == code.id for code in CODES):
            return self.of_events(DerivedScore("", "", ScoreKind.COUNT, events=Selection((name,))))
        return self.rating(name)

    def formula(self, score: DerivedScore, numbers: list[Fraction | None]) -> Fraction | None:
        known = [number for number in numbers if number is not None]
        if not known or len(known) < Fraction(str(score.minimum_answered)) * len(numbers):
            return None
        first = sum((n for n in numbers[: len(score.of)] if n is not None), Fraction())
        second = sum((n for n in numbers[len(score.of) :] if n is not None), Fraction())
        if score.kind is ScoreKind.RATE:
            return first * Fraction(score.per_minutes) * 60_000 / len(self.observed)
        if score.kind is ScoreKind.MEAN:
            return first / len(known)
        if score.kind in (ScoreKind.SUM, ScoreKind.DIFFERENCE):
            return first - second
        if second == 0:
            return None
        return first / second * (100 if score.kind is ScoreKind.SHARE else 1)

    def compute(self, score: DerivedScore) -> Expected:
        if any(self.rating(needed).value is None for needed in score.needs):
            return Expected(None)
        if score.kind in OF_EVENTS and not score.of:
            return self.of_events(score)
        parts = [self.term(name) for name in (*score.of, *score.to)]
        resting = Expected(
            None,
            together([p.events for p in parts]),
            together([p.rated for p in parts]),
            set().union(*(p.asked for p in parts)),
            together([p.left_out for p in parts]),
        )
        if score.each_segment:
            each = {n: self.formula(score, [p.by_segment.get(n) for p in parts]) for n in self.segments}
            resting.by_segment = {n: value for n, value in each.items() if value is not None}
            if resting.by_segment:
                resting.value = sum(resting.by_segment.values(), Fraction()) / len(resting.by_segment)
                resting.rated = {place for place in resting.rated or () if place[1] in resting.by_segment}
            return resting
        resting.value = self.formula(score, [p.value for p in parts])
        if all(p.by_person for p in parts):
            for person in set().union(*(p.by_person for p in parts)):
                alone = self.formula(score, [p.by_person.get(person) for p in parts])
                if alone is not None:
                    resting.by_person[person] = alone
        return resting


def together(those: list[set[Any] | None]) -> set[Any] | None:
    """All that the parts rest on; None where none of them is about it."""
    there = [each for each in those if each is not None]
    return set().union(*there) if there else None


def same(found: float | None, expected: Fraction | None) -> bool:
    if found is None or expected is None:
        return found is None and expected is None
    return math.isclose(found, float(expected), rel_tol=1e-9, abs_tol=1e-9)


def rests_alike(found: ScoreValue, expected: Expected) -> bool:
    n_events = None if expected.events is None else len(expected.events)
    n_left = None if expected.left_out is None else len(expected.left_out)
    rated = expected.rated
    n_rated, n_asked = (None, None) if rated is None else (len(rated), len(expected.asked))
    return (found.n_events, found.left_out, found.n_ratings, found.n_asked) == (n_events, n_left, n_rated, n_asked)


@settings(max_examples=500, deadline=None)
@given(schemes() | sequences(), EVENTS, RATED, WINDOWS)
def test_every_score_of_a_coding_is_that_of_looking_at_each_millisecond_and_each_rating(
    scheme: CodingScheme,
    given_events: list[tuple[str, int, int | None, tuple[str, ...], str, str]],
    rated: dict[tuple[str, int, str], int | None],
    given_windows: list[tuple[int, int]],
) -> None:
    points = ("repair", "aside")
    events = tuple(
        Event(f"e{n}", code, at, None if code in points else end, modifiers=marks, who=who, whom=whom)
        for n, (code, at, end, marks, who, whom) in enumerate(given_events)
    )
    ratings = tuple(
        Rating(scale, n, value, value is None, who) for (scale, n, who), value in rated.items() if value != MISSING
    )
    said = CodingContent(events, ratings)
    windows = tuple(TimeSpan(at, at + long) for at, long in given_windows)
    by_hand = ByHand(scheme, said, windows)
    for found in derived_scores(scheme, said, windows):
        expected = by_hand.known[found.score.id] = by_hand.compute(found.score)
        assert same(found.value, expected.value), (found, expected)
        assert bool(found.reason) == (found.value is None), found
        assert rests_alike(found, expected), (found, expected)
        assert set(found.by_person) == set(expected.by_person)
        assert all(same(value, expected.by_person[who]) for who, value in found.by_person.items())
