"""The scheme that a command is given: a YAML file, the name of one that came with the program, or of one in use."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from workbench.model.scheme import CodingScheme
    from workbench.workflows.open_workspace import Workspace

HELP = "A scheme's YAML file, or the name of a shipped one (with --in-use: of one in the workspace)."

# The options that go with it.
Version = Annotated[
    str | None,
    typer.Option("--scheme-version", metavar="VERSION", help="With --in-use: this version instead of the highest."),
]


def which_scheme(wanted: str) -> CodingScheme:
    """The scheme in the file `wanted`, or the shipped one of that name. Raises Refused."""
    from workbench import schemes
    from workbench.workflows.refusal import Refused

    path = Path(wanted)
    if path.suffix in (".yaml", ".yml") or path.is_file():
        try:
            return schemes.load_scheme(path)
        except schemes.SchemeProblems as error:
            raise Refused(f"{path.name} cannot be used.", [str(p) for p in error.problems]) from None
    shipped = schemes.shipped_schemes()
    if wanted not in shipped:
        raise Refused(
            f"There is no coding scheme {wanted!r}; there are: {', '.join(shipped)}, or a YAML file. "
            "For a scheme that is in use in the workspace add --in-use."
        )
    return shipped[wanted]


def scheme_in_use(workspace: Workspace, name: str, version: str | None) -> CodingScheme:
    """The workspace's scheme of that name: this version, else the one with the highest number. Raises Refused."""
    from workbench.workflows import keep_definition
    from workbench.workflows.refusal import Refused

    kept = keep_definition.kept_schemes(workspace)
    found = keep_definition.newest_version(workspace, name)
    if found is None:
        there = ", ".join(dict.fromkeys(s.name for s in kept)) or "none"
        raise Refused(f"The workspace has no coding scheme {name!r}; there are: {there}.")
    if version is None:
        return found
    versions = {s.version: s for s in kept if s.name == name}
    if version not in versions:
        raise Refused(f"The workspace has no version {version!r} of {name}; there are: {', '.join(versions)}.")
    return versions[version]


def version_needs_in_use(version: str | None, in_use: bool) -> None:
    """Raises BadParameter where a version is named of what has only one."""
    if version is not None and not in_use:
        raise typer.BadParameter("goes with --in-use", param_hint="--scheme-version")
