"""Coding a session: opening the coding room, writing operations, submitting, reopening."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from workbench.model.access import Action, Resource, authorize
from workbench.model.assignment import Assignment, Coding
from workbench.model.bounds import Bounds, misfit
from workbench.model.coding import CodingContent, CodingState, Operation, OperationKind
from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.segments import segments_of
from workbench.model.session import Recording, Session, TranscriptVersion
from workbench.model.session_people import session_people
from workbench.model.span import TimeSpan
from workbench.store import assignments, audit, codings, heard, people, recordings, sessions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.align import on_its_own_clock, settle_window
from workbench.workflows.assign import transcript_to_code
from workbench.workflows.check_coding import complete, frame_of
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.note_seen import admit_reader, lock_if_compared
from workbench.workflows.read_operation import MalformedOperation, read_operation
from workbench.workflows.refusal import Refused, coding_resource, demand, denied

MAX_BATCH = 500
_MAX_WORK_MS = 10 * 60_000
ON_ITS_OWN_PAGE = "How this coding lies in the recording is changed where it was aligned, not by an undo."


@dataclass(frozen=True, slots=True)
class Room:
    """What the coding room shows besides the coding itself: the main recording, and the others of the session.

    A live coding that is not aligned yet has its own clock and no recording. `team`: the names of its
    rater's members, where several people code as one. `seq`: the coding's last operation, 0 before the first.
    """

    coding: Coding
    assignment: Assignment
    session: Session
    scheme: CodingScheme
    recording: Recording | None
    transcript: TranscriptVersion | None
    more: tuple[Recording, ...] = ()
    team: tuple[str, ...] = ()
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Written:
    """The server's answer to a batch: ids that are safe on disk, ids refused with a sentence each.

    sequence: the places of the acknowledged ones. before, seq: the coding's last operation before this
    batch and now; a page that does not know `before` has something to fetch.
    """

    acknowledged: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    sequence: tuple[int, ...]
    before: int
    seq: int
    state: CodingState


def open_coding(workspace: Workspace, actor: Person, assignment_id: str) -> Room:
    """The coding of an assignment, begun at the first opening. An assignment without a transcript gets
    its round's version (or the newest one) when it is opened, as long as nothing is coded without it; a
    live coding gets it when it is aligned.
    Only its rater, or a member of the team that it is, opens it for work. Raises Refused."""
    with workspace.reading() as connection:
        assignment = next(iter(assignments.every(connection, assignment_id=assignment_id)), None)
        facts = sessions.facts(connection, assignment.session_id) if assignment else None
    if assignment is None or assignment.rater_id not in actor.raters:
        sentence = "This assignment is not yours, or is gone."
        raise denied(workspace, actor, Action.WRITE_CODING, Resource(session=facts), sentence)
    demand(workspace, actor, Action.OPEN_RECORDING, Resource(session=facts))
    if assignment.coding_id is None:
        detail = {"assignment": assignment_id}
        with workspace.changing(actor.id, "coding.start", "session", assignment.session_id, detail) as connection:
            coding_id = codings.start(connection, assignment_id)
            if not assignment.live:
                _freeze_transcript(connection, assignment)
    else:
        coding_id = assignment.coding_id
        if assignment.transcript_id is None and _waits_for_transcript(workspace, assignment):
            detail = {"assignment": assignment_id, "coding": coding_id}
            with workspace.changing(
                actor.id, "coding.take_transcript", "session", assignment.session_id, detail
            ) as connection:
                _freeze_transcript(connection, assignment)
    return room(workspace, coding_id)


def _waits_for_transcript(workspace: Workspace, assignment: Assignment) -> bool:
    """Whether a coding that was opened without a transcript can still get one: it is a draft without a
    single operation, and there is a version by now."""
    assert assignment.coding_id is not None
    if assignment.live or assignment.coding_state is not CodingState.DRAFT:
        return False
    with workspace.reading() as connection:
        if codings.last_sequence(connection, assignment.coding_id):
            return False
        asked = assignment.session_id, assignment.scheme_hash, assignment.purpose
        return transcript_to_code(connection, *asked) is not None


def _freeze_transcript(connection: Connection, assignment: Assignment) -> None:
    asked = assignment.session_id, assignment.scheme_hash, assignment.purpose
    version_id = transcript_to_code(connection, *asked)
    if version_id:
        assignments.freeze_transcript(connection, assignment.id, version_id)


def room(workspace: Workspace, coding_id: str) -> Room:
    """What a coding is about. The caller has asked permission."""
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        if coding is None:
            raise Refused("There is no such coding.", kind="missing")
        on_clock = on_its_own_clock(connection, coding)
        media = [] if on_clock else recordings.of_session(connection, coding.session_id)
        if not media and not on_clock:
            raise Refused("The recording of this session is not here any more.", kind="missing")
        transcript = recordings.get_transcript(connection, coding.transcript_id) if coding.transcript_id else None
        assignment = assignments.every(connection, assignment_id=coding.assignment_id)[0]
        session = sessions.get_session(connection, coding.session_id)
        members = [people.get(connection, i) for i in people.get(connection, coding.rater_id).members]
        seq = codings.last_sequence(connection, coding_id)
    scheme, team = kept_scheme(workspace, coding.scheme_hash), tuple(sorted(m.display_name for m in members))
    main, more = (media[0], tuple(media[1:])) if media else (None, ())
    return Room(coding, assignment, session, scheme, main, transcript if main else None, more, team, seq)


def write_operations(
    workspace: Workspace, actor: Person, coding_id: str, batch: Sequence[Mapping[str, Any]]
) -> Future[Written]:
    """Append operations to a coding; the future is done once they are safe on disk.

    Operations that do not fit the scheme or the observation window are refused one by one, with a
    sentence; the others of the batch are kept. Raises Refused when nothing may be written.
    """
    if len(batch) > MAX_BATCH:
        raise Refused(f"At most {MAX_BATCH} operations go in one batch; found {len(batch)}.")
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        facts, bounds = Resource(), None
        if coding is not None:
            facts = Resource(sessions.facts(connection, coding.session_id), codings.facts_about(connection, coding))
            bounds = _bounds(workspace, connection, coding)
    demand(workspace, actor, Action.WRITE_CODING, facts)
    assert bounds is not None
    accepted: list[Operation] = []
    refused: list[tuple[str, str]] = []
    for raw in batch:
        try:
            accepted.append(read_operation(raw, bounds))
        except MalformedOperation as error:
            refused.append((error.operation_id, str(error)))

    def work(connection: Connection) -> Written:
        standing = codings.get(connection, coding_id)
        if standing is None or standing.state is not CodingState.DRAFT:
            raise Refused("This coding was submitted meanwhile. A supervisor can reopen it.", kind="forbidden")
        before = codings.last_sequence(connection, coding_id)
        moving = codings.undoing_alignments(connection, coding_id, accepted) if standing.live else set()
        fitting = [o for o in accepted if o.id not in moving]
        new, unfit = codings.keep(connection, standing, fitting, partial(misfit, bounds=bounds), by=actor.id)
        unfit |= dict.fromkeys(moving, ON_ITS_OWN_PAGE)
        if new:
            audit.append(connection, actor.id, "coding.write", "coding", coding_id, {"operations": len(new)})
        kept = tuple(o.id for o in accepted if o.id not in unfit)
        places = codings.sequences(connection, kept)
        return Written(
            kept,
            (*refused, *unfit.items()),
            tuple(places[ident] for ident in kept),
            before,
            max([before, *places.values()]),
            standing.state,
        )

    return workspace.writer.submit(work)


def bounds_of(workspace: Workspace, coding: Coding) -> Bounds:
    """What the operations of a coding are held against."""
    with workspace.reading() as connection:
        return _bounds(workspace, connection, coding)


def _bounds(workspace: Workspace, connection: Connection, coding: Coding) -> Bounds:
    scheme = kept_scheme(workspace, coding.scheme_hash, connection)
    session = sessions.get_session(connection, coding.session_id)
    transcript = recordings.get_transcript(connection, coding.transcript_id) if coding.transcript_id else None
    on_clock = on_its_own_clock(connection, coding)
    return Bounds(
        scheme=scheme,
        windows=coding.windows,
        people=session_people(session),
        segments=len(segments_of(scheme, coding.windows)),
        n_utterances=transcript.n_utterances if transcript else 0,
        n_words=transcript.n_words if transcript else 0,
        on_clock=on_clock,
    )


def read_operations(
    workspace: Workspace, actor: Person, coding_id: str, after: int = 0
) -> tuple[list[tuple[int, Operation]], CodingState]:
    """Operations of a coding with their sequence numbers, from behind `after`. Running notes are the rater's
    own: nobody else gets them. Raises Refused."""
    admit_reader(workspace, actor, coding_id)
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        assert coding is not None
        found = codings.operations(connection, coding_id, after)
    if coding.rater_id not in actor.raters:
        found = [(seq, op) for seq, op in found if op.kind is not OperationKind.NOTE]
    return found, coding.state


def read_content(workspace: Workspace, actor: Person, coding_id: str) -> CodingContent:
    """What a coding says now, without its running notes for who did not take them. Raises Refused."""
    coding = admit_reader(workspace, actor, coding_id)
    with workspace.reading() as connection:
        content = codings.content(connection, coding_id)
    return content if coding.rater_id in actor.raters else replace(content, notes=())


def count_codes(workspace: Workspace, actor: Person, coding_id: str) -> int | None:
    """How many codes a coding holds; None where `actor` may not read it, which is asked without a denial."""
    if not authorize(actor, Action.READ_CODING, coding_resource(workspace, coding_id)):
        return None
    with workspace.reading() as connection:
        return len(codings.content(connection, coding_id).codes)


def submit(workspace: Workspace, actor: Person, coding_id: str) -> None:
    """Hand a coding in. Raises Refused; `Incomplete`, with the checklist, when something is missing."""
    demand(workspace, actor, Action.SUBMIT_CODING, coding_resource(workspace, coding_id))
    frame = frame_of(workspace, actor, coding_id)
    with workspace.reading() as connection:
        seq, found = codings.last_sequence(connection, coding_id), complete(connection, coding_id, frame)
    detail: dict[str, object] = {}
    with workspace.changing(actor.id, "coding.submit", "coding", coding_id, detail) as connection:
        # others wait while this connection writes: all of it is read again only if something came since
        if codings.last_sequence(connection, coding_id) != seq:
            found = complete(connection, coding_id, frame)
        detail |= {"events": len(found.content.codes), "ratings": len(found.content.ratings)}
        standing = codings.get(connection, coding_id)
        if standing is None or standing.state is not CodingState.DRAFT:
            raise Refused("This coding is submitted already.")
        codings.submit(connection, coding_id, now_ms())
        lock_if_compared(connection, actor, standing)
        settle_window(connection, found.coding, found.content, CodingState.SUBMITTED)


def set_position(
    workspace: Workspace,
    actor: Person,
    coding_id: str,
    position_ms: int,
    more_time_ms: int,
    listened: Sequence[TimeSpan] = (),
) -> None:
    """Keep where the rater is in the recording and what they `listened` to, and add working time (at most ten
    minutes at once)."""
    resource = coding_resource(workspace, coding_id)
    if resource.coding is None or resource.coding.rater_id not in actor.raters:
        raise denied(workspace, actor, Action.WRITE_CODING, resource, "This coding is not yours.")
    if not authorize(actor, Action.WRITE_CODING, resource):
        return
    more = max(0, min(more_time_ms, _MAX_WORK_MS))

    def keep(connection: Connection) -> None:
        codings.set_position(connection, coding_id, max(0, position_ms), more)
        if listened:
            heard.add(connection, actor.id, coding_id, listened)

    workspace.housekeeping(keep)


def heard_before(workspace: Workspace, actor: Person, coding_id: str) -> tuple[TimeSpan, ...]:
    """What `actor` has listened to of the session of a coding, on whichever computer."""
    with workspace.reading() as connection:
        return heard.get(connection, actor.id, coding_id)
