"""Accounts: adding people, giving roles and passwords, closing accounts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable

from workbench.model.access import Action
from workbench.model.people import Person, Role
from workbench.store import people
from workbench.store.workspace import Workspace
from workbench.workflows.refusal import Refused, demand
from workbench.workflows.sign_in import hash_password

_LOGIN_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")

_LONGEST_TEAM_NAME = 60


def new_password() -> str:
    """A random password that is easy to copy: three groups of four letters and digits."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(3))


def roles_of(names: Iterable[str]) -> frozenset[Role]:
    """Roles by their names. Raises Refused that lists what exists."""
    wanted = list(names)
    known = {r.value for r in Role}
    if unknown := sorted(set(wanted) - known):
        raise Refused(f"Unknown role {', '.join(unknown)}; there are: {', '.join(sorted(known))}.")
    if not wanted:
        raise Refused(f"A person needs at least one role: {', '.join(sorted(known))}.")
    return frozenset(Role(n) for n in wanted)


def add_person(
    workspace: Workspace,
    actor: Person | None,
    login_name: str,
    display_name: str,
    password: str,
    roles: Iterable[Role],
) -> Person:
    """A new account. `actor` None: from the command line of the computer itself.

    Raises Refused for a name that is taken or malformed, or a password that is too short.
    """
    if actor is not None:
        demand(workspace, actor, Action.MANAGE_PEOPLE)
    if not _LOGIN_NAME.fullmatch(login_name):
        raise Refused(
            f"The login name {login_name!r} does not fit: 2 to 40 small letters, digits, dots, dashes or underscores, "
            "starting with a letter or digit."
        )
    hashed = hash_password(password)
    wanted = frozenset(roles)
    detail: dict[str, object] = {"login_name": login_name, "roles": sorted(wanted)}
    try:
        with workspace.changing(_id(actor), "person.add", "person", None, detail) as connection:
            made = people.add(connection, login_name, display_name.strip() or login_name, hashed, wanted)
            detail["person"] = made.id
    except people.LoginNameTaken as error:
        raise Refused(str(error)) from None
    return made


def make_team(workspace: Workspace, actor: Person | None, name: str, member_ids: Iterable[str]) -> Person:
    """People who code together as one rater. Who belongs to it is settled once and for all.

    Raises Refused: fewer than two people, somebody who does not code or is a team, a name that is taken.
    """
    if actor is not None:
        demand(workspace, actor, Action.MAKE_TEAM)
    title, wanted = " ".join(name.split()), sorted(set(member_ids))
    if not title or len(title) > _LONGEST_TEAM_NAME:
        raise Refused(f"A team needs a name of at most {_LONGEST_TEAM_NAME} characters.")
    if len(wanted) < 2:
        raise Refused("A team has at least two people.")
    known = {p.id: p for p in raters(workspace) if not p.is_team}
    if any(i not in known for i in wanted):
        raise Refused("A team is made of people with an open account who code: observers, supervisors or researchers.")
    if same := next((t for t in teams(workspace) if t.members == frozenset(wanted)), None):
        raise Refused(f"These people are a team already: {same.display_name}.")
    login_name = f"team-{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')}"[:40].strip("-")
    detail: dict[str, object] = {"name": title, "members": wanted}
    try:
        with workspace.changing(_id(actor), "team.make", "person", None, detail) as connection:
            made = people.add_team(connection, login_name, title, wanted)
            detail["person"] = made.id
    except people.LoginNameTaken:
        raise Refused(f"There is a team or an account called {login_name} already. Choose another name.") from None
    return made


def set_password(workspace: Workspace, actor: Person | None, person_id: str, password: str) -> None:
    """Give a new password; the person's open sign-ins end. People may change their own."""
    if actor is not None and actor.id != person_id:
        demand(workspace, actor, Action.MANAGE_PEOPLE)
    with workspace.reading() as connection:
        if people.get(connection, person_id).is_team:
            raise Refused("A team has no sign-in; its members sign in as themselves.")
    hashed = hash_password(password)
    with workspace.changing(_id(actor), "person.password", "person", person_id) as connection:
        people.set_password(connection, person_id, hashed)


def set_roles(workspace: Workspace, actor: Person | None, person_id: str, roles: Iterable[Role]) -> None:
    """Replace a person's roles."""
    if actor is not None:
        demand(workspace, actor, Action.MANAGE_PEOPLE)
    wanted = frozenset(roles)
    if not wanted:
        raise Refused("A person needs at least one role.")
    detail = {"roles": sorted(wanted)}
    with workspace.changing(_id(actor), "person.roles", "person", person_id, detail) as connection:
        people.set_roles(connection, person_id, wanted)


def close_account(workspace: Workspace, actor: Person | None, person_id: str) -> None:
    """Close an account; what the person coded stays."""
    if actor is not None:
        demand(workspace, actor, Action.MANAGE_PEOPLE)
        if actor.id == person_id:
            raise Refused("You cannot close your own account.")
    with workspace.changing(_id(actor), "person.close", "person", person_id) as connection:
        people.disable(connection, person_id)


def everyone(workspace: Workspace, role: Role | None = None) -> list[Person]:
    """People with an open account, by login name; no teams."""
    with workspace.reading() as connection:
        return [p for p in people.everyone(connection, role) if not p.is_team]


def teams(workspace: Workspace) -> list[Person]:
    """The teams that code as one rater, by login name."""
    with workspace.reading() as connection:
        return [p for p in people.everyone(connection) if p.is_team]


def raters(workspace: Workspace) -> list[Person]:
    """Whom a session can be assigned to: people who code, and teams, by login name."""
    with workspace.reading() as connection:
        return [p for p in people.everyone(connection) if p.has(Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER)]


def find_person(workspace: Workspace, login_name: str) -> Person:
    """The person of a login name. Raises Refused when there is none."""
    with workspace.reading() as connection:
        found = people.by_login_name(connection, login_name)
    if found is None:
        raise Refused(f"There is nobody called {login_name}.", kind="missing")
    return found


def _id(actor: Person | None) -> str | None:
    return actor.id if actor else None
