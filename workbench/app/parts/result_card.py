"""One result as a report states it, when it misleads, and the same number in Python."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts.numbers import interval, number, percent
from workbench.app.parts.texts import plain
from workbench.workflows.agree import Result

_DIGITS = 3


def result_card(result: Result, lines: str, *, what: str, raters: str = "") -> None:
    """Everything a reader of one number needs. `what` names the code or scale; `lines` are Python."""
    st.markdown(_statement(result, what, raters))
    st.caption(plain(_circumstances(result)))
    for note in result.notes:
        st.caption(plain(note))
    st.caption(f"**When it misleads.** {plain(result.misleading_when)}")
    st.caption("**The same in Python**")
    st.code(lines.strip(), language="python", wrap_lines=True)


def _statement(result: Result, what: str, raters: str) -> str:
    head = f"**{plain(what)}** · {plain(result.title)}{f' · {plain(raters)}' if raters else ''}"
    if result.value is None:
        return f"{head}  \nUndefined: {plain(result.reason or '')}\\."
    value = f"**{plain(number(result.value, _DIGITS))}**"
    if result.low is None:
        return f"{head}  \n{value}, no interval: {plain(result.interval_reason or '')}\\."
    ends = plain(interval(result.low, result.high, _DIGITS))
    return f"{head}  \n{value}, {100 * result.confidence:g} % interval {ends}"


def _circumstances(result: Result) -> str:
    parts = []
    if result.low is not None:
        drawn = f", {result.replicates:,} replicates, seed {result.seed}" if result.seed is not None else ""
        lost = f", {result.undefined_replicates:,} of them undefined" if result.undefined_replicates else ""
        parts.append(f"Interval {result.interval_scope}: {result.interval_method}{drawn}{lost}.")
    parts.append(
        f"{result.n_pairable:,} of {result.n_units:,} units pairable, {len(result.raters)} raters, "
        + (f"{result.n_sessions:,} sessions, " if result.n_sessions else "")
        + f"{percent(result.missing_share, 1)} of cells missing, {result.level} level."
    )
    if result.excluded:
        parts.append("Left out: " + "; ".join(f"{n:,} {reason}" for reason, n in result.excluded.items()) + ".")
    below = [
        f"below {name} {percent(result.details[key], 1)}"
        for key, name in (("p_below_0.667", ".667"), ("p_below_0.800", ".800"))
        if result.details.get(key) is not None
    ]
    if below:
        parts.append(f"Share of resampled values {', '.join(below)}.")
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
)
