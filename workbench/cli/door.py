"""The way in and the way out: options that may stand anywhere, and errors as sentences.

Nobody sees a traceback. An error that nobody foresaw is named by its kind and place; `--debug` shows
the frames it came through, never its own text, because that may quote a transcript.
"""

from __future__ import annotations

import errno
import traceback
from collections.abc import Sequence
from typing import Any, ClassVar

import typer
from typer.core import TyperGroup

from workbench.cli.showing import complain

CANNOT, MALFORMED, STOPPED = 1, 2, 130

# Errors whose own text is a sentence for the person, by name: importing them here would load all that
# they belong to at every start.
SENTENCES = {
    "workbench.workflows.refusal.Refused": CANNOT,
    "workbench.speech.errors.SpeechError": CANNOT,
    "workbench.speech.packages.InstallFailed": CANNOT,
    "workbench.store.key_sources.KeyStoreError": CANNOT,
    "workbench.store.vault.NotStored": CANNOT,
    "workbench.store.vault.NotInVault": CANNOT,
    "workbench.store.container.Tampered": CANNOT,
    "workbench.store.schema.SchemaError": CANNOT,
    "workbench.store.workspace.WorkspaceError": CANNOT,
    "workbench.agreement.problems.InputProblems": MALFORMED,
    "workbench.schemes.nodes.SchemeProblems": MALFORMED,
    "workbench.registry.UnknownName": MALFORMED,
    "workbench.settings.SettingsError": MALFORMED,
}
_NO_ROOM = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}
_DATABASE = {
    "SQLITE_FULL": "The disk is full: the change was not saved, and nothing of it is left behind.",
    "SQLITE_IOERR": "The disk did not take the change (it may be full): it was not saved.",
    "SQLITE_BUSY": "Another program keeps the workspace busy. Try again in a moment.",
    "SQLITE_READONLY": "The workspace cannot be written to: its files are read-only.",
    "SQLITE_CANTOPEN": "The workspace's database cannot be opened: look at its folder's permissions.",
    "SQLITE_NOTADB": "The workspace's database is damaged: it is no SQLite file.",
    "SQLITE_CORRUPT": "The workspace's database is damaged. Restore it from a backup.",
}
# Take a value; flags that stand alone.
_ANYWHERE = ("--workspace",)
_ANYWHERE_ALONE = ("--debug",)


class Door(TyperGroup):
    """The command group: `--workspace` and `--debug` may stand before or after the verb."""

    order: ClassVar[tuple[str, ...]] = ()

    def list_commands(self, ctx: Any) -> list[str]:
        """The commands in the order in which a session goes through them."""
        return sorted(super().list_commands(ctx), key=self.order.index)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, hoisted(args))

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            complain("Stopped.")
            raise typer.Exit(STOPPED) from None
        except BrokenPipeError:
            raise
        except Exception as error:
            if type(error).__module__.startswith("typer."):
                raise  # a usage error or an exit: typer's own
            status, sentence, problems = told(error)
            complain(sentence, problems)
            if getattr(ctx.obj, "debug", False):
                complain(frames(error))
            raise typer.Exit(status) from None


def hoisted(args: Sequence[str]) -> list[str]:
    """The arguments with those options that may stand anywhere first.

    >>> hoisted(["init", "--workspace", "there", "--key", "file"])
    ['--workspace', 'there', 'init', '--key', 'file']
    """
    first: list[str] = []
    rest: list[str] = []
    left = list(args)
    while left:
        word = left.pop(0)
        if word == "--":
            rest += [word, *left]
            break
        if word in _ANYWHERE and left:
            first += [word, left.pop(0)]
        elif word in _ANYWHERE_ALONE or word.startswith(tuple(f"{name}=" for name in _ANYWHERE)):
            first.append(word)
        else:
            rest.append(word)
    return first + rest


def told(error: Exception) -> tuple[int, str, Sequence[str]]:
    """The exit status of an error, its sentence and its problems."""
    for kind in type(error).__mro__:
        if (status := SENTENCES.get(f"{kind.__module__}.{kind.__qualname__}")) is not None:
            problems = [str(p) for p in getattr(error, "problems", ())]
            text = str(error)
            if problems and text == "\n".join(problems):
                text = f"{len(problems)} problem{'s' * (len(problems) != 1)} in what was given; nothing was done:"
            return status, text, problems
    database = getattr(error, "orig", None)
    name = getattr(database if database is not None else error, "sqlite_errorname", "")
    for known, sentence in _DATABASE.items():
        if name.startswith(known):
            return CANNOT, sentence, ()
    if isinstance(error, OSError):
        where = f": {error.filename}" if error.filename else ""
        if error.errno in _NO_ROOM:
            return CANNOT, f"The disk is full{where}. Nothing half-written is left behind.", ()
        return CANNOT, f"{error.strerror or type(error).__name__}{where}.", ()
    return CANNOT, _unforeseen(error), ()


def _unforeseen(error: Exception) -> str:
    here = traceback.extract_tb(error.__traceback__)
    place = f" ({here[-1].filename.rsplit('/', 1)[-1]}, line {here[-1].lineno})" if here else ""
    return (
        f"Something happened that this program did not foresee: {type(error).__name__}{place}. "
        "Nothing was half done. Run it again with --debug to see where, and report that."
    )


def frames(error: BaseException) -> str:
    """Where an error came from, frame by frame and cause by cause, without the errors' own texts."""
    parts: list[str] = []
    chain: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in chain:
        chain.append(current)
        current = current.__cause__ or current.__context__
    for link in reversed(chain):
        stack = traceback.extract_tb(link.__traceback__)
        parts += [f'  File "{f.filename}", line {f.lineno}, in {f.name}\n    {f.line}' for f in stack]
        parts.append(f"{type(link).__module__}.{type(link).__qualname__}")
    return "\n".join(parts)
