"""The coding room: one's own coding to work on or to look at, or the codings of a session side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from workbench.app import current
from workbench.app.parts import certification, guard, pages, side_by_side
from workbench.app.parts.mount_room import csrf, mount
from workbench.app.parts.room_payload import LaneShown, asked_on, lane_of, room_payload
from workbench.app.parts.ruling_payload import rulings_payload
from workbench.app.parts.standing import standing_words
from workbench.app.parts.texts import empty, heading, plain, titled
from workbench.app.parts.window_bar import said_of_windows
from workbench.model.assignment import Assignment, Coding, Purpose
from workbench.model.coding import CodingState
from workbench.model.people import Person
from workbench.model.scheme import CodingPass
from workbench.workflows import align, assign, code, hand_back, open_recording, prefer, see_session
from workbench.workflows.code import Room
from workbench.workflows.hand_back import Standing
from workbench.workflows.refusal import Refused

if TYPE_CHECKING:
    from workbench.workflows.review import Review


def show() -> None:
    person = guard.admitted()
    query = st.query_params
    try:
        if "assignment" in query:
            _own(person, query["assignment"], _asked_time())
        elif "session" in query:
            _session(person, query["session"], _asked_time(), query.get("coding"))
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
    workspace = current.workspace()
    room = code.open_coding(workspace, person, assignment_id)
    working = room.coding.state is CodingState.DRAFT
    standing = hand_back.standing(workspace, person, room.coding)
    lanes, about = (None, "") if working else _lanes_of_own(person, room, standing)
    if not working:
        # asked again: to draw the lanes may have locked it
        room = code.room(workspace, room.coding.id)
        standing = hand_back.standing(workspace, person, room.coding)
    payload = room_payload(
        session=room.session,
        recording=room.recording,
        transcript=open_recording.transcript_to_show(workspace, person, room.transcript),
        scheme=room.scheme,
        rater=person.display_name,
        csrf=csrf(),
        coding=room.coding,
        lanes=lanes,
        start_ms=start_ms,
        teach=working and not _has_submitted(person),
        more=room.more,
        preferences=prefer.preferred(workspace, person),
        standing=standing_words(standing),
        may_take_back=standing.may_take_back,
        team=room.team,
        seq=room.seq,
        heard=code.heard_before(workspace, person, room.coding.id) if _listens(room, working) else (),
        rulings=rulings_payload(workspace, person, room.scheme, room.session, room.recording),
    )
    if working and (words := standing_words(standing)):
        st.caption(plain(words))
    mount(payload, f"room-{room.coding.id}")
    if about:
        st.caption(plain(about))
    if not working:
        _after_submission(person, room, standing)
        if room.coding.purpose is Purpose.PRACTICE:
            certification.show(person, room.coding.id, room.scheme)
    elif room.recording is None and room.coding.live:
        _recorded_meanwhile(person, room)


def _session(person: Person, session_id: str, start_ms: int | None, coding_id: str | None = None) -> None:
    """The codings of a session that a person may see, or one of them. Who still has to code it codes it first."""
    workspace = current.workspace()
    mine = [a for a in assign.assignments_of(workspace, person) if a.session_id == session_id]
    unfinished = [a for a in mine if a.coding_state in (None, CodingState.DRAFT)]
    if len(unfinished) == 1:
        _own(person, unfinished[0].id, start_ms)
        return
    if unfinished:
        _choose(unfinished, start_ms)
        return
    if coding_id is not None:
        _one(person, session_id, coding_id, start_ms)
        return
    side_by_side.show(person, session_id, start_ms)


def _one(person: Person, session_id: str, coding_id: str, start_ms: int | None) -> None:
    """One rater's finished coding with what they asked: practice beside its criterion, another one alone."""
    workspace = current.workspace()
    room = code.room(workspace, coding_id)
    if room.session.id != session_id:
        raise Refused("There is no such coding of this session.", kind="missing")
    if room.coding.rater_id in person.raters:
        _own(person, room.coding.assignment_id, start_ms)
        return
    content = code.read_content(workspace, person, coding_id)
    if room.recording is not None:
        open_recording.admit(workspace, person, room.recording.id, "open")
    rater = see_session.people_by_id(workspace).get(room.coding.rater_id)
    practised = _beside_criterion(person, room)
    name = rater.display_name if rater else "Rater"
    alone = lane_of(name, content, room.scheme, room.coding.windows)
    lanes = side_by_side.as_shown(practised, room.scheme) if practised else [alone]
    payload = room_payload(
        session=room.session,
        recording=room.recording,
        transcript=open_recording.transcript_to_show(workspace, person, room.transcript),
        scheme=room.scheme,
        rater=person.display_name,
        csrf=csrf(),
        windows=room.coding.windows,
        lanes=[asked_on(lane) for lane in lanes],
        start_ms=start_ms or 0,
        more=room.more,
        preferences=prefer.preferred(workspace, person),
        team=room.team,
        rulings=rulings_payload(workspace, person, room.scheme, room.session, room.recording),
    )
    mount(payload, f"coding-{coding_id}")
    if practised and practised.about:
        st.caption(plain(practised.about))
    if room.coding.purpose is Purpose.PRACTICE:
        certification.show(person, coding_id, room.scheme)


def _choose(unfinished: list[Assignment], start_ms: int | None) -> None:
    """Several codings of one session are this person's to do: which one?"""
    titles = side_by_side.scheme_titles()
    heading(
        unfinished[0].session_title or unfinished[0].session_code,
        "Which coding of this session?",
        f"{len(unfinished)} of them are yours to do.",
    )
    at = {} if start_ms is None else {"t": f"{start_ms / 1000:g}"}
    for assignment in unfinished:
        with st.container(border=True, key=f"choose-{assignment.id}"):
            left, right = st.columns([5, 2], vertical_alignment="center")
            with left:
                what = said_of_windows(assignment)
                titled(titles.get(assignment.scheme_hash, "?"), f"{assignment.purpose.value} · {what}")
            with right.container(horizontal=True, horizontal_alignment="right"):
                label = "Start coding" if assignment.coding_state is None else "Go on"
                if st.button(label, key=f"open-{assignment.id}"):
                    pages.go("code", assignment=assignment.id, **at)


def _listens(room: Room, working: bool) -> bool:
    return working and CodingPass.LISTEN in room.scheme.passes


def _has_submitted(person: Person) -> bool:
    states = (a.coding_state for a in assign.assignments_of(current.workspace(), person))
    return any(s in (CodingState.SUBMITTED, CodingState.LOCKED) for s in states)


def _lanes_of_own(person: Person, room: Room, standing: Standing) -> tuple[list[LaneShown], str]:
    """Practice beside its criterion, and which that is where there are several; the coding alone as long as it can be
    taken back and its rater did not ask for more; else with what others coded, as far as it may be seen."""

    workspace, coding = current.workspace(), room.coding
    alone = [lane_of("You", code.read_content(workspace, person, coding.id), room.scheme, coding.windows)]
    if room.recording is None:
        return alone, ""  # its times are those of its own clock
    if (practised := _beside_criterion(person, room)) is not None:
        return side_by_side.as_shown(practised, room.scheme), practised.about
    if standing.may_take_back and not st.session_state.get(_compared(coding)):
        return alone, ""
    beside = side_by_side.found_beside(person, room.session.id, scheme_hash=coding.scheme_hash)
    return side_by_side.as_shown(beside, room.scheme) or alone, ""


def _beside_criterion(person: Person, room: Room) -> Review | None:
    from workbench.workflows import review

    return review.feedback(current.workspace(), person, room.coding.id) if room.recording else None


def _compared(coding: Coding) -> str:
    return f"compared-{coding.id}-{coding.submitted_at}"


def _recorded_meanwhile(person: Person, room: Room) -> None:
    """The recording of a live coding is here: the way to lay the one on the other."""
    if align.see(current.workspace(), person, room.coding.id).may_align:
        with st.container(horizontal=True, vertical_alignment="center", key="recorded-meanwhile"):
            st.caption("The recording of this session is here now.")
            pages.link("align", "Align this coding with it", coding=room.coding.id)


def _after_submission(person: Person, room: Room, standing: Standing) -> None:
    workspace, coding = current.workspace(), room.coding
    with st.container(horizontal=True, vertical_alignment="center", key="after-submission"):
        if st.button("Home", key="back-home"):
            pages.go("home")
        if standing.may_take_back:
            others = see_session.codings_to_see(workspace, person, coding.session_id)
            if any(c.rater_id not in person.raters for c in others) and st.button(
                "See others' codings", key="compare", help="After that only a supervisor can reopen yours."
            ):
                st.session_state[_compared(coding)] = True
                st.rerun()
        if coding.live and align.see(workspace, person, coding.id).recording is not None:
            label = "Align with the recording" if room.recording is None else "Change the alignment"
            if st.button(label, key="align"):
                pages.go("align", coding=coding.id)
        st.caption(plain(standing_words(standing)))
