"""Transcribing a recording: asking for it, following it, cancelling it, counting its speakers anew.

What is asked for here is done by a worker (`run_transcription`). A job and its entry in the queue
are one transaction: there is never one without the other.
"""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from workbench.jobs import LONG, SHORT, JobEngine
from workbench.model.access import Action, Resource
from workbench.model.consent import Scope
from workbench.model.ids import now_ms
from workbench.model.job import Job, JobState
from workbench.model.people import Person
from workbench.model.session import Recording, TranscriptVersion
from workbench.speech.errors import SpeechError
from workbench.speech.pipeline import check_ready
from workbench.speech.steps import Settings
from workbench.store import recordings, sessions
from workbench.store.workspace import DATABASE, Workspace
from workbench.workflows.check_consent import lacking_consent
from workbench.workflows.intake import as_refusals
from workbench.workflows.open_recording import transcript_artefact
from workbench.workflows.refusal import Refused, demand
from workbench.workflows.run_transcription import can_recount

__all__ = [
    "TRANSCRIBE",
    "Settings",
    "cancel",
    "engine_of",
    "job",
    "jobs",
    "recount_speakers",
    "start_transcription",
    "workers_alive",
]

TRANSCRIBE = "transcribe"
RECOUNT = "recount"


def engine_of(workspace: Workspace) -> JobEngine:
    """The engine of long work on this workspace; to be closed."""
    return JobEngine(workspace.folder / DATABASE)


def start_transcription(
    workspace: Workspace, actor: Person | None, recording_id: str, settings: Settings | None = None
) -> Job:
    """Queue the transcription of a recording. `settings` None: the workspace's models, language and
    number of speakers found by themselves. `actor` None is the program itself.

    Raises Refused without consent, role, models or speech packages, and while another job of the same
    recording is open.
    """
    chosen = settings or Settings(
        model=workspace.settings.transcription_model, diarization=workspace.settings.diarization_model
    )
    return _start(workspace, actor, _recording(workspace, recording_id), chosen, TRANSCRIBE, LONG)


def recount_speakers(workspace: Workspace, actor: Person | None, transcript_id: str, speakers: int) -> Job:
    """Queue a new version of a transcript with another number of speakers: seconds, because words and
    voices were kept. Who the speakers are has to be said again. Raises Refused."""
    with workspace.reading() as connection:
        version = recordings.get_transcript(connection, transcript_id)
    if version is None:
        raise Refused("There is no such transcript.", kind="missing")
    try:
        settings = replace(_settings_of(workspace, version), speakers=speakers, min_speakers=None, max_speakers=None)
    except ValueError:
        raise Refused(f"The number of speakers is {speakers}, expected 1 to 20.") from None
    quick = can_recount(workspace, version.recording_id, settings)
    recording = _recording(workspace, version.recording_id)
    return _start(workspace, actor, recording, settings, RECOUNT, SHORT if quick else LONG)


def cancel(workspace: Workspace, actor: Person | None, job_id: str) -> None:
    """Cancel a job; its models end within a second or two. Raises Refused when it has ended."""
    if actor is not None:
        demand(workspace, actor, Action.CANCEL_JOB)
    found = job(workspace, actor, job_id)
    ended = {"state": JobState.CANCELLED, "message": "Cancelled.", "finished_at": now_ms()}
    with workspace.changing(actor.id if actor else None, "job.cancel", "job", job_id) as connection:
        if not recordings.update_job(connection, job_id, **ended):
            raise Refused(f"This job has ended already ({found.state.value}).")
    with engine_of(workspace) as engine:
        engine.cancel(job_id)


def jobs(
    workspace: Workspace, actor: Person | None, *, session_id: str | None = None, open_only: bool = False
) -> list[Job]:
    """Jobs, newest first. Raises Refused."""
    if actor is not None:
        demand(workspace, actor, Action.SEE_JOBS)
    with workspace.reading() as connection:
        return recordings.jobs(connection, session_id=session_id, open_only=open_only)


def job(workspace: Workspace, actor: Person | None, job_id: str) -> Job:
    """One job as it stands now. Raises Refused when there is none."""
    if actor is not None:
        demand(workspace, actor, Action.SEE_JOBS)
    with workspace.reading() as connection:
        found = recordings.jobs(connection, job_id=job_id)
    if not found:
        raise Refused("There is no such job.", kind="missing")
    return found[0]


def workers_alive(workspace: Workspace) -> int:
    """How many workers run on this workspace: with none, jobs wait."""
    with engine_of(workspace) as engine:
        return engine.workers()


def _start(
    workspace: Workspace, actor: Person | None, recording: Recording, settings: Settings, kind: str, queue: str
) -> Job:
    with workspace.reading() as connection:
        facts = sessions.facts(connection, recording.session_id)
        lacking = lacking_consent(connection, recording.session_id, Scope.PROCESS)
    if actor is not None:
        demand(workspace, actor, Action.START_JOB, Resource(session=facts))
    if lacking:
        raise Refused(lacking, kind="forbidden")
    try:
        check_ready(settings, workspace.settings.models_folder)
    except SpeechError as error:
        raise Refused(str(error)) from None
    stem = f"{TRANSCRIBE}:{recording.id}:{settings.model}:{settings.hash}:"
    detail: dict[str, Any] = {"recording": recording.id, "kind": kind, "settings": asdict(settings)}
    actor_id = actor.id if actor else None
    with engine_of(workspace) as engine:
        engine.prepare()
        with workspace.changing(actor_id, "job.start", "recording", recording.id, detail) as connection:
            before = recordings.jobs(connection, recording_id=recording.id)
            if any(not j.state.ended for j in before):
                raise Refused("This recording is being transcribed already. Wait for that job, or cancel it.")
            job_id = stem + str(1 + sum(j.id.startswith(stem) for j in before))
            detail["job"] = job_id
            recordings.add_job(connection, job_id, kind, recording.id, json.dumps(asdict(settings)), actor_id)
            engine.enqueue(connection, TRANSCRIBE, job_id, recording.id, queue=queue)
    return job(workspace, None, job_id)


def _recording(workspace: Workspace, recording_id: str) -> Recording:
    with workspace.reading() as connection:
        found = recordings.get(connection, recording_id)
    if found is None:
        raise Refused("There is no such recording.", kind="missing")
    return found


def _settings_of(workspace: Workspace, version: TranscriptVersion) -> Settings:
    """The settings that a transcript was made with. Its words are not looked at."""
    with as_refusals():
        kept = json.loads(workspace.vault.read(version.recording_id, transcript_artefact(version.id)))["settings"]
    known = set(Settings.__dataclass_fields__)
    if not known <= set(kept):
        raise Refused("This transcript was not made here, so its speakers cannot be counted anew. Transcribe it.")
    return Settings(**{name: kept[name] for name in known})
