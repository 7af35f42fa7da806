"""How a route asks who is there, reads a body, and says no."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from workbench.model.people import Person
from workbench.workflows.refusal import Refused
from workbench.workflows.sign_in import SignedIn

CSRF_HEADER = "x-wb-csrf"
BODY_CAP = 2 * 1024 * 1024
STATUS = {"forbidden": 403, "missing": 404, "invalid": 409}
NOT_STORED = {"cache-control": "private, no-store"}

_log = logging.getLogger(__name__)
Handler = Callable[[Request], Awaitable[Response]]


class Answer(Exception):
    """Stop here with this status and sentence."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


def answering(handler: Handler) -> Handler:
    """The handler, with refusals turned into their status and sentence, and accidents into one sentence
    that tells nothing of what was being worked on."""

    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except Answer as stop:
            return _error(stop.status, {"error": str(stop)})
        except Refused as refused:
            body: dict[str, Any] = {"error": str(refused), "problems": list(refused.problems)}
            return _error(STATUS.get(refused.kind, 409), body)
        except ClientDisconnect:
            return Response(status_code=499)  # a closed tab is no news, and nobody reads this
        except OSError as error:
            _log.error("%s %s: %s", request.method, request.scope["route"].path, type(error).__name__)
            return _error(507, {"error": "The server could not save this: its disk refused. Nothing was changed."})
        except Exception as error:
            where = f"{request.method} {request.scope['route'].path}"
            _log.error("%s: %s at %s", where, type(error).__name__, _origin(error))
            return _error(500, {"error": "The server could not do this. Nothing was changed."})

    return answered


def _error(status: int, body: dict[str, Any]) -> JSONResponse:
    return JSONResponse(body, status, headers=NOT_STORED)


def _origin(error: BaseException) -> str:
    """File and line of an accident, without its words."""
    trace, place = error.__traceback__, "?"
    while trace is not None:
        place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
        trace = trace.tb_next
    return place


def login(request: Request) -> SignedIn:
    """Who asks. Raises Answer 401 when nobody is signed in."""
    found = getattr(request.state, "signed_in", None)
    if not isinstance(found, SignedIn):
        raise Answer(401, "Your sign-in has ended. Sign in again.")
    return found


def asker(request: Request) -> Person:
    """The person who asks. Raises Answer 401."""
    return login(request).person


def changer(request: Request) -> Person:
    """The person who asks for a change, whose page knows the word that goes with every change.

    Raises Answer 401 or 403.
    """
    found = login(request)
    given = request.headers.get(CSRF_HEADER, "")
    if not secrets.compare_digest(given.encode(), found.csrf.encode()):
        raise Answer(403, "This page is out of date. Reload it and try again.")
    return found.person


async def body_of(request: Request, cap: int = BODY_CAP) -> bytes:
    """The request's body. Raises Answer 413 beyond `cap` bytes."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > cap:
        raise Answer(413, f"At most {cap // 1024 // 1024} MB go in one request.")
    taken = bytearray()
    async for piece in request.stream():
        taken += piece
        if len(taken) > cap:
            raise Answer(413, f"At most {cap // 1024 // 1024} MB go in one request.")
    return bytes(taken)


async def json_of(request: Request) -> dict[str, Any]:
    """The request's body, a JSON object. Raises Answer 400 or 413."""
    try:
        found = json.loads(await body_of(request) or b"{}")
    except (ValueError, RecursionError):
        raise Answer(400, "The request is not JSON.") from None
    if not isinstance(found, dict):
        raise Answer(400, "The request is not a JSON object.")
    return found


def whole(value: object, name: str, low: int = 0) -> int:
    """`value` as a whole number from `low`. Raises Answer 400."""
    if isinstance(value, bool) or not isinstance(value, int) or value < low:
        raise Answer(400, f"{name} is a whole number from {low}; found {value!r}.")
    return value
