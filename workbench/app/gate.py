"""The gate before everything: who is asking, and the headers that every answer carries.

Plain ASGI, so that it stands before pages, files, routes and the websocket alike.
"""

from __future__ import annotations

from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbench.app import current
from workbench.app.streamlit_options import HOST_CONFIG, IDENTITY_HEADER
from workbench.workflows.sign_in import SignedIn, who_is

# What is answered without a sign-in: the ways in, forms behind their one-time links, and files that come with
# the program.
_OPEN = ("/sign-in", "/sign-out", "/health", "/form/", "/static/", "/app/static/", "/favicon.png", "/_stcore/health")
_OWN_FORMS = "/form/own/"
_SHUT = ("/_stcore/agent", "/_stcore/metrics", "/_stcore/script-health-check")
_READING = ("GET", "HEAD", "OPTIONS")

PLAIN_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Gate:
    """Lets in who is signed in, takes away what a client says about itself, and says who it is.

    Routes find the sign-in under `scope["state"]["signed_in"]`; Streamlit gets the login's token in a
    header that a client cannot set.
    """

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        path: str = scope["path"]
        headers = [(k, v) for k, v in scope["headers"] if not k.lower().startswith(b"x-workbench-")]
        token = token_of(headers)
        open_to_all = path.startswith(_OPEN) and not path.startswith(_OWN_FORMS)
        known = None
        if token and not path.startswith(("/static/", "/app/static/")):
            known = await run_in_threadpool(who_is, current.workspace(), token)
        if known is not None and token is not None:
            headers.append((IDENTITY_HEADER.encode(), token.encode("latin-1")))
        scope = {**scope, "headers": headers}
        scope["state"] = {**scope.get("state", {}), "signed_in": known, "token": token}
        answer = send if scope["type"] == "websocket" else self._with_headers(scope, send)
        if refusal := _refusal(scope, known, open_to_all):
            await _refuse(refusal, scope, receive, answer)
            return
        if path == "/_stcore/host-config":
            await JSONResponse(HOST_CONFIG, headers={"cache-control": "no-store"})(scope, receive, answer)
            return
        await self.app(scope, receive, answer)

    def _with_headers(self, scope: Scope, send: Send) -> Send:
        extra = {
            b"x-content-type-options": b"nosniff",
            b"referrer-policy": b"same-origin",
            b"x-frame-options": b"DENY",
            b"cross-origin-opener-policy": b"same-origin",
            b"cross-origin-resource-policy": b"same-origin",
            b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=()",
            b"content-security-policy": self.policy.encode(),
        }
        if scope.get("scheme") == "https":
            extra[b"strict-transport-security"] = b"max-age=31536000"

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(k, v) for k, v in message.get("headers", []) if k.lower() != b"access-control-allow-origin"]
                there = {k.lower() for k, _ in given}
                message = {**message, "headers": given + [(k, v) for k, v in extra.items() if k not in there]}
            await send(message)

        return with_headers


def token_of(headers: list[tuple[bytes, bytes]]) -> str | None:
    """The login token in the request's cookies."""
    cookies: SimpleCookie = SimpleCookie()
    for name, value in headers:
        if name.lower() == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                return None
    found = cookies.get(current.LOGIN)
    return found.value if found and found.value.isascii() else None


def safe_next(path: str | None) -> str:
    """`path` when it leads to a page of this server, else the home screen."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\", "/sign-")) or len(path) > 500:
        return "/"
    if any(ord(c) < 32 or c == "\\" for c in path):
        return "/"
    return path


def _refusal(scope: Scope, known: SignedIn | None, open_to_all: bool) -> Callable[[], Response] | None:
    """The answer that stops this request, or None when it may go on."""
    path: str = scope["path"]
    headers = dict(scope["headers"])
    if path.startswith(_SHUT):
        return lambda: PlainTextResponse("There is nothing here.", 404)
    from_elsewhere = headers.get(b"sec-fetch-site", b"none") not in (b"none", b"same-origin")
    if scope["type"] == "http" and scope["method"] not in _READING and from_elsewhere:
        return lambda: JSONResponse({"error": "This request came from another site."}, 403)
    if known is not None or open_to_all:
        return None
    wants_page = scope["type"] == "http" and scope["method"] in _READING and b"text/html" in headers.get(b"accept", b"")
    if wants_page:
        asked = path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")
        target = safe_next(asked)
        there = "/sign-in" if target == "/" else f"/sign-in?next={quote(target, safe='')}"
        return lambda: RedirectResponse(there, 303, headers={"cache-control": "no-store"})
    return lambda: JSONResponse({"error": "Your sign-in has ended. Sign in again."}, 401)


async def _refuse(refusal: Callable[[], Response], scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4401, "reason": ""})
        return
    await refusal()(scope, receive, send)
