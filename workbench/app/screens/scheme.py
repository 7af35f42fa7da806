"""One scheme, or one questionnaire, opened."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, pages
from workbench.app.parts.scheme_page import scheme_page
from workbench.app.parts.scheme_read import instrument_read
from workbench.app.parts.scheme_versions import version_button
from workbench.app.parts.texts import heading
from workbench.model.people import Role
from workbench.model.titles import with_version
from workbench.workflows import keep_definition, see_schemes

_FOR = (Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER, Role.ADMINISTRATOR)


def show() -> None:
    person = guard.admitted(*_FOR)
    workspace = current.workspace()
    instruments = keep_definition.kept_instruments(workspace)
    asked = st.query_params.get("scheme", "")
    pages.link("schemes", "← All schemes")
    if found := see_schemes.version_of(see_schemes.shelf(workspace, person), asked):
        scheme_page(person, *found)
    elif form := next((i for i in instruments if i.hash == asked), None):
        heading(with_version(form), "What is asked, and how is it scored?")
        with st.container(horizontal=True, key="other-versions"):
            for other in (i for i in instruments if i.name == form.name and i != form):
                version_button(other.hash, f"Look at version {other.version}")
        instrument_read(form)
    else:
        st.title("No such scheme", anchor=False)
        st.write("The scheme that this address names is not in this workspace.")
