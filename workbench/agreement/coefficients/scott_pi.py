"""Scott's π: two raters on codes; chance from how often both together used each code.

Scott (1955), Public Opinion Quarterly 19, 321–325: (po − pe)/(1 − pe) with pe = Σ ((p_k1 + p_k2)/2)².
Unlike Cohen's κ it takes the raters for interchangeable, so differences in how often they use a code
count as disagreement. Units that both rated count, no others. Weights: Gwet (2014).
"""

from __future__ import annotations

from workbench.agreement.coefficients.fleiss_kappa import FleissKappa


class ScottPi(FleissKappa):
    id = "scott_pi"
    name = "Scott's π"
    pairwise = True
    pairs_only = True
    misleading_when = (
        "When one code is rare, π is low although the raters agree on most units; and raters who differ in how often "
        "they use a code lower it, where Cohen's κ does not hold it against them."
    )


COEFFICIENT = ScottPi()
