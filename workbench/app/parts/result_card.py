"""One result as a report states it, when it misleads, and the same number in Python."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts.numbers import interval, number, percent
from workbench.app.parts.table import Column, table
from workbench.app.parts.texts import count, plain
from workbench.workflows.agree import Result
from workbench.workflows.report_notes import Labels, by_label
from workbench.workflows.report_tables import detail_tables

_DIGITS = 3


def result_card(
    result: Result,
    lines: str,
    *,
    what: str,
    raters: str = "",
    why: str = "",
    folded: bool = False,
    labels: Labels | None = None,
) -> None:
    """Everything a reader of one number needs. `what` names the code or scale; `lines` are Python; `why`
    says why this coefficient is the recommended one; `folded` keeps all but the number itself out of sight; `labels`
    are those of other codes, by their ids."""
    st.markdown(statement(result, what, raters, labels))
    if why:
        st.caption(f"**Why this one.** {plain(why)}")
    with st.expander("What it rests on, and the same in Python") if folded else st.container():
        st.caption(plain(_circumstances(result)))
        for note in result.notes:
            st.caption(plain(_by_label(note, result, what, labels)))
        st.caption(f"**When it misleads.** {plain(result.misleading_when)}")
        _numbers(result)
        st.caption("**The same in Python**")
        st.code(lines.strip(), language="python", wrap_lines=True)


def _by_label(note: str, result: Result, what: str, labels: Labels | None) -> str:
    """A note or reason that names codes by their ids, with the labels that the screen has for them."""
    own = {str(code): what} if (code := result.settings.get("what")) else {}
    return by_label(note, {**own, **(labels or {})})


def statement(result: Result, what: str, raters: str, labels: Labels | None = None) -> str:
    """The value with its interval, or why there is none, in one sentence of Markdown."""
    head = f"**{plain(what)}** · {plain(result.title)}{f' · {plain(raters)}' if raters else ''}"
    if result.value is None:
        return f"{head}  \nUndefined: {plain(_by_label(result.reason or '', result, what, labels))}\\."
    value = f"**{plain(number(result.value, _DIGITS))}**"
    if result.low is None:
        return f"{head}  \n{value}, no interval: {plain(result.interval_reason or '')}\\."
    ends = plain(interval(result.low, result.high, _DIGITS))
    return f"{head}  \n{value}, {100 * result.confidence:g} % interval {ends}"


def _numbers(result: Result) -> None:
    """What a coefficient itself has tables of: components of variance, a D-study."""
    for found in detail_tables([result], {}):
        columns = [Column(str(c), numeric=n in found.numeric) for n, c in enumerate(found.columns)]
        table(columns, [[str(cell) for cell in row] for row in found.rows], caption=found.title)


def _circumstances(result: Result) -> str:
    parts = []
    if result.low is not None:
        drawn = f", {result.replicates:,} replicates, seed {result.seed}" if result.seed is not None else ""
        lost = f", {result.undefined_replicates:,} of them undefined" if result.undefined_replicates else ""
        parts.append(f"Interval {result.interval_scope}: {result.interval_method}{drawn}{lost}.")
    parts.append(
        f"{result.n_pairable:,} of {result.n_units:,} units pairable, {len(result.raters)} raters, "
        + (f"{count(result.n_sessions, 'session')}, " if result.n_sessions else "")
        + f"{percent(result.missing_share, 1)} of cells missing, {result.level} level."
    )
    if result.excluded:
        parts.append("Left out: " + "; ".join(f"{n:,} {reason}" for reason, n in result.excluded.items()) + ".")
    below = [
        f"P(α < {name}) {percent(result.details[key], 1)}"
        for key, name in (("p_below_0.667", ".667"), ("p_below_0.800", ".800"))
        if result.details.get(key) is not None
    ]
    if below:
        parts.append(f"{', '.join(below)} ({result.details['p_below_by']}).")
    extra = [
        f"{name} {number(result.details[key])}"
        for key, name in _FURTHER
        if isinstance(result.details.get(key), float | int)
    ]
    if extra:
        parts.append(f"{', '.join(extra)}.")
    parts.append(f"{result.software}.")
    return " ".join(parts)


_FURTHER = (
    ("observed_agreement", "Observed agreement"),
    ("kappa_max", "κmax"),
    ("pabak", "PABAK"),
    ("prevalence_index", "prevalence index"),
    ("bias_index", "bias index"),
    ("positive_agreement", "positive agreement"),
    ("negative_agreement", "negative agreement"),
    ("bias", "Bias"),
    ("sd", "standard deviation of the differences"),
    ("lower_limit", "lower limit"),
    ("upper_limit", "upper limit"),
    ("absolute_sem", "absolute standard error"),
)
