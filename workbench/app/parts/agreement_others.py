"""Several results at once: a line each, and any of them in full."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from workbench.app.parts.numbers import interval, number
from workbench.app.parts.result_card import result_card
from workbench.app.parts.table import Cell, Column, table
from workbench.workflows import measure_agreement
from workbench.workflows.agree import Material, Result
from workbench.workflows.compare_raters import pair_names
from workbench.workflows.report_notes import by_label


def several(
    material: Material,
    what: str,
    results: Sequence[Result],
    *,
    key: str,
    first: str = "Coefficient",
    name: Callable[[Result], str] = lambda r: r.title,
) -> None:
    """A table of `results`, called by `name` under the heading `first`, and under it the one that is chosen."""
    columns = [
        Column(first, width="34rem"),
        Column("Raters"),
        Column("Value", numeric=True),
        Column("95 % interval", numeric=True),
    ]
    told: set[str] = set()
    rows: list[list[str | Cell]] = []
    for r in results:
        reason = f"Undefined: {by_label(r.reason or '', material.code_labels)}." if r.value is None else ""
        misleads = "" if r.id in told else r.misleading_when
        told.add(r.id)
        title = name(r)
        under = reason or misleads if title == r.title else " ".join(x for x in (f"{r.title}.", reason) if x)
        rows.append(
            [
                Cell(title, under=under),
                raters_of(material, r),
                number(r.value, 3),
                interval(r.low, r.high, 3),
            ]
        )
    table(columns, rows)
    at = st.selectbox(
        "In full",
        range(len(results)),
        format_func=lambda n: f"{name(results[n])}, {raters_of(material, results[n])}",
        index=None,
        placeholder="Choose one for its settings, counts and Python",
        key=key,
    )
    if at is not None and at < len(results):
        chosen = results[at]
        lines, raters = measure_agreement.in_python(chosen), raters_of(material, chosen)
        result_card(chosen, lines, what=what, raters=raters, labels=material.code_labels)


def raters_of(material: Material, result: Result) -> str:
    """Whose agreement a result is: two raters by name, one and the others, or all of them."""
    if result.settings.get("by") == "rater":
        return f"{material.rater_name(result.settings['of'])} and the others"
    return pair_names(material, result) if len(result.raters) == 2 else f"all {len(result.raters)}"
