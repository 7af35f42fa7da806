"""A recording as its player asks for it: ranges of bytes, decrypted as they go, never a whole file in memory."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from workbench.app import current
from workbench.app.routes.answering import NOT_STORED, answering, asker
from workbench.model.people import Person
from workbench.model.session import Recording
from workbench.workflows import open_recording
from workbench.workflows.open_recording import Sealed

FIRST_PIECE = 64 * 1024  # read where the recording is opened: after a far seek its player waits for just this
PIECE = 512 * 1024
ASK_AGAIN = 8 * 1024 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class _Unsatisfiable(ValueError):
    """A range that begins behind the end of the file."""


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and end (exclusive) that a Range header asks for; None: the whole file.

    A header that is malformed, or asks for several ranges, counts as none (RFC 9110, 14.2). Raises
    _Unsatisfiable, a ValueError, when no byte of the file is in the range.

    >>> byte_range("bytes=0-99", 1000), byte_range("bytes=-100", 1000), byte_range("bytes=900-", 1000)
    ((0, 100), (900, 1000), (900, 1000))
    """
    found = _RANGE.fullmatch(header.strip()) if header else None
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = int(found[2])
        if length == 0 or size == 0:
            raise _Unsatisfiable
        return max(0, size - length), size
    first = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < first:
        return None
    if first >= size:
        raise _Unsatisfiable
    return first, min(last, size - 1) + 1


@dataclass(frozen=True, slots=True)
class _Opened:
    """An opened recording, what was asked of it (`span` None: all), and its first piece."""

    recording: Recording
    sealed: Sealed
    span: tuple[int, int] | None
    satisfiable: bool
    piece: bytes


def _open(person: Person, recording_id: str, wanted: str | None, *, head: bool) -> _Opened:
    recording, sealed = open_recording.open_media(current.workspace(), person, recording_id)
    try:
        try:
            span = byte_range(wanted, sealed.size)
        except _Unsatisfiable:
            return _Opened(recording, sealed, None, False, b"")
        first, end = span or (0, sealed.size)
        piece = b"" if head else sealed.pread(first, min(FIRST_PIECE, end - first))
        return _Opened(recording, sealed, span, True, piece)
    except BaseException:
        sealed.close()
        raise


async def _media(request: Request) -> Response:
    person, recording_id = asker(request), request.path_params["recording_id"]
    etag = f'"{recording_id}"'
    wanted = request.headers.get("range") if request.headers.get("if-range", etag) == etag else None
    head = request.method == "HEAD"
    opened = await run_in_threadpool(_open, person, recording_id, wanted, head=head)
    size = opened.sealed.size
    headers = {**NOT_STORED, "accept-ranges": "bytes", "etag": etag, "content-type": opened.recording.media_type}
    if not opened.satisfiable:
        opened.sealed.close()
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    first, end = opened.span or (0, size)
    headers["content-length"] = str(end - first)
    if opened.span:
        headers["content-range"] = f"bytes {first}-{end - 1}/{size}"
    status = 206 if opened.span else 200
    if head:
        opened.sealed.close()
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_pieces(opened, person, first, end), status, headers=headers)


async def _pieces(opened: _Opened, person: Person, first: int, end: int) -> AsyncGenerator[bytes]:
    """The bytes from `first` to `end`. A long answer asks the door again as it goes, so that a consent
    withdrawn meanwhile stops it."""
    sealed, recording_id = opened.sealed, opened.recording.id
    try:
        position, asked_at = first + len(opened.piece), first
        if opened.piece:
            yield opened.piece
        while position < end:
            if position - asked_at >= ASK_AGAIN:
                await run_in_threadpool(open_recording.admit, current.workspace(), person, recording_id, "play")
                asked_at = position
            piece = await run_in_threadpool(sealed.pread, position, min(PIECE, end - position))
            if not piece:
                raise OSError("the recording is shorter than it says")
            position += len(piece)
            yield piece
    finally:
        sealed.close()


async def _peaks(request: Request) -> Response:
    peaks = await run_in_threadpool(
        open_recording.read_peaks, current.workspace(), asker(request), request.path_params["recording_id"]
    )
    return Response(peaks, media_type="application/octet-stream", headers=NOT_STORED)


ROUTES = [
    Route("/wb/recordings/{recording_id}/media", answering(_media), methods=["GET", "HEAD"]),
    Route("/wb/recordings/{recording_id}/peaks", answering(_peaks)),
]
