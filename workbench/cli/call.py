"""One call of the command: which workspace, who acts, and how its passphrase is asked for."""

from __future__ import annotations

import functools
import getpass
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench import __version__
from workbench.cli.showing import say

if TYPE_CHECKING:
    from workbench.model.access import Action
    from workbench.model.people import Person
    from workbench.settings import Settings
    from workbench.workflows.open_workspace import Workspace

PASSPHRASE = "WORKBENCH_PASSPHRASE"  # noqa: S105  (the variable's name)

# The options that several commands share.
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
As = Annotated[str | None, typer.Option("--as", metavar="LOGIN", help="The account on whose behalf this is done.")]


@dataclass(frozen=True, slots=True)
class Call:
    """What was said before the verb."""

    workspace: Path | None
    debug: bool

    def settings(self, **flags: Any) -> Settings:
        """The settings in force. Raises SettingsError."""
        from workbench import settings

        return settings.load({"workspace": self.workspace, **flags})

    @contextmanager
    def open(self, **flags: Any) -> Generator[Workspace]:
        """The workspace, closed at the end. Raises Refused."""
        from workbench.workflows import open_workspace

        opened = open_workspace.open_(self.settings(**flags), ask_passphrase)
        try:
            yield opened
        finally:
            opened.close()


def of(ctx: typer.Context) -> Call:
    """The call that a command belongs to."""
    call = ctx.find_root().obj
    assert isinstance(call, Call)
    return call


def _print_version(asked: bool) -> None:
    if asked:
        say(f"workbench {__version__}")
        raise typer.Exit


def start(
    ctx: typer.Context,
    workspace: Annotated[
        Path | None,
        typer.Option("--workspace", metavar="FOLDER", help="The workspace's folder (else WORKBENCH_HOME)."),
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="When something fails, show where in the program.")] = False,
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and stop.", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    """Transcribe recorded therapy sessions, code them, measure how far raters agree, and follow the
    working alliance.

    Everything stays on this computer. To look around:  workbench demo

    Exit status: 0 done; 1 cannot be done, and a sentence says why; 2 malformed input or usage.
    --workspace and --debug may also stand after the command.
    """
    ctx.obj = Call(workspace, debug)


@functools.cache
def ask_passphrase() -> str:
    """The workspace's passphrase: from WORKBENCH_PASSPHRASE, else typed. Asked once."""
    from workbench.workflows.refusal import Refused

    if given := os.environ.get(PASSPHRASE):
        return given
    if not sys.stdin.isatty():
        raise Refused(f"This workspace opens with a passphrase: set {PASSPHRASE}, or run this in a terminal.")
    return getpass.getpass("Passphrase of the workspace: ")


def new_secret(what: str, *, from_stdin: bool, may_be_empty: bool) -> str | None:
    """A new password or passphrase: a line of the standard input, or typed twice. None: none given."""
    from workbench.workflows.refusal import Refused

    if from_stdin:
        line = sys.stdin.readline().rstrip("\r\n")
        if not line:
            raise Refused(f"The standard input holds no {what}.")
        return line
    if not sys.stdin.isatty():
        return None
    wish = " (leave empty for a random one)" if may_be_empty else ""
    first = getpass.getpass(f"New {what}{wish}: ")
    if not first and may_be_empty:
        return None
    if getpass.getpass(f"New {what} again: ") != first:
        raise Refused(f"The two {what}s differ. Nothing was changed.")
    return first


def acting(workspace: Workspace, login: str | None, action: Action) -> Person:
    """Who does this: the account named, or the only one whose role allows it (a researcher before a
    supervisor). Raises Refused."""
    from workbench.model.access import authorize
    from workbench.model.people import Role
    from workbench.workflows import manage_people
    from workbench.workflows.refusal import Refused

    if login is not None:
        return manage_people.find_person(workspace, login)
    able = [p for p in manage_people.everyone(workspace) if authorize(p, action)]
    for choice in ([p for p in able if p.has(Role.RESEARCHER)], able):
        if len(choice) == 1:
            return choice[0]
    if not able:
        raise Refused(
            "Nobody here has a role that allows this. Add somebody: workbench user add LOGIN --role researcher"
        )
    names = ", ".join(p.login_name for p in able)
    raise Refused(f"Several people may do this ({names}): say on whose behalf with --as LOGIN.")
