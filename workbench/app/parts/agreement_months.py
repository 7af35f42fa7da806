"""Agreement over calendar time: whether two raters drift apart, with the trend and its interval."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from workbench.app.parts import computed
from workbench.app.parts.agreement_files import files_button
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.agreement_units import present_units
from workbench.app.parts.ink import ink
from workbench.app.parts.numbers import number, percent
from workbench.app.parts.result_card import result_card
from workbench.app.parts.table import Column, table
from workbench.app.parts.texts import plain
from workbench.workflows import measure_agreement
from workbench.workflows.agree import Result
from workbench.workflows.compare_raters import Month, PairSeen, by_month

_SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
_HEIGHT = 300


def show(shown: Shown) -> None:
    """One code or rating of two raters over calendar time with its trend; folded away, the moments of every pair."""
    material = shown.material
    subjects = [*measure_agreement.ratings(material), *measure_agreement.codes(material, present_units(shown))]
    of = {s.key: s for s in subjects}
    pairs = [p for p in shown.pairs if p.comparison.sessions]
    left, right = st.columns(2, gap="large")
    asked = left.selectbox("Follow", list(of), format_func=lambda key: of[key].label, key="agreement-follow")
    at = right.selectbox(
        "Raters",
        range(len(pairs)),
        format_func=lambda n: pairs[n].names,
        key=f"agreement-follow-pair-{shown.mark[:12]}",
    )
    pair = pairs[at]
    with st.spinner("Computing …"):
        trends = computed.drift(material, shown.mark, of[asked], (pair.a, pair.b))
    _periods_plot(trends[0])
    for trend in trends:
        with st.container(border=True, key=f"agreement-trend-{trend.variant}"):
            lines = measure_agreement.in_python(trend)
            result_card(trend, lines, what=of[asked].label, raters=_direction(shown, trend, pair), folded=True)
    files_button(shown, measure_agreement.in_python(trends[0]), key=f"drift-{asked}")
    with st.expander("Moments coded alike and differences of ratings, month by month, for every pair"):
        _months(shown)


def _direction(shown: Shown, trend: Result, pair: PairSeen) -> str:
    """Whose agreement, or whose values less whose."""
    if trend.variant != "difference":
        return pair.names
    rater, other = (shown.material.rater_name(trend.settings.get(k, pair.a)) for k in ("rater", "criterion"))
    return f"{rater} less {other}"


def _periods_plot(trend: Result) -> None:
    """κ or ICC of each calendar period with its interval."""
    periods = [p for p in trend.details.get("periods", []) if p["value"] is not None]
    if not periods:
        st.caption("No calendar period has enough for a coefficient of its own.")
        return
    colours = ink()
    data = pd.DataFrame(periods)
    name = "ICC(2,1)" if str(periods[0]["coefficient"]).startswith("icc") else "Cohen’s κ"
    lowest = min(0.0, *(v for p in periods for v in (p["low"], p["value"]) if v is not None))
    base = alt.Chart(data).encode(
        x=alt.X("from:T", title=None, axis=alt.Axis(format="%b ’%y", tickCount="month", grid=False, labelOverlap=True))
    )
    scale = alt.Scale(domain=[max(-1.0, lowest), 1.0], clamp=True)
    y = alt.Y("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=5))
    tooltip = [
        alt.Tooltip("from:T", title="from", format="%B %Y"),
        alt.Tooltip("value:Q", title=name, format=".2f"),
        alt.Tooltip("low:Q", format=".2f"),
        alt.Tooltip("high:Q", format=".2f"),
        alt.Tooltip("n:Q", title="units"),
    ]
    st.markdown(f"**{plain(name)}** of each calendar period, with its 95 % interval where it has one")
    st.altair_chart(
        alt.layer(
            base.mark_rule(strokeWidth=2, color=colours.primary, opacity=0.6).encode(y=alt.Y("low:Q"), y2="high:Q"),
            base.mark_point(filled=True, size=70, opacity=1, color=colours.primary).encode(y=y, tooltip=tooltip),
        ).properties(height=_HEIGHT - 90, width="container"),
        theme=None,
        alt=f"{name} of each calendar period with its interval",
    )


def _months(shown: Shown) -> None:
    names = {p.names: p for p in shown.pairs}
    picked = st.multiselect(
        "Pairs",
        list(names),
        default=list(names)[: len(_SHAPES)],
        max_selections=len(_SHAPES),
        key=f"agreement-months-{shown.mark[:12]}",
        help=f"At most {len(_SHAPES)} at a time are drawn; the table holds every pair.",
    )
    every = by_month(shown.material, shown.pairs)
    months = [m for m in every if m.names in picked]
    if not months:
        st.caption("Choose a pair.")
        return
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
    kinds = [
        ("share", "percent", [0, 100], "moments", "**Moments coded alike**, percent of those that either coded"),
        (
            "difference",
            "points",
            None,
            "ratings",
            "**Ratings: first rater minus second**, mean, in points of the scale",
        ),
    ]
    there = [kind for kind in kinds if data[kind[0]].notna().any()]
    for at, (field, title, domain, size, head) in zip(st.columns(2, gap="large"), there, strict=False):
        with at:
            st.markdown(head)
            st.altair_chart(
                _plot(data.dropna(subset=field), field, title, domain, size),
                theme=None,
                alt=f"{head.replace('*', '')}, month by month",
            )
    st.caption(
        plain(
            "By the month in which the later of the two codings was handed in. Not corrected for chance, and a month "
            "holds few sessions: look for a lasting trend, not at one point. The larger the mark, the more it rests on."
        )
    )
    _table(every)


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
