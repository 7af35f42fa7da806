"""Raters as R1, R2 … in what leaves the house: without their names, and without the hour at which they worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from workbench.agreement import Study
from workbench.store import rater_numbers
from workbench.store.workspace import Workspace
from workbench.workflows.agree import Material

_DAY_MS = 86_400_000


def numbers_of(workspace: Workspace, chosen: Material) -> dict[str, str]:
    """R1, R2 … by login name, for the raters of `chosen`.

    Numbers are given to all raters of the study, in an order drawn with a secret of the workspace, and kept: a rater
    has the same one whichever raters, sessions and days are compared, and whoever joins later gets the next.
    Nobody can work out who is who from names or ids; it stands in the workspace alone.
    """
    studies = {session.study_id for session in chosen.sessions}
    given = workspace.housekeeping(lambda connection: rater_numbers.numbers(connection, studies, workspace.keys.lot))
    return {person.login_name: f"R{given[person.id]}" for person in chosen.raters}


def numbered(chosen: Material, names: Mapping[str, str]) -> Material:
    """The same material with raters by the number in `names`, and days for times. A rater without one is a KeyError:
    a login name never stands in for a number."""
    return replace(
        chosen,
        study=without_times(Study(tuple(replace(c, rater=names[c.rater]) for c in chosen.study.codings))),
        raters=tuple(replace(p, login_name=names[p.login_name]) for p in chosen.raters),
        coding_ids={(s, names[r]): id for (s, r), id in chosen.coding_ids.items()},
        submitted_at={(s, names[r]): _day(at) for (s, r), at in chosen.submitted_at.items()},
    )


def without_times(study: Study) -> Study:
    """The study with the day of each coding in place of its instant."""
    return Study(tuple(replace(c, coded_at=None if c.coded_at is None else _day(c.coded_at)) for c in study.codings))


def _day(ms: int) -> int:
    """Midnight (UTC) of the day of an instant."""
    return ms - ms % _DAY_MS
