"""Asking again who is there, inside every screen: Streamlit's navigation alone would let an address in."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts.texts import leave
from workbench.model.people import Person, Role


def admitted(*roles: Role) -> Person:
    """The person on this page, who has one of `roles` (any role when none is named).

    Ends the screen with a sentence when nobody is signed in any more, or the role is missing.
    """
    person = current.actor()
    if person is None:
        signed_out()
        st.stop()
    if roles and not person.has(*roles):
        st.title("Not for your role")
        wanted = " or ".join(sorted(r.value for r in roles))
        st.write(f"This screen is for the role {wanted}. Ask an administrator if you need it.")
        st.stop()
    return person


def signed_out() -> None:
    """Say that the sign-in has ended, and where to begin again."""
    st.title("Your sign-in has ended")
    st.write("You were signed out, or nothing happened here for a while. What you saved is safe.")
    leave("Sign in again", "/sign-in", primary=True)
