"""The child's side of `workbench.speech.child`: answer requests until the parent is gone."""

from __future__ import annotations

import os
import queue
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from workbench.speech.child import Message, read_frame, write_frame
from workbench.speech.errors import SpeechError


class Parent:
    """What a child can say to its parent while it works."""

    def __init__(self) -> None:
        self._in = os.fdopen(os.dup(0), "rb")
        self._out = os.fdopen(os.dup(1), "wb")
        # Libraries print; what they print must not mix with the frames.
        os.dup2(2, 1)
        sys.stdout = sys.stderr
        self._frames: queue.Queue[tuple[Message, bytes]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def progress(self, fraction: float) -> None:
        self.send({"type": "progress", "value": round(min(max(fraction, 0.0), 1.0), 4)})

    def send(self, message: Message, body: bytes = b"") -> None:
        write_frame(self._out, message, body)

    def read(self, offset: int, size: int) -> bytes:
        """`size` bytes of the medium from `offset`, asked of the parent; fewer at its end."""
        self.send({"type": "read", "offset": offset, "size": size})
        return self.receive()[1]

    def receive(self) -> tuple[Message, bytes]:
        return self._frames.get()

    def _listen(self) -> None:
        # The parent is gone when its end of the pipe is: nobody wants the result any more.
        try:
            while (frame := read_frame(self._in)) is not None:
                self._frames.put(frame)
        finally:
            os._exit(0)


Handler = Callable[[Parent, Message, bytes], tuple[Mapping[str, Any], bytes]]


def serve(handlers: Mapping[str, Handler], before_first: Callable[[], None] = lambda: None) -> None:
    """Answer requests `{"do": name, …}` with `handlers[name]`, for ever."""
    parent = Parent()
    before_first()
    while True:
        request, body = parent.receive()
        try:
            answer, payload = handlers[request["do"]](parent, request, body)
        except SpeechError as error:
            parent.send({"type": "error", "error": type(error).__name__, "message": str(error)})
        except ModuleNotFoundError as error:
            parent.send({"type": "error", "error": "SpeechNotInstalled", "message": error.name or "a package"})
        except Exception as error:
            parent.send({"type": "error", "error": "ChildFailed", "message": _without_content(error)})
        else:
            parent.send({"type": "done", **answer, "usage": usage()}, payload)


def usage() -> dict[str, float]:
    """Processor seconds and peak memory in bytes of this process so far, where the system tells."""
    try:
        import resource
    except ImportError:
        return {}
    used = resource.getrusage(resource.RUSAGE_SELF)
    unit = 1 if sys.platform == "darwin" else 1024
    return {"cpu_seconds": used.ru_utime + used.ru_stime, "peak_bytes": float(used.ru_maxrss * unit)}


def limit_core_dumps() -> None:
    """No core dump: it would write the sound of a session to disk."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _without_content(error: Exception) -> str:
    """An unforeseen error by kind and place. Its own text is left out where it could quote a session."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    said = f": {error}" if isinstance(error, OSError | MemoryError | ImportError | RuntimeError) else ""
    return f"Unforeseen {type(error).__name__} at {Path(place.filename).name}:{place.lineno}{said}"
