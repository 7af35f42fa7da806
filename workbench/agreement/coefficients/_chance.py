"""Agreement of any number of raters on codes, corrected for chance: what a family of coefficients shares.

(pa − pe)/(1 − pe), with pa the mean over units of the (weighted) share of agreeing pairs of raters.
The members differ in pe alone. Tables with holes follow Gwet (2014), Handbook of Inter-Rater
Reliability, 4th ed., ch. 2–5: pa is over the units with two values or more; how often codes are used,
which gives pe, is taken from every unit with a value, each unit counting once.

Standard error: linearisation over units as in Gwet (2008), British Journal of Mathematical and
Statistical Psychology 61, 29–48, not the one that holds only if the true agreement is 0. A unit's
part is ((pa_i − pa) − (1 − κ) e_i)/(1 − pe), with e_i what the unit moves pe by (its slope times the
unit's deviation). The interval is t with n − 1 degrees of freedom, as Gwet's programs use. Where
some units have one value, Gwet (2014) takes them for units of agreement 0, which gives more than the
jackknife does; we take pa for the ratio that it is, to which a unit without a pair adds nothing.
Gwet's number stands beside it as `standard_error_gwet_2014`.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.agreement.clusters import clusters
from workbench.agreement.coefficients._codes import (
    CHANCE_EXPLAINS_ALL,
    OfCodes,
    no_interval,
    standard_error_of_mean,
    t_interval,
)
from workbench.agreement.coefficients._sums import CODES_SHOWN, Table, beside, corrected, counted_codes
from workbench.agreement.data import Numbers, ReliabilityData
from workbench.agreement.interval import Interval, Options
from workbench.agreement.jackknife import KAPPA, Bounds, share_like
from workbench.agreement.resampling import over_sessions
from workbench.agreement.result import Finding
from workbench.agreement.statistic import Additive
from workbench.agreement.weights import Codes


@dataclass(frozen=True, eq=False)
class Tally:
    """What the raters said about the units with a value (with `pairs_only`: two values or more).

    counts (units, codes): raters who gave each code; dense, or sparse where codes are many. size (units,):
    raters of each unit. index (raters, units): the place of each value in `codes`, −1 where missing;
    only raters who gave a value. weights (codes, codes), or None: every disagreement counts alike.
    """

    codes: Codes
    counts: Table
    size: Numbers
    index: NDArray[np.intp]
    weights: Numbers | None
    units: NDArray[np.bool_]

    @property
    def q(self) -> int:
        return len(self.codes)

    @property
    def n(self) -> int:
        return len(self.size)

    @property
    def pairable(self) -> NDArray[np.bool_]:
        return np.asarray(self.size >= 2)

    @property
    def agreed(self) -> NDArray[np.bool_]:
        """Units of which all said the same: (units,)."""
        least = np.where(self.index < 0, self.q, self.index).min(axis=0)
        return np.asarray(self.index.max(axis=0) == least)

    def weighed(self, used: Numbers) -> Numbers:
        """Shares of codes, (…, codes), as agreement with each code."""
        return used if self.weights is None else np.asarray(used @ self.weights)

    @property
    def all_weights(self) -> float:
        """The sum of the weights (q where they are 1 and 0)."""
        return float(self.q if self.weights is None else self.weights.sum())

    def agreement(self) -> Numbers:
        """The weighted share of agreeing pairs of raters in each unit, 0 where there is no pair: (units,)."""
        if isinstance(self.counts, np.ndarray):
            agreeing = (self.counts * self.weighed(self.counts)).sum(axis=1)
        elif self.weights is None:
            agreeing = np.asarray(self.counts.multiply(self.counts).sum(axis=1)).ravel()
        else:
            agreeing = np.asarray(self.counts.multiply(self.counts @ self.weights).sum(axis=1)).ravel()
        pairs = self.size * (self.size - 1)
        return np.asarray((agreeing - self.size) / np.where(pairs > 0, pairs, 1))

    def shares(self) -> Table:
        """The share of a unit's raters who gave each code: (units, codes)."""
        if isinstance(self.counts, np.ndarray):
            return np.asarray(self.counts / self.size[:, None])
        return sparse.csr_array(self.counts.multiply(1 / self.size[:, None]))


def tally(data: ReliabilityData, codes: Codes, weights: Numbers | None, pairs_only: bool = False) -> Tally:
    """The codes as counts. `codes` must hold every value of `data`."""
    units: NDArray[np.bool_] = data.pairable_units if pairs_only else np.asarray(data.rated.any(axis=0))
    values = data.values[data.rated.any(axis=1)][:, units]
    present = ~np.isnan(values)
    index = np.full(values.shape, -1, dtype=np.intp)
    index[present] = np.searchsorted(codes.values, values[present])
    counts = counted_codes(index, len(codes))
    size = present.sum(axis=0).astype(np.float64)
    return Tally(codes, counts, size, index, weights, units)


class ChanceCorrected(OfCodes):
    """A coefficient of this family: what it is computed from, its chance agreement, and how units move that."""

    # two values or more in every unit, also for how often codes are used
    pairs_only = False

    @abstractmethod
    def use(self, table: Tally) -> Table:
        """What chance agreement is computed from, as sums over units: (units, any)."""

    @abstractmethod
    def chance(self, sums: Numbers, table: Tally) -> Numbers:
        """pe from sums over units of 1 and of `use`, (replicates, 1 + any): (replicates,), NaN where undefined."""

    @abstractmethod
    def moves(self, sums: Numbers, table: Tally) -> Numbers:
        """What each unit moves pe by: slope of pe times the unit's deviation, (units,)."""

    def bounds(self, table: Tally) -> Bounds:
        """What it can be. Where chance is known from the scheme, at most that of codes as likely as each other, it
        is a share of agreement, moved so that chance is 0."""
        if not self.depends_on_codes:
            return KAPPA
        chance = table.all_weights / table.q**2
        return share_like(-chance / (1 - chance))

    def further(self, data: ReliabilityData, table: Tally, value: float) -> Mapping[str, Any]:
        """More numbers of the same coefficient."""
        return {}

    def of_codes(
        self, data: ReliabilityData, codes: Codes, weights: Numbers | None, variant: str, options: Options
    ) -> Finding:
        table = tally(data, codes, weights, self.pairs_only)
        sums = beside([table.agreement() * table.pairable, table.pairable, np.ones(table.n)], self.use(table))
        total = np.asarray(sums.sum(axis=0), dtype=np.float64).ravel()
        observed, chance = float(total[0] / total[1]), float(self.chance(total[None, 2:], table)[0])
        value = float(corrected(observed, chance))
        if not np.isfinite(value):
            return Finding(None, CHANCE_EXPLAINS_ALL)
        details: dict[str, Any] = {"observed_agreement": observed, "chance_agreement": chance}
        if table.q <= CODES_SHOWN:
            used = np.asarray(table.shares().sum(axis=0)) / table.n
            details["prevalence"] = {n: round(float(u), 12) for n, u in zip(codes.names, used, strict=True)}
        details |= self.further(data, table, value)
        if self.depends_on_codes:
            details |= {"codes_in_scheme": table.q, "codes_stated": codes.stated}
        if data.resample == "units":
            interval, errors = self._over_units(table, total, value, chance, options)
            details |= errors
        else:

            def value_of(sums: Numbers) -> Numbers:
                seen = np.divide(sums[:, 0], sums[:, 1], out=np.full(len(sums), np.nan), where=sums[:, 1] > 0)
                return corrected(seen, self.chance(sums[:, 2:], table))

            together = clusters(data, table.units)
            interval = over_sessions(value, Additive(sums, value_of), options, self.bounds(table), together)
        if value >= 1:
            interval = no_interval(bool(table.agreed.all()))
        return Finding(value, None, interval, details)

    def _over_units(
        self, table: Tally, total: Numbers, value: float, chance: float, options: Options
    ) -> tuple[Interval, dict[str, float | None]]:
        """t with the standard error by linearisation, and the standard errors."""
        moved = (1 - value) / (1 - chance) * self.moves(total[2:], table)
        paired = table.pairable * table.n / total[1] / (1 - chance)
        error = standard_error_of_mean(paired * (table.agreement() - total[0] / total[1]) - moved)
        how = "standard error by linearisation (Gwet 2008)"
        interval = t_interval(value, error, table.n, options, how, self.bounds(table).least)
        errors: dict[str, float | None] = {}
        if total[1] < 2:
            interval = Interval(reason="one pairable unit is too few for an interval")
        elif table.n > 1:
            errors["standard_error"] = None if interval.low is None or value >= 1 else error
        if total[1] < table.n:
            as_gwet = paired * (table.agreement() - chance) - moved
            errors["standard_error_gwet_2014"] = standard_error_of_mean(as_gwet - value)
        return interval, errors


class ChanceFromShares(ChanceCorrected):
    """A member whose chance agreement follows from how often all raters together used each code."""

    @abstractmethod
    def expected(self, used: Numbers, table: Tally) -> Numbers:
        """pe from the shares of the codes over all units, (replicates, codes)."""

    @abstractmethod
    def slope(self, used: Numbers, table: Tally) -> Numbers:
        """How pe changes with the share of each code, in the shape of `used`."""

    def use(self, table: Tally) -> Table:
        return table.shares()

    def chance(self, sums: Numbers, table: Tally) -> Numbers:
        units = sums[:, :1]
        used = np.divide(sums[:, 1:], units, out=np.full_like(sums[:, 1:], np.nan), where=units > 0)
        return self.expected(used, table)

    def moves(self, sums: Numbers, table: Tally) -> Numbers:
        used = sums[1:] / sums[0]
        slope = self.slope(used, table)
        return np.asarray(table.shares() @ slope - used @ slope).ravel()
