"""Brennan and Prediger's coefficient: chance is 1/q, as if every code of the scheme were as likely.

Brennan & Prediger (1981), Educational and Psychological Measurement 41, 687–699 (κ_n; also S of
Bennett, Alpert & Goldstein 1954; "free-marginal κ", Randolph 2005). More than two raters, weights
(pe = ΣΣ w_kl / q²) and holes: Gwet (2014). q is the number of codes in the scheme, used or not.
"""

from __future__ import annotations

import numpy as np

from workbench.agreement.coefficients._chance import ChanceFromShares, Tally
from workbench.agreement.data import Numbers


class BrennanPrediger(ChanceFromShares):
    id = "brennan_prediger"
    name = "Brennan–Prediger coefficient"
    depends_on_codes = True
    misleading_when = (
        "Codes that nobody needs raise it: chance is 1 divided by the number of codes in the scheme. Where one code is "
        "very common it is high by that code alone; read it beside κ or α, never instead."
    )

    def expected(self, used: Numbers, table: Tally) -> Numbers:
        return np.full(len(used), table.all_weights / table.q**2)

    def slope(self, used: Numbers, table: Tally) -> Numbers:
        return np.zeros_like(used)


COEFFICIENT = BrennanPrediger()
