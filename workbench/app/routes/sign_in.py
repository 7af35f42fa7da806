"""Signing in and out: a page of our own, and a cookie that only the server reads."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.gate import safe_next
from workbench.app.parts.plain_page import LOGO, fields_of, plain_page, text
from workbench.app.routes.answering import Answer, answering, body_of
from workbench.workflows import sign_in
from workbench.workflows.refusal import Refused

_FORM_CAP = 16 * 1024


async def _page(request: Request) -> Response:
    target = safe_next(request.query_params.get("next"))
    if getattr(request.state, "signed_in", None) is not None:
        return RedirectResponse(target, 303, headers={"cache-control": "no-store"})
    return await run_in_threadpool(_sign_in_page, target)


def _sign_in_page(target: str, name: str = "", sentence: str = "", status: int = 200) -> Response:
    alert = f'<p class="alert" role="alert">{text(sentence)}</p>' if sentence else ""
    focus_name, focus_password = ("", " autofocus") if name else (" autofocus", "")
    demo = ""
    if current.workspace().is_demo:
        demo = '<p class="quiet">Sample workspace: the names and passwords stand where the program was started.</p>'
    body = f"""
<div class="brand">{LOGO}<span>Alliance Workbench</span></div>
<form class="card" method="post" action="/sign-in">
<h1>Sign in</h1>
{alert}
<input type="hidden" name="next" value="{text(target)}">
<label for="name">Name</label>
<input id="name" name="name" value="{text(name)}" autocomplete="username" autocapitalize="none" spellcheck="false"
 maxlength="60" required{focus_name}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1024"
 required{focus_password}>
<button type="submit">Sign in</button>
{demo}
</form>
<p class="foot">Forgotten your password? An administrator can give you a new one.</p>
"""
    return plain_page("Sign in · Alliance Workbench", body, status=status, narrow=True)


async def _sign_in(request: Request) -> Response:
    sent = fields_of(await body_of(request, _FORM_CAP))
    name, target = sent.get("name", "").strip().lower()[:60], safe_next(sent.get("next"))
    if not name or not sent.get("password"):
        return await run_in_threadpool(_sign_in_page, target, name, "Enter your name and your password.", 400)
    workspace = current.workspace()
    try:
        token = await run_in_threadpool(sign_in.sign_in, workspace, name, sent["password"][:1024])
    except Refused as refused:
        return await run_in_threadpool(_sign_in_page, target, name, str(refused), 403)
    if before := getattr(request.state, "token", None):
        await run_in_threadpool(sign_in.sign_out, workspace, before)
    answer = RedirectResponse(target, 303, headers={"cache-control": "no-store"})
    answer.set_cookie(
        current.LOGIN,
        token,
        max_age=workspace.settings.login_hours * 3600,
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )
    return answer


async def _sign_out(request: Request) -> Response:
    """The cookie does not come along from other sites, so that none of them can sign anybody out."""
    token = getattr(request.state, "token", None)
    answer = RedirectResponse("/sign-in", 303, headers={"cache-control": "no-store"})
    if token:
        if request.headers.get("sec-fetch-site", "none") == "cross-site":
            raise Answer(403, "This request came from another site.")
        await run_in_threadpool(sign_in.sign_out, current.workspace(), token)
        answer.delete_cookie(current.LOGIN, httponly=True, samesite="strict", secure=request.url.scheme == "https")
        answer.headers["clear-site-data"] = '"cache"'
    return answer


ROUTES = [
    Route("/sign-in", answering(_page), methods=["GET"]),
    Route("/sign-in", answering(_sign_in), methods=["POST"]),
    Route("/sign-out", answering(_sign_out), methods=["GET", "POST"]),
]
