"""Export: a study as long tables, with what is in them and what was left out."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, times
from workbench.app.parts.says import said
from workbench.app.parts.table import Column, styled, table
from workbench.app.parts.texts import count, empty, facts, heading, plain, section
from workbench.model.people import Role
from workbench.workflows import add_session, export
from workbench.workflows.export import Contents

_TABLES = {
    "sessions": "Who met whom, when, and how much of it was to be coded",
    "utterances": "What was said, with times and speakers",
    "codings": "Who coded what, and how much of it could be observed",
    "events": "Every code that a rater gave, with its times, modifiers and people",
    "not_observable": "Stretches that could not be coded, and why",
    "ratings": "Every rating of a session, a segment or a person",
    "derived_scores": "What the scheme's own formulas make of each coding",
    "evidence": "What ratings rest on",
    "reasons": "Why ratings stand against what their evidence lets expect",
    "unit_boundaries": "Where raters split or merged utterances",
    "responses": "Every answer in the forms of patients and providers",
    "scores": "Perspective scores, composites and discrepancies, with reasons where there are none",
}
_LEFT_OUT_SHOWN = 12


def show() -> None:
    person = guard.admitted(Role.RESEARCHER, Role.SUPERVISOR)
    styled()
    heading("Export", "How do the data get into R, SPSS or Python?")
    workspace = current.workspace()
    studies = add_session.studies(workspace)
    if not studies:
        empty("No study yet", "A study is made with its first session; then its tables can be exported here.")
        return
    with said():
        found = [export.contents(workspace, person, s.id) for s in studies]
        usual = max(range(len(found)), key=lambda n: len(found[n].sessions))
        at = st.selectbox(
            "Study",
            range(len(found)),
            index=usual,
            format_func=lambda n: found[n].study.name,
            width=380,
            key="export-study",
        )
        what = found[at]
        facts(
            {
                "Sessions": f"{len(what.sessions)} of {len(what.sessions) + len(what.left_out)}",
                "Codings": what.n_codings,
                "Forms": what.n_forms,
            }
        )
        if not what.sessions:
            empty("Nothing of this study may be exported", export.NO_CONSENT)
        else:
            st.download_button(
                "Download the tables",
                lambda: export.export_zip(workspace, person, what.study.id).data,
                f"{what.file_name}.zip",
                "application/zip",
                on_click="ignore",
                type="primary",
                key=f"export-{what.study.id}",
            )
            st.caption("A zip with each table as CSV and Parquet and a codebook. The export is entered into the audit.")
        _left_out(what)
        section("What is in it")
        table([Column("Table"), Column("Holds")], list(map(list, _TABLES.items())))


def _left_out(what: Contents) -> None:
    section("What is left out, and why")
    if what.left_out:
        rows = [[s.code, times.day(s.held_at), reason] for s, reason in what.left_out]
        table([Column("Session"), Column("Held"), Column("Reason")], rows[:_LEFT_OUT_SHOWN])
        if len(rows) > _LEFT_OUT_SHOWN:
            st.caption(f"and {count(len(rows) - _LEFT_OUT_SHOWN, 'more session')}, for the same reason")
    else:
        st.caption("No session: every participant consents to sharing for research.")
    st.caption(plain(export.ONLY_SUBMITTED))
    st.caption("Recordings, names and passwords are never in an export; people go by their codes.")
