"""`workbench study`: protocols to which sessions belong."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, say, table

study = typer.Typer(help="Studies, to which sessions belong: add, list.", rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(study, name="study", no_args_is_help=True)


@study.command("add")
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The study's name.")],
    description: Annotated[str, typer.Option("--description", metavar="TEXT", help="What it is about.")] = "",
    json: call.Json = False,
) -> None:
    """Add a study.

    \b
    Example: workbench study add "Alliance in brief therapy"
    Writes:  the study into the workspace.
    """
    from workbench.workflows import add_session

    with call.of(ctx).open() as workspace:
        made = add_session.add_study(workspace, None, name, description)
    if json:
        as_json({"id": made.id, "name": made.name})
    else:
        say(f"The study {made.name} is there. Next: workbench session add CODE --study {made.name!r} --patient CODE …")


@study.command("list")
def list_(ctx: typer.Context, json: call.Json = False) -> None:
    """List the studies.

    \b
    Example: workbench study list
    Writes:  nothing.
    """
    from workbench.workflows import add_session

    with call.of(ctx).open() as workspace:
        found = add_session.studies(workspace)
    if json:
        as_json([{"id": s.id, "name": s.name, "description": s.description, "fictional": s.fictional} for s in found])
        return
    rows = [(s.name, "yes" if s.fictional else "", s.description) for s in found]
    table(("study", "fictional", "description"), rows, empty="No study yet. Add one: workbench study add NAME")
