"""Reading what a browser sent about a rating: its value, what it rests on, and why it stands against a rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.model.bounds import Bounds
from workbench.model.rated import is_about, rated_people
from workbench.model.scheme import Each, RatingScale
from workbench.workflows.read_values import (
    LONGEST_ID,
    MOST_SEGMENTS,
    given_id,
    known,
    text,
    unit_there,
    whole,
    yes_or_no,
)


def rate(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """A value of a scale at one place, “no evidence”, or None where the rating is taken back."""
    scale = _scale(values, bounds)
    said = _place(values, scale, bounds)
    known(values, {"scale", "segment", "person", "value", "no_evidence"}, "A rating")
    if yes_or_no(values.get("no_evidence", False), "no_evidence"):
        if not scale.no_evidence:
            raise ValueError(f"“{scale.label}” has to be rated; “no evidence” is not one of its answers.")
        return said | {"value": None, "no_evidence": True}
    value = values.get("value")
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, int) or not scale.low <= value <= scale.high
    ):
        raise ValueError(f"“{scale.label}” goes from {scale.low} to {scale.high}; found {value!r}.")
    return said | {"value": value, "no_evidence": False}


def link(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """An event or a unit of the transcript that speaks for a rating, or no longer does."""
    known(values, {"scale", "segment", "person", "event", "unit", "linked"}, "Evidence")
    out = _place(values, _scale(values, bounds), bounds)
    event, unit = values.get("event") or "", values.get("unit") or ""
    if bool(event) == bool(unit):
        raise ValueError("Evidence is an event or a unit of the transcript, and one of them.")
    if event:
        out["event"] = given_id(event, "Evidence needs the id of its event")
    else:
        # an utterance is evidence also where the scheme codes events
        out["unit"] = unit_there(unit, bounds)
    return out | {"linked": yes_or_no(values.get("linked", True), "linked")}


def reason(values: Mapping[str, Any], bounds: Bounds) -> dict[str, Any]:
    """Why a rating stands although it goes against a rule of the scheme."""
    known(values, {"rule", "segment", "person", "reason"}, "A reason")
    rule = next((r for r in bounds.scheme.rules if r.id == values.get("rule")), None)
    if rule is None:
        raise ValueError(f"The scheme {bounds.scheme.name} has no rule {values.get('rule')!r}.")
    place = _place(values, bounds.scheme.rating(rule.scale), bounds)
    del place["scale"]
    words = text(values.get("reason"), "A reason")
    if not words.strip():
        raise ValueError("A reason says something; this one is empty.")
    return {"rule": rule.id, **place, "reason": words}


def _scale(values: Mapping[str, Any], bounds: Bounds) -> RatingScale:
    found = next((r for r in bounds.scheme.ratings if r.id == values.get("scale")), None)
    if found is None:
        raise ValueError(f"The scheme {bounds.scheme.name} has no rating {values.get('scale')!r}.")
    return found


def _place(values: Mapping[str, Any], scale: RatingScale, bounds: Bounds) -> dict[str, Any]:
    """What is rated: scale, segment and, where a scale rates persons, the person."""
    if scale.each is Each.FAMILY and not is_about(scale, bounds.people):
        raise ValueError(f"“{scale.label}” is rated of several people together; this session has one.")
    return {"scale": scale.id, "segment": _segment(values, scale, bounds), **_person(values, scale, bounds)}


def _person(values: Mapping[str, Any], scale: RatingScale, bounds: Bounds) -> dict[str, str]:
    person = values.get("person") or ""
    if scale.each is not Each.PERSON:
        if person != "":
            raise ValueError(f"“{scale.label}” is not rated person by person; found {str(person)[:LONGEST_ID]!r}.")
        return {}
    rated = {p.id: p.label for p in rated_people(scale, bounds.people)}
    if person not in list(rated):
        there = ", ".join(rated.values()) or "nobody in this session"
        raise ValueError(f"“{scale.label}” is rated for {there}; found {str(person)[:LONGEST_ID]!r}.")
    return {"person": str(person)}


def _segment(values: Mapping[str, Any], scale: RatingScale, bounds: Bounds) -> int:
    """0 for what is rated once; the number of a segment of the window for what is rated in each."""
    segment = whole(values.get("segment", 0), "segment")
    if not scale.each_segment:
        if segment:
            raise ValueError(f"“{scale.label}” is rated once for the session, not for segment {segment}.")
    elif not 1 <= segment <= (MOST_SEGMENTS if bounds.on_clock else bounds.segments):
        raise ValueError(f"“{scale.label}” is rated for the segments 1 to {bounds.segments}; found {segment}.")
    return segment
