"""Home: what there is to do, by role. Somebody with several roles sees each part."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, home_observer, home_oversight, home_provider, home_system
from workbench.app.parts.texts import heading
from workbench.model.people import Role


def show() -> None:
    person = guard.admitted()
    workspace = current.workspace()
    heading(f"Hello, {person.display_name}")
    if person.has(Role.OBSERVER) or home_observer.has_work(workspace, person):
        home_observer.show(workspace, person)
    if person.has(Role.SUPERVISOR, Role.RESEARCHER):
        home_oversight.show(workspace, person)
    if person.has(Role.PROVIDER):
        home_provider.show(workspace, person)
    if person.has(Role.ADMINISTRATOR):
        home_system.show(workspace, person)
    if workspace.is_demo:
        st.caption("Sample workspace: every person and every session in it is made up.")
