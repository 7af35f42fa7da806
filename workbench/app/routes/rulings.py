"""Rulings: made from the coding room, taken note of there, and a plain page that plays the clip of one."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.parts import times
from workbench.app.parts.plain_page import LOGO, plain_page, text
from workbench.app.parts.ruling_payload import rulings_shown
from workbench.app.routes.answering import NOT_STORED, Answer, answering, asker, changer, json_of, whole
from workbench.model.people import Person
from workbench.model.ruling import Clip, Ruling
from workbench.model.session import Recording
from workbench.model.span import TimeSpan, clock
from workbench.workflows import keep_definition, rule, see_rulings
from workbench.workflows.refusal import Refused

_MOST_READ = 1000


async def _make(request: Request) -> Response:
    person, sent = changer(request), await json_of(request)
    wording = _wording(sent)
    shown = await run_in_threadpool(_made, person, request.path_params["scheme_hash"], wording)
    return JSONResponse({"rulings": shown}, headers=NOT_STORED)


def _made(person: Person, scheme_hash: str, wording: rule.Wording) -> list[dict[str, Any]]:
    workspace = current.workspace()
    scheme = keep_definition.scheme(workspace, scheme_hash)
    today = times.date_of(times.now())
    made = rule.make_ruling(workspace, person, scheme.name, wording, today)
    return rulings_shown(r for r in see_rulings.rulings_of(workspace, person, scheme) if r.ruling.id == made.id)


def _wording(sent: dict[str, Any]) -> rule.Wording:
    texts = {name: sent.get(name, "") for name in ("code", "question", "decision", "example", "decided_on")}
    for name, value in texts.items():
        if not isinstance(value, str):
            raise Answer(400, f"{name} is text.")
    try:
        decided_on = date.fromisoformat(texts["decided_on"])
    except ValueError:
        raise Answer(409, "The date is a day, such as 2026-11-22.") from None
    clip = None
    if sent.get("session") is not None:
        if not isinstance(sent["session"], str):
            raise Answer(400, "session is text.")
        start_ms, end_ms = whole(sent.get("start_ms"), "start_ms"), whole(sent.get("end_ms"), "end_ms")
        if end_ms <= start_ms:
            raise Answer(409, "The clip ends before it begins.")
        clip = Clip(sent["session"], TimeSpan(start_ms, end_ms))
    return rule.Wording(
        texts["code"],
        decided_on,
        texts["question"],
        texts["decision"],
        texts["example"],
        clip,
        rating=sent.get("rating") is True,
    )


async def _seen(request: Request) -> Response:
    person, sent = changer(request), (await json_of(request)).get("rulings")
    if not isinstance(sent, list) or not all(isinstance(r, dict) and isinstance(r.get("id"), str) for r in sent):
        raise Answer(400, "The request needs a list of rulings.")
    if len(sent) > _MOST_READ:
        raise Answer(400, f"At most {_MOST_READ} rulings go in one request.")
    read = [(r["id"], whole(r.get("version"), "version", 1)) for r in sent]
    await run_in_threadpool(see_rulings.take_note, current.workspace(), person, read)
    return JSONResponse({}, headers=NOT_STORED)


async def _clip(request: Request) -> Response:
    version = request.path_params["version"]
    return await run_in_threadpool(_playing, asker(request), request.path_params["ruling_id"], version)


def _playing(person: Person, ruling_id: str, version: int) -> Response:
    try:
        ruling, recording = see_rulings.clip_of(current.workspace(), person, ruling_id, version)
    except Refused as refused:
        body = f'{_BRAND}<section class="card"><h1>This clip cannot be played</h1><p>{text(refused)}</p></section>'
        return plain_page("Clip", body, status=404 if refused.kind == "missing" else 403, narrow=True)
    assert ruling.clip is not None
    span = ruling.clip.span
    body = f"""{_BRAND}<section class="card clip"><h1 dir="auto">{text(ruling.question)}</h1>
{_medium(recording, span)}
<p class="quiet">{clock(span.start_ms)} to {clock(span.end_ms)} of the session.</p>
<h2>Decided on {times.calendar(ruling.decided_on)}</h2><p dir="auto">{text(ruling.decision)}</p>
{_more(ruling)}</section>"""
    return plain_page("Clip of a ruling", body, with_media=True)


def _medium(recording: Recording, span: TimeSpan) -> str:
    # a media fragment: the browser begins there, and stops at its end
    at = f"#t={span.start_ms / 1000:.3f},{span.end_ms / 1000:.3f}"
    tag = "video" if recording.has_video else "audio"
    inline = " playsinline" if recording.has_video else ""
    source = f"/wb/recordings/{text(recording.id)}/media{at}"
    return f'<{tag} src="{source}" controls autofocus preload="metadata" aria-label="The clip"{inline}></{tag}>'


def _more(ruling: Ruling) -> str:
    example = f'<p class="quiet" dir="auto">{text(ruling.example)}</p>' if ruling.example else ""
    if ruling.withdrawn:
        return f'{example}<p class="notice" dir="auto">Withdrawn: {text(ruling.withdrawn)}</p>'
    return example


_BRAND = f'<div class="brand">{LOGO}<span>Alliance Workbench</span></div>'
ROUTES = [
    Route("/wb/rulings/seen", answering(_seen), methods=["POST"]),
    Route("/wb/rulings/{scheme_hash}", answering(_make), methods=["POST"]),
    Route("/wb/rulings/{ruling_id}/{version:int}/clip", answering(_clip), methods=["GET"]),
]
