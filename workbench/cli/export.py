"""`workbench export`: a study as tables for R, SPSS and Python."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, say


def register(app: typer.Typer) -> None:
    app.command("export")(export)


def export(
    ctx: typer.Context,
    study: Annotated[str, typer.Option("--study", metavar="NAME", help="The study.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A new folder to write into.")],
    as_: call.As = None,
    json: call.Json = False,
) -> None:
    """Write a study's long tables: sessions, utterances, events, ratings, responses and scores.

    Only sessions whose every participant consents to sharing for research are in it, and only
    submitted codings. Text that a spreadsheet would take for a formula is neutralised.

    \b
    Example: workbench export --study "Brief therapy" --out tables
    Writes:  each table as CSV and Parquet, with a codebook, into the new folder: all or nothing.
    """
    from workbench.model.access import Action
    from workbench.workflows import add_session
    from workbench.workflows import export as work

    with call.of(ctx).open() as workspace:
        actor = call.acting(workspace, as_, Action.EXPORT)
        found = add_session.find_study(workspace, study)
        folder = work.export_study(workspace, actor, found.id, out)
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    if json:
        as_json({"folder": str(folder), "files": [str(f) for f in files]})
        return
    say(f"The study {study} is written to {folder}:")
    for each in files:
        say(f"  {each.relative_to(folder)}")
