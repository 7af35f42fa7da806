"""Coefficients of parts of a study, code by code: of each pair of raters, each rater, each session.

`by` takes one set of units. Here they are made from the codings: for a pair of raters on what these two share
(the time they both observed), for a rater and a session on what all raters share.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from workbench.agreement.by import Part, by
from workbench.agreement.compute import pairs_left_out, usual_for, with_note
from workbench.agreement.interval import DEFAULT_SEED
from workbench.agreement.result import Result
from workbench.agreement.study import Study
from workbench.agreement.units import units


def by_code(
    study: Study,
    part: Part,
    way: str = "bins",
    codes: Iterable[str] | None = None,
    coefficients: Iterable[str] | None = None,
    *,
    confidence: float = 0.95,
    replicates: int = 2000,
    seed: int = DEFAULT_SEED,
    **settings: Any,
) -> list[Result]:
    """Each coefficient for each code (or scale, or score) and each part: `by` for a study.

    `codes` and `coefficients` left out are those of `per_code`, `settings` the way's. Pairs that share no
    session are counted, not listed. Raises what `units` and `by` raise.
    """
    chosen, names = usual_for(study, way, codes, coefficients)
    options: dict[str, Any] = {"confidence": confidence, "replicates": replicates, "seed": seed}
    pairs = study.pairs if part == "pair" else ()
    every = math.comb(len(study.raters), 2)
    out: list[Result] = []
    for name in names:
        if not pairs:
            out += by(units(study, way, name, **settings), part, chosen, **options)
        for pair in pairs:
            data = units(study, way, name, raters=pair, **settings)
            out += by(data, part, chosen, of=pair, **options)
    return with_note(out, pairs_left_out(every - len(pairs), every, "session") if pairs else "")
