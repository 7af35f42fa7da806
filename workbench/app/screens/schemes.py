"""The shelf of coding schemes and questionnaires."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages
from workbench.app.parts.make_scheme import make_scheme
from workbench.app.parts.scheme_shelf import scheme_shelf
from workbench.app.parts.texts import heading
from workbench.model.people import Role
from workbench.workflows import edit_scheme, keep_definition, see_schemes

_FOR = (Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR)


def show() -> None:
    person = guard.admitted(*_FOR)
    if asked := st.query_params.get("scheme"):
        pages.go("scheme", scheme=asked)
    workspace = current.workspace()
    heading("Schemes", "What is coded, what is asked, and how is each thing defined?")
    if edit_scheme.may_make(person):
        make_scheme(person)
    scheme_shelf(person, see_schemes.shelf(workspace, person), keep_definition.kept_instruments(workspace))
