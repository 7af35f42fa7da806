"""`workbench codebook`: what a rater has beside the screen, to print."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, hint, say
from workbench.cli.which_scheme import HELP, Version, scheme_in_use, version_needs_in_use, which_scheme

if TYPE_CHECKING:
    from workbench.model.ruling import CodebookRuling
    from workbench.model.scheme import CodingScheme


class Sheets(StrEnum):
    A4 = "a4"
    LETTER = "letter"


def register(app: typer.Typer) -> None:
    app.command("codebook")(codebook)


def codebook(
    ctx: typer.Context,
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help=HELP)],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The file to write: .html or .pdf.")],
    paper: Annotated[Sheets, typer.Option("--paper", help="The sheets of a PDF.")] = Sheets.A4,
    in_use: Annotated[
        bool, typer.Option("--in-use", help="The workspace's version with the highest number, with the rulings on it.")
    ] = False,
    version: Version = None,
    as_: call.As = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace a file that is there.")] = False,
    json: call.Json = False,
) -> None:
    """Write the codebook of a coding scheme: how to code, every code and rating, scores, and the keys.

    A PDF has two sheets in letters of 8.5 to 10 points where the scheme fits on two. The same scheme
    gives the same file.

    With --in-use it is the workspace's version, with the rulings on it as the Schemes screen prints them: without
    withdrawn ones, with the example of a case only while every session that it is from may be used for training, and
    as far as the account may read it.

    \b
    Example: workbench codebook rupture_repair --out rupture_repair.pdf
    Writes:  the file.
    """
    from workbench.workflows.print_codebook import Form, Paper, print_codebook
    from workbench.workflows.write_file import write_file

    try:
        form = Form(out.suffix.lower().removeprefix("."))
    except ValueError:
        raise typer.BadParameter(f"{out.name} ends neither in .html nor in .pdf", param_hint="--out") from None
    version_needs_in_use(version, in_use)
    if in_use:
        found, rulings = _in_use(ctx, scheme, version, as_)
    else:
        found, rulings = which_scheme(scheme), ()
    made = print_codebook(found, form, paper=Paper(paper), rulings=rulings)
    write_file(out, made.data, overwrite=overwrite)
    if json:
        as_json({"file": str(out), "bytes": len(made.data), "rulings": len(rulings), "remark": made.remark})
        return
    ruled = f", with {len(rulings)} ruling{'s' * (len(rulings) != 1)}" if in_use else ""
    say(f"The codebook is written to {out}{ruled}.")
    if made.remark:
        hint(made.remark)


def _in_use(
    ctx: typer.Context, name: str, version: str | None, as_: str | None
) -> tuple[CodingScheme, tuple[CodebookRuling, ...]]:
    from workbench.model.access import Action
    from workbench.workflows import see_rulings

    with call.of(ctx).open() as workspace:
        found = scheme_in_use(workspace, name, version)
        actor = call.acting(workspace, as_, Action.READ_RULINGS)
        return found, see_rulings.codebook_rulings(workspace, actor, found)
