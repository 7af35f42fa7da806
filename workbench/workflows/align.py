"""A session coded while it happened, and the recording that came later: laying the one on the other.

The shift is written as an `align` operation by a rater of the coding or a supervisor. It is audited, moves the
observation window with the events, and can be undone.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.model.access import Action, Resource, authorize
from workbench.model.alignment import Standing, observed, standing
from workbench.model.assignment import Coding
from workbench.model.coding import CodingContent, CodingState, Operation, OperationKind, fold
from workbench.model.ids import new_id, now_ms
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording, Session
from workbench.model.span import clock
from workbench.store import assignments, codings, histories, people, recordings, sessions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.assign import transcript_to_code
from workbench.workflows.keep_definition import scheme as kept_scheme
from workbench.workflows.note_seen import admit_reader
from workbench.workflows.refusal import Refused, coding_resource, demand

_FARTHEST_MS = 12 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Alignment:
    """A live coding, by its own clock, beside its session's recording. `suggested_ms` is the shift that another
    coding of the session, aligned already, gives by the instants at which both clocks were started; None: none is.
    `may_hear`: whether the recording is open to who asks."""

    coding: Coding
    content: CodingContent
    session: Session
    scheme: CodingScheme
    rater: str
    recording: Recording | None
    standing: Standing
    may_align: bool
    why_not: str
    suggested_ms: int | None = None
    may_hear: bool = False


def see(workspace: Workspace, actor: Person, coding_id: str) -> Alignment:
    """A live coding, to align it. Raises Refused: to those who may not read it, and where it was not live."""
    admit_reader(workspace, actor, coding_id)
    resource = coding_resource(workspace, coding_id)
    verdict = authorize(actor, Action.ALIGN_CODING, resource)
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
        assert coding is not None
        if not coding.live:
            raise Refused("This coding was made on the recording: there is nothing to align.")
        media = recordings.of_session(connection, coding.session_id)
        stands = _standing(connection, coding_id)
        content = _by_the_clock(connection, coding_id, stands)
        session = sessions.get_session(connection, coding.session_id)
        rater = people.get(connection, coding.rater_id).display_name
        suggested = _suggested(connection, actor, coding, content)
        facts = sessions.facts(connection, coding.session_id)
    why_not = verdict.reason if not verdict else _why_not(content, media, stands)
    return Alignment(
        coding=coding,
        content=content,
        session=session,
        scheme=kept_scheme(workspace, coding.scheme_hash),
        rater=rater,
        recording=media[0] if media else None,
        standing=stands,
        may_align=not why_not,
        why_not=why_not,
        suggested_ms=suggested,
        may_hear=bool(media) and bool(authorize(actor, Action.OPEN_RECORDING, Resource(session=facts))),
    )


def align(workspace: Workspace, actor: Person | None, coding_id: str, shift_ms: int) -> None:
    """Say that what stands at 0:00 of the coding's clock stands at `shift_ms` of the recording.

    Replaces an alignment made before. Raises Refused.
    """
    if abs(shift_ms) > _FARTHEST_MS:
        raise Refused(f"A shift is at most {clock(_FARTHEST_MS)}.")
    coding = _admitted(workspace, actor, coding_id)
    detail: dict[str, object] = {"shift_ms": shift_ms}
    with workspace.changing(_id(actor), "coding.align", "coding", coding_id, detail) as connection:
        content, media, stands = _checked(connection, coding)
        detail["before"] = stands.shift_ms if stands.aligned else None
        window = observed(content.clock, shift_ms, media.duration_ms)
        if not window:
            raise Refused(
                f"With this shift nothing that was observed lies in the recording, which has "
                f"{clock(media.duration_ms)}."
            )
        made = Operation(new_id(), OperationKind.ALIGN, now_ms(), values={"shift_ms": shift_ms})
        codings.append(connection, coding, [*_undo(stands), made], by=_id(actor))
        assignments.set_windows(connection, coding.assignment_id, window)
        version_id = transcript_to_code(connection, coding.session_id, coding.scheme_hash, coding.purpose)
        if version_id is not None:
            assignments.freeze_transcript(connection, coding.assignment_id, version_id)


def undo_align(workspace: Workspace, actor: Person | None, coding_id: str) -> None:
    """Put a coding back on its own clock. Raises Refused."""
    coding = _admitted(workspace, actor, coding_id)
    with workspace.changing(_id(actor), "coding.align", "coding", coding_id, {"shift_ms": None}) as connection:
        content, _, stands = _checked(connection, coding)
        if not stands.aligned:
            raise Refused("This coding is on its own clock.")
        codings.append(connection, coding, list(_undo(stands)), by=_id(actor))
        settle_window(connection, coding, content, coding.state)


def on_its_own_clock(connection: Connection, coding: Coding) -> bool:
    """Whether a coding's times are those of a live clock, and of no recording."""
    return coding.live and not _standing(connection, coding.id).aligned


def on_clock(workspace: Workspace, some: Iterable[Coding]) -> frozenset[str]:
    """Those of these codings whose times are a live clock's, by id: they cannot stand beside a recording."""
    with workspace.reading() as connection:
        return frozenset(c.id for c in some if on_its_own_clock(connection, c))


def on_the_recording(connection: Connection, some: Iterable[Coding]) -> list[Coding]:
    """Those of these codings whose times are the recording's. Clocks that were started at different instants
    cannot be compared moment by moment, so live codings count only once they are aligned."""
    return [c for c in some if not on_its_own_clock(connection, c)]


def clock_missing(content: CodingContent) -> str:
    """What a live coding's clock lacks before it can be handed in; empty when nothing."""
    if content.clock is None:
        return "The clock was never started, so nobody knows what was observed."
    return "The clock still runs: stop it at the end of the session." if content.clock.stopped_ms is None else ""


def settle_window(connection: Connection, coding: Coding, content: CodingContent, state: CodingState) -> None:
    """The observation window of a live coding: what its clock ran for once it is handed in; open again when
    the coding is a draft again. One that is aligned keeps the window that it has in the recording."""
    if coding.live and not _standing(connection, coding.id).aligned:
        ran = content.clock if state is not CodingState.DRAFT else None
        assignments.set_windows(connection, coding.assignment_id, observed(ran))


def _by_the_clock(connection: Connection, coding_id: str, stands: Standing) -> CodingContent:
    """What a coding says by its own clock. What was coded on the recording since it was aligned is put back with it."""
    history = [op for _, op in codings.operations(connection, coding_id)]
    if not stands.settled:
        return fold(op for op in history if op.kind is not OperationKind.ALIGN)
    back = Operation(new_id(), OperationKind.ALIGN, now_ms(), values={"shift_ms": -stands.shift_ms})
    return fold([*history, back])


def _suggested(connection: Connection, actor: Person, coding: Coding, content: CodingContent) -> int | None:
    if content.clock is None:
        return None
    for peer in codings.codings(connection, actor, session_ids=[coding.session_id], finished_only=True):
        if peer.id == coding.id or not peer.live:
            continue
        stands, said = _standing(connection, peer.id), codings.content(connection, peer.id)
        if stands.aligned and said.clock is not None:
            return stands.shift_ms + content.clock.origin_at - said.clock.origin_at
    return None


def _admitted(workspace: Workspace, actor: Person | None, coding_id: str) -> Coding:
    resource: Resource = coding_resource(workspace, coding_id)
    if actor is not None:
        demand(workspace, actor, Action.ALIGN_CODING, resource)
    with workspace.reading() as connection:
        coding = codings.get(connection, coding_id)
    if coding is None:
        raise Refused("There is no such coding.", kind="missing")
    if not coding.live:
        raise Refused("This coding was made on the recording: there is nothing to align.")
    return coding


def _checked(connection: Connection, coding: Coding) -> tuple[CodingContent, Recording, Standing]:
    content = codings.content(connection, coding.id)
    media, stands = recordings.of_session(connection, coding.session_id), _standing(connection, coding.id)
    if why_not := _why_not(content, media, stands):
        raise Refused(why_not)
    return content, media[0], stands


def _why_not(content: CodingContent, media: list[Recording], stands: Standing) -> str:
    if not media:
        return "This session has no recording yet: there is nothing to align it with."
    if content.clock is None or content.clock.stopped_ms is None:
        return "The clock of this coding still runs, or was never started. It can be aligned once it has stopped."
    if stands.settled:
        return "Something was coded on the recording since it was aligned; another shift would move that too."
    return ""


def _undo(stands: Standing) -> tuple[Operation, ...]:
    if stands.operation is None:
        return ()
    return (Operation(new_id(), OperationKind.VOID, now_ms(), target=stands.operation),)


def _standing(connection: Connection, coding_id: str) -> Standing:
    aligns = histories.of_kinds(connection, coding_id, OperationKind.ALIGN)
    if not aligns:
        return Standing()
    return standing(op for _, op in codings.operations(connection, coding_id))


def _id(actor: Person | None) -> str | None:
    return actor.id if actor else None
