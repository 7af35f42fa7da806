"""Making a team: people who code as one rater. Who belongs to it is settled once and for all."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts.says import done, said
from workbench.model.people import Person
from workbench.workflows import manage_people


def make_team(actor: Person) -> None:
    """A button that opens the form. A team has no sign-in: each member opens its codings as themselves."""
    with st.popover("Make a team", key="make-team"):
        st.caption("Two people or more who code as one rater. Who belongs to a team cannot be changed later.")
        people = {p.id: p.display_name for p in manage_people.raters(current.workspace()) if not p.is_team}
        name = st.text_input("Name of the team", key="team-name", placeholder="Ada and Bo")
        members = st.multiselect("Members", list(people), format_func=lambda i: people[i], key="team-members")
        if st.button("Make it", key="team-make", type="primary"):
            with said():
                made = manage_people.make_team(current.workspace(), actor, name, members)
                for key in ("team-name", "team-members"):
                    st.session_state.pop(key, None)
                done(f"{made.display_name} codes as one rater.")


def teams_said(teams: list[Person], people: dict[str, str]) -> list[dict[str, str]]:
    """Teams as rows of a table. `people`: name by id; who left is a former colleague."""
    return [
        {
            "Team": t.display_name,
            "Known as": t.login_name,
            "Members": ", ".join(sorted(people.get(m, "a former colleague") for m in t.members)),
        }
        for t in teams
    ]
