"""Asking for a transcription: when it is refused, and that a job never stands alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.media import consented_session, speech, withdraw, write_medium
from workbench.model.access import Action
from workbench.model.consent import Scope
from workbench.model.job import JobState
from workbench.model.people import Person, Role
from workbench.model.session import Recording
from workbench.settings import Settings as WorkspaceSettings
from workbench.store import audit
from workbench.store.workspace import Workspace
from workbench.workflows import add_session, intake, open_workspace, transcribe
from workbench.workflows.refusal import Refused
from workbench.workflows.transcribe import Settings

SETTINGS = Settings(model="tiny.en", language="en", speakers=2)
NEEDED = {
    "asr/tiny.en": ("model.bin", "config.json", "tokenizer.json"),
    "diarization/packaged": ("config.yaml",),
}


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    """With models that look installed; nothing is transcribed here."""
    models = tmp_path / "models"
    for place, files in NEEDED.items():
        (models / place).mkdir(parents=True)
        for file in files:
            (models / place / file).write_bytes(b"x")
    made = open_workspace.create(WorkspaceSettings(workspace=tmp_path / "workspace", models_folder=models))
    yield made
    made.close()


def taken_in(
    workspace: Workspace, tmp_path: Path, code: str = "S001", scopes: tuple[Scope, ...] = tuple(Scope)
) -> Recording:
    file = write_medium(tmp_path / f"{code}.wav", speech(1, start=float(code[1:])))
    return intake.take_in(workspace, None, consented_session(workspace, code, scopes).id, file, name=file.name)


def test_a_job_is_queued_noted_and_shown(
    workspace: Workspace, tmp_path: Path, person_of: Callable[..., Person]
) -> None:
    recording, sue = taken_in(workspace, tmp_path), person_of("sue", Role.SUPERVISOR)
    job = transcribe.start_transcription(workspace, sue, recording.id, SETTINGS)
    assert job.id == f"transcribe:{recording.id}:tiny.en:{SETTINGS.hash}:1"
    assert (job.state, job.progress, job.requested_by, job.session_id) == (
        JobState.QUEUED,
        0,
        sue.id,
        recording.session_id,
    )
    assert transcribe.jobs(workspace, sue) == [job]
    with transcribe.engine_of(workspace) as engine:
        assert engine.state(job.id) == "queued" and engine.workers() == 0
    with workspace.reading() as connection:
        entry = audit.entries(connection, action="job.start")[0]
    assert (entry.actor_id, entry.resource_id, entry.detail["job"]) == (sue.id, recording.id, job.id)


def test_a_recording_has_one_open_job_and_may_have_another_after_it(workspace: Workspace, tmp_path: Path) -> None:
    recording = taken_in(workspace, tmp_path)
    first = transcribe.start_transcription(workspace, None, recording.id, SETTINGS)
    with pytest.raises(Refused, match="being transcribed already"):
        transcribe.start_transcription(workspace, None, recording.id, dataclasses.replace(SETTINGS, speakers=3))
    assert len(transcribe.jobs(workspace, None)) == 1
    transcribe.cancel(workspace, None, first.id)
    assert transcribe.job(workspace, None, first.id).state is JobState.CANCELLED
    with transcribe.engine_of(workspace) as engine:
        assert engine.state(first.id) == "cancelled"
    with pytest.raises(Refused, match="has ended already"):
        transcribe.cancel(workspace, None, first.id)
    assert transcribe.start_transcription(workspace, None, recording.id, SETTINGS).id.endswith(":2")
    assert len(transcribe.jobs(workspace, None, session_id=recording.session_id, open_only=True)) == 1


def test_a_missing_model_is_named_before_anything_is_queued(workspace: Workspace, tmp_path: Path) -> None:
    recording = taken_in(workspace, tmp_path)
    with pytest.raises(Refused, match=r"model base is not installed.*workbench models install base"):
        transcribe.start_transcription(workspace, None, recording.id)
    assert transcribe.jobs(workspace, None) == []


def test_without_consent_to_processing_nothing_is_queued(
    workspace: Workspace, tmp_path: Path, person_of: Callable[..., Person]
) -> None:
    sue = person_of("sue", Role.SUPERVISOR)
    for code, scopes in (("S001", (Scope.RECORD, Scope.CODE)), ("S002", tuple(Scope))):
        recording = taken_in(workspace, tmp_path, code, scopes)
        if code == "S002":
            withdraw(workspace, add_session.get_session(workspace, recording.session_id))
        for actor in (None, sue):
            with pytest.raises(Refused, match="Consent to automatic processing is missing"):
                transcribe.start_transcription(workspace, actor, recording.id, SETTINGS)
    assert transcribe.jobs(workspace, None) == []


def test_observers_neither_start_nor_cancel_nor_see_jobs(
    workspace: Workspace, tmp_path: Path, person_of: Callable[..., Person]
) -> None:
    recording, ada = taken_in(workspace, tmp_path), person_of("ada", Role.OBSERVER)
    with pytest.raises(Refused, match="needs the role"):
        transcribe.start_transcription(workspace, ada, recording.id, SETTINGS)
    job = transcribe.start_transcription(workspace, None, recording.id, SETTINGS)
    for ask in (
        lambda: transcribe.cancel(workspace, ada, job.id),
        lambda: transcribe.jobs(workspace, ada),
        lambda: transcribe.job(workspace, ada, job.id),
    ):
        with pytest.raises(Refused, match="needs the role"):
            ask()
    assert transcribe.job(workspace, None, job.id).state is JobState.QUEUED
    with workspace.reading() as connection:
        denied = [e.action for e in audit.entries(connection) if e.action.startswith("denied:")]
    assert denied == [f"denied:{a}" for a in (Action.SEE_JOBS, Action.SEE_JOBS, Action.CANCEL_JOB, Action.START_JOB)]


def test_what_does_not_exist_is_said(workspace: Workspace) -> None:
    for ask, what in (
        (lambda: transcribe.start_transcription(workspace, None, "x", SETTINGS), "recording"),
        (lambda: transcribe.recount_speakers(workspace, None, "x", 2), "transcript"),
        (lambda: transcribe.cancel(workspace, None, "x"), "job"),
    ):
        with pytest.raises(Refused, match=f"There is no such {what}"):
            ask()
