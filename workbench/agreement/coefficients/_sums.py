"""What coefficients of codes follow from: sums over units, and (po − pe)/(1 − pe).

Sums come with any leading axes (replicates), so that a bootstrap computes all of its values at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from workbench.agreement.data import Numbers

# With more codes than this, no numbers of each code stand in a result; `ReliabilityData.confusion` has them.
CODES_SHOWN = 50
# Sums over units with more columns than this are kept sparse.
DENSE = 64
# Where chance comes closer to full agreement than this, what is left is rounding.
ROOM = 1e-9

Table: TypeAlias = Numbers | sparse.csr_array


def corrected(observed: ArrayLike, chance: ArrayLike) -> Numbers:
    """(po − pe)/(1 − pe), NaN where chance alone explains full agreement."""
    above, room = np.asarray(observed) - np.asarray(chance), 1 - np.asarray(chance)
    return np.asarray(np.divide(above, room, out=np.full(np.shape(above), np.nan), where=room > ROOM))


def shares(counts: Numbers) -> Numbers:
    """Counts of codes, (…, codes), as shares; NaN where nothing was counted."""
    n = counts.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(counts, n, out=np.full(counts.shape, np.nan), where=n > 0))


def chance_agreement(first: Numbers, second: Numbers, weights: Numbers | None = None) -> Numbers:
    """Σ w_ij p_i. p_.j of two raters' counts of codes, (…, codes)."""
    p, q = shares(first), shares(second)
    return np.asarray(((p if weights is None else p @ weights) * q).sum(axis=-1))


def kappa(agreed: Numbers, first: Numbers, second: Numbers, weights: Numbers | None = None) -> Numbers:
    """Cohen's κ from the (weighted) number of agreements (…) and two raters' counts of codes (…, codes)."""
    n = first.sum(axis=-1)
    observed = np.divide(agreed, n, out=np.full(np.shape(agreed), np.nan), where=n > 0)
    return corrected(observed, chance_agreement(first, second, weights))


def beside(columns: Sequence[ArrayLike], table: Table) -> Table:
    """Columns of numbers and a table as one; dense where the table is."""
    left = np.column_stack([np.asarray(c, dtype=np.float64) for c in columns])
    if isinstance(table, np.ndarray):
        return np.column_stack([left, table])
    return sparse.csr_array(sparse.hstack([left, table]))


def counted_codes(index: NDArray[np.intp], codes: int) -> Table:
    """How many raters gave each unit each code: (units, codes), from the places of codes (raters, units), −1 where
    missing. Dense where codes are few, which is quicker to compute with."""
    rater, unit = np.nonzero(index >= 0)
    where = index[rater, unit]
    n = index.shape[1]
    if codes <= DENSE:
        return np.bincount(unit * codes + where, minlength=n * codes).reshape(n, codes).astype(np.float64)
    return sparse.coo_array((np.ones(len(unit)), (unit, where)), shape=(n, codes)).tocsr()


def codes_by_rater(index: NDArray[np.intp], codes: int) -> Table:
    """1 where a rater gave a unit a code: (units, raters × codes). Dense where codes are few."""
    raters, n = index.shape
    rater, unit = np.nonzero(index >= 0)
    column = rater * codes + index[rater, unit]
    if codes <= DENSE:
        said = np.zeros((n, raters * codes))
        said[unit, column] = 1.0
        return said
    return sparse.coo_array((np.ones(len(unit)), (unit, column)), shape=(n, raters * codes)).tocsr()
