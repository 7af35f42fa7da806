"""Which units hang together, and so are drawn or left out together: those of one session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.agreement.data import ReliabilityData
from workbench.agreement.statistic import Statistic

Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Clusters:
    """The cluster of each unit: `index` (units,) into `names`.

    order (units,): the units of a cluster in their order in time, or None where that is not known. kind:
    what a cluster is; of: what the units within it are. rows (rows of a statistic,): where several rows are of
    one unit, the unit of each; they are drawn together.
    """

    names: tuple[str, ...]
    index: Places
    order: Places | None = None
    kind: str = "session"
    of: str = "units"
    rows: Places | None = None

    @property
    def count(self) -> int:
        return len(self.names)

    @property
    def n_units(self) -> int:
        return len(self.index)

    def of_units(self, statistic: Statistic) -> Statistic:
        """A statistic over rows as one over units."""
        return statistic if self.rows is None else statistic.grouped(self.rows, self.n_units)

    def of_clusters(self, statistic: Statistic) -> Statistic:
        """A statistic over rows as one over clusters."""
        return self.of_units(statistic).grouped(self.index, self.count)


def clusters(data: ReliabilityData, among: NDArray[np.bool_] | None = None) -> Clusters:
    """The sessions of the pairable units of `data`, or of the units `among` (units,) them all."""
    place = np.flatnonzero(data.pairable_units if among is None else among)
    starts = data.begins[place] if data.starts else None
    names, index = _occurring(*data.session_places, place)
    if not data.owners:
        return Clusters(names, index, _in_time(starts))
    rows, first = _coded([data.owners[u] for u in place])
    names, of_rows = _occurring(names, index[first])
    kind = "unit" if data.owners == data.sessions else "session"
    return Clusters(names, of_rows, _in_time(None if starts is None else starts[first]), kind, rows=rows)


def clusters_of(
    names: Sequence[str], starts: Sequence[float] | None, *, kind: str = "session", of: str = "units"
) -> Clusters:
    """Clusters from the name of each unit's, and from where each unit starts in it (None where not known)."""
    index, first = _coded(names)
    order = _in_time(None if starts is None else np.asarray(starts))
    return Clusters(tuple(str(names[i]) for i in first), index, order, kind, of)


def _in_time(starts: NDArray[Any] | None) -> Places | None:
    return None if starts is None else np.argsort(starts, kind="stable")


def _occurring(names: tuple[str, ...], index: Places, place: Places | None = None) -> tuple[tuple[str, ...], Places]:
    """The names that occur among the units at `place` (None: all), in their order, and the place of each unit's."""
    index = index if place is None else index[place]
    there = np.bincount(index, minlength=len(names)) > 0
    return tuple(n for n, used in zip(names, there, strict=True) if used), (np.cumsum(there) - 1)[index]


def _coded(names: Sequence[str]) -> tuple[Places, Places]:
    """The place of each name among the sorted ones, and where each of these occurs first."""
    index, every = pd.factorize(np.asarray(names, dtype=object), sort=True)
    first = np.full(len(every), len(names), dtype=np.intp)
    np.minimum.at(first, index, np.arange(len(names)))
    return np.asarray(index, dtype=np.intp), first
