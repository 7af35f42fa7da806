"""Several results at once: a line each, and any of them in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from workbench.app.parts.numbers import interval, number
from workbench.app.parts.result_card import result_card
from workbench.app.parts.table import Cell, Column, table
from workbench.workflows.agree import Result
from workbench.workflows.report_notes import Labels, by_label

# Longer tables scroll within this height (pixels), so that what follows them stays near.
_MANY, _HEIGHT = 40, 640


def choose_result(
    results: Sequence[Result],
    *,
    what: str,
    raters_of: Callable[[Result], str],
    lines_of: Callable[[Result], str],
    key: str,
    first: str = "Coefficient",
    name: Callable[[Result], str] = lambda r: r.title,
    labels: Labels | None = None,
) -> None:
    """A table of `results`, called by `name` under the heading `first`, and under it the one that is chosen.

    `raters_of` says whose agreement a result is, `lines_of` the Python that gives it; `labels` as for a card.
    """
    columns = [
        Column(first, width="34rem"),
        Column("Raters"),
        Column("Value", numeric=True),
        Column("95 % interval", numeric=True),
    ]
    told: set[str] = set()
    rows: list[list[str | Cell]] = []
    for r in results:
        reason = f"Undefined: {by_label(r.reason or '', labels or {})}." if r.value is None else ""
        misleads = "" if r.id in told else r.misleading_when
        told.add(r.id)
        title = name(r)
        under = reason or misleads if title == r.title else " ".join(x for x in (f"{r.title}.", reason) if x)
        rows.append([Cell(title, under=under), raters_of(r), number(r.value, 3), interval(r.low, r.high, 3)])
    with st.container(height=_HEIGHT if len(rows) > _MANY else "content", border=False):
        table(columns, rows)
    at = st.selectbox(
        "In full",
        range(len(results)),
        format_func=lambda n: f"{name(results[n])}, {raters_of(results[n])}",
        index=None,
        placeholder="Choose one for its settings, counts and Python",
        key=key,
    )
    if at is not None and at < len(results):
        result_card(results[at], lines_of(results[at]), what=what, raters=raters_of(results[at]), labels=labels)
