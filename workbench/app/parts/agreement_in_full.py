"""One code, rating or score in full: its coefficient with all it rests on; every other number is folded away."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts import computed
from workbench.app.parts.agreement_files import files_button
from workbench.app.parts.agreement_others import several
from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.result_card import result_card, statement
from workbench.workflows import measure_agreement
from workbench.workflows.agree import Result
from workbench.workflows.compare_raters import pair_names
from workbench.workflows.measure_agreement import Measured

_MORE = ("Other coefficients", "Each pair", "Each rater", "Each session")


def in_full(shown: Shown, found: Measured, *, key: str, pair: tuple[str, str] | None = None, before: str = "") -> None:
    """The card of the recommended coefficient; `before` says what it was under other settings."""
    subject = found.subject
    with st.container(border=True, key=key):
        lines = measure_agreement.in_python(found.recommended)
        raters = pair_names(shown.material, found.recommended) if pair else ""
        labels = shown.material.code_labels
        result_card(found.recommended, lines, what=subject.label, raters=raters, why=found.why, labels=labels)
        for other in found.asked:
            raters_of = pair_names(shown.material, other) if len(other.raters) == 2 else ""
            st.caption(f"The scheme asks for this besides: {statement(other, subject.label, raters_of, labels)}")
        if before:
            st.caption(before)
        files_button(shown, lines, key=subject.key)
        more = st.segmented_control(
            "More of it",
            _MORE,
            key=f"{key}-more",
            help="Decide which coefficient to report before you see the others.",
        )
        if more:
            with st.spinner("Computing …"):
                _more(shown, found, str(more), pair, key)


def _more(shown: Shown, found: Measured, more: str, pair: tuple[str, str] | None, key: str) -> None:
    material, mark, subject = shown.material, shown.mark, found.subject
    asked, of = f"{key}-in-full", subject.label
    match more:
        case "Other coefficients":
            same = (found.recommended.id, found.recommended.variant)
            every = [r for r in computed.every_coefficient(material, mark, subject, pair) if (r.id, r.variant) != same]
            _or(every, "These data have no other coefficient.")
            if every:
                several(material, of, every, key=asked)
        case "Each pair":
            several(material, of, computed.of_pairs(material, mark, subject), key=asked)
        case "Each rater":
            results = computed.of_raters(material, mark, subject)
            _or(results, "Such units are told apart by pair, not by rater.")
            if results:
                name = "Rater against the others"
                several(
                    material, of, results, key=asked, first=name, name=lambda r: material.rater_name(r.settings["of"])
                )
        case _:
            results = computed.of_sessions(material, mark, subject, pair)
            _or(results, "Each session is one unit here, and one unit has no coefficient of its own.")
            if results:
                titles = {s.code: s.title or s.code for s in material.sessions}
                several(material, of, results, key=asked, first="Session", name=lambda r: titles[r.settings["of"]])


def _or(results: list[Result], sentence: str) -> None:
    if not results:
        st.caption(sentence)
