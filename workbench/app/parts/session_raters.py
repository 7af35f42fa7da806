"""Who codes a session: assigning it, seeing how far they are, and giving a coding back."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import pages, times
from workbench.app.parts.assign_form import assign_form
from workbench.app.parts.says import done, said
from workbench.app.parts.standing import STATE_WORDS
from workbench.app.parts.texts import empty, plain
from workbench.app.parts.window_bar import rule_said, said_of_windows
from workbench.model.access import Action
from workbench.model.assignment import Assignment
from workbench.model.coding import CodingState
from workbench.model.pace import progress
from workbench.model.people import Person, Role
from workbench.model.span import clock
from workbench.model.titles import with_version
from workbench.workflows import hand_back, keep_definition, see_session
from workbench.workflows.see_session import SessionSeen


def show(seen: SessionSeen, person: Person) -> None:
    """Assignments with their state, and a form to add one."""
    workspace = current.workspace()
    names = see_session.people_by_id(workspace)
    titles = {s.hash: with_version(s) for s in keep_definition.kept_schemes(workspace)}
    if not seen.assignments:
        empty("Nobody codes this session yet", "Assign it to two raters, so that their agreement can be seen.")
    readable: set[str] = set()
    if Action.OPEN_RECORDING in seen.may:
        readable = {c.id for c in see_session.codings_to_see(workspace, person, seen.session.id)}
    for assignment in seen.assignments:
        rater = names.get(assignment.rater_id)
        name = rater.display_name if rater else "a former colleague"
        look = assignment.coding_id in readable
        _assignment(person, assignment, name, titles, recorded=bool(seen.recordings), look=look)
    finished = [a for a in seen.assignments if a.coding_state in (CodingState.SUBMITTED, CodingState.LOCKED)]
    if finished and Action.OPEN_RECORDING in seen.may and st.button("See the codings side by side", key="side-by-side"):
        pages.go("code", session=seen.session.id)
    if Action.ASSIGN in seen.may:
        assign_form(seen, person, titles)


def _details(assignment: Assignment, titles: dict[str, str]) -> list[str]:
    """Scheme, window, how far it is, what it took and when it is due: nothing of what was coded."""
    parts = [titles.get(assignment.scheme_hash, "?"), said_of_windows(assignment)]
    if how := rule_said(assignment):
        parts.append(how)
    if assignment.coding_state is CodingState.DRAFT and not assignment.window_open:
        parts.append(f"stopped at {clock(assignment.position_ms)} ({progress(assignment):.0%})")
    if assignment.time_spent_ms >= 60_000:
        parts.append(f"{times.length(assignment.time_spent_ms)} of work")
    if assignment.due_at:
        late = assignment.due_at < times.now() and assignment.coding_state in (None, CodingState.DRAFT)
        parts.append(f"due {times.day(assignment.due_at)}{', overdue' if late else ''}")
    return parts


def _assignment(
    person: Person, assignment: Assignment, rater: str, titles: dict[str, str], *, recorded: bool, look: bool
) -> None:
    with st.container(border=True, key=f"rater-{assignment.id}"):
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            st.markdown(
                f"**{plain(rater)}** · {assignment.purpose.value} · {STATE_WORDS[assignment.coding_state].lower()}"
            )
            st.caption(plain(" · ".join(_details(assignment, titles))))
        finished = assignment.coding_state in (CodingState.SUBMITTED, CodingState.LOCKED)
        live_done = assignment.live and finished and recorded and person.has(Role.SUPERVISOR)
        give_back = finished and person.has(Role.SUPERVISOR) and assignment.rater_id not in person.raters
        with right.container(horizontal=True, horizontal_alignment="right"):
            if assignment.rater_id in person.raters and not finished:
                begin = "Go on" if assignment.coding_state else "Open the clock" if assignment.live else "Start coding"
                if st.button(begin, key=f"code-{assignment.id}", type="primary"):
                    pages.go("code", assignment=assignment.id)
            if look and st.button("Look at it", key=f"look-{assignment.id}"):
                pages.go("code", session=assignment.session_id, coding=assignment.coding_id or "")
            if live_done and st.button("Align", key=f"align-{assignment.id}", help="Lay it on the recording."):
                pages.go("align", coding=assignment.coding_id or "")
            if give_back and assignment.coding_id:
                with st.popover("Give back as a draft", key=f"give-back-{assignment.id}"):
                    reason = st.text_input("Why", key=f"why-{assignment.id}", help="The rater reads it.")
                    if st.button("Give back", key=f"reopen-{assignment.id}"):
                        with said():
                            hand_back.reopen(current.workspace(), person, assignment.coding_id, reason)
                            done(f"{rater} can go on with this coding.")
