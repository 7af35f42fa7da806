"""`workbench participant`: the people in the recordings, by pseudonymous code."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, say, table
from workbench.model.people import ParticipantKind

participant = typer.Typer(
    help="Patients, providers and family members, by pseudonymous code: add, list.", rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    app.add_typer(participant, name="participant", no_args_is_help=True)


@participant.command("add")
def add(
    ctx: typer.Context,
    code: Annotated[str, typer.Argument(metavar="CODE", help="A pseudonymous code, such as P03.")],
    kind: Annotated[ParticipantKind, typer.Option("--kind", help="Who this is in the session.")],
    login: Annotated[
        str | None, typer.Option("--login", metavar="LOGIN", help="The account through which a provider sees sessions.")
    ] = None,
    json: call.Json = False,
) -> None:
    """Add somebody who takes part in sessions.

    \b
    Example: workbench participant add T01 --kind provider --login drmeyer
    Writes:  the participant into the workspace.
    """
    from workbench.workflows import add_session, manage_people

    with call.of(ctx).open() as workspace:
        person = manage_people.find_person(workspace, login) if login else None
        made = add_session.add_participant(workspace, None, code, kind, person.id if person else None)
    if json:
        as_json({"id": made.id, "code": made.code, "kind": made.kind.value})
    else:
        say(f"{made.kind.value.capitalize()} {made.code} is there.")


@participant.command("list")
def list_(ctx: typer.Context, json: call.Json = False) -> None:
    """List the participants.

    \b
    Example: workbench participant list
    Writes:  nothing.
    """
    from workbench.workflows import add_session

    with call.of(ctx).open() as workspace:
        found = add_session.participants(workspace)
    if json:
        as_json([{"id": p.id, "code": p.code, "kind": p.kind.value} for p in found])
        return
    table(("code", "kind"), [(p.code, p.kind.value) for p in found], empty="No participant yet.")
