"""Agreement of ratings and of the scores made of them: the reliability of the study's score of record."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts import computed
from workbench.app.parts.agreement_in_full import in_full
from workbench.app.parts.agreement_planning import before_a_study
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.interval_plot import PICK, Line, interval_plot, picked_of
from workbench.app.parts.numbers import interval, number, percent
from workbench.app.parts.table import Column, table
from workbench.app.parts.texts import empty, plain
from workbench.workflows import measure_agreement
from workbench.workflows.compare_raters import ratings_in_words, rests_on
from workbench.workflows.measure_agreement import Measured

ICC = "Intraclass correlation, two-way random, absolute agreement"
_RECORDS = {
    "primary": "one rater’s coding",
    "mean": "the mean of the raters",
    "consensus": "a consensus",
}


def show(shown: Shown) -> None:
    """The plot, the numbers as a table, and one rating in full."""
    subjects = measure_agreement.ratings(shown.material)
    if not subjects:
        empty("This scheme has no ratings", "Only its codes can be compared.")
        return
    if shown.material.scheme.codes and (words := ratings_in_words(shown.material, shown.pairs)):
        st.markdown(plain(words))  # of ratings alone the head of the screen says it
    found = [computed.measured(shown.material, shown.mark, s) for s in subjects]
    first = found[0].recommended
    picked = st.altair_chart(
        interval_plot(
            [_line(m) for m in found],
            value_title="ICC" if first.id == "icc" else "Value",
            beside_title="Krippendorff’s α",
            used_title="ratings",
            x_title=ICC if first.id == "icc" else first.title,
            rules=False,
        ),
        theme=None,
        on_select="rerun",
        selection_mode=PICK,
        key=f"agreement-ratings-{shown.mark[:12]}",
        alt=f"{ICC if first.id == 'icc' else first.title} of each rating with its 95 % interval",
    )
    base = rests_on([m.recommended for m in found])
    record = _RECORDS.get(shown.material.record, "")
    made = f"The study’s score of record is {record}; ICC is that of such a score. " if record else ""
    st.caption(
        plain(
            f"{made}{base} Pooled over "
            "pairs of patient and provider, ICC mostly shows differences between pairs: “Other coefficients” tells "
            "them from change within pairs."
        )
    )
    with st.expander("Every number as a table"):
        _table(found)
    at = picked_of(picked, [m.subject.key for m in found]) or found[0].subject.key
    in_full(shown, next(m for m in found if m.subject.key == at), key="agreement-one-scale")
    st.caption("A click on another line of the plot shows that rating here.")
    before_a_study()


def _line(found: Measured) -> Line:
    r = found.recommended
    beside = " ".join(", ".join(filter(None, (number(a.value), interval(a.low, a.high)))) for a in found.beside)
    used = f"{found.subject.used:,}"
    return Line(found.subject.key, found.subject.label, r.value, r.low, r.high, r.reason or "", beside, used)


def _table(found: list[Measured]) -> None:
    columns = [
        Column("Rating"),
        Column("Coefficient"),
        Column("Value", numeric=True),
        Column("95 % interval", numeric=True),
        Column("Sessions", numeric=True),
        Column("Missing", numeric=True),
    ]
    rows = []
    for m in found:
        for n, r in enumerate((m.recommended, *m.beside, *m.asked)):
            value = number(r.value, 3) if r.value is not None else "undefined"
            rows.append(
                [
                    m.subject.label if n == 0 else "",
                    r.title,
                    value,
                    interval(r.low, r.high, 3),
                    str(r.n_sessions or 0),
                    percent(r.missing_share, 1),
                ]
            )
    table(columns, rows, caption="For the study’s score of record; Krippendorff’s α beside it.")
