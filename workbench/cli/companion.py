"""The worker process beside a server: started with it, ended with it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from workbench.cli import call

if TYPE_CHECKING:
    from workbench.settings import Settings

_PATIENCE_SECONDS = 10


def start(settings: Settings, passphrase: str | None = None) -> subprocess.Popen[bytes]:
    """Start a worker on the workspace. It ends by itself when this process ends, however it ends:
    its standard input closes then. A passphrase travels in its environment, not among its arguments."""
    environ = dict(os.environ)
    if passphrase is not None:
        environ[call.PASSPHRASE] = passphrase
    if settings.key_file is not None:
        environ["WORKBENCH_KEY_FILE"] = str(settings.key_file)
    where = ["--workspace", str(settings.workspace), "--models-folder", str(settings.models_folder)]
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "workbench.worker", *where, "--with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        env=environ,
        start_new_session=True,  # Ctrl-C reaches this process alone, which then ends the worker
    )


def end(worker: subprocess.Popen[bytes]) -> None:
    """Let the worker put its job back into the queue; after a while end it anyway."""
    if worker.stdin is not None:
        worker.stdin.close()
    try:
        worker.wait(timeout=_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


@contextmanager
def beside(settings: Settings, passphrase: str | None = None) -> Generator[None]:
    """A worker while the block runs."""
    worker = start(settings, passphrase)
    try:
        yield
    finally:
        end(worker)
