"""The adapter to DBOS Transact: putting jobs into the queue, running them, taking over from the dead.

The engine's tables lie in the workspace's own database file, so that a job is queued in the
transaction that records it. Only names, ids and step results in JSON are stored, never a pickle and
never an error's own text. `DBOS._recover_pending_workflows` is private; this file alone calls it, and
the tests in `tests/faults` hold it to its word. https://docs.dbos.dev/python/reference/contexts
"""

from __future__ import annotations

import contextlib
import contextvars
import platform
import sqlite3
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from workbench.jobs.locks import WorkerLock, alive
from workbench.model.ids import new_id

# Two queues, one job at a time in each: work of seconds does not wait behind work of an hour.
LONG, SHORT = "long", "short"
# Part of every stored job. Raise it when a job's steps change so that a half-done one cannot go on.
SHAPE = "1"
RECOVERIES = 3
_POLL_SECONDS = 0.5
_SWEEP_SECONDS = 1.0
_STOP_SECONDS = 15.0
_ENDED = {"SUCCESS": "done", "ERROR": "failed", "CANCELLED": "cancelled", "MAX_RECOVERY_ATTEMPTS_EXCEEDED": "given up"}

Work = Callable[[], Any]
Handler = Callable[..., None]


class StepFailed(Exception):
    """A step that cannot be done; the message is a sentence for the person, and is stored."""


class Stopped(BaseException):
    """The worker stops, or the job was cancelled. Nothing is recorded: the step counts as not begun.

    Not an Exception, so that no handler takes it for a failure of its own.
    """


class Task:
    """A job in the hands of its handler: an id, and steps that are each done once.

    A handler runs again from its beginning after a kill; steps that were finished then give back what
    they returned before. It must ask for the same steps in the same order each time.
    """

    def __init__(self, job_id: str, stop: threading.Event) -> None:
        self.id = job_id
        self._stop = stop

    def stopping(self) -> bool:
        """Whether the worker was asked to stop. A long step looks now and then, and raises Stopped."""
        return self._stop.is_set()

    def step(self, name: str, work: Work) -> Any:
        """What `work` returns (JSON), now or when it was done before. Raises StepFailed, Stopped."""
        return self._run(_dbos().DBOS.reserve_step(), name, work)

    def side_by_side(self, branches: Sequence[Sequence[tuple[str, Work]]], on_failure: Callable[[], None]) -> None:
        """Several sequences of named steps, each in a thread of its own.

        As soon as one of them fails, `on_failure` is called and the others begin no further step.
        Raises the first StepFailed, else Stopped.
        """
        halted = threading.Event()
        # Numbered here, in one thread, so that the numbers are the same each time.
        planned = [[(name, work, _dbos().DBOS.reserve_step()) for name, work in branch] for branch in branches]

        def run(branch: list[tuple[str, Work, Any]]) -> None:
            for name, work, place in branch:
                if halted.is_set():
                    raise Stopped
                try:
                    self._run(place, name, work)
                except BaseException:
                    halted.set()
                    on_failure()
                    raise

        with ThreadPoolExecutor(max_workers=max(1, len(planned))) as pool:
            running = [pool.submit(contextvars.copy_context().run, run, branch) for branch in planned]
            wait(running)
        errors = [e for e in (future.exception() for future in running) if e is not None]
        for error in sorted(errors, key=lambda e: not isinstance(e, StepFailed)):
            raise error

    def _run(self, place: Any, name: str, work: Work) -> Any:
        if self.stopping():
            raise Stopped
        try:
            kept = place.run({"name": name}, _recorded(work))
        except Exception as error:
            raise StepFailed(_unforeseen(error)) from None
        except BaseException as error:  # DBOS says in this way that the job was cancelled
            raise error if isinstance(error, Stopped) else Stopped from None
        if "failed" in kept:
            raise StepFailed(kept["failed"])
        return kept["value"]


class JobEngine:
    """Jobs in the database file `database`. Close it, or use it as a context manager.

    Queueing needs nothing but this; running needs a process of its own (`run`).
    """

    def __init__(self, database: Path) -> None:
        self._url = f"sqlite:///{database}"
        self._locks = database.parent / "workers"

    def __enter__(self) -> JobEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self) -> None:
        """Make or update the engine's tables. Before the first `enqueue`, and outside a transaction."""
        _dbos().DBOS.migrate(self._url)

    def enqueue(self, connection: Connection, name: str, job_id: str, *ids: str, queue: str = LONG) -> None:
        """Queue job `job_id` for the handler `name`, in the caller's transaction on the same file.

        A job id that is known already changes nothing.
        """
        options = {"workflow_name": name, "queue_name": queue, "workflow_id": job_id, "app_version": SHAPE}
        self._client.enqueue_in_transaction(connection, options, *ids)

    def cancel(self, job_id: str) -> None:
        """Begin no further step of a job. What is being done now is for its handler to end."""
        with contextlib.suppress(_dbos().error.DBOSNonExistentWorkflowError):
            self._client.cancel_workflow(job_id)

    def forget(self, job_id: str) -> None:
        """Delete what the engine keeps of a job that has ended."""
        self._client.delete_workflow(job_id)

    def state(self, job_id: str) -> str:
        """ "queued", "running", "done", "failed", "cancelled", "given up" (killed too often) or "unknown"."""
        found = self._client.list_workflows(workflow_ids=[job_id], load_input=False, load_output=False)
        if not found:
            return "unknown"
        if found[0].app_version != SHAPE:
            return "given up"
        return _ENDED.get(found[0].status, "running" if found[0].status == "PENDING" else "queued")

    def workers(self) -> int:
        """How many workers are alive on this computer."""
        return len(alive(self._locks))

    def run(
        self,
        handlers: Mapping[str, Handler],
        stop: threading.Event,
        *,
        sweep: Callable[[], None] = lambda: None,
        ready: Callable[[], None] = lambda: None,
    ) -> None:
        """Do jobs until `stop` is set. Only one call at a time in a process.

        `handlers` are called as `handler(task, *ids)`. `sweep` is called about every second, after jobs
        of dead workers were taken over. When `stop` is set, a job in progress goes back to the queue
        and this does not count as one of its interruptions.
        """
        dbos = _dbos()
        executor = f"{platform.node() or 'worker'}-{new_id()}"
        lock = WorkerLock.take(self._locks, executor)
        assert lock is not None, "a new id cannot be locked"
        running = _Running()
        try:
            _register(dbos, handlers, stop, running)
            dbos.DBOS(
                config={
                    "name": "workbench",
                    "system_database_url": self._url,
                    "executor_id": executor,
                    "application_version": SHAPE,
                    "serializer": dbos.DBOSPortableJSONSerializer(),
                    "log_level": "CRITICAL",
                    "enable_otlp": False,
                }
            )
            dbos.DBOS.listen_queues([LONG, SHORT])
            dbos.DBOS.launch()
            for queue in (LONG, SHORT):
                dbos.DBOS.register_queue(queue, worker_concurrency=1, polling_interval_sec=_POLL_SECONDS)
            ready()
            while not stop.wait(_SWEEP_SECONDS):
                self._take_over(dbos, executor)
                sweep()
        finally:
            stop.set()
            running.wait_until_none(_STOP_SECONDS)
            dbos.DBOS.destroy(destroy_registry=True)
            self._hand_back(executor)
            lock.release()

    def close(self) -> None:
        if "_client" in self.__dict__:
            self._client.destroy()
            del self.__dict__["_client"]

    @cached_property
    def _client(self) -> Any:
        dbos = _dbos()
        return dbos.DBOSClient(
            system_database_url=self._url,
            serializer=dbos.DBOSPortableJSONSerializer(),
            application_name="workbench",
            lazy=True,
        )

    def _take_over(self, dbos: Any, executor: str) -> None:
        pending = dbos.DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        for other in sorted({w.executor_id for w in pending} - {executor, None}):
            if lock := WorkerLock.take(self._locks, other):
                try:
                    dbos.DBOS._recover_pending_workflows([other])
                finally:
                    lock.release()

    def _hand_back(self, executor: str) -> None:
        """Jobs that a stop interrupted go back to the queue, with their interruptions forgotten."""
        for left in self._client.list_workflows(status="PENDING", load_input=False, load_output=False):
            if left.executor_id == executor:
                self._client.resume_workflow(left.workflow_id, queue_name=left.queue_name)


class _Running:
    """How many handlers are at work."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        with self._changed:
            self._count += 1
        try:
            yield
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def wait_until_none(self, seconds: float) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, timeout=seconds)


def doctor_facts() -> dict[str, str]:
    """What there is to know about long work on this computer, and what stands in its way."""
    facts = {"engine": f"DBOS Transact {version('dbos')}, job shape {SHAPE}"}
    if sys.version_info >= (3, 12) and sqlite3.sqlite_version_info < (3, 42):
        facts["problem"] = (
            f"Jobs cannot run: on Python {platform.python_version()} they need SQLite 3.42 or later, and this one "
            f"is {sqlite3.sqlite_version}. Use Python 3.11, or a Python with a newer SQLite."
        )
    return facts


def _register(dbos: Any, handlers: Mapping[str, Handler], stop: threading.Event, running: _Running) -> None:
    def bind(handler: Handler) -> Callable[..., None]:
        def job(*ids: str) -> None:
            with running.one():
                try:
                    handler(Task(str(dbos.DBOS.workflow_id), stop), *ids)
                except Exception as error:
                    # Stored by the engine: the kind of error, not its text, which could quote a session.
                    raise StepFailed(_unforeseen(error)) from None

        return job

    for name, handler in handlers.items():
        dbos.DBOS.workflow(name=name, max_recovery_attempts=RECOVERIES)(bind(handler))


def _recorded(work: Work) -> Work:
    """`work` with its failure as a value: an exception would come back from the record as another class."""

    def run() -> dict[str, Any]:
        try:
            return {"value": work()}
        except StepFailed as error:
            return {"failed": str(error)}
        except Exception as error:
            return {"failed": _unforeseen(error)}

    return run


def _unforeseen(error: Exception) -> str:
    """An unforeseen error by kind and place, without its text."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"An unforeseen {type(error).__name__} in {Path(place.filename).name}, line {place.lineno}, ended this job."


def _dbos() -> Any:
    """DBOS, imported at the first job: it takes a third of a second and 26 MB."""
    import dbos

    return dbos
