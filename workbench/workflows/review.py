"""Looking at codings side by side: practice against the criterion, and raters against each other."""

from __future__ import annotations

from dataclasses import dataclass

from workbench.agreement.matching import match
from workbench.model.access import Action
from workbench.model.assignment import Assignment, Coding, Purpose
from workbench.model.coding import CodingContent, CodingState, Event
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.span import TimeSpan
from workbench.store import codings, people, recordings
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.align import on_the_recording
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.note_opening import note_opening
from workbench.workflows.note_seen import note_seen
from workbench.workflows.refusal import Refused, coding_resource, demand, session_resource

NOT_SEEN_BY_BOTH = "One of the two could not observe this: not counted."


@dataclass(frozen=True, slots=True)
class Marked:
    """An event on a lane. `mark` is "hit", "missed", "extra", "differs" or None; `note` says it in words."""

    event: Event
    mark: str | None
    note: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One coding. `not_observable`: the stretches of which its rater says that nothing could be observed."""

    label: str
    events: tuple[Marked, ...]
    not_observable: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """Lanes to look at, and the sentence that sums them up."""

    lanes: tuple[Lane, ...]
    summary: str
    hits: int
    missed: int
    extra: int


def feedback(workspace: Workspace, actor: Person, coding_id: str) -> Review | None:
    """A submitted practice coding against the criterion coding of the same session and scheme.

    Events that the criterion marks unsure are defensible either way: coding them is neither a hit nor
    an extra, leaving them out is no miss.

    None when the coding is no practice or there is no criterion. Raises Refused before submission, and
    to somebody who has still to code the session on that scheme.
    """
    demand(workspace, actor, Action.READ_CODING, coding_resource(workspace, coding_id))
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        assert coding is not None
        if coding.purpose is not Purpose.PRACTICE:
            return None
        if coding.state is CodingState.DRAFT:
            raise Refused("Feedback is shown once the coding is submitted.", kind="forbidden")
        criterion = _criterion(connection, coding.session_id, coding.scheme_hash)
    if criterion is None:
        return None
    demand(workspace, actor, Action.READ_CODING, coding_resource(workspace, criterion.id))
    note_seen(workspace, actor, [coding, criterion])
    note_opening(workspace, actor, "coding.feedback", "coding", criterion.id)
    with workspace.reading() as connection:
        said = codings.contents(connection, [coding.id, criterion.id])
    return _compared(
        kept_scheme(workspace, coding.scheme_hash),
        said[coding.id],
        said[criterion.id],
        "You" if coding.rater_id in actor.raters else "Rater",
        "Criterion",
        against_criterion=True,
    )


def codes_to_find(workspace: Workspace, assignment: Assignment) -> int | None:
    """How many codes the criterion of a practice holds (a number, nothing of what they are); None when
    it is no practice or there is no criterion yet."""
    if assignment.purpose is not Purpose.PRACTICE:
        return None
    with workspace.reading() as connection:
        criterion = _criterion(connection, assignment.session_id, assignment.scheme_hash)
        if criterion is None:
            return None
        return sum(not e.unsure for e in codings.content(connection, criterion.id).codes)


def _criterion(connection: Connection, session_id: str, scheme_hash: str) -> Coding | None:
    finished = codings.codings(connection, None, session_ids=[session_id], finished_only=True)
    return next((c for c in finished if c.purpose is Purpose.CRITERION and c.scheme_hash == scheme_hash), None)


def side_by_side(
    workspace: Workspace, actor: Person, session_id: str, rater_ids: tuple[str, ...] | None = None
) -> Review:
    """Finished codings of one session that `actor` may read, one lane each; with two of them, what
    differs is marked. Where there is a recording, live codings that are not aligned with it are left out.
    Raises Refused."""
    demand(workspace, actor, Action.SEE_SESSION, session_resource(workspace, session_id))
    with workspace.reading() as connection:
        found = codings.codings(connection, actor, session_ids=[session_id], finished_only=True)
        if recordings.of_session(connection, session_id):
            found = on_the_recording(connection, found)
        if rater_ids is not None:
            found = [c for c in found if c.rater_id in rater_ids]
        names = {c.rater_id: people.get(connection, c.rater_id).display_name for c in found}
    note_seen(workspace, actor, found)
    with workspace.reading() as connection:
        said = codings.contents(connection, [c.id for c in found])
    if any(c.rater_id not in actor.raters for c in found):
        note_opening(workspace, actor, "coding.compare", "session", session_id)
    studied = [c for c in found if c.purpose is Purpose.STUDY]
    if len(studied) == 2 and studied[0].scheme_hash == studied[1].scheme_hash:
        first, second = studied
        return _compared(
            kept_scheme(workspace, first.scheme_hash),
            said[first.id],
            said[second.id],
            names[first.rater_id],
            names[second.rater_id],
            against_criterion=False,
        )
    lanes = tuple(_lane(_label(c, names[c.rater_id]), said[c.id]) for c in found)
    return Review(lanes, _counted(len(lanes)), 0, 0, 0)


def _lane(label: str, content: CodingContent) -> Lane:
    return Lane(label, tuple(Marked(e, None, e.comment) for e in content.codes), content.not_observable)


def _label(coding: Coding, name: str) -> str:
    return {Purpose.CRITERION: "Criterion", Purpose.PRACTICE: f"{name} (practice)"}.get(coding.purpose, name)


def _counted(n: int) -> str:
    if n == 0:
        return "No coding of this session is submitted yet, or none that you may see."
    return "One coding is submitted." if n == 1 else f"{n} codings are submitted."


def _compared(
    scheme: CodingScheme, a: CodingContent, b: CodingContent, name_a: str, name_b: str, *, against_criterion: bool
) -> Review:
    codes_a, codes_b = _seen_by_both(a, b)
    either_way: set[str] = set()
    sure = codes_b
    if against_criterion:
        sure = tuple(e for e in codes_b if not e.unsure)
        settled = match(codes_a, sure, scheme.tolerance_ms)
        open_ = [e for e in codes_a if e.id not in {x.id for x, _ in settled.matched}]
        defensible = match(open_, [e for e in codes_b if e.unsure], scheme.tolerance_ms)
        either_way = {x.id for x, _ in defensible.matched}
    counted = tuple(e for e in codes_a if e.id not in either_way)
    matching = match(counted, sure, scheme.tolerance_ms)
    labels = {c.id: c.label for c in scheme.codes}
    hit, missed, extra = ("hit", "missed", "extra") if against_criterion else (None, "differs", "differs")
    lane_a: list[Marked] = []
    lane_b: list[Marked] = []
    for x, y in matching.matched:
        lane_a.append(Marked(x, hit, f"Both coded {labels[x.code]}."))
        lane_b.append(Marked(y, hit, y.comment or f"Both coded {labels[y.code]}."))
    for x, y in matching.confusions:
        lane_a.append(Marked(x, extra, f"{name_b} coded {labels[y.code]} here."))
        lane_b.append(Marked(y, missed, _with(f"{name_a} coded {labels[x.code]} here.", y.comment)))
    for x in matching.only_a:
        lane_a.append(Marked(x, extra, f"{name_b} coded nothing here."))
    for y in matching.only_b:
        lane_b.append(Marked(y, missed, _with(f"{name_a} coded nothing here.", y.comment)))
    n_hit = matching.hits
    n_missed, n_extra = len(sure) - n_hit, len(counted) - n_hit
    for said, seen, lane in ((a, codes_a, lane_a), (b, codes_b, lane_b)):
        apart = {e.id for e in said.codes} - {e.id for e in seen}
        lane += [Marked(e, None, NOT_SEEN_BY_BOTH) for e in said.codes if e.id in apart]
    for x in codes_a:
        if x.id in either_way:
            lane_a.append(Marked(x, None, f"{labels[x.code]} is defensible here: neither hit nor extra."))
    if against_criterion:
        summary = f"{n_hit} hit, {n_missed} missed, {n_extra} extra"
    else:
        total = n_hit + len(matching.confusions) + len(matching.only_a) + len(matching.only_b)
        summary = f"{name_a} and {name_b} agree on {n_hit} of {total}" if total else "Neither coded anything"
    lanes = (Lane(name_a, _in_time(lane_a), a.not_observable), Lane(name_b, _in_time(lane_b), b.not_observable))
    return Review(lanes, summary, n_hit, n_missed, n_extra)


def _seen_by_both(a: CodingContent, b: CodingContent) -> tuple[tuple[Event, ...], tuple[Event, ...]]:
    """The codes of both that begin where neither said that nothing could be observed."""
    dark = [TimeSpan(e.start_ms, e.end_ms) for e in (*a.not_observable, *b.not_observable) if e.end_ms is not None]

    def lit(events: tuple[Event, ...]) -> tuple[Event, ...]:
        return tuple(e for e in events if not any(span.contains(e.start_ms) for span in dark))

    return lit(a.codes), lit(b.codes)


def _with(sentence: str, comment: str) -> str:
    return f"{sentence} {comment}".strip()


def _in_time(events: list[Marked]) -> tuple[Marked, ...]:
    return tuple(sorted(events, key=lambda m: (m.event.start_ms, m.event.id)))
