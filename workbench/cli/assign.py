"""`workbench assign`: who codes which session."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import call
from workbench.cli.reading import moment, names
from workbench.cli.showing import as_json, say
from workbench.model.assignment import Purpose

if TYPE_CHECKING:
    from workbench.model.scheme import CodingScheme
    from workbench.workflows.open_workspace import Workspace


def register(app: typer.Typer) -> None:
    app.command("assign")(assign)


def assign(
    ctx: typer.Context,
    session: Annotated[str, typer.Option("--session", metavar="CODE", help="The session to be coded.")],
    rater: Annotated[list[str], typer.Option("--rater", metavar="LOGIN", help="Who codes it; several with commas.")],
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="NAME|FILE", help="A coding scheme by name, or a YAML file.")
    ] = "alliance_behaviours",
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="Where the observation window begins.")] = "0",
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Where it ends; the recording's end if left out.")
    ] = None,
    purpose: Annotated[Purpose, typer.Option("--purpose", help="What the coding is for.")] = Purpose.STUDY,
    json: call.Json = False,
) -> None:
    """Assign a session to one or more raters.

    The observation window is the stretch that is to be coded; times are seconds, 1:30 or 1:02:03.

    \b
    Example: workbench assign --session S001 --rater ada,bo --from 5:00 --to 15:00
    Writes:  one assignment for each rater, on the newest transcript and this version of the scheme.
    """
    from workbench.model.span import TimeSpan
    from workbench.workflows import add_session, manage_people
    from workbench.workflows import assign as work
    from workbench.workflows.refusal import Refused

    first = moment(start, "--from")
    last = moment(end, "--to") if end is not None else None
    if last is not None and last <= first:
        raise typer.BadParameter("the window ends before it begins", param_hint="--to")
    with call.of(ctx).open() as workspace:
        of = add_session.find_session(workspace, session)
        people = [manage_people.find_person(workspace, login) for login in names(rater)]
        media = add_session.recordings_of(workspace, of.id)
        if not media:
            raise Refused(f"Session {session} has no recording yet: workbench intake FILE --session {session}")
        windows = [TimeSpan(first, media[0].duration_ms if last is None else last)] if first or last else []
        kept = _scheme(workspace, scheme)
        made = [work.assign(workspace, None, of.id, p.id, kept.hash, windows, purpose=purpose) for p in people]
    if json:
        as_json([{"id": a.id, "session": session, "rater": p.login_name} for a, p in zip(made, people, strict=True)])
    else:
        say(
            f"Session {session} is assigned to {', '.join(p.login_name for p in people)} on {kept.name} {kept.version}."
        )


def _scheme(workspace: Workspace, wanted: str) -> CodingScheme:
    """The scheme of that name, the newest that is in use, else the shipped one; or the scheme in a file."""
    from workbench import schemes
    from workbench.workflows import keep_definition
    from workbench.workflows.refusal import Refused

    if Path(wanted).suffix in (".yaml", ".yml"):
        return keep_definition.keep_scheme_file(workspace, None, Path(wanted))
    if used := [s for s in keep_definition.kept_schemes(workspace) if s.name == wanted]:
        return used[-1]
    shipped = schemes.shipped_schemes()
    if wanted not in shipped:
        raise Refused(f"There is no coding scheme {wanted!r}; there are: {', '.join(shipped)}, or a YAML file.")
    return keep_definition.keep_scheme(workspace, None, shipped[wanted])
