"""A trainee and a criterion on any scheme: simulated codings of so many sessions, with a stated accuracy.

The criterion codes something every half minute of a session of 45 minutes, a code at random, and rates in the middle
of the scale more often than at its ends. The trainee finds what the criterion has in `accuracy` of the cases, half of
the rest with another code, and sees as many things that are not there as they miss; moments lie a second apart or
less in two of three cases. Of the ratings, the share `within` lies at most one point off, three of five of these on
the point.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbench.agreement import CRITERION, RaterCoding, Study
from workbench.model.coding import Event, Rating
from workbench.model.people import ParticipantKind
from workbench.model.rated import places
from workbench.model.scheme import Code, CodeKind, CodingScheme
from workbench.model.session_people import SessionPerson
from workbench.model.span import TimeSpan

TRAINEE = "trainee"
LENGTH_MS = 45 * 60_000
EVERY_MS = 30_000
UTTERANCE_MS = 10_000
PEOPLE = tuple(
    SessionPerson(name, name, kind, name)
    for name, kind in (
        ("provider", ParticipantKind.PROVIDER),
        ("patient", ParticipantKind.PATIENT),
        ("family-1", ParticipantKind.FAMILY),
        ("family-2", ParticipantKind.FAMILY),
    )
)


def practice(scheme: CodingScheme, sessions: int, *, accuracy: float, within: float, seed: int = 1) -> Study:
    """The codings of both, of each session."""
    draw = np.random.default_rng(seed)
    codings = []
    for n in range(sessions):
        events, ratings = _events(scheme, draw), _ratings(scheme, draw)
        said = tuple(TimeSpan(at, at + UTTERANCE_MS) for at in range(0, LENGTH_MS, UTTERANCE_MS))
        made = RaterCoding(
            f"s{n:02}",
            CRITERION,
            events,
            ratings,
            (TimeSpan(0, LENGTH_MS),),
            utterances=said if scheme.unit == "utterance" else (),
        )
        seen, given = _seen(scheme, events, accuracy, draw), _rated(scheme, ratings, within, draw)
        codings += [made, replace(made, rater=TRAINEE, events=seen, ratings=given)]
    return Study(tuple(codings))


def _events(scheme: CodingScheme, draw: np.random.Generator) -> tuple[Event, ...]:
    if not scheme.codes:
        return ()
    every = UTTERANCE_MS if scheme.unit == "utterance" else EVERY_MS
    weights = draw.dirichlet(np.full(len(scheme.codes), 3.0))
    out = []
    for n, at in enumerate(range(0, LENGTH_MS, every)):
        code = scheme.codes[draw.choice(len(scheme.codes), p=weights)]
        start = at if scheme.unit == "utterance" else at + int(draw.integers(0, every // 2))
        out.append(_event(f"c{n}", code, start, every))
    return tuple(out)


def _event(id: str, code: Code, start_ms: int, every: int) -> Event:
    ends = {CodeKind.STATE: start_ms + every // 2, CodeKind.UTTERANCE: start_ms + UTTERANCE_MS}
    return Event(id, code.id, start_ms, ends.get(code.kind))


def _seen(
    scheme: CodingScheme, events: tuple[Event, ...], accuracy: float, draw: np.random.Generator
) -> tuple[Event, ...]:
    out = []
    by_utterance = scheme.unit == "utterance"
    for event in events:
        kind = scheme.code(event.code).kind
        others = [c.id for c in scheme.codes if c.kind is kind and c.id != event.code]
        shift = 0 if by_utterance else int(np.clip(draw.normal(0, 1000), -event.start_ms, 14_000))
        moved = replace(
            event, start_ms=event.start_ms + shift, end_ms=None if event.end_ms is None else event.end_ms + shift
        )
        found = draw.random()
        if found < accuracy:
            out.append(moved)
        elif (found < (1 + accuracy) / 2 or by_utterance) and others:
            out.append(replace(moved, code=str(draw.choice(others))))
        else:
            away = int(draw.integers(0, LENGTH_MS - EVERY_MS))
            out.append(replace(moved, start_ms=away, end_ms=None if event.end_ms is None else away + EVERY_MS // 2))
    return tuple(sorted(out, key=lambda e: e.start_ms))


def _ratings(scheme: CodingScheme, draw: np.random.Generator) -> tuple[Rating, ...]:
    segments = LENGTH_MS // scheme.segment_ms if scheme.segment_ms else 0
    out = []
    for place in places(scheme, segments, PEOPLE):
        scale = scheme.rating(place.scale)
        width = scale.high - scale.low
        value = np.clip(round(scale.low + width * draw.beta(3, 2)), scale.low, scale.high)
        out.append(Rating(place.scale, place.segment, float(value), person=place.person))
    return tuple(out)


def _rated(
    scheme: CodingScheme, ratings: tuple[Rating, ...], within: float, draw: np.random.Generator
) -> tuple[Rating, ...]:
    out = []
    for rating in ratings:
        scale, value = scheme.rating(rating.scale), rating.value
        assert value is not None
        how = draw.random()
        off = 0 if how < 0.6 * within else 1 if how < within else 2
        there = [v for v in (value - off, value + off) if scale.low <= v <= scale.high]
        out.append(replace(rating, value=float(draw.choice(there))))
    return tuple(out)
