"""Values with their intervals, one line each: as journals print them, with the numbers beside.

No colours that judge, no pass and fail: the two thin lines are Krippendorff's .667 and .800, to be
read against the interval.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from workbench.app.parts.ink import ink
from workbench.app.parts.numbers import interval, number

PICK = "picked"
_ROW = 27
_NUMBERS_WIDTH = 345
_KRIPPENDORFF = (0.667, 0.800)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the plot. `before` is the value under earlier settings; `beside` and `used` stand in the
    columns to the right; `reason` says why there is no value."""

    id: str
    label: str
    value: float | None
    low: float | None
    high: float | None
    reason: str
    beside: str
    used: str
    before: float | None = None


def interval_plot(
    lines: Sequence[Line],
    *,
    value_title: str,
    beside_title: str,
    used_title: str,
    x_title: str,
    rules: bool = True,
) -> alt.LayerChart:
    """The plot; a click on a line selects its `id` under the name `picked`."""
    colours = ink()
    table = pd.DataFrame(
        [
            {
                "id": line.id,
                "label": line.label,
                "value": line.value,
                "low": line.low,
                "high": line.high,
                "before": line.before,
                "number": "" if line.value is None else number(line.value),
                "interval": interval(line.low, line.high),
                "reason": f"undefined: {line.reason}" if line.value is None else "",
                "beside": line.beside,
                "used": line.used,
            }
            for line in lines
        ]
    )
    known = [v for line in lines for v in (line.low, line.value, line.before) if v is not None]
    any_before = any(line.before is not None for line in lines)
    lowest = min([0.0, *known])
    floor = max(-1.0, math.floor(lowest * 5) / 5)
    y = alt.Y(
        "label:N", sort=None, title=None, axis=alt.Axis(domain=False, ticks=False, labelLimit=230, labelPadding=10)
    )
    x = alt.X(
        "value:Q",
        title=x_title,
        scale=alt.Scale(domain=[floor, 1.0], clamp=True),
        axis=alt.Axis(tickCount=6, format=".1f", titleAnchor="start", titlePadding=8),
    )
    base = alt.Chart(table)
    picked = alt.selection_point(name=PICK, fields=["id"], on="click", empty=False, toggle=False)
    strip = (
        base.mark_rect(cursor="pointer", cornerRadius=3)
        .encode(
            y=y,
            x=alt.value(0),
            x2=alt.X2Value(alt.ExprRef(f"width + {_NUMBERS_WIDTH}")),
            color=alt.condition(picked, alt.value(colours.primary), alt.value(colours.background)),
            opacity=alt.condition(picked, alt.value(0.12), alt.value(0.0)),
            tooltip=[
                alt.Tooltip("label:N", title=" "),
                alt.Tooltip("number:N", title=value_title),
                alt.Tooltip("interval:N", title="95 % interval"),
                alt.Tooltip("reason:N", title=" "),
            ],
        )
        .add_params(picked)
    )
    whisker = base.mark_rule(strokeWidth=2, color=colours.primary, opacity=0.75).encode(
        y=y, x=alt.X("low:Q"), x2="high:Q"
    )
    dot = base.mark_point(filled=True, size=62, opacity=1, color=colours.primary).encode(y=y, x=x)
    earlier = base.mark_point(
        filled=False, size=52, opacity=1, strokeWidth=1.6, color=colours.primary, yOffset=7
    ).encode(y=y, x=alt.X("before:Q"))
    why = base.mark_text(
        align="left", dx=4, fontStyle="italic", color=colours.quiet, limit=alt.ExprRef("width - 10")
    ).encode(y=y, x=alt.value(0), text="reason:N")
    columns: list[alt.Chart] = []
    for field, title, at in (
        ("number", value_title, 48),
        ("interval", "95 % interval", 150),
        ("beside", beside_title, 178),
        ("used", used_title, 338),
    ):
        right = field != "beside"
        place: dict[str, Any] = {"x": alt.XValue(alt.ExprRef(f"width + {at}"))}
        columns.append(
            base.mark_text(align="right" if right else "left", color=colours.text).encode(
                y=y, text=f"{field}:N", **place
            )
        )
        columns.append(
            alt.Chart(pd.DataFrame([{"title": title}]))
            .mark_text(align="right" if right else "left", color=colours.quiet, fontWeight=500, baseline="bottom")
            .encode(y=alt.value(-8), text="title:N", **place)
        )
    lines_of = alt.Chart(pd.DataFrame([{"value": v, "name": f".{round(v * 1000):03d}"} for v in _KRIPPENDORFF]))
    limits: list[alt.Chart] = []
    if rules:
        limits = [
            lines_of.mark_rule(strokeDash=[2, 3], color=colours.quiet, opacity=0.6).encode(x="value:Q"),
            lines_of.mark_text(baseline="bottom", color=colours.quiet, fontSize=11).encode(
                x="value:Q", y=alt.value(-8), text="name:N"
            ),
        ]
    return (
        # a layer without a mark has no name for who hears the page
        alt.layer(strip, *limits, whisker, *([earlier] if any_before else []), dot, why, *columns)
        .properties(
            height=_ROW * len(lines),
            width="container",
            padding={"left": 4, "right": 8, "top": 8, "bottom": 4},
            autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        )
        .resolve_scale(x="shared")
    )


def picked_of(event: Any, ids: Sequence[str]) -> str | None:
    """The line that was clicked, if it is one of `ids`."""
    try:
        clicked = event["selection"][PICK][0]["id"]
    except (KeyError, IndexError, TypeError):
        return None
    return str(clicked) if clicked in ids else None
