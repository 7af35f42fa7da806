"""`workbench report`: what is handed in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.agree_options import Scheme, WithEarlier
from workbench.cli.computing import REPLICATES, Coefficients, Replicates, Seed, computing
from workbench.cli.showing import as_json, say

report = typer.Typer(help="Reports to hand in: agreement.", rich_markup_mode=None)


def register(app: typer.Typer) -> None:
    app.add_typer(report, name="report", no_args_is_help=True)


@report.command("agreement")
def agreement(
    ctx: typer.Context,
    study: Annotated[str, typer.Option("--study", metavar="NAME", help="The study.")],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="A folder to write into.")],
    scheme: Scheme = None,
    with_earlier: WithEarlier = False,
    bin_: Annotated[
        float | None, typer.Option("--bin", metavar="SECONDS", help="The width of time bins (the scheme's).")
    ] = None,
    coefficients: Coefficients = None,
    replicates: Replicates = REPLICATES,
    seed: Seed = None,
    numbered: Annotated[
        bool,
        typer.Option(
            "--numbered",
            help="Raters as R1, R2 … and days for times, in every report the same; who is who is written nowhere.",
        ),
    ] = False,
    as_: call.As = None,
    json: call.Json = False,
) -> None:
    """Write the agreement report of a study: HTML, Word, every number, and the codings behind them.

    It is an export: only sessions whose every participant consents to sharing for research are in it.
    recompute.py in the folder computes every number again and says whether it is the same. A coefficient
    that takes minutes (gamma) is in it only when it is named. Raters go by their login names unless --numbered
    is given.

    \b
    Example: workbench report agreement --study "Brief therapy" --out agreement
    Writes:  agreement.html, .docx, .json and .csv, the codings as CSV, recompute.py: all or nothing.
    """
    from workbench.model.access import Action
    from workbench.workflows import add_session
    from workbench.workflows import report_agreement as work
    from workbench.workflows.agree import Choice, find_scheme

    if bin_ is not None and not 0.001 <= bin_ <= 86_400:
        raise typer.BadParameter(f"{bin_:g} is not from 0.001 to 86400", param_hint="--bin")
    how = computing(coefficients, replicates, seed)
    asked = work.Asked(
        bin_ms=None if bin_ is None else round(1000 * bin_),
        coefficients=None if how.coefficients is None else tuple(how.coefficients),
        **how.options,
    )
    with call.of(ctx).open() as workspace:
        actor = call.acting(workspace, as_, Action.EXPORT)
        found = add_session.find_study(workspace, study)
        chosen = find_scheme(workspace, actor, found.id, scheme or "", with_earlier=with_earlier)
        choice = Choice(study_id=found.id, scheme_hash=chosen.hash, with_earlier=with_earlier)
        made = work.report_agreement(workspace, actor, choice, asked, numbered=numbered)
        files = work.write_report(made, out)
    if json:
        as_json(
            {
                "folder": str(out),
                "files": [str(f) for f in files],
                "sessions": made.n_sessions,
                "sessions_left_out": made.n_left_out,
                "values": made.n_values,
                "undefined": made.n_undefined,
            }
        )
        return
    undefined = f", {made.n_undefined} undefined with their reasons" if made.n_undefined else ""
    say(f"The agreement report of {study} is written to {out}: {made.n_values} values{undefined}.")
    if made.n_left_out:
        say(f"{made.n_left_out} sessions are not in it: consent to sharing for research is missing.")
    for each in files:
        say(f"  {each.name}")
