"""The audit chain: who did what, and whether the chain is whole."""

from __future__ import annotations

import json

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard, times
from workbench.app.parts.texts import count, empty, heading
from workbench.model.people import Role
from workbench.workflows import read_audit

_PAGE = 200


def show() -> None:
    person = guard.admitted(Role.ADMINISTRATOR)
    workspace = current.workspace()
    heading("Audit", "Who did what, and is the record whole?")
    left, middle, right = st.columns([3, 2, 2], vertical_alignment="bottom")
    action = left.text_input("Only this action", placeholder="for example login.fail", key="action").strip() or None
    before = middle.number_input("From row (newest if empty)", min_value=1, value=None, step=_PAGE, key="from")
    if right.button("Check the whole chain", key="check"):
        st.session_state["checked"] = read_audit.check_audit(workspace, person)
    _checked()
    rows = read_audit.read_audit(
        workspace, person, before=int(before) + 1 if before else None, limit=_PAGE, action=action
    )
    if not rows:
        empty("No such row", "Clear the fields above to see the newest rows.")
        return
    st.dataframe(
        [
            {
                "Row": r.seq,
                "When": times.moment(r.at),
                "Who": r.who or "the program",
                "Action": r.action,
                "On": r.resource_kind,
                "Id": r.resource_id,
                "Detail": json.dumps(r.detail, ensure_ascii=False) if r.detail else "",
            }
            for r in rows
        ],
        hide_index=True,
        height=520,
        key="rows",
        column_config={"Detail": st.column_config.TextColumn(width="large")},
    )
    st.caption(f"{count(len(rows), 'row')}, newest first, from {rows[-1].seq} to {rows[0].seq}.")


def _checked() -> None:
    found: read_audit.ChainChecked | None = st.session_state.get("checked")
    if found is None:
        return
    if found.problems:
        st.error("\n".join(f"- {p}" for p in found.problems[:20]))
    else:
        st.success(f"The chain is whole: {count(found.rows, 'row')}.")
    st.caption("The chain cannot see that its end was cut off. Keep this head elsewhere, and compare later:")
    st.code(f"{found.rows} {found.head}", language=None)
