"""The report to hand in, of what the agreement screen shows."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.agreement_units import present_units
from workbench.workflows import export, measure_agreement, report_agreement


def report_button(shown: Shown) -> None:
    """Offers the report as a zip. It is made, and entered into the audit, when it is asked for."""
    workspace = current.workspace()
    n_all, n_shared = len(shown.material.sessions), len(export.shareable(workspace, shown.material))
    if not n_shared:
        st.caption("No report: no session has consent to sharing for research.")
        return
    with st.popover("Report", width="stretch"):
        numbered = st.checkbox("Raters as R1, R2 …", key="agreement-report-numbered")
        st.caption(
            "A rater keeps the number in every report of the study. Who is who is written nowhere, and days stand in "
            "place of times."
            if numbered
            else "Raters go by their login names in every file."
        )
        if n_shared < n_all:
            st.caption(
                f"{n_all - n_shared} of {n_all} sessions lack consent to sharing for research and are not in the "
                "report: there the numbers will differ."
            )
        _download(shown, numbered)


def _download(shown: Shown, numbered: bool) -> None:
    workspace = current.workspace()

    def made() -> bytes:
        report = report_agreement.report_agreement(workspace, shown.person, shown.choice, numbered=numbered)
        return report_agreement.packed(report).data

    st.download_button(
        "Make the report",
        made,
        "agreement-report.zip",
        "application/zip",
        on_click="ignore",
        width="stretch",
        key=f"agreement-report-{shown.mark[:12]}-{numbered}",
        help="HTML and Word to hand in, every number as JSON and CSV, and the codings they can be computed from again. "
        "Takes a few seconds; entered into the audit.",
    )
    usual = measure_agreement.usual(shown.material)
    if present_units(shown) != usual:
        st.caption(f"The report compares codes by the usual units: {usual.words}.")
