"""The scheme editor's rules: what a rating expects of the codes, and what raters may answer."""

from __future__ import annotations

from typing import Any

import streamlit as st

from workbench.app.parts.scheme_editing import Editing
from workbench.app.parts.scheme_entries import buttons, entries_of
from workbench.app.parts.scheme_fields import choice, flag, line, lines, paragraph, rest, several, wrong
from workbench.schemes import scheme_draft
from workbench.schemes.scheme_draft import Path
from workbench.schemes.yaml_text import Plain


def rules(e: Editing) -> None:
    """Rules between ratings and codes; then the reasons that raters choose from."""
    if not e.entries("rules") and not (e.ids("codes") and e.ids("ratings")):
        st.caption("A rule says what a rating expects of the codes. It needs a code and a rating: make these first.")
        return
    about = "No rule yet. A rule says what a rating expects: such as no “5” for trust without a code that shows it."
    entries_of(e, "rules", "rule", _new, about, _rule)
    if not e.entries("rules") and not e.value("reasons"):
        return
    with st.container(key="scheme-words-reasons"):
        lines(e, ("reasons",), "Reasons to choose from", hint="One on each line, at most nine.")
    flag(e, ("check_evidence",), "Ask the rater before submission", default=True)


def _new(e: Editing) -> dict[str, Any]:
    ids = e.ids("ratings")
    rating = next(iter(ids), "")
    n = list(ids).index(rating) if rating else 0
    high = e.words("ratings", n, "high")
    taken = [str(entry.get("id")) for entry in e.entries("rules")]
    made: dict[str, Any] = {"id": scheme_draft.name_for("", taken, "rule"), "rating": rating}
    if high:
        made |= {"from": Plain(high), "to": Plain(high)}
    return made | {"codes": list(e.ids("codes"))[:1], "at_least": Plain("1")}


def _rule(e: Editing, n: int) -> None:
    path: Path = ("rules", n)
    wrong(e, *path)
    rating, low, high = st.columns([3, 1, 1])
    with rating:
        choice(e, (*path, "rating"), "A rating of", e.ids("ratings"))
    with low:
        line(e, (*path, "from"), "from", number=True)
    with high:
        line(e, (*path, "to"), "to", number=True)
    several(e, (*path, "codes"), "expects of these codes, counted together,", e.ids("codes"))
    least, most = st.columns(2)
    with least:
        line(e, (*path, "at_least"), "at least", number=True, example="no limit")
    with most:
        line(e, (*path, "at_most"), "at most", number=True, example="no limit")
    with st.container(key="scheme-words-rule"):
        paragraph(e, (*path, "sentence"), "Else the rater reads")
    with st.expander("Name in tables", expanded=bool(e.read.of(*path, "id")), key=e.key(*path, "more")):
        line(e, (*path, "id"), "Name", follows=True, hint="Small letters a-z, digits and _.")
    rest(e, path, ["id", "rating", "from", "to", "codes", "at_least", "at_most", "sentence"])
    buttons(e, "rules", n, "rule")
