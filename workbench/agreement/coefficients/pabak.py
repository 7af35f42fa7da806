"""PABAK: what Cohen's κ of two raters would be if codes were equally common and raters used them alike.

Byrt, Bishop & Carlin (1993), Journal of Clinical Epidemiology 46, 423–429: 2 po − 1 for two codes, and
(q po − 1)/(q − 1) for q, which is Brennan and Prediger's coefficient for two raters. It says nothing
that percent agreement does not say; it is read beside κ, with the prevalence and bias index.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients._codes import OfCodes
from workbench.agreement.coefficients.cohen_kappa import indices_of_two
from workbench.agreement.coefficients.percent_agreement import clopper_pearson
from workbench.agreement.data import Numbers, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.jackknife import SHARE
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import ratio
from workbench.agreement.weights import UNWEIGHTED, Codes


class Pabak(OfCodes):
    id = "pabak"
    name = "PABAK"
    variants: tuple[str, ...] = (UNWEIGHTED,)
    pairwise = True
    takes_weights = False
    depends_on_codes = True
    misleading_when = (
        "It is percent agreement on another scale: where a code is rare it is high by the units on which both raters "
        "did not use it. Read it beside κ with the prevalence and bias index, never instead."
    )

    def title(self, data: object, variant: str) -> str:
        return "PABAK (prevalence-adjusted, bias-adjusted κ)"

    def of_codes(
        self, data: ReliabilityData, codes: Codes, weights: Numbers | None, variant: str, options: Options
    ) -> Finding:
        q = len(codes)
        x, y = data.pairable()
        agreed = (x == y).astype(np.float64)
        n, hits = len(agreed), float(agreed.sum())

        chance = 1 / q
        value = (hits / n - chance) / (1 - chance)
        first, second = np.searchsorted(codes.values, x), np.searchsorted(codes.values, y)
        counts = np.bincount(first * q + second, minlength=4).reshape(2, 2) if q == 2 else None
        details: dict[str, Any] = {"observed_agreement": hits / n, "chance_agreement": chance}
        details |= {"codes_in_scheme": q, "codes_stated": codes.stated}
        if counts is not None:
            details |= indices_of_two(counts, codes.names)
        if data.resample == "units":
            of_share = clopper_pearson(round(hits), n, options)
            seen = math.sqrt(hits / n * (1 - hits / n) / n) / (1 - chance)
            details["standard_error"] = seen or None  # 0 where all or none were agreed on, which is no certainty
        else:
            of_share = over_sessions(hits / n, ratio(agreed, np.ones(n)), options, SHARE, clusters(data))
        method = of_share.method if of_share.low is None else f"{of_share.method} of the agreement"
        interval = replace(of_share.moved(-chance / (1 - chance), 1 / (1 - chance)), method=method)
        return Finding(value, None, interval, details)


COEFFICIENT = Pabak()
