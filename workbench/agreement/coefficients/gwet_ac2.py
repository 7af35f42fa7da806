"""Gwet's AC2: AC1 for ordered codes, where a near miss counts as part of an agreement.

Gwet (2014), Handbook of Inter-Rater Reliability, 4th ed., ch. 3: pe = ΣΣ w_kl/(q(q − 1)) · Σ π_k (1 − π_k), with
q the number of codes in the scheme, used or not. Its value depends on the weights more than on
anything else: they are named with it. Gwet's "ordinal" weights are not the ordinal metric of
Krippendorff's α (see `workbench.agreement.weights`).
"""

from __future__ import annotations

from workbench.agreement.coefficients.gwet_ac1 import GwetAc1
from workbench.agreement.data import Level
from workbench.agreement.weights import LINEAR, ORDINAL, QUADRATIC, RADICAL


class GwetAc2(GwetAc1):
    id = "gwet_ac2"
    name = "Gwet's AC2"
    variants = (QUADRATIC, LINEAR, ORDINAL, RADICAL)
    levels = frozenset({Level.ORDINAL})
    takes_weights = True
    misleading_when = (
        "It grows with the weights: quadratic weights call most near misses agreement. And where one end of the scale "
        "is seldom used it stays high. State the weights, and read it beside ordinal α or weighted κ, never instead."
    )

    def title(self, data: object, variant: str) -> str:
        whose = "Gwet's ordinal" if variant == ORDINAL else variant
        return f"{self.name} ({whose} weights)"


COEFFICIENT = GwetAc2()
