"""Adding a recording: a plain page, and the file in slices that go straight to the vault."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.parts.plain_page import LOGO, plain_page, text
from workbench.app.routes.answering import (
    NOT_STORED,
    Answer,
    answering,
    asker,
    body_of,
    changer,
    json_of,
    login,
    whole,
)
from workbench.model.people import Person
from workbench.workflows import intake, see_session, upload
from workbench.workflows.open_workspace import Workspace
from workbench.workflows.refusal import Refused
from workbench.workflows.upload import Standing


async def _page(request: Request) -> Response:
    found = login(request)
    return await run_in_threadpool(_add_recording, found.person, found.csrf, request.path_params["session_id"])


def _add_recording(person: Person, csrf: str, session_id: str) -> Response:
    workspace = current.workspace()
    try:
        seen = see_session.see_session(workspace, person, session_id)
        intake.check(workspace, person, session_id)
    except Refused as refused:
        body = f'{_BRAND}<section class="card"><h1>No recording can be added</h1><p>{text(str(refused))}</p></section>'
        return plain_page("Add a recording", body, status=403, narrow=True)
    back = f"/session?session={session_id}"
    further = bool(seen.recordings)
    title = "Add a further recording" if further else "Add a recording"
    name = seen.session.title or seen.session.code
    body = f"""{_BRAND}
<section class="card" id="upload" data-session="{text(session_id)}" data-csrf="{text(csrf)}" data-back="{text(back)}"
 data-further="{"yes" if further else ""}">
<h1>{title}</h1>
<p>{text(name)}</p>
<p class="quiet">Sound or video: wav, flac, mp3, m4a, ogg, opus, mp4, mov, webm, mkv. It is sealed while it arrives,
and its file name is not kept. A lost connection or a closed window loses nothing: choose the same file again.</p>
{_label_field() if further else ""}
<label class="drop" for="file"><b>Choose a file</b><span>or drop it here</span></label>
<input id="file" type="file" accept="audio/*,video/*,.mkv,.opus,.flac,.mka" class="seen-by-readers">
<div class="progress" hidden><progress max="1" value="0" aria-label="Upload"></progress>
<p class="said" role="status"></p><button type="button" class="second stop">Stop</button></div>
<p class="alert" role="alert" hidden></p>
<p class="back"><a href="{text(back)}">Back to the session</a></p>
</section>
<script src="/app/static/upload.js" defer></script>
"""
    return plain_page("Add a recording · Alliance Workbench", body, with_script=True)


def _label_field() -> str:
    return f"""<label class="field" for="label"><span>What it is, as raters see it</span>
<input id="label" type="text" maxlength="{intake.LONGEST_LABEL}" placeholder="camera on the patient"></label>
"""


_BRAND = f'<div class="brand">{LOGO}<span>Alliance Workbench</span></div>'


async def _begin(request: Request) -> Response:
    person, sent = changer(request), await json_of(request)
    size, session_id = whole(sent.get("size"), "size"), sent.get("session")
    if not isinstance(session_id, str):
        raise Answer(400, "The request needs a session.")
    workspace = current.workspace()
    return _standing(await run_in_threadpool(_begun, workspace, person, session_id, size), 201)


def _begun(workspace: Workspace, person: Person, session_id: str, size: int) -> Standing:
    return upload.begin(workspace, person, session_id, size=size)


async def _where(request: Request) -> Response:
    ticket = request.path_params["ticket"]
    return _standing(await run_in_threadpool(upload.resume, current.workspace(), asker(request), ticket))


async def _append(request: Request) -> Response:
    person, ticket, asked = changer(request), request.path_params["ticket"], request.query_params.get("offset", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 18):
        raise Answer(400, "offset is a whole number from 0.")
    data = await body_of(request, upload.LARGEST_SLICE)
    try:
        standing = await run_in_threadpool(upload.append, current.workspace(), person, ticket, int(asked), data)
    except upload.OutOfStep as step:
        return _out_of_step(step)
    return _standing(standing)


async def _finish(request: Request) -> Response:
    person, ticket, sent = changer(request), request.path_params["ticket"], await json_of(request)
    name, label = str(sent.get("name") or "The file")[-200:], str(sent.get("label") or "")
    try:
        recording = await run_in_threadpool(_finished, current.workspace(), person, ticket, name, label)
    except upload.OutOfStep as step:
        return _out_of_step(step)
    return JSONResponse({"recording": recording}, headers=NOT_STORED)


def _finished(workspace: Workspace, person: Person, ticket: str, name: str, label: str) -> str:
    return upload.finish(workspace, person, ticket, name=name, label=label).id


async def _cancel(request: Request) -> Response:
    await run_in_threadpool(upload.cancel, current.workspace(), changer(request), request.path_params["ticket"])
    return JSONResponse({}, headers=NOT_STORED)


def _standing(standing: Standing, status: int = 200) -> Response:
    body: dict[str, Any] = {
        "ticket": standing.ticket,
        "offset": standing.offset,
        "size": standing.size,
        "slice_bytes": standing.slice_bytes,
    }
    return JSONResponse(body, status, headers=NOT_STORED)


def _out_of_step(step: upload.OutOfStep) -> Response:
    return JSONResponse({"error": str(step), "problems": [], "expected": step.expected}, 409, headers=NOT_STORED)


ROUTES = [
    Route("/wb/sessions/{session_id}/add-recording", answering(_page), methods=["GET"]),
    Route("/wb/uploads", answering(_begin), methods=["POST"]),
    Route("/wb/uploads/{ticket}", answering(_where), methods=["GET"]),
    Route("/wb/uploads/{ticket}", answering(_append), methods=["PUT"]),
    Route("/wb/uploads/{ticket}", answering(_cancel), methods=["DELETE"]),
    Route("/wb/uploads/{ticket}/finish", answering(_finish), methods=["POST"]),
]
