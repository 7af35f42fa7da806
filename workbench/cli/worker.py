"""`workbench worker`: does the long work."""

from __future__ import annotations

import json as json_
import signal
import threading

import typer

from workbench.cli import call
from workbench.cli.showing import hint, say


def register(app: typer.Typer) -> None:
    app.command("worker")(worker)


def worker(ctx: typer.Context, json: call.Json = False) -> None:
    """Do the long work: transcriptions that were asked for in the app or with workbench transcribe.

    Runs until Ctrl-C; a job in progress goes back to the queue. workbench serve starts one by itself;
    start more on a strong computer. One that is killed loses nothing: the next goes on where it was.

    \b
    Example: workbench worker --workspace ~/alliance
    Writes:  transcripts into the workspace's vault.
    """
    from workbench.jobs import doctor_facts
    from workbench.worker import run_worker
    from workbench.workflows.refusal import Refused

    if problem := doctor_facts().get("problem"):
        raise Refused(problem)
    with call.of(ctx).open() as workspace:
        stop = threading.Event()
        before = {s: signal.signal(s, lambda *_: stop.set()) for s in (signal.SIGINT, signal.SIGTERM)}
        try:
            hint("Ctrl-C ends it.")
            run_worker(workspace, stop, _as_line if json else say)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
    hint("The worker has ended.")


def _as_line(text: str) -> None:
    """What the worker says, as one JSON document a line."""
    print(json_.dumps({"said": text}, ensure_ascii=False), flush=True)
