"""Assigning a session: raters, scheme, purpose, due date and the observation window, drawn before it is given out."""

from __future__ import annotations

import secrets
from datetime import date, timedelta

import streamlit as st

from workbench.app import current
from workbench.app.parts import times
from workbench.app.parts.make_team import make_team
from workbench.app.parts.says import done, said
from workbench.app.parts.texts import plain, section
from workbench.app.parts.window_bar import window_bar
from workbench.model.assignment import Purpose
from workbench.model.observation_window import (
    WindowChosen,
    at_random,
    evenly,
    from_the_middle,
    read_stretches,
    stretches,
    whole,
)
from workbench.model.observation_window import said as windows_said
from workbench.model.people import Person
from workbench.model.span import clock
from workbench.workflows import assign, manage_people
from workbench.workflows.see_session import SessionSeen

_WHOLE, _MIDDLE, _SLICES, _BY_HAND = "Whole session", "From the middle", "Slices", "By hand"
_EVENLY, _AT_RANDOM = "At even distances", "At random places"
SCHEME_TO_ASSIGN = "scheme-to-assign"  # chosen on the Schemes screen: what stands first from then on
_MINUTE = 60_000
_SEEDS = 10_000


def assign_form(seen: SessionSeen, person: Person, schemes: dict[str, str]) -> None:
    """The form. `schemes`: title by hash."""
    section("Assign this session")
    workspace = current.workspace()
    if not schemes:
        st.caption("There is no coding scheme in this workspace yet.")
        return
    raters = {p.id: _rater(p) for p in manage_people.raters(workspace)}
    key = seen.session.id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        who = st.multiselect(
            "Raters", list(raters), format_func=lambda i: raters[i], key=f"raters-{key}", placeholder="One or several"
        )
        make_team(person)
    left, middle, right = st.columns(3)
    wanted = st.session_state.get(SCHEME_TO_ASSIGN)
    first = list(schemes).index(wanted) if wanted in schemes else 0
    scheme = left.selectbox("Scheme", list(schemes), first, format_func=lambda h: schemes[h], key=f"scheme-{key}")
    purpose = middle.selectbox(
        "Purpose", list(Purpose), format_func=lambda p: p.value.capitalize(), index=1, key=f"purpose-{key}"
    )
    due = right.date_input(
        "Due (optional)", value=None, min_value=date.today() - timedelta(days=1), key=f"due-{key}", format="YYYY-MM-DD"
    )
    live = not seen.recordings
    chosen: WindowChosen | None = None
    if live:
        st.info(
            "This session has no recording yet. Assigned now, it is coded while it happens: raters see a clock that "
            "they start with the session. The recording can be added later, and the codings aligned with it."
        )
    else:
        chosen = _window(key, seen.recordings[0].duration_ms)
    label = "Assign to be coded live" if live else "Assign"
    if st.button(label, type="primary", key=f"assign-{key}", disabled=not live and chosen is None):
        with said():
            assign.assign_raters(
                workspace,
                person,
                seen.session.id,
                who,
                scheme,
                chosen or (),
                purpose=purpose or Purpose.STUDY,
                due_at=_end_of(due),
                live=live,
            )
            for name in (f"raters-{key}", f"due-{key}", SCHEME_TO_ASSIGN):
                st.session_state.pop(name, None)
            done(f"Assigned to {', '.join(raters[i] for i in who)}.")


def _rater(person: Person) -> str:
    return f"{person.display_name} (team of {len(person.members)})" if person.is_team else person.display_name


def _end_of(day: date | None) -> int | None:
    """The last instant of a day: what is due on it may be handed in all day long."""
    return None if day is None else times.start_of(day + timedelta(days=1)) - 1


def _window(key: str, duration_ms: int) -> WindowChosen | None:
    """The observation window as it is chosen now, drawn on the recording; None where it cannot be."""
    how = st.segmented_control(
        "Observed", [_WHOLE, _MIDDLE, _SLICES, _BY_HAND], default=_WHOLE, key=f"observed-{key}", required=True
    )
    try:
        chosen = _chosen(how or _WHOLE, key, duration_ms)
    except ValueError as error:
        st.error(plain(str(error)))
        return None
    window_bar(chosen.windows, duration_ms)
    observed = sum(w.length_ms for w in chosen.windows)
    words = f"{clock(observed)} of {clock(duration_ms)}: {windows_said(chosen.windows)}. The same for all raters."
    st.caption(plain(words))
    return chosen


def _chosen(how: str, key: str, duration_ms: int) -> WindowChosen:
    minutes = duration_ms / _MINUTE
    if how == _MIDDLE:
        length = st.number_input(
            "Minutes", min_value=0.5, value=min(20.0, _half(minutes)), step=0.5, key=f"length-{key}", width=160
        )
        return from_the_middle(duration_ms, round(length * _MINUTE))
    if how == _SLICES:
        return _slices(key, duration_ms)
    if how == _BY_HAND:
        text = st.text_input(
            "Stretches",
            value=f"0:00-{clock(duration_ms)}",
            key=f"stretches-{key}",
            help="Minutes and seconds, as in 4:00-24:00. Several with commas.",
        )
        return stretches(read_stretches(text, duration_ms), duration_ms)
    return whole(duration_ms)


def _slices(key: str, duration_ms: int) -> WindowChosen:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        number = st.number_input("Slices", min_value=1, max_value=20, value=2, key=f"slices-{key}", width=130)
        length = st.number_input(
            "Minutes each",
            min_value=0.5,
            value=min(5.0, _half(duration_ms / _MINUTE / 2)),
            step=0.5,
            key=f"each-{key}",
            width=150,
        )
        where = st.selectbox("Where", [_EVENLY, _AT_RANDOM], key=f"where-{key}", width=210)
        if where == _AT_RANDOM:
            st.session_state.setdefault(f"seed-{key}", secrets.randbelow(_SEEDS))
            if st.button("Draw again", key=f"draw-{key}"):
                st.session_state[f"seed-{key}"] = secrets.randbelow(_SEEDS)
            seed = st.number_input(
                "Seed",
                min_value=0,
                max_value=_SEEDS - 1,
                key=f"seed-{key}",
                width=130,
                help="The same seed gives the same places again. It is kept with the assignment.",
            )
            return at_random(duration_ms, int(number), round(length * _MINUTE), int(seed))
    return evenly(duration_ms, int(number), round(length * _MINUTE))


def _half(minutes: float) -> float:
    """Down to the half minute, at least one half."""
    return max(0.5, int(minutes * 2) / 2)
