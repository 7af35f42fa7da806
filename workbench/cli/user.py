"""`workbench user`: the people who sign in."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.reading import names
from workbench.cli.showing import as_json, say, table

user = typer.Typer(help="The people who sign in: add, list, password, roles, close.", rich_markup_mode=None)

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login name.")]
Roles = Annotated[
    list[str],
    typer.Option(
        "--role",
        metavar="ROLE",
        help="observer, supervisor, researcher, administrator or provider; several with commas.",
    ),
]
Stdin = Annotated[bool, typer.Option("--password-stdin", help="Read the password from the standard input.")]


def register(app: typer.Typer) -> None:
    app.add_typer(user, name="user", no_args_is_help=True)


@user.command("add")
def add(
    ctx: typer.Context,
    login: Login,
    role: Roles,
    name: Annotated[str, typer.Option("--name", metavar="TEXT", help="The name that others see.")] = "",
    password_stdin: Stdin = False,
    json: call.Json = False,
) -> None:
    """Add a person who can sign in.

    The password is typed, or read from the standard input; if none is given, a random one is printed
    once and kept nowhere.

    \b
    Example: workbench user add ada --name "Ada L." --role observer,supervisor
    Writes:  an account into the workspace.
    """
    from workbench.workflows import manage_people

    wanted = manage_people.roles_of(names(role))
    with call.of(ctx).open() as workspace:
        given = call.new_secret("password", from_stdin=password_stdin, may_be_empty=True)
        password = given or manage_people.new_password()
        made = manage_people.add_person(workspace, None, login, name, password, wanted)
    _told(made.login_name, sorted(made.roles), None if given else password, json)


@user.command("list")
def list_(ctx: typer.Context, json: call.Json = False) -> None:
    """List the people with an open account, and their roles.

    \b
    Example: workbench user list
    Writes:  nothing.
    """
    from workbench.workflows import manage_people

    with call.of(ctx).open() as workspace:
        people = manage_people.everyone(workspace)
    if json:
        as_json([{"login": p.login_name, "name": p.display_name, "roles": sorted(p.roles)} for p in people])
        return
    rows = [(p.login_name, p.display_name, ", ".join(sorted(p.roles))) for p in people]
    table(("login", "name", "roles"), rows, empty="Nobody yet. Add somebody: workbench user add LOGIN --role ROLE")


@user.command("password")
def password_(ctx: typer.Context, login: Login, password_stdin: Stdin = False, json: call.Json = False) -> None:
    """Give a person a new password; where they are signed in, they are signed out.

    \b
    Example: workbench user password ada
    Writes:  the password's hash, and an end to the person's open sign-ins.
    """
    from workbench.workflows import manage_people

    with call.of(ctx).open() as workspace:
        person = manage_people.find_person(workspace, login)
        given = call.new_secret("password", from_stdin=password_stdin, may_be_empty=True)
        password = given or manage_people.new_password()
        manage_people.set_password(workspace, None, person.id, password)
    _told(person.login_name, sorted(person.roles), None if given else password, json)


@user.command("roles")
def roles(ctx: typer.Context, login: Login, role: Roles, json: call.Json = False) -> None:
    """Replace a person's roles.

    \b
    Example: workbench user roles ada --role observer,researcher
    Writes:  the roles.
    """
    from workbench.workflows import manage_people

    wanted = manage_people.roles_of(names(role))
    with call.of(ctx).open() as workspace:
        person = manage_people.find_person(workspace, login)
        manage_people.set_roles(workspace, None, person.id, wanted)
    _told(person.login_name, sorted(wanted), None, json)


@user.command("close")
def close(ctx: typer.Context, login: Login, json: call.Json = False) -> None:
    """Close an account: the person signs in no more. What they coded stays.

    \b
    Example: workbench user close ada
    Writes:  that the account is closed.
    """
    from workbench.workflows import manage_people

    with call.of(ctx).open() as workspace:
        person = manage_people.find_person(workspace, login)
        manage_people.close_account(workspace, None, person.id)
    if json:
        as_json({"login": login, "closed": True})
    else:
        say(f"The account {login} is closed.")


def _told(login: str, roles: list[str], password: str | None, json: bool) -> None:
    if json:
        as_json({"login": login, "roles": [str(r) for r in roles], "password": password})
        return
    say(f"{login}: {', '.join(roles)}")
    if password is not None:
        say(f"Password: {password}  (shown this once)")
