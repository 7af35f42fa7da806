"""The coding room on a page of its own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.app import current
from workbench.app.player import coding_room


def mount(payload: dict[str, Any], key: str) -> None:
    """Put the room on the page. `key` tells one room from another."""
    # the room uses the whole window: no margins, no heading above it
    st.html("<style>[data-testid=stMainBlockContainer]{max-width:none;padding:3.7rem .75rem .5rem}</style>")
    coding_room(payload, key)


def csrf() -> str:
    """The token that goes with what the room sends."""
    found = current.signed_in()
    return found.csrf if found else ""
