"""Where two raters disagree: a list with times to play, and the same in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from workbench.agreement.matching import Matching, match
from workbench.agreement.study import Study, dark, in_spans, shared_window
from workbench.model.coding import Event
from workbench.model.span import without


class Kind(StrEnum):
    ONLY_A = "only a"
    ONLY_B = "only b"
    DIFFERENT_CODE = "different code"


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One moment to look at. `at_ms` is the earlier of the two onsets; codes and event ids are None
    on the side that coded nothing."""

    session: str
    at_ms: int
    kind: Kind
    code_a: str | None
    code_b: str | None
    event_a: str | None
    event_b: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two raters on the sessions that both coded. `left_out` events lie outside what both observed."""

    a: str
    b: str
    tolerance_ms: int
    sessions: tuple[str, ...]
    matchings: Mapping[str, Matching]
    disagreements: tuple[Disagreement, ...]
    left_out: int = 0

    @property
    def hits(self) -> int:
        return sum(m.hits for m in self.matchings.values())

    @property
    def total(self) -> int:
        return self.hits + len(self.disagreements)

    def in_words(self, labels: Mapping[str, str] | None = None, who: str = "You") -> str:
        """What the numbers say, in one or two sentences. `labels` name the codes; `who` begins the
        sentence ("You", "They")."""
        return in_words(self.hits, self.disagreements, labels, who)


def compare(study: Study, a: str, b: str, tolerance_ms: int = 2000, codes: Iterable[str] | None = None) -> Comparison:
    """The events of raters `a` and `b` matched session by session, within the time that both could observe.

    `codes` keeps the comparison to some codes. A session that only one of them coded is left out.
    Raises InputProblems for a rater who is not in the study, ValueError for a negative tolerance.
    """
    wanted = None if codes is None else set(codes)
    part = study.only(raters=(a, b))
    matchings: dict[str, Matching] = {}
    found: list[Disagreement] = []
    left_out = 0
    for session in part.sessions:
        coding_a, coding_b = part.coding(session, a), part.coding(session, b)
        if coding_a is None or coding_b is None:
            continue
        both = (coding_a, coding_b)
        seen = without(shared_window(both), dark(both))
        sides: list[list[Event]] = []
        for coding in both:
            events = [e for e in coding.events if wanted is None or e.code in wanted]
            sides.append([e for e in events if in_spans(e.start_ms, seen)])
            left_out += len(events) - len(sides[-1])
        matchings[session] = matching = match(sides[0], sides[1], tolerance_ms)
        found += _of(session, matching)
    found.sort(key=lambda d: (d.session, d.at_ms, d.kind, d.code_a or "", d.code_b or ""))
    return Comparison(a, b, tolerance_ms, tuple(matchings), matchings, tuple(found), left_out)


def disagreements(
    study: Study, a: str, b: str, tolerance_ms: int = 2000, codes: Iterable[str] | None = None
) -> tuple[Disagreement, ...]:
    """Every disagreement of two raters, by session and time. See `compare`."""
    return compare(study, a, b, tolerance_ms, codes).disagreements


def in_words(
    hits: int,
    found: Iterable[Disagreement],
    labels: Mapping[str, str] | None = None,
    who: str = "You",
    raters: tuple[str, str] = ("the first rater", "the second rater"),
) -> str:
    """How often two raters agree, and what most of the rest is. `raters` are named where one of them
    alone coded something.

    >>> confusion = Disagreement("s", 0, Kind.DIFFERENT_CODE, "withdrawal", "minimal response", "1", "2")
    >>> missed = Disagreement("s", 0, Kind.ONLY_B, None, "repair", None, "3")
    >>> in_words(41, [confusion] * 9 + [missed] * 2)
    'You agree on 41 of 52. Nine of the other eleven are one confusion: withdrawal for minimal response.'
    """
    rest = list(found)
    total = hits + len(rest)
    if not total:
        return "Neither coded anything."
    if not rest:
        return f"{who} agree on all {total}."
    head = f"{who} agree on {hits} of {total}."
    (kind, code_a, code_b), n = min(
        Counter((d.kind, d.code_a, d.code_b) for d in rest).items(), key=lambda item: (-item[1], str(item[0]))
    )
    names = labels or {}
    name_a, name_b = names.get(code_a or "", code_a), names.get(code_b or "", code_b)
    match kind:
        case Kind.DIFFERENT_CODE:
            what = f"one confusion: {name_a} for {name_b}" if n > 1 else f"a confusion: {name_a} for {name_b}"
        case Kind.ONLY_A:
            what = f"{name_a}, coded by {raters[0]} only"
        case Kind.ONLY_B:
            what = f"{name_b}, coded by {raters[1]} only"
    if n == len(rest):
        subject = "The other one is" if n == 1 else f"All other {_number(n)} are"
    else:
        verb = "is" if n == 1 else "are"
        subject = f"{_number(n).capitalize()} of the other {_number(len(rest))} {verb}"
    return f"{head} {subject} {what}."


def _of(session: str, matching: Matching) -> Iterable[Disagreement]:
    for x, y in matching.confusions:
        at = min(x.start_ms, y.start_ms)
        yield Disagreement(session, at, Kind.DIFFERENT_CODE, x.code, y.code, x.id, y.id)
    for x in matching.only_a:
        yield Disagreement(session, x.start_ms, Kind.ONLY_A, x.code, None, x.id, None)
    for y in matching.only_b:
        yield Disagreement(session, y.start_ms, Kind.ONLY_B, None, y.code, None, y.id)


_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def _number(n: int) -> str:
    return _WORDS[n] if n < len(_WORDS) else str(n)
