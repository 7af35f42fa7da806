"""Light's κ: the mean of Cohen's κ over all pairs of raters.

Light (1971), Psychological Bulletin 76, 365–377. Each pair counts once, on the units that both rated. If
one pair has no κ (as where both gave one code throughout), the mean has none either: leaving the pair out
would drop the raters who agree most.

No standard error was published with it. Ours is the delta method over units, which keeps that pairs
share raters and units; with two raters it is that of Fleiss, Cohen & Everitt (1969) times √(n/(n − 1)).
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
from scipy import sparse

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients._chance import Tally, tally
from workbench.agreement.coefficients._codes import OfCodes, no_interval, standard_error_of_mean, t_interval
from workbench.agreement.coefficients._sums import kappa
from workbench.agreement.data import Numbers, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.jackknife import KAPPA
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive
from workbench.agreement.weights import Codes

PAIRS_SHOWN = 100


class LightKappa(OfCodes):
    id = "light_kappa"
    name = "Light's κ"
    misleading_when = (
        "A mean hides the one rater who differs: look at the pairs. Like Cohen's κ it is low where one code is rare, "
        "although the raters agree on most units."
    )

    def of_codes(
        self, data: ReliabilityData, codes: Codes, weights: Numbers | None, variant: str, options: Options
    ) -> Finding:
        paired = np.asarray(data.rated[:, data.pairable_units].any(axis=1))
        names = [r for r, is_paired in zip(data.raters, paired.tolist(), strict=True) if is_paired]
        table = tally(data.only(*names), codes, weights, pairs_only=True)
        pairs = list(combinations(range(len(names)), 2))
        sums = _sums(table, pairs)
        total = np.asarray(sums.sum(axis=0), dtype=np.float64).reshape(len(pairs), -1)
        kappas = _kappas(total[None], table)[0]
        for (g, h), of_pair, units in zip(pairs, kappas, total[:, 1], strict=True):
            if units == 0:
                reason = f"{names[g]} and {names[h]} rated no unit in common, so the mean of all pairs is not defined"
                return Finding(None, reason)
            if not np.isfinite(of_pair):
                reason = (
                    f"chance alone explains full agreement of {names[g]} and {names[h]}, so κ of this pair is not "
                    "defined, and the mean of all pairs neither"
                )
                return Finding(None, reason)
        value = float(kappas.mean())
        details: dict[str, Any] = {"pairs": len(pairs), "lowest": float(kappas.min()), "highest": float(kappas.max())}
        if len(pairs) <= PAIRS_SHOWN:
            details["by_pair"] = [
                {"raters": [names[g], names[h]], "kappa": round(float(k), 12), "units": int(u)}
                for (g, h), k, u in zip(pairs, kappas, total[:, 1], strict=True)
            ]
        if data.resample == "units":
            error = _standard_error(table, pairs, total, kappas)
            interval = t_interval(value, error, table.n, options, "standard error by the delta method over units")
            if table.n > 1:
                details["standard_error"] = None if interval.low is None else error
        else:

            def value_of(sums: Numbers) -> Numbers:
                return np.asarray(_kappas(sums.reshape(len(sums), len(pairs), -1), table).mean(axis=1))

            interval = over_sessions(value, Additive(sums, value_of), options, KAPPA, clusters(data))
        if value >= 1:
            interval = no_interval(bool(table.agreed.all()))
        return Finding(value, None, interval, details)


def _sums(table: Tally, pairs: list[tuple[int, int]]) -> sparse.csr_array:
    """For each unit and pair: weighted agreement, 1 if both rated, the codes of the one and of the other."""
    width, rows, columns, cells = 2 + 2 * table.q, [], [], []
    for p, (g, h) in enumerate(pairs):
        unit = np.flatnonzero((table.index[g] >= 0) & (table.index[h] >= 0))
        x, y = table.index[g, unit], table.index[h, unit]
        ones = np.ones(len(unit))
        for column, cell in (
            (0 * x, _agreement(x, y, table)),
            (0 * x + 1, ones),
            (2 + x, ones),
            (2 + table.q + y, ones),
        ):
            rows.append(unit)
            columns.append(p * width + column)
            cells.append(cell)
    where = (np.concatenate(rows), np.concatenate(columns))
    return sparse.coo_array((np.concatenate(cells), where), shape=(table.n, len(pairs) * width)).tocsr()


def _agreement(x: Any, y: Any, table: Tally) -> Numbers:
    return np.asarray((x == y).astype(np.float64) if table.weights is None else table.weights[x, y])


def _kappas(sums: Numbers, table: Tally) -> Numbers:
    """κ of each pair from (replicates, pairs, 2 + 2 codes): (replicates, pairs), NaN where undefined."""
    return kappa(sums[..., 0], sums[..., 2 : 2 + table.q], sums[..., 2 + table.q :], table.weights)


def _standard_error(table: Tally, pairs: list[tuple[int, int]], total: Numbers, kappas: Numbers) -> float:
    """From the influence of each unit on the mean of the pairs."""
    influence = np.zeros(table.n)
    for (g, h), sums, of_pair in zip(pairs, total, kappas, strict=True):
        n, x_use, y_use = sums[1], sums[2 : 2 + table.q] / sums[1], sums[2 + table.q :] / sums[1]
        unit = np.flatnonzero((table.index[g] >= 0) & (table.index[h] >= 0))
        x, y = table.index[g, unit], table.index[h, unit]
        observed, chance = sums[0] / n, float(table.weighed(x_use) @ y_use)
        moved = table.weighed(y_use)[x] + table.weighed(x_use)[y] - 2 * chance
        part = (_agreement(x, y, table) - observed - (1 - of_pair) * moved) / (1 - chance)
        influence[unit] += table.n / n * part / len(pairs)
    return standard_error_of_mean(influence)


COEFFICIENT = LightKappa()
