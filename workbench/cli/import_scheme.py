"""`workbench import-scheme`: a scheme from another program, as YAML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, hint, say


def register(app: typer.Typer) -> None:
    app.command("import-scheme")(import_scheme)


def import_scheme(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CACTI's user configuration or a BORIS project.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="YAML", help="The file to write; else NAME.yaml here.")
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    json: call.Json = False,
) -> None:
    """Make a coding scheme of another program's: CACTI (XML) or BORIS (.boris).

    What the file does not say, and what of it a scheme cannot hold, is listed: nothing is made up
    or left out in silence.

    \b
    Example: workbench import-scheme ethogram.boris --out ethogram.yaml
    Writes:  the scheme's YAML, which check-scheme accepts and an editor completes.
    """
    from workbench.workflows import exchange_scheme as work
    from workbench.workflows.refusal import Refused
    from workbench.workflows.write_file import write_file

    try:
        if file.stat().st_size > work.LARGEST_MB * 1024**2:
            raise Refused(f"{file.name} has more than {work.LARGEST_MB} MB.")
        data = file.read_bytes()
    except OSError as error:
        raise Refused(f"{file} cannot be read: {error.strerror or error}.") from None
    made = work.import_scheme(data, file.name)
    path = out or Path(f"{made.scheme.name}.yaml")
    write_file(path, made.yaml, overwrite=overwrite)
    if json:
        as_json({"file": str(path), "scheme": made.scheme.name, "notes": list(made.notes)})
        return
    counts = f"{len(made.scheme.codes)} codes, {len(made.scheme.ratings)} ratings"
    say(f"{made.scheme.title} is written to {path}: {counts}.")
    for note in made.notes:
        hint(f"  - {note}")
