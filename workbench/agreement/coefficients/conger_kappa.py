"""Conger's κ: any number of raters on codes; chance from each rater's own use of the codes.

Conger (1980), Psychological Bulletin 88, 322–328: the generalisation of Cohen's κ. pe is the mean over
pairs of raters of Σ_k p_gk p_hk; with two raters and no holes it is Cohen's κ. Also "Fleiss' exact κ".
Weights and tables with holes: Gwet (2014), ch. 2–3: p_gk is over the units that rater g rated.
"""

from __future__ import annotations

import numpy as np

from workbench.agreement.coefficients._chance import ChanceCorrected, Tally
from workbench.agreement.coefficients._sums import Table, codes_by_rater, shares
from workbench.agreement.data import Numbers, ReliabilityData
from workbench.agreement.problems import listed
from workbench.agreement.weights import Codes


class CongerKappa(ChanceCorrected):
    id = "conger_kappa"
    name = "Conger's κ"
    misleading_when = (
        "Chance comes from each rater's own use of the codes: raters who differ in how often they use a code can get "
        "a higher κ than raters who use it equally often; and a rare code lowers it although most units agree."
    )

    def use(self, table: Tally) -> Table:
        """1 where a rater gave a code: (units, raters × codes)."""
        return codes_by_rater(table.index, table.q)

    def chance(self, sums: Numbers, table: Tally) -> Numbers:
        """Over the raters who are there: where sessions are drawn, one who coded few of them may be missing."""
        by_rater = _by_rater(sums[:, 1:], table)
        there = np.isfinite(by_rater[:, :, 0])
        raters = there.sum(axis=1)
        by_rater = np.where(there[:, :, None], by_rater, 0.0)
        together = by_rater.sum(axis=1)
        same = (by_rater * table.weighed(by_rater)).sum(axis=(1, 2))
        pairs = raters * (raters - 1)
        expected = (together * table.weighed(together)).sum(axis=1) - same
        return np.asarray(np.divide(expected, pairs, out=np.full(len(sums), np.nan), where=pairs > 0))

    def moves(self, sums: Numbers, table: Tally) -> Numbers:
        by_rater = _by_rater(sums[None, 1:], table)[0]
        raters = len(table.index)
        slope = 2 * table.weighed(by_rater.sum(axis=0) - by_rater) / (raters * (raters - 1))
        moved = np.zeros(table.n)
        for said, used, of_rater in zip(table.index, by_rater, slope, strict=True):
            there = said >= 0
            moved[there] += table.n / there.sum() * (of_rater[said[there]] - used @ of_rater)
        return moved

    def notes(self, data: ReliabilityData, codes: Codes, variant: str) -> tuple[str, ...]:
        paired = data.rated[:, data.pairable_units]
        names = [r for r, rated, p in zip(data.raters, data.rated, paired, strict=True) if rated.any() and not p.any()]
        said = f"Without a unit that another rated, but counted for how often codes are used: {listed(names)}."
        return (*super().notes(data, codes, variant), *((said,) if names else ()))


def _by_rater(sums: Numbers, table: Tally) -> Numbers:
    """How often each rater used each code, as shares: (replicates, raters, codes)."""
    return shares(sums.reshape(len(sums), len(table.index), table.q))


COEFFICIENT = CongerKappa()
