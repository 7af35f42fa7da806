"""What a worker does for a transcription, step by step.

Each step begins by asking whether it may: consent to automatic processing may be withdrawn, and the
job cancelled, at any moment. While a model works in its child process the same is asked twice a
second, and the child is killed when the answer is no. Each step leaves one artefact, sealed under the
recording's key; a step whose artefact is there is not done again, in this job or a later one.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from workbench.jobs import JobEngine, StepFailed, Stopped, Task
from workbench.model.consent import Scope
from workbench.model.ids import new_id, now_ms
from workbench.model.job import Job, JobState
from workbench.model.session import Recording
from workbench.speech import pipeline
from workbench.speech.artefacts import Artefacts
from workbench.speech.engine import Engine
from workbench.speech.errors import Cancelled, SpeechError
from workbench.speech.sound import sound_facts
from workbench.speech.steps import PEAKS as SOUND_PEAKS
from workbench.speech.steps import SOUND, Settings, SoundFacts, Step, plan
from workbench.store import recordings
from workbench.store.keys import KeyStoreError
from workbench.store.vault import MEDIUM, NotInVault, NotStored, Tampered
from workbench.store.workspace import Workspace
from workbench.workflows.check_consent import lacking_consent
from workbench.workflows.follow_job import JobProgress, JobWatch
from workbench.workflows.open_recording import PEAKS, transcript_artefact

Say = Callable[[str], None]

_LOST = {
    "given up": "The work was interrupted too often (the program or the computer stopped in the middle) and was given "
    "up. What was finished is kept: start it again to go on.",
    "failed": "An unforeseen error ended this job. What was finished is kept: start it again to go on.",
}


def transcribe_recording(workspace: Workspace, task: Task, recording_id: str, say: Say = lambda line: None) -> None:
    """The handler of transcription jobs. `say` is told one line at the end, for the worker's log."""
    work = _Work.of(workspace, task, recording_id)
    if work is None:
        return
    if work.job.state.ended:
        work.tidy()  # a kill came between the end of the job and this
        return
    began = time.monotonic()
    start = {"state": JobState.RUNNING, "started_at": work.job.started_at or now_ms(), "heartbeat_at": now_ms()}
    workspace.housekeeping(lambda connection: recordings.update_job(connection, task.id, **start))
    try:
        with work.engine() as words, work.engine() as voices:
            try:
                work.do(words, voices)
                ended = "done"
            finally:
                used = f"{_used(words, voices)}, {time.monotonic() - began:.1f} s"
    except StepFailed as error:
        _end(workspace, task.id, str(error))
        ended = f"failed: {error}"
    except Stopped:
        if task.stopping():
            raise
        if lacking := work.watch.lacking_consent():
            work.forget_everything()
            _end(workspace, task.id, lacking)
            ended = f"failed: {lacking}"
        else:
            ended = "cancelled"
    work.tidy()
    say(f"{task.id} {ended} ({used})")


def can_recount(workspace: Workspace, recording_id: str, settings: Settings) -> bool:
    """Whether words and voices of these settings are kept, so that only speakers are left to count."""
    artefacts = VaultArtefacts(workspace, recording_id)
    sound = sound_facts(artefacts)
    return sound is not None and not _needing_sound(artefacts, settings, sound)


def end_lost_jobs(workspace: Workspace, engine: JobEngine) -> None:
    """Jobs that look open here and that nobody will go on with get their sentence."""
    with workspace.reading() as connection:
        open_jobs = recordings.jobs(connection, open_only=True)
    for job in open_jobs:
        state = engine.state(job.id)
        if state not in ("queued", "running"):
            _end(workspace, job.id, _LOST.get(state, _LOST["failed"]))


class VaultArtefacts:
    """The pipeline's artefacts of one recording, in the vault under the recording's key."""

    def __init__(self, workspace: Workspace, recording_id: str) -> None:
        self._vault = workspace.vault
        self._id = recording_id

    def has(self, name: str) -> bool:
        return self._vault.has(self._id, _place(name))

    def read(self, name: str) -> bytes:
        return self._vault.read(self._id, _place(name))

    def write(self, name: str, data: bytes) -> None:
        if name == SOUND_PEAKS:
            if self._vault.has(self._id, PEAKS):  # from the intake
                return
            self._vault.write(self._id, PEAKS, data)
        else:
            self._vault.write(self._id, _place(name), data)

    def remove(self, name: str) -> None:
        self._vault.remove(self._id, _place(name))


class _ReadAnew:
    """The same artefacts, as if the sound had not been read: its blocks were removed after an earlier job."""

    def __init__(self, kept: VaultArtefacts) -> None:
        self._kept = kept
        self.read, self.write = kept.read, kept.write

    def has(self, name: str) -> bool:
        return name != SOUND and self._kept.has(name)


@dataclass(frozen=True, slots=True)
class _Work:
    """One job in progress."""

    workspace: Workspace
    task: Task
    job: Job
    recording: Recording
    settings: Settings
    artefacts: VaultArtefacts
    watch: JobWatch
    progress: JobProgress

    @classmethod
    def of(cls, workspace: Workspace, task: Task, recording_id: str) -> _Work | None:
        """The work of a job; None when job or recording are gone."""
        with workspace.reading() as connection:
            found = recordings.jobs(connection, job_id=task.id)
            recording = recordings.get(connection, recording_id)
        if not found or recording is None:
            return None
        return cls(
            workspace,
            task,
            found[0],
            recording,
            Settings(**json.loads(found[0].settings)),
            VaultArtefacts(workspace, recording_id),
            JobWatch(workspace, task, recording),
            JobProgress(workspace, task.id, found[0].progress),
        )

    def engine(self) -> Engine:
        return Engine(self.workspace.settings.models_folder, cancelled=self._stop_model)

    def do(self, words: Engine, voices: Engine) -> None:
        """All steps. Raises StepFailed, Stopped."""
        self.task.step("decode", self._decode)
        sound = sound_facts(self.artefacts)
        if sound is None:
            raise StepFailed("The decoded sound of this recording is gone. Start the transcription again.")
        steps = plan(self.settings, sound)
        self.progress.plan(steps, self.artefacts)
        self.task.side_by_side(
            [
                [(step.name, self._run(step, words)) for step in steps if step.branch == "words"],
                [(step.name, self._run(step, voices)) for step in steps if step.branch == "voices"],
            ],
            on_failure=self.watch.halt,
        )
        last = steps[-1]
        self.task.step(last.name, self._run(last, words))
        transcript_id = self.task.step("name", new_id)
        self.task.step("keep", lambda: self._keep(last.output, transcript_id))

    def tidy(self) -> None:
        """Remove what is of no use after the job: the decoded sound, and the transcript's first copy."""
        with contextlib.suppress(OSError, KeyStoreError):
            self._remove_sound()
            for step in plan(self.settings, sound_facts(self.artefacts)):
                if step.branch == "join":
                    self.artefacts.remove(step.output)

    def forget_everything(self) -> None:
        """Remove every artefact of this recording's jobs."""
        with contextlib.suppress(KeyStoreError, Tampered):  # erased: then nothing of it opens any more
            sound = sound_facts(self.artefacts)
            with self.workspace.reading() as connection:
                every = {j.settings for j in recordings.jobs(connection, recording_id=self.recording.id)}
            self._remove_sound()
            for settings in every:
                for step in reversed(plan(Settings(**json.loads(settings)), sound)):
                    self.artefacts.remove(step.output)

    def _remove_sound(self) -> None:
        number = 0
        while self.artefacts.has(block := _block(number)):
            self.artefacts.remove(block)
            number += 1

    def _decode(self) -> None:
        first = plan(self.settings)[0]
        sound = sound_facts(self.artefacts)
        artefacts: Artefacts = self.artefacts
        if (
            sound is not None
            and _needing_sound(self.artefacts, self.settings, sound)
            and not all(self.artefacts.has(_block(n)) for n in range(sound.blocks))
        ):
            artefacts = _ReadAnew(self.artefacts)
        with self._sentences(), self.workspace.vault.open(self.recording.id, MEDIUM) as medium:
            engine = self.engine()  # reading needs no model, and starts none
            told = self.progress.first(first.label)
            pipeline.run_step(first, cast(BinaryIO, medium), artefacts, self.settings, engine, told, self._stop_model)

    def _run(self, step: Step, engine: Engine) -> Callable[[], None]:
        def run() -> None:
            with self._sentences():
                if self.artefacts.has(step.output):
                    return
                told = self.progress.of(step)
                pipeline.run_step(step, Path(), self.artefacts, self.settings, engine, told, self._stop_model)
                told(1.0)

        return run

    def _keep(self, artefact: str, transcript_id: str) -> None:
        """The transcript's text, its row and the end of the job: all of it, or nothing."""
        with self.workspace.reading() as connection:
            if recordings.get_transcript(connection, transcript_id):
                return
        with self._sentences():
            data = self.artefacts.read(artefact)
            made = json.loads(data)
            name = transcript_artefact(transcript_id)
            self.workspace.vault.write(self.recording.id, name, data)
            counts = {"n_words": len(made["words"]), "n_utterances": len(made["utterances"])}
            detail = {"recording": self.recording.id, "job": self.task.id, "requested_by": self.job.requested_by}
            said = f"{counts['n_words']:,} words, {len(made['speakers'])} speakers"
            end = {"state": JobState.DONE, "progress": 1.0, "message": said, "finished_at": now_ms()}
            try:
                with self.workspace.changing(
                    None, "transcript.add", "transcript", transcript_id, {**detail, **counts}
                ) as connection:
                    # Again, now that nobody else can write.
                    lacking = lacking_consent(connection, self.recording.session_id, Scope.PROCESS)
                    if lacking or not recordings.update_job(connection, self.task.id, **end):
                        raise Stopped
                    recordings.add_transcript(
                        connection,
                        self.recording.id,
                        language=made["language"],
                        models=made["models"],
                        transcript_id=transcript_id,
                        **counts,
                    )
            except BaseException:
                self.workspace.vault.remove(self.recording.id, name)
                raise

    @contextlib.contextmanager
    def _sentences(self) -> Generator[None]:
        """Asks whether the step may begin, and turns what can go wrong in it into StepFailed or Stopped."""
        self.watch.check()
        try:
            yield
        except Cancelled:
            raise Stopped from None
        except (SpeechError, NotStored, NotInVault, Tampered, KeyStoreError) as error:
            if self.watch.lacking_consent():
                raise Stopped from None
            raise StepFailed(str(error)) from None

    def _stop_model(self) -> bool:
        self.progress.beat()
        # A database that is busy for ten seconds must not end an hour's work; before a step it may.
        with contextlib.suppress(Exception):
            return self.watch.says_stop()
        return False


def _needing_sound(artefacts: VaultArtefacts, settings: Settings, sound: SoundFacts) -> list[Step]:
    """Steps that are not done yet and listen to the sound."""
    return [
        step
        for step in plan(settings, sound)
        if step.branch in ("words", "voices") and step.name != "turns" and not artefacts.has(step.output)
    ]


def _end(workspace: Workspace, job_id: str, sentence: str) -> None:
    """The job has failed, unless it ended otherwise meanwhile."""

    class Ended(Exception):
        pass

    end = {"state": JobState.FAILED, "message": sentence, "finished_at": now_ms()}
    with (
        contextlib.suppress(Ended),
        workspace.changing(None, "job.fail", "job", job_id, {"reason": sentence}) as connection,
    ):
        if not recordings.update_job(connection, job_id, **end):
            raise Ended


def _used(words: Engine, voices: Engine) -> str:
    """Where the models ran and the most memory they took."""
    told = []
    for what, engine in (("transcription", words), ("diarization", voices)):
        if device := engine.device.get(what):
            peak = engine.usage[what].peak_bytes / 1e9
            told.append(f"{what} on {'GPU' if device == 'cuda' else device.upper()}, peak {peak:.1f} GB")
    return "; ".join(told) or "no model was needed"


def _block(number: int) -> str:
    """The name of a minute of decoded sound (see `pipeline.is_temporary`)."""
    return f"{SOUND}-{number:04d}"


def _place(name: str) -> str:
    return f"work/{name}"
