"""Who codes a session: assigning it, seeing how far they are, and giving a coding back."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import pages, times
from workbench.app.parts.says import done, said
from workbench.app.parts.texts import empty, plain, section
from workbench.model.access import Action
from workbench.model.assignment import Assignment, Purpose
from workbench.model.coding import CodingState
from workbench.model.people import Person, Role
from workbench.model.span import TimeSpan, clock
from workbench.workflows import assign, hand_back, keep_definition, manage_people, see_session
from workbench.workflows.refusal import Refused
from workbench.workflows.see_session import SessionSeen

_STATE = {
    None: "not begun",
    CodingState.DRAFT: "begun",
    CodingState.SUBMITTED: "handed in",
    CodingState.LOCKED: "handed in, and seen",
}


def show(seen: SessionSeen, person: Person) -> None:
    """Assignments with their state, and a form to add one."""
    workspace = current.workspace()
    names = see_session.people_by_id(workspace)
    titles = {s.hash: f"{s.title} {s.version}" for s in keep_definition.kept_schemes(workspace)}
    if not seen.assignments:
        empty("Nobody codes this session yet", "Assign it to two raters, so that their agreement can be seen.")
    for assignment in seen.assignments:
        rater = names.get(assignment.rater_id)
        _assignment(person, assignment, rater.display_name if rater else "a former colleague", titles)
    finished = [a for a in seen.assignments if a.coding_state in (CodingState.SUBMITTED, CodingState.LOCKED)]
    if finished and Action.OPEN_RECORDING in seen.may and st.button("See the codings side by side", key="side-by-side"):
        pages.go("code", session=seen.session.id)
    if seen.recordings:
        _assign(seen, person, titles)


def _assignment(person: Person, assignment: Assignment, rater: str, titles: dict[str, str]) -> None:
    with st.container(border=True, key=f"rater-{assignment.id}"):
        left, right = st.columns([5, 2], vertical_alignment="center")
        with left:
            st.markdown(f"**{plain(rater)}** · {assignment.purpose.value} · {_STATE[assignment.coding_state]}")
            windows = ", ".join(f"{clock(w.start_ms)}–{clock(w.end_ms)}" for w in assignment.windows)
            due = f" · due {times.day(assignment.due_at)}" if assignment.due_at else ""
            st.caption(plain(f"{titles.get(assignment.scheme_hash, '?')} · {windows}{due}"))
        give_back = (
            assignment.coding_state in (CodingState.SUBMITTED, CodingState.LOCKED)
            and person.has(Role.SUPERVISOR)
            and assignment.rater_id not in person.raters
        )
        with right.container(horizontal=True, horizontal_alignment="right"):
            if give_back and assignment.coding_id:
                with st.popover("Give back as a draft", key=f"give-back-{assignment.id}"):
                    reason = st.text_input("Why", key=f"why-{assignment.id}", help="The rater reads it.")
                    if st.button("Give back", key=f"reopen-{assignment.id}"):
                        with said():
                            hand_back.reopen(current.workspace(), person, assignment.coding_id, reason)
                            done(f"{rater} can go on with this coding.")


def _assign(seen: SessionSeen, person: Person, titles: dict[str, str]) -> None:
    section("Assign this session")
    workspace, recording = current.workspace(), seen.recordings[0]
    raters = {p.id: p.display_name for p in manage_people.raters(workspace)}
    if not titles:
        st.caption("There is no coding scheme in this workspace yet.")
        return
    with st.form("assign"):
        who = st.multiselect("Raters", list(raters), format_func=lambda i: raters[i])
        left, right = st.columns(2)
        scheme = left.selectbox("Scheme", list(titles), format_func=lambda h: titles[h])
        purpose = right.selectbox("Purpose", [Purpose.STUDY, Purpose.PRACTICE, Purpose.CRITERION])
        begin = left.text_input("Observed from", value="0:00", help="Minutes and seconds in the recording.")
        end = right.text_input("to", value=clock(recording.duration_ms))
        if st.form_submit_button("Assign", type="primary"):
            with said():
                if not who or scheme is None or purpose is None:
                    raise Refused("Choose at least one rater.")
                first, last = _ms(begin, recording.duration_ms), _ms(end, recording.duration_ms)
                if last <= first:
                    raise Refused(f"The observation window ends at {end}, before it begins at {begin}.")
                window, why = [TimeSpan(first, last)], Purpose(purpose)
                for rater_id in who:
                    assign.assign(workspace, person, seen.session.id, rater_id, scheme, window, purpose=why)
                done("Assigned.")


def _ms(text: str, longest_ms: int) -> int:
    """`4:00` or `1:02:03` as milliseconds, at most the recording's length. Raises Refused."""
    parts = text.strip().split(":")
    if not 1 <= len(parts) <= 3 or not all(p.isascii() and p.isdigit() for p in parts):
        raise Refused(f"{text!r} is no time in the recording. Write minutes and seconds, as in 4:00.")
    seconds = 0
    for part in parts:
        seconds = seconds * 60 + int(part)
    # The clock shows whole seconds: the end that it shows is the recording's end.
    return longest_ms if seconds == longest_ms // 1000 else seconds * 1000
