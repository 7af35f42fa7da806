"""A worker in a thread of the test, and waiting for its jobs."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

from workbench.model.job import Job
from workbench.store.workspace import Workspace
from workbench.worker import run_worker
from workbench.workflows import transcribe


@contextlib.contextmanager
def worker(workspace: Workspace) -> Iterator[list[str]]:
    """Works inside; gives what the worker says."""
    stop, ready = threading.Event(), threading.Event()
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        ready.set()

    thread = threading.Thread(target=run_worker, args=(workspace, stop, say))
    thread.start()
    try:
        assert ready.wait(60)
        yield said
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 120) -> float:
    """Waits until something is true; gives the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - began


def ended(workspace: Workspace, job: Job, seconds: float = 120) -> Job:
    """The job when it has ended."""
    until(lambda: transcribe.job(workspace, None, job.id).state.ended, seconds)
    return transcribe.job(workspace, None, job.id)
