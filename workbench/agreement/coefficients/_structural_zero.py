"""κ of two raters whose table has a cell that cannot be filled.

Where events of two raters are linked or aligned, one rater may have coded nothing beside an event of
the other, but a unit of which both coded nothing does not exist: that cell of the table is a
structural zero, and expected frequencies from the margins alone would put tallies into it. Expected
are those of quasi-independence, which iterative proportional fitting finds (Bakeman & Robinson 1994,
p. 106; Quera, Bakeman & Gnisci 2007; Holle & Rein 2015). With one such cell they have a closed form:

    e(i, j) = r(i) c(j) L / ((N − r(nil)) (N − c(nil)))   for codes i and j,

where r and c are the margins of the table, N all its tallies and L = N − r(nil) − c(nil) those of linked
units. A negative κ stays negative (EasyDIAg shows 0 instead). κmax is the κ of the largest agreement that these
margins allow: at most min(L, Σ min(r(i), c(i))) units can agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients import why_not_pairable
from workbench.agreement.coefficients._codes import too_many
from workbench.agreement.coefficients._sums import CODES_SHOWN, chance_agreement, corrected
from workbench.agreement.data import Level, Numbers, ReliabilityData
from workbench.agreement.interval import Options
from workbench.agreement.jackknife import KAPPA
from workbench.agreement.problems import listed
from workbench.agreement.resampling import over_sessions, over_units
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive

NOTHING_LINKED = (
    "No event of one rater stands beside one of the other: nothing was agreed on, and by chance nothing would be."
)


@dataclass(frozen=True, eq=False)
class Tallies:
    """Two raters' categories of each pairable unit, as places among `names`; nil, if any, comes last."""

    first: Numbers
    second: Numbers
    names: tuple[str, ...]
    has_nil: bool

    @property
    def agreed(self) -> NDArray[np.bool_]:
        return np.asarray(self.first == self.second)

    @property
    def sums(self) -> sparse.csr_array:
        """Of each unit: whether both agree, the first rater's category, the second's; (units, 1 + 2k)."""
        n, k = len(self.first), len(self.names)
        unit = np.arange(n)
        agreed = unit[self.agreed]
        row = np.concatenate([agreed, unit, unit])
        column = np.concatenate([np.zeros_like(agreed), 1 + self.first.astype(int), 1 + k + self.second.astype(int)])
        return sparse.csr_array((np.ones(len(row)), (row, column)), shape=(n, 1 + 2 * k))


def tallies(data: ReliabilityData) -> Tallies:
    domain = data.domain().tolist()
    names = [data.name(v) for v in domain]
    nil = data.nil in names if data.nil is not None else False
    order = sorted(range(len(domain)), key=lambda at: (nil and names[at] == data.nil, at))
    place = {domain[at]: new for new, at in enumerate(order)}
    to = np.array([place[v] for v in domain], dtype=float)
    first, second = (to[np.searchsorted(domain, row)] for row in data.pairable())
    return Tallies(first, second, tuple(names[at] for at in order), nil)


def why_not(data: ReliabilityData, name: str, levels: frozenset[Level]) -> str | None:
    """None, or why there is no such κ: what `Coefficient.can` answers."""
    if reason := why_not_pairable(data):
        return reason
    if len(data.raters) != 2:
        return f"{name} compares two raters; there are {len(data.raters)}: choose a pair"
    if data.level not in levels:
        return f"{name} compares unordered categories; the level here is {data.level}"
    domain = data.domain()
    codes = [v for v in domain if data.name(v) != data.nil]
    if len(codes) < 2:
        if data.nil is None or len(codes) == len(domain):
            return f"both raters gave {data.name(domain[0])} to every unit: chance alone explains it, κ is not defined"
        return (
            f"only one code occurs ({listed(data.name(v) for v in codes)}): where both cannot code nothing, "
            "its table is the same under chance, so κ is not defined; compare it with the other codes"
        )
    said = zip(data.raters, map(np.unique, data.pairable()), strict=True)
    silent = [rater for rater, values in said if [data.name(v) for v in values] == [data.nil]]
    if silent:
        return f"rater {silent[0]} coded nothing in these units, so no event could be linked"
    return too_many(data)


def finding(data: ReliabilityData, options: Options) -> Finding:
    """κ with its interval and what belongs to it. Asked only after `why_not` said None."""
    table = tallies(data)
    value = float(kappa(table.sums.sum(axis=0)[None], table.has_nil)[0])
    statistic = Additive(table.sums, partial(kappa, nil=table.has_nil))
    if data.resample == "sessions":
        interval = over_sessions(value, statistic, options, KAPPA, clusters(data))
    else:
        order = np.column_stack([table.first, table.second])
        interval = over_units(value, statistic, options, KAPPA, order=order, agreed=table.agreed)
    found = details(table)
    return Finding(
        value,
        interval=interval,
        details=found,
        settings={"expected": "quasi-independence" if table.has_nil else "independence"},
        notes=(NOTHING_LINKED,) if found.get("linked_share") == 0 else (),
    )


def kappa(sums: Numbers, nil: bool) -> Numbers:
    """κ from agreements and margins, (replicates, 1 + 2k); NaN where it has no value."""
    row, column = _margins(sums)
    n = row.sum(axis=1)
    observed = np.divide(sums[:, 0], n, out=np.full_like(n, np.nan), where=n > 0)
    return corrected(observed, expected_agreement(row, column, nil))


def expected_agreement(row: Numbers, column: Numbers, nil: bool) -> Numbers:
    """The share of agreement to be expected by chance; the last category is nil where `nil` says so."""
    if not nil:
        return chance_agreement(row, column)
    n = row.sum(axis=1)
    by_first, by_second = n - row[:, -1], n - column[:, -1]
    both = (by_first + by_second - n) * (row[:, :-1] * column[:, :-1]).sum(axis=1)
    among = by_first * by_second * n
    return np.asarray(np.divide(both, among, out=np.full_like(n, np.nan), where=among > 0))


def kappa_max_without_zero(table: Tallies) -> float | None:
    """κmax as EasyDIAg prints it: as if both could have coded nothing, which no pair of raters can reach."""
    row, column = _counts(table.first, table.second, len(table.names))
    chance = float(expected_agreement(row[None], column[None], table.has_nil)[0])
    return _or_none(corrected(np.minimum(row, column).sum() / len(table.first), chance))


def details(table: Tallies) -> dict[str, Any]:
    k = len(table.names)
    found = _of_margins(table.first, table.second, k, table.has_nil)
    del found["kappa"]  # it is the value
    if table.has_nil:
        linked = (table.first < k - 1) & (table.second < k - 1)
        found["linked_share"] = float(linked.mean())
        if linked.any():
            of_linked = _of_margins(table.first[linked], table.second[linked], k, nil=False)
            found |= {f"{name}_of_linked": v for name, v in of_linked.items()}
    if k <= CODES_SHOWN:
        cells = np.bincount(table.first.astype(int) * k + table.second.astype(int), minlength=k * k)
        found |= {"categories": list(table.names), "confusion": cells.reshape(k, k).tolist()}
    return found


def _of_margins(first: Numbers, second: Numbers, k: int, nil: bool) -> dict[str, Any]:
    n = float(len(first))
    row, column = _counts(first, second, k)
    observed, chance = float((first == second).mean()), float(expected_agreement(row[None], column[None], nil)[0])
    most = float(np.minimum(row, column).sum())
    if nil:
        # only linked units can agree; what a code has above that stands alone
        most = min(float(np.minimum(row, column)[:-1].sum()), n - row[-1] - column[-1])
    return {
        "observed_agreement": observed,
        "chance_agreement": chance,
        "kappa": _or_none(corrected(observed, chance)),
        "kappa_max": _or_none(corrected(most / n, chance)),
    }


def _counts(first: Numbers, second: Numbers, k: int) -> tuple[Numbers, Numbers]:
    """How often each rater gave each category."""
    row, column = (np.bincount(side.astype(int), minlength=k).astype(float) for side in (first, second))
    return row, column


def _or_none(x: Numbers) -> float | None:
    return float(x) if np.isfinite(x) else None


def _margins(sums: Numbers) -> tuple[Numbers, Numbers]:
    k = sums.shape[1] // 2
    return sums[:, 1 : k + 1], sums[:, k + 1 :]
