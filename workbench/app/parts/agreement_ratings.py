"""Agreement of ratings: the intraclass correlation of each scale, and the forms that are folded away."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts import computed
from workbench.app.parts.agreement_files import files_button
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.interval_plot import PICK, Line, interval_plot
from workbench.app.parts.numbers import interval, number, percent
from workbench.app.parts.result_card import result_card
from workbench.app.parts.table import Column, table
from workbench.app.parts.texts import empty, plain
from workbench.workflows import agree
from workbench.workflows.agree import Result
from workbench.workflows.compare_raters import CodeAgreement, by_scale


def show(shown: Shown) -> None:
    """The plot, all forms as a table, and one scale in full."""
    scales = by_scale(shown.material, computed.per_scale(shown.material, shown.mark))
    if not scales:
        empty("This scheme has no ratings", "Only its codes can be compared.")
        return
    picked = st.altair_chart(
        interval_plot(
            [_line(s) for s in scales],
            value_title="ICC(2,1)",
            beside_title="Krippendorff’s α",
            used_title="ratings",
            x_title="ICC(2,1) = ICC(A,1): two-way random, absolute agreement, single rater",
            rules=False,
        ),
        theme=None,
        on_select="rerun",
        selection_mode=PICK,
        key=f"agreement-ratings-{shown.mark[:12]}",
        alt="Intraclass correlation of each rating with its 95 % interval",
    )
    used = sorted({s.recommended.n_sessions or 0 for s in scales})
    n = f"{used[0]} to {used[-1]}" if len(used) > 1 else str(used[0])
    raters = len(scales[0].recommended.raters)
    st.caption(
        plain(
            f"ICC on the {n} sessions in which all {raters} raters gave a value; α on every session that at least two "
            "rated. Pooled over pairs of patient and provider, ICC mostly shows differences between pairs."
        )
    )
    with st.expander("All six forms as a table"):
        _table(scales)
    _one_scale(shown, scales, picked)


def _alpha(scale: CodeAgreement) -> Result | None:
    return next((r for r in scale.others if r.id == "krippendorff_alpha"), None)


def _line(scale: CodeAgreement) -> Line:
    r, alpha = scale.recommended, _alpha(scale)
    beside = "" if alpha is None else f"{number(alpha.value)}, {interval(alpha.low, alpha.high)}"
    return Line(scale.id, scale.label, r.value, r.low, r.high, r.reason or "", beside, f"{scale.used:,}")


def _table(scales: list[CodeAgreement]) -> None:
    columns = [
        Column("Rating"),
        Column("Shrout & Fleiss"),
        Column("McGraw & Wong"),
        Column("Value", numeric=True),
        Column("95 % interval", numeric=True),
        Column("Sessions", numeric=True),
        Column("Missing", numeric=True),
    ]
    rows = []
    for scale in scales:
        for n, r in enumerate((scale.recommended, *scale.others)):
            forms = (r.variant, str(r.details.get("mcgraw_wong", ""))) if r.id == "icc" else (r.title, "")
            value = number(r.value, 3) if r.value is not None else "undefined"
            rows.append(
                [
                    scale.label if n == 0 else "",
                    *forms,
                    value,
                    interval(r.low, r.high, 3),
                    str(r.n_sessions or 0),
                    percent(r.missing_share, 1),
                ]
            )
    table(columns, rows, caption="Intraclass correlations by both naming systems; Krippendorff’s α beside them.")


def _one_scale(shown: Shown, scales: list[CodeAgreement], event: object) -> None:
    try:
        clicked = event["selection"][PICK][0]["id"]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        clicked = None
    scale = next((s for s in scales if s.id == clicked), scales[0])
    with st.container(border=True, key="agreement-one-scale"):
        lines = agree.in_python(scale.recommended)
        result_card(scale.recommended, lines, what=scale.label)
        files_button(shown, lines, key=scale.id)
        alpha = _alpha(scale)
        if alpha is not None:
            with st.expander("Krippendorff’s α"):
                result_card(alpha, agree.in_python(alpha), what=scale.label)
    st.caption("A click on another line of the plot shows that rating here.")
