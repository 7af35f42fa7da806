"""A provider's page: every pair on one sheet, made to be printed."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, times
from workbench.app.parts.ink import PAPER
from workbench.app.parts.says import said
from workbench.app.parts.scores_table import instruments_of, scores_table
from workbench.app.parts.table import styled
from workbench.app.parts.texts import count, empty, heading, plain
from workbench.app.parts.trajectory_plot import trajectory_plot
from workbench.app.screens.alliance import sentence
from workbench.model.people import Participant, Person, Role
from workbench.workflows import score
from workbench.workflows.score import Dyad, SessionScores


def show() -> None:
    person = guard.admitted(Role.SUPERVISOR, Role.RESEARCHER, Role.PROVIDER)
    styled()
    heading("Provider page", "How does the alliance go with each patient of one provider?")
    with said():
        dyads = score.dyads(current.workspace(), person)
        if not dyads:
            empty(
                "No session to show yet",
                "A provider’s page fills itself once sessions, forms and codings are there.",
            )
            return
        _sheet(person, *_provider(dyads))


def _provider(dyads: list[Dyad]) -> tuple[Participant, list[Dyad]]:
    by_code: dict[str, list[Dyad]] = {}
    for dyad in dyads:
        by_code.setdefault(dyad.provider.code, []).append(dyad)
    codes = list(by_code)
    asked = st.query_params.get("provider")
    with st.container(key="provider-choose"):
        left, right = st.columns([3, 5], vertical_alignment="bottom")
    with left:
        code = st.selectbox(
            "Provider",
            codes,
            index=codes.index(asked) if asked in codes else 0,
            format_func=lambda c: f"{c}, {count(len(by_code[c]), 'patient')}",
            key="provider-code",
        )
    right.html(
        '<p class="wb-quiet">Print this page with <kbd>Ctrl</kbd> <kbd>P</kbd>, on a Mac <kbd>⌘</kbd> <kbd>P</kbd>.</p>'
    )
    return by_code[code][0].provider, by_code[code]


def _sheet(person: Person, provider: Participant, dyads: list[Dyad]) -> None:
    courses = [(d, score.trajectory(current.workspace(), person, d.patient.id, d.provider.id)) for d in dyads]
    every = [s for _, scored in courses for s in scored]
    with st.container(key="wb-sheet", gap="small"):
        st.markdown(f"## Provider {plain(provider.code)}")
        st.html(f'<p class="wb-quiet">{_about(dyads, every)}</p>')
        for dyad, scored in courses:
            _pair(dyad, scored)
        made = instruments_of(every)
        st.caption(plain(f"{score.CAUTION}{f' {made}.' if made else ''}"))
        st.caption(
            plain(f"Printed from Alliance Workbench for {person.display_name}, {times.day(times.now())}. Confidential.")
        )


def _about(dyads: list[Dyad], every: list[SessionScores]) -> str:
    first, last = every[0].session.held_at, every[0].session.held_at
    for s in every:
        first, last = min(first, s.session.held_at), max(last, s.session.held_at)
    fictional = " Every person and session here is fictional." if all(d.fictional for d in dyads) else ""
    return (
        f"{count(len(dyads), 'patient')}, {count(len(every), 'session')}, {times.day(first)} to {times.day(last)}."
        f"{fictional}"
    )


def _pair(dyad: Dyad, scored: list[SessionScores]) -> None:
    with st.container(key=f"wb-sheet-pair-{dyad.patient.code}", gap="xsmall"):
        st.markdown(f"### Patient {plain(dyad.patient.code)}")
        st.markdown(plain(sentence(score.course(scored))))
        if any(x.value is not None for s in scored for x in s.scores):
            st.altair_chart(
                trajectory_plot(scored, PAPER, height=240),
                theme=None,
                key=f"provider-plot-{dyad.patient.id}",
                alt=f"Scores over the sessions with patient {dyad.patient.code}",
            )
        scores_table(scored)
