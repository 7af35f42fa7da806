"""`workbench demo`: the sample workspace, at once."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import webbrowser
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import call, companion
from workbench.cli.showing import as_json, hint, megabytes, say

if TYPE_CHECKING:
    from workbench.app.serve import Listening
    from workbench.settings import Settings
    from workbench.workflows.open_workspace import Workspace

_PATIENCE_SECONDS = 5


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    ctx: typer.Context,
    port: Annotated[
        int | None,
        typer.Option("--port", metavar="PORT", help="The port (8501); the next free one is taken and printed."),
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw the sample workspace away and make it anew.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Do not open the browser.")] = False,
    json: call.Json = False,
) -> None:
    """Show the workbench with sample sessions: synthetic recordings, and a study that is all fiction.

    The app starts at once. Meanwhile the models are fetched (about 215 MB, once), and one sample
    session is transcribed on this computer while you look. Passwords are new at each start. Ctrl-C
    ends everything; what you did in the demo stays until --fresh.

    \b
    Example: workbench demo
    Writes:  a workspace of its own, beside yours (its name ends in -demo); never into yours.
    """
    from workbench.app.serve import serve
    from workbench.workflows import seed_demo

    chosen = call.of(ctx)
    settings = chosen.settings(port=port)
    if chosen.workspace is None:
        folder = settings.workspace.with_name(f"{settings.workspace.name}-demo")
        settings = call.Call(folder, chosen.debug).settings(port=port)
    made = seed_demo.open_or_seed(settings, fresh=fresh, say=hint)
    workspace = made.workspace
    ending = threading.Event()
    behind = contextlib.ExitStack()

    def ready(listening: Listening) -> None:
        passwords = made.passwords or seed_demo.new_passwords(workspace)
        _greet(listening, workspace, passwords, json)
        if not no_browser and _has_screen():
            threading.Thread(target=webbrowser.open, args=(listening.url,), daemon=True).start()
        thread = threading.Thread(target=_behind, args=(settings, workspace, behind, ending), daemon=True)
        behind.callback(thread.join, _PATIENCE_SECONDS)
        thread.start()

    try:
        serve(settings, workspace=workspace, on_ready=ready)
    except KeyboardInterrupt:
        pass
    finally:
        ending.set()
        behind.close()
        workspace.close()
    hint("The demo has ended. Start it again with: workbench demo")


def _greet(listening: Listening, workspace: Workspace, passwords: Mapping[str, str], json: bool) -> None:
    """The address and the sign-ins, as one block."""
    from workbench.workflows import manage_people

    roles = {p.login_name: ", ".join(sorted(p.roles)) for p in manage_people.everyone(workspace)}
    if json:
        people = [{"login": name, "password": word, "roles": roles[name]} for name, word in passwords.items()]
        as_json({"url": listening.url, "port": listening.port, "workspace": str(workspace.folder), "people": people})
        return
    if listening.moved_from is not None:
        hint(f"Port {listening.moved_from} is taken.")
    wide = max(map(len, passwords))
    say("")
    say(f"  Alliance Workbench, the demo:  {listening.url}")
    say("")
    say(f"  {'sign in as':<{wide}}  {'password':<14}  and you are")
    for name, word in passwords.items():
        say(f"  {name:<{wide}}  {word:<14}  {roles.get(name, '')}")
    say("")
    say(f"  Workspace: {workspace.folder}")
    say("  Ctrl-C ends the demo.")
    say("")


def _behind(settings: Settings, workspace: Workspace, behind: contextlib.ExitStack, ending: threading.Event) -> None:
    """While people look around: models, worker, and the transcription of one sample session."""
    from workbench.speech import models
    from workbench.workflows import doctor, seed_demo
    from workbench.workflows.refusal import Refused

    if missing := doctor.missing_speech_packages():
        hint(f"Transcription is off: {', '.join(missing)} not installed. Install with: {doctor.INSTALL_SPEECH}")
        hint("Everything else runs.")
        return
    try:
        for name in (settings.transcription_model, settings.diarization_model):
            if ending.is_set():
                return
            _installed(name, settings.models_folder)
        if ending.is_set():
            return
        worker = companion.start(settings)
        behind.callback(companion.end, worker)
        if ending.is_set():
            return
        if seed_demo.start_live(workspace) is not None:
            hint("Transcribing the sample session S3 on this computer now; the app shows how far it is.")
        else:
            hint("The worker is ready.")
    except (models.InstallFailed, Refused) as error:
        if not ending.is_set():
            hint(f"{error}")
            hint("Transcription is off until then; everything else runs.")
    except Exception as error:
        if not ending.is_set():
            hint(f"Transcription is off: {type(error).__name__}. workbench doctor says more; everything else runs.")


def _installed(name: str, folder: Path) -> None:
    """Install a model unless it is there, with a line for each step."""
    from workbench.cli.models import Steps, is_there
    from workbench.speech import models

    if is_there(name, folder):
        return
    known = models.info(name)
    hint(f"Fetching the model {name}, once: {megabytes(known.download_bytes)}, {known.licence} ({known.origin})")
    models.install(name, folder, progress=Steps(name))
    hint(f"The model {name} is installed: {megabytes(known.size_bytes)} in {folder}")


def _has_screen() -> bool:
    """Whether a browser with windows can be opened; a text browser would take the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
