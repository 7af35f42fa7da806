"""What a scheme asks to be rated in a session: once, for each segment, for each person, or for a family as one."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.model.coding import CodingContent, Place, Rating
from workbench.model.scheme import CodingScheme, Each, RatingScale
from workbench.model.segments import segments_of
from workbench.model.session_people import SessionPerson, kind_of
from workbench.model.span import TimeSpan


def rated_people(scale: RatingScale, people: Sequence[SessionPerson]) -> tuple[SessionPerson, ...]:
    """The people of a session whom a scale rates one by one; nobody where it rates no single person."""
    return _meant(scale, people) if scale.each is Each.PERSON else ()


def is_about(scale: RatingScale, people: Sequence[SessionPerson]) -> bool:
    """Whether a scale has anybody to rate in a session: a family as one is at least two people."""
    if scale.each is Each.FAMILY:
        return len(_meant(scale, people)) > 1
    return scale.each is not Each.PERSON or bool(_meant(scale, people))


def places(scheme: CodingScheme, segments: int, people: Sequence[SessionPerson]) -> tuple[Place, ...]:
    """All that the scheme asks for in a session of so many segments and these people, scale by scale."""
    return tuple(place for scale in scheme.ratings for place in _places(scale, segments, people))


def ratings_asked(scheme: CodingScheme, content: CodingContent, windows: Sequence[TimeSpan]) -> tuple[Rating, ...]:
    """The ratings that the scheme asks for. A live coding may hold others: of segments that its clock, or the
    recording that it was aligned with, never reached."""
    number = len(segments_of(scheme, windows))
    return tuple(r for r in content.ratings if is_asked(scheme, r.place, number))


def is_asked(scheme: CodingScheme, place: Place, segments: int) -> bool:
    """Whether the scheme asks for this rating: of one of its `segments` segments, of a person, or of the session."""
    scale = scheme.rating(place.scale)
    in_time = 1 <= place.segment <= segments if scale.each is Each.SEGMENT else place.segment == 0
    return in_time and (kind_of(place.person) in scale.of if scale.each is Each.PERSON else not place.person)


def _places(scale: RatingScale, segments: int, people: Sequence[SessionPerson]) -> tuple[Place, ...]:
    if scale.each is Each.SEGMENT:
        return tuple(Place(scale.id, segment) for segment in range(1, segments + 1))
    if scale.each is Each.PERSON:
        return tuple(Place(scale.id, 0, person.id) for person in rated_people(scale, people))
    return (Place(scale.id),) if is_about(scale, people) else ()


def _meant(scale: RatingScale, people: Sequence[SessionPerson]) -> tuple[SessionPerson, ...]:
    return tuple(p for p in people if p.participant_id is not None and p.kind.value in scale.of)
