"""The coefficients, one per file. A new one is a new file here (or an installed entry point of the
group `workbench.coefficients`) with an object `COEFFICIENT`; nothing else is to be changed.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Any, Literal, Protocol, runtime_checkable

from workbench import registry
from workbench.agreement.continua import Continua
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.result import Finding

GROUP = "workbench.coefficients"
NIL_IS_TAKEN_FOR_POSSIBLE = (
    "Of linked or aligned events both raters cannot have coded nothing; this coefficient takes it for possible, "
    "alignment_kappa and easydiag_kappa do not."
)


@runtime_checkable
class Coefficient(Protocol):
    """What a file of this folder offers.

    variants: their names, the usual one first. levels: the levels of measurement it is for.
    pairwise: it compares exactly two raters; with more, `compute_all` goes through the pairs.
    takes_holes: it takes tables with missing cells. chance_corrected: 0 means agreement by chance.
    takes (may be left out): the kind of data, "units" for `ReliabilityData`, "continua" for
    `Continua`; `can` refuses the other kind. forms(data) (may be left out): the variants that make
    sense for `data`, where they depend on it; the usual one first. way (may be left out): the way of
    making units that it is for. takes_nil (may be left out): it knows that of linked or aligned events
    both raters cannot have coded nothing. takes_weights (may be left out): it takes a table of one's own
    (`Options.weights`) as variant "own". needs (may be left out): by variant, the facts that come with
    data ("groups", "dates", "criterion") without which it has no value. perfect (may be left out): by
    variant, what perfect agreement gives where that is not 1.
    """

    id: str
    variants: tuple[str, ...]
    levels: frozenset[Level]
    pairwise: bool
    takes_holes: bool
    chance_corrected: bool
    misleading_when: str

    def title(self, data: Any, variant: str) -> str:
        """The full name, with the level or model it was computed for. Asked only of the kind of data it takes."""

    def can(self, data: Any) -> str | None:
        """None, or one sentence why this data set has no such coefficient."""

    def compute(self, data: Any, variant: str, options: Options) -> Finding:
        """The value and its interval. Asked only after `can` said None."""


@cache
def found() -> dict[str, Coefficient]:
    """Every coefficient by id: the files of this folder and installed entry points."""
    return registry.collect(
        "coefficient",
        sys.modules[__name__],
        pick=lambda module: getattr(module, "COEFFICIENT", None),
        name_of=lambda coefficient: coefficient.id,
        group=GROUP,
    )


def coefficient(id: str) -> Coefficient:
    """The coefficient of that id. Raises registry.UnknownName, which lists what exists."""
    return registry.get("coefficient", id, found())


def takes(chosen: Coefficient) -> Literal["units", "continua"]:
    """The kind of data that a coefficient takes; one that does not say takes units."""
    return getattr(chosen, "takes", "units")


def takes_weights(chosen: Coefficient) -> bool:
    """Whether it can be computed with a table of weights of one's own."""
    return bool(getattr(chosen, "takes_weights", False))


def forms(chosen: Coefficient, data: ReliabilityData | Continua) -> tuple[str, ...]:
    """The variants of a coefficient that make sense for `data`, the usual one first."""
    if not hasattr(chosen, "forms") or (takes(chosen) == "continua") != isinstance(data, Continua):
        return tuple(v for v in chosen.variants if not lacking(chosen, v, data)) or chosen.variants
    return tuple(chosen.forms(data))


def own_way(chosen: Coefficient) -> str | None:
    """The way of making units that a coefficient is for, None where it takes several."""
    return "continua" if takes(chosen) == "continua" else getattr(chosen, "way", None)


def lacking(chosen: Coefficient, variant: str, data: ReliabilityData | Continua) -> tuple[str, ...]:
    """The facts that a variant needs and that do not come with the data."""
    needs: dict[str, tuple[str, ...]] = getattr(chosen, "needs", {})
    return tuple(fact for fact in needs.get(variant, ()) if not getattr(data, fact, None))


def why_not_pairable(data: ReliabilityData | Continua) -> str | None:
    """What no coefficient of units can do without: two raters who both rated some unit."""
    if isinstance(data, Continua):
        return "it compares raters unit by unit, and these are continua, whose units each rater marked"
    if len(data.raters) < 2:
        return f"there {'is one rater' if len(data.raters) == 1 else 'are no raters'}; agreement needs two"
    if not data.units:
        return "there are no units"
    if not data.rated.any():
        return "every value is missing"
    if data.n_pairable == 0:
        return "no unit was rated by two raters"
    return None


def why_no_continua(data: ReliabilityData | Continua) -> str | None:
    """What no coefficient of continua can do without: a session that two raters coded."""
    if not isinstance(data, Continua):
        return "it needs continua (what each rater marked, from when to when), and these are units that were given"
    if len(data.raters) < 2:
        return f"there {'is one rater' if len(data.raters) == 1 else 'are no raters'}; agreement needs two"
    if not data.sessions:
        return "there are no sessions"
    if not any(data.observed):
        return "nothing of the sessions was observed"
    if not any(data.pairable_sessions):
        return "no session was coded by two raters"
    return None
