"""The command `workbench`, one verb per file.

Exit status: 0 done, 1 cannot be done (one sentence on the error stream says why, problems as a
list), 2 malformed input or usage, 130 stopped with Ctrl-C. Each module only says what its command
is called and takes; what a command needs is imported when it runs, so that `--help` is quick.
"""

from __future__ import annotations

import sys

import typer

from workbench.cli import (
    agree,
    align,
    assign,
    assignments,
    check_scheme,
    codebook,
    consent,
    demo,
    doctor,
    export,
    export_scheme,
    import_scheme,
    init,
    intake,
    models,
    participant,
    recording,
    report,
    score,
    serve,
    session,
    study,
    team,
    transcribe,
    user,
    worker,
)
from workbench.cli.call import start
from workbench.cli.door import Door

__all__ = ["app", "main"]

VERBS = (
    demo,
    serve,
    worker,
    init,
    user,
    team,
    study,
    participant,
    session,
    consent,
    intake,
    recording,
    transcribe,
    models,
    check_scheme,
    codebook,
    import_scheme,
    export_scheme,
    assign,
    assignments,
    align,
    agree,
    report,
    score,
    export,
    doctor,
)
Door.order = tuple(verb.__name__.rpartition(".")[2].replace("_", "-") for verb in VERBS)

app = typer.Typer(
    name="workbench",
    cls=Door,
    callback=start,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
for verb in VERBS:
    verb.register(app)


def main() -> None:
    """Run the command of the process's arguments, and exit with its status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal without α still gets the rest
    app(prog_name="workbench")
