"""A number with what it rests on, as one derived score hands it to the next that stands on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from workbench.model.coding import Place


@dataclass(frozen=True, slots=True)
class Found:
    """A number, or None and why, with what it rests on. None instead of a collection: it is not about such things.

    `events`: ids; `ratings`: the places that have a value, out of those `asked`; `left_out`: events that could not
    be used, by id, with why. `by_segment`, `by_person`: the same number of each alone.
    """

    value: float | None = None
    reason: str = ""
    events: frozenset[str] | None = None
    ratings: frozenset[Place] | None = None
    asked: frozenset[Place] = frozenset()
    left_out: Mapping[str, str] | None = None
    by_segment: Mapping[int, float] = field(default_factory=dict)
    by_person: Mapping[str, float] = field(default_factory=dict)


def resting_on(terms: Sequence[Found], value: float | None, reason: str) -> Found:
    """A number that rests on all that its terms rest on."""
    events = [t.events for t in terms if t.events is not None]
    ratings = [t.ratings for t in terms if t.ratings is not None]
    left_out = [t.left_out for t in terms if t.left_out is not None]
    return Found(
        value,
        reason,
        frozenset().union(*events) if events else None,
        frozenset().union(*ratings) if ratings else None,
        frozenset().union(*(t.asked for t in terms)),
        {event: why for some in left_out for event, why in some.items()} if left_out else None,
    )


def told(why: Mapping[str, int]) -> str:
    """Reasons with how often each: "2 never ended, 1 not observed long enough"."""
    return ", ".join(f"{n} {reason}" for reason, n in why.items())
