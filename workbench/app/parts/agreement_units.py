"""Into which units the codes are cut: chosen in Codes, and used by Raters and Over time as well."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from workbench.app.parts.agreement_shown import Shown
from workbench.app.parts.texts import plain
from workbench.workflows import measure_agreement
from workbench.workflows.measure_agreement import Units

_NOTES = {
    "bins": "Onsets of different raters within the tolerance count as the same moment.",
    "utterances": "An event belongs to the utterance in which it begins.",
    "time_units": "Each unit looks as far around it as the tolerance, through one rater’s units and the other’s.",
    "aligned": "Events of two raters are paired by their onsets, within the tolerance; one alone counts too.",
    "linked": "Events of two raters are linked by the share of the longer one that they have in common.",
    "sequence": "The order of the codes of two raters is aligned, whatever the time.",
    "continua": "Raters found the units themselves: where they begin and end counts.",
    "totals": "Totals can agree where raters never coded the same moment.",
}
_MEASURES = {
    "per_minute": "Rate per minute",
    "count": "Count",
    "share": "Share of the time",
    "seconds": "Seconds",
}


def chosen_units(shown: Shown) -> tuple[Units, tuple[str, str] | None]:
    """The units that are asked for, and the pair where their coefficient compares two raters and no more."""
    usual = measure_agreement.usual(shown.material)
    names = measure_agreement.ways()
    way_at, one_at, two_at, note_at = st.columns([2.6, 1.6, 1.6, 4.6], vertical_alignment="bottom", gap="medium")
    study = f"{shown.choice.study_id}-{shown.choice.scheme_hash}"
    way: str = way_at.selectbox(
        "Units",
        list(names),
        index=list(names).index(usual.way),
        format_func=lambda w: names[w],
        key=f"agreement-way-{study}",
    )
    given: dict[str, Any] = {}
    facts = measure_agreement.facts(shown.material, way)
    if len(facts) > 1:
        compared = st.selectbox(
            "Compared",
            list(facts),
            format_func=lambda f: facts[f],
            key=f"agreement-compare-{study}",
            width=360,
            help="“Alone” asks how far raters who coded the same event agree on it; the other events do not count.",
        )
        if compared != "code":
            given["compare"] = compared

    def seconds(at: DeltaGenerator, label: str, least: float, first_ms: int, name: str) -> None:
        value = at.number_input(
            label, least, 60.0, first_ms / 1000, 0.5, format="%g", key=f"agreement-{name}-{way}-{study}"
        )
        given[name] = round(1000 * value)

    if way == "bins":
        seconds(one_at, "Bin width, s", 0.5, shown.material.scheme.bin_ms, "bin_ms")
    if way == "time_units":
        seconds(one_at, "Unit, s", 0.5, 1000, "unit_ms")
    if way in ("bins", "time_units", "aligned"):
        first_ms = 0 if way == "bins" else shown.material.scheme.tolerance_ms
        seconds(two_at, "Tolerance, s", 0.0, first_ms, "tolerance_ms")
    if way == "linked":
        given["overlap"] = one_at.number_input("Overlap, %", 51, 100, 60, 1, key=f"agreement-overlap-{study}") / 100
    if way == "totals":
        given["measure"] = one_at.selectbox(
            "Measure", list(_MEASURES), format_func=lambda m: _MEASURES[m], key=f"agreement-measure-{study}"
        )
    note_at.caption(_NOTES[way])
    units = Units(way, tuple(given.items()))
    st.session_state["agreement-units"] = (shown.choice.study_id, shown.choice.scheme_hash, units)
    return units, _pair(shown) if measure_agreement.by_pair_only(units) else None


def present_units(shown: Shown) -> Units:
    """The units that Codes was left with; the usual ones before that."""
    found = st.session_state.get("agreement-units")
    if found and found[:2] == (shown.choice.study_id, shown.choice.scheme_hash):
        units: Units = found[2]
        return units
    return measure_agreement.usual(shown.material)


def _pair(shown: Shown) -> tuple[str, str] | None:
    pairs = measure_agreement.pairs(shown.material)
    if len(pairs) < 2:
        return pairs[0] if pairs else None
    names = {pair: " and ".join(map(shown.material.rater_name, pair)) for pair in pairs}
    left, right = st.columns([3, 7], vertical_alignment="bottom")
    picked: tuple[str, str] = left.selectbox(
        "Raters", pairs, format_func=lambda p: names[p], key=f"agreement-units-pair-{shown.mark[:12]}"
    )
    right.caption(plain("This coefficient compares two raters; each pair of them can be chosen."))
    return picked
