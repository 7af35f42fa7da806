"""Codings of one session side by side around a moment: one lane each, what differs in full colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import altair as alt
import pandas as pd

from workbench.app.parts.ink import ink
from workbench.model.scheme import Code, CodingScheme
from workbench.model.span import TimeSpan, clock
from workbench.workflows.review import Lane, Marked

_ROW = 24
_HEAD = 24
_GAP = 8
# What a label needs, as a share of the plot's width: so that labels of neighbours do not run into each other.
_LETTER = 0.0128


@dataclass(frozen=True, slots=True)
class _Placed:
    """An event on its row. `where` its label stands: "inside" its bar, or to the "right" or "left" of the
    instant `label_ms`."""

    marked: Marked
    code: Code
    row: int
    where: str
    label_ms: int


def lanes_plot(lanes: Sequence[Lane], scheme: CodingScheme, around: TimeSpan, at_ms: int) -> alt.LayerChart:
    """The lanes within `around`, with a line at `at_ms`."""
    colours = ink()
    codes: Mapping[str, Code] = {c.id: c for c in scheme.codes}
    events: list[dict[str, object]] = []
    heads: list[dict[str, object]] = []
    top = 0
    for lane in lanes:
        placed = _placed(lane, codes, around)
        heads.append({"y": top + _HEAD - 7, "name": lane.label, "line": top})
        for one in placed:
            event = one.marked.event
            end = event.end_ms if event.end_ms is not None else event.start_ms
            y = top + _HEAD + one.row * _ROW + _ROW / 2
            events.append(
                {
                    "start": max(event.start_ms, around.start_ms),
                    "end": min(end, around.end_ms),
                    "state": end > event.start_ms,
                    "y": y,
                    "y1": y - 7,
                    "y2": y + 7,
                    "where": one.where,
                    "label": one.label_ms,
                    "code": one.code.label,
                    "colour": one.code.colour,
                    "strength": 1.0 if one.marked.mark == "differs" or one.marked.mark is None else 0.5,
                    "time": clock(event.start_ms) + (f" to {clock(end)}" if end > event.start_ms else ""),
                    "note": one.marked.note,
                }
            )
        rows = max((p.row for p in placed), default=0) + 1
        if not placed:
            heads.append({"y": top + _HEAD + _ROW / 2 + 4, "name": "nothing coded here", "line": None})
        top += _HEAD + rows * _ROW + _GAP
    y_scale = alt.Scale(domain=[top, 0], nice=False)
    y = alt.Y("y:Q", scale=y_scale, axis=None)
    x = alt.X(
        "start:Q",
        scale=alt.Scale(domain=[around.start_ms, around.end_ms], nice=False),
        axis=alt.Axis(title=None, grid=True, tickCount=6, labelExpr=_clock_label(around.end_ms), domain=False),
    )
    drawn = alt.Chart(pd.DataFrame(events, columns=_COLUMNS))
    tooltip = [alt.Tooltip("code:N", title="code"), alt.Tooltip("time:N"), alt.Tooltip("note:N", title=" ")]
    common = {
        "color": alt.Color("colour:N", scale=None),
        "opacity": alt.Opacity("strength:Q", scale=None),
        "tooltip": tooltip,
    }
    head = alt.Chart(pd.DataFrame(heads))
    moment = alt.Chart(pd.DataFrame([{"start": at_ms}]))
    return alt.layer(
        head.transform_filter("isValid(datum.line)")
        .mark_rule(color=colours.line)
        .encode(y=alt.Y("line:Q", scale=y_scale, axis=None)),
        moment.mark_rule(color=colours.text, strokeDash=[3, 3], opacity=0.7).encode(x=x),
        head.mark_text(align="left", baseline="alphabetic", color=colours.quiet, fontWeight=500).encode(
            x=alt.value(0), y=y, text="name:N"
        ),
        drawn.transform_filter("datum.state")
        .mark_rect(cornerRadius=3)
        .encode(x=x, x2="end:Q", y=alt.Y("y1:Q", scale=y_scale, axis=None), y2="y2:Q", **common),
        drawn.transform_filter("!datum.state").mark_point(filled=True, size=95).encode(x=x, y=y, **common),
        *(
            drawn.transform_filter(f"datum.where == '{where}'")
            .mark_text(align=align, dx=dx, color=colour, baseline="middle", fontWeight=weight)
            .encode(
                x=alt.X("label:Q"),
                y=y,
                text="code:N",
                opacity=alt.value(1.0) if where == "inside" else common["opacity"],
            )
            for where, align, dx, colour, weight in (
                ("inside", "left", 6, "white", 500),
                ("right", "left", 9, colours.text, 400),
                ("left", "right", -9, colours.text, 400),
            )
        ),
    ).properties(height=top, width="container")


_COLUMNS = ["start", "end", "state", "y", "y1", "y2", "where", "label", "code", "colour", "strength", "time", "note"]


def _placed(lane: Lane, codes: Mapping[str, Code], around: TimeSpan) -> list[_Placed]:
    """The lane's events within `around`, each on the first row where its label has room."""
    free: list[int] = []
    out = []
    for marked in lane.events:
        event = marked.event
        end = event.start_ms if event.end_ms is None else event.end_ms
        if end < around.start_ms or event.start_ms >= around.end_ms:
            continue
        code = codes[event.code]
        start, stop = max(event.start_ms, around.start_ms), min(end, around.end_ms)
        needs = round((len(code.label) + 3) * _LETTER * around.length_ms)
        if stop - start >= needs:
            where, label_ms, begin, reach = "inside", start, start, stop
        elif stop + needs <= around.end_ms:
            where, label_ms, begin, reach = "right", stop, start, stop + needs
        else:
            where, label_ms, begin, reach = "left", start, start - needs, stop
        row = next((n for n, until in enumerate(free) if until <= begin), len(free))
        free[row : row + 1] = [reach]
        out.append(_Placed(marked, code, row, where, label_ms))
    return out


def _clock_label(end_ms: int) -> str:
    return "utcFormat(datum.value, '%-H:%M:%S')" if end_ms >= 3_600_000 else "utcFormat(datum.value, '%-M:%S')"
