"""A transcript as the coding room asks for it."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.routes.answering import NOT_STORED, answering, asker
from workbench.model.people import Person
from workbench.workflows import open_recording


async def _transcript(request: Request) -> Response:
    return await run_in_threadpool(_answer, asker(request), request.path_params["transcript_id"])


def _answer(person: Person, transcript_id: str) -> Response:
    _version, transcript = open_recording.read_transcript(current.workspace(), person, transcript_id)
    return JSONResponse(transcript.to_dict(), headers=NOT_STORED)


ROUTES = [Route("/wb/transcripts/{transcript_id}", answering(_transcript))]
