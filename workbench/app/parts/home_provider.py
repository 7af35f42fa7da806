"""Home for providers: forms that wait for them, and their own sessions."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts import pages, times
from workbench.app.parts.texts import empty, leave, plain, section, titled
from workbench.model.people import Person
from workbench.workflows import add_session, fill_form
from workbench.workflows.open_workspace import Workspace


def show(workspace: Workspace, person: Person) -> None:
    """Forms first, then sessions, newest first."""
    forms = fill_form.own_open_forms(workspace, person)
    section("Your forms")
    if not forms:
        st.caption("No form waits for you.")
    for form in forms:
        with st.container(border=True, key=f"form-{form.administration.id}"):
            left, right = st.columns([5, 2], vertical_alignment="center")
            with left:
                titled(form.title, f"{form.session.title or form.session.code}, {times.day(form.session.held_at)}")
            with right.container(horizontal=True, horizontal_alignment="right"):
                leave("Answer now", f"/form/own/{form.administration.id}", primary=True)
    section("Your sessions")
    mine = sorted(add_session.sessions_for(workspace, person), key=lambda s: s.held_at, reverse=True)
    if not mine:
        empty("No session of yours yet", "Sessions appear here once your clinic has added them with you as provider.")
    for session in mine[:12]:
        pages.link(
            "session", plain(f"{session.title or session.code} · {times.day(session.held_at)}"), session=session.id
        )
