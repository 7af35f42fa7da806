"""Who rates the alliance higher than whom: combined score 3, signed discrepancies.

Differences are taken between parallel forms of one instrument only. Between different instruments
they are suppressed: the ceiling of the one against the middle of the other looks like disagreement
and is none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.alliance.composite import one_each
from workbench.alliance.perspective import PerspectiveScore
from workbench.model.instrument import Perspective

# provider − patient, observer − patient, observer − provider; T is the therapist's usual letter
PAIRS = (
    ("T−P", Perspective.PROVIDER, Perspective.PATIENT),
    ("O−P", Perspective.OBSERVER, Perspective.PATIENT),
    ("O−T", Perspective.OBSERVER, Perspective.PROVIDER),
)
_SUBJECT = {
    Perspective.PATIENT: ("the patient", "rates"),
    Perspective.PROVIDER: ("the provider", "rates"),
    Perspective.OBSERVER: ("the observers", "rate"),
}


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """`value` is first minus second in points of 0 to 100, or None and why; `words` say its sign."""

    label: str
    first: Perspective
    second: Perspective
    value: float | None
    reason: str
    words: str


def discrepancies(scores: Iterable[PerspectiveScore]) -> tuple[Discrepancy, ...]:
    """T−P, O−P and O−T of one session, in this order, each with its value or the reason for none.

    Raises ValueError when a perspective comes twice.
    """
    by_perspective = one_each(scores)
    return tuple(_difference(label, first, second, by_perspective) for label, first, second in PAIRS)


def _difference(
    label: str, first: Perspective, second: Perspective, scores: dict[Perspective, PerspectiveScore]
) -> Discrepancy:
    one, other = scores.get(first), scores.get(second)
    if one is None or one.value is None:
        return Discrepancy(label, first, second, None, f"There is no score of {_SUBJECT[first][0]}.", "")
    if other is None or other.value is None:
        return Discrepancy(label, first, second, None, f"There is no score of {_SUBJECT[second][0]}.", "")
    if not one.parallel_form or one.parallel_form != other.parallel_form:
        reason = (
            f"Suppressed: {one.title} and {other.title} are not parallel forms of one instrument,"
            " and a difference between them could be an artefact."
        )
        return Discrepancy(label, first, second, None, reason, "")
    value = one.value - other.value
    return Discrepancy(label, first, second, value, "", in_words(value, first, second))


def in_words(value: float, first: Perspective, second: Perspective) -> str:
    """The sign of first − second as a sentence's beginning.

    >>> in_words(12.3, Perspective.PROVIDER, Perspective.PATIENT)
    'the provider rates the alliance 12 points higher than the patient'
    """
    (who, rates), (whom, _) = _SUBJECT[first], _SUBJECT[second]
    points = round(abs(value))
    if points == 0:
        near = "equally" if value == 0 else "equally, to within one point"
        return f"{who} and {whom} rate the alliance {near}"
    direction = "higher" if value > 0 else "lower"
    return f"{who} {rates} the alliance {points} point{'' if points == 1 else 's'} {direction} than {whom}"
