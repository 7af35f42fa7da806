"""Whether the server answers, for monitors and for the command that waits for it; and the page icon."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route

_ICON = Path(__file__).resolve().parent.parent / "static" / "icon.png"


async def _health(_request: Request) -> Response:
    return PlainTextResponse("ok", headers={"cache-control": "no-store"})


async def _icon(_request: Request) -> Response:
    return FileResponse(_ICON, media_type="image/png", headers={"cache-control": "max-age=86400"})


ROUTES = [Route("/health", _health), Route("/favicon.png", _icon)]
