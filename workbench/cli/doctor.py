"""`workbench doctor`: whether everything is in order."""

from __future__ import annotations

from dataclasses import asdict

import typer

from workbench.cli import call
from workbench.cli.door import CANNOT
from workbench.cli.showing import as_json, say


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(ctx: typer.Context, json: call.Json = False) -> None:
    """Look over this installation and the workspace, line by line: ok, warn or problem.

    \b
    Example: workbench doctor --workspace ~/alliance
    Writes:  nothing. Exit status 1 when there is a problem.
    """
    from workbench.workflows import doctor as work

    lines = work.examine(call.of(ctx).settings(), call.ask_passphrase)
    if json:
        as_json([asdict(line) for line in lines])
    else:
        wide = max(len(line.what) for line in lines)
        for line in lines:
            say(f"{line.state.value:<7}  {line.what:<{wide}}  {line.sentence}")
    if any(line.state is work.State.PROBLEM for line in lines):
        raise typer.Exit(CANNOT)
