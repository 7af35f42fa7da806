"""A worker with a cheap but real job: every step seals an artefact into the vault and notes that it began.

Arguments: the workspace's folder, a file for the notes. A job named `chain` does six steps, the last of them when
there is a file named like the notes but for its ending `.enough`, and then records a transcript; one named `poison`
kills its own worker in its second step.
"""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path

from workbench.jobs import Task
from workbench.model.ids import new_id
from workbench.model.job import JobState
from workbench.settings import Settings
from workbench.store import recordings
from workbench.workflows import open_workspace, run_transcription, transcribe

STEPS = 6
SECONDS = 0.25

workspace = open_workspace.open_(Settings(workspace=Path(sys.argv[1])))
notes = Path(sys.argv[2])


def note(*what: object) -> None:
    with notes.open("a") as file:
        file.write(json.dumps(what) + "\n")


def chain(task: Task, recording_id: str) -> None:
    artefacts = run_transcription.VaultArtefacts(workspace, recording_id)

    def make(name: str) -> None:
        if artefacts.has(name):
            return
        note("begin", task.id, name)
        time.sleep(SECONDS)
        while name == f"part-{STEPS - 1}" and not notes.with_suffix(".enough").exists():
            time.sleep(0.05)
        artefacts.write(name, name.encode() * 1000)
        note("end", task.id, name)

    for number in range(STEPS):
        task.step(f"step {number}", lambda name=f"part-{number}": make(name))
    transcript_id = task.step("name", new_id)

    def keep() -> None:
        with workspace.reading() as connection:
            if recordings.get_transcript(connection, transcript_id):
                return
        with workspace.changing(None, "transcript.add", "transcript", transcript_id) as connection:
            if recordings.update_job(connection, task.id, state=JobState.DONE, progress=1.0):
                recordings.add_transcript(
                    connection,
                    recording_id,
                    language="en",
                    models={},
                    n_words=0,
                    n_utterances=0,
                    transcript_id=transcript_id,
                )

    task.step("keep", keep)


def poison(task: Task, recording_id: str) -> None:
    task.step("harmless", lambda: note("harmless", task.id))
    note("begin", task.id, "poison")
    task.step("poison", lambda: os.kill(os.getpid(), signal.SIGKILL))


with transcribe.engine_of(workspace) as engine:
    engine.run(
        {"chain": chain, "poison": poison},
        threading.Event(),
        sweep=lambda: run_transcription.end_lost_jobs(workspace, engine),
        ready=lambda: print("ready", flush=True),
    )
