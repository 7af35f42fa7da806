"""`workbench team`: people who code together as one rater."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.reading import names
from workbench.cli.showing import as_json, say, table

team = typer.Typer(help="Teams that code as one rater: make, list.", rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(team, name="team", no_args_is_help=True)


@team.command("make")
def make(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="What the team is called on screen.")],
    member: Annotated[
        list[str], typer.Option("--member", metavar="LOGIN", help="Who belongs to it; several with commas.")
    ],
    json: call.Json = False,
) -> None:
    """Make a team: two people or more who code as one rater. Who belongs to it is settled for good.

    \b
    Example: workbench team make "Ada and Bo" --member ada,bo
    Writes:  the team. It is assigned sessions like a person: workbench assign --rater TEAM
    """
    from workbench.workflows import manage_people

    with call.of(ctx).open() as workspace:
        people = [manage_people.find_person(workspace, login) for login in names(member)]
        made = manage_people.make_team(workspace, None, name, [p.id for p in people])
    if json:
        as_json({"login": made.login_name, "name": made.display_name, "members": [p.login_name for p in people]})
        return
    say(f"{made.display_name} codes as one rater: {', '.join(p.login_name for p in people)}.")
    say(f"Next: workbench assign --session CODE --rater {made.login_name}")


@team.command("list")
def list_(ctx: typer.Context, json: call.Json = False) -> None:
    """List the teams and who belongs to them.

    \b
    Example: workbench team list
    Writes:  nothing.
    """
    from workbench.workflows import manage_people

    with call.of(ctx).open() as workspace:
        logins = {p.id: p.login_name for p in manage_people.everyone(workspace)}
        found = [(t, sorted(logins.get(m, "(closed)") for m in t.members)) for t in manage_people.teams(workspace)]
    if json:
        as_json([{"login": t.login_name, "name": t.display_name, "members": members} for t, members in found])
        return
    rows = [(t.login_name, t.display_name, ", ".join(members)) for t, members in found]
    table(("team", "name", "members"), rows, empty="No team yet: workbench team make NAME --member LOGIN,LOGIN")
