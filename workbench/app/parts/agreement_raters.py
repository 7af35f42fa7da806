"""Every rater beside every other: one square, each rater beside all others, and beside the criterion."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from workbench.app.parts import computed
from workbench.app.parts.agreement_criterion import against_criterion
from workbench.app.parts.agreement_files import files_button
from workbench.app.parts.agreement_others import several
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.agreement_units import present_units
from workbench.app.parts.numbers import NONE, interval, number, percent
from workbench.app.parts.texts import plain
from workbench.workflows import compare_raters, measure_agreement
from workbench.workflows.agree import Result
from workbench.workflows.measure_agreement import Subject

_MOMENTS = "Moments coded alike"


@dataclass(frozen=True, slots=True)
class Beside:
    """Two raters: the value as a number and in print, what stands under it, what a pointer is told."""

    value: float | None
    text: str
    under: str
    about: str = ""


Square = Mapping[frozenset[str], Beside]


def show(shown: Shown) -> None:
    """The square of what is asked for."""
    material = shown.material
    raters = {r: material.rater_name(r) for r in material.study.raters}
    units = present_units(shown)
    subjects = [*measure_agreement.codes(material, units), *measure_agreement.ratings(material)]
    of = {s.key: s for s in subjects}
    asked = st.selectbox(
        "Compare",
        ["", *of] if material.scheme.codes else list(of),
        format_func=lambda key: of[key].label if key else _MOMENTS,
        key="agreement-raters-by",
        width=420,
    )
    subject = of.get(asked)
    if subject is None:
        st.html(markup(raters, _moments(shown), caption=f"{_SHARE} {shown.pairs[0].comparison.rule}"))
        st.caption(_READING)
        _moments_in_python(shown)
        against_criterion(shown, None)
        return
    with st.spinner("Computing …"):
        of_pairs = computed.of_pairs(material, shown.mark, subject)
        of_raters = computed.of_raters(material, shown.mark, subject)
    square = {frozenset(r.raters): _beside(r) for r in of_pairs}
    others = {r.settings["of"]: _beside(r) for r in of_raters}
    st.html(markup(raters, square, others, caption=_caption(of_pairs, of_raters, subject)))
    st.caption(plain(of_pairs[0].misleading_when))
    with st.expander("Every number in full"):
        several(material, subject.label, [*of_pairs, *of_raters], key="agreement-raters-in-full")
    against_criterion(shown, subject)


_SHARE = "Of the moments that either rater coded, the share that both coded alike."
_READING = (
    "Not corrected for chance: to see where two raters part, not to be reported. “With the others” is the mean of a "
    "rater’s values, each of the other raters counting once."
)


def _moments(shown: Shown) -> Square:
    return {
        frozenset((p.a, p.b)): Beside(
            p.share, percent(p.share), f"{p.hits:,} of {p.total:,}", f"{p.names}, {p.n_sessions} sessions"
        )
        for p in shown.pairs
    }


def _moments_in_python(shown: Shown) -> None:
    with st.expander("The same in Python"):
        at = st.selectbox(
            "Raters",
            range(len(shown.pairs)),
            format_func=lambda n: shown.pairs[n].names,
            key=f"agreement-moments-python-{shown.mark[:12]}",
        )
        pair = shown.pairs[at]
        lines = compare_raters.in_python(pair)
        st.code(lines.strip(), language="python", wrap_lines=True)
        files_button(shown, lines, key=f"moments-{pair.a}-{pair.b}")


def _beside(result: Result) -> Beside:
    if result.value is None:
        return Beside(None, NONE, "undefined", result.reason or "")
    return Beside(
        result.value,
        number(result.value),
        interval(result.low, result.high),
        f"{result.n_pairable:,} units; {result.interval_reason or result.interval_method}",
    )


def _caption(of_pairs: Sequence[Result], of_raters: Sequence[Result], subject: Subject) -> str:
    first = of_pairs[0]
    what = f"{subject.label}{'' if first.id == 'icc' else f', {subject.units.words}'}: {first.title}"
    with_others = ""
    if any(r.value is not None for r in of_raters):
        with_others = " “With the others”: each rater’s values and those of all others, pair by pair"
        with_others += "." if of_raters[0].id == first.id else f" ({of_raters[0].title})."
    return f"{what}, with its {100 * first.confidence:g} % interval.{with_others}"


def markup(
    raters: Mapping[str, str], square: Square, others: Mapping[str, Beside] | None = None, *, caption: str = ""
) -> str:
    """The square as HTML: a row and a column for each rater, and each rater with the others at the end (left out:
    the mean of the rater's values).

    A tint follows the value from 0 to 1; it judges nothing, and every value is printed.
    """
    head = "".join(f'<th scope="col" class="n">{escape(name)}</th>' for name in raters.values())
    body = "".join(_row(rater, raters, square, others) for rater in raters)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    top = f'<thead><tr><td></td>{head}<th scope="col" class="n">With the others</th></tr></thead>'
    return f'<div class="wb-table wb-square"><table>{said}{top}<tbody>{body}</tbody></table></div>'


def _row(rater: str, raters: Mapping[str, str], square: Square, others: Mapping[str, Beside] | None) -> str:
    cells = [_cell(square.get(frozenset((rater, other)))) if other != rater else "<td></td>" for other in raters]
    if others is None:
        mean = with_others(rater, list(raters), square)
        last = f'<td class="n"><b>{NONE if mean is None else percent(mean)}</b></td>'
    else:
        last = _cell(others[rater]) if rater in others else f'<td class="n">{NONE}</td>'
    return f'<tr><th scope="row">{escape(raters[rater])}</th>{"".join(cells)}{last}</tr>'


def _cell(found: Beside | None) -> str:
    if found is None:
        return f'<td class="n" title="They share no session.">{NONE}</td>'
    share = 0 if found.value is None else round(100 * min(1.0, max(0.0, found.value)))
    title = f' title="{escape(found.about)}"' if found.about else ""
    return (
        f'<td class="n" style="--share:{share}%"{title}>{escape(found.text)}<small>{escape(found.under)}</small></td>'
    )


def with_others(rater: str, raters: Sequence[str], square: Square) -> float | None:
    """The mean of a rater's defined values with each other rater, or None."""
    values = [
        beside.value
        for other in raters
        if other != rater and (beside := square.get(frozenset((rater, other)))) is not None and beside.value is not None
    ]
    return math.fsum(values) / len(values) if values else None
