"""Ratings beside their evidence: where a rating stands against what its scheme expects of the codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.model.coding import CodingContent, Rating
from workbench.model.scheme import CodingScheme, EvidenceRule
from workbench.model.segments import in_segment, is_asked
from workbench.model.span import TimeSpan


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A rating that a rule of the scheme speaks against. `found`: how many events the rule counted."""

    rule: EvidenceRule
    rating: Rating
    found: int


def contradictions(
    scheme: CodingScheme, content: CodingContent, segments: Sequence[TimeSpan]
) -> tuple[Contradiction, ...]:
    """Contradictions of a coding, in the order of the scheme's rules and of the segments.

    A rule counts the events of its codes that start in the rating's segment (segment 0: all).
    Stretches that could not be observed are no evidence of anything, and "no evidence" contradicts
    nothing. A scheme with `check_evidence` False has no contradictions.
    """
    if not scheme.check_evidence:
        return ()
    return tuple(
        Contradiction(rule, rating, found)
        for rule in scheme.rules
        for rating in content.ratings
        if rating.scale == rule.scale and is_asked(scheme, rating.scale, rating.segment, len(segments))
        if rating.value is not None and rule.low <= rating.value <= rule.high
        if not _expected(rule, found := _count(rule, content, segments, rating.segment))
    )


def _count(rule: EvidenceRule, content: CodingContent, segments: Sequence[TimeSpan], segment: int) -> int:
    return sum(e.code in rule.codes and in_segment(e, segments, segment) for e in content.codes)


def _expected(rule: EvidenceRule, found: int) -> bool:
    return found >= rule.at_least and (rule.at_most is None or found <= rule.at_most)
