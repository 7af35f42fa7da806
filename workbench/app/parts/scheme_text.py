"""The scheme editor's text: all of the draft as YAML, for what the form has no field for."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_fields import sentences
from workbench.schemes.scheme_draft import Path


def text(e: Editing) -> None:
    """The text, which is kept when the field is left or with Ctrl and Enter, and its problems by line."""
    key, label, now = e.key("yaml"), "The scheme as YAML", e.draft.text

    def take(_: Path, written: str) -> None:
        e.put(written.replace("\r\n", "\n"), "YAML", anew=True)

    st.text_area(
        label,
        now,
        key=key,
        height=460,
        on_change=e.heard(key, (), label, now, take),
        help="Kept when you leave the field, or with Ctrl+Enter.",
    )
    if "\n#" in e.draft.text or "  #" in e.draft.text:
        st.caption("Lines that begin with # are kept until something is changed in the form, which writes them anew.")
    by_line = sorted(e.read.problems, key=lambda p: p.line)
    sentences([f"Line {p.line}: {p.message}" for p in by_line])
