"""How far a trainee is toward certification, under the practice that was just compared with the criterion."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts.numbers import interval, number
from workbench.app.parts.table import Column, styled, table
from workbench.app.parts.texts import count, plain
from workbench.model.people import Person
from workbench.model.scheme import CodingScheme

_ALL = "All codes at once"


def show(person: Person, coding_id: str, scheme: CodingScheme) -> None:
    """A switch that opens it, where the scheme sets limits."""
    if scheme.certification is None or not st.toggle("Toward certification", key=f"certification-{coding_id}"):
        return
    # imported here: statistics load with it
    from workbench.workflows import certify

    with st.spinner("Computing …"):
        found = certify.progress(current.workspace(), person, coding_id)
    if found is None:
        return
    asked = f"{count(found.asked.sessions, 'session')} with a criterion coding"
    done = "Every limit is reached." if found.certified else f"{found.sessions} of {asked} so far."
    st.caption(plain(f"{done} {found.asked.reason} What counts is where the interval begins, not the value."))
    if len(found.counted) > 1 or any(version != scheme.version for version, _ in found.counted):
        of = ", ".join(f"{n} on version {version}" for version, n in found.counted)
        st.caption(plain(f"Of these sessions, {of}: the same is coded and rated there."))
    if found.left_out:
        st.caption(plain(f"Not counted: {' '.join(found.left_out)}"))
    columns = [
        Column("What", width="16rem"),
        Column("Agreement with the criterion"),
        Column("Value", numeric=True),
        Column("95 % interval", numeric=True),
        Column("Limit", numeric=True),
        Column("Reached?", width="18rem"),
    ]
    rows = [
        [
            found.labels.get(str(s.result.settings.get("what")), _ALL),
            s.result.title,
            number(s.result.value, 2),
            interval(s.result.low, s.result.high, 2),
            f"{s.limit.at_least:g}",
            s.words,
        ]
        for s in found.standings
    ]
    if rows:
        styled()
        table(columns, rows, caption="All practice that counts, with a criterion coding, taken together.")
