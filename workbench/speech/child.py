"""Child processes: how work that may crash, hang or eat memory is kept out of the caller's process.

A request and its answers travel as frames over the child's standard input and output: the length of
a JSON header and of a binary body, then both. Sound therefore passes from memory to memory and never
touches a disk. The child ends by itself when its parent dies, because its standard input then ends.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import struct
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from workbench.speech.errors import TRAVELLING, Cancelled, ChildFailed, SpeechNotInstalled

_FRAME = struct.Struct(">IQ")
_POLL_SECONDS = 0.1

Message = dict[str, Any]
# Told of each message before the last one; what it returns for a "read" goes back to the child.
OnMessage = Callable[[Message, bytes], bytes | None]


def _nothing(message: Message, body: bytes) -> bytes | None:
    return None


class Child:
    """A child process that runs `python -m module` and answers requests one after the other.

    Nothing starts before the first `call`. `kill` may be called from any thread.
    """

    def __init__(
        self, module: str, *, environ: Mapping[str, str] | None = None, cancelled: Callable[[], bool] | None = None
    ) -> None:
        self._module = module
        self._environ = dict(environ or {})
        self._cancelled = cancelled or (lambda: False)
        self._process: subprocess.Popen[bytes] | None = None
        self._frames: queue.Queue[tuple[Message, bytes] | None] = queue.Queue()
        self._killed = False
        self._lock = threading.Lock()

    def call(self, request: Message, body: bytes = b"", on_message: OnMessage = _nothing) -> tuple[Message, bytes]:
        """Send one request; return its last answer. Messages before it go to `on_message`.

        Raises Cancelled (after killing the child) as soon as `cancelled()` says so or `kill` was
        called, the child's own SpeechError, or ChildFailed when it died.
        """
        process = self._running()
        self._send(process, request, body)
        while True:
            if self._cancelled():
                self.kill()
            if self._killed:
                raise Cancelled
            try:
                frame = self._frames.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                continue
            if frame is None:
                if self._killed:
                    raise Cancelled
                raise self._ended(process)
            message, payload = frame
            kind = message.get("type")
            if kind == "done":
                return message, payload
            if kind == "error":
                raise _error_of(message)
            answer = on_message(message, payload)
            if kind == "read":
                self._send(process, {"do": "bytes"}, answer or b"")

    def kill(self) -> None:
        """End the child at once; a `call` in progress raises Cancelled."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """End the child. Safe to call twice."""
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def __enter__(self) -> Child:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _running(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._killed:
                raise Cancelled
            if self._process is None:
                self._frames = queue.Queue()
                self._process = _start(self._module, self._environ)
                threading.Thread(target=_pump, args=(self._process.stdout, self._frames), daemon=True).start()
            return self._process

    def _send(self, process: subprocess.Popen[bytes], message: Message, body: bytes) -> None:
        assert process.stdin is not None
        try:
            write_frame(process.stdin, message, body)
        except (OSError, ValueError):
            if self._killed:
                raise Cancelled from None
            raise self._ended(process) from None

    def _ended(self, process: subprocess.Popen[bytes]) -> ChildFailed:
        """What to say about a child that died; the next call starts a new one."""
        said = self._how_it_ended(process)
        self.close()
        return ChildFailed(said)

    def _how_it_ended(self, process: subprocess.Popen[bytes]) -> str:
        try:
            code = process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        what = self._module.rsplit(".", 1)[-1].strip("_")
        how = {-9: "was killed (perhaps for lack of memory)", -24: "used more processor time than it is allowed"}
        return f"The process for {what} ended before it was done: it {how.get(code, f'stopped with code {code}')}."


def _start(module: str, environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    # -P keeps the current folder off the search path: a file av.py lying there must not run.
    package_home = str(Path(__file__).resolve().parents[2])
    env = {**os.environ, "PYTHONPATH": package_home, "PYTHONUNBUFFERED": "1", **environ}
    return subprocess.Popen(
        [sys.executable, "-P", "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=None if os.environ.get("WORKBENCH_CHILD_LOG") else subprocess.DEVNULL,
        env=env,
        start_new_session=True,  # Ctrl-C reaches the parent alone, which then ends its children
    )


def _pump(stream: IO[bytes] | None, frames: queue.Queue[tuple[Message, bytes] | None]) -> None:
    assert stream is not None
    try:
        while (frame := read_frame(stream)) is not None:
            frames.put(frame)
    except (OSError, ValueError):
        pass
    frames.put(None)


def _error_of(message: Message) -> Exception:
    name, text = str(message.get("error")), str(message.get("message"))
    if name == "SpeechNotInstalled":
        return SpeechNotInstalled(text)
    return TRAVELLING.get(name, ChildFailed)(text)


def write_frame(stream: IO[bytes], message: Message, body: bytes = b"") -> None:
    """Write one frame and flush."""
    header = json.dumps(message, separators=(",", ":")).encode()
    stream.write(_FRAME.pack(len(header), len(body)) + header)
    if body:
        stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes]) -> tuple[Message, bytes] | None:
    """The next frame, or None at the end of the stream (also in the middle of a frame)."""
    sizes = _read(stream, _FRAME.size)
    if sizes is None:
        return None
    header_size, body_size = _FRAME.unpack(sizes)
    header = _read(stream, header_size)
    body = _read(stream, body_size)
    if header is None or body is None:
        return None
    return json.loads(header), body


def _read(stream: IO[bytes], size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = stream.read(min(size, 1 << 20))
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
