"""`workbench intake`: a recording comes into the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.progress import Progress
from workbench.cli.showing import as_json, hint, megabytes, say


def register(app: typer.Typer) -> None:
    app.command("intake")(intake)


def intake(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Audio or video.")],
    session: Annotated[str, typer.Option("--session", metavar="CODE", help="The session it is a recording of.")],
    offset: Annotated[
        int,
        typer.Option("--offset-ms", metavar="MS", help="Where it begins against the session's main recording, in ms."),
    ] = 0,
    label: Annotated[
        str,
        typer.Option("--label", metavar="TEXT", help="What it is, where a session has several: camera on the patient."),
    ] = "",
    find: Annotated[
        bool, typer.Option("--find-offset", help="A further recording: find where it begins from the sound of both.")
    ] = False,
    json: call.Json = False,
) -> None:
    """Take a recording into the workspace, encrypted. Consent to recording comes first.

    wav, flac, mp3, m4a, ogg, opus, mp4, mov, webm and mkv are read; what matters is what the file
    holds, not its name. A file that is there already is recognised. A session may have several: the
    first is the main one, which is coded (workbench recording place --main chooses another).

    \b
    Example: workbench intake call.mp4 --session S001
    Writes:  the recording and its waveform into the vault. The file itself stays where it is: delete
             it when you no longer need it outside the vault.
    """
    from workbench.model.span import clock
    from workbench.workflows import add_session, place_recording
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
            label=label,
            progress=lambda part: progress(part, "Reading the recording"),
        )
        media = add_session.recordings_of(workspace, of.id)
        sure = None
        if find and media[0].id != made.id:
            found = place_recording.find(workspace, None, made.id)
            sure = found.sureness.value
            hint(place_recording.offset_sentence(found))
            if found.sureness is not place_recording.Sureness.NOT_FOUND:
                made = place_recording.place(workspace, None, made.id, offset_ms=found.offset_ms)
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
                "label": made.label,
                "offset_ms": made.offset_ms,
                "sureness": sure,
            }
        )
        return
    facts = f"{clock(made.duration_ms)}, {megabytes(made.size_bytes)}, encrypted"
    if media[0].id != made.id:
        say(f"Session {session} has a further recording: {facts}. It begins at {made.offset_ms / 1000:.3f} s.")
        return
    say(f"Session {session} has its recording: {facts}.")
    say(f"Next: workbench transcribe --session {session} --speakers 2")
