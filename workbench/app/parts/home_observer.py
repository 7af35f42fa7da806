"""Home for those who code: their assignments, the next one first, one button each."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from workbench.app.parts import pages, times
from workbench.app.parts.texts import count, empty, section, titled
from workbench.model.assignment import Assignment, Purpose
from workbench.model.coding import CodingState
from workbench.model.people import Person
from workbench.workflows import assign, code, keep_definition, review
from workbench.workflows.open_workspace import Workspace

_PURPOSE = {Purpose.PRACTICE: "Practice", Purpose.STUDY: "Study", Purpose.CRITERION: "Criterion"}
# Drafts first, then what is new, then what is handed in.
_ORDER = {CodingState.DRAFT: 0, None: 1, CodingState.SUBMITTED: 2, CodingState.LOCKED: 3}
_SHOWN = 12


def has_work(workspace: Workspace, person: Person) -> bool:
    """Whether anything is assigned to this person."""
    return bool(assign.assignments_of(workspace, person))


def show(workspace: Workspace, person: Person) -> None:
    """One card for each assignment."""
    found = sorted(assign.assignments_of(workspace, person), key=_by_urgency)
    to_do = [a for a in found if _ORDER[a.coding_state] < 2]
    section("Your sessions to code", _what_next(to_do))
    if not found:
        empty(
            "Nothing is assigned to you yet",
            "A supervisor assigns sessions. Meanwhile the coding schemes can be read under Schemes.",
        )
        return
    for assignment in found[:_SHOWN]:
        _card(workspace, person, assignment, first=bool(to_do) and assignment is to_do[0])
    if len(found) > _SHOWN:
        with st.expander(f"{count(len(found) - _SHOWN, 'more assignment')}"):
            for assignment in found[_SHOWN:]:
                _card(workspace, person, assignment, first=False)


def headline(assignment: Assignment, to_find: int | None) -> str:
    """`Practice: 4 minutes, 6 codes`, or without codes where nobody knows how many there are."""
    shown = f"{_PURPOSE[assignment.purpose]}: {times.length(assignment.window_ms)}"
    return shown if to_find is None else f"{shown}, {count(to_find, 'code')}"


def _what_next(to_do: list[Assignment]) -> str:
    if not to_do:
        return "Everything is handed in."
    begun = sum(a.coding_state is CodingState.DRAFT for a in to_do)
    return f"{len(to_do)} to do" + (f", {begun} of them begun." if begun else ".")


def _by_urgency(assignment: Assignment) -> tuple[int, bool, int, int]:
    practice = assignment.purpose is not Purpose.PRACTICE
    return _ORDER[assignment.coding_state], practice, assignment.due_at or 1 << 62, assignment.created_at


def _card(workspace: Workspace, person: Person, assignment: Assignment, *, first: bool) -> None:
    scheme = keep_definition.scheme(workspace, assignment.scheme_hash)
    with st.container(border=True, key=f"assignment-{assignment.id}"):
        left, right = st.columns([5, 2], vertical_alignment="center", gap="medium")
        with left:
            to_find = review.codes_to_find(workspace, assignment)
            titled(headline(assignment, to_find), _details(workspace, person, assignment, scheme.title))
        with right.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            label, badge, colour = _state(assignment)
            st.badge(badge, color=colour)
            if st.button(label, key=f"open-{assignment.id}", type="primary" if first else "secondary"):
                pages.go("code", assignment=assignment.id)


def _details(workspace: Workspace, person: Person, assignment: Assignment, scheme_title: str) -> str:
    parts = [assignment.session_title or assignment.session_code, scheme_title]
    if assignment.coding_id and assignment.coding_state is CodingState.DRAFT:
        begun = code.count_codes(workspace, person, assignment.coding_id)
        parts.append("consent to coding was withdrawn" if begun is None else f"{count(begun, 'event')} so far")
    if assignment.due_at:
        parts.append(f"due {times.day(assignment.due_at)}")
    return " · ".join(parts)


def _state(assignment: Assignment) -> tuple[str, str, Literal["blue", "orange", "green", "gray"]]:
    """Button, badge and its colour."""
    if assignment.coding_state is None:
        return "Start coding", "New", "blue"
    if assignment.coding_state is CodingState.DRAFT:
        return "Go on", "Begun", "orange"
    if assignment.coding_state is CodingState.SUBMITTED:
        return "Look at it", "Handed in", "green"
    return "Look at it", "Locked", "gray"
