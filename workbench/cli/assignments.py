"""`workbench assignments`: who codes what, and how far everybody is."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, table
from workbench.model.coding import CodingState

_STATE = {
    None: "not begun",
    CodingState.DRAFT: "begun",
    CodingState.SUBMITTED: "handed in",
    CodingState.LOCKED: "seen",
}


def register(app: typer.Typer) -> None:
    app.command("assignments")(assignments)


def assignments(
    ctx: typer.Context,
    session: Annotated[
        str | None, typer.Option("--session", metavar="CODE", help="Only assignments of this session.")
    ] = None,
    json: call.Json = False,
) -> None:
    """List who codes what, how far they are and what is due. Nothing of what was coded is shown.

    \b
    Example: workbench assignments --session S001
    Writes:  nothing.
    """
    from workbench.model.observation_window import said
    from workbench.model.pace import progress
    from workbench.workflows import see_assignments

    with call.of(ctx).open() as workspace:
        found = see_assignments.every_assignment(workspace, None)
    found = [f for f in found if session is None or f.assignment.session_code == session]
    if json:
        as_json(
            [
                {
                    "id": f.assignment.id,
                    "session": f.assignment.session_code,
                    "rater": f.rater,
                    "scheme": f.assignment.scheme_hash,
                    "purpose": f.assignment.purpose.value,
                    "state": f.assignment.coding_state.value if f.assignment.coding_state else None,
                    "live": f.assignment.live,
                    "windows": None
                    if f.assignment.window_open
                    else [[w.start_ms, w.end_ms] for w in f.assignment.windows],
                    "rule": f.assignment.window_rule,
                    "progress": round(progress(f.assignment), 3),
                    "time_spent_ms": f.assignment.time_spent_ms,
                    "due_at": f.assignment.due_at,
                    "overdue": f.overdue,
                    "coding": f.assignment.coding_id,
                }
                for f in found
            ]
        )
        return
    rows = [
        (
            f.assignment.session_code,
            f.rater,
            _STATE[f.assignment.coding_state],
            f"{progress(f.assignment):.0%}",
            _day(f.assignment.due_at) + (" overdue" if f.overdue else ""),
            "by the clock" if f.assignment.window_open else said(f.assignment.windows),
        )
        for f in found
    ]
    columns = ("session", "rater", "state", "done", "due", "observed")
    table(columns, rows, empty="Nothing is assigned yet: workbench assign --session CODE --rater LOGIN")


def _day(ms: int | None) -> str:
    return "" if ms is None else datetime.fromtimestamp(ms / 1000, UTC).date().isoformat()
