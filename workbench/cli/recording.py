"""`workbench recording`: several recordings of one session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, hint, megabytes, say, table

if TYPE_CHECKING:
    from workbench.model.session import Recording
    from workbench.workflows.open_workspace import Workspace

recording = typer.Typer(help="The recordings of a session: list, place.", rich_markup_mode=None)

OfSession = Annotated[str, typer.Option("--session", metavar="CODE", help="The session that was recorded.")]


def register(app: typer.Typer) -> None:
    app.add_typer(recording, name="recording", no_args_is_help=True)


@recording.command("list")
def list_(ctx: typer.Context, session: OfSession, json: call.Json = False) -> None:
    """List the recordings of a session, the main one first.

    \b
    Example: workbench recording list --session S001
    Writes:  nothing.
    """
    from workbench.model.span import clock
    from workbench.workflows import add_session

    with call.of(ctx).open() as workspace:
        media = add_session.recordings_of(workspace, add_session.find_session(workspace, session).id)
    if json:
        as_json([_facts(n, r, media[0]) for n, r in enumerate(media, 1)])
        return
    rows = [
        (
            n,
            r.label or ("main recording" if n == 1 else ""),
            "video" if r.has_video else "sound",
            clock(r.duration_ms),
            megabytes(r.size_bytes),
            f"{(r.offset_ms - media[0].offset_ms) / 1000:.3f} s",
        )
        for n, r in enumerate(media, 1)
    ]
    table(("number", "what", "kind", "length", "size", "begins at"), rows, empty="No recording yet.")


@recording.command("place")
def place(
    ctx: typer.Context,
    session: OfSession,
    number: Annotated[
        int, typer.Option("--number", metavar="N", min=1, help="Which one, as `recording list` counts them.")
    ],
    offset: Annotated[
        int | None,
        typer.Option("--offset-ms", metavar="MS", help="Where it begins against the main recording, in ms."),
    ] = None,
    find: Annotated[
        bool, typer.Option("--find", help="Find that from the sound of both, and keep it when it is sure.")
    ] = False,
    label: Annotated[str | None, typer.Option("--label", metavar="TEXT", help="What it is, as raters see it.")] = None,
    main: Annotated[
        bool, typer.Option("--main", help="Code this one: its time becomes the session's. Before assigning only.")
    ] = False,
    json: call.Json = False,
) -> None:
    """Say where a recording begins beside the main one, what it is, or that it is the main one.

    \b
    Example: workbench recording place --session S001 --number 2 --find --label "camera on the patient"
    Writes:  its offset, its label, or which one is the main one.
    """
    from workbench.workflows import place_recording
    from workbench.workflows.refusal import Refused

    if find and offset is not None:
        raise typer.BadParameter("--find and --offset-ms are two ways to say where it begins", param_hint="--find")
    if not (find or main) and offset is None and label is None:
        raise typer.BadParameter("say what to set: --offset-ms, --find, --label or --main", param_hint="--offset-ms")
    with call.of(ctx).open() as workspace:
        known = _numbered(workspace, session, number)
        found = place_recording.find(workspace, None, known.id) if find else None
        if found is not None:
            sentence = place_recording.offset_sentence(found)
            hint(sentence)
            if found.sureness is not place_recording.Sureness.SURE:
                raise Refused("Nothing was changed: no place is sure. Set it with --offset-ms.")
            offset = found.offset_ms
        if offset is not None or label is not None:
            place_recording.place(workspace, None, known.id, offset_ms=offset, label=label)
        if main:
            place_recording.make_main(workspace, None, known.id)
        media = {r.id: n for n, r in enumerate(_of(workspace, session), 1)}
        placed = next(r for r in _of(workspace, session) if r.id == known.id)
        first = _of(workspace, session)[0]
    if json:
        as_json(
            _facts(media[placed.id], placed, first)
            | ({"likeness": found.likeness, "sureness": found.sureness.value} if found else {})
        )
        return
    what = f"Recording {media[placed.id]} of session {session}"
    begins = (placed.offset_ms - first.offset_ms) / 1000
    say(f"{what} is the main one." if placed.id == first.id else f"{what} begins at {begins:.3f} s of the main one.")


def _of(workspace: Workspace, session: str) -> list[Recording]:
    from workbench.workflows import add_session

    return add_session.recordings_of(workspace, add_session.find_session(workspace, session).id)


def _numbered(workspace: Workspace, session: str, number: int) -> Recording:
    from workbench.workflows.refusal import Refused

    media = _of(workspace, session)
    if number > len(media):
        raise Refused(f"Session {session} has {len(media)} recordings; there is no number {number}.", kind="missing")
    return media[number - 1]


def _facts(number: int, of: Recording, main: Recording) -> dict[str, object]:
    return {
        "number": number,
        "id": of.id,
        "label": of.label,
        "main": of.id == main.id,
        "offset_ms": of.offset_ms - main.offset_ms,
        "duration_ms": of.duration_ms,
        "media_type": of.media_type,
        "has_video": of.has_video,
    }
