"""Laying a live coding on the recording that came later: from one event that is known, or step by step."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages
from workbench.app.parts.align_payload import align_payload
from workbench.app.parts.says import done, said
from workbench.app.parts.table import Cell, Column, styled, table
from workbench.app.parts.texts import facts, heading, plain, section
from workbench.app.parts.window_bar import window_bar
from workbench.app.player import align_player
from workbench.model.alignment import moved, observed, outside
from workbench.model.bounds import NOT_OBSERVABLE_LABEL
from workbench.model.coding import NOT_OBSERVABLE, Event
from workbench.model.observation_window import read_time
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording
from workbench.model.span import clock
from workbench.model.titles import with_version
from workbench.workflows import align
from workbench.workflows.align import Alignment
from workbench.workflows.refusal import Refused

_STEPS_MS = (-10_000, -1000, -100, 100, 1000, 10_000)
_SHOWN = 40


def show() -> None:
    person = guard.admitted()
    coding_id = st.query_params.get("coding", "")
    try:
        found = align.see(current.workspace(), person, coding_id)
    except Refused as refused:
        heading("This cannot be aligned", "", str(refused))
        pages.link("home", "Home")
        return
    title = found.session.title or found.session.code
    heading(f"Align with the recording: {title}", "Where in the recording did the live coding begin?", _answer(found))
    ran = found.content.clock.stopped_ms if found.content.clock else None
    facts(
        {
            "Rater": found.rater,
            "Scheme": with_version(found.scheme),
            "Clock ran for": clock(ran) if ran is not None else "",
            "Recording": clock(found.recording.duration_ms) if found.recording else "none yet",
        }
    )
    if found.why_not:
        st.info(plain(found.why_not))
    if found.recording is None:
        pages.link("home", "Home")
        return
    heard_ms = _listen(found, found.recording)
    shift_ms = _choose(found, found.recording, heard_ms) if found.may_align else found.standing.shift_ms
    _preview(found, found.recording, shift_ms)
    _act(person, found, shift_ms)


def _answer(found: Alignment) -> str:
    if not found.standing.aligned:
        return "Not aligned yet: its times are those of the clock."
    return f"Aligned: 0:00 of the clock is {_signed(found.standing.shift_ms)} of the recording."


def _listen(found: Alignment, recording: Recording) -> int | None:
    """The recording with the coded moments where they lie now; the shift that somebody gave by ear just now."""
    if not found.may_hear:
        st.info("Recordings of this session are not open to you: there is nothing to listen to.")
        return None
    shift_ms = round(_shift(found) * 1000) if found.may_align else found.standing.shift_ms
    payload = align_payload(found.coding.id, found.content, found.scheme, recording, shift_ms, may=found.may_align)
    return align_player(payload, f"listen-{found.coding.id}")


def _shift(found: Alignment) -> float:
    """The shift as it is chosen now, in seconds. It is kept under one key, which every way of choosing sets."""
    key = f"shift-{found.coding.id}"
    if key not in st.session_state:
        known = found.standing.shift_ms if found.standing.aligned else found.suggested_ms
        st.session_state[key] = (known or 0) / 1000
    return float(st.session_state[key])


def _choose(found: Alignment, recording: Recording, heard_ms: int | None) -> int:
    """The shift as it is chosen now, in ms. `heard_ms`: the one that was given by ear just now."""
    key = f"shift-{found.coding.id}"
    if heard_ms is not None and heard_ms != round(_shift(found) * 1000):
        st.session_state[key] = heard_ms / 1000
        st.rerun()
    left, right = st.columns(2, gap="large")
    with left:
        _by_event(found, recording, key)
    with right:
        section("Or move it until it fits")
        seconds = st.number_input(
            "The clock's 0:00 is this second of the recording",
            key=key,
            step=0.1,
            format="%.2f",
            help="Negative: the clock was started before the recording.",
        )
        with st.container(horizontal=True, gap="xsmall"):
            for step in _STEPS_MS:
                words = f"{'−' if step < 0 else '+'}{abs(step) / 1000:g} s"
                st.button(words, key=f"by{step}-{found.coding.id}", on_click=_add, args=(key, step / 1000))
        if found.suggested_ms is not None:
            at = _signed(found.suggested_ms)
            st.caption(plain(f"Another live coding is aligned already; by both clocks this one begins at {at}."))
            st.button("Take that", key="take-suggested", on_click=_set, args=(key, found.suggested_ms / 1000))
    return round(seconds * 1000)


def _by_event(found: Alignment, recording: Recording, key: str) -> None:
    section("From one event that you find in the recording")
    events = {e.id: e for e in found.content.events if e.end_ms is None or e.end_ms >= e.start_ms}
    if not events:
        st.caption("Nothing was coded: move it by the second.")
        return
    chosen = st.selectbox(
        "Event",
        list(events),
        format_func=lambda i: f"{clock(events[i].start_ms)}  {_label(found.scheme, events[i])}",
        key=f"event-{found.coding.id}",
    )
    text = st.text_input(
        "Happens in the recording at", placeholder="4:07.5", key=f"at-{found.coding.id}", help="Minutes and seconds."
    )
    try:
        at_ms = read_time(text, recording.duration_ms) if text.strip() else None
    except ValueError as error:
        st.error(plain(str(error)))
        return
    shift = None if at_ms is None or chosen is None else (at_ms - events[chosen].start_ms) / 1000
    st.button("Use it", key="use-event", disabled=shift is None, on_click=_set, args=(key, shift))


def _preview(found: Alignment, recording: Recording, shift_ms: int) -> None:
    section("What that gives")
    window = observed(found.content.clock, shift_ms, recording.duration_ms)
    if not window:
        st.warning("With this shift nothing that was observed lies in the recording.")
        return
    window_bar(window, recording.duration_ms)
    gone = outside(found.content.events, shift_ms, recording.duration_ms)
    if gone:
        words = "1 event lies" if len(gone) == 1 else f"{len(gone)} events lie"
        st.warning(f"{words} outside the recording: they happened before it began or after it ended.")
    styled()
    rows = [_row(found.scheme, e, shift_ms, lost=e in gone) for e in found.content.events[:_SHOWN]]
    instants = [Column(title, numeric=True, width="9rem") for title in ("By the clock", "In the recording")]
    columns = [*instants, Column("Code")]
    table(columns, rows)
    if len(found.content.events) > _SHOWN:
        st.caption(f"and {len(found.content.events) - _SHOWN} more.")


def _row(scheme: CodingScheme, event: Event, shift_ms: int, *, lost: bool) -> list[str | Cell]:
    start, _ = moved(event, shift_ms)
    there = Cell("outside") if lost else clock(start)
    return [clock(event.start_ms), there, Cell(_label(scheme, event), event.comment)]


def _act(person: Person, found: Alignment, shift_ms: int) -> None:
    workspace, coding_id = current.workspace(), found.coding.id
    with st.container(horizontal=True, vertical_alignment="center"):
        if found.may_align:
            unchanged = found.standing.aligned and shift_ms == found.standing.shift_ms
            if st.button("Align", type="primary", key="align-now", disabled=unchanged):
                with said():
                    align.align(workspace, person, coding_id, shift_ms)
                    done("Aligned. The coding stands on the recording now.")
            if found.standing.aligned and st.button("Put it back on its own clock", key="undo-align"):
                with said():
                    align.undo_align(workspace, person, coding_id)
                    done("The coding is on its own clock again.")
        if found.coding.rater_id in person.raters:
            pages.link("code", "To the coding", assignment=found.coding.assignment_id)
        else:
            pages.link("code", "To the session", session=found.session.id)


def _label(scheme: CodingScheme, event: Event) -> str:
    return NOT_OBSERVABLE_LABEL if event.code == NOT_OBSERVABLE else scheme.code(event.code).label


def _signed(ms: int) -> str:
    return f"{'−' if ms < 0 else ''}{clock(abs(ms))}{f'.{abs(ms) % 1000 // 10:02d}' if ms % 1000 else ''}"


def _add(key: str, seconds: float) -> None:
    st.session_state[key] = round(st.session_state[key] + seconds, 3)


def _set(key: str, seconds: float) -> None:
    st.session_state[key] = seconds
