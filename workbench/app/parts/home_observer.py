"""Home for those who code: their assignments, the next one first, one button each, and what it will take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import streamlit as st

from workbench.app.parts import pages, times
from workbench.app.parts.texts import count, empty, plain, section, titled
from workbench.app.parts.window_bar import said_of_windows, slim_bar
from workbench.model.assignment import Assignment, Purpose
from workbench.model.coding import CodingState
from workbench.model.pace import covered_ms, left_ms, pace, pace_so_far
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.span import clock
from workbench.workflows import assign, code, keep_definition, see_session
from workbench.workflows.find_criterion import codes_to_find
from workbench.workflows.open_workspace import Workspace

_PURPOSE = {Purpose.PRACTICE: "Practice", Purpose.STUDY: "Study", Purpose.CRITERION: "Criterion"}
# Drafts first, then what is new, then what is handed in.
_ORDER = {CodingState.DRAFT: 0, None: 1, CodingState.SUBMITTED: 2, CodingState.LOCKED: 3}
_SHOWN = 12
_HALF_MINUTE = 30_000


def has_work(workspace: Workspace, person: Person) -> bool:
    """Whether anything is assigned to this person."""
    return bool(assign.assignments_of(workspace, person))


def show(workspace: Workspace, person: Person) -> None:
    """One card for each assignment."""
    found = sorted(assign.assignments_of(workspace, person), key=_by_urgency)
    to_do = [a for a in found if _ORDER[a.coding_state] < 2]
    section("Your sessions to code", _what_next(found, to_do))
    if not found:
        empty(
            "Nothing is assigned to you yet",
            "A supervisor assigns sessions. Meanwhile the coding schemes can be read under Schemes.",
        )
        return
    for assignment in found[:_SHOWN]:
        _card(workspace, person, assignment, found, first=bool(to_do) and assignment is to_do[0])
    if len(found) > _SHOWN:
        with st.expander(f"{count(len(found) - _SHOWN, 'more assignment')}"):
            for assignment in found[_SHOWN:]:
                _card(workspace, person, assignment, found, first=False)


def headline(assignment: Assignment, to_find: int | None) -> str:
    """`Practice: 4 minutes, 6 codes`, or without codes where nobody knows how many there are."""
    length = "live" if assignment.window_open else times.length(assignment.window_ms)
    shown = f"{_PURPOSE[assignment.purpose]}: {length}"
    return shown if to_find is None else f"{shown}, {count(to_find, 'code')}"


def work_said(assignment: Assignment, mine: Sequence[Assignment]) -> str:
    """Where the rater stopped, what that took, and what is left at their own pace; empty where nothing is known."""
    if assignment.coding_state in (CodingState.SUBMITTED, CodingState.LOCKED):
        spent = assignment.time_spent_ms
        return f"took you {times.length(spent)}" if spent > _HALF_MINUTE else ""
    parts = []
    if assignment.coding_state is CodingState.DRAFT and not assignment.window_open:
        covered = covered_ms(assignment.windows, assignment.position_ms)
        parts.append(f"stopped at {clock(assignment.position_ms)}, {_share(covered, assignment.window_ms)} done")
    if assignment.time_spent_ms > _HALF_MINUTE:
        so_far = pace_so_far(assignment)
        times_said = f", {so_far:.1f} × the recording so far" if so_far else ""
        parts.append(f"{times.length(assignment.time_spent_ms)} of work{times_said}")
    usual = pace(mine, assignment.scheme_hash)
    left = left_ms(assignment, usual)
    if left is not None and left > _HALF_MINUTE:
        by = "at this pace"
        if not pace_so_far(assignment) and usual:
            by = f"at your {usual.times:.1f} × the recording, from {count(usual.codings, 'coding')}"
        parts.append(f"about {times.length(left)} {'left' if assignment.time_spent_ms else 'of work'}, {by}")
    return "; ".join(parts)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.0%}" if whole else "0%"


def _what_next(found: Sequence[Assignment], to_do: list[Assignment]) -> str:
    if not to_do:
        return "Everything is handed in." if found else ""
    begun = sum(a.coding_state is CodingState.DRAFT for a in to_do)
    said = f"{len(to_do)} to do" + (f", {begun} of them begun." if begun else ".")
    lefts = [left_ms(a, pace(found, a.scheme_hash)) for a in to_do if not a.live]
    known = [ms for ms in lefts if ms is not None]
    if len(to_do) > 1 and known and len(known) == len(lefts):
        said += f" About {times.length(sum(known))} of work in all, at your own pace."
    return said


def _by_urgency(assignment: Assignment) -> tuple[int, bool, int, int]:
    practice = assignment.purpose is not Purpose.PRACTICE
    return _ORDER[assignment.coding_state], practice, assignment.due_at or 1 << 62, assignment.created_at


def _card(
    workspace: Workspace, person: Person, assignment: Assignment, mine: Sequence[Assignment], *, first: bool
) -> None:
    scheme = keep_definition.scheme(workspace, assignment.scheme_hash)
    with st.container(border=True, key=f"assignment-{assignment.id}", gap="xsmall"):
        left, right = st.columns([5, 2], vertical_alignment="center", gap="medium")
        with left:
            to_find = codes_to_find(workspace, assignment)
            titled(headline(assignment, to_find), _details(workspace, person, assignment, scheme.title))
            if assignment.coding_state is CodingState.DRAFT and not assignment.live:
                slim_bar(assignment)
            if said := work_said(assignment, mine):
                st.caption(plain(said[:1].upper() + said[1:] + "."))
            if assignment.reopened_at is not None and assignment.coding_state is CodingState.DRAFT:
                _given_back(assignment)
            if assignment.coding_state is None and (before := _coded_before(workspace, scheme, mine)) is not None:
                _new_version(scheme, before)
        with right.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            label, badge, colour = _state(assignment)
            if _overdue(assignment):
                st.badge("Overdue", color="red")
            st.badge(badge, color=colour)
            if st.button(label, key=f"open-{assignment.id}", type="primary" if first else "secondary"):
                pages.go("code", assignment=assignment.id)


def _given_back(assignment: Assignment) -> None:
    why = f": {assignment.reopen_reason}" if assignment.reopen_reason else "."
    st.warning(plain(f"A supervisor gave this back on {times.day(assignment.reopened_at)}{why}"))


def _coded_before(workspace: Workspace, scheme: CodingScheme, mine: Sequence[Assignment]) -> CodingScheme | None:
    """The latest version of a scheme that its rater has coded on; None where they have coded on this one, or none."""
    coded = {a.scheme_hash for a in mine if a.coding_state is not None}
    if scheme.hash in coded:
        return None
    others = [other for other in (keep_definition.scheme(workspace, h) for h in coded) if other.name == scheme.name]
    return max(others, key=lambda other: keep_definition.version_order(other.version), default=None)


def _new_version(scheme: CodingScheme, before: CodingScheme) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        words = f"Version {scheme.version} is new to you: so far you have coded on {before.version}."
        st.caption(plain(words), width="content")
        pages.link("scheme", "See what changed", scheme=scheme.hash)


def _overdue(assignment: Assignment) -> bool:
    return assignment.due_at is not None and assignment.due_at < times.now() and _ORDER[assignment.coding_state] < 2


def _details(workspace: Workspace, person: Person, assignment: Assignment, scheme_title: str) -> str:
    parts = [assignment.session_title or assignment.session_code, scheme_title]
    if assignment.rater_id != person.id:
        team = see_session.people_by_id(workspace).get(assignment.rater_id)
        parts.append(f"with {team.display_name}" if team else "in a team")
    if not assignment.window_open and assignment.window_rule not in ("", "the whole session"):
        parts.append(said_of_windows(assignment))
    if assignment.coding_id and assignment.coding_state is CodingState.DRAFT:
        begun = code.count_codes(workspace, person, assignment.coding_id)
        parts.append("consent to coding was withdrawn" if begun is None else f"{count(begun, 'event')} so far")
    if assignment.due_at:
        parts.append(f"due {times.day(assignment.due_at)}")
    return " · ".join(parts)


def _state(assignment: Assignment) -> tuple[str, str, Literal["blue", "orange", "green", "gray"]]:
    """Button, badge and its colour."""
    if assignment.coding_state is None:
        return ("Open the clock", "Live", "blue") if assignment.live else ("Start coding", "New", "blue")
    if assignment.coding_state is CodingState.DRAFT:
        return "Go on", "Given back" if assignment.reopened_at else "Begun", "orange"
    if assignment.coding_state is CodingState.SUBMITTED:
        return "Look at it", "Handed in", "green"
    return "Look at it", "Locked", "gray"
