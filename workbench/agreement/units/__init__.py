"""Ways from codings to units, one per file: an object `WAY` in a file of this folder (or an
installed entry point of the group `workbench.units`). What does not become a unit is counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from workbench import registry
from workbench.agreement.data import ReliabilityData
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study

GROUP = "workbench.units"


@dataclass(frozen=True)
class Way:
    """A way to cut sessions into units.

    build(study, what, **settings) makes the reliability data of one code (or scale) `what`.
    compares: "code" or "scale". settings: the names that `build` takes.
    """

    id: str
    title: str
    compares: str
    settings: tuple[str, ...]
    build: Callable[..., ReliabilityData]


@cache
def found() -> dict[str, Way]:
    """Every way by id: the files of this folder and installed entry points."""
    return registry.collect(
        "way of making units",
        sys.modules[__name__],
        pick=lambda module: getattr(module, "WAY", None),
        name_of=lambda way: way.id,
        group=GROUP,
    )


def units(
    study: Study,
    way: str,
    what: str,
    *,
    sessions: Iterable[str] | None = None,
    raters: Iterable[str] | None = None,
    **settings: Any,
) -> ReliabilityData:
    """Reliability data of one code (ways "bins", "utterances") or one scale (way "ratings").

    Codes are compared one against the rest: 1 where the rater used the code, else 0. `sessions` and
    `raters` choose a part of the study. Raises registry.UnknownName for a way that does not exist,
    InputProblems for settings the way does not have and for unknown sessions or raters.
    """
    chosen = registry.get("way of making units", way, found())
    if unknown := sorted(set(settings) - set(chosen.settings)):
        has = ", ".join(chosen.settings) or "none"
        raise InputProblems([f"units by {way!r} have no setting {', '.join(unknown)}; there are: {has}"])
    part: dict[str, list[str]] = {}
    if sessions is not None:
        part["sessions"] = sorted(sessions)
    if raters is not None:
        part["raters"] = sorted(raters)
    if part:
        study = study.only(part.get("sessions"), part.get("raters"))
    data = chosen.build(study, what, **settings)
    return replace(data, settings={"way": way, "what": what, **part, **data.settings})


def counted(excluded: Counter[str]) -> dict[str, int]:
    """Reasons that occurred, in the order of their names."""
    return {reason: n for reason, n in sorted(excluded.items()) if n}
