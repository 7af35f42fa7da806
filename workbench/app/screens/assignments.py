"""Who codes what, how far everybody is, and what is due."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages, times
from workbench.app.parts.standing import STATE_WORDS
from workbench.app.parts.texts import count, empty, heading
from workbench.app.parts.window_bar import rule_said, said_of_windows
from workbench.model.coding import CodingState
from workbench.model.pace import progress
from workbench.model.people import Role
from workbench.model.titles import with_version
from workbench.workflows import keep_definition, see_assignments
from workbench.workflows.see_assignments import AssignmentSeen

_OVERDUE, _EVERYBODY = "Overdue", "Everybody"


def show() -> None:
    person = guard.admitted(Role.SUPERVISOR, Role.RESEARCHER)
    workspace = current.workspace()
    every = see_assignments.every_assignment(workspace, person)
    late = sum(a.overdue for a in every)
    to_do = sum(a.assignment.coding_state in (None, CodingState.DRAFT) for a in every)
    answer = f"{count(len(every), 'assignment')}, {to_do} to do{f', {late} overdue' if late else ''}."
    heading("Assignments", "Who codes what, and how far are they?", answer if every else "")
    if not every:
        empty("Nobody codes anything yet", "Open a session and assign it under Raters, to one person or to several.")
        pages.link("sessions", "Sessions")
        return
    shown = _narrowed(every)
    titles = {s.hash: with_version(s) for s in keep_definition.kept_schemes(workspace)}
    picked = st.dataframe(
        [_row(a, titles) for a in shown],
        hide_index=True,
        key="assignments",
        on_select="rerun",
        selection_mode="single-cell",
        height=640 if len(shown) > 17 else "content",
        column_config={
            "Progress": st.column_config.ProgressColumn("Progress", format="percent", min_value=0, max_value=1),
            "Work": st.column_config.TextColumn(help="Working time of its rater."),
        },
    )
    st.caption("Click a row to open the session.")
    if cells := picked["selection"]["cells"]:
        pages.go("session", session=shown[cells[0][0]].assignment.session_id)


def _narrowed(every: Sequence[AssignmentSeen]) -> list[AssignmentSeen]:
    """What is left after the choices above the table."""
    studies, raters = sorted({a.study for a in every}), sorted({a.rater for a in every})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        states = [*dict.fromkeys(STATE_WORDS.values()), *([_OVERDUE] if any(a.overdue for a in every) else [])]
        state = st.segmented_control("State", states, key="state", label_visibility="collapsed")
        rater = st.selectbox(
            "Rater",
            [_EVERYBODY, *raters],
            key="rater",
            width=220,
            label_visibility="collapsed",
        )
        study = (
            st.selectbox("Study", ["All studies", *studies], key="study", width=220, label_visibility="collapsed")
            if len(studies) > 1
            else None
        )
    return [
        a
        for a in every
        if (state is None or STATE_WORDS[a.assignment.coding_state] == state or (state == _OVERDUE and a.overdue))
        and rater in (_EVERYBODY, a.rater)
        and (study not in studies or a.study == study)
    ]


def _row(seen: AssignmentSeen, titles: dict[str, str]) -> dict[str, object]:
    given = seen.assignment
    due = times.day(given.due_at)
    return {
        "Session": given.session_title or given.session_code,
        "Rater": seen.rater,
        "State": STATE_WORDS[given.coding_state],
        "Progress": progress(given),
        "Work": times.length(given.time_spent_ms) if given.time_spent_ms else "",
        "Due": f"{due}, overdue" if seen.overdue else due,
        "Scheme": titles.get(given.scheme_hash, "?"),
        "Purpose": given.purpose.value,
        "Observed": said_of_windows(given),
        "Chosen as": rule_said(given),
    }
