"""Alliance: what patient, provider and observers say of one pair's sessions, and the moments behind it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages
from workbench.app.parts.ink import ink
from workbench.app.parts.moment import moment
from workbench.app.parts.numbers import number
from workbench.app.parts.says import said
from workbench.app.parts.scores_table import instruments_of, scores_table, suppressed_in
from workbench.app.parts.table import styled
from workbench.app.parts.texts import count, empty, heading, plain, section
from workbench.app.parts.trajectory_plot import PICK, trajectory_plot
from workbench.model.access import Action
from workbench.model.people import Person, Role
from workbench.model.span import clock
from workbench.workflows import score, see_session
from workbench.workflows.score import Course, Dyad, Moment, SessionScores

_LEAD_MS = 3_000
_ROWS = 9


def show() -> None:
    person = guard.admitted(Role.SUPERVISOR, Role.RESEARCHER, Role.PROVIDER)
    styled()
    heading("Alliance", "What do patient, provider and observers say, session by session?")
    with said():
        workspace = current.workspace()
        dyads = score.dyads(workspace, person)
        if not dyads:
            empty(
                "No session to show yet",
                "A session appears here once it has a patient and a provider. Its scores come from the forms that both "
                "fill in and from the observers’ ratings.",
            )
            return
        dyad = _dyad(dyads)
        scored = score.trajectory(workspace, person, dyad.patient.id, dyad.provider.id)
        _page(person, scored)


def _dyad(dyads: list[Dyad]) -> Dyad:
    """The pair of the address, or the one with the most sessions."""
    query = st.query_params
    asked = (query.get("patient"), query.get("provider"))
    usual = max(range(len(dyads)), key=lambda n: dyads[n].n_sessions)
    first = next((n for n, d in enumerate(dyads) if (d.patient.code, d.provider.code) == asked), usual)
    at = st.selectbox(
        "Patient and provider",
        range(len(dyads)),
        index=first,
        format_func=lambda n: (
            f"{dyads[n].patient.code} with {dyads[n].provider.code}, "
            f"{count(dyads[n].n_sessions, 'session')}{', fictional' if dyads[n].fictional else ''}"
        ),
        width=380,
        key="alliance-dyad",
    )
    return dyads[at]


def _page(person: Person, scored: list[SessionScores]) -> None:
    course = score.course(scored)
    st.markdown(plain(sentence(course)))
    if not any(x.value is not None for s in scored for x in s.scores):
        empty(
            "No score yet",
            "Give patient and provider their forms, and assign the sessions to raters: each answer adds a point "
            "to the plot that will stand here.",
        )
        scores_table(scored)
        return
    event = st.altair_chart(
        trajectory_plot(scored, ink()),
        theme=None,
        on_select="rerun",
        selection_mode=PICK,
        key=f"alliance-plot-{scored[0].session.id}",
        alt="Scores of patient, provider, observers and their composite over the sessions",
    )
    st.caption(plain(f"{score.CAUTION} {_made_with(scored)}"))
    _session(person, _picked(event, scored))
    section("Session by session")
    scores_table(scored)
    if why := suppressed_in(scored):
        st.caption(plain(why))


def sentence(course: Course) -> str:
    """What the course comes to, in words."""
    said = []
    if course.first and course.last and course.first != course.last:
        said.append(
            f"The composite goes from {number(course.first[1], 0)} in session {course.first[0]} to "
            f"{number(course.last[1], 0)} in session {course.last[0]}."
        )
    if course.gap_words:
        over = f"on average over {count(course.n_gaps, 'session')}" if course.n_gaps > 1 else "in one session"
        said.append(f"{course.gap_words[0].upper()}{course.gap_words[1:]}, {over}.")
    if course.ruptures or course.repairs:
        ruptures = count(course.ruptures, "rupture") if course.ruptures else "no rupture"
        repairs = count(course.repairs, "repair") if course.repairs else "no repair"
        said.append(f"At least two observers saw {ruptures} and {repairs}.")
    return " ".join(said) or "There are no scores of these sessions yet."


def _made_with(scored: Sequence[SessionScores]) -> str:
    made = instruments_of(scored)
    return f"Scores are percent of what each form allows. {made}." if made else ""


def _picked(event: object, scored: list[SessionScores]) -> SessionScores:
    """The session that was clicked, else that of the address, else the one with the most moments."""
    by_id = {s.session.id: s for s in scored}
    try:
        clicked = event["selection"][PICK][0]["session"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        clicked = st.query_params.get("session")
    return by_id.get(clicked) or max(scored, key=lambda s: (s.seen(-1), len(s.moments), -s.session.number))


def _session(person: Person, scored: SessionScores) -> None:
    session = scored.session
    section(session.title or session.code)
    words = [d.words for d in scored.discrepancies if d.words]
    st.markdown(plain(". ".join(w[0].upper() + w[1:] for w in words) + "." if words else ""))
    if not scored.moments:
        empty("No rupture or repair was coded in this session", "Moments appear once a submitted coding has some.")
        return
    left, right = st.columns([4, 8], gap="medium")
    with left:
        at = st.dataframe(
            {
                "Time": [clock(m.at_ms) for m in scored.moments],
                "Moment": [m.label for m in scored.moments],
                "Coded by": [f"{m.n_raters} of {scored.n_timed}" for m in scored.moments],
            },
            hide_index=True,
            height="content" if len(scored.moments) <= _ROWS else 350,
            on_select="rerun",
            selection_mode="single-row-required",
            key=f"alliance-moments-{session.id}",
            column_config={
                "Time": st.column_config.TextColumn(alignment="right", width=62),
                "Coded by": st.column_config.TextColumn(width=80),
            },
            alt="Ruptures and repairs of the session",
        )["selection"]["rows"]
    with right:
        picked = scored.moments[at[0] if at and at[0] < len(scored.moments) else 0]
        _moment(person, scored, picked)


def _moment(person: Person, scored: SessionScores, picked: Moment) -> None:
    said_words = f"{picked.label}, coded by {picked.n_raters} of {count(scored.n_timed, 'rater')}"
    if scored.scheme is not None and person.has(Role.SUPERVISOR, Role.RESEARCHER):
        moment(person, scored.session, scored.scheme, picked.at_ms, said_words)
        return
    # A provider reads no coding, but may hear the moment.
    seen = see_session.see_session(current.workspace(), person, scored.session.id)
    with st.container(border=True, key="moment"):
        st.markdown(f"**{clock(picked.at_ms)}** · {plain(said_words)}")
        if seen.recordings and Action.OPEN_RECORDING in seen.may:
            t = max(0, picked.at_ms - _LEAD_MS) / 1000
            pages.link("code", "Play this moment", session=scored.session.id, t=f"{t:g}")
        elif scored.session.fictional:
            st.caption("There is no recording to play: this study is fictional.")
