"""Results that are costly to compute, kept until the codings change. Each person has their own: what one
may see is no other's."""

from __future__ import annotations

import streamlit as st

from workbench.model.people import Person
from workbench.workflows import agree, compare_raters
from workbench.workflows.agree import Choice, Material, Result
from workbench.workflows.compare_raters import PairSeen
from workbench.workflows.open_workspace import Workspace


@st.cache_resource(max_entries=24, show_spinner=False)
def material(_workspace: Workspace, _actor: Person, _choice: Choice, mark: str) -> Material:
    """What was chosen. `mark` is its fingerprint, which holds the person and the codings they may read."""
    return agree.material(_workspace, _actor, _choice)


@st.cache_resource(max_entries=24, show_spinner=False)
def in_pairs(_chosen: Material, mark: str) -> list[PairSeen]:
    """Every two raters."""
    return compare_raters.seen_in_pairs(_chosen)


@st.cache_resource(max_entries=48, show_spinner=False)
def per_code(_chosen: Material, mark: str, way: str, bin_ms: int, tolerance_ms: int) -> list[Result]:
    """Coefficients of each code."""
    return agree.per_code(_chosen, way=way, bin_ms=bin_ms, tolerance_ms=tolerance_ms)


@st.cache_resource(max_entries=24, show_spinner=False)
def per_scale(_chosen: Material, mark: str) -> list[Result]:
    """Coefficients of each rating."""
    return agree.per_scale(_chosen)
