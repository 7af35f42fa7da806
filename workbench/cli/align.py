"""`workbench align`: a live coding is laid on the recording that came later."""

from __future__ import annotations

from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, say


def register(app: typer.Typer) -> None:
    app.command("align")(align)


def align(
    ctx: typer.Context,
    session: Annotated[str, typer.Option("--session", metavar="CODE", help="The session that was coded live.")],
    rater: Annotated[str, typer.Option("--rater", metavar="LOGIN", help="Whose coding.")],
    shift: Annotated[
        int | None,
        typer.Option("--shift-ms", metavar="MS", help="The time of the recording at which the clock was started."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Put the coding back on its own clock.")] = False,
    json: call.Json = False,
) -> None:
    """Lay a live coding on the recording of its session. It can be done again, and undone.

    \b
    Example: workbench align --session S001 --rater ada --shift-ms 2500
    Writes:  the alignment as an operation of the coding, and its observation window in the recording.
    """
    from workbench.model.span import clock
    from workbench.workflows import align as work
    from workbench.workflows import manage_people, see_assignments
    from workbench.workflows.refusal import Refused

    if undo == (shift is not None):
        raise typer.BadParameter("say --shift-ms or --undo", param_hint="--shift-ms")
    with call.of(ctx).open() as workspace:
        person = manage_people.find_person(workspace, rater)
        mine = [
            f.assignment
            for f in see_assignments.every_assignment(workspace, None)
            if f.assignment.session_code == session and f.assignment.rater_id == person.id and f.assignment.live
        ]
        coding_id = next((a.coding_id for a in mine if a.coding_id), None)
        if coding_id is None:
            raise Refused(f"{rater} has coded nothing live of session {session}.", kind="missing")
        if shift is None:
            work.undo_align(workspace, None, coding_id)
        else:
            work.align(workspace, None, coding_id, shift)
    if json:
        as_json({"session": session, "rater": rater, "coding": coding_id, "shift_ms": shift})
    elif shift is None:
        say(f"The coding of session {session} by {rater} is on its own clock again.")
    else:
        at = f"{'-' if shift < 0 else ''}{clock(abs(shift))}"
        say(f"The coding of session {session} by {rater} is aligned: its clock began at {at} of the recording.")
