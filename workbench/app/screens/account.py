"""One's own account: roles, a new password, signing out."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard
from workbench.app.parts.says import said
from workbench.app.parts.texts import facts, heading, leave, section
from workbench.workflows import sign_in
from workbench.workflows.manage_people import set_password
from workbench.workflows.refusal import Refused


def show() -> None:
    person = guard.admitted()
    heading("Your account")
    facts({"Name": person.display_name, "Signs in as": person.login_name, "Roles": ", ".join(sorted(person.roles))})
    leave("Sign out", "/sign-out", primary=True)
    section("New password", "At least 8 characters. You are signed out everywhere, and sign in again with the new one.")
    with st.form("new-password", border=False, width=420):
        old = st.text_input("Present password", type="password", autocomplete="current-password")
        new = st.text_input("New password", type="password", autocomplete="new-password")
        again = st.text_input("New password once more", type="password", autocomplete="new-password")
        if st.form_submit_button("Change password"):
            with said():
                if new != again:
                    raise Refused("The two new passwords differ.")
                token = sign_in.sign_in(current.workspace(), person.login_name, old)
                sign_in.sign_out(current.workspace(), token)
                set_password(current.workspace(), person, person.id, new)
                guard.signed_out()
                st.stop()
