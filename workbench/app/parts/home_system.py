"""Home for administrators: who has access, and whether the workspace is well."""

from __future__ import annotations

import streamlit as st

from workbench.app.parts import pages
from workbench.app.parts.texts import count, section, titled
from workbench.model.people import Person, Role
from workbench.workflows import manage_people, read_audit
from workbench.workflows.open_workspace import Workspace


def show(workspace: Workspace, person: Person) -> None:
    """People by role, and the last days of the audit chain."""
    section("This workspace")
    everyone = manage_people.everyone(workspace)
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, key="system-people"):
        by_role = [(r, sum(r in p.roles for p in everyone)) for r in Role]
        people = count(len(everyone), "person has an account", "people have an account")
        titled(people, " · ".join(count(n, r.value) for r, n in by_role if n))
        pages.link("people", "Manage people")
    with right.container(border=True, key="system-audit"):
        newest = read_audit.read_audit(workspace, person, limit=1)
        refused = read_audit.read_audit(workspace, person, limit=200)
        denials = sum(r.action.startswith(("denied:", "login.fail")) for r in refused)
        bad = count(denials, "refusal or wrong password", "refusals or wrong passwords") if denials else "no refusal"
        titled(count(newest[0].seq if newest else 0, "audit row"), f"Among the last {len(refused)}: {bad}.")
        pages.link("audit", "Examine the audit chain")
    st.caption("`workbench doctor` on the server's command line checks the database, the keys and the models.")
