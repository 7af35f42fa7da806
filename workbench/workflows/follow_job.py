"""While a job runs: whether it may go on, and how far it is."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence

from workbench.jobs import Stopped, Task
from workbench.model.consent import Scope
from workbench.model.ids import now_ms
from workbench.model.session import Recording
from workbench.speech.artefacts import Artefacts
from workbench.speech.steps import Step
from workbench.store import recordings
from workbench.store.workspace import Workspace
from workbench.workflows.check_consent import lacking_consent

_ASK_SECONDS = 0.5
_PROGRESS_SECONDS = 1.0
_BEAT_SECONDS = 5.0
_READING = 0.05  # part of the progress bar for reading the medium, whose length is not known before


class JobWatch:
    """Whether a job may go on. Asked from two threads."""

    def __init__(self, workspace: Workspace, task: Task, recording: Recording) -> None:
        self._workspace, self._task, self._recording = workspace, task, recording
        self._halted = threading.Event()
        self._asked = 0.0

    def halt(self) -> None:
        """The other branch failed."""
        self._halted.set()

    def check(self) -> None:
        """Before a step: asks in any case. Raises Stopped."""
        if self._told() or self._answer_is_no():
            raise Stopped

    def says_stop(self) -> bool:
        """While a model works: reads the database at most twice a second."""
        if self._told():
            return True
        now = time.monotonic()
        if now - self._asked < _ASK_SECONDS:
            return False
        self._asked = now
        return self._answer_is_no()

    def lacking_consent(self) -> str:
        with self._workspace.reading() as connection:
            return lacking_consent(connection, self._recording.session_id, Scope.PROCESS)

    def _told(self) -> bool:
        return self._halted.is_set() or self._task.stopping()

    def _answer_is_no(self) -> bool:
        """Whether the job was cancelled or consent withdrawn. From then on both branches know."""
        with self._workspace.reading() as connection:
            cancelled = not recordings.jobs(connection, job_id=self._task.id, open_only=True)
        if cancelled or self.lacking_consent():
            self._halted.set()
        return self._halted.is_set()


class JobProgress:
    """Progress of all steps as one number that only grows, written about once a second."""

    def __init__(self, workspace: Workspace, job_id: str, at: float) -> None:
        self._workspace, self._job_id = workspace, job_id
        self._part, self._label = at, ""
        self._done: dict[str, float] = {}
        self._whole = 1.0
        self._written = 0.0
        self._lock = threading.Lock()

    def plan(self, steps: Sequence[Step], artefacts: Artefacts) -> None:
        """From now on the steps are known, and which of them earlier work has done."""
        left = [s for s in steps if s.branch != "decode"]
        self._whole = sum(s.weight for s in left) or 1.0
        self._done = {s.name: s.weight for s in left if artefacts.has(s.output)}

    def first(self, label: str) -> Callable[[float], None]:
        """To be told the part of the reading, 0 to 1."""
        return lambda part: self._tell(_READING * min(part, 1.0), label)

    def of(self, step: Step) -> Callable[[float], None]:
        """To be told the part of a step, 0 to 1."""

        def tell(part: float) -> None:
            with self._lock:
                self._done[step.name] = max(self._done.get(step.name, 0.0), step.weight * min(part, 1.0))
                done = sum(self._done.values()) / self._whole
            self._tell(_READING + (1 - _READING) * done, step.label)

        return tell

    def beat(self) -> None:
        """The job is alive, though it has nothing to tell."""
        self._write(_BEAT_SECONDS)

    def _tell(self, part: float, label: str) -> None:
        with self._lock:
            # 1 is for a job that is done.
            self._part, self._label = max(self._part, min(part, 0.999)), label
        self._write(_PROGRESS_SECONDS)

    def _write(self, every: float) -> None:
        with self._lock:
            now = time.monotonic()
            if now - self._written < every:
                return
            self._written = now
            values = {"progress": round(self._part, 3), "message": self._label, "heartbeat_at": now_ms()}
        with contextlib.suppress(Exception):  # a busy database must not end an hour's work
            self._workspace.housekeeping(lambda connection: recordings.update_job(connection, self._job_id, **values))
