"""Components of the variance of ratings (`_facet_cells` says which).

A complete table with as many parts in each object goes through the mean squares (σ² from
expected mean squares; Brennan 2001, Generalizability Theory), so estimates can be negative. Any
other table goes through restricted maximum likelihood (Patterson & Thompson 1971): without parts as the ICC of
a table with holes does (`_reml`), so that the two say the same and the objects' component may fall below zero; with
parts with no component below zero (`_reml_of_parts`).
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from workbench.agreement.coefficients import _reml
from workbench.agreement.coefficients._facet_cells import ANOVA, REML, Cells, Components
from workbench.agreement.coefficients._reml_of_parts import OBJECT, RATER, Estimate, by_likelihood
from workbench.agreement.coefficients._two_way import in_canonical_order, two_way
from workbench.agreement.data import Numbers


def estimate(table: Cells, start: Numbers | None = None) -> Estimate:
    """The components, or None and one sentence why; and the ratios to start a similar table from
    (as `start`, when six digits are enough)."""
    values = np.ascontiguousarray(table.values)
    return _estimate(values.tobytes(), values.shape, table.nested, None if start is None else tuple(start.tolist()))


@lru_cache(maxsize=256)  # the forms of a coefficient share their components
def _estimate(values: bytes, shape: tuple[int, ...], nested: bool, begin: tuple[float, ...] | None) -> Estimate:
    table = Cells(np.frombuffer(values).reshape(shape), nested)
    start = None if begin is None else np.array(begin)
    y = table.values - np.nanmean(table.values)
    largest = float(np.nanmax(np.abs(y)))
    y = y / largest
    if table.complete:
        return replace(_from_mean_squares(y, table.nested), scale=largest), "", None
    search = by_likelihood if table.has_parts else _without_parts
    found, reason, ratios = search(Cells(y, table.nested), start)
    return (None if found is None else replace(found, scale=largest)), reason, ratios


def _from_mean_squares(y: Numbers, nested: bool) -> Components:
    """Expected mean squares of the complete balanced table y (p objects, r raters, s parts)."""
    p, r, s = y.shape
    y = y - y.mean()
    object_, rater = y.mean(axis=(1, 2)), y.mean(axis=(0, 2)) if not nested else np.zeros(r)
    both, part = y.mean(axis=2), y.mean(axis=1)
    ms_object = _clean(r * s * float((object_**2).sum()) / (p - 1))
    ms_rater = _clean(p * s * float((rater**2).sum()) / (r - 1))
    inter = both - object_[:, None] - rater[None, :]
    ms_both = _clean(s * float((inter**2).sum()) / ((p if nested else p - 1) * (r - 1)))
    of_rater = None if nested else (ms_rater - ms_both) / (p * s)
    if s == 1:
        return Components((ms_object - ms_both) / r, None, of_rater, None, ms_both, ANOVA)
    own = part - object_[:, None]
    ms_part = _clean(r * float((own**2).sum()) / (p * (s - 1)))
    left = y - part[:, None, :] - both[:, :, None] + object_[:, None, None]
    ms_error = _clean(float((left**2).sum()) / (p * (r - 1) * (s - 1)))
    of_object = (ms_object - ms_part - ms_both + ms_error) / (r * s)
    return Components(of_object, (ms_part - ms_error) / r, of_rater, (ms_both - ms_error) / s, ms_error, ANOVA)


def _clean(mean_square: float) -> float:
    """What is left of a difference of equal numbers is rounding, not error."""
    return 0.0 if mean_square < 1e-24 else mean_square


def _without_parts(table: Cells, start: Numbers | None) -> Estimate:
    """Objects × raters, or raters within objects, is what the ICC of a table with holes estimates."""
    sums = two_way(in_canonical_order(table.values[:, :, 0]))
    begin = None if start is None else _reml.Components(start[OBJECT], start[RATER], 1.0, 0.0)
    found = _reml.components(sums, "one-way" if table.nested else "random", begin)
    if isinstance(found, str):
        return None, found, None
    of_rater = None if table.nested else found.raters
    ratios = np.array([found.units, 0.0, found.raters, 0.0]) / found.error if found.error > 0 else None
    return Components(found.units, None, of_rater, None, found.error, REML), "", ratios
