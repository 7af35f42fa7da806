"""`workbench intake`: a recording comes into the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.progress import Progress
from workbench.cli.showing import as_json, megabytes, say


def register(app: typer.Typer) -> None:
    app.command("intake")(intake)


def intake(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Audio or video.")],
    session: Annotated[str, typer.Option("--session", metavar="CODE", help="The session it is a recording of.")],
    offset: Annotated[
        int,
        typer.Option("--offset-ms", metavar="MS", help="Where it begins against the session's first recording, in ms."),
    ] = 0,
    json: call.Json = False,
) -> None:
    """Take a recording into the workspace, encrypted. Consent to recording comes first.

    wav, flac, mp3, m4a, ogg, opus, mp4, mov, webm and mkv are read; what matters is what the file
    holds, not its name. A file that is there already is recognised.

    \b
    Example: workbench intake call.mp4 --session S001
    Writes:  the recording and its waveform into the vault. The file itself stays where it is: delete
             it when you no longer need it outside the vault.
    """
    from workbench.model.span import clock
    from workbench.workflows import add_session
    from workbench.workflows import intake as work
    from workbench.workflows.refusal import Refused

    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    with call.of(ctx).open() as workspace, Progress() as progress:
        of = add_session.find_session(workspace, session)
        made = work.take_in(
            workspace,
            None,
            of.id,
            file,
            name=file.name,
            offset_ms=offset,
            progress=lambda part: progress(part, "Reading the recording"),
        )
    if json:
        as_json(
            {
                "id": made.id,
                "session": session,
                "media_type": made.media_type,
                "duration_ms": made.duration_ms,
                "size_bytes": made.size_bytes,
                "has_video": made.has_video,
                "channels": made.channels,
            }
        )
        return
    say(f"Session {session} has its recording: {clock(made.duration_ms)}, {megabytes(made.size_bytes)}, encrypted.")
    say(f"Next: workbench transcribe --session {session} --speakers 2")
