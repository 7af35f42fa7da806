"""Accounts, roles and sign-ins. Passwords are hashed by the caller; tokens arrive hashed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from workbench.model.ids import new_id, now_ms
from workbench.model.people import Person, Role
from workbench.store.tables import login, person, person_role, team_member


class LoginNameTaken(ValueError):
    """Somebody has this login name already."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a sign-in needs to know of an account."""

    person_id: str
    password_hash: str
    disabled: bool
    failures: int
    locked_until: int | None


@dataclass(frozen=True, slots=True)
class Login:
    """An open sign-in. `csrf` goes with every change that the browser asks for."""

    person: Person
    csrf: str
    created_at: int
    seen_at: int
    expires_at: int


def add(
    connection: Connection, login_name: str, display_name: str, password_hash: str, roles: Iterable[Role]
) -> Person:
    """A new account. Raises LoginNameTaken."""
    if by_login_name(connection, login_name) is not None:
        raise LoginNameTaken(f"The login name {login_name} is taken.")
    person_id = new_id()
    connection.execute(
        insert(person).values(
            id=person_id,
            login_name=login_name,
            display_name=display_name,
            password_hash=password_hash,
            created_at=now_ms(),
        )
    )
    set_roles(connection, person_id, roles)
    return get(connection, person_id)


def add_team(connection: Connection, login_name: str, display_name: str, members: Iterable[str]) -> Person:
    """A new team: an observer without a password, so that nobody signs in as it. Raises LoginNameTaken."""
    made = add(connection, login_name, display_name, "", [Role.OBSERVER])
    for member in sorted(set(members)):
        connection.execute(insert(team_member).values(team_id=made.id, person_id=member))
    return get(connection, made.id)


def set_roles(connection: Connection, person_id: str, roles: Iterable[Role]) -> None:
    """Replace a person's roles."""
    connection.execute(delete(person_role).where(person_role.c.person_id == person_id))
    for role in sorted(set(roles)):
        connection.execute(insert(person_role).values(person_id=person_id, role=role.value))


def _roles(connection: Connection, person_id: str) -> frozenset[Role]:
    rows = connection.execute(select(person_role.c.role).where(person_role.c.person_id == person_id))
    return frozenset(Role(r) for r in rows.scalars())


def get(connection: Connection, person_id: str) -> Person:
    """The person of that id. Raises KeyError."""
    row = connection.execute(select(person).where(person.c.id == person_id)).first()
    if row is None:
        raise KeyError(person_id)
    member, team = team_member.c.person_id, team_member.c.team_id
    return Person(
        row.id,
        row.login_name,
        row.display_name,
        _roles(connection, row.id),
        frozenset(connection.execute(select(team).where(member == row.id)).scalars()),
        frozenset(connection.execute(select(member).where(team == row.id)).scalars()),
    )


def by_login_name(connection: Connection, login_name: str) -> Person | None:
    row = connection.execute(select(person.c.id).where(person.c.login_name == login_name)).first()
    return get(connection, row.id) if row else None


def everyone(connection: Connection, role: Role | None = None) -> list[Person]:
    """Accounts and teams that are not disabled, by login name; those with `role` when given."""
    roles: dict[str, set[Role]] = {}
    for r in connection.execute(select(person_role)):
        roles.setdefault(r.person_id, set()).add(Role(r.role))
    rows = connection.execute(select(person).where(person.c.disabled_at.is_(None)).order_by(person.c.login_name))
    teams: dict[str, set[str]] = {}
    members: dict[str, set[str]] = {}
    for m in connection.execute(select(team_member)):
        teams.setdefault(m.person_id, set()).add(m.team_id)
        members.setdefault(m.team_id, set()).add(m.person_id)
    people = [
        Person(
            r.id,
            r.login_name,
            r.display_name,
            frozenset(roles.get(r.id, ())),
            frozenset(teams.get(r.id, ())),
            frozenset(members.get(r.id, ())),
        )
        for r in rows
    ]
    return [p for p in people if role is None or role in p.roles]


def credentials(connection: Connection, login_name: str) -> Credentials | None:
    row = connection.execute(select(person.c.id).where(person.c.login_name == login_name)).first()
    return credentials_of(connection, row.id) if row else None


def credentials_of(connection: Connection, person_id: str) -> Credentials:
    row = connection.execute(select(person).where(person.c.id == person_id)).one()
    return Credentials(row.id, row.password_hash, row.disabled_at is not None, row.failures, row.locked_until)


def set_password(connection: Connection, person_id: str, password_hash: str) -> None:
    """A new password; open sign-ins end."""
    connection.execute(
        update(person)
        .where(person.c.id == person_id)
        .values(password_hash=password_hash, failures=0, locked_until=None)
    )
    connection.execute(delete(login).where(login.c.person_id == person_id))


def disable(connection: Connection, person_id: str) -> None:
    """Close an account; open sign-ins end."""
    connection.execute(update(person).where(person.c.id == person_id).values(disabled_at=now_ms()))
    connection.execute(delete(login).where(login.c.person_id == person_id))


def note_failure(connection: Connection, person_id: str, failures: int, locked_until: int | None) -> None:
    connection.execute(
        update(person).where(person.c.id == person_id).values(failures=failures, locked_until=locked_until)
    )


def open_login(connection: Connection, token_hash: str, person_id: str, csrf: str, at: int, expires_at: int) -> None:
    connection.execute(
        insert(login).values(
            token_hash=token_hash, person_id=person_id, csrf=csrf, created_at=at, seen_at=at, expires_at=expires_at
        )
    )
    connection.execute(update(person).where(person.c.id == person_id).values(failures=0, locked_until=None))


def find_login(connection: Connection, token_hash: str) -> Login | None:
    """The sign-in of a token, expired or not; the caller compares the clock."""
    row = connection.execute(
        select(login, person.c.disabled_at)
        .join(person, person.c.id == login.c.person_id)
        .where(login.c.token_hash == token_hash)
    ).first()
    if row is None or row.disabled_at is not None:
        return None
    return Login(get(connection, row.person_id), row.csrf, row.created_at, row.seen_at, row.expires_at)


def touch_login(connection: Connection, token_hash: str, at: int) -> None:
    connection.execute(update(login).where(login.c.token_hash == token_hash).values(seen_at=at))


def close_login(connection: Connection, token_hash: str) -> None:
    connection.execute(delete(login).where(login.c.token_hash == token_hash))


def purge_logins(connection: Connection, at: int) -> None:
    """Forget sign-ins whose absolute expiry has passed."""
    connection.execute(delete(login).where(login.c.expires_at <= at))
