"""Cohen's κ for two raters: agreement beyond what their own use of the categories would give by chance.

Cohen (1960), Educational and Psychological Measurement 20, 37–46: κ = (po − pe)/(1 − pe), κmax. Weighted:
Cohen (1968), Psychological Bulletin 70, 213–220, with po = Σ w_ij p_ij and pe = Σ w_ij p_i. p_.j; the weights
are those of `workbench.agreement.weights`. Standard errors: Fleiss, Cohen & Everitt (1969),
Psychological Bulletin 72, 323–327, equation 8 (weighted; with weights 1 and 0 equation 13). Prevalence and
bias index, PABAK: Byrt, Bishop & Carlin (1993); the two indices are given without their sign, so that
they do not depend on which rater comes first. Specific agreement of a category, 2 n_kk/(n_k. + n_.k):
Fleiss (1975), Biometrics 31, 651–659; with two categories positive and negative agreement (Cicchetti &
Feinstein 1990, Journal of Clinical Epidemiology 43, 551–558).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients._codes import OfCodes, no_interval, normal_interval, too_many
from workbench.agreement.coefficients._sums import (
    CODES_SHOWN,
    Table,
    beside,
    chance_agreement,
    codes_by_rater,
    corrected,
    kappa,
)
from workbench.agreement.data import Numbers, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.jackknife import KAPPA
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive
from workbench.agreement.weights import OWN, Codes

FCE = "standard error by Fleiss, Cohen & Everitt (1969)"


class CohenKappa(OfCodes):
    id = "cohen_kappa"
    name = "Cohen's κ"
    pairwise = True
    misleading_when = (
        "When one category is rare, κ is low although the raters agree on most units: read it beside the "
        "prevalence index, positive agreement and κmax."
    )

    def can(self, data: Any) -> str | None:
        return super().can(data) or too_many(data)

    def of_codes(
        self, data: ReliabilityData, codes: Codes, weights: Numbers | None, variant: str, options: Options
    ) -> Finding:
        x, y = data.pairable()
        domain = data.domain()
        if weights is not None:
            place = np.searchsorted(codes.values, domain)
            weights = np.asarray(weights[np.ix_(place, place)])
        k = len(domain)
        first, second = np.searchsorted(domain, x), np.searchsorted(domain, y)
        counts = np.bincount(first * k + second, minlength=k * k).reshape(k, k)

        def value_of(sums: Numbers) -> Numbers:
            return kappa(sums[:, 0], sums[:, 1 : k + 1], sums[:, k + 1 :], weights)

        sums = agreement_and_margins(first, second, k, weights)
        value = float(value_of(np.asarray(sums.sum(axis=0), dtype=np.float64).reshape(1, -1))[0])
        if not math.isfinite(value):
            return Finding(None, "with these weights chance alone explains full agreement")
        details = _details(counts, [data.name(v) for v in domain], len(codes), weights, variant)
        if data.resample == "units":
            error = standard_error(counts, weights)
            interval = normal_interval(value, error, len(x), options, FCE)
            details["standard_error"] = None if interval.low is None or value >= 1 else error
        else:
            interval = over_sessions(value, Additive(sums, value_of), options, KAPPA, clusters(data))
        if value >= 1:
            interval = no_interval(bool((x == y).all()))
        return Finding(value, interval=interval, details=details)


def agreement_and_margins(first: NDArray[np.intp], second: NDArray[np.intp], k: int, weights: Numbers | None) -> Table:
    """For each unit: the (weighted) agreement, the first rater's category, the second's; (units, 1 + 2k)."""
    agreed = (first == second).astype(np.float64) if weights is None else weights[first, second]
    return beside([agreed], codes_by_rater(np.stack([first, second]), k))


def standard_error(counts: Any, weights: Numbers | None = None) -> float:
    """The large-sample standard error of κ (not the one under κ = 0) from a k × k table of counts."""
    p = np.asarray(counts, dtype=float) / np.sum(counts)
    w = np.eye(len(p)) if weights is None else weights
    row, column = p.sum(axis=1), p.sum(axis=0)
    observed, chance = float((p * w).sum()), float(row @ w @ column)
    # cell (i, j) is weighed with the mean agreement of i with the second rater and of j with the first
    mean = (w @ column)[:, None] + (row @ w)[None, :]
    squares = float((p * (w * (1 - chance) - mean * (1 - observed)) ** 2).sum())
    variance = (squares - (observed * chance - 2 * chance + observed) ** 2) / ((1 - chance) ** 4 * np.sum(counts))
    return math.sqrt(max(float(variance), 0.0))


def _details(counts: Any, names: list[str], in_scheme: int, weights: Numbers | None, variant: str) -> dict[str, Any]:
    n = float(counts.sum())
    row, column = counts.sum(axis=1) / n, counts.sum(axis=0) / n
    agreed = float(np.trace(counts) / n)
    observed = agreed if weights is None else float((counts * weights).sum() / n)
    chance = float(chance_agreement(row, column, weights))
    best = _best(row, column, weights, variant)
    details: dict[str, Any] = {
        "observed_agreement": observed,
        "chance_agreement": chance,
        "kappa_max": None if best is None else float(corrected(best, chance)),
        "pabak": float(corrected(agreed, 1 / in_scheme)),
        "categories_for_pabak": in_scheme,
    }
    if len(names) <= CODES_SHOWN:
        details |= {"categories": names, "confusion": counts.tolist()}
        both = np.diag(counts) / np.maximum(counts.sum(axis=0) + counts.sum(axis=1), 1)
        used = (row + column) / 2
        details["prevalence"] = {name: round(float(x), 12) for name, x in zip(names, used, strict=True)}
        details["specific_agreement"] = {name: round(2 * float(x), 12) for name, x in zip(names, both, strict=True)}
    if len(names) == 2:
        details |= indices_of_two(counts, names)
    return details


def indices_of_two(counts: Any, names: Any) -> dict[str, Any]:
    """Prevalence and bias index, positive and negative agreement of a 2 × 2 table of counts."""
    (d, c), (b, a) = counts.tolist()
    n = a + b + c + d
    return {
        "prevalence_index": abs(a - d) / n,
        "bias_index": abs(b - c) / n,
        "positive_agreement": 2 * a / (2 * a + b + c) if a + b + c else None,
        "negative_agreement": 2 * d / (2 * d + b + c) if d + b + c else None,
        "positive_is": names[1],
    }


def _best(row: Numbers, column: Numbers, weights: Numbers | None, variant: str) -> float | None:
    """The largest (weighted) agreement that these margins allow; None where the table is too large for it."""
    if weights is None:
        return float(np.minimum(row, column).sum())
    if variant != OWN:
        # the nearest codes go together: the margins laid side by side in order of the codes
        ends = np.union1d(np.cumsum(row), np.cumsum(column))
        starts = np.concatenate([[0.0], ends[:-1]])
        middle = (starts + ends) / 2
        i, j = (np.minimum(np.searchsorted(np.cumsum(m), middle), len(m) - 1) for m in (row, column))
        return float(((ends - starts) * weights[i, j]).sum())
    if len(row) > CODES_SHOWN:
        return None
    from scipy import optimize  # loaded only for weights of one's own

    k = len(row)
    sums = np.vstack([np.kron(np.eye(k), np.ones(k)), np.kron(np.ones(k), np.eye(k))])
    found = optimize.linprog(-weights.ravel(), A_eq=sums, b_eq=np.concatenate([row, column]), method="highs")
    return float(-found.fun) if found.success else None


COEFFICIENT = CohenKappa()
