"""Transcribing with the real models: the whole way, and every way in which it ends early."""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.media import RATE, consented_session, speech, withdraw, write_medium
from tests.working import ended, until, worker
from workbench.model.job import JobState
from workbench.model.people import Person, Role
from workbench.model.session import Recording, Session
from workbench.store import audit, recordings
from workbench.store.workspace import Workspace
from workbench.workflows import intake, map_speakers, open_recording, transcribe
from workbench.workflows.refusal import Refused
from workbench.workflows.transcribe import Settings

pytestmark = pytest.mark.models
SETTINGS = Settings(model="tiny.en", language="en", speakers=2)
SECONDS = 24


@pytest.fixture
def session(workspace: Workspace) -> Session:
    return consented_session(workspace)


@pytest.fixture
def recording(workspace: Workspace, session: Session, tmp_path: Path) -> Recording:
    file = write_medium(tmp_path / "a.flac", speech(SECONDS))
    return intake.take_in(workspace, None, session.id, file, name=file.name)


def artefacts(workspace: Workspace) -> int:
    """How many sealed files the recordings have, medium, waveform and loudness left aside."""
    folder = workspace.folder / "vault" / "objects"
    return sum(len(list(f.iterdir())) - 3 for f in folder.iterdir())


def models_running() -> list[str]:
    """Processes of models that belong to this one."""
    table = subprocess.run(["ps", "-eo", "ppid,pid,args"], capture_output=True, text=True, check=True).stdout
    return [line for line in table.splitlines() if line.split()[0] == str(os.getpid()) and "workbench.speech." in line]


def test_a_recording_becomes_a_transcript_whose_speakers_a_person_names_and_counts_anew(
    workspace: Workspace, session: Session, recording: Recording, person_of: Callable[..., Person]
) -> None:
    sue, out = person_of("sue", Role.SUPERVISOR), person_of("out", Role.OBSERVER)
    with worker(workspace) as said:
        job = ended(workspace, transcribe.start_transcription(workspace, sue, recording.id, SETTINGS))
        assert (job.state, job.progress) == (JobState.DONE, 1.0), job.message
        assert job.started_at and job.finished_at and job.heartbeat_at
        until(lambda: any(job.id in line for line in said), 30)
        assert "peak" in said[-1] and ("CPU" in said[-1] or "GPU" in said[-1])

        with workspace.reading() as connection:
            (version,) = recordings.transcripts(connection, session.id)
            noted = audit.entries(connection, action="transcript.add")
        _, transcript = open_recording.read_transcript(workspace, sue, version.id)
        assert version.n_words == len(transcript.words) > 40 and transcript.speakers == ("S1", "S2")
        assert version.models == {"transcription": "tiny.en", "diarization": "packaged"}
        assert [e.detail["job"] for e in noted] == [job.id]
        # Kept: what is known of the sound, 1 piece of words, 1 chunk of voices, turns, and the transcript.
        assert artefacts(workspace) == 5

        # A person says who they are.
        samples = map_speakers.speaker_samples(workspace, sue, version.id)
        assert [s.speaker for s in samples] == ["S1", "S2"]
        assert all(s.seconds > 1 and s.utterances and s.participant_id is None for s in samples)
        patient, provider = session.patient, session.provider
        assert patient is not None and provider is not None
        people = {"S1": provider.participant_id, "S2": patient.participant_id}
        assert map_speakers.map_speakers(workspace, sue, version.id, people).speakers == people
        with pytest.raises(Refused) as refused:
            map_speakers.map_speakers(workspace, sue, version.id, {"S1": "nobody", "S7": provider.participant_id})
        assert len(refused.value.problems) == 2
        with pytest.raises(Refused, match="not assigned to you"):
            map_speakers.map_speakers(workspace, out, version.id, {})
        assert [s.participant_id for s in map_speakers.speaker_samples(workspace, sue, version.id)] == [
            *people.values()
        ]

        # Another number of speakers: a new version, from what was kept.
        with pytest.raises(Refused, match="speakers is 0, expected 1 to 20"):
            transcribe.recount_speakers(workspace, sue, version.id, 0)
        again = ended(workspace, transcribe.recount_speakers(workspace, sue, version.id, 1))
        assert (again.state, again.kind) == (JobState.DONE, "recount"), again.message
        until(lambda: any(again.id in line for line in said), 30)
        assert "transcription on" not in said[-1]  # no word was transcribed again
        with workspace.reading() as connection:
            first, second = recordings.transcripts(connection, session.id)
        assert (first.version, second.version, second.speakers) == (1, 2, {})
        counted = open_recording.read_transcript(workspace, sue, second.id)[1]
        assert counted.speakers == ("S1",)
        assert [w.text for w in counted.words] == [w.text for w in transcript.words]

        # Other settings read the sound again, because its blocks were removed.
        other = dataclasses.replace(SETTINGS, beam=1)
        assert (
            ended(workspace, transcribe.start_transcription(workspace, sue, recording.id, other)).state is JobState.DONE
        )
        with workspace.reading() as connection:
            third = recordings.transcripts(connection, session.id)[-1]
        assert third.n_words > 40


@pytest.fixture
def long_recording(workspace: Workspace, session: Session, tmp_path: Path) -> Iterator[Recording]:
    """Long enough that there is time to do something in the middle."""
    file = write_medium(tmp_path / "long.flac", speech(150))
    yield intake.take_in(workspace, None, session.id, file, name=file.name)


def in_the_middle(workspace: Workspace, recording: Recording) -> transcribe.Job:
    """A job whose models are at work and whose sound is decoded."""
    job = transcribe.start_transcription(workspace, None, recording.id, SETTINGS)
    until(lambda: transcribe.job(workspace, None, job.id).progress > 0.08)
    assert len(models_running()) == 2
    return job


def test_a_cancelled_job_ends_within_two_seconds_and_can_be_asked_for_again(
    workspace: Workspace, long_recording: Recording
) -> None:
    with worker(workspace) as said:
        job = in_the_middle(workspace, long_recording)
        transcribe.cancel(workspace, None, job.id)
        until(lambda: not models_running(), 30)
        until(lambda: any("cancelled" in line for line in said), 30)
        assert transcribe.job(workspace, None, job.id).state is JobState.CANCELLED
        kept = artefacts(workspace)
        again = transcribe.start_transcription(workspace, None, long_recording.id, SETTINGS)
        assert again.id == job.id[:-1] + "2"
        until(lambda: transcribe.job(workspace, None, again.id).progress > 0.08)
    # The worker was stopped: the job waits for the next one, and what was finished is still there.
    assert transcribe.job(workspace, None, again.id).state is JobState.RUNNING
    assert not models_running() and artefacts(workspace) >= kept
    with workspace.reading() as connection:
        assert recordings.transcripts(connection, long_recording.session_id) == []


def test_consent_withdrawn_in_the_middle_ends_the_job_and_leaves_nothing_of_it(
    workspace: Workspace, session: Session, long_recording: Recording
) -> None:
    with worker(workspace):
        job = in_the_middle(workspace, long_recording)
        assert artefacts(workspace) > 2
        withdraw(workspace, session)
        until(lambda: not models_running(), 30)
        job = ended(workspace, job, 10)
        assert job.state is JobState.FAILED
        assert job.message.startswith("Consent to automatic processing is missing or was withdrawn: p")
        until(lambda: artefacts(workspace) == 0, 30)
        time.sleep(1.5)
        assert artefacts(workspace) == 0 and not models_running()
    with workspace.reading() as connection:
        assert recordings.transcripts(connection, session.id) == []
        reasons = [e.detail["reason"] for e in audit.entries(connection, action="job.fail")]
    assert reasons == [job.message]


def test_silence_and_noise_end_with_their_sentence(workspace: Workspace, tmp_path: Path) -> None:
    noise = (np.random.default_rng(7).normal(0, 300, 6 * RATE)).astype(np.int16)
    sounds = {"S001": np.zeros(3 * RATE, dtype=np.int16), "S002": noise}
    expected = {"S001": "silent from beginning to end", "S002": "Nobody was heard speaking"}
    with worker(workspace):
        for code, sound in sounds.items():
            file = write_medium(tmp_path / f"{code}.mp4", sound)
            made = intake.take_in(workspace, None, consented_session(workspace, code).id, file, name=file.name)
            settings = dataclasses.replace(SETTINGS, language=None)
            job = ended(workspace, transcribe.start_transcription(workspace, None, made.id, settings))
            assert job.state is JobState.FAILED and expected[code] in job.message
    with workspace.reading() as connection:
        failed = audit.entries(connection, action="job.fail")
    assert len(failed) == 2 and all(json.dumps(e.detail).isascii() for e in failed)
