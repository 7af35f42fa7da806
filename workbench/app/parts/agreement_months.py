"""Agreement over calendar months: whether a pair of raters drifts apart."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.ink import ink
from workbench.app.parts.numbers import number, percent
from workbench.app.parts.table import Column, table
from workbench.app.parts.texts import plain
from workbench.workflows.compare_raters import Month, by_month

_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
_HEIGHT = 300


def show(shown: Shown) -> None:
    """Two small plots over the same months, and the numbers."""
    months = by_month(shown.material, shown.pairs[: len(_SHAPES)])
    data = pd.DataFrame(
        [
            {
                "pair": m.names,
                "month": f"{m.month}-01",
                "share": None if m.share is None else 100 * m.share,
                "difference": m.difference,
                "sessions": m.n_sessions,
                "moments": m.moments,
                "ratings": m.n_ratings,
            }
            for m in months
        ]
    )
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("**Moments coded alike**, percent of those that either coded")
        st.altair_chart(
            _plot(data, "share", "percent", [0, 100], "moments"),
            theme=None,
            alt="Share of moments that both raters coded alike, month by month",
        )
    with right:
        st.markdown("**Ratings: first rater minus second**, mean, in points of the scale")
        st.altair_chart(
            _plot(data, "difference", "points", None, "ratings"),
            theme=None,
            alt="Mean signed difference of ratings, month by month",
        )
    st.caption(
        plain(
            "By the month in which the later of the two codings was handed in. Not corrected for chance, and a month "
            "holds few sessions: look for a lasting trend, not at one point. The larger the mark, the more it rests on."
        )
    )
    with st.expander("Every number as a table"):
        _table(months)


def _plot(data: pd.DataFrame, field: str, title: str, domain: list[int] | None, size: str) -> alt.LayerChart:
    colours = ink()
    pairs = list(dict.fromkeys(data["pair"]))
    scale = alt.Scale(domain=domain) if domain else alt.Scale(domain=_even(data[field]))
    look = {
        "color": alt.Color("pair:N", sort=pairs, scale=alt.Scale(domain=pairs, range=list(colours.series)), title=None),
        "x": alt.X(
            "month:T", title=None, axis=alt.Axis(format="%b ’%y", tickCount="month", grid=False, labelOverlap=True)
        ),
        "y": alt.Y(f"{field}:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5, titleAnchor="end")),
    }
    base = alt.Chart(data)
    zero = alt.Chart(pd.DataFrame([{"y": 0}])).mark_rule(color=colours.quiet, opacity=0.6).encode(y="y:Q")
    layers = [
        base.mark_line(strokeWidth=1.6, opacity=0.8).encode(**look),
        base.mark_point(filled=True, opacity=1).encode(
            **look,
            shape=alt.Shape("pair:N", sort=pairs, scale=alt.Scale(domain=pairs, range=_SHAPES), title=None),
            size=alt.Size(f"{size}:Q", scale=alt.Scale(range=[30, 150], zero=True), legend=None),
            tooltip=[
                alt.Tooltip("pair:N", title="raters"),
                alt.Tooltip("month:T", format="%B %Y"),
                alt.Tooltip(f"{field}:Q", title=title, format=".1f" if domain else "+.2f"),
                alt.Tooltip("sessions:Q"),
                alt.Tooltip(f"{size}:Q"),
            ],
        ),
    ]
    if domain is None:
        layers.insert(0, zero)
    return (
        alt.layer(*layers)
        .properties(height=_HEIGHT, width="container")
        .configure_legend(orient="bottom", columns=1, labelLimit=360)
    )


def _even(values: pd.Series[float]) -> list[float]:
    """Ends of an axis with zero in its middle."""
    reach = max(0.5, float(values.abs().max() or 0) * 1.1)
    return [-reach, reach]


def _table(months: list[Month]) -> None:
    table(
        [
            Column("Raters"),
            Column("Month"),
            Column("Sessions", numeric=True),
            Column("Moments", numeric=True),
            Column("Coded alike", numeric=True),
            Column("Ratings", numeric=True),
            Column("Mean difference", numeric=True),
        ],
        [
            [
                m.names,
                m.month,
                str(m.n_sessions),
                str(m.moments),
                percent(m.share),
                str(m.n_ratings),
                number(m.difference),
            ]
            for m in months
        ],
    )
