"""Ratings beside their evidence: where a rating stands against what its scheme expects of the codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.model.coding import CodingContent, Event, Rating
from workbench.model.rated import is_asked
from workbench.model.scheme import CodingScheme, EvidenceRule
from workbench.model.segments import in_segment
from workbench.model.session_people import SessionPerson, done_by
from workbench.model.span import TimeSpan


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rating that a rule of the scheme speaks against. `found`: how many events the rule counted."""

    rule: EvidenceRule
    rating: Rating
    found: int


def contradictions(
    scheme: CodingScheme,
    content: CodingContent,
    segments: Sequence[TimeSpan],
    people: Sequence[SessionPerson] = (),
) -> tuple[Contradiction, ...]:
    """Contradictions of a coding, in the order of the scheme's rules, of the segments and of the session's people.

    A rule counts the events of its codes that start in the rating's segment (segment 0: all); where a person is
    rated, those that this person did (`people` are the session's).
    Stretches that could not be observed are no evidence of anything, and "no evidence" contradicts
    nothing. A scheme with `check_evidence` False has no contradictions.
    """
    if not scheme.check_evidence:
        return ()
    place = {person.id: n for n, person in enumerate(people)}
    ratings = sorted(content.ratings, key=lambda r: (r.segment, place.get(r.person, 0)))
    return tuple(
        Contradiction(rule, rating, found)
        for rule in scheme.rules
        for rating in ratings
        if rating.scale == rule.scale and is_asked(scheme, rating.place, len(segments))
        if rating.value is not None and rule.low <= rating.value <= rule.high
        if not _expected(rule, found := len(_counted(scheme, rule, content, segments, rating, people)))
    )


def _counted(
    scheme: CodingScheme,
    rule: EvidenceRule,
    content: CodingContent,
    segments: Sequence[TimeSpan],
    rating: Rating,
    people: Sequence[SessionPerson],
) -> list[Event]:
    there = [e for e in content.codes if e.code in rule.codes and in_segment(e, segments, rating.segment)]
    if not rating.person:
        return there
    return [e for e in there if rating.person in done_by(e.who, scheme.code(e.code).who, people)]


def _expected(rule: EvidenceRule, found: int) -> bool:
    return found >= rule.at_least and (rule.at_most is None or found <= rule.at_most)
