"""Cohen's κ for two raters: agreement beyond what their own use of the categories would give by chance.

Cohen (1960), Educational and Psychological Measurement 20, 37–46: κ = (po − pe)/(1 − pe), κmax.
Standard error: Fleiss, Cohen & Everitt (1969), equation 13. Prevalence and bias index, PABAK: Byrt,
Bishop & Carlin (1993); the two indices are given without their sign, so that they do not depend on
which rater comes first.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse, special

from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Additive, Interval, Options, resampled
from workbench.agreement.result import Finding

# A larger table than this stands in `ReliabilityData.confusion`, not in the result.
CONFUSION_SHOWN = 50


class CohenKappa:
    id = "cohen_kappa"
    variants = ("unweighted",)
    levels = frozenset({Level.NOMINAL, Level.ORDINAL})
    pairwise = True
    takes_holes = True
    chance_corrected = True
    misleading_when = (
        "When one category is rare, κ is low although the raters agree on most units: read it beside the "
        "prevalence index, positive agreement and κmax."
    )

    def title(self, data: ReliabilityData, variant: str) -> str:
        return "Cohen's κ (unweighted)"

    def can(self, data: ReliabilityData) -> str | None:
        if reason := why_not_pairable(data):
            return reason
        if len(data.raters) != 2:
            return f"Cohen's κ compares two raters; there are {len(data.raters)}: choose a pair"
        if data.level not in self.levels:
            return f"Cohen's κ compares categories; the level here is {data.level}"
        if len(domain := data.domain()) < 2:
            return f"both raters gave {data.name(domain[0])} to every unit: chance alone explains it, κ is not defined"
        return None

    def compute(self, data: ReliabilityData, variant: str, options: Options) -> Finding:
        x, y = data.pairable()
        domain = data.domain()
        k = len(domain)
        first, second = np.searchsorted(domain, x), np.searchsorted(domain, y)
        counts = np.bincount(first * k + second, minlength=k * k).reshape(k, k)
        value = float(_kappa_of_margins(_agreement_and_margins(first, second, k).sum(axis=0)[None])[0])
        error = standard_error(counts)
        names = [data.name(v) for v in domain]
        details = _details(counts, names, len(data.categories or names)) | {"standard_error": error}
        if data.resample == "units":
            interval = _normal(value, error, options, int(counts.sum()))
        else:
            details.pop("standard_error")  # it takes the units of one session for independent
            statistic = Additive(_agreement_and_margins(first, second, k), _kappa_of_margins)
            interval = resampled(data, value, statistic, options, np.column_stack([first, second]).astype(float))
        notes: tuple[str, ...] = ()
        if data.level is Level.ORDINAL:
            notes = ("Unweighted: a disagreement by one step counts as much as one by many.",)
        return Finding(value, interval=interval, details=details, settings={"weights": "none"}, notes=notes)


def _agreement_and_margins(first: NDArray[np.intp], second: NDArray[np.intp], k: int) -> Any:
    """For each unit: whether both agree, the first rater's category, the second's; (units, 1 + 2k), sparse."""
    unit = np.arange(len(first))
    agreed = unit[first == second]
    row = np.concatenate([agreed, unit, unit])
    column = np.concatenate([np.zeros_like(agreed), 1 + first, 1 + k + second])
    table = sparse.csr_array((np.ones(len(row)), (row, column)), shape=(len(unit), 1 + 2 * k))
    return table.toarray() if k <= 64 else table


def _kappa_of_margins(sums: Numbers) -> Numbers:
    """κ from agreements and margins, (replicates, 1 + 2k); NaN where chance alone gives agreement 1."""
    k = sums.shape[1] // 2
    agreed, row, column = sums[:, 0], sums[:, 1 : k + 1], sums[:, k + 1 :]
    n = row.sum(axis=1)
    chance = (row * column).sum(axis=1)
    room = n**2 - chance
    return np.asarray(np.divide(agreed * n - chance, room, out=np.full_like(room, np.nan), where=room > 1e-9))


def standard_error(counts: Any) -> float:
    """The large-sample standard error of κ (not the one under κ = 0) from a k × k table of counts."""
    p = np.asarray(counts, dtype=float) / np.sum(counts)
    row, column = p.sum(axis=1), p.sum(axis=0)
    chance = float(row @ column)
    kappa = (float(np.trace(p)) - chance) / (1 - chance)
    diagonal = float((np.diag(p) * (1 - (row + column) * (1 - kappa)) ** 2).sum())
    # cell (i, j) is weighed with the column share of i and the row share of j
    mixed = (column[:, None] + row[None, :]) ** 2
    off = (1 - kappa) ** 2 * float((p * mixed).sum() - (np.diag(p) * np.diag(mixed)).sum())
    variance = (diagonal + off - (kappa - chance * (1 - kappa)) ** 2) / ((1 - chance) ** 2 * np.sum(counts))
    return math.sqrt(max(float(variance), 0.0))


def _normal(value: float, error: float, options: Options, n: int) -> Interval:
    method = "normal, standard error by Fleiss, Cohen & Everitt (1969)"
    if value >= 1:
        return Interval(method=method, reason="no disagreement was seen, and a standard error of 0 is no certainty")
    if error < 1e-9:
        return Interval(method=method, reason="the standard error is 0 for this table, which is no certainty")
    reach = float(special.ndtri((1 + options.confidence) / 2)) * error
    notes = (f"Only {n} units: a normal interval is rough there.",) if n < 30 else ()
    return Interval(max(value - reach, -1.0), min(value + reach, 1.0), method, "over units", notes=notes)


def _details(counts: Any, names: list[str], in_scheme: int) -> dict[str, Any]:
    n = float(counts.sum())
    row, column = counts.sum(axis=1) / n, counts.sum(axis=0) / n
    observed, chance = float(np.trace(counts) / n), float(row @ column)
    details: dict[str, Any] = {
        "observed_agreement": observed,
        "chance_agreement": chance,
        "kappa_max": (float(np.minimum(row, column).sum()) - chance) / (1 - chance),
        "pabak": (in_scheme * observed - 1) / (in_scheme - 1),
        "categories_for_pabak": in_scheme,
    }
    if len(names) <= CONFUSION_SHOWN:
        details |= {"categories": names, "confusion": counts.tolist()}
    if len(names) == 2:
        (d, c), (b, a) = counts.tolist()
        details |= {
            "prevalence_index": abs(a - d) / n,
            "bias_index": abs(b - c) / n,
            "positive_agreement": 2 * a / (2 * a + b + c) if a + b + c else None,
            "negative_agreement": 2 * d / (2 * d + b + c) if d + b + c else None,
            "positive_is": names[1],
        }
    return details


COEFFICIENT = CohenKappa()
