"""Results that are costly to compute, kept until the codings change. Each person has their own: what one
may see is no other's."""

from __future__ import annotations

import streamlit as st

from workbench.model.people import Person
from workbench.workflows import agree, compare_raters, hold_against_criterion, measure_agreement
from workbench.workflows.agree import Choice, Material, Result
from workbench.workflows.compare_raters import PairSeen
from workbench.workflows.hold_against_criterion import Held
from workbench.workflows.measure_agreement import Measured, Subject
from workbench.workflows.open_workspace import Workspace


@st.cache_resource(max_entries=24, show_spinner=False)
def material(_workspace: Workspace, _actor: Person, _choice: Choice, mark: str) -> Material:
    """What was chosen. `mark` is its fingerprint, which holds the person and the codings they may read."""
    return agree.material(_workspace, _actor, _choice)


@st.cache_resource(max_entries=24, show_spinner=False)
def in_pairs(_chosen: Material, mark: str) -> list[PairSeen]:
    """Every two raters."""
    return compare_raters.seen_in_pairs(_chosen)


@st.cache_resource(max_entries=400, show_spinner=False)
def measured(_chosen: Material, mark: str, subject: Subject, pair: tuple[str, str] | None = None) -> Measured:
    """The coefficient to report for one subject."""
    return measure_agreement.measure(_chosen, subject, pair)


@st.cache_resource(max_entries=48, show_spinner=False)
def every_coefficient(
    _chosen: Material, mark: str, subject: Subject, pair: tuple[str, str] | None = None
) -> list[Result]:
    """Whatever can be said of one subject."""
    return measure_agreement.every_coefficient(_chosen, subject, pair)


@st.cache_resource(max_entries=48, show_spinner=False)
def of_pairs(_chosen: Material, mark: str, subject: Subject) -> list[Result]:
    """Every two raters."""
    return measure_agreement.of_pairs(_chosen, subject)


@st.cache_resource(max_entries=48, show_spinner=False)
def of_raters(_chosen: Material, mark: str, subject: Subject) -> list[Result]:
    """Each rater against the others."""
    return measure_agreement.of_raters(_chosen, subject)


@st.cache_resource(max_entries=48, show_spinner=False)
def of_sessions(_chosen: Material, mark: str, subject: Subject, pair: tuple[str, str] | None = None) -> list[Result]:
    """Each session."""
    return measure_agreement.of_sessions(_chosen, subject, pair)


@st.cache_resource(max_entries=48, show_spinner=False)
def drift(_chosen: Material, mark: str, subject: Subject, pair: tuple[str, str]) -> list[Result]:
    """Two raters over calendar time."""
    return measure_agreement.drift(_chosen, subject, pair)


@st.cache_resource(max_entries=24, show_spinner=False)
def held(_workspace: Workspace, _actor: Person, _choice: Choice, _chosen: Material, mark: str) -> Held | None:
    """Those who can be held against a criterion coding."""
    return hold_against_criterion.held(_workspace, _actor, _choice, _chosen)


@st.cache_resource(max_entries=48, show_spinner=False)
def against_criterion(_held: Held, mark: str, subject: Subject) -> dict[str, list[Result]]:
    """Each of them, on one subject."""
    return hold_against_criterion.measured(_held, subject)
