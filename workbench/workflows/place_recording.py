"""Several recordings of one session: which is the main one, what the others are, and where they begin.

The main recording's time is the session's time: codings and the transcript are on it. The others are placed
against it by hand or from what both microphones heard.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from workbench.model.access import Action
from workbench.model.consent import Scope
from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.model.session import Recording
from workbench.model.span import clock
from workbench.speech import decode
from workbench.speech.loudness import Decibels, LoudnessWriter, read_loudness
from workbench.speech.offset import Offset, Sureness, find_offset
from workbench.store import assignments, codings, recordings
from workbench.store.vault import MEDIUM
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.align import on_its_own_clock
from workbench.workflows.check_consent import lacking_consent
from workbench.workflows.intake import as_refusals, checked_label
from workbench.workflows.open_recording import LOUDNESS
from workbench.workflows.refusal import Refused, demand, session_resource

__all__ = ["Offset", "Sureness", "find", "make_main", "offset_sentence", "place"]

# Nobody begins a second recording a day before the session.
_FARTHEST_MS = 24 * 3600 * 1000


def place(
    workspace: Workspace,
    actor: Person | None,
    recording_id: str,
    *,
    offset_ms: int | None = None,
    label: str | None = None,
) -> Recording:
    """Say where a recording begins against the session's main one, what it is, or both. Raises Refused.

    A positive `offset_ms`: it began later than the main one. `actor` None: from the command line.
    """
    recording, main = _known(workspace, actor, recording_id)
    changed: dict[str, object] = {}
    if label is not None:
        changed["label"] = checked_label(label)
    if offset_ms is not None:
        if recording.id == main.id and offset_ms:
            raise Refused("This is the main recording: the others are placed against it.")
        if abs(offset_ms) > _FARTHEST_MS:
            raise Refused(f"An offset is at most a day; found {clock(abs(offset_ms))}.")
        changed["offset_ms"] = offset_ms
    if not changed:
        return recording
    detail = {"session": recording.session_id, **changed}
    before = {"offset_ms": recording.offset_ms} if offset_ms is not None else {}
    with workspace.changing(
        _id(actor), "recording.place", "recording", recording_id, {**detail, "before": before}
    ) as connection:
        recordings.place(connection, recording_id, **changed)
    with workspace.reading() as connection:
        placed = recordings.get(connection, recording_id)
    assert placed is not None
    return placed


def make_main(workspace: Workspace, actor: Person | None, recording_id: str) -> None:
    """Code this recording from now on: its time becomes the session's, and the others keep their place
    beside it. Raises Refused once the session is assigned, because windows and codings are on the old time.
    """
    recording, main = _known(workspace, actor, recording_id)
    if recording.id == main.id:
        return
    detail = {"session": recording.session_id, "before": main.id}
    with workspace.changing(_id(actor), "recording.main", "recording", recording_id, detail) as connection:
        _nothing_on_its_time(connection, recording.session_id)
        every = recordings.of_session(connection, recording.session_id)
        there = next(r for r in every if r.id == recording_id).offset_ms
        for other in every:
            recordings.place(connection, other.id, offset_ms=other.offset_ms - there)
        last = max(r.main_at or 0 for r in every)
        recordings.place(connection, recording_id, main_at=max(now_ms(), last + 1))


def find(workspace: Workspace, actor: Person | None, recording_id: str) -> Offset:
    """Where a recording begins against the main one, from the sound of both, and how sure that is. Nothing
    is changed. Needs consent to automatic processing. Raises Refused."""
    recording, main = _known(workspace, actor, recording_id)
    if recording.id == main.id:
        raise Refused("This is the main recording: the others are placed against it.")
    with workspace.reading() as connection:
        if lacking := lacking_consent(connection, recording.session_id, Scope.PROCESS):
            raise Refused(lacking, kind="forbidden")
    found = find_offset(_loudness(workspace, main), _loudness(workspace, recording))
    workspace.note(
        _id(actor),
        "recording.compare",
        "recording",
        recording_id,
        {"main": main.id, "offset_ms": found.offset_ms, "sureness": found.sureness.value},
    )
    return found


def offset_sentence(found: Offset) -> str:
    """What was found, in words: for a person who decides whether to trust it."""
    if found.sureness is Sureness.NOT_FOUND:
        return (
            "The two sounds have no stretch that is clearly the same: no offset was found. Are they of the same "
            "session? Set it by hand."
        )
    side = "after" if found.offset_ms >= 0 else "before"
    where = f"It begins {abs(found.offset_ms) / 1000:.2f} s {side} the main recording"
    shared = f"{clock(found.overlap_ms)} of both compared, likeness {found.likeness:.2f}"
    shift = f"the next best place is {found.runner_up:.0%} as good"
    sure = {Sureness.SURE: "Sure", Sureness.LIKELY: "Likely, but listen to it"}[found.sureness]
    drift = ""
    if found.drift_ms is not None and abs(found.drift_ms) >= 20:
        apart = "from the first half to the second they drift apart by"
        drift = f" The clocks of the two devices differ: {apart} {abs(found.drift_ms)} ms."
    return f"{where}. {sure}: {shared}; {shift}.{drift}"


def _known(workspace: Workspace, actor: Person | None, recording_id: str) -> tuple[Recording, Recording]:
    """The recording and the session's main one, when `actor` may arrange them."""
    with workspace.reading() as connection:
        recording = recordings.get(connection, recording_id)
        if recording is None:
            raise Refused("There is no such recording.", kind="missing")
        main = recordings.of_session(connection, recording.session_id)[0]
    if actor is not None:
        demand(workspace, actor, Action.ADD_RECORDING, session_resource(workspace, recording.session_id))
    return recording, main


def _nothing_on_its_time(connection: Connection, session_id: str) -> None:
    given = assignments.every(connection, session_id=session_id)
    begun = [codings.get(connection, a.coding_id) for a in given if a.coding_id]
    if any(not a.live for a in given) or any(c and not on_its_own_clock(connection, c) for c in begun):
        raise Refused(
            "This session is assigned: its observation windows and codings are on the time of the recording that "
            "is the main one now. Choose the main recording before assigning."
        )


def _loudness(workspace: Workspace, recording: Recording) -> Decibels:
    """How loud a recording is over time: kept at intake; of those that came in before, read now and kept."""
    vault = workspace.vault
    with as_refusals():
        if vault.has(recording.id, LOUDNESS):
            sealed = vault.open(recording.id, LOUDNESS)
            try:
                return read_loudness(sealed.pread(0, sealed.size))
            finally:
                sealed.close()
        course = LoudnessWriter()
        medium = vault.open(recording.id, MEDIUM)
        try:
            for block in decode.stream(cast(BinaryIO, medium)):
                course.add(block.mono)
        finally:
            medium.close()
        data = course.finish()
        vault.write(recording.id, LOUDNESS, data)
    return read_loudness(data)


def _id(actor: Person | None) -> str | None:
    return actor.id if actor else None
