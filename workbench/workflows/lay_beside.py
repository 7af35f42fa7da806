"""Two codings of a session laid beside each other: what both coded, what one of them did, and what is not counted.

Which events mean the same moment is asked of the engine that the Agreement screens use, on the same codings: what
both were to observe and could, and utterance by utterance where these are coded. So a disagreement there is the
same one here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from workbench import agreement
from workbench.agreement import RaterCoding
from workbench.agreement.matching import Matching
from workbench.agreement.study import dark, in_spans, shared_window
from workbench.model.assignment import Coding, Purpose
from workbench.model.coding import Event, Rating
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.span import TimeSpan, merged
from workbench.store import codings, sessions
from workbench.store.seen import Way
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.coded_units import rater_codings
from workbench.workflows.keep_definition import scheme as kept_scheme

NOT_SEEN_BY_BOTH = "One of the two could not observe this: not counted."
NOT_ASKED_OF_BOTH = "Only one of the two was to code this stretch: not counted."
IN_NO_SHARED_UNIT = "Not in an utterance that both have and could observe: not counted."
TWICE_IN_ITS_UNIT = "The same code of this utterance is counted once."
_SIDES = ("a", "b")  # raters of a comparison of two, so that they stay in the order given


@dataclass(frozen=True, slots=True)
class Marked:
    """An event on a lane. `mark` is "hit", "missed", "extra", "differs" or None; `note` says it in words. `pair`: the
    event of the other lane that it was laid beside, if any, whether both are of one code or not."""

    event: Event
    mark: str | None
    note: str
    pair: str | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One coding. `not_observable`: the stretches of which its rater says that nothing could be observed."""

    label: str
    events: tuple[Marked, ...]
    not_observable: tuple[Event, ...] = ()
    ratings: tuple[Rating, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """Lanes to look at, and the sentence that sums them up. `codings`: whose lanes they are, in the same order;
    `windows`: of two that are compared what both were to code, else what any was. `about` says which of several
    criterion codings counts."""

    lanes: tuple[Lane, ...]
    summary: str
    hits: int
    missed: int
    extra: int
    codings: tuple[Coding, ...] = ()
    windows: tuple[TimeSpan, ...] = ()
    about: str = ""


def matched(a: RaterCoding, b: RaterCoding, tolerance_ms: int, *, by_utterance: bool) -> Matching:
    """The events of two codings of a session as `agreement.compare` pairs them."""
    both = agreement.Study((replace(a, rater=_SIDES[0]), replace(b, rater=_SIDES[1])))
    return agreement.compare(both, *_SIDES, tolerance_ms, by_utterance=by_utterance).matchings[a.session]


def against_criterion(
    coding: RaterCoding, criterion: RaterCoding, scheme: CodingScheme
) -> tuple[Matching, tuple[Event, ...]]:
    """A coding beside the criterion of its session, and what of it is defensible either way: events that meet one
    that the criterion marks unsure are not in the matching, and neither are these."""

    def beside(events: Iterable[Event], others: Iterable[Event]) -> Matching:
        # the criterion may have been made on another transcript than the coding, or on none
        spoken = scheme.unit == "utterance" and bool(coding.utterances and criterion.utterances)
        sides = replace(coding, events=tuple(events)), replace(criterion, events=tuple(others))
        return matched(*sides, scheme.tolerance_ms, by_utterance=spoken)

    sure, unsure = ([e for e in criterion.events if e.unsure is asked] for asked in (False, True))
    settled = {x.id for x, _ in beside(coding.events, sure).matched}
    defensible = tuple(x for x, _ in beside((e for e in coding.events if e.id not in settled), unsure).matched)
    either_way = {e.id for e in defensible}
    return beside((e for e in coding.events if e.id not in either_way), sure), defensible


class Beside:
    """Two codings of a session on one scheme, as the engine compares them; the caller has asked who may read them.
    A code of an utterance stands where its unit does, as its rater split and merged."""

    def __init__(self, workspace: Workspace, actor: Person, two: tuple[Coding, Coding], names: tuple[str, str]) -> None:
        self.codings, self.names = two, names
        self.scheme = kept_scheme(workspace, two[0].scheme_hash)
        self.labels = {c.id: c.label for c in self.scheme.codes}
        a, b = rater_codings(
            workspace, actor, self.scheme, two, {c.rater_id: c.rater_id for c in two}, Way.OPENED, with_utterances=False
        )
        self.sides: tuple[RaterCoding, RaterCoding] = (a, b)
        with workspace.reading() as connection:
            self.said = [codings.content(connection, c.id) for c in two]
            self._by_utterance = self.scheme.unit == "utterance" and (
                any(c.utterances for c in self.sides) or _spoken_elsewhere(connection, actor, two[0])
            )

    def beside_each_other(self) -> Review:
        """Two raters of whom neither is right."""
        found = matched(*self.sides, self.scheme.tolerance_ms, by_utterance=self._by_utterance)
        lanes = self._lanes(found, (None, "differs", "differs"), {})
        total = found.hits + len(found.confusions) + len(found.only_a) + len(found.only_b)
        one, other = self.names
        summary = f"{one} and {other} agree on {found.hits} of {total}" if total else "Neither coded anything"
        return self._review(lanes, summary, found)

    def against_criterion(self) -> Review:
        """The first against the second."""
        found, defensible = against_criterion(*self.sides, self.scheme)
        either_way = {e.id: f"{self.labels[e.code]} is defensible here: neither hit nor extra." for e in defensible}
        unsure = {e.id for e in self.sides[1].events if e.unsure}
        seen = self._review(self._lanes(found, ("hit", "missed", "extra"), either_way, unseen=unsure), "", found)
        return replace(seen, summary=f"{seen.hits} hit, {seen.missed} missed, {seen.extra} extra")

    def _review(self, lanes: tuple[Lane, Lane], summary: str, found: Matching) -> Review:
        missed, extra = (len(found.confusions) + len(alone) for alone in (found.only_b, found.only_a))
        windows = shared_window(self.sides) or merged(w for c in self.codings for w in c.windows)
        return Review(lanes, summary, found.hits, missed, extra, self.codings, windows)

    def _lanes(
        self,
        found: Matching,
        marks: tuple[str | None, str, str],
        either_way: Mapping[str, str],
        unseen: Collection[str] = (),
    ) -> tuple[Lane, Lane]:
        """`either_way`: events of the first that are not counted, with what to say of them; `unseen` ones of the
        second have no place."""
        hit, missed, extra = marks
        name_a, name_b = self.names
        of_a: list[Marked] = []
        of_b: list[Marked] = []
        for x, y in found.matched:
            both = f"Both coded {self.labels[x.code]}."
            of_a.append(Marked(x, hit, both, y.id))
            of_b.append(Marked(y, hit, y.comment or both, x.id))
        for x, y in found.confusions:
            of_a.append(Marked(x, extra, f"{name_b} coded {self.labels[y.code]} here.", y.id))
            of_b.append(Marked(y, missed, _with(f"{name_a} coded {self.labels[x.code]} here.", y.comment), x.id))
        of_a += [Marked(x, extra, f"{name_b} coded nothing here.") for x in found.only_a]
        of_b += [Marked(y, missed, _with(f"{name_a} coded nothing here.", y.comment)) for y in found.only_b]
        for side, lane in zip(self.sides, (of_a, of_b), strict=True):
            counted = [m.event for m in lane]
            placed = {e.id for e in counted} | set(unseen)
            lane += [
                Marked(e, None, either_way.get(e.id) or self._why_apart(e, side, counted))
                for e in side.events
                if e.id not in placed
            ]
        return (
            Lane(name_a, _in_time(of_a), self.said[0].not_observable, self.said[0].ratings),
            Lane(name_b, _in_time(of_b), self.said[1].not_observable, self.said[1].ratings),
        )

    def _why_apart(self, event: Event, side: RaterCoding, counted: Collection[Event]) -> str:
        """Why the engine left this event out."""
        if not in_spans(event.start_ms, shared_window(self.sides)):
            return NOT_ASKED_OF_BOTH
        if in_spans(event.start_ms, dark(self.sides)):
            return NOT_SEEN_BY_BOTH
        spoken = [u for u in side.utterances if u.contains(event.start_ms)]
        again = (e for e in counted if e.code == event.code and in_spans(e.start_ms, spoken))
        return TWICE_IN_ITS_UNIT if any(again) else IN_NO_SHARED_UNIT


def _spoken_elsewhere(connection: Connection, actor: Person, coding: Coding) -> bool:
    """Whether others of the study coded on a transcript: then Agreement compares the whole study by utterance."""
    study_id = sessions.get_session(connection, coding.session_id).study_id
    found = codings.codings(connection, actor, study_id=study_id, finished_only=True)
    return any(c.transcript_id for c in found if c.scheme_hash == coding.scheme_hash and c.purpose is Purpose.STUDY)


def _with(sentence: str, comment: str) -> str:
    return f"{sentence} {comment}".strip()


def _in_time(events: list[Marked]) -> tuple[Marked, ...]:
    return tuple(sorted(events, key=lambda m: (m.event.start_ms, m.event.id)))
