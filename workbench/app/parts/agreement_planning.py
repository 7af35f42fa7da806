"""Before a study: how many sessions and raters its ratings need."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts.texts import plain
from workbench.workflows.plan_study import plan_study


def before_a_study() -> None:
    """Four numbers that a plan rests on, and what follows from them; folded away until asked for."""
    with st.expander("Before a study: how many sessions, how many raters"):
        one, two, three, four = st.columns(4, gap="medium", vertical_alignment="bottom")
        icc = one.number_input("ICC of one rater, expected", 0.05, 0.99, 0.7, 0.05, format="%g", key="planning-icc")
        raters = two.number_input("Raters in each session", 2, 50, 2, 1, key="planning-raters")
        width = three.number_input("Width of its interval", 0.05, 1.0, 0.2, 0.05, format="%g", key="planning-width")
        wanted = four.number_input("Reliability wanted", 0.05, 0.99, 0.8, 0.05, format="%g", key="planning-wanted")
        found = plan_study(round(icc, 4), raters, round(width, 4), round(wanted, 4))
        st.markdown(f"{plain(found.sessions)}  \n{plain(found.raters)}")
        st.caption(
            "Sessions by Bonett (2002, equation 3), raters by Spearman–Brown. For ratings of segments within sessions "
            "the D-study under “Other coefficients” of a rating says more."
        )
        st.code(found.lines.strip(), language="python", wrap_lines=True)
