"""What the coding room is given to show. Pure: records in, JSON out, and nothing of the transcript's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.model.alignment import LONGEST_LIVE_MS
from workbench.model.assignment import Coding
from workbench.model.coding import NOT_OBSERVABLE, CodingContent, Event, Rating
from workbench.model.rated import is_about, rated_people
from workbench.model.scheme import Code, CodingScheme, Modifier, RatingScale
from workbench.model.segments import segments_of
from workbench.model.session import Recording, Session, TranscriptVersion
from workbench.model.session_people import SessionPerson, session_people
from workbench.model.span import TimeSpan

PEAKS_PER_SECOND = 50


@dataclass(frozen=True, slots=True)
class LaneEvent:
    """An event on a lane of a comparison. `mark` is "hit", "missed", "extra", "differs" or None; `pair` the event of
    the other lane that is the same moment, if any."""

    event: Event
    mark: str | None = None
    note: str = ""
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class LaneRating:
    """A rating on a lane; `segment`: the stretch that it is of, None where it is of the whole session."""

    rating: Rating
    segment: TimeSpan | None = None


@dataclass(frozen=True, slots=True)
class LaneShown:
    label: str
    events: tuple[LaneEvent, ...]
    ratings: tuple[LaneRating, ...] = ()


def room_payload(
    *,
    session: Session,
    recording: Recording | None,
    transcript: TranscriptVersion | None,
    scheme: CodingScheme,
    rater: str,
    csrf: str,
    coding: Coding | None = None,
    windows: Sequence[TimeSpan] | None = None,
    lanes: Sequence[LaneShown] | None = None,
    start_ms: int | None = None,
    teach: bool = False,
    preferences: Mapping[str, Any] | None = None,
    more: Sequence[Recording] = (),
    standing: str = "",
    may_take_back: bool = False,
    team: Sequence[str] = (),
    seq: int | None = None,
    heard: Sequence[TimeSpan] = (),
    walk: Mapping[str, Any] | None = None,
    rulings: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The payload of `workbench.app.player.coding_room`.

    Without `lanes` the coding is worked on; with them (even with none) it is a comparison to look at.
    `coding` None is a comparison that is nobody's own. Without `start_ms` the room opens where the
    rater stopped. `preferences`: the rater's own, as they keep them (keys, reaction lag and so on).
    `recording` is the session's main one and `more` the others; None: there is only the clock of a live
    coding, and times are its own. `transcript` is one that this person may read; a scheme that hides it
    hides it from work, not from comparisons. `standing`: whether a coding that was handed in can be taken
    back, or why one came back, in a sentence. `team`: who codes as one. `seq`: the last operation of a coding
    that is looked at, so that the room hears of a later one. `heard`: what the rater has listened to already.
    `walk`: the moment to play at once, as `workbench.app.parts.walk.asked` has it. `rulings`: those of the scheme,
    see `ruling_payload`.
    """
    if lanes is None and not scheme.show_transcript:
        transcript = None
    people = session_people(session)
    windows = coding.windows if windows is None and coding else windows or ()
    length = recording.duration_ms if recording else _clock_ms(windows)
    observed = tuple(windows) or (TimeSpan(0, length),)
    # who has not begun starts where the window does; an address may ask for any moment of the session
    stopped = coding.position_ms if coding else 0
    start = start_ms if start_ms is not None else stopped or observed[0].start_ms
    return {
        "mode": "code" if lanes is None else "review",
        "coding": coding.id if coding else f"session-{session.id}",
        "session_title": session.title or session.code,
        "rater": rater,
        "csrf": csrf,
        "state": coding.state.value if coding else "submitted",
        "urls": _urls(recording, transcript, coding),
        "media": {**media_shown(recording), "duration_ms": length},
        "more_media": [_further(r, recording) for r in more if recording],
        "live": recording is None and lanes is None,
        "start_ms": max(0, min(start, max(0, length - 1))),
        "position_ms": coding.position_ms if coding else 0,
        "asked": start_ms is not None,
        "windows": [[w.start_ms, w.end_ms] for w in observed],
        "segments": [[s.start_ms, s.end_ms] for s in segments_of(scheme, observed)],
        "scheme": scheme_shown(scheme, people),
        "transcript_version": transcript.version if transcript else None,
        "speakers": _speakers(session, transcript),
        "people": [{"id": p.id, "label": p.label, "role": p.kind.value} for p in people],
        "lanes": [_lane(lane, scheme) for lane in lanes or ()],
        "teach": teach,
        "preferences": dict(preferences or {}),
        "team": list(team),
        "seq": None if lanes is None else seq,
        "heard": [[s.start_ms, s.end_ms] for s in heard],
        "walk": dict(walk) if walk else None,
        "rulings": dict(rulings) if rulings else None,
        "standing": {"sentence": standing, "may_take_back": may_take_back},
    }


def _clock_ms(windows: Sequence[TimeSpan]) -> int:
    """How long a live session was; 0 while its clock may still run."""
    longest = max((w.end_ms for w in windows), default=0)
    return 0 if longest >= LONGEST_LIVE_MS else longest


def _kind(recording: Recording | None) -> str:
    if recording is None:
        return "none"
    return "video" if recording.has_video else "audio"


def media_shown(recording: Recording | None) -> dict[str, Any]:
    """A recording as a player needs it; None: there is only a clock."""
    return {
        "kind": _kind(recording),
        "label": recording.label if recording else "",
        "type": recording.media_type if recording else "",
        "duration_ms": recording.duration_ms if recording else 0,
        "peaks_per_second": PEAKS_PER_SECOND,
    }


def _further(recording: Recording, main: Recording) -> dict[str, Any]:
    """A further recording: its own time plus `offset_ms` is the session's time."""
    return {
        "id": recording.id,
        "label": recording.label,
        "kind": _kind(recording),
        "type": recording.media_type,
        "url": f"/wb/recordings/{recording.id}/media",
        "offset_ms": recording.offset_ms - main.offset_ms,
        "duration_ms": recording.duration_ms,
    }


def _urls(
    recording: Recording | None, transcript: TranscriptVersion | None, coding: Coding | None
) -> dict[str, str | None]:
    media = f"/wb/recordings/{recording.id}" if recording else None
    own = f"/wb/codings/{coding.id}" if coding else None
    return {
        "media": f"{media}/media" if media else None,
        "peaks": f"{media}/peaks" if media else None,
        "transcript": f"/wb/transcripts/{transcript.id}" if transcript else None,
        "operations": f"{own}/operations" if own else None,
        "submit": f"{own}/submit" if own else None,
        "checklist": f"{own}/checklist" if own else None,
        "take_back": f"{own}/take-back" if own else None,
        "position": f"{own}/position" if own else None,
        "preferences": "/wb/preferences/coding-room",
    }


def scheme_shown(scheme: CodingScheme, people: Sequence[SessionPerson] = ()) -> dict[str, Any]:
    """A scheme with everything that the room draws of it: of its ratings those that these people of a session can be
    given, all of them without a session; `unrated`: labels of the others."""
    about = [r for r in scheme.ratings if not people or is_about(r, people)]
    return {
        "name": scheme.name,
        "title": scheme.title,
        "version": scheme.version,
        "unit": scheme.unit,
        "units_of": list(scheme.units_of),
        "speed_cap": scheme.speed_cap,
        "codes": [code_shown(c) for c in scheme.codes],
        "ratings": [_rating(r, people) for r in about],
        "unrated": [r.label for r in scheme.ratings if r not in about],
        "passes": [p.value for p in scheme.passes],
        "reasons": list(scheme.reasons),
    }


def code_shown(code: Code) -> dict[str, Any]:
    """A code with everything that its key, button and explanation need."""
    return {
        "id": code.id,
        "label": code.label,
        "key": code.key,
        "kind": code.kind.value,
        "group": code.group,
        "definition": code.definition,
        "example": code.example,
        "near_miss": code.near_miss,
        "colour": code.colour,
        "dimension": code.dimension,
        "valence": code.valence,
        "who": code.who,
        "ask": list(code.ask),
        "modifiers": [_modifier(m) for m in code.modifiers],
    }


def _modifier(modifier: Modifier) -> dict[str, Any]:
    return {
        "id": modifier.id,
        "label": modifier.label,
        "required": modifier.required,
        "several": modifier.several,
        "options": [{"id": o.id, "label": o.label, "key": o.key, "direct": o.direct} for o in modifier.options],
    }


def _rating(scale: RatingScale, people: Sequence[SessionPerson]) -> dict[str, Any]:
    return {
        "id": scale.id,
        "label": scale.label,
        "low": scale.low,
        "high": scale.high,
        "anchors": {str(value): words for value, words in scale.anchors.items()},
        "definition": scale.definition,
        "start": scale.start,
        "no_evidence": scale.no_evidence,
        "dimension": scale.dimension,
        "each_segment": scale.each_segment,
        "people": [p.id for p in rated_people(scale, people)],
        "together": scale.together,
    }


def _speakers(session: Session, transcript: TranscriptVersion | None) -> dict[str, dict[str, str]]:
    """Who the diarized labels are. Two of a kind are told apart by number; a pseudonym is not shown to raters."""
    mapped: Mapping[str, str] = transcript.speakers if transcript else {}
    people = {p.participant_id: p for p in session_people(session) if p.participant_id}
    return {
        speaker: {"label": people[ident].label, "role": people[ident].kind.value}
        for speaker, ident in sorted(mapped.items())
        if ident in people
    }


def _lane(lane: LaneShown, scheme: CodingScheme) -> dict[str, Any]:
    known = {c.id for c in scheme.codes} | {NOT_OBSERVABLE}
    scales = {r.id for r in scheme.ratings}
    return {
        "label": lane.label,
        "events": [_event(e) for e in lane.events if e.event.code in known],
        "ratings": [_rated(r) for r in lane.ratings if r.rating.scale in scales],
    }


def _event(shown: LaneEvent) -> dict[str, Any]:
    event = shown.event
    return {
        "id": event.id,
        "code": event.code,
        "start_ms": event.start_ms,
        "end_ms": event.end_ms,
        "modifiers": list(event.modifiers),
        "mark": shown.mark,
        "note": shown.note,
        "pair": shown.pair,
    }


def _rated(shown: LaneRating) -> dict[str, Any]:
    rating, segment = shown.rating, shown.segment
    return {
        "scale": rating.scale,
        "person": rating.person,
        "segment": [segment.start_ms, segment.end_ms] if segment else None,
        "value": rating.value,
        "no_evidence": rating.no_evidence,
    }


def lane_of(label: str, content: CodingContent, scheme: CodingScheme, windows: Sequence[TimeSpan]) -> LaneShown:
    """One coding as a lane without marks, with its raters' comments as notes."""
    events = tuple(LaneEvent(e, None, e.comment) for e in content.events)
    return LaneShown(label, events, ratings_of(content.ratings, scheme, windows))


def ratings_of(ratings: Iterable[Rating], scheme: CodingScheme, windows: Sequence[TimeSpan]) -> tuple[LaneRating, ...]:
    """The ratings of a coding with the stretches that its windows have for them: others may have other windows."""
    segments = segments_of(scheme, windows)
    return tuple(
        LaneRating(r, segments[r.segment - 1] if r.segment else None) for r in ratings if r.segment <= len(segments)
    )


def asked_on(lane: LaneShown) -> LaneShown:
    """The lane with what its rater asked the supervisor beside each note."""
    events = tuple(
        replace(shown, note=f"{shown.note} Asked: “{shown.event.question}”".strip()) if shown.event.question else shown
        for shown in lane.events
    )
    return replace(lane, events=events)
