"""Coefficients of parts: of each pair of raters, each rater against the others, each session.

One number for a group of raters hides the one who differs, and one for all sessions the one that went
badly. A rater against the others is what Schouten (1982), Statistica Neerlandica 36, 45–61, computes for
κ: the rater's values and those of every other rater, pair by pair, in one table. So each pair of values
counts once, chance comes from the rater's use of the codes and that of the others together, and with
complete data κ is Σ(po − pe)/Σ(1 − pe) over the rater's pairs. The values of one unit hang together in
that table, so its interval resamples whole units, or sessions where units hang together.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any, Literal

import numpy as np

from workbench.agreement.coefficients import Coefficient, coefficient, own_way, takes_weights
from workbench.agreement.compute import (
    FOR_CONTINUA,
    comparable,
    compute,
    compute_all,
    pairs_left_out,
    recommended,
    with_note,
)
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import DEFAULT_SEED
from workbench.agreement.problems import InputProblems, listed
from workbench.agreement.result import Result
from workbench.model.natural_order import in_natural_order

Part = Literal["pair", "rater", "session"]
OTHERS = "the others"


def by(
    data: ReliabilityData | Continua,
    part: Part,
    coefficients: Iterable[str] | None = None,
    *,
    of: str | Sequence[str] | None = None,
    variant: str | None = None,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
    weights: Any = None,
) -> list[Result]:
    """Each coefficient for each pair of raters, each rater against the others, or each session.

    `coefficients` left out is the recommended one. `of` chooses one part: two raters, a rater, a
    session; else pairs that share no unit are counted, not listed. Every result says in `settings` by what
    it is ("by") and of which ("of"); for a rater, `details` hold the value with each other rater and that of
    the others `without` the rater. In a session, coefficients for two raters go through the pairs.
    `weights` are for those that take them.
    Raises InputProblems for a part that does not exist and for sessions that are not known.

    >>> from workbench.agreement import reliability
    >>> data = reliability(
    ...     [[1, 2, 1, 2, 1], [1, 2, 1, 2, 2], [2, 2, 1, 1, 1]], level="nominal", raters=["anna", "ben", "cleo"]
    ... )
    >>> [(r.settings["of"], r.value) for r in by(data, "rater", ["percent_agreement"])]
    [('anna', 0.7), ('ben', 0.6), ('cleo', 0.5)]
    """
    if coefficients is None:
        coefficients = [recommended(data)[0]] if isinstance(data, ReliabilityData) else FOR_CONTINUA
    wanted = list(coefficients)
    common: dict[str, Any] = {"confidence": confidence, "replicates": replicates, "seed": seed}

    def options(id: str) -> dict[str, Any]:
        return {**common, "weights": weights if takes_weights(coefficient(id)) else None}

    out: list[Result] = []
    if part == "pair":
        pairs: list[tuple[str, ...]] = list(combinations(data.raters, 2)) if of is None else [_two(of, data)]
        sharing = [pair for pair in pairs if comparable(data.only(*pair))] or pairs or [data.raters]
        for pair in sharing:
            for id in wanted:
                result = compute(id, data.only(*pair), variant=variant, **options(id))
                out.append(_named(result, data, part, list(pair)))
        out = with_note(out, pairs_left_out(len(pairs) - len(sharing), len(pairs), "unit"))
    elif not isinstance(data, ReliabilityData):
        raise InputProblems([f"continua can be told apart by pair, not by {part}"])
    elif part == "rater":
        for rater in data.raters if of is None else [_one("rater", of, data.raters)]:
            out += [_of_rater(data, rater, coefficient(id), variant, options(id)) for id in wanted]
    elif part == "session":
        if not data.sessions:
            raise InputProblems(["the session of each unit is not known, so there is nothing to tell apart by"])
        every = in_natural_order(data.sessions)
        for session in every if of is None else [_one("session", of, every)]:
            inside = data.in_session(session)
            for id in wanted:
                results = _in_session(inside, id, variant, options(id))
                out += [_named(result, data, part, session) for result in results]
    else:
        raise InputProblems([f"there is no {part!r} to tell apart by; there are: pair, rater, session"])
    return out


def against_others(data: ReliabilityData, rater: str) -> ReliabilityData:
    """Two raters, `rater` and "the others": a unit for each unit and other rater who both have a value.

    `owners` name the unit of each, which is what an interval draws; `sessions` name what hangs together: the
    session where units of one do, else the unit itself.
    """
    me = data.values[data.raters.index(rater)]
    others = [r for r in range(len(data.raters)) if data.raters[r] != rater]
    mine, theirs, units, place = [], [], [], []
    for r in others:
        both = np.flatnonzero(~np.isnan(me) & ~np.isnan(data.values[r]))
        mine.append(me[both])
        theirs.append(data.values[r, both])
        units += [f"{data.units[u]}, {data.raters[r]}" for u in both.tolist()]
        place += both.tolist()
    owners = tuple(data.units[u] for u in place)
    return replace(
        data,
        values=np.stack([np.concatenate(mine), np.concatenate(theirs)]) if others else np.empty((1, 0)),
        has_part=None,
        raters=(rater, OTHERS if rater != OTHERS else "all others") if others else (rater,),
        units=tuple(units),
        sessions=tuple(data.sessions[u] for u in place) if data.resample == "sessions" else owners,
        resample="sessions",
        groups=(),
        dates=(),
        starts=tuple(data.starts[u] for u in place) if data.starts else (),
        owners=owners,
        criterion=None,
    )


def _of_rater(
    data: ReliabilityData, rater: str, chosen: Coefficient, variant: str | None, options: dict[str, Any]
) -> Result:
    """The coefficient of one rater against the others, with each of them and without the rater."""
    others = [r for r in data.raters if r != rater]
    point = {**options, "replicates": 0, "variant": variant}
    with_each = [compute(chosen.id, data.only(rater, other), **point) for other in others]
    details: dict[str, Any] = {
        "by_other": [
            {"rater": other, "value": r.value, "units": r.n_pairable}
            for other, r in zip(others, with_each, strict=True)
        ]
    }
    if not chosen.pairwise and len(others) > 1:
        details["without"] = compute(chosen.id, data.only(*others), **point).value
    if own_way(chosen) is not None or not chosen.levels & {Level.NOMINAL, Level.ORDINAL}:
        whole = compute(chosen.id, data.only(rater, *others[:1]), **point)
        reason = chosen.can(data.only(rater, *others[:1])) or (
            f"{chosen.id} compares more than pairs of values, so a rater has one with each other rater, not with all"
        )
        undefined = replace(
            whole, value=None, reason=reason, low=None, high=None, details={}, interval_reason="the value is undefined"
        )
        return _told(undefined, data, rater, details)
    pooled = against_others(data, rater)
    result = compute(chosen.id, pooled, variant=variant, **options)
    details["pairs_of_values"] = len(pooled.units)
    return _told(result, data, rater, {**result.details, **details})


def _told(result: Result, data: ReliabilityData, rater: str, details: dict[str, Any]) -> Result:
    """The result with the counts of the units that were compared, not those of the table of pairs."""
    mine = data.rated[data.raters.index(rater)]
    compared = mine & data.pairable_units
    sessions = {s for s, used in zip(data.sessions, compared.tolist(), strict=True) if used} if data.sessions else None
    return replace(
        _named(result, data, "rater", rater),
        details=details,
        raters=data.raters,
        n_units=len(data.units),
        n_pairable=int(compared.sum()),
        n_sessions=None if sessions is None else len(sessions),
        missing=data.missing,
        missing_share=data.missing_share,
    )


def _in_session(data: ReliabilityData, id: str, variant: str | None, options: dict[str, Any]) -> list[Result]:
    chosen = coefficient(id)
    if variant is None:
        return compute_all([id], data, all_variants=False, **options)
    pairs = combinations(data.raters, 2) if chosen.pairwise and len(data.raters) > 2 else [data.raters]
    return [compute(id, data.only(*pair), variant=variant, **options) for pair in pairs]


def _named(result: Result, data: ReliabilityData | Continua, part: Part, of: Any) -> Result:
    """Says which part it is of, beside the settings that made the whole."""
    settings = {k: v for k, v in result.settings.items() if k not in ("raters", "sessions")}
    if part == "session" and "raters" in result.settings and len(result.raters) == 2:
        settings["pair"] = list(result.raters)
    whole = {k: data.settings[k] for k in ("raters", "sessions") if k in data.settings}
    return replace(result, settings={**settings, **whole, "by": part, "of": of})


def _one(kind: str, of: str | Sequence[str], known: Sequence[str]) -> str:
    if isinstance(of, str) and of in known:
        return of
    raise InputProblems([f"there is no {kind} {of!r}; there are: {listed(known)}"])


def _two(of: str | Sequence[str], data: ReliabilityData | Continua) -> tuple[str, str]:
    if isinstance(of, str) or len(of) != 2:
        raise InputProblems([f"a pair is two raters, such as {tuple(data.raters[:2])!r}; {of!r} was given"])
    a, b = (_one("rater", r, data.raters) for r in of)
    return a, b
