"""Ways from codings to units, one per file: an object `WAY` in a file of this folder (or an
installed entry point of the group `workbench.units`). What does not become a unit is counted.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal, overload

from workbench import registry
from workbench.agreement.continua import Continua
from workbench.agreement.data import ReliabilityData
from workbench.agreement.facts import criterion_problems
from workbench.agreement.problems import InputProblems
from workbench.agreement.study import Study
from workbench.model.natural_order import in_natural_order

GROUP = "workbench.units"


@dataclass(frozen=True)
class Way:
    """A way to cut sessions into units.

    build(study, what, **settings) makes the reliability data (way "continua": the continua) of one
    code or scale `what`.
    compares: "code" or "scale". settings: the names that `build` takes.
    """

    id: str
    title: str
    compares: str
    settings: tuple[str, ...]
    build: Callable[..., ReliabilityData | Continua]


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


@overload
def units(
    study: Study,
    way: Literal["continua"],
    what: str,
    *,
    sessions: Iterable[str] | None = None,
    raters: Iterable[str] | None = None,
    criterion: str | None = None,
    **settings: Any,
) -> Continua: ...


@overload
def units(
    study: Study,
    way: str,
    what: str,
    *,
    sessions: Iterable[str] | None = None,
    raters: Iterable[str] | None = None,
    criterion: str | None = None,
    **settings: Any,
) -> ReliabilityData: ...


def units(
    study: Study,
    way: str,
    what: str,
    *,
    sessions: Iterable[str] | None = None,
    raters: Iterable[str] | None = None,
    criterion: str | None = None,
    **settings: Any,
) -> ReliabilityData | Continua:
    """Reliability data of one code (ways "bins", "utterances") or one scale (way "ratings"); continua of
    one code (way "continua").

    A code is compared one against the rest: 1 where the rater used it, else 0; ALL_CODES in its place
    compares all codes at once. `sessions` and
    `raters` choose a part of the study, `criterion` names the rater that the others are held against.
    Dyads and dates come along where the study knows those of every session. Raises registry.UnknownName
    for a way that does not exist, InputProblems for settings the way does not have and for unknown
    sessions or raters.
    """
    chosen = registry.get("way of making units", way, found())
    if unknown := sorted(set(settings) - set(chosen.settings)):
        has = ", ".join(chosen.settings) or "none"
        raise InputProblems([f"units by {way!r} have no setting {', '.join(unknown)}; there are: {has}"])
    if problems := criterion_problems(criterion, study.raters):
        raise InputProblems(problems)
    part: dict[str, Any] = {} if criterion is None else {"criterion": criterion}
    if sessions is not None:
        part["sessions"] = list(in_natural_order(sessions))
    if raters is not None:
        part["raters"] = list(in_natural_order(raters))
    if part:
        study = study.only(part.get("sessions"), part.get("raters"))
    data = chosen.build(study, what, **settings)
    if isinstance(data, ReliabilityData) and data.sessions:
        data, known = _with_facts(data, study, criterion)
        part |= known
    return replace(data, settings={"way": way, "what": what, **part, **data.settings})


def _with_facts(data: ReliabilityData, study: Study, criterion: str | None) -> tuple[ReliabilityData, dict[str, Any]]:
    """With the dyad and the date of each unit's session, and which of them are known. A session's date is
    that of its last coding; the criterion's own counts only where nobody else coded."""
    dyads: dict[str, str] = {}
    dates: dict[str, int] = {}
    for session in sorted(set(data.sessions)):
        codings = study.of(session)
        if named := [c.dyad for c in codings if c.dyad]:
            dyads[session] = named[0]
        when = {c.rater: c.coded_at for c in codings if c.coded_at is not None}
        if when:
            dates[session] = max([ms for rater, ms in when.items() if rater != criterion] or list(when.values()))
    known = {"dyads": True} if all(s in dyads for s in data.sessions) else {}
    known |= {"dated": True} if all(s in dates for s in data.sessions) else {}
    facts = replace(
        data,
        groups=tuple(dyads[s] for s in data.sessions) if "dyads" in known else (),
        dates=tuple(dates[s] for s in data.sessions) if "dated" in known else (),
        criterion=criterion if criterion in data.raters else None,
    )
    return facts, known


def counted(excluded: Counter[str]) -> dict[str, int]:
    """Reasons that occurred, in the order of their names."""
    return {reason: n for reason, n in sorted(excluded.items()) if n}
