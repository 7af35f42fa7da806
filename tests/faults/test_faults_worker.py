"""Workers that are killed: every job ends, nothing is done twice, at most the step in progress is redone."""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.media import consented_session, speech, write_medium
from tests.working import ended, until
from workbench.model.ids import now_ms
from workbench.model.job import Job, JobState
from workbench.model.session import Recording
from workbench.store import audit, recordings
from workbench.store.workspace import Workspace
from workbench.workflows import intake, run_transcription, transcribe
from workbench.workflows.transcribe import Settings

pytestmark = pytest.mark.faults

CHILD = Path(__file__).with_name("worker_child.py")
ROOT = Path(__file__).parents[2]
STEPS = 6
KILLS = 8
ENOUGH = 3  # kills before the last step of any job: a slow computer would still be starting workers when all is done


def start(*arguments: str) -> subprocess.Popen[str]:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, *arguments], stdout=subprocess.PIPE, text=True, env=environ)


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    return tmp_path / "notes"


@pytest.fixture
def new_worker(workspace: Workspace, notes: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts one of the cheap workers; what still runs at the end is killed."""
    begun: list[subprocess.Popen[str]] = []

    def make() -> subprocess.Popen[str]:
        child = start(str(CHILD), str(workspace.folder), str(notes))
        begun.append(child)
        assert child.stdout is not None and child.stdout.readline() == "ready\n"
        return child

    yield make
    for child in begun:
        child.kill()
        child.wait()


def asked(workspace: Workspace, name: str, count: int) -> list[str]:
    """Recordings without media, each with a job of that name; their job ids."""
    session = consented_session(workspace)
    ids = []
    with transcribe.engine_of(workspace) as engine:
        engine.prepare()
        for number in range(count):
            recording = Recording(f"rec-{number}", session.id, "audio/wav", ".wav", False, 1, 1, 1, 0, now_ms())
            with workspace.changing(None, "job.start", "recording", recording.id) as connection:
                recordings.add(connection, recording, recording.id)
                recordings.add_job(connection, f"job-{number}", name, recording.id, "{}", None)
                engine.enqueue(connection, name, f"job-{number}", recording.id)
            ids.append(f"job-{number}")
    return ids


def noted(notes: Path) -> list[list[str]]:
    return [json.loads(line) for line in notes.read_text().splitlines()] if notes.exists() else []


def states(workspace: Workspace) -> dict[str, JobState]:
    return {job.id: job.state for job in transcribe.jobs(workspace, None)}


def test_after_up_to_eight_kills_every_job_is_done_once_and_at_most_one_step_per_kill_was_redone(
    workspace: Workspace, notes: Path, new_worker: Callable[[], subprocess.Popen[str]]
) -> None:
    ids = asked(workspace, "chain", 8)
    chance = random.Random(4)
    workers = [new_worker(), new_worker()]
    kills = 0
    end = time.monotonic() + 300
    while not all(state.ended for state in states(workspace).values()):
        assert time.monotonic() < end, states(workspace)
        time.sleep(0.3 + chance.random())
        busy = Counter(what for what, *_ in noted(notes))
        if kills < KILLS and busy["begin"] > busy["end"] - kills:
            victim = chance.randrange(2)
            workers[victim].kill()
            workers[victim].wait()
            kills += 1
            workers[victim] = new_worker()
            if kills == ENOUGH:
                waiting = {job for _, job, name in noted(notes) if name == f"part-{STEPS - 1}"}
                notes.with_suffix(".enough").touch()
                # a job that was begun four times in vain would be given up
                until(lambda waiting=waiting: all(states(workspace)[job].ended for job in waiting))  # type: ignore[misc]
    assert kills >= ENOUGH
    assert states(workspace) == dict.fromkeys(ids, JobState.DONE)

    said = noted(notes)
    begun = Counter((job, name) for what, job, name in said if what == "begin")
    finished = Counter((job, name) for what, job, name in said if what == "end")
    assert set(begun) == {(job, f"part-{n}") for job in ids for n in range(STEPS)}
    assert sum(begun.values()) - len(ids) * STEPS <= kills
    # Killed between sealing an artefact and noting it: done, with one note less.
    assert max(finished.values()) == 1
    with workspace.reading() as connection:
        for number in range(len(ids)):
            artefacts = run_transcription.VaultArtefacts(workspace, f"rec-{number}")
            assert all(artefacts.read(f"part-{n}") == f"part-{n}".encode() * 1000 for n in range(STEPS))
        session_id = recordings.jobs(connection)[0].session_id
        assert Counter(t.recording_id for t in recordings.transcripts(connection, session_id)) == {
            f"rec-{n}": 1 for n in range(len(ids))
        }
        assert audit.verify(lambda: contextlib.nullcontext(connection))[0] == []
        assert len(audit.entries(connection, action="transcript.add")) == len(ids)


def test_a_job_that_kills_its_worker_each_time_is_given_up_with_a_sentence(
    workspace: Workspace, notes: Path, new_worker: Callable[[], subprocess.Popen[str]]
) -> None:
    (poisonous,) = asked(workspace, "poison", 1)
    deaths = 0
    while not states(workspace)[poisonous].ended:
        worker = new_worker()
        until(lambda worker=worker: worker.poll() is not None or states(workspace)[poisonous].ended)  # type: ignore[misc]
        if worker.poll() is not None:
            assert worker.returncode == -signal.SIGKILL
            deaths += 1
            assert deaths < 10
    job = transcribe.jobs(workspace, None)[0]
    assert job.state is JobState.FAILED and "interrupted too often" in job.message
    # Begun once and taken up again three times; what was done before is not done again.
    assert deaths == 4
    assert Counter(what for what, *_ in noted(notes)) == {"harmless": 1, "begin": 4}


@pytest.mark.models
def test_a_real_transcription_goes_on_after_its_worker_was_killed(workspace: Workspace, tmp_path: Path) -> None:
    session = consented_session(workspace)
    file = write_medium(tmp_path / "a.flac", speech(75))
    recording = intake.take_in(workspace, None, session.id, file, name=file.name)
    settings = Settings(model="tiny.en", language="en", speakers=2)
    job = transcribe.start_transcription(workspace, None, recording.id, settings)
    artefacts = run_transcription.VaultArtefacts(workspace, recording.id)
    command = ["-m", "workbench.worker", "--workspace", str(workspace.folder)]

    first = start(*command)
    try:
        until(lambda: _open(workspace, job).progress > 0.1 and len(_children(first.pid)) == 2)
        children = _children(first.pid)
    finally:
        first.kill()
        first.wait()
    until(lambda: not any(_alive(c) for c in children), 30)  # the models die with their worker
    assert artefacts.has("sound") and _open(workspace, job).state is JobState.RUNNING

    second = start(*command)
    try:
        done = ended(workspace, job)
        assert done.state is JobState.DONE, done.message
        second.send_signal(signal.SIGTERM)
        said, _ = second.communicate(timeout=60)
        assert second.returncode == 0
    finally:
        second.kill()
        second.wait()
    assert said.splitlines()[0] == "The worker is ready." and job.id in said and "peak" in said
    with workspace.reading() as connection:
        (version,) = recordings.transcripts(connection, session.id)
        assert len(audit.entries(connection, action="transcript.add")) == 1
        assert audit.verify(lambda: contextlib.nullcontext(connection))[0] == []
    assert version.n_words > 150
    assert not any(artefacts.has(f"sound-{n:04d}") for n in range(3))


def _open(workspace: Workspace, job: Job) -> Job:
    return transcribe.job(workspace, None, job.id)


def _children(pid: int) -> list[int]:
    table = subprocess.run(["ps", "-eo", "ppid,pid,args"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in table.splitlines()[1:]]
    return [int(own) for parent, own, args in rows if int(parent) == pid and "workbench.speech." in args]


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    stat = Path(f"/proc/{pid}/stat")
    return not (stat.exists() and stat.read_text().rpartition(")")[2].split()[0] == "Z")
