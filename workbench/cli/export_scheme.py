"""`workbench export-scheme`: a scheme for another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, hint, say
from workbench.cli.which_scheme import HELP, Version, scheme_in_use, version_needs_in_use, which_scheme


def register(app: typer.Typer) -> None:
    app.command("export-scheme")(export_scheme)


def export_scheme(
    ctx: typer.Context,
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help=HELP)],
    format: Annotated[str, typer.Option("--format", metavar="NAME", help="boris, cacti, qdc (REFI-QDA) or yaml.")],
    in_use: Annotated[
        bool,
        typer.Option("--in-use", help="The workspace's version with the highest number, such as one made on screen."),
    ] = False,
    version: Version = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="The file to write; else NAME.SUFFIX here.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    json: call.Json = False,
) -> None:
    """Write a coding scheme for another program: BORIS, CACTI, or one that reads REFI-QDA codebooks.

    What the other program's file cannot hold is listed. With --in-use it is a scheme of the
    workspace, also one that was made on screen.

    \b
    Example: workbench export-scheme rupture_repair --format boris
    Writes:  the file.
    """
    from workbench.workflows import exchange_scheme as work
    from workbench.workflows.write_file import write_file

    version_needs_in_use(version, in_use)
    if in_use:
        with call.of(ctx).open() as workspace:
            chosen = scheme_in_use(workspace, scheme, version)
    else:
        chosen = which_scheme(scheme)
    made = work.export_scheme(chosen, format)
    path = out or Path(made.name)
    write_file(path, made.data, overwrite=overwrite)
    if json:
        as_json({"file": str(path), "lost": list(made.lost)})
        return
    say(f"The scheme is written to {path}.")
    for sentence in made.lost:
        hint(f"  - {sentence}")
