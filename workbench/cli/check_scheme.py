"""`workbench check-scheme`: whether a scheme or instrument file can be used."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli import call
from workbench.cli.door import MALFORMED
from workbench.cli.showing import as_json, say


def register(app: typer.Typer) -> None:
    app.command("check-scheme")(check_scheme)


class Format(StrEnum):
    SCHEME = "scheme"
    INSTRUMENT = "instrument"


def check_scheme(
    file: Annotated[
        list[Path] | None, typer.Argument(metavar="FILE", help="YAML files of coding schemes or instruments.")
    ] = None,
    json: call.Json = False,
    json_schema: Annotated[
        Format | None, typer.Option(help="Print the JSON Schema with which an editor completes such files.")
    ] = None,
) -> None:
    """Check coding schemes and instruments; every problem is listed with its file and line.

    \b
    Example: workbench check-scheme my_scheme.yaml
    Writes:  nothing. Exit status 2 when a file has a problem.
    """
    from workbench import schemes
    from workbench.schemes.json_schema import instrument_schema, scheme_schema

    if json_schema is not None:
        return as_json(scheme_schema() if json_schema is Format.SCHEME else instrument_schema())
    if not file:
        raise typer.BadParameter("Name a file to check, or ask for --json-schema.")
    found = {each: schemes.check(each) for each in file}
    if json:
        as_json(
            [
                {
                    "file": str(each),
                    "ok": not problems,
                    "problems": [{"line": p.line, "column": p.column, "message": p.message} for p in problems],
                }
                for each, problems in found.items()
            ]
        )
    else:
        for each, problems in found.items():
            say(_head(each, len(problems)))
            for problem in problems:
                say(f"  - {problem}")
    if any(found.values()):
        raise typer.Exit(MALFORMED)


def _head(file: Path, problems: int) -> str:
    return f"{file}: can be used" if not problems else f"{file}: {problems} problem{'s' * (problems != 1)}"
