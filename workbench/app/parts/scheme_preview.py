"""The scheme as the coding room will draw it: its buttons, what a code means, its ratings."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts.room_payload import scheme_shown
from workbench.app.parts.scheme_editing import Editing
from workbench.app.player import coding_room


def preview(e: Editing) -> None:
    """The buttons and ratings as far as the draft can be read."""
    st.caption("In the coding room")
    scheme = e.read.scheme
    if scheme is None:
        st.caption("The text cannot be read as a scheme now.")
        return
    if not scheme.codes and not scheme.ratings:
        st.caption("Buttons and ratings appear here with the first code or rating.")
        return
    payload = {
        "mode": "preview",
        "scheme": scheme_shown(scheme),
        "at": e.at.get("codes", 0),
        "ratingsFirst": e.part == "ratings",
    }
    coding_room(payload, key=f"scheme-preview-{e.draft.id}")
