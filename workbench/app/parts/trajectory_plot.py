"""The alliance over the sessions of one pair: patient, provider, observers and their composite.

Shape and colour both tell who speaks. A composite of two perspectives is hollow, and the line to it is
dashed: it is not the same measure as one of three.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import altair as alt
import pandas as pd

from workbench.app.parts.ink import Ink
from workbench.model.instrument import Perspective
from workbench.workflows.score import SessionScores

PICK = "picked"
NAMES = {Perspective.PATIENT: "Patient", Perspective.PROVIDER: "Provider", Perspective.OBSERVER: "Observers"}
COMPOSITE = "Composite of the three"
PARTIAL = "Composite of two"
_ORDER = [*NAMES.values(), COMPOSITE, PARTIAL]
_SHAPES = dict(zip(_ORDER, ("circle", "square", "triangle-up", "diamond", "diamond"), strict=True))
_RUPTURES_AT, _REPAIRS_AT, _AXIS_AT = 16, 34, 44  # pixels below the plot


def trajectory_plot(scored: Sequence[SessionScores], colours: Ink, *, height: int = 360) -> alt.LayerChart:
    """The plot; a click on a session selects its `session` (the id) under the name `picked`."""
    points, lines = _points(scored), _lines(scored)
    numbers = sorted({s.session.number for s in scored})
    who = [name for name in _ORDER if name in set(points["who"])]
    paint = dict(zip(_ORDER, (*colours.series[:3], colours.text, colours.text), strict=True))
    filled = paint | {PARTIAL: colours.background}
    scale = alt.Scale(domain=who, range=[paint[w] for w in who])
    along = alt.Scale(domain=[min(numbers) - 0.5, max(numbers) + 0.5], nice=False, zero=False)
    x = alt.X(
        "number:Q",
        title="session",
        scale=along,
        axis=alt.Axis(
            values=numbers, format="d", grid=False, domain=False, tickSize=0, labelPadding=6, offset=_AXIS_AT
        ),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[0, 100], nice=False),
        axis=alt.Axis(values=[0, 25, 50, 75, 100], domain=False, ticks=False, minExtent=62),
    )
    legend = alt.Legend(title=None, orient="top", symbolStrokeWidth=1.8, symbolSize=90, columnPadding=18)
    colour = alt.Color("who:N", sort=who, scale=scale, legend=legend)
    picked = alt.selection_point(name=PICK, fields=["session"], on="click", empty=False, toggle=False)
    strips = (
        alt.Chart(pd.DataFrame([{"session": s.session.id, "number": s.session.number} for s in scored]))
        .transform_calculate(left="datum.number - 0.5", right="datum.number + 0.5")
        .mark_rect(cursor="pointer", color=colours.primary)
        .encode(
            x=alt.X("left:Q", title="session", scale=along),
            x2="right:Q",
            opacity=alt.condition(picked, alt.value(0.09), alt.value(0.0)),
        )
        .add_params(picked)
    )
    joined = (
        alt.Chart(lines)
        .mark_line()
        .encode(
            x=x,
            y=y,
            detail="stretch:N",
            color=colour,
            strokeWidth=alt.StrokeWidth("width:Q", scale=None),
            strokeDash=alt.StrokeDash(
                "dash:N", scale=alt.Scale(domain=["whole", "partial"], range=[[1, 0], [4, 4]]), legend=None
            ),
        )
    )
    marks = (
        alt.Chart(points)
        .mark_point(size=95, strokeWidth=1.8, opacity=1)
        .encode(
            x=x,
            y=y,
            color=colour,
            shape=alt.Shape(
                "who:N", sort=who, scale=alt.Scale(domain=who, range=[_SHAPES[w] for w in who]), legend=legend
            ),
            fill=alt.Fill(
                "who:N", sort=who, scale=alt.Scale(domain=who, range=[filled[w] for w in who]), legend=legend
            ),
            tooltip=[
                alt.Tooltip("title:N", title="session"),
                alt.Tooltip("who:N", title="who"),
                alt.Tooltip("value:Q", format=".0f"),
                alt.Tooltip("raw:N", title="raw"),
            ],
        )
    )
    below: list[alt.Chart] = []
    for name, valence, at in (("ruptures", -1, _RUPTURES_AT), ("repairs", 1, _REPAIRS_AT)):
        counts = pd.DataFrame([{"number": s.session.number, "n": str(s.seen(valence) or "·")} for s in scored])
        row = alt.YValue(alt.ExprRef(f"height + {at}"))
        below += [
            alt.Chart(counts).mark_text(fontWeight=500, color=colours.text).encode(x=x, y=row, text="n:N"),
            alt.Chart(pd.DataFrame([{"n": name}]))
            .mark_text(align="right", dx=-7, color=colours.quiet, fontSize=12)
            .encode(x=alt.value(0), y=row, text="n:N"),
        ]
    floor = alt.Chart(pd.DataFrame([{"value": 0}])).mark_rule(color=colours.line).encode(y="value:Q")
    quiet = {"labelColor": colours.quiet, "titleColor": colours.quiet}
    return (
        alt.layer(strips, floor, joined, marks, *below)
        .properties(height=height, width="container")
        .configure_axis(**quiet, gridColor=colours.line)
        .configure_legend(**quiet)
    )


def _points(scored: Sequence[SessionScores]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for s in scored:
        base = {"session": s.session.id, "number": s.session.number, "title": s.session.title or s.session.code}
        for score in s.scores:
            if score.value is not None:
                raw = f"{score.raw:g} of {score.raw_high:g}" if score.raw is not None and score.raw_high else ""
                rows.append(base | {"who": NAMES[score.perspective], "value": score.value, "raw": raw})
        if s.composite.value is not None:
            rows.append(base | {"who": _name(s), "value": s.composite.value, "raw": ""})
    return pd.DataFrame(rows, columns=["session", "number", "title", "who", "value", "raw"])


def _lines(scored: Sequence[SessionScores]) -> pd.DataFrame:
    """Stretches between neighbouring sessions that both have a value; over a gap nothing is joined."""
    rows: list[dict[str, object]] = []
    for n, (one, other) in enumerate(pairwise(scored)):
        for perspective, name in NAMES.items():
            ends = (one.of(perspective).value, other.of(perspective).value)
            rows += _stretch(f"{name} {n}", (one, other), ends, name, "whole", 1.3)
        whole = one.composite.complete and other.composite.complete
        rows += _stretch(
            f"composite {n}",
            (one, other),
            (one.composite.value, other.composite.value),
            COMPOSITE if whole else _name(one),
            "whole" if whole else "partial",
            2.8 if whole else 1.4,
        )
    return pd.DataFrame(rows, columns=["stretch", "number", "value", "who", "dash", "width"])


def _stretch(
    stretch: str,
    sessions: tuple[SessionScores, SessionScores],
    ends: tuple[float | None, float | None],
    who: str,
    dash: str,
    width: float,
) -> list[dict[str, object]]:
    if None in ends:
        return []
    return [
        {"stretch": stretch, "number": s.session.number, "value": end, "who": who, "dash": dash, "width": width}
        for s, end in zip(sessions, ends, strict=True)
    ]


def _name(scored: SessionScores) -> str:
    return COMPOSITE if scored.composite.complete else PARTIAL
