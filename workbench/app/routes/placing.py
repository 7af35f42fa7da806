"""Placing a further recording of a session beside the main one: a plain page that plays both."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbench.app import current
from workbench.app.parts.plain_page import LOGO, plain_page, text
from workbench.app.routes.answering import NOT_STORED, Answer, answering, changer, json_of, login
from workbench.model.access import Action
from workbench.model.people import Person
from workbench.model.session import Recording
from workbench.model.span import clock
from workbench.workflows import intake, place_recording, see_session
from workbench.workflows.refusal import Refused
from workbench.workflows.see_session import SessionSeen

_BRAND = f'<div class="brand">{LOGO}<span>Alliance Workbench</span></div>'
_NUDGES_MS = (-1000, -100, -10, 10, 100, 1000)
_LONGEST_OFFSET_S = 24 * 3600


async def _page(request: Request) -> Response:
    found = login(request)
    return await run_in_threadpool(_placing, found.person, found.csrf, request.path_params["recording_id"])


def _placing(person: Person, csrf: str, recording_id: str) -> Response:
    try:
        seen = see_session.session_of(current.workspace(), person, recording_id)
        if Action.ADD_RECORDING not in seen.may:
            raise Refused("Recordings are placed by supervisors, researchers and administrators, with consent.")
    except Refused as refused:
        return _only_said("This recording cannot be placed", str(refused), status=403)
    main = seen.recordings[0]
    other = next(r for r in seen.recordings if r.id == recording_id)
    back = f"/session?session={seen.session.id}"
    name = seen.session.title or seen.session.code
    if other.id == main.id:
        return _only_said(name, "This is the main recording: the others are placed against it.", back)
    body = f"""{_BRAND}
<section class="card place" id="place" data-recording="{text(other.id)}" data-main="{text(main.id)}"
 data-csrf="{text(csrf)}">
<h1>Place a recording</h1>
<p>{text(name)}. Where does this recording begin beside the main one? Let it be found from the sound, or set it by
hand, and listen to both.</p>
{_preview(seen, main, other)}
<div class="row">
<label class="field" for="offset"><span>Begins after the main one by (seconds)</span>
<input id="offset" type="number" step="0.01" min="-{_LONGEST_OFFSET_S}" max="{_LONGEST_OFFSET_S}"
 value="{other.offset_ms / 1000:.3f}" inputmode="decimal" aria-describedby="offset-note"></label>
<div class="nudges" role="group" aria-label="Move by a little">{_nudges()}</div>
<button type="button" class="second find">Find it from the sound</button>
</div>
<p class="quiet" id="offset-note">A negative number: it was switched on before the main one.</p>
<p class="said" role="status"></p>
<label class="field" for="label"><span>What it is, as raters see it</span>
<input id="label" type="text" maxlength="{intake.LONGEST_LABEL}" value="{text(other.label)}"
 placeholder="camera on the patient"></label>
<p class="alert" role="alert" hidden></p>
<div class="hand-in"><button type="button" class="save">Save</button>
<button type="button" class="second main">Make it the main recording</button>
<a href="{text(back)}">Back to the session</a></div>
</section>
<script src="/app/static/place.js" defer></script>
"""
    return plain_page("Place a recording · Alliance Workbench", body, with_script=True, with_media=True)


def _only_said(title: str, sentence: str, back: str = "/", status: int = 200) -> Response:
    body = f"""{_BRAND}<section class="card"><h1>{text(title)}</h1><p>{text(sentence)}</p>
<p class="back"><a href="{text(back)}">Back</a></p></section>"""
    return plain_page("Place a recording", body, status=status, narrow=True)


def _preview(seen: SessionSeen, main: Recording, other: Recording) -> str:
    if Action.OPEN_RECORDING not in seen.may:
        return '<p class="notice">Recordings of this session are not open to you: there is no preview.</p>'
    return f"""<div class="screens">
{_medium(main, "main", "Main recording")}{_medium(other, "other", "This recording")}</div>
<canvas class="waves" role="img" aria-label="The sound of both recordings around the present moment"></canvas>
<div class="row transport"><button type="button" class="play" aria-pressed="false">Play both</button>
<label class="seek"><span class="seen-by-readers">Position in the main recording</span>
<input id="position" type="range" min="0" max="{main.duration_ms}" step="100" value="0"></label>
<output class="clock" for="position">0:00</output>
<fieldset class="hear"><legend class="seen-by-readers">Which one is heard</legend>
<label><input type="radio" name="hear" value="both" checked> Both</label>
<label><input type="radio" name="hear" value="main"> Main</label>
<label><input type="radio" name="hear" value="other"> This one</label></fieldset></div>"""


def _medium(recording: Recording, name: str, title: str) -> str:
    source = f'src="/wb/recordings/{text(recording.id)}/media" preload="metadata"'
    words = f"{title}{f': {recording.label}' if recording.label else ''}"
    facts = f"{'Video' if recording.has_video else 'Sound'}, {clock(recording.duration_ms)}"
    tag = (
        f'<video class="{name}" {source} playsinline aria-label="{text(words)}"></video>'
        if recording.has_video
        else f'<div class="sound" aria-hidden="true">Sound only</div><audio class="{name}" {source}></audio>'
    )
    return f"<figure>{tag}<figcaption><b>{text(words)}</b> {facts}</figcaption></figure>"


def _nudges() -> str:
    def one(ms: int) -> str:
        seconds = f"{abs(ms) / 1000:g}"
        words = f"{seconds} s {'earlier' if ms < 0 else 'later'}"
        shown = f"{'−' if ms < 0 else '+'}{seconds}"
        return f'<button type="button" class="second" data-ms="{ms}" aria-label="{words}">{shown}</button>'

    return "".join(one(ms) for ms in _NUDGES_MS)


async def _place(request: Request) -> Response:
    person, sent = changer(request), await json_of(request)
    offset_ms, label = sent.get("offset_ms"), sent.get("label")
    if offset_ms is not None and (isinstance(offset_ms, bool) or not isinstance(offset_ms, int)):
        raise Answer(400, f"offset_ms is a whole number; found {offset_ms!r}.")
    if label is not None and not isinstance(label, str):
        raise Answer(400, "label is text.")
    placed = await run_in_threadpool(_placed, person, request.path_params["recording_id"], offset_ms, label)
    return _as_json({"offset_ms": placed.offset_ms, "label": placed.label})


def _placed(person: Person, recording_id: str, offset_ms: int | None, label: str | None) -> Recording:
    return place_recording.place(current.workspace(), person, recording_id, offset_ms=offset_ms, label=label)


async def _find(request: Request) -> Response:
    person, recording_id = changer(request), request.path_params["recording_id"]
    found = await run_in_threadpool(place_recording.find, current.workspace(), person, recording_id)
    return _as_json(
        {
            "offset_ms": found.offset_ms,
            "sureness": found.sureness.value,
            "sentence": place_recording.offset_sentence(found),
        }
    )


async def _main(request: Request) -> Response:
    person, recording_id = changer(request), request.path_params["recording_id"]
    await run_in_threadpool(place_recording.make_main, current.workspace(), person, recording_id)
    return _as_json({})


def _as_json(body: dict[str, Any]) -> Response:
    return JSONResponse(body, headers=NOT_STORED)


_AT = "/wb/recordings/{recording_id}/place"
ROUTES = [
    Route(_AT, answering(_page), methods=["GET"]),
    Route(_AT, answering(_place), methods=["POST"]),
    Route(f"{_AT}/find", answering(_find), methods=["POST"]),
    Route(f"{_AT}/main", answering(_main), methods=["POST"]),
]
