"""The coefficients, one per file. A new one is a new file here (or an installed entry point of the
group `workbench.coefficients`) with an object `COEFFICIENT`; nothing else is to be changed.
"""

from __future__ import annotations

import sys
from functools import cache
from typing import Protocol, runtime_checkable

from workbench import registry
from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.result import Finding

GROUP = "workbench.coefficients"


@runtime_checkable
class Coefficient(Protocol):
    """What a file of this folder offers.

    variants: their names, the usual one first. levels: the levels of measurement it is for.
    pairwise: it compares exactly two raters; with more, `compute_all` goes through the pairs.
    takes_holes: it takes tables with missing cells. chance_corrected: 0 means agreement by chance.
    """

    id: str
    variants: tuple[str, ...]
    levels: frozenset[Level]
    pairwise: bool
    takes_holes: bool
    chance_corrected: bool
    misleading_when: str

    def title(self, data: ReliabilityData, variant: str) -> str:
        """The full name, with the level or model it was computed for."""

    def can(self, data: ReliabilityData) -> str | None:
        """None, or one sentence why this data set has no such coefficient."""

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
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


def why_not_pairable(data: ReliabilityData) -> str | None:
    """What no coefficient can do without: two raters who both rated some unit."""
    if len(data.raters) < 2:
        return f"there {'is one rater' if len(data.raters) == 1 else 'are no raters'}; agreement needs two"
    if not data.units:
        return "there are no units"
    if not data.rated.any():
        return "every value is missing"
    if data.n_pairable == 0:
        return "no unit was rated by two raters"
    return None
