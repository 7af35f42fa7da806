"""The worker: binds workflow steps to job names and runs them, one process beside the server.

`python -m workbench.worker --workspace DIR` runs until it is told to stop (Ctrl-C, SIGTERM). It may be
killed at any moment: another worker, or the next start of this one, goes on where it was.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from workbench import settings as settings_module
from workbench.jobs import Handler, Task, doctor_facts
from workbench.settings import SettingsError
from workbench.store.workspace import Workspace
from workbench.workflows import open_workspace, run_transcription, transcribe
from workbench.workflows.refusal import Refused

_LOST_SECONDS = 3.0

Say = Callable[[str], None]


def run_worker(workspace: Workspace, stop_event: threading.Event, say: Say = print) -> None:
    """Do the jobs of `workspace` until `stop_event` is set; a job in progress then goes back to the queue.

    `say` is told one line when the worker is ready and one at the end of each job: its id, how it ended,
    where the models ran (CPU or GPU), the most memory they took, and how long it took.
    """
    looked = 0.0
    with transcribe.engine_of(workspace) as engine:

        def sweep() -> None:
            nonlocal looked
            if time.monotonic() - looked >= _LOST_SECONDS:
                looked = time.monotonic()
                run_transcription.end_lost_jobs(workspace, engine)

        engine.run(handlers(workspace, say), stop_event, sweep=sweep, ready=lambda: say("The worker is ready."))


def handlers(workspace: Workspace, say: Say) -> dict[str, Handler]:
    """What each name of a job stands for."""

    def transcription(task: Task, recording_id: str) -> None:
        run_transcription.transcribe_recording(workspace, task, recording_id, say)

    return {transcribe.TRANSCRIBE: transcription}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a worker; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m workbench.worker", description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--workspace", type=Path, help="the workspace's folder")
    parser.add_argument("--models-folder", type=Path, help="where the models are")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input is closed")
    given = parser.parse_args(arguments)
    if problem := doctor_facts().get("problem"):
        print(problem, file=sys.stderr)
        return 1
    try:
        flags = {"workspace": given.workspace, "models_folder": given.models_folder}
        workspace = open_workspace.open_(settings_module.load(flags), _passphrase)
    except (Refused, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    stop = threading.Event()
    for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda *_: stop.set())
    if given.with_parent:
        threading.Thread(target=_until_closed, args=(stop,), daemon=True).start()
    try:
        run_worker(workspace, stop, lambda line: print(line, flush=True))
    finally:
        workspace.close()
    return 0


def _passphrase() -> str:
    try:
        return os.environ["WORKBENCH_PASSPHRASE"]
    except KeyError:
        raise Refused("This workspace opens with a passphrase: set WORKBENCH_PASSPHRASE.") from None


def _until_closed(stop: threading.Event) -> None:
    """Whoever started this worker holds the other end of standard input, and is gone when it closes."""
    with contextlib.suppress(OSError, ValueError):
        while sys.stdin.buffer.read(1024):
            pass
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
