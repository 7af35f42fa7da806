"""What several raters coded in the same sessions, as plain frozen data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Any

from workbench.agreement.problems import InputProblems
from workbench.model.coding import Event, Rating
from workbench.model.natural_order import in_natural_order, natural
from workbench.model.span import TimeSpan, merged, without


@dataclass(frozen=True, slots=True)
class RaterCoding:
    """One rater's work on one session.

    windows: the observation window, the stretches that were to be coded. not_observable: stretches
    of it that could not be. utterances: spans of the transcript version that was coded, if any.
    No events means that the rater looked and saw nothing. dyad: whose sessions these are, empty where not
    known. coded_at: when the rater handed it in, in UTC milliseconds.
    """

    session: str
    rater: str
    events: tuple[Event, ...] = ()
    ratings: tuple[Rating, ...] = ()
    windows: tuple[TimeSpan, ...] = ()
    not_observable: tuple[TimeSpan, ...] = ()
    utterances: tuple[TimeSpan, ...] = ()
    dyad: str = ""
    coded_at: int | None = None


@dataclass(frozen=True)
class Study:
    """Codings of sessions by raters. Raises InputProblems if a rater has two codings of a session."""

    codings: tuple[RaterCoding, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "codings", tuple(self.codings))
        twice = [k for k, n in Counter((c.session, c.rater) for c in self.codings).items() if n > 1]
        if twice:
            raise InputProblems(f"rater {r} has more than one coding of session {s}" for s, r in sorted(twice))

    @cached_property
    def sessions(self) -> tuple[str, ...]:
        return in_natural_order(c.session for c in self.codings)

    @cached_property
    def raters(self) -> tuple[str, ...]:
        return in_natural_order(c.rater for c in self.codings)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes that somebody used; a scheme may have more."""
        return in_natural_order(e.code for c in self.codings for e in c.events)

    @cached_property
    def scales(self) -> tuple[str, ...]:
        """Rating scales that somebody used."""
        return in_natural_order(r.scale for c in self.codings for r in c.ratings)

    @cached_property
    def _by_session(self) -> dict[str, tuple[RaterCoding, ...]]:
        found: dict[str, list[RaterCoding]] = {}
        for coding in sorted(self.codings, key=lambda c: natural(c.rater)):
            found.setdefault(coding.session, []).append(coding)
        return {session: tuple(codings) for session, codings in found.items()}

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Every two raters who coded some session both, in the order of their names."""
        found = {(one.rater, other.rater) for s in self.sessions for one, other in combinations(self.of(s), 2)}
        return tuple(sorted(found, key=lambda pair: tuple(map(natural, pair))))

    def of(self, session: str) -> tuple[RaterCoding, ...]:
        """The codings of one session, by rater."""
        return self._by_session.get(session, ())

    def coding(self, session: str, rater: str) -> RaterCoding | None:
        return next((c for c in self.of(session) if c.rater == rater), None)

    @cached_property
    def kept(self) -> dict[Any, Any]:
        """What was worked out once for this study and is asked for again, such as which events are linked."""
        return {}

    def only(self, sessions: Iterable[str] | None = None, raters: Iterable[str] | None = None) -> Study:
        """The part of the study that concerns these sessions and raters. Raises InputProblems for unknown names."""
        wanted_sessions = set(self.sessions if sessions is None else sessions)
        wanted_raters = set(self.raters if raters is None else raters)
        problems = [
            f"there is no session {s} in the study" for s in in_natural_order(wanted_sessions - set(self.sessions))
        ]
        problems += [f"there is no rater {r} in the study" for r in in_natural_order(wanted_raters - set(self.raters))]
        if problems:
            raise InputProblems(problems)
        key = ("only", frozenset(wanted_sessions), frozenset(wanted_raters))
        if key not in self.kept:
            chosen = (c for c in self.codings if c.session in wanted_sessions and c.rater in wanted_raters)
            self.kept[key] = Study(tuple(chosen))
        part: Study = self.kept[key]
        return part


def shared_window(codings: Iterable[RaterCoding]) -> tuple[TimeSpan, ...]:
    """The stretches that every one of these raters was to observe."""
    shared: tuple[TimeSpan, ...] | None = None
    for coding in codings:
        window = merged(coding.windows)
        shared = window if shared is None else without(shared, without(shared, window))
    return shared or ()


def dark(codings: Iterable[RaterCoding]) -> tuple[TimeSpan, ...]:
    """The stretches that at least one of these raters could not observe."""
    return merged(span for coding in codings for span in coding.not_observable)


def in_spans(ms: int, spans: Iterable[TimeSpan]) -> bool:
    return any(span.contains(ms) for span in spans)
