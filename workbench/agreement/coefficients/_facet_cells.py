"""Ratings of objects × raters, with or without parts within the objects, and the components of their variance.

y = μ + object + part:object + rater + object·rater + error. Objects are sessions and parts their
segments, or objects are dyads and parts their sessions. Without parts, object·rater and error are one.
Where every rater rated one object only (raters within objects), the rater's own component cannot
be told from object·rater and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.agreement.data import Numbers

ANOVA, REML = "analysis of variance", "REML"


@dataclass(frozen=True)
class Components:
    """Variances, of values that were divided by `scale`. part is None without parts, rater None where
    raters sit within objects, object_rater None where it is one with the error. estimator: how they
    were estimated."""

    object: float
    part: float | None
    rater: float | None
    object_rater: float | None
    error: float
    estimator: str
    scale: float = 1.0

    def named(self, object_: str, part: str) -> dict[str, float]:
        """The components that there are, by name ("sessions", "segments:sessions", "raters" …), in the
        square of the unit of measurement."""
        within = f"raters:{object_}"
        both = f"{object_} × raters" if self.rater is not None else within
        error = both if self.object_rater is None else f"({part}:{object_}) × raters"
        found = {
            object_: self.object,
            f"{part}:{object_}": self.part,
            "raters": self.rater,
            both: self.object_rater,
            f"{error}, error": self.error,
        }
        return {name: value * self.scale**2 for name, value in found.items() if value is not None}


@dataclass(frozen=True, eq=False)
class Cells:
    """values: (n objects, n raters, most parts of an object), NaN where nobody rated. nested: every
    rater rated one object only; then the second axis only counts the raters of an object."""

    values: Numbers
    nested: bool

    @property
    def parts(self) -> NDArray[np.int64]:
        """Rated parts of each object: (n objects,)."""
        return np.asarray((~np.isnan(self.values)).any(axis=1).sum(axis=1))

    @property
    def has_parts(self) -> bool:
        return bool((self.parts > 1).any())

    @property
    def complete(self) -> bool:
        return not np.isnan(self.values).any()

    def raters_per_part(self) -> float:
        """Harmonic mean over the parts (or objects without any) of how many raters rated them."""
        counts = (~np.isnan(self.values)).sum(axis=1)
        return float(1 / np.mean(1 / counts[counts > 0]))

    def parts_per_object(self) -> float:
        """Harmonic mean."""
        return float(1 / np.mean(1 / self.parts))

    def without(self, objects: NDArray[np.intp]) -> Cells:
        return Cells(np.delete(self.values, objects, axis=0), self.nested)


def cells(values: Numbers, objects: NDArray[np.intp]) -> Cells:
    """From a table of shape (raters, units), NaN where missing, and the object (0, 1 …) of each unit."""
    used = ~np.isnan(values).all(axis=0)
    values, (_, objects) = values[:, used], np.unique(objects[used], return_inverse=True)
    values = values[~np.isnan(values).all(axis=1)]
    n = int(objects.max(initial=-1)) + 1
    order = np.argsort(objects, kind="stable")
    first = np.searchsorted(objects[order], np.arange(n))
    place = np.empty(len(objects), dtype=np.intp)
    place[order] = np.arange(len(objects)) - first[objects[order]]
    table = np.full((n, len(values), int(place.max(initial=-1)) + 1), np.nan)
    table[objects, :, place] = values.T
    who = ~np.isnan(table).all(axis=2)
    nested = bool((who.sum(axis=0) <= 1).all())
    if nested and n:
        slots = np.argsort(~who, axis=1, kind="stable")
        table = np.take_along_axis(table, slots[:, :, None], axis=1)[:, : int(who.sum(axis=1).max())]
    return Cells(table, nested)
