"""A recording as its player asks for it: ranges of bytes, decrypted as they go, never a whole file in memory."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from workbench.app import current
from workbench.app.routes.answering import NOT_STORED, answering, asker
from workbench.model.people import Person
from workbench.workflows import open_recording
from workbench.workflows.open_recording import Sealed

PIECE = 256 * 1024
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


async def _media(request: Request) -> Response:
    person, recording_id = asker(request), request.path_params["recording_id"]
    recording, sealed = await run_in_threadpool(open_recording.open_media, current.workspace(), person, recording_id)
    size, etag = sealed.size, f'"{recording_id}"'
    headers = {**NOT_STORED, "accept-ranges": "bytes", "etag": etag, "content-type": recording.media_type}
    wanted = request.headers.get("range")
    if request.headers.get("if-range", etag) != etag:
        wanted = None
    try:
        span = byte_range(wanted, size)
    except _Unsatisfiable:
        sealed.close()
        return Response(status_code=416, headers={**headers, "content-range": f"bytes */{size}"})
    first, end = span or (0, size)
    headers["content-length"] = str(end - first)
    if span:
        headers["content-range"] = f"bytes {first}-{end - 1}/{size}"
    status = 206 if span else 200
    if request.method == "HEAD":
        sealed.close()
        return Response(status_code=status, headers=headers)
    return StreamingResponse(_pieces(sealed, person, recording_id, first, end), status, headers=headers)


async def _pieces(sealed: Sealed, person: Person, recording_id: str, first: int, end: int) -> AsyncGenerator[bytes]:
    """The bytes from `first` to `end`. A long answer asks the door again as it goes, so that a consent
    withdrawn meanwhile stops it."""
    try:
        asked_at = position = first
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
