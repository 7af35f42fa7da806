"""Which workers are alive: each holds a lock on a file, and the kernel frees it when the worker dies.

No clock and no heartbeat is involved, so a computer that slept, or a worker that is busy for
minutes, is never taken for dead.
"""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path
from typing import BinaryIO


class WorkerLock:
    """The lock of one worker, held until `release` or the death of this process."""

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Use `take`."""
        self._path = path
        self._file = file

    @classmethod
    def take(cls, folder: Path, name: str) -> WorkerLock | None:
        """The lock of worker `name`, or None while somebody else (alive) holds it."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = folder / f"{name}.lock"
        file = path.open("a+b")  # not inherited by child processes
        if _try_lock(file):
            return cls(path, file)
        file.close()
        return None

    def release(self) -> None:
        """Let go, and remove the file: names of workers are never used again."""
        if sys.platform != "win32":
            self._path.unlink(missing_ok=True)
            self._file.close()
        else:
            self._file.close()
            with contextlib.suppress(OSError):  # another worker looks at it just now
                self._path.unlink()


def alive(folder: Path) -> list[str]:
    """Names of the workers that hold their lock now; files of dead ones stay for the take-over."""
    found = []
    for path in sorted(folder.glob("*.lock")):
        with path.open("a+b") as file:
            if not _try_lock(file):
                found.append(path.stem)
    return found


if sys.platform == "win32":
    import msvcrt

    def _try_lock(file: BinaryIO) -> bool:
        file.seek(0)
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _try_lock(file: BinaryIO) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
