"""`workbench init`: a new workspace."""

from __future__ import annotations

import json as json_
import os
import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.showing import as_json, say


class Key(StrEnum):
    FILE = "file"
    PASSPHRASE = "passphrase"  # noqa: S105
    KEYRING = "keyring"


def register(app: typer.Typer) -> None:
    app.command("init")(init)


def init(
    ctx: typer.Context,
    key: Annotated[Key, typer.Option("--key", help="Where the key to the recordings is kept.")] = Key.FILE,
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", metavar="FILE", help="With --key file: where it lies (best on another disk)."),
    ] = None,
    json: call.Json = False,
) -> None:
    """Make a new workspace: its database, its keys and its vault.

    Recordings are encrypted with a key that is kept in a file, under a passphrase that you type (or
    give in WORKBENCH_PASSPHRASE), or in this computer's keyring. Whoever loses the key loses the
    recordings: keep a copy of a key file apart from the workspace.

    \b
    Example: workbench init --workspace ~/alliance --key passphrase
    Writes:  workbench.db, keys.db and vault/ in the folder, which must be new or empty; with
             --key-file also config.toml, so that the key is found again.
    """
    from workbench.workflows import open_workspace
    from workbench.workflows.refusal import Refused

    if key_file is not None and key is not Key.FILE:
        raise typer.BadParameter("goes with --key file only", param_hint="--key-file")
    settings = call.of(ctx).settings(key_file=key_file)
    passphrase = None
    if key is Key.PASSPHRASE:
        passphrase = os.environ.get(call.PASSPHRASE) or call.new_secret(
            "passphrase", from_stdin=False, may_be_empty=False
        )
        if not passphrase:
            raise Refused(f"No passphrase was given: set {call.PASSPHRASE}, or run this in a terminal.")
    open_workspace.create(settings, key=key.value, passphrase=passphrase).close()
    if key_file is not None and settings.key_file is not None:
        _remember(settings.workspace / "config.toml", settings.key_file)
    where = settings.key_file or settings.workspace / open_workspace.KEY_FILE if key is Key.FILE else None
    if json:
        as_json({"workspace": str(settings.workspace), "key": key.value, "key_file": str(where) if where else None})
        return
    say(f"The workspace is in {settings.workspace}.")
    if where:
        say(f"Its key is the file {where}. Keep a copy apart from the workspace: without it no recording opens.")
    else:
        say(f"Its key is kept {'under your passphrase' if passphrase else 'in the keyring of this computer'}.")
    say("Next: workbench user add LOGIN --role administrator")


def _remember(config: Path, key_file: Path) -> None:
    """Write where the key file lies into the workspace's settings, unless they say so already."""
    before = config.read_text(encoding="utf-8") if config.exists() else ""
    if "key_file" not in tomllib.loads(before):
        line = f"key_file = {json_.dumps(str(key_file), ensure_ascii=False)}\n"
        config.write_text(before + ("\n" if before and not before.endswith("\n") else "") + line, encoding="utf-8")
