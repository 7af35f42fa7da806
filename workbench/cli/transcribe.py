"""`workbench transcribe`: a session of the workspace, or a bare file without one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli import call
from workbench.cli.door import STOPPED
from workbench.cli.interrupt import asked_to_stop
from workbench.cli.progress import Progress
from workbench.cli.showing import as_json, complain, hint, say

if TYPE_CHECKING:
    from workbench.model.job import Job
    from workbench.workflows.open_workspace import Workspace

_POLL_SECONDS = 0.5


def register(app: typer.Typer) -> None:
    app.command("transcribe")(transcribe)


def transcribe(
    ctx: typer.Context,
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A recording: audio or video.")] = None,
    session: Annotated[
        str | None, typer.Option("--session", metavar="CODE", help="Transcribe the recording of this session instead.")
    ] = None,
    consent: Annotated[
        str, typer.Option("--consent", metavar="TEXT", help="With FILE: the words the people in it agreed to.")
    ] = "",
    consent_date: Annotated[
        str, typer.Option("--consent-date", metavar="DAY", help="With FILE: when they agreed; today if left out.")
    ] = "",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="With FILE: the folder to write into.")
    ] = None,
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", help="With FILE: the name of what is written, without suffix.")
    ] = "",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="With FILE: replace what is there.")] = False,
    speakers: Annotated[
        int | None,
        typer.Option("--speakers", metavar="N", min=1, max=20, help="How many people speak. Say it when you know it."),
    ] = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="NAME", help="The transcription model (base).")
    ] = None,
    diarization: Annotated[
        str | None, typer.Option("--diarization", metavar="NAME", help="The diarization model (packaged).")
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar="CODE", help="Such as en; found by itself if left out.")
    ] = None,
    wait: Annotated[bool, typer.Option("--wait", help="With --session: show progress until it is done.")] = False,
    json: call.Json = False,
) -> None:
    """Transcribe a recording and find out who spoke when.

    A bare FILE needs no workspace, but a statement of consent: it is kept in what is written. With
    --session the recording of a session is put into the queue, for a worker (workbench worker, or the
    one beside workbench serve).

    \b
    Example: workbench transcribe call.mp4 --speakers 2 --consent "Both agreed on 1 March." --out transcripts
             workbench transcribe --session S001 --speakers 2 --wait
    Writes:  NAME.json .vtt .srt .txt .rttm .stm, together or not at all; Ctrl-C leaves nothing.
             With --session: a transcript version, encrypted in the workspace's vault.
    """
    if (file is None) == (session is None):
        raise typer.BadParameter("give a FILE, or --session CODE", param_hint="FILE")
    wished = {"speakers": speakers, "model": model, "diarization": diarization, "language": language}
    if session is not None:
        only_file = {
            "--consent": consent,
            "--consent-date": consent_date,
            "--out": out,
            "--name": name,
            "--overwrite": overwrite,
        }
        if wrong := [option for option, value in only_file.items() if value]:
            raise typer.BadParameter("goes with a FILE, not with --session", param_hint=", ".join(wrong))
        _session(ctx, session, wished, wait, json)
        return
    assert file is not None
    if wait:
        raise typer.BadParameter("goes with --session", param_hint="--wait")
    _file(ctx, file, out, consent, consent_date, name, overwrite, wished, json)


def _file(
    ctx: typer.Context,
    file: Path,
    out: Path | None,
    consent: str,
    consent_date: str,
    name: str,
    overwrite: bool,
    wished: dict[str, Any],
    json: bool,
) -> None:
    from workbench.workflows.refusal import Refused
    from workbench.workflows.transcribe_file import NO_CONSENT, Cancelled, Settings, transcribe_file

    if not consent.strip():
        raise Refused(NO_CONSENT)
    if out is None:
        raise typer.BadParameter("say into which folder to write", param_hint="--out")
    settings = call.of(ctx).settings()
    chosen = Settings(
        model=wished["model"] or settings.transcription_model,
        diarization=wished["diarization"] or settings.diarization_model,
        language=wished["language"],
        speakers=wished["speakers"],
    )
    if chosen.speakers is None:
        hint("The number of speakers is being estimated. When you know it, say --speakers N: it is more accurate.")
    try:
        with asked_to_stop() as stop, Progress() as progress:
            done = transcribe_file(
                file,
                out,
                chosen,
                settings.models_folder,
                consent=consent,
                consent_date=consent_date,
                name=name,
                overwrite=overwrite,
                progress=progress,
                cancelled=stop,
            )
    except Cancelled:
        complain("Stopped. Nothing was written.")
        raise typer.Exit(STOPPED) from None
    made = done.transcript
    if json:
        as_json(
            {
                "files": [str(f) for f in done.files],
                "duration_ms": made.duration_ms,
                "language": made.language,
                "speakers": list(made.speakers),
                "words": len(made.words),
                "utterances": len(made.utterances),
                "models": dict(made.models),
            }
        )
        return
    say(f"{len(made.words)} words, {len(made.speakers)} speakers, language {made.language}. Written:")
    for each in done.files:
        say(f"  {each}")


def _session(ctx: typer.Context, code: str, wished: dict[str, Any], wait: bool, json: bool) -> None:
    from workbench.workflows import add_session
    from workbench.workflows import transcribe as work
    from workbench.workflows.refusal import Refused

    with call.of(ctx).open() as workspace:
        session = add_session.find_session(workspace, code)
        media = add_session.recordings_of(workspace, session.id)
        if not media:
            raise Refused(f"Session {code} has no recording yet: workbench intake FILE --session {code}")
        settings = work.Settings(
            model=wished["model"] or workspace.settings.transcription_model,
            diarization=wished["diarization"] or workspace.settings.diarization_model,
            language=wished["language"],
            speakers=wished["speakers"],
        )
        job = work.start_transcription(workspace, None, media[0].id, settings)
        if wait:
            job = _followed(workspace, job)
        elif not json:
            say(f"Session {code} is in the queue (job {job.id}).")
            if not work.workers_alive(workspace):
                say("No worker is running; start one with: workbench worker")
    if json:
        as_json({"job": job.id, "state": job.state.value, "progress": job.progress, "message": job.message})
    if job.state.value in ("failed", "cancelled"):
        complain(job.message or f"The job ended as {job.state.value}.")
        raise typer.Exit(1)
    if wait and not json:
        say(f"Session {code} is transcribed.")


def _followed(workspace: Workspace, job: Job) -> Job:
    """The job once it has ended. Ctrl-C stops watching, not the job."""
    from workbench.workflows import transcribe as work

    if not work.workers_alive(workspace):
        hint("No worker is running: the job waits until you start one with: workbench worker")
    try:
        with Progress() as progress:
            while not job.state.ended:
                progress(job.progress, job.message or job.state.value)
                time.sleep(_POLL_SECONDS)
                job = work.job(workspace, None, job.id)
    except KeyboardInterrupt:
        hint("Stopped watching; the job goes on.")
    return job
