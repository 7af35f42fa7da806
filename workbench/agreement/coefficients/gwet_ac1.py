"""Gwet's AC1: chance agreement only on units that are hard to code, as far as codes are used evenly.

Gwet (2008), British Journal of Mathematical and Statistical Psychology 61, 29–48:
pe = Σ π_k (1 − π_k)/(q − 1), with q the number of codes in the scheme, used or not. Holes: Gwet (2014).
"""

from __future__ import annotations

import numpy as np

from workbench.agreement.coefficients._chance import ChanceFromShares, Tally
from workbench.agreement.data import Numbers
from workbench.agreement.weights import UNWEIGHTED


class GwetAc1(ChanceFromShares):
    id = "gwet_ac1"
    name = "Gwet's AC1"
    variants: tuple[str, ...] = (UNWEIGHTED,)
    takes_weights = False
    depends_on_codes = True
    misleading_when = (
        "Where one code is very common, AC1 is high by that code alone: it does not show that raters can tell the rare "
        "one. Read it beside κ or α and positive agreement, never instead."
    )

    def title(self, data: object, variant: str) -> str:
        return self.name

    def expected(self, used: Numbers, table: Tally) -> Numbers:
        return np.asarray(_scale(table) * (used * (1 - used)).sum(axis=1))

    def slope(self, used: Numbers, table: Tally) -> Numbers:
        return np.asarray(_scale(table) * (1 - 2 * used))


def _scale(table: Tally) -> float:
    return table.all_weights / (table.q * (table.q - 1))


COEFFICIENT = GwetAc1()
