"""What people prefer, kept when the coding room sends it; the room is told when it opens."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.routes.answering import NOT_STORED, answering, changer, json_of
from workbench.workflows import prefer


async def _coding_room(request: Request) -> Response:
    person, wanted = changer(request), await json_of(request)
    kept = await run_in_threadpool(prefer.prefer, current.workspace(), person, wanted)
    return JSONResponse(kept, headers=NOT_STORED)


ROUTES = [Route(f"/wb/preferences/{prefer.CODING_ROOM}", answering(_coding_room), methods=["PUT"])]
