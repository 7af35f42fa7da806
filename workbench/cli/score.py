"""`workbench score`: what patient, provider and observers say about the alliance, session by session."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, hint, table


def register(app: typer.Typer) -> None:
    app.command("score")(score)


def score(
    ctx: typer.Context,
    study: Annotated[str, typer.Option("--study", metavar="NAME", help="The study.")],
    as_: call.As = None,
    json: call.Json = False,
) -> None:
    """Show the alliance scores of a study's sessions: each perspective, their composite, how they differ.

    Scores run from 0 to 100. A missing score is shown as missing; with --json it says why.

    \b
    Example: workbench score --study "Brief therapy"
    Writes:  nothing.
    """
    from workbench.model.access import Action
    from workbench.model.instrument import Perspective
    from workbench.workflows import add_session
    from workbench.workflows import score as work

    with call.of(ctx).open() as workspace:
        actor = call.acting(workspace, as_, Action.SEE_AGREEMENT)
        found = add_session.find_study(workspace, study)
        scored = work.study_scores(workspace, actor, found.id)
    if json:
        as_json(
            [
                {
                    "session": s.session.code,
                    "number": s.session.number,
                    "held_at": s.session.held_at,
                    "participants": [p.code for p in s.session.participants],
                    "scores": {p.perspective.value: asdict(p) for p in s.scores},
                    "composite": asdict(s.composite),
                    "discrepancies": [asdict(d) for d in s.discrepancies],
                    "codings": s.n_codings,
                    "observed_ms": s.observed_ms,
                }
                for s in scored
            ]
        )
        return
    rows = [
        (
            s.session.code,
            s.session.number,
            ", ".join(p.code for p in s.session.participants),
            *(_shown(s.of(p).value) for p in Perspective),
            _shown(s.composite.value),
            s.n_codings,
        )
        for s in scored
    ]
    columns = ("session", "number", "participants", *(p.value for p in Perspective), "composite", "codings")
    table(columns, rows, empty=f"There is no session of {study} whose scores {actor.login_name} may see.")
    if rows:
        hint("Scores run from 0 to 100. With --json: items, subscales, differences and why a score is missing.")


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"
