"""Fleiss' κ: any number of raters on codes; chance from how often all of them together used each code.

Fleiss (1971), Psychological Bulletin 76, 378–382: pe = Σ π_k². Raters need not be the same people from
unit to unit. It generalises Scott's π, not Cohen's κ (that is Conger's). Weights and tables with
holes: Gwet (2014). The standard error in `standard_error_if_zero` is that of Fleiss, Nee & Landis
(1979), Psychological Bulletin 86, 974–977, which corrects the one of 1971: it holds if the true κ is
0 and serves a test, not an interval.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from workbench.agreement.coefficients._chance import ChanceFromShares, Tally
from workbench.agreement.coefficients._sums import CODES_SHOWN
from workbench.agreement.data import Numbers, ReliabilityData


class FleissKappa(ChanceFromShares):
    id = "fleiss_kappa"
    name = "Fleiss' κ"
    misleading_when = (
        "It takes raters for interchangeable and chance from their common use of the codes: when one code is rare, "
        "κ is low although raters agree on most units, and raters who differ in how often they use a code lower it."
    )

    def expected(self, used: Numbers, table: Tally) -> Numbers:
        return np.asarray((used * table.weighed(used)).sum(axis=1))

    def slope(self, used: Numbers, table: Tally) -> Numbers:
        return 2 * table.weighed(used)

    def further(self, data: ReliabilityData, table: Tally, value: float) -> Mapping[str, Any]:
        """κ of each code against the rest (Fleiss 1971, eq. 20), and the standard errors if κ were 0."""
        sizes = np.unique(table.size)
        if table.weights is not None or table.q > CODES_SHOWN or len(sizes) > 1:
            return {}
        n, m = table.n, float(sizes[0])
        counts: Numbers = np.asarray(table.counts)
        p = counts.sum(axis=0) / (n * m)
        varies = (p > 0) & (p < 1)
        again = ((counts**2).sum(axis=0) - n * m * p)[varies] / (n * m * (m - 1) * p[varies])
        of_code = dict.fromkeys(table.codes.names, None) | {
            name: round(float(x), 12)
            for name, x in zip(
                np.array(table.codes.names)[varies].tolist(), (again - p[varies]) / (1 - p[varies]), strict=True
            )
        }
        details: dict[str, Any] = {"by_code": of_code}
        if data.resample == "units":
            spread = float((p * (1 - p)).sum())
            inner = spread**2 - float((p * (1 - p) * (1 - 2 * p)).sum())
            error = math.sqrt(2 * max(inner, 0.0) / (n * m * (m - 1))) / spread
            details |= {"standard_error_if_zero": error, "z": value / error if error > 0 else None}
            details["standard_error_if_zero_by_code"] = math.sqrt(2 / (n * m * (m - 1)))
        return details


COEFFICIENT = FleissKappa()
