"""The files for "the same in Python": the codings as the three lines read them."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts.agreement_shown import Shown
from workbench.workflows import export


def files_button(shown: Shown, lines: str, *, key: str) -> None:
    """Offers the files. They are made, and the export is entered into the audit, when they are asked for."""
    workspace = current.workspace()
    n_all, n_kept = len(shown.material.sessions), len(export.shareable(workspace, shown.material))
    if n_kept == 0:
        st.caption("The files cannot be given out: no session has consent to sharing for research.")
        return
    st.download_button(
        "The files these lines read",
        lambda: export.agreement_files(workspace, shown.person, shown.choice, lines).data,
        "agreement.zip",
        "application/zip",
        on_click="ignore",
        key=f"agreement-files-{shown.mark[:12]}-{key}",
    )
    if n_kept < n_all:
        st.caption(
            f"{n_all - n_kept} of {n_all} sessions lack consent to sharing for research and are not in the files: "
            "there the number will differ."
        )
