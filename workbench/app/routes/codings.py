"""What the coding room sends and asks for: operations, the position, submitting,
taking back, reopening."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.routes.answering import NOT_STORED, Answer, answering, asker, changer, json_of, whole
from workbench.model.checklist import Entry
from workbench.model.coding import Operation
from workbench.model.span import TimeSpan
from workbench.workflows import check_coding, code, hand_back

_MOST_SPANS = 1000


async def _read(request: Request) -> Response:
    asked = request.query_params.get("after") or request.query_params.get("since") or "0"
    if not asked.isdigit() or len(asked) > 18:
        raise Answer(400, f"after is a whole number from 0; found {asked[:20]!r}.")
    after = int(asked)
    found, state = await run_in_threadpool(
        code.read_operations, current.workspace(), asker(request), request.path_params["coding_id"], after
    )
    return JSONResponse(
        {
            "operations": [_as_json(seq, operation) for seq, operation in found],
            "seq": found[-1][0] if found else after,
            "state": state.value,
        },
        headers=NOT_STORED,
    )


def _as_json(seq: int, operation: Operation) -> dict[str, Any]:
    return {**asdict(operation), "kind": operation.kind.value, "values": dict(operation.values), "seq": seq}


async def _write(request: Request) -> Response:
    person = changer(request)
    sent = (await json_of(request)).get("operations")
    if not isinstance(sent, list):
        raise Answer(400, "The request needs a list of operations.")
    pending = await run_in_threadpool(
        code.write_operations, current.workspace(), person, request.path_params["coding_id"], sent
    )
    written = await asyncio.wrap_future(pending)
    return JSONResponse(
        {
            "acknowledged": list(written.acknowledged),
            "refused": [{"id": ident, "reason": reason} for ident, reason in written.refused],
            "sequence": list(written.sequence),
            "before": written.before,
            "seq": written.seq,
            "state": written.state.value,
        },
        headers=NOT_STORED,
    )


async def _checklist(request: Request) -> Response:
    found = await run_in_threadpool(
        check_coding.check_coding, current.workspace(), asker(request), request.path_params["coding_id"]
    )
    body = {
        "entries": [_entry(e) for e in found.entries],
        "events": len(found.content.codes),
        "time_spent_ms": found.coding.time_spent_ms,
        "state": found.coding.state.value,
    }
    return JSONResponse(body, headers=NOT_STORED)


def _entry(entry: Entry) -> dict[str, Any]:
    """An entry as the room shows it: what it is not about is left out."""
    said = {name: value for name, value in asdict(entry).items() if value is not None and value != ""}
    if "coding_pass" in said:
        said["pass"] = said.pop("coding_pass")
    return said


async def _submit(request: Request) -> Response:
    person = changer(request)
    try:
        await run_in_threadpool(code.submit, current.workspace(), person, request.path_params["coding_id"])
    except check_coding.Incomplete as incomplete:
        body = {"error": str(incomplete), "entries": [_entry(e) for e in incomplete.entries]}
        return JSONResponse(body, 409, headers=NOT_STORED)
    return JSONResponse({"state": "submitted"}, headers=NOT_STORED)


async def _take_back(request: Request) -> Response:
    person = changer(request)
    await run_in_threadpool(hand_back.take_back, current.workspace(), person, request.path_params["coding_id"])
    return JSONResponse({"state": "draft"}, headers=NOT_STORED)


async def _reopen(request: Request) -> Response:
    person, reason = changer(request), (await json_of(request)).get("reason")
    if not isinstance(reason, str):
        raise Answer(400, "The request needs a reason, in words.")
    await run_in_threadpool(hand_back.reopen, current.workspace(), person, request.path_params["coding_id"], reason)
    return JSONResponse({"state": "draft"}, headers=NOT_STORED)


async def _position(request: Request) -> Response:
    person, sent = changer(request), await json_of(request)
    await run_in_threadpool(
        code.set_position,
        current.workspace(),
        person,
        request.path_params["coding_id"],
        whole(sent.get("position_ms"), "position_ms"),
        whole(sent.get("time_spent_ms", 0), "time_spent_ms"),
        _spans(sent.get("heard", [])),
    )
    return JSONResponse({}, headers=NOT_STORED)


def _spans(sent: object) -> tuple[TimeSpan, ...]:
    """[[start_ms, end_ms], …] as far as they can be read, the first `_MOST_SPANS` of them: what somebody heard is no
    reason to lose the place and the working time that came with it."""
    found = []
    for pair in sent[:_MOST_SPANS] if isinstance(sent, list) else ():
        try:
            start, end = pair
            found.append(TimeSpan(whole(start, "heard"), whole(end, "heard")))
        except (TypeError, ValueError, Answer):
            continue
    return tuple(found)


_AT = "/wb/codings/{coding_id}"
ROUTES = [
    Route(f"{_AT}/operations", answering(_read), methods=["GET"]),
    Route(f"{_AT}/operations", answering(_write), methods=["POST"]),
    Route(f"{_AT}/checklist", answering(_checklist), methods=["GET"]),
    Route(f"{_AT}/submit", answering(_submit), methods=["POST"]),
    Route(f"{_AT}/take-back", answering(_take_back), methods=["POST"]),
    Route(f"{_AT}/reopen", answering(_reopen), methods=["POST"]),
    Route(f"{_AT}/position", answering(_position), methods=["POST"]),
]
