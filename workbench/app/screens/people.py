"""Who has an account, in which roles; adding, new passwords, closing."""

from __future__ import annotations

import streamlit as st

from workbench.app import current
from workbench.app.parts import guard
from workbench.app.parts.make_team import make_team, teams_said
from workbench.app.parts.says import done, said
from workbench.app.parts.texts import count, heading, plain, section
from workbench.model.people import Person, Role
from workbench.workflows import manage_people

_MEANS = {
    Role.OBSERVER: "Observer: codes what is assigned",
    Role.SUPERVISOR: "Supervisor: assigns, reviews, sees agreement and alliance",
    Role.RESEARCHER: "Researcher: assigns, sees figures, exports",
    Role.ADMINISTRATOR: "Administrator: people and system, hears no recording",
    Role.PROVIDER: "Provider: own sessions and forms",
}


def show() -> None:
    person = guard.admitted(Role.ADMINISTRATOR)
    everyone = manage_people.everyone(current.workspace())
    heading("People", "Who may sign in, and what may they do?", f"{count(len(everyone), 'account')} open.")
    _fresh_password()
    st.dataframe(
        [{"Name": p.display_name, "Signs in as": p.login_name, "Roles": ", ".join(sorted(p.roles))} for p in everyone],
        hide_index=True,
        key="people",
    )
    _teams(person, everyone)
    left, right = st.columns(2, gap="large")
    with left:
        _add(person)
    with right:
        _change(person, everyone)


def _teams(actor: Person, everyone: list[Person]) -> None:
    section("Teams", "People who code as one rater. A team has no sign-in of its own.")
    if teams := manage_people.teams(current.workspace()):
        st.dataframe(teams_said(teams, {p.id: p.display_name for p in everyone}), hide_index=True, key="teams")
    make_team(actor)


def _add(actor: Person) -> None:
    section("Add a person")
    with st.form("add-person", clear_on_submit=False):
        display = st.text_input("Name", placeholder="Ada Lind")
        login = st.text_input("Signs in as", placeholder="ada", help="Small letters, digits, dots and dashes.")
        roles = st.multiselect("Roles", list(Role), format_func=lambda r: _MEANS[r])
        if st.form_submit_button("Add", type="primary"):
            with said():
                password = manage_people.new_password()
                wanted = manage_people.roles_of([r.value for r in roles])
                made = manage_people.add_person(current.workspace(), actor, login.strip(), display, password, wanted)
                _remember(made, password)
                done(f"{made.display_name} can sign in.")


def _change(actor: Person, everyone: list[Person]) -> None:
    section("Change an account")
    by_id = {p.id: p for p in everyone}
    chosen = st.selectbox(
        "Person", list(by_id), format_func=lambda i: f"{by_id[i].display_name} ({by_id[i].login_name})", key="whom"
    )
    whom = by_id[chosen]
    roles = st.multiselect(
        "Roles", list(Role), default=sorted(whom.roles), format_func=lambda r: _MEANS[r], key=f"roles-{whom.id}"
    )
    with st.container(horizontal=True), said():
        if st.button("Save roles", key="save-roles", disabled=frozenset(roles) == whom.roles):
            if whom.id == actor.id and Role.ADMINISTRATOR not in roles:
                st.error("You cannot take the role administrator from yourself: somebody has to keep it.")
            else:
                manage_people.set_roles(current.workspace(), actor, whom.id, roles)
                done(f"{whom.display_name}: {', '.join(sorted(roles))}.")
        if st.button("New password", key="new-password"):
            password = manage_people.new_password()
            manage_people.set_password(current.workspace(), actor, whom.id, password)
            _remember(whom, password)
            done(f"{whom.display_name} has a new password and is signed out.")
        with st.popover("Close the account", disabled=whom.id == actor.id):
            st.write(plain(f"{whom.display_name} can no longer sign in. What they coded stays."))
            if st.button("Close it", type="primary", key="close-account"):
                manage_people.close_account(current.workspace(), actor, whom.id)
                done(f"The account of {whom.display_name} is closed.")


def _remember(whom: Person, password: str) -> None:
    st.session_state["fresh-password"] = (whom.display_name, whom.login_name, password)


def _fresh_password() -> None:
    """A password that was just made: shown once, kept nowhere."""
    if fresh := st.session_state.get("fresh-password"):
        name, login, password = fresh
        with st.container(border=True, key="fresh-password-box"):
            st.markdown(f"**{plain(name)}** signs in as **{plain(login)}** with this password. It is shown only here.")
            st.code(password, language=None)
            if st.button("I have passed it on"):
                del st.session_state["fresh-password"]
                st.rerun()
