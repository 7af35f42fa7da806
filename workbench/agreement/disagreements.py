"""Where two raters disagree: a list with times to play, and the same in words.

Events are matched by their onsets, within a tolerance; where utterances are what is coded, by utterance, so that
the list holds what the units of the coefficients hold.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from workbench.agreement.matching import Matching, match
from workbench.agreement.study import RaterCoding, Study, dark, in_spans, shared_window
from workbench.agreement.units.linked import OVERLAP
from workbench.agreement.units.utterances import cut_session
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
    """Two raters on the sessions that both coded. `left_out` events lie outside what both observed (or in no unit
    that both have). `by_utterance`: matched by utterance, and the tolerance says nothing."""

    a: str
    b: str
    tolerance_ms: int
    sessions: tuple[str, ...]
    matchings: Mapping[str, Matching]
    disagreements: tuple[Disagreement, ...]
    left_out: int = 0
    by_utterance: bool = False

    @property
    def hits(self) -> int:
        return sum(m.hits for m in self.matchings.values())

    @property
    def total(self) -> int:
        return self.hits + len(self.disagreements)

    @property
    def rule(self) -> str:
        """Which codes count as being of the same moment, in a sentence."""
        if self.by_utterance:
            return "Codes of the same utterance are compared."
        return f"Onsets within {self.tolerance_ms / 1000:g} s count as the same moment."

    def in_words(self, labels: Mapping[str, str] | None = None, who: str = "You") -> str:
        """What the numbers say, in one or two sentences. `labels` name the codes; `who` begins the
        sentence ("You", "They")."""
        return in_words(self.hits, self.disagreements, labels, who)


def compare(
    study: Study,
    a: str,
    b: str,
    tolerance_ms: int = 2000,
    codes: Iterable[str] | None = None,
    *,
    by_utterance: bool = False,
) -> Comparison:
    """The events of raters `a` and `b` matched session by session, within the time that both could observe:
    onsets at most `tolerance_ms` apart or, `by_utterance`, what both coded the same utterance as.

    `codes` keeps the comparison to some codes. A session that only one of them coded is left out. In an utterance
    a code counts once, as in the units "utterances". Raises InputProblems for a rater who is not in the
    study, ValueError for a negative tolerance.
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
        sides = (_kept(coding_a, wanted), _kept(coding_b, wanted))
        matching, without_place = _in_utterances(sides) if by_utterance else _in_time(sides, tolerance_ms)
        matchings[session] = matching
        left_out += without_place
        found += _of(session, matching)
    found.sort(key=lambda d: (d.session, d.at_ms, d.kind, d.code_a or "", d.code_b or ""))
    return Comparison(a, b, tolerance_ms, tuple(matchings), matchings, tuple(found), left_out, by_utterance)


def _kept(coding: RaterCoding, wanted: set[str] | None) -> RaterCoding:
    return coding if wanted is None else replace(coding, events=tuple(e for e in coding.events if e.code in wanted))


def _in_time(sides: tuple[RaterCoding, RaterCoding], tolerance_ms: int) -> tuple[Matching, int]:
    """Events by their onsets, and how many lie outside what both observed."""
    seen = without(shared_window(sides), dark(sides))
    kept = [[e for e in coding.events if in_spans(e.start_ms, seen)] for coding in sides]
    left_out = sum(len(coding.events) - len(some) for coding, some in zip(sides, kept, strict=True))
    return match(kept[0], kept[1], tolerance_ms), left_out


def _in_utterances(sides: tuple[RaterCoding, RaterCoding]) -> tuple[Matching, int]:
    """Events by the utterance they belong to, and how many belong to none that both have."""
    counted: Counter[str] = Counter()
    cut = cut_session(sides, OVERLAP, counted)
    if cut is None:
        return Matching((), (), (), (), 0), sum(len(c.events) for c in sides)
    units: list[tuple[dict[str, Event], dict[str, Event]]] = [({}, {}) for _ in cut.units]
    left_out = 0
    for side, coding in enumerate(sides):
        places = cut.places(coding.rater)
        for event in sorted(coding.events, key=lambda e: (e.start_ms, e.id)):
            here = cut.of_event(event, coding.rater, places, counted)
            left_out += not here
            for at in here:
                units[at][side].setdefault(event.code, event)
    alike, confused, only_a, only_b = [], [], [], []
    for of_a, of_b in units:
        alike += [(of_a[c], of_b[c]) for c in of_a if c in of_b]
        rest_a, rest_b = ([x[c] for c in sorted(x.keys() - y.keys())] for x, y in ((of_a, of_b), (of_b, of_a)))
        n = min(len(rest_a), len(rest_b))
        confused += list(zip(rest_a[:n], rest_b[:n], strict=True))
        only_a += rest_a[n:]
        only_b += rest_b[n:]
    return Matching(tuple(alike), tuple(confused), tuple(only_a), tuple(only_b), 0), left_out


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
