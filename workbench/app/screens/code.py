"""The coding room: one's own coding to work on or to look at, or the codings of a session side by side."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages
from workbench.app.parts.room_payload import LaneEvent, LaneShown, lane_of, room_payload
from workbench.app.parts.says import done, said
from workbench.app.parts.texts import empty, heading
from workbench.app.player import coding_room
from workbench.model.coding import CodingState
from workbench.model.people import Person
from workbench.workflows import assign, code, keep_definition, open_recording, see_session
from workbench.workflows.refusal import Refused


def show() -> None:
    person = guard.admitted()
    query = st.query_params
    try:
        if "assignment" in query:
            _own(person, query["assignment"], _asked_time())
        elif "session" in query:
            _session(person, query["session"], _asked_time())
        else:
            heading("Coding room")
            empty("Nothing is opened", "Open a session from your home screen.")
            pages.link("home", "Home")
    except Refused as refused:
        heading("This cannot be opened", "", str(refused))
        pages.link("home", "Home")


def _asked_time() -> int | None:
    """The `t` of the address, in seconds, as milliseconds."""
    try:
        return max(0, round(float(st.query_params.get("t", "")) * 1000))
    except (ValueError, OverflowError):
        return None


def _own(person: Person, assignment_id: str, start_ms: int | None) -> None:
    workspace, csrf = current.workspace(), _csrf()
    room = code.open_coding(workspace, person, assignment_id)
    working = room.coding.state is CodingState.DRAFT
    payload = room_payload(
        session=room.session,
        recording=room.recording,
        transcript=open_recording.transcript_to_show(workspace, person, room.transcript),
        scheme=room.scheme,
        rater=person.display_name,
        csrf=csrf,
        coding=room.coding,
        lanes=None if working else _lanes_of_own(person, room.coding.id, room.session.id),
        start_ms=start_ms,
        teach=working and not _has_submitted(person),
    )
    _mount(payload, f"room-{room.coding.id}")
    if not working:
        _after_submission(person, room.coding.id, room.coding.state)


def _session(person: Person, session_id: str, start_ms: int | None) -> None:
    """The codings of a session that a person may see. Who still has to code it codes it first."""
    workspace, csrf = current.workspace(), _csrf()
    mine = [a for a in assign.assignments_of(workspace, person) if a.session_id == session_id]
    unfinished = [a for a in mine if a.coding_state in (None, CodingState.DRAFT)]
    if unfinished:
        _own(person, unfinished[0].id, start_ms)
        return
    seen = see_session.see_session(workspace, person, session_id)
    if not seen.recordings:
        raise Refused("This session has no recording here.", kind="missing")
    recording = open_recording.admit(workspace, person, seen.recordings[0].id, "open")
    codings = see_session.codings_to_see(workspace, person, session_id)
    schemes = keep_definition.kept_schemes(workspace)
    if not schemes:
        raise Refused("There is no coding scheme in this workspace yet.", kind="missing")
    scheme = keep_definition.scheme(workspace, codings[0].scheme_hash) if codings else schemes[0]
    coded_on = next((t for t in seen.transcripts if codings and t.id == codings[0].transcript_id), None)
    version = coded_on or seen.transcript_of(recording.id)
    payload = room_payload(
        session=seen.session,
        recording=recording,
        transcript=open_recording.transcript_to_show(workspace, person, version),
        scheme=scheme,
        rater=person.display_name,
        csrf=csrf,
        windows=codings[0].windows if codings else (),
        lanes=_side_by_side(person, session_id),
        start_ms=start_ms or 0,
    )
    _mount(payload, f"session-{session_id}")


def _mount(payload: dict[str, Any], key: str) -> None:
    # the room uses the whole window: no margins, no heading above it
    st.html("<style>[data-testid=stMainBlockContainer]{max-width:none;padding:3.7rem .75rem .5rem}</style>")
    coding_room(payload, key)


def _csrf() -> str:
    found = current.signed_in()
    return found.csrf if found else ""


def _has_submitted(person: Person) -> bool:
    states = (a.coding_state for a in assign.assignments_of(current.workspace(), person))
    return any(s in (CodingState.SUBMITTED, CodingState.LOCKED) for s in states)


def _lanes_of_own(person: Person, coding_id: str, session_id: str) -> list[LaneShown]:
    """Practice beside its criterion; else what others coded, as far as it may be seen; else the coding alone."""
    from workbench.workflows import review

    workspace = current.workspace()
    if (found := review.feedback(workspace, person, coding_id)) is not None:
        return _as_shown(found)
    lanes = _side_by_side(person, session_id)
    return lanes or [lane_of("You", code.read_content(workspace, person, coding_id).events)]


def _side_by_side(person: Person, session_id: str) -> list[LaneShown]:
    # imported here: statistics load with it, and nobody who only signs in should wait for them
    from workbench.workflows import review

    return _as_shown(review.side_by_side(current.workspace(), person, session_id))


def _as_shown(found: Any) -> list[LaneShown]:
    return [LaneShown(x.label, tuple(LaneEvent(m.event, m.mark, m.note) for m in x.events)) for x in found.lanes]


def _after_submission(person: Person, coding_id: str, state: CodingState) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="after-submission"):
        if st.button("Home", key="back-home"):
            pages.go("home")
        if state is CodingState.SUBMITTED and st.button("Make it a draft again", key="reopen"):
            with said():
                code.reopen(current.workspace(), person, coding_id)
                done("This is a draft again. Hand it in when you are done.")
        st.caption("This coding is handed in.")
