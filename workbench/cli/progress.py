"""Progress on the error stream: a bar in a terminal, a line for each new kind of work elsewhere."""

from __future__ import annotations

import shutil
import sys
import threading
from types import TracebackType

from workbench.cli.showing import plain

_WIDTH = 24


class Progress:
    """Called with the part that is done, 0 to 1, and what is being done. Clears its bar at the end."""

    def __init__(self) -> None:
        self._bar = sys.stderr.isatty()
        self._last = ""
        self._lock = threading.Lock()

    def __call__(self, part: float, label: str) -> None:
        with self._lock:
            if self._bar:
                done = round(_WIDTH * part)
                line = f"[{'#' * done}{'.' * (_WIDTH - done)}] {100 * part:3.0f} %  {plain(label)}"
                sys.stderr.write("\r\x1b[K" + line[: shutil.get_terminal_size().columns - 1])
            elif (kind := label.split(" part ")[0]) != self._last:
                self._last = kind
                sys.stderr.write(f"{100 * part:3.0f} %  {plain(label)}\n")
            sys.stderr.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._bar:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
