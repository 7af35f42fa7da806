"""The addresses of the forms: by one-time link for everybody, by sign-in for providers."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.forms.questions import answers_of, questions
from workbench.app.forms.words import words
from workbench.app.parts.plain_page import LOGO, fields_of, plain_page, text
from workbench.app.routes.answering import Answer, answering, asker, body_of, login
from workbench.model.instrument import Instrument
from workbench.model.people import Person
from workbench.workflows import fill_form
from workbench.workflows.refusal import Refused

_CAP = 64 * 1024
_TICK = (
    '<svg class="tick" viewBox="0 0 48 48" aria-hidden="true"><circle cx="24" cy="24" r="22"/>'
    '<path d="M15 24.5l6.5 6.5L34 18"/></svg>'
)


async def _show(request: Request) -> Response:
    return await run_in_threadpool(_show_by_link, request.path_params["token"])


def _show_by_link(token: str) -> Response:
    try:
        form = fill_form.open_form(current.workspace(), token)
    except Refused as refused:
        return _cannot(str(refused))
    return _page(form.instrument, questions(form.instrument, f"/form/{token}"))


async def _take(request: Request) -> Response:
    sent = fields_of(await body_of(request, _CAP))
    return await run_in_threadpool(_take_by_link, request.path_params["token"], sent)


def _take_by_link(token: str, sent: Mapping[str, str]) -> Response:
    workspace = current.workspace()
    try:
        form = fill_form.open_form(workspace, token)
        answers = answers_of(form.instrument, sent)
        if _ask_back(form.instrument, answers, sent):
            return _page(form.instrument, questions(form.instrument, f"/form/{token}", answers, asked_back=True), 422)
        fill_form.answer(workspace, token, answers)
    except Refused as refused:
        return _cannot(str(refused))
    return RedirectResponse(f"/form/thanks?in={form.instrument.language}", 303)


async def _show_own(request: Request) -> Response:
    found = login(request)
    return await run_in_threadpool(_show_own_form, found.person, request.path_params["administration_id"], found.csrf)


def _show_own_form(person: Person, administration_id: str, csrf: str) -> Response:
    try:
        form = fill_form.open_own_form(current.workspace(), person, administration_id)
    except Refused as refused:
        return _cannot(str(refused))
    body = questions(form.instrument, f"/form/own/{administration_id}", hidden={"csrf": csrf})
    return _page(form.instrument, body)


async def _take_own(request: Request) -> Response:
    person, csrf = asker(request), login(request).csrf
    sent = fields_of(await body_of(request, _CAP))
    if not secrets.compare_digest(sent.get("csrf", "").encode(), csrf.encode()):
        raise Answer(403, "This page is out of date. Reload it and try again.")
    return await run_in_threadpool(_take_own_form, person, request.path_params["administration_id"], sent)


def _take_own_form(person: Person, administration_id: str, sent: Mapping[str, str]) -> Response:
    workspace = current.workspace()
    try:
        form = fill_form.open_own_form(workspace, person, administration_id)
        answers = answers_of(form.instrument, sent)
        if _ask_back(form.instrument, answers, sent):
            action, hidden = f"/form/own/{administration_id}", {"csrf": sent["csrf"]}
            body = questions(form.instrument, action, answers, asked_back=True, hidden=hidden)
            return _page(form.instrument, body, 422)
        fill_form.answer_own_form(workspace, person, administration_id, answers)
    except Refused as refused:
        return _cannot(str(refused))
    return RedirectResponse("/", 303)


def _ask_back(instrument: Instrument, answers: Mapping[str, int], sent: Mapping[str, str]) -> bool:
    """Whether to show the page once more: nothing is answered, or something is missing and nobody said that
    this is how it should be."""
    if not answers:
        return True
    return bool(fill_form.missing_items(instrument, answers)) and sent.get("as-it-is") != "yes"


def _page(instrument: Instrument, body: str, status: int = 200) -> Response:
    return plain_page(instrument.title, body, status=status, language=instrument.language, leaves_no_trace=True)


async def _thanks(request: Request) -> Response:
    language = request.query_params.get("in", "en")[:12]
    say = words(language)
    body = f"""
<section class="card done">{_TICK}
<h1>{text(say.thanks)}</h1>
<p>{text(say.thanks_more)}</p>
</section>
"""
    return plain_page(say.thanks, body, language=language, narrow=True, leaves_no_trace=True)


def _cannot(sentence: str) -> Response:
    title = words("en").not_open
    body = f"""
<div class="brand">{LOGO}<span>Alliance Workbench</span></div>
<section class="card"><h1>{text(title)}</h1><p>{text(sentence)}</p></section>
"""
    return plain_page(title, body, status=404, narrow=True, leaves_no_trace=True)


ROUTES = [
    Route("/form/thanks", answering(_thanks)),
    Route("/form/own/{administration_id}", answering(_show_own), methods=["GET"]),
    Route("/form/own/{administration_id}", answering(_take_own), methods=["POST"]),
    Route("/form/{token}", answering(_show), methods=["GET"]),
    Route("/form/{token}", answering(_take), methods=["POST"]),
]
